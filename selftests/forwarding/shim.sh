#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#   shim.sh ip|bridge WORD...
#
# Stands for ip(8) and bridge(8) before the kernel's own scripts: what they say
# of a bridge is said of a switch. "translations" lists all that it changes.
# It knows of no script; what it does not know it passes on as it is.

tool=$1
shift
here=$FORWARDING
# The real ones, while PATH leads what they start to this one again.
ip=$REAL_IP
bridge=$REAL_BRIDGE

refuse()
{
	echo "shim: $*" >&2
	exit 255
}

# is_switch DEV
is_switch()
{
	local line

	while read -r line; do
		[ "$line" != DEVTYPE=vswitch ] || return 0
	done 2>/dev/null <"/sys/class/net/$1/uevent"
	return 1
}

# master_of DEV: the switch that it is a port of, or nothing
master_of()
{
	local master

	master=$(readlink "/sys/class/net/$1/master") || return
	master=${master##*/}
	! is_switch "$master" || echo "$master"
}

# option NAME VALUE: the words for that, in $words
option()
{
	local kind said told

	while IFS='|' read -r kind said told _; do
		[[ $kind == option* ]] || continue
		read -r said <<<"$said"
		read -r told <<<"$told"
		[[ $said == "$1 $2" || ($said == "$1 N" && $2 =~ ^[0-9]+$) ]] || continue
		case $told in
		-) ;;
		=) words+=("$1" "$2") ;;
		*)
			read -ra told <<<"${told/N/$2}"
			words+=("${told[@]}")
			;;
		esac
		return
	done <"$here/translations"
	refuse "no row for '$1 $2'"
}

# default_pvid_of SWITCH
default_pvid_of()
{
	"$ip" -j -d link show dev "$1" | jq .[0].linkinfo.info_data.vlan_default_pvid
}

# default_pvid SWITCH OLD NEW: the ports that have the old one, and the host, get the
# new one; those that are in that VLAN already stay as they are.
default_pvid()
{
	local dev master self vlans

	[ "$2" != "$3" ] || return
	for dev in "$1" $(cd /sys/class/net && ls); do
		master=$(readlink "/sys/class/net/$dev/master")
		[ "$dev" = "$1" ] || [ "${master##*/}" = "$1" ] || continue
		self=()
		[ "$dev" != "$1" ] || self=(self)
		vlans=$("$bridge" vlan show dev "$dev")
		if [ "$2" != 0 ]; then
			[[ $vlans =~ [[:space:]]"$2 PVID Egress Untagged" ]] || continue
			"$bridge" vlan del vid "$2" dev "$dev" "${self[@]}"
		fi
		[ "$3" = 0 ] || [[ $vlans =~ [[:space:]]"$3"([[:space:]]|$) ]] ||
			"$bridge" vlan add vid "$3" pvid untagged dev "$dev" "${self[@]}"
	done
}

# link WORD...: ip link ... type bridge ...
link()
{
	local old

	words=()
	while [ $# -gt 0 ]; do
		case "$1 ${2-}" in
		"type bridge_slave")
			words+=(type vswitch_slave "${@:3}")
			break
			;;
		"type bridge")
			words+=(type vswitch)
			shift 2
			while [ $# -gt 1 ]; do
				option "$1" "$2"
				shift 2
			done
			words+=("$@")
			break
			;;
		esac
		words+=("$1")
		shift
	done
	if [[ " ${words[*]} " =~ " set dev "([^ ]+)" type vswitch vlan_default_pvid "([0-9]+)" " ]]; then
		old=$(default_pvid_of "${BASH_REMATCH[1]}")
		"$ip" "${words[@]}" && default_pvid "${BASH_REMATCH[1]}" "$old" "${BASH_REMATCH[2]}"
		exit
	fi
	exec "$ip" "${words[@]}"
}

# fdb_change OPERATION MAC WORD...: fdb add, append, del, replace
fdb_change()
{
	local port='' vid=() rest=() master='' mac=$2 operation=$1 sw

	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
		dev) port=$2; shift ;;
		vlan) vid=(vlan "$2"); shift ;;
		master) master=y ;;
		extern_learn) rest+=(static) ;;
		*) rest+=("$1") ;;
		esac
		shift
	done
	sw=$(master_of "$port")
	if [ -z "$master" ] || [ -z "$sw" ]; then
		exec "$bridge" "${all[@]}"
	fi
	exec "$bridge" "${options[@]}" fdb "$operation" "$mac" dev "$sw" self via "$port" \
		"${vid[@]}" "${rest[@]}"
}

# What bridge -j has shown of a switch's entries, as it shows those of a bridge.
# shellcheck disable=SC2016  # jq's, not ours
as_of_bridge='map(if .viaIf and (.flags | index("self")) then
		.master = .ifname | .ifname = .viaIf | del(.viaIf) | .flags -= ["self"]
	else . end)'

# shellcheck disable=SC2016
as_text='.[] | .mac + " dev " + .ifname + (if .vlan then " vlan \(.vlan)" else "" end) +
	(.flags | map(" " + .) | join("")) +
	(if .master then " master " + .master else "" end) +
	(if .state != "" then " " + .state else "" end)'

# rewritten FILTER COMMAND...: what it shows, with the entries that FILTER selects
rewritten()
{
	local filter=$1 out status

	shift
	out=$("$bridge" -j "${options[@]}" "$@")
	status=$?
	[ $status -eq 0 ] || exit $status
	if [[ " ${options[*]} " == *" -j "* ]]; then
		jq -c "$as_of_bridge | map($filter)" <<<"$out"
	else
		jq -r "$as_of_bridge | map($filter) | $as_text" <<<"$out"
	fi
	exit
}

# fdb_show WORD...
fdb_show()
{
	local filter=. rest=()

	while [ $# -gt 0 ]; do
		case $1 in
		br)
			is_switch "$2" || exec "$bridge" "${all[@]}"
			filter+=" | select(.master == \"$2\" or .ifname == \"$2\")"
			shift
			;;
		brport | dev)
			[ -n "$(master_of "$2")" ] || is_switch "$2" || exec "$bridge" "${all[@]}"
			filter+=" | select(.ifname == \"$2\")"
			shift
			;;
		*) rest+=("$1") ;;
		esac
		shift
	done
	rewritten "$filter" fdb show "${rest[@]}"
}

# fdb_get WORD...
fdb_get()
{
	local i

	for ((i = 1; i < $#; i++)); do
		if [ "${!i}" = br ]; then
			i=$((i + 1))
			is_switch "${!i}" || exec "$bridge" "${all[@]}"
			rewritten . fdb get "$@"
		fi
	done
	exec "$bridge" "${all[@]}"
}

all=("$@")
case $tool in
ip)
	[[ " $* " =~ " type bridge"(_slave)?" " ]] || exec "$ip" "$@"
	link "$@"
	;;
bridge)
	options=()
	while [[ ${1-} == -* ]]; do
		options+=("$1")
		shift
	done
	case "${1-} ${2-}" in
	"fdb "add | "fdb "append | "fdb "del | "fdb "replace) fdb_change "${@:2}" ;;
	"fdb "sh*) fdb_show "${@:3}" ;;
	"fdb get") fdb_get "${@:3}" ;;
	*) exec "$bridge" "${all[@]}" ;;
	esac
	;;
*)
	refuse "I am neither ip nor bridge"
	;;
esac
