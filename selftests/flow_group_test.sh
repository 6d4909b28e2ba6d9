#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Groups and meters of flows: which hosts get what, how soon that changes, and how much
# passes. The topology is the star of lib.sh, with veths and vnics; h1 sends, and what it
# sends goes through a group or a meter.

# shellcheck disable=SC2317
ALL_TESTS="select_shares select_connections select_sticks select_live failover all_copies
	indirect groups_end groups_refused meter_packets meter_bits meter_per_flow meter_dscp
	meters_end meters_refused"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_vswitch
load_kind veth
ADAPTERS=mixed
star h1 h2 h3 h4 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3" "$h4"

# Nobody's, so that only a flow says where it goes.
D=02:00:00:00:99:01

on_fail()
{
	vsw -n "$sw" flow show vs0
	vsw -s -n "$sw" group show vs0
	vsw -s -n "$sw" meter show vs0
	vsw -s -n "$sw" port show h1
}

flow()
{
	vsw -n "$sw" flow "$@"
}

group()
{
	vsw -n "$sw" group "$@"
}

meter()
{
	vsw -n "$sw" meter "$@"
}

# clean: neither flows nor groups nor meters
clean()
{
	flow del vs0 >/dev/null
	group delete vs0
	meter delete vs0
}

# sends OPTION... RECEIVER...: h1 does, to nobody's MAC; what all receivers count in $counts
sends()
{
	local out

	out=$(frame -i "$h1/eth0" -d "$D" "$@" 2>&1)
	check_err $? "h1 sends $*: $out"
	counts=$(sed -n 's/.* \([0-9]*\)$/\1/p' <<< "$out")
}

# shares N: how many of N MACs' frames h2, h3 and h4 get, as $a, $b and $c
shares()
{
	sends -s 02:00:00:01:00:00 -S "$1" -c "$1" "$h2/eth0" "$h3/eth0" "$h4/eth0"
	read -r -d '' a b c <<< "$counts"
	expect_eq $((a + b + c)) "$1" "frames that arrived"
}

select_shares()
{
	succeeds group add vs0 group_id=1,type=select,hash=l2,bucket=weight:1,output:h2,bucket=weight:2,output:h3,bucket=weight:0,output:h4
	succeeds flow add vs0 in_port=h1,actions=group:1
	# Four standard deviations.
	shares 900
	expect_ge "$a" 240 "h2's share of a third"
	expect_ge "$b" 540 "h3's share of two thirds"
	expect_eq "$c" 0 "h4's share of nothing"

	succeeds group set vs0 group_id=1,bucket=output:h2,bucket=output:h3,bucket=output:h4
	shares 900
	expect_ge "$a" 240 "h2's equal share"
	expect_ge "$b" 240 "h3's equal share"
	expect_ge "$c" 240 "h4's equal share"
	clean
	log_test "select: frames by weight"
}

# packets_of GROUP: of it and of its buckets
packets_of()
{
	vsw -s -j -n "$sw" group show vs0 "$1" |
		jq -r '.[0] | "\(.packets) \([.bucket[].packets] | join(" "))"'
}

# connections: h1 sends a UDP datagram from each of 600 ports
connections()
{
	# shellcheck disable=SC2016
	in_ns "$h1" bash -c 'for i in {2001..2600}; do echo >/dev/udp/192.0.2.99/$i; done'
}

select_connections()
{
	local all x y z p q r

	succeeds group add vs0 group_id=1,type=select,bucket=output:h2,bucket=output:h3,bucket=output:h4
	succeeds flow add vs0 in_port=h1,udp,actions=group:1
	succeeds ip -n "$h1" neigh replace 192.0.2.99 lladdr "$D" dev eth0
	connections
	read -r all x y z <<< "$(packets_of 1)"
	expect_eq "$all" 600 "packets of the group"
	expect_eq $((x + y + z)) 600 "packets of its buckets"
	expect_ge "$x" 150 "connections to h2"
	expect_ge "$y" 150 "connections to h3"
	expect_ge "$z" 150 "connections to h4"

	# The same ones again, but for the ports that they come from: by addresses alone it
	# is one way for all.
	succeeds group set vs0 group_id=1,hash=l3,bucket=output:h2,bucket=output:h3,bucket=output:h4
	connections
	read -r all p q r <<< "$(packets_of 1)"
	expect_eq "$all" 1200 "packets of the group, which go on being counted"
	[ $((p - x)) = 600 ] || [ $((q - y)) = 600 ] || [ $((r - z)) = 600 ]
	check_err $? "by addresses, all connections go one way: $x $y $z, then $p $q $r"
	clean
	log_test "select: connections by port"
}

