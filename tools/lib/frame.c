// SPDX-License-Identifier: GPL-2.0
/*
 * The frame that a match describes. What it does not say is as most packets have it:
 * lengths and checksums are right.
 */
#include <string.h>

#include "status.h"
#include "trace.h"

#define LEAST		60		/* bytes of a frame, without the checksum behind it */
#define TTL		64
#define TTL_ND		255
#define PORT_SRC	49152		/* the first one that a client may have (RFC 6335 6) */
#define PORT_DST	80
#define PROTO_NONE	253		/* for experiments (RFC 3692) */
#define TYPE_NONE	0x88b5		/* likewise (802-2014 9.2.4) */
#define TCP_SYN		0x02
#define TAG_PRESENT	0x1000
#define FRAGMENT_OFFSET	8		/* of a later fragment, in units of 8 bytes */

enum {
	PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_FRAGMENT = 44, PROTO_ICMP6 = 58,
	PROTO_SCTP = 132
};

struct maker {
	const struct flow_match *match;
	struct frame *frame;
	uint16_t type;			/* EtherType */
	uint8_t proto;
	uint8_t fragment;		/* VSWITCH_FLOW_FRAG_* */
	size_t network, transport;	/* where in the frame */
	uint64_t *used;			/* bits of fields that the frame has */
};

/* ---- what is described --------------------------------------------------------- */

static uint64_t said(const struct maker *make, unsigned int field, uint64_t otherwise)
{
	const struct flow_term *term = flow_match_find(make->match, field);

	return term ? flow_number(field, term->value) : otherwise;
}

static void use(const struct maker *make, unsigned int field)
{
	*make->used |= UINT64_C(1) << field;
}

static uint64_t number(const struct maker *make, unsigned int field, uint64_t otherwise)
{
	use(make, field);
	return said(make, field, otherwise);
}

/* Fields of which some bits may be said alone: the others are 0. */
static bool has_parts(unsigned int field)
{
	switch (field) {
	case VSWITCH_A_MATCH_VLAN_TCI:
	case VSWITCH_A_MATCH_VLAN2_TCI:
	case VSWITCH_A_MATCH_IP_TOS:
	case VSWITCH_A_MATCH_IP_FRAG:
	case VSWITCH_A_MATCH_TP_SRC:
	case VSWITCH_A_MATCH_TP_DST:
	case VSWITCH_A_MATCH_TCP_FLAGS:
		return true;
	}
	return false;
}

static bool is_of_frame(unsigned int field)
{
	return field <= VSWITCH_A_MATCH_ND_TARGET || field == VSWITCH_A_MATCH_MARK;
}

static bool is_of_sender(unsigned int field)
{
	return field >= VSWITCH_A_MATCH_TUN_ID && field <= VSWITCH_A_MATCH_CGROUP;
}

static int check_term(const struct flow_term *term, struct err *err)
{
	if (flow_is_range(term->field))
		return err_set(err, STATUS_USAGE,
			       "a packet has one port: say which of the range is meant");
	if (is_of_sender(term->field))
		return err_set(err, STATUS_USAGE,
			       "'%s' is of the tunnel or the process that sends: it can't be described",
			       flow_field_name(term->field));
	if (!is_of_frame(term->field))
		return err_set(err, STATUS_USAGE,
			       "a packet has no '%s' when it comes: flows set it later",
			       flow_field_name(term->field));
	if (!has_parts(term->field) && !flow_is_exact(term))
		return err_set(err, STATUS_USAGE,
			       "a packet has one value of '%s': say which, without a mask",
			       flow_field_name(term->field));
	return 0;
}

static int check(const struct flow_match *match, struct err *err)
{
	size_t i;

	for (i = 0; i < match->n; i++)
		if (check_term(&match->term[i], err) < 0)
			return -1;
	return 0;
}

/* ---- bytes ----------------------------------------------------------------------- */

