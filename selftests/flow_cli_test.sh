#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "vsw flow", "vsw group" and "vsw meter" and the module: that what is written is what the
# kernel has and shows, that files come and go as a whole, and what errors say.

# shellcheck disable=SC2154,SC2317  # setup_ns assigns; the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

ALL_TESTS="
	classic
	all_fields
	all_actions
	names
	meant
	files
	replacing
	tables
	groups
	meters
	group_files
	meter_files
	whole
	packets
	removed
	errors
	long_flows
	many
"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02

# The flows, as text.
saved()
{
	v flow save vs0
}

# There and back: the flows of standard input are saved as they were written.
same()
{
	cat >"$tmp/flows"
	succeeds v flow replace vs0 "$tmp/flows"
	saved >"$tmp/saved"
	expect_eq "$(diff "$tmp/flows" "$tmp/saved")" "" "differences to what was written"
}

# The classic: an access port to a trunk and back.
classic()
{
	fresh
	ip -n "$net" link add p3 up type veth peer name q3
	ip -n "$net" link set q3 up
	succeeds v port add p3 switch vs0
	succeeds v flow add vs0 in_port=1,actions=strip_vlan,output:2
	succeeds v flow add vs0 in_port=2,actions=mod_vlan_vid:10,output:1
	expect_eq "$(saved)" "table=0,priority=32768,in_port=1,actions=strip_vlan,output:2
table=0,priority=32768,in_port=2,actions=mod_vlan_vid:10,output:1" "the flows"
	ip -n "$net" link set p1 up
	ip -n "$net" link set p2 up
	wait_for carrier "$net" p1
	wait_for carrier "$net" p2
	succeeds frame -i "$net/q1" -v 10 "$net/q2@=1" "$net/q3=0"
	succeeds frame -i "$net/q2" "$net/q1@10=1" "$net/q3=0"
	expect_eq "$(v -j flow show vs0 | jq -c '[.[] | [.match.in_port, .packets, .actions]]')" \
		'[[1,1,["strip_vlan","output:2"]],[2,1,["mod_vlan_vid:10","output:1"]]]' "JSON"
	shows "^TABLE +PRIORITY +PACKETS +BYTES +MATCH +ACTIONS$" v flow show vs0
	shows "^ +0 +32768 +1 +[0-9]+ +in_port=p1 +strip_vlan,output:p2$" v flow show vs0
	shows "in_port=1 +strip_vlan,output:2$" v flow show vs0 numbers
	shows "AGE +IDLE" v -s flow show vs0
	ip -n "$net" link del p3
	log_test "in_port=1,actions=strip_vlan,output:2 and back"
}

all_fields()
{
	fresh
	{
		sed 's/.*/table=0,priority=32768,&,actions=output:1/' <<-END
			in_port=LOCAL
			dl_dst=01:00:00:00:00:00/01:00:00:00:00:00
			dl_src=02:00:00:00:00:01,dl_type=0x88b5
			dl_vlan=10,dl_vlan_pcp=3
			vlan_tci=0x0000
			vlan_tci=0x1000/0x1000
			vlan_tci=0x1002/0x1ffe,dl_vlan2=20,dl_vlan2_pcp=0
			ip,nw_src=10.0.0.0/8,nw_dst=192.0.2.1
			ip,nw_src=10.0.2.0/255.0.255.0
			ip,nw_proto=47,nw_tos=32,nw_ecn=1,nw_ttl=5
			ip,ip_frag=no
			tcp,tp_src=5,tp_dst=0x10/0xfff0,tcp_flags=+syn-ack
			udp,tp_src=1000-1999,tp_dst=80-89
			sctp,tp_dst=7
			icmp,icmp_type=8,icmp_code=0
			ipv6,ipv6_src=2001:db8::/32,ipv6_dst=::1,ipv6_label=0x5
			icmp6,icmpv6_type=135,icmpv6_code=0,nd_sll=02:00:00:00:00:01,nd_target=fe80::1
			arp,arp_op=1,arp_spa=10.0.0.1,arp_tpa=10.0.0.0/24,arp_sha=02:00:00:00:00:01
			metadata=0x5/0xff,reg0=0x1,reg7=0xff00/0xff00,pkt_mark=0x7
			tun_id=0x5,tun_src=192.0.2.1,tun_dst=192.0.2.0/24
			cgroup=4711
		END
		echo "cookie=0xffffffffffffffff,table=253,priority=0,idle_timeout=1.5,hard_timeout=86400,importance=7,send_flow_rem,no_counts,actions=drop"
	} | same
	log_test "fields and settings, there and back"
}

