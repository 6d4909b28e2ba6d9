#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The Generic Netlink family: malformed and mutated messages, dumps in small
# parts, and the kernel's own YNL client driving it with our description. The
# scene is that of valid.h: switches vs0 with the ports p0 and p1, and vs9, and a
# device d0.

# shellcheck disable=SC2317
ALL_TESTS="contract_is_complete malformed mutated dumps_resume dumps_interrupted dump_filters
	other_dumps_resume other_dumps_interrupted flow_dumps
	ynl_do ynl_dump ynl_errors ynl_subscribe"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=ynl_lib.sh
. "$(dirname "$0")/ynl_lib.sh"

require_command jq
require_vswitch
load_kind dummy veth
# Valid requests have a helper of connections if it is there.
modprobe -q nf_nat_ftp
setup_ns sw
# shellcheck disable=SC2154
: "$sw"
ip -n "$sw" -b - <<-END
	link add vs0 address 02:00:00:00:cc:01 up type vswitch
	link add vs9 type vswitch
	link add d0 type dummy
	link add p0 type dummy
	link add p1 type dummy
	link set p0 master vs0 up
	link set p1 master vs0 up
END

MUTATIONS=${MUTATIONS:-200000}
SEED=${SEED:-1}
spec=$SELFTESTS/../Documentation/netlink/specs/vswitch.yaml

# contract_lacks: what a request may have by the description and not by contract_rules.h and
# contract_flows.h
contract_lacks()
{
	"$python" - "$spec" "$SELFTESTS/contract_rules.h" "$SELFTESTS/contract_flows.h" <<-'END'
		import sys
		import yaml

		spec = yaml.safe_load(open(sys.argv[1]))
		text = "".join(open(name).read() for name in sys.argv[2:])
		prefixes = {s["name"]: s.get("name-prefix", "") for s in spec["attribute-sets"]}

		def want(name):
		    name = "[" + name.upper().replace("-", "_") + "]"
		    if name not in text:
		        print(name)

		for op in spec["operations"]["list"]:
		    if "do" not in op:
		        continue
		    want("vswitch-cmd-" + op["name"])
		    for attr in op["do"]["request"]["attributes"]:
		        want(prefixes[op["attribute-set"]] + attr)
		# In nests; what is only ever told is no part of the contract.
		told = {"packets", "bytes", "duration", "idle", "hard-age"}
		for name in ["guard", "flow-entry", "match", "action", "move", "resubmit",
		             "controller", "bucket", "ct", "nat", "learn", "learn-spec", "sample"]:
		    for attr in next(s for s in spec["attribute-sets"] if s["name"] == name)["attributes"]:
		        if attr["type"] != "pad" and attr["name"] not in told:
		            want(prefixes[name] + attr["name"])
	END
}

contract_is_complete()
{
	if ! find_ynl; then
		log_skip "what is tested is all that there is" "$ynl_lacks"
		return
	fi
	expect_eq "$(contract_lacks | xargs)" "" "operations and attributes that the tests do not know"
	log_test "what is tested is all that there is"
}

