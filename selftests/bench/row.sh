# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # who sources this, assigns the others
# shellcheck disable=SC2034 # switches.sh and places.sh use them
#
# What guest.sh, which counts instructions, and native.sh, which takes the time,
# share: the table of rows, what rows need, where their frames have come to, and
# the file of results. That has a line for each, with tabs:
#
#   about kernel RELEASE
#   about rows ID...      if it was asked for these only
#   row ID NANOSECONDS    per frame; all frames arrived where they should
#   note ID TEXT          what else is to be known about it
#   skip ID REASON
#   error ID REASON

mac_a=02:00:00:00:00:01 mac_b=02:00:00:00:00:02 mac_c=02:00:00:00:00:03
mac_nobody=02:00:00:00:0f:0f

results=$1
rounds=$2
shift 2
only=("$@")
log=/tmp/row.log
errors=0
exec 3>&1

say()
{
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$results"
	printf '  %-20s %s\n' "$2" "$([ "$1" = row ] || echo "$1: ")$3" >&3
}

# fail ID: with the reason in $log
fail()
{
	say error "$1" "$(why)"
	errors=$((errors + 1))
}

# The last words of what a row printed, on one line.
why()
{
	tail -n 3 "$log" | tr -s '\n\t ' ' '
}

wanted()
{
	[ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]
}

# read_rows: $rows, those wanted with a setup of their own, "id|needs|setup|group"
# each, and $names_of[ID], what the row is compared with, or what those are that
# its setup measures too. It is not empty for any row.
read_rows()
{
	local id ref bar needs setup group='' word
	local -a words

	rows=()
	declare -gA names_of=()
	while IFS='|' read -r id _ ref bar needs setup _; do
		case $id in
		'= '*) group=${id#= } ;;
		esac
		read -r id <<<"$id"
		case $id in
		'' | '#'* | '='*) continue ;;
		esac
		read -r setup <<<"$setup"
		read -ra words <<<"$ref ${bar//;/ } +"
		for word in "${words[@]}"; do
			names_of[$id]+=" ${word##*\*}"
		done
		case $setup in
		'with '*) names_of[${setup##* }]+=${names_of[$id]} ;;
		*) ! wanted "$id" || rows+=("$id|$needs|$setup|$group") ;;
		esac
	done <"$here/rows"
}

# begin: the file of results, and everything that any row takes for granted
begin()
{
	{
		printf 'about\tkernel\t%s\n' "$(uname -r)"
		[ ${#only[@]} -eq 0 ] || printf 'about\trows\t%s\n' "${only[*]}"
	} >"$results"
	read_rows
	sysctl -qw net.core.devconf_inherit_init_net=1 net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1 &&
		modprobe pktgen && load_kind dummy veth bridge macvlan vswitch
}

needs_ovs()
{
	if ! command -v ovs-dpctl >/dev/null || ! modprobe -q openvswitch; then
		echo "no Open vSwitch here"
		return 1
	fi
}

needs_vlan()
{
	vsw switch help | grep -q vlan || {
		echo "this vswitch does not filter by VLAN"
		return 1
	}
}

needs_vnic()
{
	modinfo vswitch | grep -q '^alias: *rtnl-link-vnic$' || {
		echo "this vswitch has no kind vnic"
		return 1
	}
}

# Its table is for 4096 connections unless it is told otherwise, conntrack's for as many as here.
needs_ipvs()
{
	if ! command -v ipvsadm >/dev/null || ! modprobe -q ip_vs conn_tab_bits=17; then
		echo "no IPVS here"
		return 1
	fi
}

needs_flowtable()
{
	modprobe -q nft_flow_offload || {
		echo "no flow table of nftables here"
		return 1
	}
}

needs_vrouter()
{
	if ! modprobe -q vrouter || ! vsw service help >/dev/null 2>&1; then
		echo "no vrouter here"
		return 1
	fi
}

# has_all NEED...: or says in $log what is missing
has_all()
{
	local need

	for need; do
		"needs_$need" >"$log" 2>&1 || return
	done
}

remove_namespaces()
{
	cleanup_ns "${ns_list[@]}"
	ns_list=()
}

# counter "rx NETNS DEV" | "tx NETNS DEV" | "ip NETNS": frames so far; the last is
# what the namespace's IP took for its own.
counter()
{
	local -a word

	read -ra word <<<"$1"
	case ${word[0]} in
	# InReceives
	ip) in_ns "${word[1]}" cat /proc/net/snmp | awk '$1 == "Ip:" { n = $4 } END { print n }' ;;
	*) in_ns "${word[1]}" cat "/sys/class/net/${word[2]}/statistics/${word[0]}_packets" ;;
	esac
}

# watch: $before, the counters of $arrive and $silent
watch()
{
	local i

	before=()
	for i in "${arrive[@]}" "${silent[@]}"; do
		before+=("$(counter "$i")")
	done
}

# arrived N: since watch, did N frames come where $arrive says, and none where
# $silent says?
arrived()
{
	local i now place

	for i in "${!before[@]}"; do
		if [ "$i" -lt ${#arrive[@]} ]; then
			now=$(($(counter "${arrive[i]}") - before[i]))
			[ "$now" -eq "$1" ] || {
				echo "$now of $1 frames arrived (${arrive[i]})"
				return 1
			}
		else
			place=${silent[i - ${#arrive[@]}]}
			now=$(($(counter "$place") - before[i]))
			[ "$now" -eq 0 ] || {
				echo "$now frames went astray ($place)"
				return 1
			}
		fi
	done
}

# build PLACE ARGUMENT...: what is there before a row, then the row.
build()
{
	local place=$1

	shift
	first_port='' vlan='' feature='' tag_out=0 measured='' warmup=5000 count=$frames
	arrive=()
	silent=()
	undo=()
	declare -gA netns_of=()
	setup_ns sw a b c
	"place_$place" "$@"
}

# Frames that are lost and frames that go astray must not make a number.
place_lost()
{
	# shellcheck disable=SC2317
	bridge_to() { bridge -n "$sw" fdb replace "$1" dev d3 master static; }
	place_nics bridge
}

place_astray()
{
	# shellcheck disable=SC2317
	bridge_to() { :; }
	place_nics bridge
}

# must_fail REASON PLACE: tried with attempt
must_fail()
{
	if (attempt "$2") || ! grep -q "$1" "$log"; then
		say error "$2" "was not noticed: $(why)"
		errors=$((errors + 1))
	fi
}
