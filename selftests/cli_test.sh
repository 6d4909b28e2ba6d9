#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The words of vsw's command line: grammar, messages, exit statuses. Needs
# neither the module nor root.

# shellcheck disable=SC2317  # the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

ALL_TESTS="
	bad_words
	bad_values
	vlan_values
	router_words
	router_values
	help_texts
	abbreviations
	options
	batch_lines
	netns_errors
	output_that_fails
	closed_descriptors
	transport
	flow_text
"
# Where it can't be loaded, and only there.
if [ ! -d /sys/module/vswitch ] && ! modprobe -n vswitch 2>/dev/null; then
	ALL_TESTS="$ALL_TESTS no_module"
fi

bad_words()
{
	says 1 "the object is missing. See 'vsw help'" vsw
	says 1 "no object 'bridge'" vsw bridge show
	says 1 "no object ''" vsw "" show
	says 1 "no command 'destroy'. See 'vsw switch help'" vsw switch destroy vs0
	says 1 "'colour' is not an option" vsw switch add vs0 colour red
	says 1 "name of the switch is missing" vsw switch set
	says 1 "name of the switch is missing" vsw switch del
	says 1 "nothing to set" vsw switch set vs0
	says 1 "nothing to set" vsw port set eth1
	says 1 "nothing to set" vsw port set eth1 switch vs0
	says 1 "device is missing" vsw port add
	says 1 "device is missing" vsw port add switch vs0
	says 1 "'switch SWITCH' is missing" vsw port add eth1
	says 1 "'switch' lacks its value" vsw port add eth1 switch
	says 1 "'dev' lacks its value" vsw port del dev
	says 1 "learning was given before" vsw port set eth1 learning on learning off
	says 1 "type was given before" vsw fdb add 02:00:00:00:00:01 dev eth1 static local
	says 1 "the state of the device was given before" vsw switch set vs0 up down
	says 1 "'learning' is not an option" vsw port del eth1 learning on
	says 1 "MAC address is missing" vsw fdb add
	says 1 "'dev DEV' is missing" vsw fdb add 02:00:00:00:00:01 switch vs0
	says 1 "'dev DEV' or 'switch SWITCH' is missing" vsw fdb del 02:00:00:00:00:01
	says 1 "nothing to set" vsw fdb set 02:00:00:00:00:01 switch vs0
	says 1 "sticky was given before" vsw fdb add 02:00:00:00:00:01 dev eth1 sticky on sticky
	says 1 "'dev DEV' or 'switch SWITCH' is missing" vsw fdb flush
	says 1 "'sticky' is not an option" vsw fdb show sticky
	says 1 "'eth1' is not an option .*; a port is named behind 'dev'" vsw fdb show eth1
	says 1 "'eth1' is not an option .*; a port is named behind 'dev'" vsw vlan add 10 eth1
	says 1 "'eth2' is not an option of this command. See" vsw mdb show dev eth1 eth2
	says 1 "'router' is nothing to monitor" vsw monitor router
	log_test "words that make no sense"
}