malformed()
{
	local out

	[ -d /sys/module/nf_nat_ftp ] || log_skip "the helper of a connection" "no nf_nat_ftp"
	out=$(in_ns "$sw" nlcheck 2>&1)
	check_err $? "malformed messages: ${out##*$'\n'}"
	grep '^#' <<< "$out" | head -n 40
	out=${out##*$'\n'}
	expect_ge "${out%% *}" 1000 "malformed messages"
	log_test "${out%% *} malformed messages are refused with their reason"
}

mutated()
{
	local out

	out=$(in_ns "$sw" nlmutate -n "$MUTATIONS" -s "$SEED" 2>&1)
	check_err $? "seed $SEED: ${out##*$'\n'}"
	grep '^#' <<< "$out" | head -n 40
	out=${out##*$'\n'}
	expect_ge "${out%% *}" "$MUTATIONS" "mutated messages sent"
	# Not all of one kind: else it tests nothing.
	expect_ge "$(cut -d' ' -f2 <<< "$out")" $((MUTATIONS / 100)) "of them accepted"
	expect_ge "$(cut -d' ' -f3 <<< "$out")" $((MUTATIONS / 10)) "of them refused"
	log_test "${out%% *} mutated messages: none accepted wrongly, none refused in silence"
	succeeds vsw -n "$sw" switch show vs0
	succeeds vsw -n "$sw" port show p0
	log_test "the family works after that"
}

# dump OBJECT OPTION...: what nldump says, without the number of parts
dump()
{
	local object=$1

	shift
	in_ns "$sw" nldump "$@" "$object" | sed 's/parts \([0-9]*\) //'
}

# many: 60 switches and 60 ports
many()
{
	local i

	for ((i = 1; i <= 60; i++)); do
		echo "link add s$i type vswitch"
		echo "link add x$i type dummy"
		echo "link set x$i master vs0 up"
	done | ip -n "$sw" -b -
	check_err $? "60 switches and 60 ports"
}

dumps_resume()
{
	many
	expect_eq "$(dump switch)" "objects 62 again 0 interrupted 0" "switches"
	# Host ports of 62 switches, p0, p1 and 60 more.
	expect_eq "$(dump port)" "objects 124 again 0 interrupted 0" "ports"
	expect_ge "$(in_ns "$sw" nldump switch | sed 's/.*parts \([0-9]*\).*/\1/')" 3 "parts"
	expect_ge "$(in_ns "$sw" nldump port | sed 's/.*parts \([0-9]*\).*/\1/')" 3 "parts"
	log_test "dumps that take several parts are complete"
}

# interrupted OBJECT COMMAND WHAT: the dump says so, and has nothing twice
interrupted()
{
	local out

	out=$(dump "$1" -c "$2")
	[[ $out == *" again 0 interrupted 1" ]]
	check_err $? "$3 during a dump of ${1}s: $out"
}

dumps_interrupted()
{
	interrupted switch "'$VSW' switch add s0" "a switch added"
	interrupted switch "'$VSW' switch del s60" "a switch deleted"
	interrupted switch "'$VSW' switch set s1 ageing 5" "a switch changed"
	interrupted port "'$VSW' port del x60" "a port deleted"
	interrupted port "'$VSW' port add x60 switch vs0" "a port added"
	interrupted port "'$VSW' port set x1 isolated on" "a port changed"
	interrupted port "'$VSW' switch del vs0" "its switch deleted"
	expect_eq "$(dump switch)" "objects 61 again 0 interrupted 0" "dump after that"
	log_test "dumps say when something changed meanwhile"
}

dump_filters()
{
	local i

	for ((i = 0; i <= 60; i++)); do
		echo "link del s$i"
		echo "link del x$i"
	done | ip -n "$sw" -force -b - 2>/dev/null
	ip -n "$sw" -b - <<-END
		link add vs0 up type vswitch
		link set p0 master vs0
		link set p1 master vs9
	END
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev p0 static
	vsw -n "$sw" fdb add 02:00:00:00:0a:02 dev p0 dynamic
	vsw -n "$sw" fdb add 02:00:00:00:0a:03 dev p1 static
	expect_eq "$(vsw -j -n "$sw" port show switch vs0 | jq -r '.[].name' | xargs)" "vs0 p0" \
		"ports of vs0"
	expect_eq "$(fdb_json "$sw" 'map(.address) | sort | join(" ")' switch vs0 static)" \
		02:00:00:00:0a:01 "static entries of vs0"
	expect_eq "$(fdb_json "$sw" 'map(.address) | sort | join(" ")' dev p1 static)" \
		02:00:00:00:0a:03 "static entries of p1"
	expect_eq "$(fdb_json "$sw" 'map(.address) | sort | join(" ")' static)" \
		"02:00:00:00:0a:01 02:00:00:00:0a:03" "static entries"
	expect_eq "$(fdb_json "$sw" 'map(.address) | sort | join(" ")' switch vs0 dynamic)" \
		02:00:00:00:0a:02 "dynamic entries of vs0"
	log_test "dumps of one switch, one port and one type"
}

# Bindings, mirrors and members of groups, of two switches where there may be many.
other_dumps_resume()
{
	local batch i kind port

	batch=$(mktemp)
	defer rm -f "$batch"
	for ((i = 1; i <= 150; i++)); do
		for port in p0 p1; do
			echo "binding add dev $port mac 02:00:00:00:0b:01 ip 192.0.2.$i"
			echo "mdb add dev $port grp ff05::$i permanent"
		done
	done > "$batch"
	for ((i = 1; i <= 32; i++)); do
		echo "mirror add m$i switch vs0 from dev p0 to netdev vs9"
	done >> "$batch"
	succeeds vsw -n "$sw" -b "$batch"
	expect_eq "$(dump binding)" "objects 300 again 0 interrupted 0" "bindings"
	expect_eq "$(dump mdb)" "objects 300 again 0 interrupted 0" "members of groups"
	expect_eq "$(dump mirror)" "objects 32 again 0 interrupted 0" "mirrors"
	for kind in binding mdb mirror; do
		expect_ge "$(in_ns "$sw" nldump "$kind" | sed 's/.*parts \([0-9]*\).*/\1/')" 3 \
			"parts of $kind"
	done
	log_test "dumps of bindings, members and mirrors are complete"
}

other_dumps_interrupted()
{
	interrupted binding "'$VSW' binding del dev p1 mac 02:00:00:00:0b:01 ip 192.0.2.9" \
		"one deleted"
	interrupted binding "'$VSW' binding add dev p1 mac 02:00:00:00:0b:01" "one added"
	interrupted mdb "'$VSW' mdb del dev p0 grp ff05::1" "one deleted"
	interrupted mdb "'$VSW' mdb add dev p0 grp ff05::1 permanent" "one added"
	interrupted mdb "'$VSW' mdb flush dev p1 permanent" "those of a port flushed"
	interrupted mirror "'$VSW' mirror set m1 switch vs0 sample 7" "one changed"
	interrupted mirror "'$VSW' mirror del m32 switch vs0" "one deleted"
	interrupted mirror "'$VSW' mirror add m32 switch vs0 to netdev vs9" "one added"
	expect_eq "$(dump mirror)" "objects 32 again 0 interrupted 0" "dump after that"
	succeeds vsw -n "$sw" mdb flush switch vs0 permanent
	expect_eq "$(dump mdb)" "objects 0 again 0 interrupted 0" "members after a flush of both"
	log_test "dumps of bindings, members and mirrors say when something changed meanwhile"
}

# In many parts, of which the largest flows have one each, and beside changes.
flow_dumps()
{
	local batch i out

	batch=$(mktemp)
	defer rm -f "$batch"
	for ((i = 1; i <= 5000; i++)); do
		echo "table=$((i % 3)),priority=$i,cookie=$i,ip,nw_dst=10.0.$((i / 256)).$((i % 256)),actions=output:1"
	done > "$batch"
	succeeds vsw -n "$sw" flow load vs0 "$batch"
	expect_eq "$(dump flow -s vs0)" "objects 5000 again 0 interrupted 0" "flows"
	expect_ge "$(in_ns "$sw" nldump -s vs0 flow | sed 's/.*parts \([0-9]*\).*/\1/')" 100 \
		"parts"
	out=$(dump flow -s vs0 -c "'$VSW' flow add vs0 priority=9,ip,nw_dst=10.1.2.3,actions=drop")
	[[ $out == *" again 0 interrupted 1" ]]
	check_err $? "one added: $out"
	out=$(dump flow -s vs0 -c "'$VSW' flow del vs0 cookie=4000/-1")
	[[ $out == *" again 0 interrupted 1" ]]
	check_err $? "one deleted: $out"
	succeeds vsw -n "$sw" flow del vs0
	expect_eq "$(dump flow -s vs0)" "objects 0 again 0 interrupted 0" "flows after that"
	log_test "dumps of flows are complete, and say when something changed meanwhile"
}

ynl()
{
	ynl_in "$sw" "$@"
}

ynl_do()
{
	local out

	if ! find_ynl; then
		log_skip "YNL client" "$ynl_lacks"
		return
	fi
	out=$(ynl --do switch-new --json '{"name": "vsy", "ageing-time": 5000, "fdb-max": 9}')
	check_err $? "switch-new: $out"
	[[ $out != *UnknownAttr* ]]
	check_err $? "an attribute that is not described: $out"
	expect_eq "$(jq -r '[.name, .["ageing-time"], .["fdb-max"]] | join(" ")' <<< "$out")" \
		"vsy 5000 9" "switch-new"
	succeeds ynl --multi port-new '{"name": "d0", "switch-name": "vsy", "isolated": 1}' \
		--multi port-set '{"name": "d0", "hairpin": 1}' \
		--multi fdb-new '{"port-name": "d0", "address": "020000000a07", "type": "static"}'
	expect_eq "$(port_json "$sw" d0 '[.["switch-name"], .isolated, .hairpin] | map(tostring) | join(" ")')" \
		"vsy true true" "port"
	expect_eq "$(fdb_json "$sw" '[.[] | select(.address == "02:00:00:00:0a:07")][0].type')" \
		static "MAC entry"
	out=$(ynl --do fdb-get --json '{"switch-name": "vsy", "address": "020000000a07"}')
	expect_eq "$(jq -r '.["port-name"]' <<< "$out")" d0 "fdb-get"
	out=$(ynl --do fdb-flush --json '{"switch-name": "vsy", "type": "static"}')
	expect_eq "$(jq -r .flushed <<< "$out")" 1 "fdb-flush"
	log_test "YNL client: requests"
}

ynl_dump()
{
	find_ynl || return
	expect_eq "$(ynl --dump switch-get | jq -r 'map(.name) | sort | join(" ")')" "vs0 vs9 vsy" \
		"switches"
	expect_eq "$(ynl --dump port-get --json '{"switch-name": "vsy"}' |
		jq -r 'map("\(.number) \(.name)") | sort | join(", ")')" "0 vsy, 1 d0" "ports of vsy"
	expect_eq "$(ynl --dump fdb-get --json '{"switch-name": "vs0", "type": "static"}' |
		jq -r 'map(.address) | join(" ")')" 02:00:00:00:0a:01 "static entries of vs0"
	log_test "YNL client: dumps"
}

ynl_errors()
{
	find_ynl || return
	refused "already" ynl --do port-new --json '{"name": "d0", "switch-name": "vs0"}'
	refused "\.port-ifindex|\.ifindex|range|policy" \
		ynl --do switch-get --json '{"ifindex": 0}'
	log_test "YNL client: errors with their message"
}

subscribed()
{
	# shellcheck disable=SC2016
	in_ns "$sw" awk '$2 == 16 && $4 !~ /^0+$/ { found = 1 } END { exit !found }' /proc/net/netlink
}

ynl_subscribe()
{
	local log pid

	find_ynl || return
	log=$(mktemp)
	defer rm -f "$log"
	# It reads what has come when it has slept.
	ynl --subscribe fdb --sleep 4 > "$log" &
	pid=$!
	wait_for subscribed
	vsw -n "$sw" fdb add 02:00:00:00:0a:08 dev p0 static
	wait "$pid"
	check_err $? "status"
	expect_eq "$(jq -r '[.[] | select(.msg.address == "02:00:00:00:0a:08")][0].name' "$log")" \
		fdb-new-ntf "event"
	log_test "YNL client: events"
}

run_tests
