#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw and the module vrouter: that what the words say is what the module has, what
# comes back as text and as JSON, and what is refused.

# shellcheck disable=SC2154,SC2317  # setup_ns assigns; the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"
# Behind that one, which has another says.
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

# gojq sorts keys, and their order is tested here.
unset -f jq

ALL_TESTS="
	router
	services
	backends
	publishes
	explained
	rules
	namespaces
	refusals
	unprivileged
	batches
"

# Long: one jq for each comparison would be most of the time.
# json FILTER COMMAND...
json()
{
	local filter=$1

	shift
	"$@" | jq -c "$filter"
}

router()
{
	expect_eq "$(json '.[0] | keys_unsorted' v -j router)" \
		'["in-use","fast-path","services","backends","publishes","nats","shapes","connections","carried","carried-packets"]' \
		"keys of the router"
	expect_eq "$(json '.[0] | [.["in-use"], .["fast-path"], .connections]' v -j router show)" \
		'[false,true,0]' "a router that is not used"
	succeeds v router set fast-path off
	shows "^unused +off( +0){8}$" v router
	succeeds v router set fast-path on
	expect_eq "$(v -j router connections)" '[]' "no connections"
	log_test "router show, set, connections"
}

services()
{
	succeeds v service add web 192.0.2.1:80 scheduler maglev affinity source slow-start 90s
	succeeds v service add dns '[2001:db8::1]:53-60' proto udp affinity source timeout 500ms
	expect_eq "$(json '[.[] | [.name, .protocol, .address, .port, .["port-last"], .scheduler, .forward, .affinity, .["slow-start"], .backends, .active, has("stats")]]' \
		v -j service)" \
		'[["dns","udp","2001:db8::1",53,60,"wrr","nat",500,0,0,0,false],["web","tcp","192.0.2.1",80,80,"maglev","nat",10800000,90000,0,0,false]]' \
		"two services"
	expect_eq "$(json '.[0].stats | keys_unsorted' v -j -s service show web)" \
		'["connections","refused","rx-packets","rx-bytes","tx-packets","tx-bytes","resets","timeouts"]' \
		"keys of counters"
	shows "^web +192.0.2.1:80 +tcp +maglev +nat +3h +90s +0 +0$" v service
	shows "^dns +\[2001:db8::1\]:53-60 +udp +wrr +nat +500ms " v service show dns
	shows "^SERVICE.* ACTIVE +CONNECTIONS +REFUSED" v -s service
	succeeds v service set web scheduler random2 affinity none slow-start 0
	expect_eq "$(json '.[0] | [.scheduler, .affinity, .["slow-start"]]' v -j service show web)" \
		'["random2",0,0]' "a service that was changed"
	succeeds v service change web affinity source timeout 1.5h
	expect_eq "$(json '.[0] | [.scheduler, .affinity]' v -j service show web)" \
		'["random2",5400000]' "what was not said of a service"
	succeeds v service set web health-share 50 health-window 5s health-minimum 4 health-out 1m
	expect_eq "$(json '.[0] | [.["health-share"], .["health-window"], .["health-minimum"], .["health-out"]]' \
		v -j service show web)" '[50,5000,4,60000]' "when its backends are out"
	shows "^web .* 50%/5s +0 +0$" v service show web
	succeeds v service del dns
	expect_eq "$(json 'map(.name)' v -j service ls)" '["web"]' "one service is deleted"
	log_test "service add, set, show, delete"
}

