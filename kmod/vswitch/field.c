// SPDX-License-Identifier: GPL-2.0
/*
 * The fields of packets that flows match, and that actions read and write: where they are
 * in the key, and which packets have them, as in ovs-fields(7).
 */
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/netlink.h>
#include <net/ndisc.h>
#include <kunit/visibility.h>

#include <uapi/linux/vswitch.h>

#include "key.h"

/* What a match makes sure that a packet is. */
enum {
	IS_IPV4		= BIT(0),
	IS_IPV6		= BIT(1),
	IS_ARP		= BIT(2),	/* or RARP */
	IS_TCP		= BIT(3),
	IS_UDP		= BIT(4),
	IS_SCTP		= BIT(5),
	IS_ICMP		= BIT(6),
	IS_ICMPV6	= BIT(7),
	IS_SOLICITATION	= BIT(8),
	IS_ADVERTISEMENT = BIT(9),
};

#define IS_IP		(IS_IPV4 | IS_IPV6)
#define HAS_PORTS	(IS_TCP | IS_UDP | IS_SCTP)
#define IS_ND		(IS_SOLICITATION | IS_ADVERTISEMENT)
#define ABOVE_IP	(HAS_PORTS | IS_ICMP | IS_ICMPV6 | IS_ND)

#define FIELD(_name, member, _bits, ...)				\
	{								\
		.offset = offsetof(struct vsw_key, member),		\
		.size = sizeof_field(struct vsw_key, member),		\
		.bits = _bits,						\
		.name = _name,						\
		__VA_ARGS__						\
	}

#define HOST		.is_network = false
#define NET		.is_network = true
#define SET		.is_settable = true
#define MASK		.is_maskable = true
#define NEEDS(kinds, name, of)						\
	.needs = (kinds), .set_needs = (kinds),				\
	.sentence = name " needs a match on eth-type" of
/* Likewise, and less packets let it be written. */
#define NEEDS_TO_SET(kinds, name, of, set_kinds, set_of)		\
	.needs = (kinds), .set_needs = (set_kinds),			\
	.sentence = name " needs a match on eth-type" of,		\
	.set_sentence = "to set " name " needs a match on eth-type" set_of

#define OF_IP		" 0x0800 or 0x86dd"
#define OF_IPV4		" 0x0800, 0x0806 or 0x8035"
#define OF_IPV6		" 0x86dd"
#define NO_LATER	", but not on later fragments"
#define OF_PORTS	OF_IP " and ip-proto 6, 17, 132, or its ICMP's, 1 or 58" NO_LATER
#define OF_TCP		OF_IP " and ip-proto 6" NO_LATER
#define OF_ND(type)	" 0x86dd, ip-proto 58, tp-src " type " and tp-dst 0" NO_LATER

