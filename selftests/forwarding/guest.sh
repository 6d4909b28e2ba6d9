#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh RESULTDIR SOURCE BRIDGE JOBS SCRIPT...: what check.sh runs in the guest.
# Each script has a network namespace of its own, so that some can run at once:
# most of their time they sleep. RESULTDIR gets the output of each (NAME.log) and
# "PASSED FAILED SKIPPED" of all sub-tests (totals).

results=$1
source=$2
bridge=$3
jobs=$4
shift 4
FORWARDING=$(cd "$(dirname "$0")" && pwd)
export FORWARDING
IP_LIB_DIR=$(cd "$FORWARDING/../../build/lib/ip" && pwd)
export IP_LIB_DIR
# An emulated machine is slow; the scripts know that name.
export KSFT_MACHINE_SLOW=yes

if [ "$bridge" = vswitch ]; then
	modprobe vswitch || exit
	# What slips through must not find a bridge.
	echo "install bridge /bin/false" >/etc/modprobe.d/no-bridge.conf
	REAL_IP=$(command -v ip)
	REAL_BRIDGE=$(command -v bridge)
	export REAL_IP REAL_BRIDGE
	bin=$(mktemp -d)
	ln -s "$FORWARDING/pass.sh" "$bin/ip"
	ln -s "$FORWARDING/pass.sh" "$bin/bridge"
	PATH=$bin:$PATH
fi

# in_ns NS SCRIPT: with a cgroup tree, that "ip vrf exec" needs, in its view of /sys
in_ns()
{
	# shellcheck disable=SC2016  # the inner shell's
	timeout -k 10 900 ip netns exec "$1" bash -c '
		mount -t cgroup2 cgroup2 /sys/fs/cgroup && ip link set lo up && cd "$1" &&
		exec "./$2.sh"' bash "$source/tools/testing/selftests/net/forwarding" "$2"
}

# run SCRIPT: its output, seconds and exit status
run()
{
	local name=$1 start=$SECONDS status

	ip netns add "fwd-$name"
	in_ns "fwd-$name" "$name" >"$results/$name.log" 2>&1 </dev/null
	status=$?
	ip netns del "fwd-$name"
	echo "$status $((SECONDS - start))" >"$results/$name.status"
	echo "# $name: $((SECONDS - start)) s"
}

for name in "$@"; do
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n
	done
	run "$name" &
done
wait