backends()
{
	succeeds v backend add web 192.0.2.12:8080 weight 10 max-connections 100
	succeeds v backend add web 192.0.2.11 fallback on
	expect_eq "$(json '[.[] | keys_unsorted] | unique' v -j backend)" \
		'[["service","address","port","weight","drain-timeout","max-connections","fallback","up","state","active","outs","back-in"]]' \
		"keys of backends"
	shows "^SERVICE.* TIMEOUTS +RX-PACKETS/S +RX-BYTES/S +TX-PACKETS/S +TX-BYTES/S$" v -s backend
	expect_eq "$(json 'map([.service, .address, .port, .weight, .["max-connections"], .fallback, .state])' \
		v -j backend show web)" \
		'[["web","192.0.2.11",0,1,0,true,"up"],["web","192.0.2.12",8080,10,100,false,"up"]]' \
		"two backends"
	shows "^web +192.0.2.11 +up +1 +- +fallback +0$" v backend
	succeeds v backend set web 192.0.2.12:8080 weight 0 drain-timeout 10m
	shows "^web +192.0.2.12:8080 +drain +0 +10m +100 " v backend show web
	succeeds v backend set web 192.0.2.11 down cut
	expect_eq "$(json 'map([.state, .weight, .["drain-timeout"], .up])' v -j backend)" \
		'[["down",1,0,false],["drain",0,600000,true]]' "one is down, one drains"
	succeeds v backend set web 192.0.2.11 up
	succeeds v backend delete web 192.0.2.12:8080
	expect_eq "$(json 'map([.address, .state])' v -j backend)" '[["192.0.2.11","up"]]' \
		"one backend is left"
	expect_eq "$(json '.[0] | [.services, .backends, .["in-use"]]' v -j router)" '[1,1,true]' \
		"what the router counts"
	log_test "backend add, set, show, delete"
}

publishes()
{
	succeeds v publish add 8080 to 192.0.2.11:80
	succeeds v publish add 127.0.0.1:5353/udp to 192.0.2.11:53 obey-firewall on
	succeeds v publish add 9000-9099 to '192.0.2.11,[2001:db8::11]:90'
	expect_eq "$(json 'map([.protocol, .address, .port, .["port-last"], .["to-ipv4"], .["to-ipv6"], .["to-port"], .["obey-firewall"], .active])' \
		v -j publish)" \
		'[["udp","127.0.0.1",5353,5353,"192.0.2.11",null,53,true,0],["tcp",null,8080,8080,"192.0.2.11",null,80,false,0],["tcp",null,9000,9099,"192.0.2.11","2001:db8::11",90,false,0]]' \
		"three published ports"
	shows "^127.0.0.1:5353 +udp +192.0.2.11:53 +obey +0$" v publish
	shows "^\*:9000-9099 +tcp +192.0.2.11:90-189,\[2001:db8::11\]:90-189 +- +0$" v publish
	succeeds v publish set 8080 to 192.0.2.12:81
	shows "^\*:8080 +tcp +192.0.2.12:81 " v publish show 8080
	expect_eq "$(json '.[0].stats | keys_unsorted | length' v -j -s publish show 8080/tcp)" 8 \
		"counters of a published port"
	succeeds v publish delete 127.0.0.1:5353/udp
	succeeds v publish delete 9000-9099
	expect_eq "$(json 'map(.port)' v -j publish)" '[8080]' "one published port is left"
	log_test "publish add, set, show, delete"
}

# The steps of 8080, which is published to 192.0.2.12:81.
steps()
{
	json '[.[] | [.hook, .priority, .by]]' v -j publish explain 8080 "$@"
}