# What the others had is theirs still, with what h4 had beside it.
select_sticks()
{
	local p q

	succeeds group add vs0 group_id=1,type=select,hash=l2,bucket=bucket_id:7,output:h2,bucket=bucket_id:8,output:h3,bucket=bucket_id:9,output:h4
	succeeds flow add vs0 in_port=h1,actions=group:1
	shares 600
	p=$a q=$b
	shares 600
	expect_eq "$a $b" "$p $q" "the same frames again"
	# h4 takes the place of none, so that all that h2 and h3 get is what they got.
	succeeds group set vs0 group_id=1,bucket=bucket_id:7,output:h2,bucket=bucket_id:8,output:h3,bucket=bucket_id:9,drop
	sends -s 02:00:00:01:00:00 -S 600 -c 600 "$h2/eth0=$p" "$h3/eth0=$q" "$h4/eth0=0"
	succeeds group set vs0 group_id=1,bucket=bucket_id:8,output:h3,bucket=bucket_id:7,output:h2
	shares 600
	expect_ge "$a" "$((p + 60))" "what h2 gets of h4's share"
	expect_ge "$b" "$((q + 60))" "what h3 gets of h4's share"
	clean
	log_test "select: what stays where it is when the group changes"
}

select_live()
{
	local before name

	succeeds group add vs0 group_id=1,type=select,hash=l2,bucket=watch_port:h2,output:h2,bucket=watch_port:h3,output:h3,bucket=watch_port:h4,output:h4
	succeeds flow add vs0 in_port=h1,actions=group:1
	succeeds port_link h3 down
	shares 300
	expect_eq "$b" 0 "frames to h3, which is down"
	expect_ge "$a" 100 "frames to h2"
	expect_ge "$c" 100 "frames to h4"
	succeeds port_link h2 down
	sends -c 50 "$h4/eth0=50"
	succeeds port_link h4 down
	before=$(port_drops "$sw" h1 flow-no-bucket)
	sends -c 20 "$h1/eth0=0"
	expect_eq "$(port_drops "$sw" h1 flow-no-bucket)" $((before + 20)) "dropped without a bucket"
	for name in h2 h3 h4; do
		succeeds port_link "$name" up
		wait_for carrier "${!name}" eth0
	done
	shares 300
	expect_ge "$b" 60 "frames to h3 again"
	clean
	log_test "select: no frame goes to a port that is down"
}

failover()
{
	succeeds group add vs0 group_id=1,type=ff,bucket=watch_port:h3,output:h3,bucket=watch_port:h2,output:h2,bucket=watch_port:h4,output:h4
	succeeds flow add vs0 in_port=h1,actions=group:1
	sends -c 20 "$h3/eth0=20" "$h2/eth0=0" "$h4/eth0=0"

	# From the first frame on, whatever it is that goes: the port, ...
	succeeds port_link h3 down
	sends -c 20 "$h2/eth0=20" "$h4/eth0=0"
	succeeds port_link h3 up
	wait_for carrier "$h3" eth0
	sends -c 20 "$h3/eth0=20" "$h2/eth0=0"
	# ... the link, of which the port hears only later, ...
	succeeds ip -n "$h3" link set eth0 down
	sends -c 20 "$h2/eth0=20" "$h4/eth0=0"
	succeeds ip -n "$h3" link set eth0 up
	wait_for carrier "$h3" eth0
	sends -c 20 "$h3/eth0=20" "$h2/eth0=0"
	# ... by request, or all of it.
	succeeds vsw -n "$sw" port set h3 shut on
	succeeds vsw -n "$sw" port set h2 shut on
	sends -c 20 "$h4/eth0=20"
	succeeds vsw -n "$sw" port set h3 shut off
	succeeds vsw -n "$sw" port set h2 shut off
	sends -c 20 "$h3/eth0=20" "$h2/eth0=0"
	clean
	log_test "fast failover: the first live one, from the first frame on"
}

all_copies()
{
	succeeds group add vs0 group_id=1,type=all,bucket=mod_vlan_vid:10,output:h2,bucket=output:h3,bucket=mod_vlan_vid:20,output:h4
	succeeds flow add vs0 in_port=h1,actions=group:1,output:in_port
	# What a bucket does is not seen by others, nor behind the group.
	sends -c 30 "$h2/eth0@10=30" "$h3/eth0@=30" "$h4/eth0@20=30"
	expect_eq "$(packets_of 1)" "30 30 30 30" "packets of the group and its buckets"
	clean
	log_test "all: a copy for each bucket"
}

indirect()
{
	succeeds group add vs0 group_id=4294967040,type=indirect,bucket=output:h2
	succeeds group add vs0 group_id=2,type=indirect,bucket=group:4294967040
	succeeds flow add vs0 in_port=h1,actions=group:2
	sends -c 10 "$h2/eth0=10" "$h3/eth0=0"
	succeeds group set vs0 group_id=4294967040,bucket=output:h3
	sends -c 10 "$h2/eth0=0" "$h3/eth0=10"
	clean
	log_test "indirect: one place for what many flows do"
}

