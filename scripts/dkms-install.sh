#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms-install.sh [--remove] VERSION [RELEASE]: install the modules on this
# machine through DKMS, for the running kernel or for RELEASE, or remove them.
# From then on DKMS builds them for every new kernel.

set -euo pipefail
cd "$(dirname "$0")/.."

die() {
	printf 'dkms-install: %s\n' "$@" >&2
	exit 1
}

# This DKMS looks for a compiler's name in a vmlinux that Debian ships empty.
dkms() {
	command dkms "$@" 2> >(grep -v '^readelf: Warning' >&2)
}

say() {
	printf 'dkms-install: %s\n' "$@"
}

action=install
if [ "${1-}" = --remove ]; then
	action=remove
	shift
fi
version=${1:?usage: dkms-install.sh [--remove] VERSION [RELEASE]}
release=${2:-$(uname -r)}

[ "$(id -u)" -eq 0 ] || die "this changes /usr/src and /lib/modules: run it as root (sudo make dkms-$action)"
type -P dkms >/dev/null || die "dkms is not installed: apt install dkms"

# The builds are not part of the make that may run this.
unset MAKEFLAGS MAKELEVEL

# Versions of vswitch that DKMS knows.
known() {
	dkms status -m vswitch | sed -n 's@^vswitch[/,] *\([^,: ]*\).*@\1@p' | sort -u
}

# Kernels that have it, of whatever version.
served() {
	dkms status -m vswitch | sed -n 's@^vswitch[/, ][^,]*, *\([^,]*\),.*: installed.*@\1@p' | sort -u
}

forget() {
	local old
	for old in $(known); do
		say "removing vswitch $old from DKMS"
		dkms remove -m vswitch -v "$old" --all >/dev/null
		rm -rf "/usr/src/vswitch-$old"
	done
}

loaded() {
	[ -e /sys/module/vswitch ]
}

if [ "$action" = remove ]; then
	[ -n "$(known)" ] || say "DKMS has no vswitch"
	forget
	! loaded || say "the module is still loaded until: modprobe -r vswitch"
	exit 0
fi

[ "$release" != "$(uname -r)" ] || [ -e /proc/modules ] ||
	die "the running kernel $release has no loadable modules, so it can not take vswitch"
[ -e "/lib/modules/$release/build/Makefile" ] ||
	die "kernel $release has no headers here: apt install linux-headers-$release"

mapfile -t others < <(served | grep -vxF "$release")
forget
scripts/dkms-source.sh "$version" /usr/src
dkms add -m vswitch -v "$version" >/dev/null

# install_for RELEASE: build and install, or say why not.
install_for() {
	local step result log=/var/lib/dkms/vswitch/$version/build/make.log
	say "building vswitch $version for kernel $1"
	for step in build install; do
		result=0
		dkms "$step" -m vswitch -v "$version" -k "$1" >/dev/null || result=$?
		case $result in
		0) ;;
		77) die "vswitch $version is not made for kernel $1 (see dkms.conf)" ;;
		*)
			[ ! -e "$log" ] || tail -n 40 "$log" >&2
			die "dkms $step failed for kernel $1; the log is $log"
			;;
		esac
	done
	say "installed $(modinfo -k "$1" -n vswitch)"
}

install_for "$release"
for other in "${others[@]}"; do
	[ ! -e "/lib/modules/$other/build/Makefile" ] || (install_for "$other") ||
		say "kernel $other is left without vswitch"
done

# Will the kernel take a module signed with DKMS's key?
enforced() {
	grep -qs '^Y' /sys/module/module/parameters/sig_enforce ||
		grep -qsE '\[(integrity|confidentiality)\]' /sys/kernel/security/lockdown ||
		{ command -v mokutil >/dev/null && mokutil --sb-state 2>/dev/null | grep -q 'SecureBoot enabled'; }
}

certificate=$(sed -n 's/^mok_certificate=//p' /etc/dkms/framework.conf 2>/dev/null | tr -d \''"')
certificate=${certificate:-/var/lib/dkms/mok.pub}
if enforced; then
	if ! command -v mokutil >/dev/null; then
		say "this kernel takes only signed modules; next: apt install mokutil, then" \
			"    mokutil --import $certificate"
		exit 0
	elif ! mokutil --test-key "$certificate" 2>&1 | grep -q 'already enrolled'; then
		say "this kernel takes only modules signed with an enrolled key; next:" \
			"    mokutil --import $certificate" \
			"then reboot and choose \"Enroll MOK\" in the screen that comes up"
		exit 0
	fi
fi

if loaded; then
	say "an older vswitch is loaded; next: modprobe -r vswitch && modprobe vswitch"
else
	say "next: modprobe vswitch"
fi
