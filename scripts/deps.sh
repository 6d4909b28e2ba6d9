#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# deps.sh [build|check|debug|demo|bench|style|all]: install what a target of the
# Makefile needs, with apt, quietly, and only what is missing. Where nothing is
# missing it asks the network nothing and needs no rights.

set -euo pipefail
cd "$(dirname "$0")/.."

die() {
	printf 'deps: %s\n' "$@" >&2
	exit 1
}

arch=$(dpkg --print-architecture 2>/dev/null) || arch=amd64

tools="gcc libc6-dev make pkg-config libmnl-dev libnl-3-dev libnl-route-3-dev
	libjansson-dev libseccomp-dev libcap-dev libpcap-dev libarchive-dev libssl-dev"
headers="kmod linux-headers-$arch linux-headers-6.12-$arch"
kernels="linux-image-$arch linux-image-6.12-$arch"
guest="qemu-system-x86 busybox-static cpio xz-utils zstd"
network="iproute2 nftables bridge-utils iputils-ping iputils-arping tcpdump ethtool
	iperf3 socat netsniff-ng dsniff thc-ipv6 dnsmasq-base busybox-static yersinia jq gojq procps util-linux python3 python3-yaml python3-jsonschema zstd"
uml="linux-source-6.12 busybox-static kmod flex bison bc libelf-dev libssl-dev perl python3 rsync xz-utils"
rivals="openvswitch-switch"
routers="ipvsadm haproxy keepalived conntrack"
checkers="sparse clang shellcheck python3-docutils linux-source-6.12 perl python3 python3-yaml xz-utils"

case ${1:-all} in
build)	wanted="$tools $headers" ;;
check)	wanted="$tools $headers $kernels $guest $network $rivals $routers linux-source-6.12" ;;
debug)	wanted="$tools $network $uml $routers" ;;
demo)	wanted="$tools $headers $kernels $guest $network dkms" ;;
bench)	wanted="$tools $headers $kernels $guest $network $uml $rivals $routers" ;;
style)	wanted="$tools $headers $checkers" ;;
all)	wanted="$tools $headers $kernels $guest $network $uml $rivals $routers $checkers dkms" ;;
*)	die "unknown group $1: build, check, debug, demo, bench, style or all" ;;
esac

missing() {
	local installed package
	# dpkg-query fails when it does not know one of them, and still lists the others.
	# shellcheck disable=SC2086 # a list of words
	installed=" $( (dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null || true) |
		awk '$2 == "installed" { printf "%s ", $1 }')"
	for package in $wanted; do
		[[ $installed == *" $package "* ]] || echo "$package"
	done | sort -u
}

command -v dpkg-query apt-get >/dev/null ||
	die "this system has no apt; install the equivalents of:" "  ${wanted//[[:space:]]/ }"

mapfile -t need < <(missing)
[ ${#need[@]} -gt 0 ] || exit 0
[ "$(id -u)" -eq 0 ] || die "missing: ${need[*]}" "run: sudo scripts/deps.sh ${1:-all}"

log=build/deps.log
mkdir -p build
: >"$log"

# An initial ramdisk is needed by a machine that boots the kernels in its /boot.
# One that runs another kernel (a container, a cloud sandbox) does not, and
# making them would take most of the time.
if [ ! -e "/boot/vmlinuz-$(uname -r)" ]; then
	export INITRD=No
elif [[ " ${need[*]} " == *" linux-image-"* ]]; then
	echo "deps: note: this machine boots from /boot and will offer the kernels installed now"
fi

apt() {
	DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes NEEDRESTART_SUSPEND=1 \
		apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 \
		-o Acquire::Retries=3 "$@" >>"$log" 2>&1 </dev/null
}

known() {
	local package
	for package in "${need[@]}"; do
		apt-cache show -q=2 "$package" >/dev/null 2>&1 || return 1
	done
}

echo "deps: installing ${#need[@]} packages: ${need[*]}"
known || apt update || die "apt-get update failed:" "$(tail -n 15 "$log")"
# Lists that are old name versions that the archive no longer has.
if ! apt install -y --no-install-recommends "${need[@]}"; then
	apt update || true
	apt install -y --no-install-recommends "${need[@]}" ||
		die "apt-get install failed:" "$(tail -n 15 "$log")"
fi

mapfile -t need < <(missing)
[ ${#need[@]} -eq 0 ] || die "apt-get said nothing, but these are missing: ${need[*]}"