flows()
{
	vsw -j -n "$sw" flow show vs0 | jq length
}

groups_end()
{
	local before

	succeeds group add vs0 group_id=1,type=all,bucket=output:h2
	succeeds group add vs0 group_id=2,type=all,bucket=group:1
	succeeds group add vs0 group_id=3,type=all,bucket=output:h3
	succeeds flow add vs0 priority=1,in_port=h1,actions=group:1
	succeeds flow add vs0 priority=2,in_port=h1,actions=group:2
	succeeds flow add vs0 priority=3,in_port=h1,dl_dst="$D",actions=output:h3,group:3
	expect_eq "$(flows)" 3 "flows"
	succeeds group delete vs0 3
	expect_eq "$(flows)" 2 "flows without that of group 3"
	succeeds group delete vs0 1
	expect_eq "$(flows)" 1 "flows without that of group 1"
	before=$(port_drops "$sw" h1 flow-no-bucket)
	sends -c 7 "$h2/eth0=0"
	expect_eq "$(port_drops "$sw" h1 flow-no-bucket)" $((before + 7)) \
		"frames to a bucket whose group is gone"
	# Another one of the id is what the bucket leads to.
	succeeds group add vs0 group_id=1,type=all,bucket=output:h2
	sends -c 7 "$h2/eth0=7"
	succeeds group delete vs0
	expect_eq "$(flows)" 0 "flows without groups"
	clean
	log_test "deleting groups deletes the flows that use them"
}

groups_refused()
{
	local i text=group_id=8,type=all

	succeeds group add vs0 group_id=1,type=all,bucket=output:h2
	refused 'id already' group add vs0 group_id=1,type=all,bucket=output:h2
	refused 'no group of this id' group set vs0 group_id=2,bucket=output:h2
	refused 'no group of this id' group delete vs0 2
	refused 'no group of this id' group show vs0 2
	refused 'no group that an action names' group add vs0 group_id=2,type=all,bucket=group:3
	refused 'no meter that an action names' group add vs0 group_id=2,type=all,bucket=meter:3,output:h2
	refused 'no group that an action names' flow add vs0 in_port=h1,actions=group:3
	refused 'contain itself' group set vs0 group_id=1,bucket=group:1
	succeeds group add vs0 group_id=2,type=all,bucket=group:1
	refused 'contain itself' group set vs0 group_id=1,bucket=output:h2,bucket=output:h3,group:2
	refused 'one bucket' group add vs0 group_id=5,type=indirect,bucket=output:h2,bucket=output:h3
	refused 'select group has a hash' group add vs0 group_id=5,type=all,hash=l3,bucket=output:h2
	refused 'have a weight' group add vs0 group_id=5,type=all,bucket=weight:2,output:h2
	refused 'same id' group add vs0 group_id=5,type=all,bucket=bucket_id:1,output:h2,bucket=output:h3
	for i in {1..256}; do
		text+=,bucket=output:h2
	done
	succeeds group add vs0 "$text"
	expect_eq "$(vsw -j -n "$sw" group show vs0 8 | jq '.[0].bucket | length')" 256 "buckets"
	refused '256 buckets' group set vs0 "$text,bucket=output:h2"
	clean
	log_test "groups that can't be"
}

# milliseconds
now()
{
	echo $((${EPOCHREALTIME/./} / 1000))
}

# passes RATE: so many frames a second reach h3, of many more that h1 sends all the time,
# within 5 % and what the clock can tell
passes()
{
	local from from_until to to_until first last sent

	bg frame -i "$h1/eth0" -d "$D" -c 0 -l 1000 -p 1000
	sent=$!
	# Its burst is used up.
	sleep 0.5
	from=$(now)
	first=$(port_stat "$sw" h3 tx-packets)
	from_until=$(now)
	sleep 2
	to=$(now)
	last=$(port_stat "$sw" h3 tx-packets)
	to_until=$(now)
	bg_stop "$sent"
	[ $(((last - first) * 1000 * 100)) -ge $((95 * $1 * (to - from_until))) ] &&
		[ $(((last - first) * 1000 * 100)) -le $((105 * $1 * (to_until - from))) ]
	check_err $? "$((last - first)) frames in $((to - from_until)) to $((to_until - from)) ms, not $1 a second"
}

meter_packets()
{
	local before

	succeeds meter add vs0 meter=1,pktps,burst,band=type=drop,rate=300,burst_size=10
	succeeds flow add vs0 in_port=h1,actions=meter:1,output:h3
	before=$(port_drops "$sw" h1 meter)
	passes 300
	expect_ge "$(port_drops "$sw" h1 meter)" $((before + 300)) "frames that the meter drops"
	clean
	log_test "a meter of packets"
}