/* Zeros behind what is there; there is room for all that is built here. */
static uint8_t *put(struct maker *make, size_t n)
{
	uint8_t *at = make->frame->data + make->frame->n;

	memset(at, 0, n);
	make->frame->n += n;
	return at;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* What is said of it, or otherwise these bytes. */
static void put_bytes(const struct maker *make, uint8_t *at, unsigned int field,
		      const void *otherwise)
{
	const struct flow_term *term = flow_match_find(make->match, field);

	use(make, field);
	memcpy(at, term ? term->value : otherwise, flow_field_size(field));
}

/* RFC 1071, of n bytes and what was summed up before. */
static uint32_t sum(uint32_t before, const uint8_t *at, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		before += at[i] << 8 | at[i + 1];
	if (n % 2)
		before += at[n - 1] << 8;
	return before;
}

static uint16_t folded(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total;
}

/* ---- layers ------------------------------------------------------------------------ */

static bool is_arp(const struct maker *make)
{
	return make->type == 0x0806 || make->type == 0x8035;
}

/* The address of a group (RFC 1112 6.4, RFC 2464 7), or one of nobody's. */
static void default_dst(const struct maker *make, uint8_t mac[6])
{
	static const uint8_t nobody[6] = { 0x02, 0, 0, 0, 0, 0x02 };
	const struct flow_term *ip4 = flow_match_find(make->match, VSWITCH_A_MATCH_IPV4_DST);
	const struct flow_term *ip6 = flow_match_find(make->match, VSWITCH_A_MATCH_IPV6_DST);

	memcpy(mac, nobody, 6);
	if (is_arp(make) || (ip4 && !memcmp(ip4->value, "\xff\xff\xff\xff", 4))) {
		memset(mac, 0xff, 6);
	} else if (ip4 && ip4->value[0] >> 4 == 14) {
		memcpy(mac, "\x01\x00\x5e", 3);
		memcpy(mac + 3, ip4->value + 1, 3);
		mac[3] &= 0x7f;
	} else if (ip6 && ip6->value[0] == 0xff) {
		memcpy(mac, "\x33\x33", 2);
		memcpy(mac + 2, ip6->value + 12, 4);
	}
}

static void put_tag(struct maker *make, unsigned int field, uint16_t type)
{
	uint64_t tci = number(make, field, 0);
	uint8_t *at;

	if (!(tci & TAG_PRESENT))
		return;
	at = put(make, 4);
	put16(at, type);
	put16(at + 2, tci & ~TAG_PRESENT);
}

static void put_ethernet(struct maker *make)
{
	static const uint8_t nobody[6] = { 0x02, 0, 0, 0, 0, 0x01 };
	bool two = number(make, VSWITCH_A_MATCH_VLAN2_TCI, 0) & TAG_PRESENT;
	uint8_t *at = put(make, 12), dst[6];

	default_dst(make, dst);
	put_bytes(make, at, VSWITCH_A_MATCH_ETH_DST, dst);
	put_bytes(make, at + 6, VSWITCH_A_MATCH_ETH_SRC, nobody);
	put_tag(make, VSWITCH_A_MATCH_VLAN_TCI, two ? 0x88a8 : 0x8100);
	put_tag(make, VSWITCH_A_MATCH_VLAN2_TCI, 0x8100);
	at = put(make, 2);
	put16(at, make->type);
	make->network = make->frame->n;
}

static void put_arp(struct maker *make)
{
	static const uint8_t from[4] = { 192, 0, 2, 1 }, to[4] = { 192, 0, 2, 2 }, none[6];
	uint8_t *at = put(make, 28);

	memcpy(at, "\x00\x01\x08\x00\x06\x04", 6);
	put16(at + 6, number(make, VSWITCH_A_MATCH_IP_PROTO, 1));
	put_bytes(make, at + 8, VSWITCH_A_MATCH_ARP_SHA, make->frame->data + 6);
	put_bytes(make, at + 14, VSWITCH_A_MATCH_IPV4_SRC, from);
	put_bytes(make, at + 18, VSWITCH_A_MATCH_ARP_THA, none);
	put_bytes(make, at + 24, VSWITCH_A_MATCH_IPV4_DST, to);
}

static void put_ipv4(struct maker *make)
{
	static const uint8_t from[4] = { 192, 0, 2, 1 }, to[4] = { 192, 0, 2, 2 };
	uint8_t *at = put(make, 20);

	use(make, VSWITCH_A_MATCH_IP_PROTO);
	use(make, VSWITCH_A_MATCH_IP_FRAG);
	at[0] = 0x45;
	at[1] = number(make, VSWITCH_A_MATCH_IP_TOS, 0);
	if (make->fragment & VSWITCH_FLOW_FRAG_LATER)
		put16(at + 6, FRAGMENT_OFFSET);
	else if (make->fragment)
		put16(at + 6, 0x2000);
	at[8] = number(make, VSWITCH_A_MATCH_IP_TTL, TTL);
	at[9] = make->proto;
	put_bytes(make, at + 12, VSWITCH_A_MATCH_IPV4_SRC, from);
	put_bytes(make, at + 16, VSWITCH_A_MATCH_IPV4_DST, to);
}

static bool is_nd(const struct maker *make)
{
	uint64_t type = said(make, VSWITCH_A_MATCH_TP_SRC, 0);

	return make->proto == PROTO_ICMP6 && (type == 135 || type == 136);
}

static void put_ipv6(struct maker *make)
{
	static const uint8_t from[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	static const uint8_t to[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };
	uint32_t label = number(make, VSWITCH_A_MATCH_IPV6_LABEL, 0);
	uint8_t tos = number(make, VSWITCH_A_MATCH_IP_TOS, 0);
	uint8_t *at = put(make, 40);

	use(make, VSWITCH_A_MATCH_IP_PROTO);
	use(make, VSWITCH_A_MATCH_IP_FRAG);
	at[0] = 0x60 | tos >> 4;
	at[1] = tos << 4 | label >> 16;
	put16(at + 2, label);
	at[6] = make->fragment ? PROTO_FRAGMENT : make->proto;
	at[7] = number(make, VSWITCH_A_MATCH_IP_TTL, is_nd(make) ? TTL_ND : TTL);
	put_bytes(make, at + 8, VSWITCH_A_MATCH_IPV6_SRC, from);
	put_bytes(make, at + 24, VSWITCH_A_MATCH_IPV6_DST, to);
	if (!make->fragment)
		return;
	at = put(make, 8);
	at[0] = make->proto;
	put16(at + 2, make->fragment & VSWITCH_FLOW_FRAG_LATER ? FRAGMENT_OFFSET << 3 : 1);
}

static void put_ports(struct maker *make, uint8_t *at)
{
	put16(at, number(make, VSWITCH_A_MATCH_TP_SRC, PORT_SRC));
	put16(at + 2, number(make, VSWITCH_A_MATCH_TP_DST, PORT_DST));
}

static void put_tcp(struct maker *make)
{
	uint8_t *at = put(make, 20);

	put_ports(make, at);
	put16(at + 12, 5 << 12 | number(make, VSWITCH_A_MATCH_TCP_FLAGS, TCP_SYN));
	put16(at + 14, 0xffff);
}

/* With the chunk that begins an association (RFC 9260 3.3.2). */
static void put_sctp(struct maker *make)
{
	uint8_t *at = put(make, 12 + 20);

	put_ports(make, at);
	at[12] = 1;
	put16(at + 14, 20);
	put16(at + 12 + 12, 1);
	put16(at + 12 + 14, 1);
}

/* Echo requests, unless it is said what. */
static void put_icmp(struct maker *make, uint8_t type)
{
	uint8_t *at = put(make, 8);

	at[0] = number(make, VSWITCH_A_MATCH_TP_SRC, type);
	at[1] = number(make, VSWITCH_A_MATCH_TP_DST, 0);
}

/* RFC 4861 4.3 and 4.4, with its option. */
static void put_nd(struct maker *make)
{
	bool asks = number(make, VSWITCH_A_MATCH_TP_SRC, 0) == 135;
	uint8_t *at = put(make, 16);

	put_bytes(make, at, VSWITCH_A_MATCH_ND_TARGET,
		  make->frame->data + make->network + (asks ? 24 : 8));
	at = put(make, 8);
	at[0] = asks ? 1 : 2;
	at[1] = 1;
	put_bytes(make, at + 2, asks ? VSWITCH_A_MATCH_ARP_SHA : VSWITCH_A_MATCH_ARP_THA,
		  make->frame->data + 6);
}

static void put_transport(struct maker *make)
{
	make->transport = make->frame->n;
	if (make->fragment & VSWITCH_FLOW_FRAG_LATER) {
		put(make, 8);
		return;
	}
	switch (make->proto) {
	case PROTO_TCP:
		put_tcp(make);
		break;
	case PROTO_UDP:
		put_ports(make, put(make, 8));
		break;
	case PROTO_SCTP:
		put_sctp(make);
		break;
	case PROTO_ICMP:
		put_icmp(make, 8);
		break;
	case PROTO_ICMP6:
		put_icmp(make, 128);
		if (is_nd(make))
			put_nd(make);
		break;
	}
}

/* ---- lengths and checksums ------------------------------------------------------------- */

/* Castagnoli's (RFC 9260 appendix A). */
static uint32_t crc32c(const uint8_t *at, size_t n)
{
	uint32_t crc = ~0u;
	unsigned int bit;

	for (; n; n--) {
		crc ^= *at++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* Where the checksum is in the transport's header; 0: there is none of this kind. */
static size_t checksum_at(const struct maker *make)
{
	switch (make->proto) {
	case PROTO_TCP:
		return 16;
	case PROTO_UDP:
		return 6;
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return 2;
	}
	return 0;
}

/* Of all that is behind the network header; n is how much that is. */
static void sum_up(struct maker *make, size_t n)
{
	uint8_t *network = make->frame->data + make->network;
	uint8_t *at = make->frame->data + make->transport;
	size_t where = checksum_at(make);
	uint32_t total = 0, crc;
	uint16_t checksum;

	if (make->fragment)
		return;
	if (make->proto == PROTO_UDP)
		put16(at + 4, n);
	if (make->proto == PROTO_SCTP) {
		crc = crc32c(at, n);
		memcpy(at + 8, (uint8_t[]){ crc, crc >> 8, crc >> 16, crc >> 24 }, 4);
	}
	if (!where)
		return;
	if (make->proto != PROTO_ICMP) {
		total = make->proto + n;
		total = make->type == 0x0800 ? sum(total, network + 12, 8) :
					       sum(total, network + 8, 32);
	}
	checksum = folded(sum(total, at, n));
	put16(at + where, checksum || make->proto != PROTO_UDP ? checksum : 0xffff);
}

/* The frame is as long as it has to be; what is behind all that is said is data. */
static void complete(struct maker *make)
{
	uint8_t *network = make->frame->data + make->network;
	size_t n;

	if (make->frame->n < LEAST)
		put(make, LEAST - make->frame->n);
	n = make->frame->n - make->network;
	if (make->type == 0x0800) {
		put16(network + 2, n);
		put16(network + 10, folded(sum(0, network, 20)));
	} else if (make->type == 0x86dd) {
		put16(network + 4, n - 40);
	} else {
		return;
	}
	sum_up(make, make->frame->n - make->transport);
}

static int check_kind(const struct maker *make, struct err *err)
{
	if (make->type < 0x0600)
		return err_set(err, STATUS_USAGE, "the EtherType 0x%04x is a length: describe such a frame by a packet capture, with -r",
			       make->type);
	if (make->type == 0x8100 || make->type == 0x88a8)
		return err_set(err, STATUS_USAGE,
			       "a VLAN tag is described by 'dl_vlan', not by its EtherType");
	return 0;
}

/* A field that the frame does not have would say nothing of the packet that was meant. */
static int check_used(const struct maker *make, struct err *err)
{
	const struct flow_match *match = make->match;
	unsigned int field;
	size_t i;

	for (i = 0; i < match->n; i++) {
		field = match->term[i].field;
		if (field != VSWITCH_A_MATCH_IN_PORT && field != VSWITCH_A_MATCH_MARK &&
		    !(*make->used >> field & 1))
			return err_set(err, STATUS_USAGE,
				       "such a packet has no '%s': say what it is, by 'ip', 'tcp', 'arp' or another kind",
				       flow_field_name(field));
	}
	return 0;
}

int frame_build(const struct flow_match *match, struct frame *frame, struct err *err)
{
	uint64_t used = UINT64_C(1) << VSWITCH_A_MATCH_ETH_TYPE;
	struct maker make = { .match = match, .frame = frame, .used = &used };

	if (check(match, err) < 0)
		return -1;
	frame->n = 0;
	make.type = said(&make, VSWITCH_A_MATCH_ETH_TYPE, TYPE_NONE);
	make.proto = said(&make, VSWITCH_A_MATCH_IP_PROTO, PROTO_NONE);
	make.fragment = said(&make, VSWITCH_A_MATCH_IP_FRAG, 0);
	if (check_kind(&make, err) < 0)
		return -1;
	put_ethernet(&make);
	if (is_arp(&make)) {
		put_arp(&make);
	} else if (make.type == 0x0800) {
		put_ipv4(&make);
		put_transport(&make);
	} else if (make.type == 0x86dd) {
		put_ipv6(&make);
		put_transport(&make);
	}
	complete(&make);
	return check_used(&make, err);
}
