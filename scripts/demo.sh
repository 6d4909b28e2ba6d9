#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh: build the module through DKMS for Debian's stock 6.12 kernel, boot
# that kernel in a guest and show there what vsw does. This machine is not
# changed: DKMS works in build/dkms, the guest on a throw-away view of the files.

set -euo pipefail
cd "$(dirname "$0")/.."

release=$(scripts/kver.sh 6.12)
trees=build/dkms/$release

echo "== vswitch: a switch in the kernel, containers on it =="
echo "-- building vswitch.ko through DKMS for Debian's kernel $release"
module=$(scripts/dkms-tree.sh "$release" "$trees")
echo "   ${module#"$PWD"/}"
echo "-- booting that kernel in a guest: some 10 seconds without KVM"
exec selftests/vm/qemu.sh -k "$release" -M "$trees/lib/modules" -t 300 -o build/demo -- \
	scripts/demo-guest.sh
