#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Services beside what others make of the same: IPVS for the same backends and weights, by
# ipvsadm and by keepalived, and haproxy for the same requests.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="round_robin weighted fewest hashed keeps proxy"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command python3 ipvsadm haproxy
require_vrouter
modprobe -q ip_vs || skip_all "no IPVS in this kernel"
load_kind veth
router_star 3 || exit 1
# IPVS takes what is for the host itself.
theirs=198.18.0.1
ip -n "$router" addr add $theirs/32 dev lo

on_fail()
{
	router_vsw -s backend show
	in_ns "$router" ipvsadm -L -n
}

# both SCHEDULER[:THEIRS] WEIGHT...: a service of ours and one of IPVS, with these backends
both()
{
	local scheduler=$1 i=0 weight lines=() peer=()

	shift
	flush_router
	lines=("service add web $vip:80 scheduler ${scheduler%:*}")
	peer=("-C" "-A -t $theirs:80 -s ${scheduler#*:}")
	for weight; do
		i=$((i + 1))
		lines+=("backend add web 10.0.$i.1:8080 weight $weight")
		peer+=("-a -t $theirs:80 -r 10.0.$i.1:8080 -m -w $weight")
	done
	printf '%s\n' "${lines[@]}" | succeeds router_vsw -batch -
	in_ns "$router" ipvsadm -C
	printf '%s\n' "${peer[@]:1}" | succeeds in_ns "$router" ipvsadm -R
}

# same COMMAND COUNT: of both services the same is said. A backend's answer to a client's port
# that IPVS had a connection with is for IPVS still, so each has clients of its own.
same()
{
	expect_eq "$(wire "$1" ${3:+"$3-ours"} "$client" tcp "$vip" 80 "$2" from=10.99.1.1)" \
		"$(wire "$1" ${3:+"$3-theirs"} "$client" tcp "$theirs" 80 "$2" from=10.99.2.1)" \
		"$2 connections, ours and IPVS"
}

# turned ORDER: the names of one round, from b1 on
turned()
{
	[[ $1 =~ b1.* ]] && echo "${BASH_REMATCH[0]:0:8}"
}

round_robin()
{
	local ours theirs_order

	both rr 1 1 1
	same ask 12
	ours=$(wire order "$client" tcp "$vip" 80 6 from=10.99.1.1)
	theirs_order=$(wire order "$client" tcp "$theirs" 80 6 from=10.99.2.1)
	# They go round the other way, or begin elsewhere; no two of a round are the same.
	expect_eq "$(tr ' ' '\n' <<<"$(turned "$ours")" | sort | xargs)" \
		"$(tr ' ' '\n' <<<"$(turned "$theirs_order")" | sort | xargs)" "who is in a round"
	log_test "rr gives as many to each as IPVS does"
}

weighted()
{
	both wrr 3 2 1
	same ask 24
	both wrr 5 1 1
	same ask 21
	both wrr 10 0 7
	same ask 34
	log_test "wrr gives as many to each as IPVS does"
}

fewest()
{
	# What IPVS deletes and gets again still has its connections: these are the same for all.
	both lc 1 1 1
	same hold 12 lc
	wire close lc-ours >/dev/null
	wire close lc-theirs >/dev/null
	both wlc 4 1 1
	same hold 12 wlc
	log_test "lc and wlc give as many to each as IPVS does"
}

# shares WORDS: as BACKEND=COUNT..., of the pairs CLIENT=BACKEND
shares()
{
	tr ' ' '\n' <<<"$1" | cut -d= -f2 | sort | uniq -c | awk '{ print $2 "=" $1 }' | xargs
}

# is_by_weight WORDS WHAT: of 60 clients, weights 3 2 1; chance moves a share by less than 15
is_by_weight()
{
	local said i want=(30 20 10)

	said=$(shares "$1")
	for i in 1 2 3; do
		[[ $said =~ b$i=([0-9]+) ]] &&
			[ $((BASH_REMATCH[1] - want[i - 1])) -lt 15 ] &&
			[ $((want[i - 1] - BASH_REMATCH[1])) -lt 15 ]
		check_err $? "$2: $said is far from 30 20 10"
	done
}