all_actions()
{
	fresh
	succeeds v group add vs0 group_id=1,type=indirect,bucket=output:1
	succeeds v meter add vs0 meter=2,pktps,band=type=drop,rate=5
	awk '{ print "table=0,priority=" 100 - NR ",tcp,dl_vlan=5,actions=" $0 }' <<-END | same
		drop
		drop(no such thing)
		NORMAL
		FLOOD
		ALL
		IN_PORT,LOCAL,output:1,output:2
		strip_vlan,push_vlan:0x88a8,output:1
		mod_vlan_vid:10,mod_vlan_pcp:3,set_vlan_vid:11,set_vlan_pcp:4,output:1
		mod_dl_src:02:00:00:00:00:01,mod_dl_dst:02:00:00:00:00:02,output:1
		mod_nw_src:10.0.0.1,mod_nw_dst:10.0.0.2,mod_nw_tos:32,mod_nw_ecn:1,mod_nw_ttl:9,output:1
		mod_tp_src:80,mod_tp_dst:81,dec_ttl,output:1
		set_field:10.0.0.0/8->nw_src,set_field:0x5/0xff->reg0,set_field:0x7->pkt_mark,output:1
		move:dl_src[]->dl_dst[],move:reg0[0..15]->reg1[16..31],output:1
		write_metadata:0x5,set_queue:3,output:1
		output(port=2,max_len=64),output:1
		controller,controller(max_len=128,rate=10,userdata=00.ff)
		group:1,meter:2,output:1
		resubmit(,2),resubmit:2,resubmit(1,5)
		goto_table:7
	END
	log_test "actions, there and back"
}

names()
{
	fresh
	ip -n "$net" link set p2 alias "web front"
	succeeds v port add normal type vnic switch vs0 alias db
	succeeds v flow add vs0 'in_port=p1,actions=output:"web front",vs0,db'
	expect_eq "$(saved)" "table=0,priority=32768,in_port=1,actions=output:2,LOCAL,output:3" \
		"names as numbers"
	shows "in_port=p1 +output:p2,LOCAL,output:3$" v flow show vs0
	says 1 "in_port: the switch has no port 'q1'" v flow add vs0 in_port=q1,actions=1
	says 1 "'q1' is no action, and no port" v flow add vs0 actions=q1
	ip -n "$net" link set p1 alias db
	says 1 "more than one port is called 'db'" v flow add vs0 in_port=db,actions=1
	ip -n "$net" link set p1 alias ""
	log_test "names of ports"
}

meant()
{
	fresh
	succeeds v flow load vs0 - <<-END
		cookie=1,priority=5,ip,actions=1
		cookie=2,priority=5,tcp,actions=2
		cookie=2,table=1,priority=6,tcp,actions=2
		cookie=0x12,priority=7,arp,actions=drop
	END
	shows "^2 flows changed$" v flow mod vs0 table=0,ip,actions=LOCAL
	expect_eq "$(v -j flow show vs0 ip | jq -c '[.[].actions[0]]')" \
		'["LOCAL","LOCAL","output:2"]' "flows after the change"
	shows "^1 flow changed$" v flow mod vs0 strict priority=5,table=0,ip,actions=drop
	expect_eq "$(v -j flow show vs0 cookie=2/0xf | jq length)" 3 "flows of a cookie with a mask"
	expect_eq "$(v -j flow show vs0 strict ip priority=5 | jq length)" 1 "the flow of a strict match"
	expect_eq "$(v -j flow del vs0 out_port=p2 | jq -c .)" '[{"count":1}]' "deleted by out_port"
	shows "^0 flows deleted$" v flow del vs0 udp
	shows "^2 flows deleted$" v flow del vs0 cookie=2/0xf
	shows "^1 flow deleted$" v flow del vs0
	expect_eq "$(v flow show vs0)" "" "flows after all were deleted"
	expect_eq "$(v -j flow show)" "[]" "JSON of no flows"
	log_test "which flows are meant"
}

