# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The workers of torture_test.sh. Each is a process of its own that does random
# things to what it owns, and to what all share, until $tmp/stop is there:
#
#   vs0    is there all the time: whatever is done to it has to work
#   vs1    comes and goes: what is done to it may fail for that
#   d0..   dummies and p0.., ends of pairs: ports of either switch, or none
#   v0..   vnics, born and buried in $sw, away in between
#   t...   namespaces that live for a moment, with a vnic and a pair's end
#   h1..h4 the hosts of star: h1 and h2 are let alone but for VLANs, h3 and h4 not
#
# A worker collects commands with may() and must() and runs them with run_ip() or
# run_vsw() as one batch. A failure that is not one of those that may() foresaw
# is written to $tmp/unexpected.

# What may be said of vs1, and of its ports, when it is gone, or just going.
# Its index may be gone after its name was looked up: the core says "Invalid
# argument" of a master, and a vnic's link is no switch.
GONE='Cannot find device|Device not found|does not exist|No such device|Invalid argument'
GONE+='|no device has this (name|ifindex)|is no port of a switch|no port has this name'
GONE+='|the link of a vnic is a switch, and this device is none'

# torture_test.sh and star have set them.
: "${tmp?}" "${sw?}" "${h2?}" "${h3?}" "${INCONSISTENT?}"

# Per worker: its name, what the next batch will run, and what may be said of each
worker=
commands=()
allowed=()
declare -i done_commands=0 raced=0

# may REGEX COMMAND: it may fail, saying this
may()
{
	allowed+=("$1")
	commands+=("$2")
}

# must COMMAND: it may not fail
must()
{
	may '' "$1"
}

# roll N: a number below N, in $R
roll()
{
	R=$((RANDOM % $1))
}

# one_of WORD...: one of them, in $R
one_of()
{
	roll $#
	R=${*:R+1:1}
}

running()
{
	[ ! -e "$tmp/stop" ]
}

complain_of()
{
	echo "$worker: '$1' said: $2" >> "$tmp/unexpected"
}

# judge N TEXT: command N, counted from 1, failed and said TEXT
judge()
{
	local regex=${allowed[$1 - 1]}

	if [ -n "$regex" ] && [[ $2 =~ $regex ]]; then
		raced+=1
	else
		complain_of "${commands[$1 - 1]}" "$2"
	fi
}

# batch_done: forget the batch, and note how far we are
batch_done()
{
	done_commands+=${#commands[@]}
	commands=()
	allowed=()
	echo "$done_commands $raced" > "$tmp/count.$worker"
}

# run_ip NS
run_ip()
{
	local file=$tmp/$worker.ip line said=

	[ ${#commands[@]} -gt 0 ] || return 0
	printf '%s\n' "${commands[@]}" > "$file"
	ip -n "$1" -force -batch "$file" > /dev/null 2> "$file.err"
	while IFS= read -r line; do
		case $line in
		"Command failed $file:"*)
			judge "${line##*:}" "$said"
			said=
			;;
		*) said+="$line " ;;
		esac
	done < "$file.err"
	if [[ $said == *Error:* ]]; then
		judge ${#commands[@]} "$said"
	fi
	batch_done
}

run_vsw()
{
	local file=$tmp/$worker.vsw line

	[ ${#commands[@]} -gt 0 ] || return 0
	printf '%s\n' "${commands[@]}" > "$file"
	vsw -n "$sw" -force -batch "$file" > /dev/null 2> "$file.err"
	while IFS= read -r line; do
		if [[ $line =~ ^vsw:\ "$file":([0-9]+):\ (.*) ]]; then
			judge "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
		else
			complain_of "vsw -batch" "$line"
		fi
	done < "$file.err"
	batch_done
}

# to_switch COMMAND: with vs0 it must work, with vs1 it need not; the batch ends
# with it then, since ip(8) ends when the word behind "master" is no device.
to_switch()
{
	roll 3
	if [ "$R" -lt 2 ]; then
		must "$1 vs0"
	else
		may "$GONE" "$1 vs1"
		run_ip "$sw"
	fi
}

# ---- ports that are added, removed, and moved between the switches

change_port()
{
	local dev=$1 other=$2

	roll 8
	case $R in
	0 | 1 | 2) to_switch "link set dev $dev master" ;;
	3) must "link set dev $dev nomaster" ;;
	4)
		must "link set dev $dev down"
		must "link set dev $dev name $dev-x"
		must "link set dev $dev-x name $dev"
		must "link set dev $dev up"
		;;
	5)
		one_of 1300 1500 9000
		must "link set dev $dev mtu $R"
		;;
	6)
		roll 90
		must "link set dev $dev address 02:00:00:00:04:$((R + 10))"
		;;
	7)
		must "link del dev $dev"
		must "$other"
		must "link set dev $dev up"
		;;
	esac
}

