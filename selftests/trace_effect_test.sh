#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a packet would do but to leave is told of by "vsw trace", and not done: nothing is
# left of a trace, and nobody hears of it, whatever goes on meanwhile. The topology is the star
# of lib.sh with three hosts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="told begun known errors expected fragments quiet idle_time under_traffic going
	permission"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq python3 setpriv
require_vswitch
load_kind veth
star h1 h2 h3 || exit 1

on_fail()
{
	vsw -n "$sw" flow show vs0
	vsw -s -n "$sw" port show
	echo "$text"
}

# only FLOW...: and no others
only()
{
	printf '%s\n' "$@" | succeeds vsw -n "$sw" flow replace vs0 -
}

# trace DESCRIPTION...: the text, in $text
trace()
{
	text=$(vsw -n "$sw" trace vs0 "$@" 2>&1)
}

# said PATTERN...: are in $text
said()
{
	local pattern

	for pattern in "$@"; do
		grep -qE -- "$pattern" <<<"$text"
		check_err $? "'$pattern' is not in: $text"
	done
}

connections()
{
	in_ns "$sw" cat /proc/net/nf_conntrack
}

LEARN="learn(table=7,priority=10,idle_timeout=60,limit=100,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])"
EVERYTHING=(
	"priority=9,udp,tp_dst=1,actions=sample(rate=1,group=7),mirror:m,controller,$LEARN,meter:3,group:1,reject"
	"priority=9,udp,tp_dst=2,idle_timeout=600,actions=ct(commit,zone=5,table=2,nat(src=192.0.2.200),exec(set_field:7->ct_mark))"
	"table=2,ct_state=+new+trk,ct_mark=7,ip,nw_src=192.0.2.200,actions=output:h2"
	"table=2,ct_state=-new+est+trk,ip,actions=output:h3"
	"priority=9,tcp,actions=ct(commit,zone=5,table=2)"
	"priority=9,icmp,actions=ct(zone=5,nat,table=3)"
	"table=3,ct_state=+rel+trk,icmp,actions=output:h3"
	"table=3,ct_state=+inv+trk,icmp,actions=output:h1"
)

everything()
{
	only "${EVERYTHING[@]}"
}

dir=$(mktemp -d)
defer rm -rf "$dir"

tracks=yes
succeeds vsw -n "$sw" mirror add m switch vs0 to dev h3 forwarding on
succeeds vsw -n "$sw" group add vs0 'group_id=1,type=all,bucket=actions=output:h2,bucket=actions=output:h3'
succeeds vsw -n "$sw" meter add vs0 'meter=3,pktps,bands=type=drop,rate=1'
if vsw -n "$sw" flow add vs0 "ip,actions=ct(commit),normal" 2>&1 | grep -q "has no connection"; then
	tracks=''
	EVERYTHING=("${EVERYTHING[0]}")
fi

need_tracking()
{
	[ "$tracks" ] && return
	log_skip "$1" "the kernel cannot track connections"
	return 1
}

told()
{
	everything
	trace in_port=h1,udp,dl_src=02:00:00:00:00:99,tp_dst=1
	said 'the source MAC is learned on port h1$' 'sampled if it is its turn$' \
		'the mirror m gets a copy$' 'nobody listens$' 'meter 3: lets it pass$' \
		'learns table=7,priority=10,dl_dst=02:00:00:00:00:99,actions=output:h1$' \
		'^ *answered:$' '^verdict: leaves by h2; leaves by h3; answered by h1; dropped: flow-reject$'
	trace in_port=h1,dl_dst=ff:ff:ff:ff:ff:ff,udp,tp_dst=1
	said 'not answered'
	only "actions=mod_dl_src:02:00:00:00:00:98,mirror:m"
	succeeds vsw -n "$sw" mirror del m
	trace in_port=h1,udp
	said 'there is no mirror m$' 'mod_dl_src.*: now dl_src=02:00:00:00:00:98$'
	succeeds vsw -n "$sw" mirror add m switch vs0 from dev h1 in dev h2 out to dev h3 forwarding on
	only "actions=output:h2"
	trace in_port=h1,udp
	[ "$(grep -c 'the mirror m gets a copy$' <<<"$text")" = 2 ]
	check_err $? "not mirrored as it comes and as it leaves: $text"
	succeeds vsw -n "$sw" mirror del m
	succeeds vsw -n "$sw" mirror add m switch vs0 to dev h3 forwarding on
	log_test "what would be done is told of"
}

