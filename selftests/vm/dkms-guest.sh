#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms-guest.sh RESULTDIR: in a guest that has no vswitch yet, `make
# dkms-install`, use it, `make dkms-uninstall`. Prints KTAP.

results=${1:?usage: dkms-guest.sh RESULTDIR}
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
number=0
failed=0

# ok TITLE COMMAND...: the command must succeed
ok()
{
	local title=$1
	shift

	number=$((number + 1))
	if "$@" >"$results/step.log" 2>&1; then
		echo "ok $number $title"
	else
		failed=$((failed + 1))
		sed 's/^/# /' "$results/step.log"
		echo "not ok $number $title"
	fi
}

absent()
{
	! modprobe vswitch
}

installed_by_dkms()
{
	modinfo -n vswitch | grep -E '/updates/dkms/vswitch\.ko'
}

add_switch()
{
	ip link add vs0 type vswitch && ip -d link show vs0 | grep vswitch
}

ok "there is no vswitch at first" absent
ok "make dkms-install" make dkms-install
ok "DKMS put it where modprobe looks" installed_by_dkms
ok "a switch can be added, which loads the module" add_switch
ok "and deleted" ip link del vs0
ok "the module can be removed" modprobe -r vswitch
ok "make dkms-uninstall" make dkms-uninstall
ok "there is no vswitch at last" absent
echo "1..$number"
echo "$((number - failed)) $failed 0" >"$results/totals"
[ "$failed" = 0 ]