bad_values()
{
	local mac

	says 1 "too long, the most is 15" vsw switch add sixteen-letters0
	says 1 "too long, the most is 15" vsw port add eth1 switch sixteen-letters0
	says 1 "name is empty" vsw switch add ""
	says 1 "ageing: 'soon'" vsw switch add vs0 ageing soon
	says 1 "mac-changes: 'inherit' is neither 'accept' nor 'reject'. See" \
		vsw switch set vs0 mac-changes inherit
	says 1 "promiscuous: 'on' is neither .* nor 'inherit'" vsw port set eth1 promiscuous on
	says 1 "storm-unknown: '00mbit' would let nothing pass" vsw port set eth1 storm-unknown 00mbit
	says 1 "ageing: '-1'" vsw switch add vs0 ageing -- -1
	says 1 "ageing: '1.2345' has more than three decimals" vsw switch add vs0 ageing 1.2345
	says 1 "ageing: '4294968' seconds are too many" vsw switch add vs0 ageing 4294968
	says 1 "fdb-max: '4294967296' is too large" vsw switch add vs0 fdb-max 4294967296
	says 1 "fdb-max: '99999999999999999999' is too large" vsw switch add vs0 fdb-max 99999999999999999999
	says 1 "fdb-max: '12x' is not a number" vsw switch add vs0 fdb-max 12x
	says 1 "fdb-max: '0x' is not a number" vsw switch add vs0 fdb-max 0x
	says 1 "fdb-max: ' 1' is not a number" vsw switch add vs0 fdb-max ' 1'
	says 1 "fdb-max: '\+1' is not a number" vsw switch add vs0 fdb-max +1
	says 1 "group-fwd-mask: '0x10000' is too large, the most is 65535" \
		vsw port set eth1 group-fwd-mask 0x10000
	says 1 "isolated: 'yes' is neither" vsw port set eth1 isolated yes
	for mac in 02:00:00:00:00 02:00:00:00:00:0 02:00:00:00:00:0a: 02:00:00:00:00:0a:0b 0200.0000.000a \
		   02:00-00:00:00:0a 020000000000a :02:00:00:00:00:0 02:00:00:00:00:0g ""; do
		says 1 "'$mac' is not a MAC address" vsw fdb add "$mac" dev eth1
		says 1 "'$mac' is not a MAC address" vsw switch add vs0 address "$mac"
	done
	log_test "values that text can't become"
}

vlan_values()
{
	local list

	says 1 "'access' and 'trunk' exclude each other" vsw port set eth1 access 10 trunk 20
	says 1 "'access' and 'trunk' exclude each other" vsw port add eth1 switch vs0 trunk 20 access 10
	says 1 "'access' and 'native' exclude each other" vsw port set eth1 access 10 native 10
	says 1 "'native' needs 'trunk LIST'. See 'vsw port help'" vsw port set eth1 native 10
	says 1 "vlan was given before" vsw port set eth1 trunk 10 trunk 20
	says 1 "vlan-untagged was given before" vsw port set eth1 trunk 10 native 20 native 20
	says 1 "'trunk' lacks its value" vsw port set eth1 trunk
	says 1 "access: VLAN 4095 is reserved: VLANs are 1 to 4094" vsw port set eth1 access 4095
	says 1 "access: there is no VLAN 0: VLANs are 1 to 4094" vsw port set eth1 access 0
	says 1 "access: '10,20' is not one VLAN" vsw port set eth1 access 10,20
	says 1 "access: 'ten' is not a VLAN" vsw port set eth1 access ten
	says 1 "native: there is no VLAN 5000" vsw port set eth1 trunk 10 native 5000
	says 1 "trunk: '30-20': a range goes up" vsw port set eth1 trunk 10,30-20,40
	says 1 "trunk: VLAN 4095 is reserved" vsw port set eth1 trunk 10,20-4095
	says 1 "trunk: there is no VLAN 18446744073709551617" vsw port set eth1 trunk 18446744073709551617
	for list in 10: 10-20-30 10.20 "10 20" 1a; do
		says 1 "trunk: '$list' is not a list of VLANs like 10,20-30, nor 'all' or 'none'" \
			vsw port set eth1 trunk "$list"
	done
	for list in "" ",20" "10," "10,,20" "10-,20" 10- all,10 None; do
		says 1 "trunk: '.*' is not a VLAN: VLANs are 1 to 4094" vsw port set eth1 trunk "$list"
	done
	says 1 "vlan: VLAN 4095 is reserved" vsw fdb add 02:00:00:00:00:01 dev eth1 vlan 4095
	says 1 "vlan: '1-2' is not one VLAN" vsw fdb show vlan 1-2
	says 1 "nothing to set" vsw fdb set 02:00:00:00:00:01 switch vs0 vlan 10
	says 1 "'dev DEV' or 'switch SWITCH' is missing" vsw fdb flush vlan 10
	says 1 "vid: there is no VLAN 0" vsw vlan show vid 0
	says 1 "no command 'set'. See 'vsw vlan help'" vsw vlan set eth1
	says 1 "'trunk' is not an option" vsw vlan show eth1 trunk 10
	says 1 "vlan-filtering: 'maybe' is neither 'on' nor 'off'" vsw switch add vs0 vlan-filtering maybe
	log_test "VLANs and lists of VLANs"
}