explained()
{
	local fast='["prerouting",-500,"vrouter"],' ct='-200,"conntrack"]' end='["routing",null,"routes"]'

	in_ns "$net" nft -f - <<-'END' || check_err 1 "no rules to explain"
		table inet t {
			chain early { type nat hook prerouting priority -110; }
			chain fw { type filter hook forward priority 5; policy drop; accept; drop; }
			chain in { type filter hook input priority 0; tcp dport 81 accept; }
			chain out { type nat hook postrouting priority 100; masquerade; }
		}
		table ip6 t {
			chain fw6 { type filter hook forward priority 0; }
		}
	END
	expect_eq "$(steps)" "[${fast}[\"prerouting\",$ct,[\"prerouting\",-110,\"nft inet t early\"],[\"prerouting\",-101,\"vrouter\"],$end,[\"forward\",5,\"nft inet t fw\"],[\"postrouting\",99,\"vrouter\"],[\"postrouting\",100,\"nft inet t out\"],[\"end\",null,\"target\"]]" \
		"what a packet meets"
	shows "^forward +5 +nft inet t fw +2 rules, policy drop$" v publish explain 8080
	shows "-110 .* what it translates vrouter does not$" v publish explain 8080
	shows " 100 .* asked only if vrouter did not translate$" v publish explain 8080
	shows "the destination becomes 192.0.2.12:81$" v publish explain 8080
	shows "^routing .* there is no way to it: Network is unreachable$" v publish explain 8080
	expect_eq "$(steps from 127.0.0.1)" "[[\"output\",$ct,[\"output\",-101,\"vrouter\"],$end,[\"postrouting\",99,\"vrouter\"],[\"postrouting\",100,\"nft inet t out\"],[\"end\",null,\"target\"]]" \
		"what a packet of this host meets"
	succeeds v publish set 8080 obey-firewall on
	shows "^prerouting +-99 +nft inet t in +1 rule, policy accept; of input, obeyed" v publish explain 8080
	shows "^prerouting +-99 +vrouter +published" v publish explain 8080
	succeeds v publish set 8080 obey-firewall off
	says 2 "leads to no address of IPv6" v publish explain 8080 from 2001:db8::1
	says 2 "port '8081' is not published. See 'vsw publish show'" v publish explain 8081
	in_ns "$net" nft flush ruleset
	log_test "publish explain"
}

rules()
{
	expect_eq "$(v masquerade add 192.0.2.0/24)" 1 "id of the first rule"
	expect_eq "$(v nat add snat from 198.51.100.0/24 dest 203.0.113.0/24 out lo to 192.0.2.64/30 persistent random)" \
		2 "id of the second one"
	expect_eq "$(json '.[0] | [.id, .kind, .protocol, .port, .["port-last"], .device, .["to-first"], .["to-port"]]' \
		v -j nat add dnat in lo proto tcp port 443-445 to 192.0.2.11:8443-8445)" \
		'[3,"dnat","tcp",443,445,"lo","192.0.2.11",8443]' "JSON of a rule that is added"
	expect_eq "$(v nat add one-to-one from 192.0.2.128/28 to 203.0.113.16/28 id 50)" "" \
		"output of a rule whose id was said"
	expect_eq "$(v nat add masquerade family ipv6 out lo)" 51 "id behind that"
	expect_eq "$(json '.[1] | [.source, .["source-len"], .destination, .["to-first"], .["to-last"], .flags, .connections]' \
		v -j nat)" \
		'["198.51.100.0",24,"203.0.113.0","192.0.2.64","192.0.2.67",["random","persistent"],0]' \
		"a rule with all there is"
	shows "^ *2 +snat +198.51.100.0/24 +203.0.113.0/24 +- +lo +192.0.2.64-192.0.2.67 +random,persistent +0$" \
		v nat
	shows "^ *50 +one-to-one +192.0.2.128/28 +- +- +- +203.0.113.16 " v nat
	shows "^ *51 +masquerade +ipv6 +lo +0$" v nat show 51
	expect_eq "$(json 'map(.id)' v -j masquerade)" '[1,51]' "rules that masquerade"
	says 2 "'192.0.2.0/25' is not masqueraded" v masquerade delete 192.0.2.0/25
	says 2 "'192.0.2.0/24' out lo is not masqueraded" v masquerade delete 192.0.2.0/24 out lo
	succeeds v masquerade delete 192.0.2.0/24
	succeeds v masquerade delete 51
	succeeds v nat delete 50
	expect_eq "$(json 'map(.id)' v -j nat)" '[2,3]' "rules that are left"
	log_test "masquerade and nat add, show, delete"
}

gone()
{
	[ "$(json '[.[0].backends, .[0].publishes]' v -j router)" = "$1" ]
}