static const struct vsw_field fields[] = {
	[VSWITCH_A_MATCH_IN_PORT] =
		FIELD("in-port", in_port, 16, HOST, SET),
	[VSWITCH_A_MATCH_ETH_DST] =
		FIELD("eth-dst", eth_dst, 48, NET, SET, MASK),
	[VSWITCH_A_MATCH_ETH_SRC] =
		FIELD("eth-src", eth_src, 48, NET, SET, MASK),
	[VSWITCH_A_MATCH_ETH_TYPE] =
		FIELD("eth-type", eth_type, 16, NET),
	[VSWITCH_A_MATCH_VLAN_TCI] =
		FIELD("vlan-tci", vlan_tci, 16, NET, SET, MASK),
	[VSWITCH_A_MATCH_VLAN2_TCI] =
		FIELD("vlan2-tci", vlan2_tci, 16, NET, MASK),
	[VSWITCH_A_MATCH_IP_PROTO] =
		FIELD("ip-proto", ip_proto, 8, NET, SET,
		      NEEDS_TO_SET(IS_IP | IS_ARP, "ip-proto", " 0x0800, 0x86dd, 0x0806 or 0x8035",
				   IS_ARP, " 0x0806 or 0x8035")),
	[VSWITCH_A_MATCH_IP_TOS] =
		FIELD("ip-tos", ip_tos, 8, NET, SET, MASK, NEEDS(IS_IP, "ip-tos", OF_IP)),
	[VSWITCH_A_MATCH_IP_TTL] =
		FIELD("ip-ttl", ip_ttl, 8, NET, SET, NEEDS(IS_IP, "ip-ttl", OF_IP)),
	[VSWITCH_A_MATCH_IP_FRAG] =
		FIELD("ip-frag", ip_frag, 2, NET, MASK, NEEDS(IS_IP, "ip-frag", OF_IP)),
	[VSWITCH_A_MATCH_IPV4_SRC] =
		FIELD("ipv4-src", ip.ipv4_src, 32, NET, SET, MASK,
		      NEEDS(IS_IPV4 | IS_ARP, "ipv4-src", OF_IPV4)),
	[VSWITCH_A_MATCH_IPV4_DST] =
		FIELD("ipv4-dst", ip.ipv4_dst, 32, NET, SET, MASK,
		      NEEDS(IS_IPV4 | IS_ARP, "ipv4-dst", OF_IPV4)),
	[VSWITCH_A_MATCH_IPV6_SRC] =
		FIELD("ipv6-src", ip.ipv6_src, 128, NET, SET, MASK,
		      NEEDS(IS_IPV6, "ipv6-src", OF_IPV6)),
	[VSWITCH_A_MATCH_IPV6_DST] =
		FIELD("ipv6-dst", ip.ipv6_dst, 128, NET, SET, MASK,
		      NEEDS(IS_IPV6, "ipv6-dst", OF_IPV6)),
	[VSWITCH_A_MATCH_IPV6_LABEL] =
		FIELD("ipv6-label", ipv6_label, 20, NET, SET, MASK,
		      NEEDS(IS_IPV6, "ipv6-label", OF_IPV6)),
	[VSWITCH_A_MATCH_TP_SRC] =
		FIELD("tp-src", tp_src, 16, NET, SET, MASK,
		      NEEDS(HAS_PORTS | IS_ICMP | IS_ICMPV6, "tp-src", OF_PORTS)),
	[VSWITCH_A_MATCH_TP_DST] =
		FIELD("tp-dst", tp_dst, 16, NET, SET, MASK,
		      NEEDS(HAS_PORTS | IS_ICMP | IS_ICMPV6, "tp-dst", OF_PORTS)),
	[VSWITCH_A_MATCH_TCP_FLAGS] =
		FIELD("tcp-flags", tcp_flags, 12, NET, MASK, NEEDS(IS_TCP, "tcp-flags", OF_TCP)),
	[VSWITCH_A_MATCH_ARP_SHA] =
		FIELD("arp-sha", arp_sha, 48, NET, SET, MASK,
		      NEEDS(IS_ARP | IS_SOLICITATION, "arp-sha",
			    " 0x0806 or 0x8035, or" OF_ND("135"))),
	[VSWITCH_A_MATCH_ARP_THA] =
		FIELD("arp-tha", arp_tha, 48, NET, SET, MASK,
		      NEEDS(IS_ARP | IS_ADVERTISEMENT, "arp-tha",
			    " 0x0806 or 0x8035, or" OF_ND("136"))),
	[VSWITCH_A_MATCH_ND_TARGET] =
		FIELD("nd-target", nd_target, 128, NET, SET, MASK,
		      NEEDS(IS_ND, "nd-target", OF_ND("135 or 136"))),
	[VSWITCH_A_MATCH_METADATA] =
		FIELD("metadata", metadata, 64, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG0] = FIELD("reg0", reg[0], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG1] = FIELD("reg1", reg[1], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG2] = FIELD("reg2", reg[2], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG3] = FIELD("reg3", reg[3], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG4] = FIELD("reg4", reg[4], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG5] = FIELD("reg5", reg[5], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG6] = FIELD("reg6", reg[6], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_REG7] = FIELD("reg7", reg[7], 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_MARK] = FIELD("mark", mark, 32, HOST, SET, MASK),
	[VSWITCH_A_MATCH_CT_STATE] = FIELD("ct-state", ct_state, 16, HOST, MASK),
	[VSWITCH_A_MATCH_CT_ZONE] = FIELD("ct-zone", ct_zone, 16, HOST, MASK),
	[VSWITCH_A_MATCH_CT_MARK] = FIELD("ct-mark", ct_mark, 32, HOST, MASK),
	[VSWITCH_A_MATCH_CT_IPV4_SRC] =
		FIELD("ct-ipv4-src", ct.ipv4_src, 32, NET, MASK,
		      NEEDS(IS_IPV4, "ct-ipv4-src", " 0x0800")),
	[VSWITCH_A_MATCH_CT_IPV4_DST] =
		FIELD("ct-ipv4-dst", ct.ipv4_dst, 32, NET, MASK,
		      NEEDS(IS_IPV4, "ct-ipv4-dst", " 0x0800")),
	[VSWITCH_A_MATCH_CT_IPV6_SRC] =
		FIELD("ct-ipv6-src", ct.ipv6_src, 128, NET, MASK,
		      NEEDS(IS_IPV6, "ct-ipv6-src", OF_IPV6)),
	[VSWITCH_A_MATCH_CT_IPV6_DST] =
		FIELD("ct-ipv6-dst", ct.ipv6_dst, 128, NET, MASK,
		      NEEDS(IS_IPV6, "ct-ipv6-dst", OF_IPV6)),
	[VSWITCH_A_MATCH_CT_IP_PROTO] = FIELD("ct-ip-proto", ct_ip_proto, 8, HOST),
	[VSWITCH_A_MATCH_CT_TP_SRC] = FIELD("ct-tp-src", ct_tp_src, 16, NET, MASK),
	[VSWITCH_A_MATCH_CT_TP_DST] = FIELD("ct-tp-dst", ct_tp_dst, 16, NET, MASK),
	[VSWITCH_A_MATCH_TUN_ID] = FIELD("tun-id", tun_id, 64, NET, SET, MASK),
	[VSWITCH_A_MATCH_TUN_IPV4_SRC] = FIELD("tun-ipv4-src", tun_ipv4_src, 32, NET, SET, MASK),
	[VSWITCH_A_MATCH_TUN_IPV4_DST] = FIELD("tun-ipv4-dst", tun_ipv4_dst, 32, NET, SET, MASK),
	[VSWITCH_A_MATCH_TUN_IPV6_SRC] = FIELD("tun-ipv6-src", tun_ipv6_src, 128, NET, SET, MASK),
	[VSWITCH_A_MATCH_TUN_IPV6_DST] = FIELD("tun-ipv6-dst", tun_ipv6_dst, 128, NET, SET, MASK),
	[VSWITCH_A_MATCH_CGROUP] = FIELD("cgroup", cgroup, 64, HOST),
};