# Keys are drawn by chance: who gets a client differs, how many each gets does not.
hashed()
{
	both maglev:mh 3 2 1
	is_by_weight "$(wire pairs "$client" tcp "$vip" 80 60 from=10.99.1.1-10.99.1.60)" "maglev"
	is_by_weight "$(wire pairs "$client" tcp "$theirs" 80 60 from=10.99.2.1-10.99.2.60)" "mh of IPVS"
	succeeds router_vsw service set web scheduler sh
	is_by_weight "$(wire pairs "$client" tcp "$vip" 80 60 from=10.99.1.1-10.99.1.60)" "sh"
	log_test "maglev and sh give as many to each, by weight, as mh of IPVS does"
}

# keeps: what keepalived makes of its configuration, and takes out when a server does not answer
keeps()
{
	local dir i pid servers=""

	if ! command -v keepalived >/dev/null; then
		log_skip "beside keepalived" "no command keepalived"
		return
	fi
	dir=$(mktemp -d)
	defer rm -r "$dir"
	both wrr 3 2 1
	in_ns "$router" ipvsadm -C
	for i in 1:3 2:2 3:1; do
		servers+=" real_server 10.0.${i%:*}.1 8080 {
  weight ${i#*:}
  TCP_CHECK {
   connect_timeout 30
  }
 }
"
	done
	cat >"$dir/conf" <<-END
		global_defs {
		 router_id test
		}
		virtual_server $theirs 80 {
		 delay_loop 1
		 lb_algo wrr
		 lb_kind NAT
		 protocol TCP
		$servers}
	END
	bg ip netns exec "$router" keepalived -n -C -l -f "$dir/conf" -p "$dir/pid" -c "$dir/checkers" \
		>"$dir/log" 2>&1
	pid=$!
	wait_for keeps_all
	same ask 24
	same ask 30
	# The checks that both make take one out, and the others go on alike.
	wire stop b3 >/dev/null
	succeeds router_vsw backend set web 10.0.3.1:8080 down
	wait_for not keeps_all
	same ask 20
	bg_stop "$pid"
	wait_for keeps_none
	wire serve b3 "$b3" 8080 >/dev/null
	[ "$RET" = 0 ] || sed 's/^/# /' "$dir/log"
	log_test "wrr gives as many to each as keepalived's does, also when one is out"
}

# keeps_all: keepalived has found all servers
keeps_all()
{
	[ "$(in_ns "$router" ipvsadm -L -n | grep -cE "10\.0\.[123]\.1:8080 +Masq +[1-9]")" = 3 ]
}

# keeps_none: it has taken away what it made
keeps_none()
{
	! in_ns "$router" ipvsadm -L -n | grep -q "$theirs"
}

# proxy: the same requests through haproxy in the router's namespace
proxy()
{
	local dir i

	dir=$(mktemp -d)
	defer rm -r "$dir"
	{
		printf '%s\n' "defaults" " mode tcp" " timeout connect 5s" " timeout client 5s" \
			" timeout server 5s" "listen web" " bind $theirs:8081" " balance roundrobin"
		for i in 1:3 2:2 3:1; do
			echo " server b${i%:*} 10.0.${i%:*}.1:8080 weight ${i#*:}"
		done
	} >"$dir/conf"
	bg in_ns "$router" haproxy -db -f "$dir/conf"
	both wrr 3 2 1
	for ((i = 0; i < 50; i++)); do
		[[ $(wire ask "$client" tcp "$theirs" 8081 6) == *refused* ]] || break
		sleep 0.2
	done
	expect_eq "$(wire ask "$client" tcp "$vip" 80 24)" "$(wire ask "$client" tcp "$theirs" 8081 24)" \
		"24 requests, ours and haproxy's"
	log_test "wrr gives as many requests to each as haproxy's roundrobin"
}

run_tests