# all_say: each line of standard input is a command, " => ", and what it says, which is
# like in says; one vsw runs them all, so they are no batches and no containers.
all_say()
{
	local command text n=0
	local -a want=() got

	: >"$tmp/batch"
	while IFS= read -r command; do
		text=${command##* => }
		printf '%s\n' "${command% => *}" >>"$tmp/batch"
		want+=("${text:?}")
	done
	vsw -force -b "$tmp/batch" >"$tmp/out" 2>"$tmp/err"
	expect_eq $? 1 "status of wrong words"
	expect_eq "$(<"$tmp/out")" "" "output of wrong words"
	mapfile -t got <"$tmp/err"
	expect_eq "${#got[@]}" "${#want[@]}" "errors"
	for ((n = 0; n < ${#want[@]}; n++)); do
		[[ ${got[n]} =~ ^"vsw: $tmp/batch:$((n + 1)): ".*${want[n]} ]]
		check_err $? "line $((n + 1)) said '${got[n]}', not '${want[n]}'"
	done
}

# Of the virtual router.
router_words()
{
	all_say <<-'END'
		router start => no command 'start'. See 'vsw router help'
		router set => nothing to set. See 'vsw router help'
		router show web => 'web' is not an option
		router flush web => 'web' is not an option
		router connections web dns => 'dns' is not an option
		service add => name of the service is missing
		service add web => address of the service is missing
		service set web => nothing to set
		service set web proto udp => 'proto' is not an option
		service delete web dns => 'dns' is not an option
		service set web timeout 3h => 'timeout' needs 'affinity source'
		service set web affinity none timeout 3h => 'affinity none' has no timeout
		service set web affinity client => neither 'source' nor 'none'
		service set web affinity source timeout 0 => would be 'affinity none'
		backend add => name of the service is missing
		backend add web => address of the backend is missing
		backend set web 10.0.0.2:80 => nothing to set
		backend set web 10.0.0.2:80 up down => up was given before
		backend set web 10.0.0.2:80 cut => 'cut' needs 'down'
		backend set web 10.0.0.2:80 up cut => 'cut' needs 'down'
		publish add => the port is missing
		publish add 80 => 'to TARGET' is missing
		publish set 80 => nothing to set
		publish add 80 to web:80 => no container 'web' runs here
		publish add 80 to "we b" => 'we b' is not the name of a container
		publish explain => the port is missing
		publish explain 80-90 => a packet goes to one port
		publish explain 80 to web => 'to' is not an option
		publish explain 80 from => 'from' lacks its value
		publish explain 80 from 10.0.0.0/8 => is no address but a prefix
		nat add => kind of translation is missing
		nat add redirect => 'redirect' is none of masquerade, snat, dnat, one-to-one
		nat add snat from 10.0.0.0/24 => 'to ADDRESS' is missing
		nat add masquerade to 10.0.0.1 => with 'to' it is 'snat'
		nat add one-to-one to 10.0.0.1 => 'from PREFIX' is missing
		nat add snat in eth0 to 10.0.0.1 => 'in' is not for 'snat', 'out' is
		nat add dnat out eth0 to 10.0.0.1 => 'out' is not for 'dnat', 'in' is
		nat add dnat port 80 to 10.0.0.1 => 'port' needs 'proto'
		nat add one-to-one from 10.0.0.0/24 to 192.0.2.0/25 => not as large as what is translated
		nat delete => id of the rule is missing
		masquerade add => the prefix is missing
		masquerade add 10.0.0.0/24 to 10.0.0.1 => 'to' is not an option
		masquerade show 3 => '3' is not an option
		natnet add => name of the network is missing
		natnet add lab => 'subnet PREFIX' is missing
		natnet add ../lab => has something else than letters
		natnet add lab subnet 10.0.0.0/30 => no prefix of IPv4 with 8 to 29 bits
		natnet add lab subnet fd00::/64 => one of IPv6 is said by 'ipv6'
		natnet add lab subnet 10.0.0.1/24 => has zeros behind its bits
		natnet add lab subnet 10.0.0.0/24 limit 254 => between 1 and 253
		natnet add lab subnet 10.0.0.0/24 limit 0 => between 1 and 253
		natnet add lab subnet 10.0.0.0/24 dhcp off limit 5 => needs 'dhcp on'
		natnet add lab subnet 10.0.0.0/24 ipv6 fd00::/48 => with 64 bits
		natnet add lab subnet 10.0.0.0/24 subnet 10.0.0.0/24 => was given before
		natnet add lab dev eth0 => 'dev' is not an option
		natnet delete => name of the network is missing
		route add => the destination is missing
		route add 10.0.0.0/33 => the prefix length is not between
		route add 10.0.0.0/8 dev a dev b => 'dev' was given before
		route add 10.0.0.0/8 via 10.0.0.0/8 => is no address but a prefix
		route add 10.0.0.0/8 weight 2 => 'weight' is of one of several ways
		route add 10.0.0.0/8 nexthop dev a weight 257 => is not between 1 and 256
		route add 10.0.0.0/8 via 10.0.0.1 nexthop dev a => belongs behind it
		route add 10.0.0.0/8 onlink => has neither 'via' nor 'dev'
		route add 10.0.0.0/8 encap mpls 7 => libnl-route has no word for it: use 'ip route'
		route add 10.0.0.0/8 src 2001:db8::1 => of both IPv4 and IPv6
		route add 10.0.0.0/8 table web => neither a number nor 'main'
		route add 10.0.0.0/8 family ipv6 => the destination is of the other one
		route add 10.0.0.0/8 from 10.1.0.0/16 => there is 'vsw route rule'
		route show type web => 'web' is none of unicast, local
		route get => the address is missing
		route get 10.0.0.0/8 => is no address but a prefix
		route get 10.0.0.1 dport 80 => a port needs 'ipproto'
		route rule add from 10.0.0.0/8 => what the rule does is missing
		route rule add table 1 blackhole => has one action, and two are said
		route rule add not table 1 => use 'ip rule'
		route rule delete => what the rule has is missing
		route rule start => no command 'start'
	END
	says 125 "no address to lead to, see --ip" \
		vsw run --name a --rootfs / --switch vs0 -p 80 true
	says 125 "no interface without --switch" vsw run --name a --rootfs / -p 80 true
	says 125 "no IPv6 address to lead to" vsw run --name a --rootfs / --switch vs0 \
		--ip 10.0.0.2/24 -p '[::1]:80' true
	says 125 "obey-firewall: nothing is published" \
		vsw run --name a --rootfs / --obey-firewall true
	log_test "words about the router that make no sense"
}

router_values()
{
	all_say <<-'END'
		service add web 10.0.0.256:80 => '10.0.0.256' is not an address
		service add web 10.0.0:80 => '10.0.0' is not an address
		service add web web:80 => 'web' is not an address
		service add web :80 => '' is not an address
		service add web 2001:db8::1:80:90 => '2001:db8::1:80:90' has no port
		service add web [10.0.0.1] => '\[10.0.0.1\]' has no port
		service add web [2001:db8::1]80 => is not an address in \[\] and a port
		service add web [2001:db8::1:80 => is not an address in \[\] and a port
		service add web "" => address of the service is empty
		service add web 10.0.0.1:0 => '0' is not a port: ports are 1 to 65535
		service add web 10.0.0.1:65536 => '65536' is not a port
		service add web 10.0.0.1:80x => '80x' is not a port
		service add web 10.0.0.1:-1 => '' is not a port
		service add web 10.0.0.1:80- => '' is not a port
		service add web 10.0.0.1: => '' is not a port
		nat add dnat proto tcp port 99999999999 to 10.0.0.1 => '99999999999' is not a port
		service add web 10.0.0.1:90-80 => '90-80': a range goes up
		service add web 10.0.0.1-10.0.0.2:80 => is more than one address
		service add aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 10.0.0.1:80 => name 'a{32}' is too long, the most is 31
		service add web 10.0.0.1:80 scheduler wr => 'wr' is none of rr, wrr, lc, wlc, sh, maglev, random2
		service add web 10.0.0.1:80 forward dr => forward: 'dr' is none of nat, direct
		service add web 10.0.0.1:80 proto TCP => proto: 'TCP' is none of tcp, udp
		service set web slow-start 3x => slow-start: '3x' is not a time
		service set web slow-start h => slow-start: 'h' is not a time
		service set web slow-start 1e3 => slow-start: '1e3' is not a time
		service set web slow-start -- -1 => slow-start: '-1' is not a time
		service set web slow-start 0.0001s => slow-start: '0.0001s' is not a whole number of milliseconds
		service set web slow-start 50d => slow-start: '50d' is too long
		service watch web tcp http / => 'tcp', 'http' and 'exec' exclude each other
		service watch http x => 'x' is no path
		service watch http "/a b" => '/a b' is no path
		service watch interval 0 => are not 0
		service watch host a => 'host' needs 'http'
		service watch port 0 => ports are 1 to 65535
		backend add web container => name of the container is missing
		backend add web container a:0 => '0' is not a port
		backend add web container a:80-90 => has the port of the service's lowest
		backend add web 10.0.0.2 cgroup => 'cgroup' lacks its value
		backend add web 10.0.0.2:80-90 => a range of ports is the service's
		backend add web 10.0.0.2 weight heavy => weight: 'heavy' is not a number
		publish add 80/icmpx to 10.0.0.2 => '/icmpx' is none of /tcp, /udp and /sctp
		publish add 10.0.0.1 to 10.0.0.2 => '10.0.0.1' has no port
		publish add 80 to 10.0.0.2,10.0.0.3 => one of IPv4 and one of IPv6
		publish add 80 to 10.0.0.2:80,[2001:db8::2]:81 => the port is 80 and 81
		publish add 80-90 to 10.0.0.2:80-90 => here is the lowest
		publish add 80 to 10.0.0.2:99999 => '99999' is not a port
		nat add snat to 10.0.0.9-10.0.0.1 => to: '10.0.0.9-10.0.0.1': a range goes up
		nat add snat to [10.0.0.1-2001:db8::1]:1 => from an IPv4 to an IPv6
		masquerade add 10.0.0.0/33 => prefix: '10.0.0.0/33': the prefix length is not between
	END
	says 125 "'80-90' and '100-111' are not as many ports" vsw run --name a --rootfs / \
		--switch vs0 --ip 10.0.0.2/24 -p 80-90:100-111 true
	says 125 "publish: '1.2.3.4': the port is missing" vsw run --name a --rootfs / \
		--switch vs0 --ip 10.0.0.2/24 -p 1.2.3.4 true
	log_test "values of the router that text can't become"
}

help_texts()
{
	local object

	shows "^Usage: vsw \[" vsw help
	shows "^Usage: vsw \[" vsw -h
	shows "^Usage: vsw \[" vsw --help
	shows "Exit status: 0" vsw help
	for object in switch port fdb; do
		shows "^Usage: vsw $object add|^Usage: vsw fdb" vsw "$object" help
		shows "^Usage: vsw $object" vsw help "$object"
		shows "^Usage: vsw $object" vsw "$object" add -h
		grep -q "vsw help\|$object" "$tmp/out"
		check_err $? "$object: no help"
	done
	for object in mdb mirror binding run capture; do
		shows "^Usage: vsw $object" vsw "$object" help
	done
	shows "vsw .* monitor" vsw monitor help
	shows "^Usage: vsw \[ -s \] vlan \[" vsw vlan help
	shows "^Usage: vsw \[ -s \] vlan \[" vsw help v
	shows "^Usage: vsw \[ -s \] vlan \[" vsw vlan private help
	shows "^Usage: vsw flow add SWITCH" vsw flow help
	shows "^Usage: vsw group \{ add" vsw help gr
	shows "^Usage: vsw meter \{ add" vsw meter help
	shows "^Usage: vsw acl add" vsw acl help
	shows "^Usage: vsw trace SWITCH" vsw trace help
	for object in router service backend publish masquerade nat route natnet; do
		shows "^Usage: vsw $object" vsw "$object" help
		shows "^Usage: vsw $object" vsw help "$object"
	done
	says 1 "no object 'you'" vsw help you
	shows "^vsw [0-9]+\.[0-9]+\.[0-9]+$" vsw -V
	shows "^vsw " vsw --version
	log_test "help and version"
}

abbreviations()
{
	# Which command it was shows by which error.
	says 1 "See 'vsw switch help'" vsw s a vs0 nonsense
	says 1 "See 'vsw port help'" vsw p del
	says 1 "device is missing" vsw po d
	says 1 "MAC address is missing" vsw f r
	says 1 "nothing to set" vsw sw se vs0
	says 1 "nothing to set" vsw sw change vs0
	says 1 "is not an option" vsw f l nonsense
	says 1 "is not an option" vsw fdb lst nonsense
	says 1 "is not an option" vsw fdb ls nonsense
	says 1 "is not an option" vsw fdb s nonsense
	says 1 "no command 'shows'" vsw fdb shows
	says 1 "is nothing to monitor" vsw m nonsense
	shows "Usage: vsw port" vsw p he
	shows "Usage: vsw switch" vsw s he
	shows "Usage: vsw run" vsw r help
	shows "Usage: vsw monitor|vsw .* monitor" vsw m he
	shows "Usage: vsw binding" vsw b he
	shows "Usage: vsw router" vsw ro he
	shows "Usage: vsw route " vsw route he
	shows "Usage: vsw route rule " vsw route rule he
	shows "Usage: vsw nat " vsw nat he
	shows "Usage: vsw publish" vsw pu he
	# What may be a name is not shortened either.
	says 2 "there is no container 'he'" vsw rm he
	# A keyword is never shortened: it would change meaning with the next one.
	says 1 "'learn' is not an option" vsw port set eth1 learn on
	log_test "abbreviations of objects and commands"
}

options()
{
	says 1 "no option '-q'" vsw -q switch show
	says 1 "no option '--nonsense'" vsw --nonsense
	says 1 "no option '-jq'" vsw -jq switch show
	says 1 "'-n' lacks its value" vsw -n
	says 1 "'--netns' lacks its value" vsw --netns
	says 1 "takes no value" vsw --json=yes switch show
	says 1 "'red' is not auto, always or never" vsw --color=red switch show
	says 1 "no option '-x'" vsw switch show -x
	says 1 "belongs before the object" vsw switch show -n x
	says 1 "belongs before the object" vsw switch show -V
	says 1 "'-j' is not an option" vsw switch show vs0 -- -j
	shows "^vsw" vsw -jpsd -V
	shows "^vsw" vsw -json -pretty -stat --det -c=never -color always -c auto -V
	shows "^vsw" vsw -c -V
	log_test "options"
}

batch_lines()
{
	printf '%s\n' '# a comment' '' '   ' 'switch add vs0 nonsense' 'port add' >"$tmp/batch"
	says 1 "^vsw: $tmp/batch:4: 'nonsense' is not an option" vsw -b "$tmp/batch"
	says 1 "^vsw: $tmp/batch:4: " vsw -batch "$tmp/batch"
	vsw -force -b "$tmp/batch" 2>"$tmp/err"
	expect_eq $? 1 "status with -force"
	expect_eq "$(grep -c ":[45]: " "$tmp/err")" 2 "errors with -force"
	says 1 "^vsw: standard input:1: " vsw -b - <<<"port add"
	printf 'switch \\\n add vs0 \\\nnonsense\nport add\n' >"$tmp/batch"
	says 1 "batch:1: 'nonsense' is not" vsw -b "$tmp/batch"
	printf '\nswitch add "a b" '"'c  d'"'\n' >"$tmp/batch"
	says 1 "batch:2: 'c  d' is not" vsw -b "$tmp/batch"
	printf 'switch add "a\n' >"$tmp/batch"
	says 1 "batch:1: a quotation mark is not closed" vsw -b "$tmp/batch"
	printf 'switch add a\\ b c\\#d # and a comment' >"$tmp/batch"
	says 1 "batch:1: 'c#d' is not" vsw -b "$tmp/batch"
	printf 'switch\0 add a\n' >"$tmp/batch"
	says 1 "batch:1: the line has a NUL" vsw -b "$tmp/batch"
	{ printf 'fdb show'; printf ' x%.0s' {1..300}; echo; } >"$tmp/batch"
	says 1 "batch:1: more than 256 words" vsw -b "$tmp/batch"
	: >"$tmp/batch"
	succeeds vsw -b "$tmp/batch"
	says 4 "^vsw: $tmp/nothing: No such file" vsw -b "$tmp/nothing"
	says 4 "^vsw: $tmp: Is a directory" vsw -b "$tmp"
	says 1 "can't stand beside a batch file" vsw -b "$tmp/batch" switch show
	log_test "batch files"
}

netns_errors()
{
	says 4 "network namespace 'no-such-one': No such file" vsw -n no-such-one switch show
	says 4 "network namespace '$tmp/x': No such file" vsw -n "$tmp/x" switch show
	says 4 "network namespace '..': No such file" vsw -n .. switch show
	says 4 "network namespace '4194999'" vsw -n 4194999 switch show
	: >"$tmp/file"
	says 4 "'$tmp/file' is not a network namespace" vsw -n "$tmp/file" switch show
	says 4 "'/proc/self/ns/uts' is not a network namespace" vsw -n /proc/self/ns/uts switch show
	log_test "network namespaces that are none"
}

output_that_fails()
{
	vsw help >/dev/full 2>"$tmp/err"
	expect_eq $? 4 "status on a full disk"
	grep -q "can't write the output: No space left" "$tmp/err"
	check_err $? "a full disk was not reported: $(cat "$tmp/err")"
	log_test "an output that can't be written"
}

closed_descriptors()
{
	# A netlink socket must not become standard output.
	vsw help >&- 2>/dev/null
	vsw switch show <&- >&- 2>&-
	[ $? -le 5 ]
	check_err $? "vsw without standard files"
	says 1 "is not an option" vsw fdb show nonsense <&-
	log_test "closed standard files"
}

no_module()
{
	says 3 "module vswitch is not loaded.*modprobe vswitch.*make dkms-install" vsw switch show
	says 3 "module vswitch is not loaded" vsw -j switch show
	says 3 "module vswitch is not loaded" vsw monitor
	says 3 "module vrouter is not loaded.*modprobe vrouter.*make dkms-install" vsw router
	printf '\nswitch add vs0\n' >"$tmp/batch"
	says 3 "batch:2: the module vswitch" vsw -b "$tmp/batch"
	log_test "a kernel without the module"
}

transport()
{
	succeeds cli_transport
	succeeds cli_vlan
	log_test "what a kernel may answer"
}

flow_text()
{
	succeeds cli_flow
	succeeds flow_fuzz "$SELFTESTS"/fuzz/corpus/* >/dev/null
	printf '# two\n\nip,actions=1 # one\nadd arp, actions=drop\n' >"$tmp/flows"
	succeeds vsw flow check vs0 "$tmp/flows"
	printf 'ip,nonsense,actions=1\n' >>"$tmp/flows"
	says 1 "flows:5: 'nonsense' is no field" vsw flow check vs0 "$tmp/flows"
	printf 'delete ip\n' >"$tmp/flows"
	says 1 "flows:1: a file of flows adds them" vsw flow check vs0 "$tmp/flows"
	says 4 "flows.none: No such file" vsw flow check vs0 "$tmp/flows.none"
	printf '\ngroup_id=1,type=all\ninsert_bucket group_id=1\n' >"$tmp/groups"
	says 1 "groups:3: a file of groups adds them" vsw group check vs0 "$tmp/groups"
	says 1 "groups:2: 'group_id' is none of" vsw meter check vs0 "$tmp/groups"
	says 1 "name of the switch is missing" vsw flow add
	says 1 "the flow is missing" vsw flow add vs0
	says 1 "'strict'" vsw flow del vs0 priority=5
	says 1 "group_id=' is missing" vsw group add vs0 type=all
	says 1 "'type=' is missing" vsw group add vs0 group_id=1
	says 1 "'rate=' is missing" vsw meter add vs0 meter=1,pktps,band=type=drop
	log_test "the text of flows"
}

run_tests
