# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian packages of any suite, without touching the system's own apt.
#
# Callers set LAB_CACHE or take the default, then:
#	apt_private NAME "deb-src URI SUITE main" ...	a private set of lists
#	apt_in NAME get download foo			apt-get with them
#	apt_in NAME cache show foo			apt-cache with them

LAB_CACHE=${LAB_CACHE:-$HOME/.cache/hv-netvsc-lab}

say() {
	printf '[%s] %s\n' "$(date +%H:%M:%S)" "$*" >&2
}

die() {
	say "FAILED: $*"
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# The mirror that the system itself uses, if it is a Debian system.
debian_mirror() {
	local uri

	# shellcheck disable=SC1091
	if [ "$(. /etc/os-release && echo "$ID")" = debian ]; then
		uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* \
			2>/dev/null |
			sed -nE 's/^(URIs:|deb( \[[^]]*\])?) *(https?:[^ ]*\/debian)\/?( .*)?$/\3/p' |
			head -n 1)
	fi
	echo "${uri:-http://deb.debian.org/debian}"
}

missing_packages() {
	local package

	for package in "$@"; do
		dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null |
			grep -q '^.i' || echo "$package"
	done
}

# Install what is missing of the given build tools. apt-get update does not wait
# for another one, so that there is one at a time.
need_packages() {
	[ -n "$(missing_packages "$@")" ] || return 0
	mkdir -p "$LAB_CACHE"
	(
		flock 7
		install_missing "$@"
	) 7>"$LAB_CACHE/.apt-lock" || exit 1
}

install_missing() {
	local missing

	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	say "installing build tools: ${missing[*]}"
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get update -qq >&2 ||
		die "apt-get update; is the network there?"
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq -y --no-install-recommends \
		-o DPkg::Lock::Timeout=600 \
		"${missing[@]}" >/dev/null ||
		die "apt-get install ${missing[*]}"
}

apt_options() {
	local dir=$LAB_CACHE/apt/$1

	printf '%s\n' -o "Dir::Etc::sourcelist=$dir/sources.list" \
		-o Dir::Etc::sourceparts=- \
		-o "Dir::State::lists=$dir/lists" \
		-o "Dir::Cache=$dir/cache" \
		-o "Dir::State::status=$dir/status" \
		-o "Dir::Etc::Trusted=/usr/share/keyrings/debian-archive-keyring.gpg" \
		-o APT::Sandbox::User=root \
		-o Acquire::Check-Valid-Until=false
}

apt_in() {
	local name=$1 tool=$2 options

	shift 2
	mapfile -t options < <(apt_options "$name")
	"apt-$tool" "${options[@]}" "$@"
}

apt_private() {
	local name=$1 dir=$LAB_CACHE/apt/$1

	shift
	need_packages debian-archive-keyring
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	touch "$dir/status"
	printf '%s\n' "$@" | sed \
		's,^\(deb\(-src\)\?\) ,\1 [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ,' \
		>"$dir/sources.list"
	# By itself it goes on with older lists, or with none.
	apt_in "$name" get update -qq -o APT::Update::Error-Mode=any >&2 ||
		die "cannot read the package lists of: $*"
}