files()
{
	fresh
	cat >"$tmp/flows" <<-END
		# what stands here
		  priority=5, ip actions=1

		add priority=6,arp,actions=p2   # and here
	END
	succeeds v flow load vs0 "$tmp/flows"
	saved >"$tmp/saved"
	expect_eq "$(wc -l <"$tmp/saved")" 2 "lines saved"
	printf 'in_port=9,actions=1\nip,actions=nonsense\n' >"$tmp/wrong"
	says 1 "wrong:2: 'nonsense' is no action" v flow load vs0 "$tmp/wrong"
	saved | cmp -s - "$tmp/saved"
	check_err $? "a file with a wrong line changed something"
	printf 'in_port=9,actions=1\nip,actions=group:7\nip,actions=1\n' >"$tmp/wrong"
	says 2 "wrong:2: switch 'vs0': .*group" v flow load vs0 "$tmp/wrong"
	saved | cmp -s - "$tmp/saved"
	check_err $? "a message with a flow that is refused changed something"
	seq 2500 | sed "s/.*/table=9,priority=&,ip,actions=$(printf 'dec_ttl,%.0s' {1..100})1/" \
		>"$tmp/wrong"
	echo "ip,actions=group:7" >>"$tmp/wrong"
	says 2 "[^.]\. [0-9]+ flows of lines before were added$" v flow load vs0 "$tmp/wrong"
	log_test "files of flows"
}

replacing()
{
	fresh
	succeeds v flow add vs0 actions=normal
	saved >"$tmp/old"
	printf 'table=%s,priority=7,ip,actions=output:1\n' 0 1 5 >"$tmp/new"
	succeeds v flow replace vs0 "$tmp/new"
	saved >"$tmp/saved"
	cmp "$tmp/new" "$tmp/saved"
	check_err $? "what is saved is not what was loaded"
	printf 'ip,actions=1\nip,actions=nonsense\n' >"$tmp/wrong"
	says 1 "wrong:2: 'nonsense'" v flow replace vs0 "$tmp/wrong"
	printf 'ip,actions=1\narp,actions=meter:9\n' >"$tmp/wrong"
	says 2 "meter" v flow replace vs0 "$tmp/wrong"
	saved | cmp -s - "$tmp/new"
	check_err $? "a replacement that was refused changed something"
	succeeds v flow replace vs0 - <"$tmp/old"
	saved | cmp -s - "$tmp/old"
	check_err $? "the old flows did not come back"
	succeeds v flow replace vs0 /dev/null
	expect_eq "$(saved)" "" "flows after they were replaced by none"
	log_test "flows that are replaced"
}

tables()
{
	fresh
	expect_eq "$(v flow table)" "" "tables of a new switch"
	succeeds v flow table set vs0 3 max-flows 2 evict on miss continue
	succeeds v flow add vs0 table=3,ip,actions=1
	expect_eq "$(v -j flow table show vs0 |
		jq -c '.[] | [.table, .["max-flows"], .evict, .miss, .flows, .masks]')" \
		'[3,2,true,"continue",1,1]' "the table"
	shows "^vs0 +3 +1 +2 +evict +continue +1 " v flow table
	says 1 "none of 'normal', 'drop', 'controller' and 'continue'" v flow table set vs0 3 miss x
	says 1 "nothing to set" v flow table set vs0 3
	says 1 "most is 253" v flow table set vs0 254 miss drop
	succeeds v flow table set vs0 3 evict off
	succeeds v flow add vs0 table=3,arp,actions=1
	says 2 "(full|as many).*'vsw flow table show'" v flow add vs0 table=3,ipv6,actions=1
	log_test "tables"
}