const struct vsw_field *vsw_field(unsigned int number)
{
	if (number >= ARRAY_SIZE(fields) || !fields[number].name)
		return NULL;
	return &fields[number];
}
EXPORT_SYMBOL_IF_KUNIT(vsw_field);

#define for_each_field(field)	\
	for ((field) = fields + 1; (field) < fields + ARRAY_SIZE(fields); (field)++)

/* The words of a key in which @field lies. */
static vsw_key_map words_of(const struct vsw_field *field)
{
	return GENMASK((field->offset + field->size - 1) / sizeof(u64),
		       field->offset / sizeof(u64));
}

/* The bits of byte @i of @field that there are. */
static u8 bits_of_byte(const struct vsw_field *field, unsigned int i)
{
	/* Those that have not all of their bits are in network byte order, or a byte. */
	int bits = field->bits - 8 * (field->size - 1 - (int)i);

	return bits > 0 ? GENMASK(min(bits, 8) - 1, 0) : 0;
}

/* ---- what a match makes sure of ------------------------------------------- */

static bool is_any_given(const struct vsw_field *field, const struct vsw_key *mask)
{
	const u8 *bytes = (const u8 *)mask + field->offset;
	unsigned int i;

	for (i = 0; i < field->size; i++) {
		if (bytes[i] & bits_of_byte(field, i))
			return true;
	}
	return false;
}

static bool is_all_given(const struct vsw_field *field, const struct vsw_key *mask)
{
	const u8 *bytes = (const u8 *)mask + field->offset;
	unsigned int i;

	for (i = 0; i < field->size; i++) {
		if (~bytes[i] & bits_of_byte(field, i))
			return false;
	}
	return true;
}

static u16 kinds_of_ip(const struct vsw_key *key, const struct vsw_key *mask, bool v6)
{
	/* That a packet is no later fragment need not be said. */
	if (!is_all_given(&fields[VSWITCH_A_MATCH_IP_PROTO], mask) ||
	    key->ip_frag & VSWITCH_FLOW_FRAG_LATER)
		return 0;
	switch (key->ip_proto) {
	case IPPROTO_TCP:
		return IS_TCP;
	case IPPROTO_UDP:
		return IS_UDP;
	case IPPROTO_SCTP:
		return IS_SCTP;
	case IPPROTO_ICMP:
		return v6 ? 0 : IS_ICMP;
	case IPPROTO_ICMPV6:
		return v6 ? IS_ICMPV6 : 0;
	}
	return 0;
}

static u16 kinds_of_icmpv6(const struct vsw_key *key, const struct vsw_key *mask)
{
	if (!is_all_given(&fields[VSWITCH_A_MATCH_TP_SRC], mask) ||
	    !is_all_given(&fields[VSWITCH_A_MATCH_TP_DST], mask) || key->tp_dst)
		return 0;
	if (key->tp_src == htons(NDISC_NEIGHBOUR_SOLICITATION))
		return IS_SOLICITATION;
	return key->tp_src == htons(NDISC_NEIGHBOUR_ADVERTISEMENT) ? IS_ADVERTISEMENT : 0;
}

