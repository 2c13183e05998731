# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What tests of dkms share: a suite's dkms, kernel and headers in a chroot. They
# set tree and release. Sourced after chroot.sh.

# dkms_chroot SUITE
dkms_chroot() {
	chroot_of "dkms-$1" "$1" dkms gcc make libc6-dev ccache \
		linux-image-cloud-amd64 linux-headers-cloud-amd64 initramfs-tools udev zstd
}

# As if hv_netvsc were loaded. Who touches that is found in /tmp/reloads.
driver_runs() {
	local tool

	# shellcheck disable=SC2154
	mkdir -p "$tree/sys/module/hv_netvsc"
	for tool in rmmod insmod modprobe; do
		rm "$tree/usr/sbin/$tool"
		cat >"$tree/usr/sbin/$tool" <<-'END'
			#!/bin/bash
			case "$0 $*" in
			*/modprobe\ *--show-depends* | */modprobe\ *--showconfig* | *\ -V | *--version) ;;
			*) echo "$0 $*" >>/tmp/reloads ;;
			esac
			exec -a "$0" kmod "$@"
		END
		chmod +x "$tree/usr/sbin/$tool"
	done
}

# taken FIELD: of the module that modprobe would take, says modinfo
taken() {
	# shellcheck disable=SC2154
	enter "$tree" modinfo -k "$release" -F "$1" hv_netvsc
}