groups()
{
	fresh
	succeeds v group add vs0 'group_id=1,type=select,hash=l3,bucket=weight:5,output:p1,bucket=p2'
	succeeds v group add vs0 group_id=2,type=ff,bucket=watch_port:p1,actions=p1
	shows "^group_id=1,type=select,hash=l3,bucket=bucket_id:0,weight:5,actions=output:p1,bucket=" \
		v group show vs0
	expect_eq "$(v group show vs0 numbers 2 | sed 's/bucket_id:[0-9]*,//; s/weight:[0-9]*,//')" \
		"group_id=2,type=ff,bucket=watch_port:1,actions=output:1" "a group by its number"
	says 2 "group 1 of switch 'vs0': .*'vsw group set'" v group add vs0 group_id=1,type=all
	succeeds v group set vs0 group_id=1,type=all,bucket=1,bucket=2,bucket=actions=drop
	expect_eq "$(v -j group show vs0 1 | jq -c '.[0] | [.type, (.bucket | length)]')" \
		'["all",3]' "the group after it was set"
	succeeds v flow add vs0 ip,actions=group:1
	expect_eq "$(v -j group show | jq -c '[.[] | [.id, .flows]]')" '[[1,1],[2,0]]' "users"
	shows "used by 1 flow" v -s group show vs0 1
	succeeds v group del vs0 group_id=1
	expect_eq "$(saved)" "" "flows whose group is gone"
	succeeds v group del vs0
	expect_eq "$(v group show)" "" "groups after all were deleted"
	says 2 "group 7 of switch 'vs0': .*'vsw group show'" v group show vs0 7
	log_test "groups"
}

meters()
{
	fresh
	succeeds v meter add vs0 meter=1,pktps,burst,band=type=drop,rate=1000,burst_size=100
	succeeds v meter add vs0 meter=2,kbps,per_flow,band=type=dscp_remark,rate=500,dscp=8
	expect_eq "$(v meter show vs0 1)" \
		"meter=1,pktps,burst,band=type=drop,rate=1000,burst_size=100" "meter 1"
	shows "^meter=2,kbps,burst,per_flow,band=type=dscp_remark,rate=500,burst_size=[0-9]+,dscp=8$" \
		v meter show vs0
	succeeds v meter set vs0 meter=1,pktps,band=type=drop,rate=5
	expect_eq "$(v -j meter show vs0 1 | jq -c '.[0] | [.unit, .rate]')" '["pps",5]' "meter 1"
	succeeds v flow add vs0 arp,actions=meter:1,normal
	shows "used by 1 flow" v -s meter show
	says 2 "'vsw meter set' changes it" v meter add vs0 meter=1,kbps,band=type=drop,rate=5
	says 2 "meter show' and 'vsw mirror show'" v flow add vs0 ip,actions=meter:9
	succeeds v meter del vs0
	expect_eq "$(v meter show)$(saved)" "" "meters and flows after all meters were deleted"
	log_test "meters"
}

# kept OBJECT FILE: what "save" says is just the file.
kept()
{
	v "$1" save vs0 | diff "$2" - >"$tmp/differs"
	expect_eq "$(cat "$tmp/differs")" "" "$1: differences to $2"
}

