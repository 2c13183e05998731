# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Clean Debian systems to build and install packages in: made once, kept in the
# cache, never written to. Sourced after apt-private.sh; needs root.
#
#	own_mounts "$0" "$@"		the whole script in its own namespaces
#	chroot_of NAME SUITE PACKAGE...	the tree, made if it is not there yet
#	copy_of TREE			a copy in memory, as long as the script runs
#	enter TREE COMMAND...		run something in such a copy

# Mounts and processes of a test end with it, however that ends.
own_mounts() {
	local copies=$LAB_CACHE/packages/copies

	if [ -z "${OWN_MOUNTS:-}" ]; then
		[ "$(id -u)" = 0 ] || die "this enters chroots: run it as root"
		OWN_MOUNTS=1 exec unshare --mount --pid --fork --kill-child "$@"
	fi
	unset OWN_MOUNTS
	mkdir -p "$copies"
	mount -t tmpfs -o size=4g tmpfs "$copies"
}

sources_of() {
	local mirror suite

	mirror=$(debian_mirror)
	for suite in ${1//,/ }; do
		case $suite in
		*-security) echo "deb ${mirror%/debian}/debian-security $suite main" ;;
		*) echo "deb $mirror $suite main" ;;
		esac
	done
}

# SUITE may be several, "trixie,trixie-backports": the first is the system's.
chroot_of() {
	local name=$1 suites=$2 tree=$LAB_CACHE/packages/$1 packages

	shift 2
	packages=$(printf '%s,' "$@")
	mkdir -p "${tree%/*}"
	exec 7>"$tree.lock"
	flock 7
	if [ "$(cat "$tree.stamp" 2>/dev/null)" != "$suites $packages" ]; then
		need_packages mmdebstrap debian-archive-keyring
		say "making a clean chroot, $name (one to two minutes)"
		rm -rf "$tree" "$tree.stamp"
		sources_of "$suites" | mmdebstrap --variant=minbase --quiet \
			--keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
			--aptopt='Apt::Install-Recommends "false"' \
			--aptopt='Acquire::Languages "none"' \
			--aptopt='Acquire::Check-Valid-Until "false"' \
			--include="${packages%,}" "${suites%%,*}" "$tree" - \
			>"$tree.log" 2>&1 ||
			die "mmdebstrap; see $tree.log, and is the mirror reached?"
		echo "$suites $packages" >"$tree.stamp"
	fi
	exec 7>&-
	echo "$tree"
}

copy_of() {
	local dir

	dir=$(mktemp -d "$LAB_CACHE/packages/copies/XXXXXX")
	mkdir "$dir"/{upper,work,root}
	mount -t overlay -o \
		"lowerdir=$1,upperdir=$dir/upper,workdir=$dir/work" \
		overlay "$dir/root"
	mount -t proc proc "$dir/root/proc"
	mount --rbind /dev "$dir/root/dev"
	if [ -x "$dir/root/usr/bin/ccache" ]; then
		mkdir -p "$LAB_CACHE/packages/ccache" "$dir/root/var/cache/ccache"
		mount --bind "$LAB_CACHE/packages/ccache" "$dir/root/var/cache/ccache"
	fi
	printf '#!/bin/sh\nexit 101\n' >"$dir/root/usr/sbin/policy-rc.d"
	chmod +x "$dir/root/usr/sbin/policy-rc.d"
	echo "$dir/root"
}

# Nothing of who runs the tests gets in: no locale, no home, no variables. Debian's
# headers know ccache; its compilers are of other suites by the same date.
enter() {
	local tree=$1 more=()

	shift
	[ ! -x "$tree/usr/bin/ccache" ] || more=(DEBIAN_KERNEL_USE_CCACHE=1
		CCACHE_DIR=/var/cache/ccache CCACHE_COMPILERCHECK=content)
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
		DEBIAN_FRONTEND=noninteractive TERM=dumb "${more[@]}" \
		chroot "$tree" "$@"
}