/* What each packet is that matches. */
static u16 kinds_of(const struct vsw_key *key, const struct vsw_key *mask)
{
	u16 kinds;

	if (!is_all_given(&fields[VSWITCH_A_MATCH_ETH_TYPE], mask))
		return 0;
	switch (key->eth_type) {
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		return IS_ARP;
	case htons(ETH_P_IP):
		return IS_IPV4 | kinds_of_ip(key, mask, false);
	case htons(ETH_P_IPV6):
		kinds = IS_IPV6 | kinds_of_ip(key, mask, true);
		return kinds & IS_ICMPV6 ? kinds | kinds_of_icmpv6(key, mask) : kinds;
	}
	return 0;
}

/* ---- checks --------------------------------------------------------------- */

static int refuse(struct netlink_ext_ack *extack, const char *sentence)
{
	if (extack)
		extack->_msg = sentence;
	return -EINVAL;
}

/* Of a field that packets have, for which there are bits in @mask. */
static int check_given(const struct vsw_field *field, const struct vsw_key *mask,
		       struct netlink_ext_ack *extack)
{
	if (!field->is_maskable && !is_all_given(field, mask))
		return refuse(extack, "in-port, eth-type, ip-proto, ip-ttl, ct-ip-proto and cgroup are matched as a whole or not at all");
	return 0;
}

/* @rest of a match is of no field that its packets have. */
static int refuse_rest(const struct vsw_key *rest, struct netlink_ext_ack *extack)
{
	const struct vsw_field *field;

	for_each_field(field) {
		if (is_any_given(field, rest))
			return refuse(extack, field->sentence);
	}
	return refuse(extack, "the mask has bits that no field has");
}

int vsw_field_check_match(const struct vsw_key *key, const struct vsw_key *mask,
			  struct netlink_ext_ack *extack)
{
	u16 kinds = kinds_of(key, mask);
	const struct vsw_field *field;
	struct vsw_key rest = *mask;
	vsw_key_map given = 0;
	unsigned int i;
	int err;

	for (i = 0; i < VSW_KEY_WORDS; i++) {
		if (key->word[i] & ~mask->word[i])
			return refuse(extack, "a value has bits that its mask has not");
		if (mask->word[i])
			given |= BIT(i);
	}
	for_each_field(field) {
		u8 *bytes = (u8 *)&rest + field->offset;

		/* Flows are added by the hundred thousand, and have few of all fields. */
		if (!(words_of(field) & given) || (field->needs && !(field->needs & kinds)) ||
		    !is_any_given(field, mask))
			continue;
		err = check_given(field, mask, extack);
		if (err)
			return err;
		for (i = 0; i < field->size; i++)
			bytes[i] &= ~bits_of_byte(field, i);
	}
	for (i = 0; i < VSW_KEY_WORDS; i++) {
		if (rest.word[i])
			return refuse_rest(&rest, extack);
	}
	if (key->in_port > VSWITCH_MAX_PORTS)
		return refuse(extack, "no port has such a number");
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_field_check_match);

int vsw_field_check_needs(unsigned int number, const struct vsw_key *key,
			  const struct vsw_key *mask, struct netlink_ext_ack *extack)
{
	const struct vsw_field *field = vsw_field(number);

	if (!field)
		return refuse(extack, "there is no such field");
	if (field->needs && !(field->needs & kinds_of(key, mask)))
		return refuse(extack, field->sentence);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_field_check_needs);

int vsw_field_check_set(unsigned int number, const struct vsw_key *key,
			const struct vsw_key *mask, struct netlink_ext_ack *extack)
{
	int err = vsw_field_check_needs(number, key, mask, extack);
	const struct vsw_field *field = vsw_field(number);

	if (err)
		return err;
	if (!field->is_settable)
		return refuse(extack, "eth-type, vlan2-tci, ip-frag, tcp-flags, cgroup and fields of connections can't be set");
	if (field->set_needs && !(field->set_needs & kinds_of(key, mask)))
		return refuse(extack, field->set_sentence ?: field->sentence);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_field_check_set);

static bool is_address(unsigned int number)
{
	return number >= VSWITCH_A_MATCH_IPV4_SRC && number <= VSWITCH_A_MATCH_IPV6_DST;
}

vsw_key_map vsw_field_map(unsigned int number)
{
	const struct vsw_field *field = vsw_field(number);
	vsw_key_map map;

	if (!field)
		return 0;
	map = words_of(field);
	/* Whether the packet has it, and where its headers are. */
	if (field->is_network)
		map |= VSW_KEY_MAP_OF(eth_type);
	/* Addresses go into checksums above IP. */
	if (field->needs & ABOVE_IP || is_address(number))
		map |= VSW_KEY_MAP_OF(tp_src);
	return map;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_field_map);