begun()
{
	need_tracking "connections that would begin" || return
	everything
	trace in_port=h1,udp,nw_src=192.0.2.1,nw_dst=192.0.2.2,tp_dst=2
	said 'ct\(commit.*now nw_src=192\.0\.2\.200, ct_state=new\|trk\|snat, ct_zone=5, ct_mark=0x7, ' \
		'its connection is known from now on$' 'table 2: .*ct_mark=0x7' \
		'^verdict: leaves by h2$'
	trace in_port=h1,tcp,tcp_flags=+syn
	said 'ct_state=new\|trk' 'its connection is known'
	trace in_port=h1,tcp,tcp_flags=+syn+fin
	said 'now ct_state=inv\|trk'
	trace in_port=h1,icmp,icmp_type=0
	said 'now ct_state=inv\|trk' '^verdict: dropped: same-port$'
	! connections | grep -q zone=5
	check_err $? "a connection is known: $(connections)"
	expect_eq "$(in_ns "$sw" sysctl -n net.netfilter.nf_conntrack_count)" 0 "connections"
	log_test "connections that would begin are tracked and translated, and forgotten"
}

# one_packet FROM MAC SPORT DPORT SRC DST: a real one, of UDP
one_packet()
{
	in_ns "$1" python3 - "$2" "$3" "$4" "$5" "$6" <<-'EOT'
		import socket, struct, sys
		mac, sport, dport, src, dst = sys.argv[1:]
		head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 0, 0, 64, 17, 0,
		                   socket.inet_aton(src), socket.inet_aton(dst))
		total = sum(struct.unpack("!10H", head))
		total = (total & 0xffff) + (total >> 16)
		head = head[:10] + struct.pack("!H", 0xffff - total) + head[12:]
		udp = struct.pack("!HHHH", int(sport), int(dport), 8, 0)
		frame = bytes.fromhex("02000000ff01" + mac + "0800") + head + udp
		sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		sock.bind(("eth0", 0))
		sock.send(frame.ljust(60, b"\0"))
	EOT
}

known()
{
	local entry

	need_tracking "connections that are known" || return
	everything
	one_packet "$h1" 020000000001 1000 2 192.0.2.1 192.0.2.2
	busywait "$WAIT" eval 'connections | grep -q zone=5'
	check_err $? "no connection began"
	entry=$(connections | grep zone=5)
	[[ $entry == *UNREPLIED* ]]
	check_err $? "it has been answered: $entry"
	succeeds vsw -n "$sw" flow add vs0 "priority=10,udp,tp_src=2,actions=ct(commit,zone=5,nat,table=2,exec(set_field:9->ct_mark))"
	trace in_port=h2,udp,nw_src=192.0.2.2,nw_dst=192.0.2.200,tp_src=2,tp_dst=1000
	said 'now nw_dst=192\.0\.2\.1, ct_state=est\|rpl\|trk\|dnat, ct_zone=5, ct_mark=0x9, ' \
		'its connection gets this mark' '^verdict: leaves by h3$'
	succeeds vsw -n "$sw" flow add vs0 "priority=11,udp,tp_src=2,actions=ct(commit,force,zone=5,table=2)"
	trace in_port=h2,udp,nw_src=192.0.2.2,nw_dst=192.0.2.200,tp_src=2,tp_dst=1000
	said 'its connection is forgotten' 'now ct_state=new\|trk' 'its connection is known from now on'
	# All but the seconds that are left.
	entry=$(sed -E 's/udp +17 [0-9]+//' <<<"$entry")
	expect_eq "$(connections | grep zone=5 | sed -E 's/udp +17 [0-9]+//')" "$entry" "the connection"
	log_test "connections that are known are found, and left as they are"
}

