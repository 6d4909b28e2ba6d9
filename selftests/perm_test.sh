#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who may do what. The host's switch is in $sw; its port h1 leads to $h1, which
# stands for a container.

# shellcheck disable=SC2317
ALL_TESTS="reading_is_open listening_is_open changes_are_refused
	container_root_on_host_switch container_root_on_its_own
	container_root_by_netns_fd state_untouched"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq setpriv unshare nsenter
require_vswitch
load_kind veth dummy
star h1 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1"
ip -n "$sw" link add d0 type dummy
vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev h1

# The tools where anyone may run them, wherever the tree is.
bin=$(mktemp -d)
defer rm -rf "$bin"
chmod 755 "$bin"
install -m 755 "$(command -v "$VSW")" "$bin/vsw"
install -m 755 "$(command -v nldump)" "$bin/nldump"
install -m 755 "$(command -v nlperm)" "$bin/nlperm"

# nobody COMMAND...: in $sw, as a user without any privilege
nobody()
{
	in_ns "$sw" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		--bounding-set=-all -- "$@"
}

# container_root COMMAND...: in $sw, as root of a user namespace of its own, as
# in a container that got the host's network
container_root()
{
	in_ns "$sw" unshare --user --map-root-user -- "$@"
}

snapshot()
{
	vsw -j -d -n "$sw" switch show
	vsw -j -d -n "$sw" port show
	vsw -j -n "$sw" fdb show | jq 'map(del(.age))'
	ip -n "$sw" -d -j link show | jq 'map(del(.stats64))'
}

port_forwards()
{
	[ "$(port_json "$sw" h1 .forwarding)" = true ]
}

wait_for port_forwards
snapshot_file=$(mktemp)
defer rm -f "$snapshot_file"
snapshot > "$snapshot_file"

reading_is_open()
{
	expect_eq "$(nobody "$bin/vsw" -j switch show | jq -r '.[0].name')" vs0 "switch"
	expect_eq "$(nobody "$bin/vsw" -j port show h1 | jq -r '.[0].name')" h1 "port"
	succeeds nobody "$bin/vsw" fdb get 02:00:00:00:0a:01 switch vs0
	expect_eq "$(nobody "$bin/nldump" port | cut -d' ' -f1-2)" "objects 2" "dump"
	expect_eq "$(container_root "$bin/vsw" -j switch show | jq -r '.[0].name')" vs0 "switch"
	log_test "anyone may read"
}

listening_is_open()
{
	local log

	log=$(mktemp)
	defer rm -f "$log"
	bg nobody "$bin/vsw" -j monitor all > "$log"
	wait_for poke "$log"
	expect_eq "$(jq -r -s '[.[] | select(.event == "port-set")][0].port.name' "$log")" h1 "event"
	log_test "anyone may listen"
}

# Something happens, and FILE has something.
poke()
{
	vsw -n "$sw" port set h1 hairpin off
	[ -s "$1" ]
}

# all_refused WHO...: every change is refused, with words, if WHO asks for it
all_refused()
{
	local text="CAP_NET_ADMIN|not permitted|permission"

	refused "$text" "$@" "$bin/vsw" switch add vs1
	refused "$text" "$@" "$bin/vsw" switch set vs0 ageing 1
	refused "$text" "$@" "$bin/vsw" switch del vs0
	refused "$text" "$@" "$bin/vsw" port add d0 switch vs0
	refused "$text" "$@" "$bin/vsw" port set h1 isolated on
	refused "$text" "$@" "$bin/vsw" port del h1
	refused "$text" "$@" "$bin/vsw" fdb add 02:00:00:00:0a:02 dev h1
	refused "$text" "$@" "$bin/vsw" fdb replace 02:00:00:00:0a:01 dev vs0
	refused "$text" "$@" "$bin/vsw" fdb del 02:00:00:00:0a:01 dev h1
	refused "$text" "$@" "$bin/vsw" fdb flush switch vs0
	refused "$text" "$@" ip link add vs1 type vswitch
	refused "$text" "$@" ip link set d0 master vs0
	refused "$text" "$@" ip link set h1 nomaster
	refused "$text" "$@" ip link set h1 type vswitch_slave learning off
	refused "$text" "$@" ip link del vs0
}

changes_are_refused()
{
	all_refused nobody
	log_test "a user without privileges may change nothing"
	expect_eq "$(nobody "$bin/nlperm")" "17 refused" "operations, each with its message"
	log_test "every change is refused with EPERM and a message"
}

container_root_on_host_switch()
{
	all_refused container_root
	log_test "root of a user namespace may change nothing of the host's switch"
}

# in_own_netns SCRIPT: as root of a user namespace that owns its network
in_own_netns()
{
	unshare --user --map-root-user --net -- sh -e -c "$1"
}

container_root_on_its_own()
{
	succeeds in_own_netns "
		$bin/vsw switch add vs1 ageing 10
		ip link add p type veth peer name q
		$bin/vsw port add p switch vs1 isolated on
		$bin/vsw fdb add 02:00:00:00:0a:02 dev p
		$bin/vsw fdb show switch vs1
		ip link add vs2 type vswitch
		ip link set p master vs2
		$bin/vsw fdb flush switch vs2
		$bin/vsw port del p
		$bin/vsw switch del vs1
		ip link del vs2"
	log_test "root of a user namespace manages switches of its own"
	expect_eq "$(in_own_netns "$bin/vsw -j switch show" | jq length)" 0 "switches that it sees"
	refused "." in_own_netns "$bin/vsw switch del vs0"
	log_test "and sees no others"
}

# A descriptor of the host's namespace is no way in.
container_root_by_netns_fd()
{
	refused "." unshare --user --map-root-user --net -- \
		nsenter --net="/run/netns/$sw" "$bin/vsw" switch del vs0
	refused "." unshare --user --map-root-user --net -- \
		sh -c "ip link add p type veth peer name q netns 1 && ip link set q netns 1"
	succeeds vsw -n "$sw" switch show vs0
	log_test "a container's root does not get at the host through a namespace"
}

state_untouched()
{
	expect_eq "$(snapshot | diff "$snapshot_file" -)" "" "state"
	log_test "what was refused has changed nothing"
}

run_tests