# What leads to a network namespace goes with it.
namespaces()
{
	ip netns add "$net-x"
	succeeds v backend add web 192.0.2.13 netns "$net-x"
	succeeds v publish add 7000 to 192.0.2.13 netns "$net-x"
	gone '[2,2]'
	check_err $? "what leads to a namespace is not there"
	says 4 "network namespace '$net-y'" v backend add web 192.0.2.14 netns "$net-y"
	says 1 "in its own network namespace" v backend add web 192.0.2.14 netns "$net-x" container a
	ip netns del "$net-x"
	wait_for gone '[1,1]'
	log_test "backends and published ports of a network namespace that goes"
}

# The module's sentence, what it is about, and what to do.
refusals()
{
	says 2 "^vsw: service 'web': there is a service of this name .*'vsw service set' changes it" \
		v service add web 192.0.2.2:80
	says 2 "^vsw: service 'none': there is no service of this name .*See 'vsw service show'" \
		v service show none
	says 2 "service 'none': there is no service" v router connections none
	says 2 "service 'none': there is no service" v backend show none
	says 2 "service 'direct': with direct return a service's protocol is TCP or UDP" \
		v service add direct 192.0.2.3:80 proto sctp forward direct
	says 2 "service 'icmp': a service's protocol is TCP, UDP or SCTP" \
		v service add icmp 192.0.2.3:80 proto icmp
	says 2 "backend '192.0.2.11' of service 'web': .*'vsw backend set' changes it" \
		v backend add web 192.0.2.11
	says 2 "backend '192.0.2.99' of service 'web': .*See 'vsw service show'" \
		v backend delete web 192.0.2.99
	says 2 "backend '\[2001:db8::1\]:80' of service 'web': a backend's address is of the same family" \
		v backend add web '[2001:db8::1]:80'
	says 2 "attribute 'weight'" v backend set web 192.0.2.11 weight 65536
	says 2 "attribute 'slow-start'" v service set web slow-start 8d
	says 2 "published port '8080': .*'vsw publish set' changes it" v publish add 8080 to 192.0.2.9
	says 2 "published port '8081/udp': .*See 'vsw publish show'" v publish delete 8081/udp
	says 2 "rule 77: there is no rule of this id.*See 'vsw nat show'" v nat delete 77
	says 2 "rule 2: there is a rule of this id" v nat add masquerade id 2 from 192.0.2.0/24
	says 2 "masquerade: the prefix has bits behind its length" v masquerade add 192.0.2.1/24
	log_test "what is refused, and why"
}

unprivileged()
{
	local as="ip netns exec $net setpriv --reuid 65534 --clear-groups $VSW"

	# shellcheck disable=SC2086  # words
	{
		shows "^web " $as service
		shows "^in use " $as router
		says 2 "CAP_NET_ADMIN|Operation not permitted.*root" $as router connections
		says 2 "CAP_NET_ADMIN|Operation not permitted.*root" $as service del web
		says 2 "CAP_NET_ADMIN|Operation not permitted.*root" $as router flush
	}
	log_test "what an ordinary user may do"
}

batches()
{
	printf '%s\n' 'service add b1 192.0.2.21:80' 'backend add b1 192.0.2.11' \
		'switch show' 'service add b1 192.0.2.22:80' >"$tmp/batch"
	says 2 "^vsw: $tmp/batch:4: service 'b1': there is a service" v -b "$tmp/batch"
	expect_eq "$(json '.[0].backends' v -j service show b1)" 1 "what a batch has made"
	succeeds v router flush
	expect_eq "$(json '.[0] | [.["in-use"], .services, .backends, .publishes, .nats]' v -j router)" \
		'[false,0,0,0,0]' "the router behind a flush"
	log_test "a batch for both families, and a flush"
}

require_command ip jq setpriv
require_vrouter
setup_ns net
ip -n "$net" link set lo up
run_tests