# An error about the packet of known(), as a capture.
errors()
{
	need_tracking "errors of connections" || return
	python3 - > "$dir/error.pcap" <<-'EOT'
		import socket, struct, sys
		def summed(data, at):
		    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
		    while total >> 16:
		        total = (total & 0xffff) + (total >> 16)
		    return data[:at] + struct.pack("!H", 0xffff - total) + data[at + 2:]
		def ip(proto, src, dst, data):
		    return summed(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64, proto, 0,
		                              socket.inet_aton(src), socket.inet_aton(dst)), 10) + data
		inner = ip(17, "192.0.2.200", "192.0.2.2", struct.pack("!HHHH", 1000, 2, 8, 0))
		error = summed(struct.pack("!BBHI", 3, 3, 0, 0) + inner, 2)
		frame = bytes.fromhex("0200000000020200000000010800")
		frame += ip(1, "192.0.2.2", "192.0.2.200", error)
		out = sys.stdout.buffer
		out.write(struct.pack("IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for data in (b"\xff" * 60, frame):
		    out.write(struct.pack("IIII", 0, 0, len(data), len(data)) + data)
	EOT
	everything
	trace in_port=h2 -r "$dir/error.pcap" packet 2
	said 'now nw_dst=192\.0\.2\.1, ct_state=rel\|rpl\|trk\|dnat' '^verdict: leaves by h3$'
	log_test "errors are of the connection of the packet inside"
}

# A helper of FTP expects a connection when it sees the command.
expected()
{
	need_tracking "connections that are expected" || return
	vsw -n "$sw" flow add vs0 "table=99,tcp,actions=ct(commit,alg=ftp)" 2>/dev/null || {
		log_skip "connections that are expected" "the kernel has no helper of FTP"
		return
	}
	only "priority=9,tcp,tp_dst=21,actions=ct(commit,alg=ftp,zone=6)"
	trace in_port=h1,tcp,tp_dst=21
	said 'the helper ftp looks at it' 'its connection is known'
	! connections | grep -q zone=6
	check_err $? "a connection is known: $(connections)"
	log_test "what a helper would see is told of"
}

fragments()
{
	need_tracking "fragments" || return
	only "priority=9,ip,actions=ct(table=1)" "table=1,ip,actions=output:h2"
	for kind in first later; do
		trace "in_port=h1,udp,nw_frag=$kind"
		said 'waits for its other fragments$' '^verdict: waits for its other fragments$'
	done
	in_ns "$sw" grep -q '^FRAG: inuse 0 ' /proc/net/sockstat
	check_err $? "$(in_ns "$sw" grep '^FRAG' /proc/net/sockstat)"
	log_test "fragments are not kept"
}

# All that a packet could change; without times.
state()
{
	local times='del(.. | .duration?, .idle?, .age?, .["hard-age"]?)'

	{
		vsw -n "$sw" -s -j flow show vs0
		vsw -n "$sw" -s -j flow table show vs0
		vsw -n "$sw" -s -j group show vs0
		vsw -n "$sw" -s -j meter show vs0
		vsw -n "$sw" -s -j port show
		vsw -n "$sw" -s -j mirror show
		vsw -n "$sw" -j fdb show
		vsw -n "$sw" -s -j vlan show
	} | jq -c "$times"
	[ ! "$tracks" ] || connections | sed -E 's/(udp|tcp) +[0-9]+ [0-9]+//'
	in_ns "$sw" cat /proc/net/stat/nf_conntrack 2>/dev/null | cut -d' ' -f1,4-
	in_ns "$sw" grep -v '^ *lo:' /proc/net/dev
}

quiet()
{
	local before heard

	everything
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
	before=$(state)
	heard=$(printf '%s\n' in_port=h1,dl_src=02:00:00:00:00:99,udp,tp_dst=1 \
		in_port=h2,udp,tp_dst=2 in_port=h1,tcp in_port=h1,icmp in_port=h1,arp \
		in_port=local,udp,tp_dst=1 in_port=h1,icmp,icmp_type=3 |
		python3 -B "$SELFTESTS/trace_quiet.py" "$VSW" "$sw" "$h1" "$h2" "$h3" 2>&1)
	expect_eq "$heard" "told: listeners are told of it" "heard"
	expect_eq "$(state)" "$before" "$(diff <(echo "$before") <(state))"
	log_test "a trace counts, learns, tells, sends and changes nothing"
}

# How long ago a flow was used, in ms
idle()
{
	vsw -n "$sw" -j -s flow show vs0 | jq '[.[] | select(.match.tp_dst == "2")][0].idle'
}

is_used()
{
	[ "$(idle)" != null ]
}

idle_time()
{
	local before

	only "priority=9,udp,tp_dst=2,idle_timeout=600,actions=output:h2"
	one_packet "$h1" 020000000001 1000 2 192.0.2.1 192.0.2.2
	busywait "$WAIT" is_used
	before=$(idle)
	trace in_port=h1,udp,tp_dst=2
	said '^verdict: leaves by h2$'
	[ "$(idle)" -gt "$before" ]
	check_err $? "the flow was used: $before ms ago, then $(idle)"
	log_test "a trace does not keep a flow from its timeout"
}

# traces COUNT PORT VERDICT
traces()
{
	local i

	for ((i = 0; i < $1; i++)); do
		vsw -n "$sw" trace vs0 "in_port=$2,udp,tp_dst=2" | tail -n 1 | grep -qx "verdict: $3" || return
	done
}

# Two at once, while others send: each is what it would be alone, and all that is sent comes.
under_traffic()
{
	local one two sent=3000 before after

	only "in_port=h1,actions=output:h2" "in_port=h2,actions=output:h3" \
		"in_port=h3,actions=drop(no)"
	before=$(rx_of "$h2")
	traces 12 h1 "leaves by h2" &
	one=$!
	traces 12 h3 "dropped: flow-drop (no)" &
	two=$!
	in_ns "$h1" python3 -c "
import socket, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('eth0', 0))
for i in range($sent):
    s.send(bytes.fromhex('02000000ff0102000000000188b5').ljust(60, b'x'))
    time.sleep(0.0002)"
	wait "$one"
	check_err $? "a trace of h1 was another one's"
	wait "$two"
	check_err $? "a trace of h3 was another one's"
	after=$(rx_of "$h2")
	((after - before >= sent && after - before < sent + 20))
	check_err $? "of $sent packets $((after - before)) came"
	log_test "two traces at once, and what is sent meanwhile"
}