work_ports()
{
	local i peers=0

	for i in 0 1 2 3; do
		must "link add d$i up type dummy"
	done
	for i in 0 1 2; do
		must "link add p$i up type veth peer name q$i-$peers netns $h3"
	done
	run_ip "$sw"
	while running; do
		for ((i = 0; i < 8; i++)); do
			roll 4
			change_port "d$R" "link add d$R type dummy"
			roll 3
			# The last one's peer may be dying still.
			peers=$((peers + 1))
			change_port "p$R" "link add p$R type veth peer name q$R-$peers netns $h3"
		done
		run_ip "$sw"
		ip -n "$h3" -o link show 2>/dev/null | sed -n 's/^[0-9]*: \(q[^@:]*\).*/link set dev \1 up/p' |
			ip -n "$h3" -force -batch - 2>/dev/null
	done
}

# ---- vnics that are renamed, moved, set down, deleted

change_vnic()
{
	local dev=$1 regex=$2

	roll 5
	case $R in
	0)
		may "$regex" "link set dev $dev down"
		may "$regex" "link set dev $dev name $dev-x"
		may "$regex" "link set dev $dev-x name $dev"
		may "$regex" "link set dev $dev up"
		;;
	1)
		one_of 1300 1500 9000
		may "$regex" "link set dev $dev mtu $R"
		;;
	2)
		roll 90
		may "$regex" "link set dev $dev address 02:00:00:00:05:$((R + 10))"
		;;
	3)
		may "$regex" "link set dev $dev promisc on"
		may "$regex" "link set dev $dev promisc off"
		;;
	4) may "$regex" "link set dev $dev down" ;;
	esac
}

# work_vnics SLOT AWAY: one life after the other
work_vnics()
{
	local slot=$1 away=$2 dev regex i

	for ((i = 0; ; i++)); do
		running || return 0
		dev=v$slot-$i
		regex=
		roll 3
		if [ "$R" -lt 2 ]; then
			must "link add link vs0 name $dev type vnic"
		else
			regex=$GONE
			may "$regex" "link add link vs1 name $dev type vnic"
		fi
		may "$regex" "link set dev $dev up"
		change_vnic "$dev" "$regex"
		may "$regex" "link set dev $dev netns $away"
		run_ip "$sw"
		may "$regex" "link set dev $dev up"
		may "$regex" "addr add 192.0.2.$((110 + slot))/24 dev $dev"
		change_vnic "$dev" "$regex"
		change_vnic "$dev" "$regex"
		roll 3
		if [ "$R" -eq 0 ]; then
			may "$regex" "link del dev $dev"
			run_ip "$away"
			continue
		fi
		may "$regex" "link set dev $dev netns $sw"
		run_ip "$away"
		change_vnic "$dev" "$regex"
		may "$regex" "link del dev $dev"
		run_ip "$sw"
	done
}

# ---- namespaces that die with what is in them

# work_netns SLOT
work_netns()
{
	local slot=$1 i ns on regex

	for ((i = 0; ; i++)); do
		running || return 0
		ns=torture-$$-$slot-$i
		ip netns add "$ns" || complain_of "ip netns add" "$?"
		on=vs0 regex=
		roll 3
		if [ "$R" -eq 0 ]; then
			on=vs1
			regex=$GONE
		fi
		may "$regex" "port add eth0 type vnic switch $on netns $ns alias $ns"
		run_vsw
		must "link add t$slot-$i type veth peer name eth1 netns $ns"
		may "$regex" "link set dev t$slot-$i up master $on"
		run_ip "$sw"
		may "$regex" "addr add 192.0.2.$((100 + slot))/24 dev eth0"
		must "link set dev eth1 up"
		may "$regex" "link set dev eth0 up"
		run_ip "$ns"
		roll 3
		case $R in
		0) timeout 1 ip netns exec "$ns" ping -q -i 0.01 -w 1 192.0.2.1 >/dev/null 2>&1 ;;
		1)
			# A sender that is there as long as the namespace is, and longer than its name.
			(frame -i "$ns/eth1" -c 0 -p 2000 -S 100 -s "02:00:0$slot:00:00:00" & sleep 0.3; kill $!; wait) 2>/dev/null
			;;
		esac
		ip netns del "$ns" || complain_of "ip netns del" "$?"
		done_commands+=2
		# It goes when the namespace does, at some time.
		busywait "$WAIT" not ip -n "$sw" link show dev "t$slot-$i" || complain_of "t$slot-$i" "is still there"
	done
}

# ---- settings of switches and their ports

vlan_change()
{
	local port

	one_of h1 h2 h3 h4
	port=$R
	one_of "access 10" "access 1" "trunk 10,20-30 native 1" "trunk 1-4094 native 1" "trunk none" \
		"tunnel 10" "tunnel 1 cvlans 5-9" "hybrid 20 untagged 1,10 pvid 1"
	must "port set $port vlan-map none $R"
	one_of 20-30 10 1
	# A tunnel has one VLAN; what a map says may be in the way.
	may "a tunnel port|a tag of the map" "vlan add $R dev $port"
	may "a tunnel port|a tag of the map" "port set $port vlan-map 300:10"
}