group_files()
{
	fresh
	cat >"$tmp/groups" <<-END
		# 1 and 3 name what comes later
		group_id=1,type=all,bucket=group:9,bucket=actions=mod_vlan_vid:7,p2
		add group_id=3,type=indirect,bucket=actions=group:1,output:1   # and so on
		group_id=9,type=select,bucket=weight:5,actions=p1,bucket=drop
		group_id=4,type=ff,bucket=watch_port:p1,p1
	END
	succeeds v group check vs0 "$tmp/groups"
	expect_eq "$(v group save vs0)" "" "groups after a check"
	succeeds v group load vs0 "$tmp/groups"
	cat >"$tmp/saved" <<-END
		group_id=9,type=select,bucket=bucket_id:0,weight:5,actions=output:1,bucket=bucket_id:1,weight:1,actions=drop
		group_id=1,type=all,bucket=bucket_id:0,actions=group:9,bucket=bucket_id:1,actions=mod_vlan_vid:7,output:2
		group_id=3,type=indirect,bucket=bucket_id:0,actions=group:1,output:1
		group_id=4,type=ff,bucket=bucket_id:0,watch_port:1,actions=output:1
	END
	kept group "$tmp/saved"
	succeeds v group del vs0
	succeeds v group add vs0 - <"$tmp/saved"
	kept group "$tmp/saved"
	v group del vs0
	while read -r group; do
		succeeds v group add vs0 "$group"
	done <"$tmp/saved"
	kept group "$tmp/saved"

	# Others: 9 names 1 now, 3 is gone, with its flow, and 4 has no counters to lose.
	succeeds v flow add vs0 priority=1,actions=group:1
	succeeds v flow add vs0 priority=3,actions=group:3
	cat >"$tmp/other" <<-END
		group_id=1,type=select,hash=l2,bucket=bucket_id:0,weight:1,actions=output:2
		group_id=4,type=ff,bucket=bucket_id:0,watch_port:1,actions=output:1
		group_id=9,type=all,bucket=bucket_id:0,actions=group:1
	END
	succeeds v group replace vs0 "$tmp/other"
	kept group "$tmp/other"
	expect_eq "$(saved)" "table=0,priority=1,actions=group:1" "flows whose group is still there"
	echo "group_id=1,type=select,bucket=p2" | v group replace vs0 -
	expect_eq "$(v group save vs0)" \
		"group_id=1,type=select,bucket=bucket_id:0,weight:1,actions=output:2" \
		"the only group, with the hash that is meant where nothing is said"
	succeeds v group replace vs0 /dev/null
	expect_eq "$(v group save vs0)$(saved)" "" "groups and flows after all were replaced by none"
	log_test "files of groups"
	group_files_refused
}

group_files_refused()
{
	succeeds v group load vs0 "$tmp/other"
	printf 'group_id=%s,type=all,bucket=%s\n' 20 1 21 nonsense >"$tmp/wrong"
	says 1 "wrong:2: bucket 1: 'nonsense' is no action" v group load vs0 "$tmp/wrong"
	says 1 "wrong:2: bucket 1: 'nonsense' is no action" v group replace vs0 "$tmp/wrong"
	printf 'group_id=%s,type=all,bucket=1\n' 20 21 20 >"$tmp/wrong"
	says 1 "wrong:3: group 20 is in line 1 already" v group load vs0 "$tmp/wrong"
	says 1 "wrong:3: group 20 is in line 1 already" v group check vs0 "$tmp/wrong"
	echo "group_id=20,bucket=1" >"$tmp/wrong"
	says 1 "wrong:1: 'type=' is missing" v group replace vs0 "$tmp/wrong"
	says 1 "name of the switch is missing" v group save
	says 1 "the file is missing" v group load vs0
	kept group "$tmp/other"
	says 2 "other:1: group 1 of switch 'vs0': .*already" v group load vs0 "$tmp/other"
	printf 'group_id=%s,type=all,bucket=%s\n' 20 1 21 group:7 >"$tmp/wrong"
	says 2 "wrong:2: group 21 .* no group that an action names.*1 of 2 groups were done" \
		v group load vs0 "$tmp/wrong"
	printf 'group_id=%s,type=all,bucket=group:%s\n' 1 9 9 1 >"$tmp/wrong"
	says 2 "wrong:1: group 1 of switch 'vs0': .*contain itself" v group replace vs0 "$tmp/wrong"
	says 2 "switch 'vs7'" v group replace vs7 "$tmp/other"
	says 2 "switch 'vs7'" v group save vs7
	log_test "files of groups that are refused"
}

