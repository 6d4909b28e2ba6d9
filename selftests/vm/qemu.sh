#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run a command as root in a guest that boots one of Debian's own kernels, with
# this machine's files under it and vswitch.ko where modprobe finds it.
#
#   qemu.sh -k 6.1|6.12|RELEASE [options] -- CMD...
#     -k KERNEL     a series (its installed release is found) or a release
#     -c CPUS       2
#     -m MB         memory, 2048
#     -t SECONDS    give up after that long, 600
#     -o RESULTDIR  the one folder that the guest may write; the logs go there
#     -M MODTREE    a DKMS install tree (MODTREE/RELEASE/updates/...) to take
#                   the modules from, in place of build/RELEASE
#     -B            bare: no vswitch.ko
#     -I            count instructions: one processor, whose clock advances by a
#                   nanosecond with each instruction and jumps while it idles
#
#   QEMU_THREAD=multi  emulate the processors at the same time. The kernel changes
#                 its own code when a feature is first used, and QEMU 7.2 then
#                 lets the other processor run into a breakpoint that is gone
#                 ("Oops: int3") once in a few runs. Default: single, by turns.
#
#   QEMU_CPU=MODEL      with -I, another processor than max
#
# The command's output comes as it is written; the exit status is the command's.
# See lib.sh for the statuses beyond that.

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cpus=2
memory=2048
timeout=600
kernel=
modtree=
bare=0
icount=0

usage()
{
	sed -n '/^#   qemu.sh/,/^# See/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 2
}

# The release a meta package stands for: it changes with every security update.
release_of()
{
	dpkg-query -W -f '${Depends}\n' "$1" 2>/dev/null |
		sed -n 's/.*linux-image-\([0-9][^ ,]*\) .*/\1/p'
}

resolve_kernel()
{
	local arch series=$kernel

	arch=$(dpkg --print-architecture)
	case $series in
	*[!0-9.]* | *.*.*) release=$series ;;
	*.*)
		release=$(release_of "linux-image-$series-$arch")
		[ -n "$release" ] || release=$(release_of "linux-image-$arch")
		case $release in
		"$series".*) ;;
		*) die "no Debian kernel $series is installed: apt-get install linux-image-$series-$arch" ;;
		esac
		;;
	*) usage ;;
	esac
	if [ ! -r "/boot/vmlinuz-$release" ] || [ ! -f "/lib/modules/$release/modules.dep" ]; then
		die "the kernel $release is not installed"
	fi
}

# The initramfs holds busybox and the modules up to the root file system.
build_initramfs()
{
	local sum dir tmp module path

	sum=$(cat "$vm_dir/initramfs-init.sh" "${BASH_SOURCE[0]}" "$(command -v busybox)" \
		"/lib/modules/$release/modules.dep" | sha256sum)
	dir=$cache/initramfs
	initramfs=$dir/$release-${sum:0:12}.cpio
	[ ! -f "$initramfs" ] || return 0
	mkdir -p "$dir"
	tmp=$(mktemp -d "$dir/tmp.XXXXXX")
	mkdir -p "$tmp"/{bin,modules,proc,sys,dev,host,stage,rw,results,root}
	cp "$(command -v busybox)" "$tmp/bin/busybox"
	cp "$vm_dir/initramfs-init.sh" "$tmp/init"
	chmod 755 "$tmp/init"
	for module in virtio_pci 9pnet_virtio 9p overlay; do
		modprobe -S "$release" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$tmp/list"
	[ -s "$tmp/list" ] || die "modprobe knows no modules of $release"
	while read -r path; do
		module=${path##*/}
		module=${module%.[xg]z}
		module=${module%.zst}
		case $path in
		*.xz) xz -dc "$path" ;;
		*.gz) gzip -dc "$path" ;;
		*.zst) zstd -qdc "$path" ;;
		*) cat "$path" ;;
		esac >"$tmp/modules/$module" || die "cannot unpack $path"
		echo "$module" >>"$tmp/modules/order"
	done <"$tmp/list"
	rm "$tmp/list"
	(cd "$tmp" && find . | cpio --quiet -o -H newc -R 0:0) >"$initramfs.$$" ||
		die "cpio failed"
	mv "$initramfs.$$" "$initramfs"
	rm -rf "$tmp"
}

find_modules()
{
	if [ "$bare" = 1 ]; then
		stage_modules "$release" "/lib/modules/$release"
	elif [ -n "$modtree" ]; then
		[ -d "$modtree/$release/updates" ] || die "no modules for $release in $modtree"
		stage_modules "$release" "/lib/modules/$release" "$modtree/$release/updates/."
	else
		[ -f "$repo/build/$release/vswitch.ko" ] ||
			die "build/$release/vswitch.ko is missing: make modules KVER=$release"
		stage_modules "$release" "/lib/modules/$release" "$repo/build/$release/"*.ko
	fi
}

boot()
{
	local accel=(-accel "tcg,thread=${QEMU_THREAD:-single}" -cpu max) append

	# A packet socket that is closed and a device that goes wait for a grace period,
	# which is what takes most of the time where a machine is emulated.
	# QEMU 7.2 translates code for the address that it runs at: a program that is at
	# another one each time is translated each time.
	append=" rcupdate.rcu_expedited=1 norandmaps"
	if [ "$icount" = 1 ]; then
		accel=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -cpu "${QEMU_CPU:-max}")
		append=" nokaslr"
		cpus=1
	# /dev/kvm may open on processors without the means to use it.
	elif grep -qwE 'vmx|svm' /proc/cpuinfo && [ -w /dev/kvm ]; then
		accel=(-accel kvm -cpu host)
	fi
	setpriv --pdeathsig KILL qemu-system-x86_64 "${accel[@]}" -smp "$cpus" -m "$memory" \
		-nodefaults -display none -no-reboot -net none \
		-serial "file:$results/kernel.log" \
		-fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
		-device virtio-9p-pci,fsdev=host,mount_tag=host \
		-fsdev "local,id=stage,path=$stage,security_model=none,readonly=on" \
		-device virtio-9p-pci,fsdev=stage,mount_tag=stage \
		-fsdev "local,id=results,path=$results,security_model=none,multidevs=remap" \
		-device virtio-9p-pci,fsdev=results,mount_tag=results \
		-kernel "/boot/vmlinuz-$release" -initrd "$initramfs" \
		-append "console=ttyS0 loglevel=5 oops=panic panic=-1 mitigations=off$append" \
		</dev/null >"$ctl/qemu.log" 2>&1 &
	guest_pid=$!
}

while getopts k:c:m:t:o:M:BI opt; do
	case $opt in
	k) kernel=$OPTARG ;;
	c) cpus=$OPTARG ;;
	m) memory=$OPTARG ;;
	t) timeout=$OPTARG ;;
	o) results=$OPTARG ;;
	M) modtree=$OPTARG ;;
	B) bare=1 ;;
	I) icount=1 ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
if [ -z "$kernel" ] || [ $# -eq 0 ]; then
	usage
fi

need qemu-system-x86_64 busybox cpio depmod
resolve_kernel
build_initramfs
find_modules
prepare_results
hand_over "$@"
boot
trap 'kill -KILL "$guest_pid" "$follow_pid" 2>/dev/null; exit 130' INT TERM HUP
follow_output
wait_guest "$guest_pid" "$timeout"
gone=$?
[ "$gone" = 0 ] || kill -KILL "$guest_pid"
wait "$guest_pid" 2>/dev/null
last_output
[ ! -s "$ctl/qemu.log" ] || cat "$ctl/qemu.log" >&2
finish "$gone"