private_change()
{
	local vid

	one_of 10 20 101
	vid=$R
	one_of isolated community
	may "is a secondary one already|in a secondary VLAN" "vlan private add 1 $vid $R switch vs0"
	one_of 10 20 101
	may "is no secondary one" "vlan private del $R switch vs0"
}

mcast_change()
{
	one_of on off
	must "switch set vs0 mcast-snooping $R mcast-query-interval 1 mcast-membership-interval 1"
	one_of on auto off temp
	must "port set $1 mcast-router $R"
	may "already|the switch filters by VLAN|has as many groups as it may have" "mdb add dev $1 grp 239.1.1.$((RANDOM % 9)) permanent"
	one_of "" permanent
	must "mdb flush switch vs0 $R"
}

setting_change()
{
	local port mac

	one_of h1 h2 h3 h4
	port=$R
	printf -v mac '02:00:21:00:%02x:%02x' $((RANDOM % 12)) $((RANDOM % 256))
	roll 18
	case $R in
	14 | 15) private_change ;;
	16 | 17) mcast_change "$port" ;;
	0 | 1)
		one_of on off
		must "switch set vs0 vlan-filtering $R"
		may "$GONE" "switch set vs1 vlan-filtering $R"
		;;
	2 | 3) vlan_change ;;
	4) must "fdb flush switch vs0 dynamic" ;;
	5) must "fdb flush dev $port" ;;
	6)
		one_of static dynamic "static sticky"
		# Unless others have as many as its fdb-max there already
		may "as many MAC entries as its (fdb-max|max-macs) allows" "fdb replace $mac dev $port $R"
		;;
	7) may "is not in|No such|no such|not found|no entry" "fdb del $mac dev $port" ;;
	8)
		one_of 0 1 10 300
		must "switch set vs0 ageing $R"
		;;
	9)
		must "switch set vs0 down"
		must "switch set vs0 up"
		;;
	10)
		one_of 1400 1500
		must "switch set vs0 mtu $R"
		;;
	11)
		one_of learning flood mcast-flood bcast-flood hairpin isolated
		# The worker of features turns mab on.
		if [ "$R" = learning ]; then
			may "mab needs a port that learns" "port set $port $R off"
		else
			must "port set $port $R off"
		fi
		must "port set $port $R on"
		;;
	12)
		one_of 0 1000 100000
		must "port set $port fdb-max $R"
		;;
	13)
		one_of d0 d1 d2 p0 p1
		may "$GONE" "port set $R trunk 1-100 native 1"
		may "$GONE" "fdb flush dev $R"
		;;
	esac
}

work_settings()
{
	local i

	while running; do
		for ((i = 0; i < 10; i++)); do
			setting_change
		done
		run_vsw
	done
}

# ---- the switch that comes and goes, and the host that listens to all and does not

work_switch()
{
	while running; do
		must "link add vs1 up type vswitch"
		one_of on off
		must "link set dev vs0 promisc $R"
		run_ip "$sw"
		sleep "0.$((RANDOM % 10))"
		must "link del dev vs1"
		run_ip "$sw"
	done
}

# ---- who looks

# look COMMAND...: exit status 0, or 3: the table kept changing
look()
{
	local said status

	said=$("$@" 2>&1 >/dev/null)
	status=$?
	case $status in
	0) ;;
	"$INCONSISTENT") raced+=1 ;;
	*) complain_of "$*" "$status: $said" ;;
	esac
	done_commands+=1
}

work_looks()
{
	while running; do
		look vsw -j -s -n "$sw" switch show
		look vsw -s -n "$sw" port show
		look vsw -n "$sw" fdb show
		look vsw -j -n "$sw" fdb show switch vs0 dynamic
		look vsw -n "$sw" vlan show
		look vsw -n "$sw" mdb show
		look vsw -d -n "$sw" port show h1
		look ip -n "$sw" -s -d link show type vswitch
		look ip -n "$sw" -s -d link show dev vs0
		look ip netns exec "$sw" ethtool -S vs0
		look ip netns exec "$h2" ethtool -S eth0
		batch_done
	done
}

# begin NAME SEED FUNCTION ARG...: a worker, whose process id is in worker_pids
declare -A worker_pids=()
begin()
{
	local name=$1 seed=$2

	shift 2
	(
		trap - EXIT INT TERM
		worker=$name
		RANDOM=$seed
		"$@"
		echo "$done_commands $raced" > "$tmp/count.$worker"
	) &
	# shellcheck disable=SC2034  # torture_test.sh waits for them
	worker_pids[$name]=$!
	bg_list+=($!)
}