meter_files()
{
	fresh
	cat >"$tmp/meters" <<-END
		meter=2,kbps,burst,per_flow,band=type=dscp_remark,rate=500,burst_size=50,dscp=8
		meter=7,pktps,burst,band=type=drop,rate=1000,burst_size=100
	END
	succeeds v meter check vs0 "$tmp/meters"
	succeeds v meter load vs0 "$tmp/meters"
	kept meter "$tmp/meters"
	v meter del vs0
	while read -r meter; do
		succeeds v meter add vs0 "$meter"
	done <"$tmp/meters"
	kept meter "$tmp/meters"
	succeeds v flow add vs0 ip,actions=meter:7,normal
	succeeds v flow add vs0 arp,actions=meter:2,normal
	printf 'meter=%s,pktps,band=type=drop,rate=%s,burst_size=9\n' 7 77 8 88 >"$tmp/other"
	succeeds v meter replace vs0 "$tmp/other"
	sed -i 's/pktps/&,burst/' "$tmp/other"
	kept meter "$tmp/other"
	expect_eq "$(saved)" "table=0,priority=32768,ip,actions=meter:7,NORMAL" \
		"flows whose meter is still there"

	printf 'meter=%s,pktps%s,band=type=drop,rate=5\n' 9 "" 7 ,per_flow >"$tmp/wrong"
	says 2 "wrong:2: meter 7 .*stays what it was" v meter replace vs0 "$tmp/wrong"
	echo "meter=9,band=type=drop,rate=5" >"$tmp/wrong"
	says 1 "wrong:1: 'pktps' or 'kbps' is missing" v meter replace vs0 "$tmp/wrong"
	cat "$tmp/other" "$tmp/other" >"$tmp/wrong"
	says 1 "wrong:3: meter 7 is in line 1 already" v meter replace vs0 "$tmp/wrong"
	says 2 "other:1: meter 7 .*already" v meter load vs0 "$tmp/other"
	says 4 "none: No such file" v meter load vs0 "$tmp/none"
	kept meter "$tmp/other"
	succeeds v meter replace vs0 - </dev/null
	expect_eq "$(v meter save vs0)$(saved)" "" "meters and flows after all were replaced by none"
	log_test "files of meters"
}

# All of a switch's flows, with what they need, on another one.
whole()
{
	local object

	fresh
	succeeds v meter add vs0 meter=1,pktps,band=type=drop,rate=5
	succeeds v group add vs0 group_id=5,type=all,bucket=meter:1,output:1
	succeeds v group add vs0 group_id=2,type=all,bucket=group:5
	succeeds v flow add vs0 ip,actions=meter:1,group:2
	succeeds v switch add vs1
	for object in meter group flow; do
		v "$object" save vs0 >"$tmp/$object"
		succeeds v "$object" load vs1 "$tmp/$object"
		v "$object" save vs1 | cmp -s - "$tmp/$object"
		check_err $? "the other switch's $object differs"
		expect_eq "$(wc -l <"$tmp/$object")" "$([ "$object" = group ] && echo 2 || echo 1)" \
			"lines of $object"
	done
	v flow del vs1 >/dev/null
	for object in meter group flow; do
		succeeds v "$object" replace vs1 "$tmp/$object"
		v "$object" save vs1 | cmp -s - "$tmp/$object"
		check_err $? "the other switch's $object differs after it was replaced"
	done
	v switch del vs1
	log_test "meters, groups and flows on another switch"
}

# poke_flow FILE: until a packet is shown there, nobody listens yet.
poke_flow()
{
	frame -i "$net/q1" -d "$M2" >/dev/null
	[ -s "$1" ]
}

