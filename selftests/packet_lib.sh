# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets byte by byte, for "frame -x" and "frame -X". Each function takes hexadecimal
# digits and leaves them in $hex. Checksums are right.

# shellcheck disable=SC2034

# checksum HEX: of the Internet (RFC 1071), in $sum
checksum()
{
	local bytes=$1 i

	[ $((${#bytes} % 4)) -eq 0 ] || bytes+=00
	sum=0
	for ((i = 0; i < ${#bytes}; i += 4)); do
		sum=$((sum + 16#${bytes:i:4}))
	done
	sum=$(((sum & 0xffff) + (sum >> 16)))
	sum=$(((sum & 0xffff) + (sum >> 16)))
	printf -v sum %04x $((0xffff - sum))
}

# ip4 DOTTED: as hexadecimal digits, in $hex
ip4()
{
	local IFS=.

	# shellcheck disable=SC2086  # it is to be split
	printf -v hex %02x%02x%02x%02x $1
}

# ethernet DST SRC TYPE PAYLOAD: MACs as people write them; in TYPE there may be tags
# before it: 8100000a0800
ethernet()
{
	hex=${1//:/}${2//:/}$3$4
}

# over_ip4 PROTOCOL SRC DST HEAD TAIL: HEAD, a checksum and TAIL; with the addresses in it
# unless it is ICMP. The sum is in $sum.
over_ip4()
{
	local protocol=$1 src dst pseudo='' body=$4$5

	ip4 "$2"
	src=$hex
	ip4 "$3"
	dst=$hex
	if [ "$protocol" != 1 ]; then
		printf -v pseudo '%s%s%04x%04x' "$src" "$dst" "$protocol" $((${#body} / 2 + 2))
	fi
	checksum "$pseudo${4}0000$5"
	hex=$4$sum$5
}

# ipv4 PROTOCOL SRC DST PAYLOAD [TOS [TTL [FRAGMENT]]]: the last three in hexadecimal
ipv4()
{
	local src dst head tail

	ip4 "$2"
	src=$hex
	ip4 "$3"
	dst=$hex
	printf -v head '45%s%04x1234%s%s%02x' "${5:-00}" $((${#4} / 2 + 20)) "${7:-0000}" \
		"${6:-40}" "$1"
	tail=$src$dst
	checksum "${head}0000$tail"
	hex=$head$sum$tail$4
}

# udp SRC DST SPORT DPORT [TOS [TTL]]: a packet of IPv4, in hexadecimal what ipv4 has so
udp()
{
	local head

	printf -v head %04x%04x%04x "$3" "$4" 16
	over_ip4 17 "$1" "$2" "$head" 0102030405060708
	ipv4 17 "$1" "$2" "$hex" "${@:5}"
}

# tcp SRC DST SPORT DPORT FLAGS [TOS [TTL]]: likewise; FLAGS have three digits
tcp()
{
	local head

	printf -v head '%04x%04x00000001000000025%s2000' "$3" "$4" "$5"
	over_ip4 6 "$1" "$2" "$head" 00000102
	ipv4 6 "$1" "$2" "$hex" "${@:6}"
}

# icmp SRC DST TYPE CODE: likewise
icmp()
{
	local head

	printf -v head %02x%02x "$3" "$4"
	over_ip4 1 "$1" "$2" "$head" 0001000201020304
	ipv4 1 "$1" "$2" "$hex"
}

# arp OPERATION SHA SPA THA TPA
arp()
{
	local spa tpa

	ip4 "$3"
	spa=$hex
	ip4 "$5"
	tpa=$hex
	printf -v hex '0001080006040%03x%s%s%s%s' "$1" "${2//:/}" "$spa" "${4//:/}" "$tpa"
}

# ipv6 NEXT SRC DST PAYLOAD [CLASS-AND-LABEL [HOPS]]: addresses have 32 digits, the
# others 7 and 2
ipv6()
{
	printf -v hex '6%s%04x%02x%s%s%s%s' "${5:-0000000}" $((${#4} / 2)) "$1" "${6:-40}" \
		"$2" "$3" "$4"
}

# over_ip6 NEXT SRC DST HEAD TAIL: as over_ip4
over_ip6()
{
	local length

	printf -v length %08x%08x $(((${#4} + ${#5}) / 2 + 2)) "$1"
	checksum "$2$3$length${4}0000$5"
	hex=$4$sum$5
}