rx_of()
{
	in_ns "$1" cat /sys/class/net/eth0/statistics/rx_packets
}

# Ports, flows and the whole switch go while somebody traces.
going()
{
	local pid i

	only "actions=group:1,$LEARN,normal"
	ip -n "$sw" link add vs1 type vswitch
	ip -n "$sw" link set vs1 up
	{
		while :; do
			vsw -n "$sw" trace vs0 in_port=h2,udp
			vsw -n "$sw" trace vs1 in_port=local,udp
		done
	} >/dev/null 2>&1 &
	pid=$!
	for ((i = 0; i < 5; i++)); do
		ip -n "$sw" link set h2 nomaster
		ip -n "$sw" link set h2 master vs0
		only "actions=output:h1" "priority=$i,actions=normal"
		ip -n "$sw" link del vs1
		ip -n "$sw" link add vs1 type vswitch
		vsw -n "$sw" flow add vs1 "actions=normal"
	done
	bg_stop "$pid"
	ip -n "$sw" link del vs1
	trace in_port=h2,udp
	said '^verdict: '
	log_test "ports, flows and switches go while they are traced"
}

permission()
{
	refused "CAP_NET_ADMIN" in_ns "$sw" setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all "$VSW" trace vs0 in_port=1,udp
	log_test "who may not change a switch may not trace"
}

run_tests