packets()
{
	fresh
	ip -n "$net" link set p1 up
	succeeds v flow add vs0 'cookie=7,in_port=p1,actions=controller(max_len=20,userdata=01.02)'
	bg ip netns exec "$net" "$VSW" flow snoop vs0 >"$tmp/packets"
	wait_for poke_flow "$tmp/packets"
	expect_eq "$(grep -cE "^[0-9:.]+ p1 port 1 table 0 cookie 0x7 action userdata 01\.02, $M1 > $M2, ethertype 0x88b5, length 100$" \
		"$tmp/packets")" "$(wc -l <"$tmp/packets")" "lines of packets, $(head -n 1 "$tmp/packets")"
	bg ip netns exec "$net" "$VSW" -j flow snoop vs0 >"$tmp/objects"
	wait_for poke_flow "$tmp/objects"
	expect_eq "$(head -n 1 "$tmp/objects" | jq -c '[.event, .["packet-in"].cookie, (.["packet-in"].frame | length)]')" \
		'["packet-in","0x7",40]' "JSON of a packet"
	says 2 "switch 'none': " v flow snoop none
	says 2 "switch 'vs0': .*CAP_NET_ADMIN.*root" ip netns exec "$net" \
		setpriv --reuid 65534 --clear-groups "$VSW" flow snoop vs0
	log_test "packets that flows tell of"
}

removed()
{
	fresh
	listen monitor all
	succeeds v flow add vs0 cookie=5,send_flow_rem,ip,actions=1
	succeeds v flow add vs0 arp,actions=1
	succeeds v flow del vs0 >/dev/null
	wait_for seen "flow-del .*cookie=0x5,.*,ip,actions=output:1 deleted$"
	expect_eq "$(grep -c flow-del "$tmp/events")" 1 "flows that were told of"
	log_test "flows that are gone"
}

errors()
{
	fresh
	says 2 "switch 'none': .*See 'vsw switch show'" v flow add none actions=1
	says 2 "switch 'none': " v flow show none
	says 2 "switch 'none': " v flow save none
	says 2 "switch 'none': " v group show none
	says 2 "switch 'vs0': " v flow add vs0 nw_src=10.0.0.1,actions=1
	says 2 "switch 'vs0': " v flow add vs0 table=5,actions=goto_table:5
	says 2 "CAP_NET_ADMIN|root" ip netns exec "$net" setpriv --reuid 65534 --clear-groups "$VSW" \
		flow add vs0 actions=1
	succeeds v flow add vs0 check_overlap,ip,actions=1
	says 2 "overlap|packet" v flow add vs0 check_overlap,dl_src=02:00:00:00:00:01,actions=1
	log_test "what errors say"
}

# Many actions in one flow, and more than a request can have.
long_flows()
{
	local actions

	fresh
	actions=$(printf 'output:1,%.0s' {1..1500})
	same <<<"table=0,priority=1,actions=${actions%,}"
	actions=$(printf 'output:1,%.0s' {1..9000})
	says 1 "more actions than" v flow add vs0 "actions=${actions%,}"
	log_test "long flows"
}

# More than one message, there and back.
many()
{
	fresh
	awk 'BEGIN {
		for (i = 0; i < 15000; i++)
			printf "table=%d,priority=%d,udp,nw_src=10.0.%d.%d,actions=output:%d\n",
				i / 5000, 100 - i / 500 % 10, i / 200, i % 200, i % 9 + 1
	}' >"$tmp/flows"
	succeeds v flow load vs0 "$tmp/flows"
	saved | cmp - "$tmp/flows"
	check_err $? "15000 flows are not saved as they were loaded"
	succeeds v flow replace vs0 "$tmp/flows"
	saved | cmp - "$tmp/flows"
	check_err $? "15000 flows are not saved as they were replaced"
	expect_eq "$(v -j flow show vs0 | jq length)" 15000 "flows that are shown"
	shows "^15000 flows deleted$" v flow del vs0
	log_test "many flows"
}

require_command jq
require_vswitch
load_kind veth
prepare
run_tests
