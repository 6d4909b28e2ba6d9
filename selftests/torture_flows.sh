# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The workers of torture_test.sh that write flows, groups and meters, change tables and
# replace all flows at once. There are several, each with a cookie of its own, and they take
# groups and tables from each other: what uses one may be refused for that, with a sentence.

: "${tmp?}" "${sw?}"
# torture_lib.sh gives each worker its name.
worker=${worker:-}

# With a sentence, which may begin with the line of a file. A device is a port of the one
# switch, of the other, or of none.
refused_flow='^[A-Za-z(/].* |is no action, and no port of the switch'

# flow_match: some packets that are there, in $R
flow_match()
{
	one_of "in_port=h1" "in_port=h2" "in_port=h3" "in_port=h4" "in_port=local" \
		"dl_src=02:00:21:00:00:00/ff:ff:ff:00:00:0$((RANDOM % 10))" "dl_vlan=10" \
		"dl_vlan=$((RANDOM % 4096)),dl_vlan_pcp=0" "dl_type=0x88b5" "ip" "arp,arp_op=1" \
		"icmp,icmp_type=8" "tcp,tp_dst=$((RANDOM % 100))-$((1000 + RANDOM))" "ipv6" \
		"dl_dst=02:00:00:00:00:0$((RANDOM % 10))" "reg$((RANDOM % 8))=$((RANDOM % 4))" \
		"metadata=$((RANDOM % 4))/3,dl_dst=ff:ff:ff:ff:ff:ff" "pkt_mark=0" ""
}

# flow_action TABLE: one, in $R; further tables only, so that walks end soon
flow_action()
{
	local next=$(($1 + 1 + RANDOM % 3))

	one_of normal normal "h$((RANDOM % 4 + 1))" "h$((RANDOM % 4 + 1)),h$((RANDOM % 4 + 1))" \
		in_port flood all local "output(port=h2,max_len=40)" "controller(rate=50,max_len=60)" \
		"group:$((RANDOM % 6 + 1))" "meter:$((RANDOM % 4 + 1)),normal" "resubmit(,$next),h3" \
		"resubmit(h2,$next)" "goto_table:$next" "strip_vlan,normal" \
		"push_vlan:0x8100,set_field:$((4096 + RANDOM % 4095))->vlan_vid,flood" \
		"mod_vlan_vid:$((RANDOM % 4095)),h4" "mod_dl_src:02:00:31:00:00:01,h2,normal" \
		"set_field:$((RANDOM % 4))->reg$((RANDOM % 8)),resubmit(,$next)" \
		"move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],in_port" "set_field:5->metadata,goto_table:$next" \
		"d$((RANDOM % 4)),normal" "p$((RANDOM % 3)),h1"
}

# flow_words: a flow without a switch, in $R
flow_words()
{
	local table=$((RANDOM % 4)) words

	flow_match
	words="cookie=$cookie,table=$table,priority=$((RANDOM % 20))${R:+,$R}"
	one_of "" "" "" ",idle_timeout=1" ",hard_timeout=1" ",hard_timeout=0.1,send_flow_rem" \
		",importance=$((RANDOM % 9))" ",no_counts"
	words+=$R
	flow_action "$table"
	R="$words,actions=$R"
}

group_words()
{
	local i words count=$((RANDOM % 5))

	one_of all select ff indirect
	[ "$R" != indirect ] || count=1
	words="group_id=$((RANDOM % 6 + 1)),type=$R"
	for ((i = 0; i < count; i++)); do
		one_of "" "weight:$((RANDOM % 9))," "watch_port:h$((RANDOM % 4 + 1)),"
		words+=",bucket=$R"
		flow_action 5
		words+="actions=$R"
	done
	R=$words
}

# A file of them, and all flows of the switch become these. Those that name what another
# worker has just taken are refused, all or none.
flow_file()
{
	local file=$tmp/$worker.flows i

	{
		for ((i = 0; i < $1; i++)); do
			echo "cookie=$cookie,table=5,priority=$i,ip,nw_src=10.$((i % 250)).$((i / 250)).1,actions=drop"
		done
		for ((i = 0; i < 10; i++)); do
			flow_words
			echo "$R"
		done
	} > "$file"
	R=$file
}

flow_change()
{
	local to=$1

	roll 12
	case $R in
	0 | 1 | 2 | 3)
		flow_words
		may "$refused_flow" "flow add $to $R"
		;;
	4)
		flow_match
		may "$refused_flow" "flow delete $to ${R:-table=1}"
		;;
	5)
		flow_action 3
		may "$refused_flow" "flow modify $to table=3,actions=$R"
		;;
	6)
		group_words
		may "$refused_flow" "group add $to $R"
		group_words
		may "$refused_flow" "group set $to $R"
		;;
	7) may "$refused_flow" "group delete $to $((RANDOM % 6 + 1))" ;;
	8)
		one_of "pktps,band=type=drop,rate=$((RANDOM % 5000 + 1))" \
			"kbps,burst,band=type=drop,rate=1000,burst_size=10" \
			"pktps,per_flow,band=type=dscp_remark,dscp=46,rate=10"
		may "$refused_flow" "meter add $to meter=$((RANDOM % 4 + 1)),$R"
		may "$refused_flow" "meter delete $to $((RANDOM % 4 + 1))"
		;;
	9)
		one_of "max-flows 5 evict on" "max-flows 3 evict off" "max-flows 0" "miss drop" \
			"miss normal" "miss continue" "miss controller"
		may "$refused_flow" "flow table set $to $((RANDOM % 4)) $R"
		;;
	10)
		flow_file $((RANDOM % 300))
		may "$refused_flow" "flow replace $to $R"
		run_vsw
		;;
	11)
		flow_file 10
		may "$refused_flow" "flow load $to $R"
		run_vsw
		;;
	esac
}

# What no other worker touches has to work, whatever they do.
flow_of_ones_own()
{
	local match="table=200,priority=$cookie,dl_src=02:00:00:00:00:0$((RANDOM % 10))"

	must "flow add vs0 cookie=$cookie,$match,actions=normal"
	must "flow modify vs0 strict $match,actions=drop"
	must "flow delete vs0 strict $match"
}

# work_flows COOKIE
work_flows()
{
	local cookie=$1 i snoop

	while running; do
		"$VSW" -n "$sw" flow snoop vs0 > /dev/null 2>&1 &
		snoop=$!
		for ((i = 0; i < 8; i++)); do
			one_of vs0 vs0 vs0 vs1
			flow_change "$R"
		done
		flow_of_ones_own
		run_vsw
		look vsw -s -n "$sw" flow show vs0
		look vsw -j -s -n "$sw" group show vs0
		look vsw -s -n "$sw" meter show vs0
		look vsw -n "$sw" flow table show vs0
		kill "$snoop"
		wait "$snoop"
	done
}

# What makes everything as if there were no flows.
flows_off()
{
	local i

	echo "flow delete vs0"
	echo "group delete vs0"
	echo "meter delete vs0"
	echo "flow table set vs0 0 max-flows 0 evict off miss normal"
	for i in 1 2 3; do
		echo "flow table set vs0 $i max-flows 0 evict off miss drop"
	done
}
