# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What is shared by those who build whole kernel trees. Sourced after
# apt-private.sh.

TREE_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TREE_CACHE=$LAB_CACHE/tree
# What the kernels are built in: there are compilers for arm64, too.
BUILDER=$TREE_CACHE/builder

make_builder() {
	local packages

	packages=gcc,gcc-aarch64-linux-gnu,libc6-dev,make,flex,bison,bc,cpio,kmod
	packages+=,libelf-dev,libssl-dev,libdw-dev,python3,perl,patch,rsync,sparse
	packages+=,xz-utils,git,qemu-system-arm,qemu-system-x86,openssl,zstd,gawk
	need_packages mmdebstrap debian-archive-keyring
	mkdir -p "$TREE_CACHE"
	exec 7>"$BUILDER.lock"
	flock 7
	if [ "$(cat "$BUILDER.stamp" 2>/dev/null)" != "$packages" ]; then
		[ "$(id -u)" = 0 ] || die "run this once as root: it makes a chroot"
		say "trixie with compilers for both architectures and QEMU (two to four minutes)"
		rm -rf "$BUILDER"
		nice mmdebstrap --variant=minbase --quiet \
			--keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
			--aptopt='Apt::Install-Recommends "false"' \
			--aptopt='Acquire::Languages "none"' \
			--include="$packages" trixie "$BUILDER" \
			"deb $(debian_mirror) trixie main" >"$BUILDER.log" 2>&1 ||
			die "mmdebstrap; see $BUILDER.log. Is there room on the disk?"
		echo "$packages" >"$BUILDER.stamp"
	fi
	exec 7>&-
}

# in_builder DIRECTORY COMMAND...: there, with this cache, /proc and /dev. Nothing
# that it starts is left when it ends.
in_builder() {
	local map=()

	[ "$(id -u)" = 0 ] || map=(--map-root-user)
	# shellcheck disable=SC2016
	# (expanded by the inner shell)
	nice -n 10 unshare "${map[@]}" --mount --pid --fork --kill-child sh -c '
		set -e
		builder=$1 cache=$2 directory=$3
		shift 3
		mount -t proc proc "$builder/proc"
		mount --rbind /dev "$builder/dev"
		# In each namespace make has the same id, by which it names its fifo.
		mount -t tmpfs tmpfs "$builder/tmp"
		mkdir -p "$builder$cache"
		mount --bind "$cache" "$builder$cache"
		exec chroot "$builder" env -i LC_ALL=C.UTF-8 HOME=/tmp \
			PATH=/usr/sbin:/usr/bin \
			sh -c "cd \"\$1\" && shift && exec \"\$@\"" sh "$directory" "$@"' \
		sh "$BUILDER" "$TREE_CACHE" "$@"
}

# kernel_source SERIES: 6.12, or newest. Prints its directory.
kernel_source() {
	"$TREE_TOP/tests/tree/source" "$1" | tail -n 1
}

# How far a kernel in a directory has come, twice a minute.
life() {
	local out=$1 started=$SECONDS objects cases

	while sleep 30; do
		objects=$(find "$out" -name '*.o' 2>/dev/null | wc -l)
		cases=$(grep -cE '^ +(not )?ok [0-9]+ [a-z]' "$out/test.log" \
			2>/dev/null || :)
		say "$(basename "$out"): $objects objects, ${cases:-0} cases, $((SECONDS - started)) s"
	done
}

# logged OUT COMMAND...: what goes on in a directory; its output in OUT.log, of
# which the errors are shown
logged() {
	local out=$1 pid status=0

	shift
	life "$out" &
	pid=$!
	"$@" >"$out.log" 2>&1 </dev/null || status=$?
	kill "$pid"
	wait "$pid" 2>/dev/null || :
	[ "$status" = 0 ] && return
	grep -E 'error:|Error |ERROR|not ok|FAILED' "$out.log" | head -n 20 >&2
	die "see $out.log"
}

# run_suites OUT TREE ARCH CONFIG [OPTION...]: as kernel developers call kunit.py;
# the second PCI device is for the one suite that wants it
run_suites() {
	local out=$1 tree=$2 arch=$3 config=$4

	shift 4
	mkdir -p "$out"
	rm -f "$out/test.log"
	logged "$out" in_builder "$tree" tools/testing/kunit/kunit.py run \
		--arch "$arch" --kunitconfig "$config" --build_dir "$out" \
		--jobs "$(nproc)" --timeout 3600 \
		--kernel_args swiotlb=4096,force --kernel_args slub_debug=FZ \
		--qemu_args "-smp 2 -device pci-testdev" "$@"
	! grep -E 'BUG:|KASAN:|UBSAN:|Call [Tt]race|possible circular|WARNING:' \
		"$out/test.log" >&2 || die "a splat; see $out/test.log"
}

# sum_of OUT: how many cases have passed there; none is no success
sum_of() {
	local sum

	sum=$(sed -n 's/.*Testing complete\. *//p' "$1.log" | tail -n 1)
	[[ $sum =~ passed:\ [1-9] ]] || die "no case has passed; see $1.log"
	echo "$sum"
}
