#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The Generic Netlink family of the router: malformed and mutated messages, dumps in small
# parts and while things change, who may do what, and the kernel's own YNL client. The scene
# is that of valid_router.h: a device d0 with two addresses, by which everything goes.

# shellcheck disable=SC2317
ALL_TESTS="contract_is_complete malformed mutated
	dumps_resume connections_resume dumps_beside_changes dump_of_classes_interrupted
	nobody_may container_root_may_not container_root_may_on_its_own
	ynl_do ynl_errors module"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"
# shellcheck source=ynl_lib.sh
. "$(dirname "$0")/ynl_lib.sh"

require_command jq setpriv unshare
require_vrouter
load_kind dummy
setup_ns router
# shellcheck disable=SC2154
: "$router"
ip -n "$router" -b - <<-END
	link set lo up
	link add d0 up type dummy
	addr add 192.0.2.1/24 dev d0
	addr add 2001:db8::1/64 dev d0 nodad
	route add default dev d0
	route add 2000::/3 dev d0
END

# What is one datagram stays a connection, however slow all this is.
in_ns "$router" sysctl -qw net.netfilter.nf_conntrack_udp_timeout=6000

MUTATIONS=${MUTATIONS:-10000}
SEED=${SEED:-1}
spec=$SELFTESTS/../Documentation/netlink/specs/vrouter.yaml

# The tools where anyone may run them, wherever the tree is.
bin=$(mktemp -d)
defer rm -rf "$bin"
chmod 755 "$bin"
install -m 755 "$(command -v nlperm_router)" "$bin/nlperm_router"
install -m 755 "$(command -v "$VSW")" "$bin/vsw"