meter_bits()
{
	# Frames of 1000 bytes.
	succeeds meter add vs0 meter=1,kbps,burst,band=type=drop,rate=1600,burst_size=80
	succeeds flow add vs0 in_port=h1,actions=meter:1,output:h3
	passes 200
	succeeds meter set vs0 meter=1,kbps,burst,band=type=drop,rate=800,burst_size=80
	passes 100
	clean
	log_test "a meter of bits, and with another rate"
}

# So slow that only the burst passes, and some more if all takes seconds.
meter_per_flow()
{
	local sources=(-s 02:00:00:01:00:00 -S 2 -c 60) x y

	succeeds meter add vs0 meter=2,pktps,burst,per_flow,band=type=drop,rate=1,burst_size=20
	succeeds flow add vs0 in_port=h1,dl_src=02:00:00:01:00:00,actions=meter:2,output:h3
	succeeds flow add vs0 in_port=h1,dl_src=02:00:00:01:00:01,actions=meter:2,output:h2
	sends "${sources[@]}" "$h3/eth0" "$h2/eth0"
	read -r -d '' x y <<< "$counts"
	expect_ge "$x" 20 "frames of one flow"
	expect_ge "$y" 20 "frames of the other"
	expect_ge 25 "$x" "frames of one flow, at most"
	expect_ge 25 "$y" "frames of the other, at most"

	succeeds meter add vs0 meter=1,pktps,burst,band=type=drop,rate=1,burst_size=20
	succeeds flow mod vs0 in_port=h1,dl_src=02:00:00:01:00:00,actions=meter:1,output:h3
	succeeds flow mod vs0 in_port=h1,dl_src=02:00:00:01:00:01,actions=meter:1,output:h2
	sends "${sources[@]}" "$h3/eth0" "$h2/eth0"
	read -r -d '' x y <<< "$counts"
	expect_ge $((x + y)) 20 "frames of both"
	expect_ge 25 $((x + y)) "frames of both, at most"
	clean
	log_test "a meter for each flow, and a shared one"
}

# An IPv4 packet with the type of service and header checksum in hexadecimal.
ipv4()
{
	printf '%s' 020000009901 020000000001 0800 "45${1}0030" 00004000 "4011$2" c0000201 c0000263 \
		04d2162e001c0000 0001020304050607 08090a0b0c0d0e0f 10111213
}

meter_dscp()
{
	succeeds meter add vs0 meter=1,pktps,burst,band=type=dscp_remark,rate=1,burst_size=5,dscp=46
	succeeds flow add vs0 in_port=h1,ip,actions=meter:1,output:h3
	# ECN stays as it was.
	succeeds frame -i "$h1/eth0" -x "$(ipv4 01 b657)" -X "$(ipv4 01 b657)" -c 5 "$h3/eth0=5"
	succeeds frame -i "$h1/eth0" -x "$(ipv4 01 b657)" -X "$(ipv4 b9 b59f)" -c 1 "$h3/eth0=1"
	clean
	log_test "a meter that changes the DSCP"
}

meters_end()
{
	succeeds meter add vs0 meter=1,pktps,band=type=drop,rate=1
	succeeds meter add vs0 meter=2,pktps,band=type=drop,rate=1
	succeeds group add vs0 group_id=1,type=all,bucket=meter:1,output:h2
	succeeds flow add vs0 priority=1,in_port=h1,actions=meter:1,output:h2
	succeeds flow add vs0 priority=2,in_port=h1,actions=meter:2,output:h2
	succeeds flow add vs0 priority=3,in_port=h1,dl_dst="$D",actions=group:1
	expect_eq "$(vsw -j -n "$sw" meter show vs0 1 | jq '.[0].flows')" 2 "users of meter 1"
	succeeds meter delete vs0 2
	expect_eq "$(flows)" 2 "flows without that of meter 2"
	succeeds meter delete vs0
	expect_eq "$(flows)" 1 "flows without meters"
	# A bucket is not measured any more.
	sends -c 10 "$h2/eth0=10"
	clean
	log_test "deleting meters deletes the flows that use them"
}

meters_refused()
{
	succeeds meter add vs0 meter=1,pktps,band=type=drop,rate=100
	refused 'id already' meter add vs0 meter=1,pktps,band=type=drop,rate=100
	refused 'no meter of this id' meter set vs0 meter=2,pktps,band=type=drop,rate=100
	refused 'no meter of this id' meter delete vs0 2
	refused 'no meter of this id' meter show vs0 2
	refused 'more than comes in a day' meter set vs0 meter=1,pktps,burst,band=type=drop,rate=1,burst_size=86400
	refused 'per flow or shared' meter set vs0 meter=1,pktps,per_flow,band=type=drop,rate=1
	refused 'no meter that an action names' flow add vs0 in_port=h1,actions=meter:2
	clean
	log_test "meters that can't be"
}

run_tests
