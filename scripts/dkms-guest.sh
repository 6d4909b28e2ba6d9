#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms-guest.sh: on a machine that may be changed (a guest), what README.md tells
# users to do: make dkms-install, modprobe vswitch, use it, and away with it. The
# compiler and depmod run in the guest, which takes minutes where that is emulated.

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

number=0
failed=0

# try TITLE COMMAND...: one line of KTAP.
try() {
	local title=$1 output
	shift
	number=$((number + 1))
	if output=$("$@" 2>&1); then
		echo "ok $number $title"
	else
		failed=$((failed + 1))
		printf '%s\n' "$output" | sed 's/^/# /'
		echo "not ok $number $title"
	fi
}

fails() {
	! "$@"
}

version=$(sed -n 's/^VERSION = //p' Makefile)
release=$(uname -r)

installed() {
	dkms status -m vswitch -v "$version" -k "$release" 2>/dev/null | grep -q installed &&
		[ "$(modinfo -k "$release" -F version vswitch)" = "$version" ]
}

switches() {
	build/bin/vsw switch add dkms0 && build/bin/vsw -j switch show dkms0 | jq -e '.[0].name == "dkms0"' &&
		ip -d link show dkms0 | grep -w vswitch && build/bin/vsw switch del dkms0
}

untouched() {
	! installed && [ ! -e "/usr/src/vswitch-$version" ] && [ -z "$(dkms status -m vswitch 2>/dev/null)" ]
}

try "the module is not there before" fails modinfo -k "$release" vswitch
try "make dkms-install" make dkms-install
try "DKMS has installed this version" installed
try "modprobe vswitch" modprobe vswitch
try "the loaded module is this version" grep -qx "$version" /sys/module/vswitch/version
try "a switch can be made and removed" switches
try "make dkms-install again, over a loaded module" make dkms-install
try "modprobe -r vswitch" modprobe -r vswitch
try "make dkms-uninstall" make dkms-uninstall
try "nothing is left" untouched
try "the module is gone" fails modinfo -k "$release" vswitch
echo "$((number - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