# contract_lacks: what a request may have by the description and not by contract_router_rules.h
contract_lacks()
{
	"$python" - "$spec" "$SELFTESTS/contract_router_rules.h" <<-'END'
		import sys
		import yaml

		spec = yaml.safe_load(open(sys.argv[1]))
		text = open(sys.argv[2]).read()
		prefixes = {s["name"]: s.get("name-prefix", "") for s in spec["attribute-sets"]}

		def want(name):
		    name = "[" + name.upper().replace("-", "_") + "]"
		    if name not in text:
		        print(name)

		for op in spec["operations"]["list"]:
		    if "do" not in op:
		        continue
		    want("vrouter-cmd-" + op["name"])
		    for attr in op["do"]["request"]["attributes"]:
		        if attr != "pad":
		            want(prefixes[op["attribute-set"]] + attr)
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

	out=$(in_ns "$router" nlcheck_router 2>&1)
	check_err $? "malformed messages: ${out##*$'\n'}"
	grep '^#' <<< "$out" | head -n 40
	out=${out##*$'\n'}
	expect_ge "${out%% *}" 3000 "malformed messages"
	log_test "${out%% *} malformed messages are refused with their reason"
}

mutated()
{
	local out

	out=$(in_ns "$router" nlmutate_router -n "$MUTATIONS" -s "$SEED" 2>&1)
	check_err $? "seed $SEED: ${out##*$'\n'}"
	grep '^#' <<< "$out" | head -n 40
	out=${out##*$'\n'}
	expect_ge "${out%% *}" "$MUTATIONS" "mutated messages sent"
	# Not all of one kind: else it tests nothing.
	expect_ge "$(cut -d' ' -f2 <<< "$out")" $((MUTATIONS / 100)) "of them accepted"
	expect_ge "$(cut -d' ' -f3 <<< "$out")" $((MUTATIONS / 10)) "of them refused"
	log_test "${out%% *} mutated messages: none accepted wrongly, none refused in silence"
	flush_router
	succeeds router_vsw service add after 203.0.113.1:80
	expect_eq "$(router_vsw -j service show | jq -r '.[].name')" after "services"
	flush_router
	log_test "the family works after that"
}

# dump OBJECT OPTION...: what nldump says, without the number of parts
dump()
{
	local object=$1

	shift
	in_ns "$router" nldump "$@" "$object" | sed 's/parts \([0-9]*\) //'
}

# many: 60 of each kind; of one service 60 backends
many()
{
	local i

	for ((i = 1; i <= 60; i++)); do
		echo "service add s$i 203.0.113.$i:80"
		echo "backend add s1 10.0.1.$i:80"
		echo "backend add s$i 10.0.2.$i:80"
		echo "publish add $((20000 + i))/udp to 10.0.1.$i:80"
		echo "nat add snat from 10.9.$i.0/24 to 192.0.2.1"
		echo "shape add c$i match address 10.9.$i.0/24 rate 1M"
	done > "$bin/batch"
	succeeds router_vsw -batch "$bin/batch"
}

# complete KIND COUNT
complete()
{
	expect_eq "$(dump "$1")" "objects $2 again 0 interrupted 0" "$1"
	expect_ge "$(in_ns "$router" nldump "$1" | sed 's/.*parts \([0-9]*\).*/\1/')" 3 "parts of $1"
}

dumps_resume()
{
	many
	complete service 60
	complete backend 120
	complete publish 60
	complete nat 60
	complete class 60
	log_test "dumps that take several parts are complete"
}

connections_resume()
{
	succeeds router_vsw service add d 203.0.113.200:1-1000 proto udp
	succeeds router_vsw backend add d 10.0.3.1
	in_ns "$router" python3 - <<-'END'
		import socket
		made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		for port in range(1, 201):
		    made.sendto(b"x", ("203.0.113.200", port))
	END
	complete connection 200
	log_test "a dump of connections that takes several parts is complete"
}

# beside KIND STAY COMMAND: COMMAND during the dump takes one away, or adds one, which may have
# been told by then; the STAY others are told once, and all of them
beside()
{
	local out

	out=$(dump "$1" -c "ip netns exec $router '$VSW' $3")
	[[ $out == "objects $2 again 0 "* || $out == "objects $(($2 + 1)) again 0 "* ]]
	check_err $? "$3 during a dump of ${1}s: $out"
}

dumps_beside_changes()
{
	beside service 60 "service delete s1"
	beside service 59 "service delete s60"
	beside service 59 "service add sx 203.0.113.99:80"
	beside backend 58 "service delete s59"
	beside publish 59 "publish delete 20001/udp"
	beside publish 58 "publish delete 20060/udp"
	beside publish 58 "publish add 30000/udp to 10.0.1.1:80"
	beside nat 59 "nat delete 1"
	beside nat 58 "nat delete 60"
	beside connection 200 "service set d affinity source"
	log_test "dumps tell what stays once, whatever comes and goes meanwhile"
}

dump_of_classes_interrupted()
{
	local command out

	for command in "shape delete c1" "shape add cx rate 1M" "shape set c30 order 1"; do
		out=$(dump class -c "ip netns exec $router '$VSW' $command")
		[[ $out == *" interrupted 1" ]]
		check_err $? "$command: $out"
	done
	log_test "a dump of classes says when their list changed meanwhile"
	flush_router
	for command in service backend publish nat connection class; do
		expect_eq "$(dump "$command")" "objects 0 again 0 interrupted 0" "$command, none"
	done
	log_test "dumps of nothing"
}

# scene: what valid requests name is there
scene()
{
	flush_router
	router_vsw -batch - <<-END
		service add s0 203.0.113.1:80
		service add s6 [2001:db8:ff::1]:1000 proto udp
		backend add s0 10.0.1.1:8080
		backend add s6 [2001:db8:1::1]
		publish add 8080 to 10.0.1.1
		publish add 192.0.2.1:5000-5003/udp to 10.0.1.1
		nat add masquerade out d2 id 10
		nat add dnat in d1 to 10.0.1.1 id 11
		shape add c0 rate 100M
		shape add c1 rate 1M parent c0
	END
	check_err $? "the scene"
}

# snapshot: all that is configured
snapshot()
{
	local object

	for object in service backend publish nat shape; do
		router_vsw -j "$object" show
	done
}

# allowed_little WHO...: WHO may read, and change nothing
allowed_little()
{
	local before out

	before=$(snapshot)
	out=$("$@" "$bin/nlperm_router")
	check_err $? "$out"
	expect_eq "${out##*$'\n'}" "33 refused 17 open" "requests"
	expect_eq "$(snapshot)" "$before" "what is configured after that"
	refused "CAP_NET_ADMIN|ermi" "$@" "$bin/vsw" router flush
	expect_eq "$("$@" "$bin/vsw" -j service show | jq -r 'map(.name) | join(" ")')" "s0 s6" \
		"services"
}

# nobody COMMAND...: in $router, as a user without any privilege
nobody()
{
	in_ns "$router" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		--bounding-set=-all -- "$@"
}

nobody_may()
{
	scene
	allowed_little nobody
	log_test "a user without privileges may read all but connections, and change nothing"
}

# container_root COMMAND...: in $router, as root of a user namespace of its own
container_root()
{
	in_ns "$router" unshare --user --map-root-user -- "$@"
}

container_root_may_not()
{
	allowed_little container_root
	refused "." unshare --user --map-root-user --net -- \
		nsenter --net="/run/netns/$router" "$bin/vsw" router flush
	log_test "neither may root of another user namespace"
}

# Where the network namespace belongs to its user namespace, all works.
container_root_may_on_its_own()
{
	succeeds unshare --user --map-root-user --net -- sh -e -c "
		ip link set lo up
		$bin/vsw service add s 203.0.113.1:80
		$bin/vsw backend add s 10.0.1.1:80
		$bin/vsw publish add 8080 to 10.0.1.1:80
		$bin/vsw nat add masquerade out lo
		$bin/vsw shape add c rate 1M
		test \$($bin/vsw -j service show | jq length) = 1
		$bin/vsw router connections
		$bin/vsw service delete s"
	log_test "root of a user namespace has a router of its own"
	expect_eq "$(unshare --user --map-root-user --net -- "$bin/vsw" -j service show | jq length)" 0 \
		"services that it sees"
	log_test "and sees no other"
}

ynl()
{
	ynl_in "$router" "$@"
}

ynl_do()
{
	local out

	if ! find_ynl; then
		log_skip "YNL client" "$ynl_lacks"
		return
	fi
	flush_router
	succeeds ynl --multi service-new \
		'{"name": "y", "protocol": 6, "address": "cb007101", "port": 80, "scheduler": "lc"}' \
		--multi backend-new '{"service": "y", "address": "0a000101", "weight": 7}' \
		--multi shape-new '{"name": "c", "rate": 5000000, "mode": "police"}'
	out=$(ynl --do service-get --json '{"name": "y"}')
	[[ $out != *UnknownAttr* ]]
	check_err $? "an attribute that is not described: $out"
	expect_eq "$(jq -r '[.name, .port, .scheduler, .backends] | map(tostring) | join(" ")' <<< "$out")" \
		"y 80 lc 1" "service-get"
	expect_eq "$(ynl --dump backend-get | jq -r '.[0].weight')" 7 "backend-get"
	expect_eq "$(ynl --dump shape-get | jq -r '.[0] | "\(.rate) \(.mode)"')" "5000000 police" \
		"shape-get"
	log_test "YNL client: requests and dumps"
}

ynl_errors()
{
	find_ynl || return
	refused "a service of this name.*\.name|\.name.*a service of this name" ynl --do service-new \
		--json '{"name": "y", "protocol": 6, "address": "cb007102", "port": 80}'
	refused "range|policy|\.weight" ynl --do backend-set \
		--json '{"service": "y", "address": "0a000101", "weight": 65536}'
	log_test "YNL client: errors with their message"
}

unused()
{
	[ "$(cat /sys/module/vrouter/refcnt)" = 0 ]
}

# What is configured keeps the module, and nothing else does.
module()
{
	flush_router
	wait_for unused
	succeeds rmmod vrouter
	succeeds modprobe vrouter
	log_test "the module goes after all that, and comes again"
}

run_tests
