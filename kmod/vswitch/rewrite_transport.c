// SPDX-License-Identifier: GPL-2.0
/*
 * Ports and neighbour discovery, and the sums of what is above IP: over the packet and its
 * addresses, or SCTP's, which is a CRC.
 */
#include <uapi/linux/dccp.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ndisc.h>

#include "rewrite_part.h"

#define CRC32C		0x82f63b78	/* RFC 9260 A, lowest bit first */
#define CRC32C_ONE	0x80000000
#define CRC32C_BYTE	0x00800000	/* what eight more bits make of it */

/* ---- sums ----------------------------------------------------------------- */

/* Where in its header @protocol has a sum of the Internet's kind, or 0. */
static unsigned int sum_in_header(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return offsetof(struct udphdr, check);
	case IPPROTO_DCCP:
		return offsetof(struct dccp_hdr, dccph_checksum);
	case IPPROTO_ICMP:
		return offsetof(struct icmphdr, checksum);
	case IPPROTO_ICMPV6:
		return offsetof(struct icmp6hdr, icmp6_cksum);
	}
	return 0;
}

/* Where that sum is; 0: there is none. */
static unsigned int sum_at(const struct vsw_rewrite *rw)
{
	unsigned int sum = sum_in_header(rw->key->ip_proto);

	return rw->layout->transport && sum ? vsw_rewrite_at(rw->layout->transport) + sum : 0;
}

/*
 * Whether the sum of the header at @transport is not made yet, so that only the addresses
 * are in it. Of a tunnel that carries a GSO packet, that is so for both headers.
 */
static bool is_partial(const struct sk_buff *skb, unsigned int transport)
{
	return skb->ip_summed == CHECKSUM_PARTIAL &&
	       (skb_checksum_start_offset(skb) == (int)transport || skb_is_gso(skb));
}

/* @diff was added to what the sum above IP, within reach, is over, or to the addresses. */
static void change_sum(const struct vsw_rewrite *rw, __wsum diff, bool of_addresses)
{
	bool is_udp = rw->key->ip_proto == IPPROTO_UDP || rw->key->ip_proto == IPPROTO_UDPLITE;
	struct sk_buff *skb = rw->skb;
	unsigned int at = sum_at(rw);
	__sum16 *sum, new;

	if (!at)
		return;
	sum = (void *)(skb->data + at);
	/* Who sends UDP without one, may. */
	if (is_udp && !*sum)
		return;
	if (!is_partial(skb, vsw_rewrite_at(rw->layout->transport))) {
		new = csum_fold(csum_add(diff, ~csum_unfold(*sum)));
		if (is_udp && !new)
			new = CSUM_MANGLED_0;
		vsw_rewrite_put(skb, sum, &new, sizeof(new));
	} else if (of_addresses) {
		*sum = ~csum_fold(csum_add(diff, csum_unfold(*sum)));
	}
}

/* How far to reach for the sum that has the addresses in it. */
unsigned int vsw_rewrite_reach_of_sum(const struct vsw_rewrite *rw)
{
	unsigned int at = sum_at(rw);

	return at ? at + sizeof(__sum16) : 0;
}

/* @diff was added to the addresses of a packet, of which the sum is within reach. */
void vsw_rewrite_addresses_sum(const struct vsw_rewrite *rw, __wsum diff)
{
	/* The only one without them (RFC 792). */
	if (rw->key->ip_proto != IPPROTO_ICMP)
		change_sum(rw, diff, true);
}

/* ---- SCTP ----------------------------------------------------------------- */

/* The product of two polynomials of GF(2), modulo that of CRC32c. */
static u32 crc_multiply(u32 a, u32 b)
{
	u32 product = 0;

	for (; a; a <<= 1) {
		if (a & CRC32C_ONE)
			product ^= b;
		b = b >> 1 ^ (b & 1 ? CRC32C : 0);
	}
	return product;
}

/*
 * What is to be added to the CRC of @length bytes when @diff is to the first four: it is
 * linear, so the others need not be read, and one that was wrong stays wrong.
 */
static u32 crc_change(u32 diff, unsigned int length)
{
	u32 power = CRC32C_BYTE, shift = CRC32C_ONE;

	for (; length; length >>= 1) {
		if (length & 1)
			shift = crc_multiply(shift, power);
		power = crc_multiply(power, power);
	}
	return crc_multiply(diff, shift);
}

/* How long what is above IP is; 0: nobody knows, as of a fragment. */
static unsigned int transport_length(const struct vsw_rewrite *rw)
{
	unsigned int network = vsw_rewrite_at(rw->layout->network), end;
	unsigned int transport = vsw_rewrite_at(rw->layout->transport);
	const void *header = rw->skb->data + network;

	if (rw->key->ip_frag)
		return 0;
	if (rw->key->eth_type == htons(ETH_P_IP)) {
		end = network + ntohs(((const struct iphdr *)header)->tot_len);
	} else {
		end = ntohs(((const struct ipv6hdr *)header)->payload_len);
		if (!end)
			return 0;
		end += network + sizeof(struct ipv6hdr);
	}
	return end > transport ? end - transport : 0;
}

static int put_sctp_port(const struct vsw_rewrite *rw, unsigned int offset, const void *value)
{
	unsigned int transport = vsw_rewrite_at(rw->layout->transport);
	unsigned int length = transport_length(rw);
	bool partial = is_partial(rw->skb, transport);
	struct sctphdr *sctp = (void *)(rw->skb->data + transport);
	u32 before, after;
	__le32 crc;

	if (!partial && length < sizeof(*sctp))
		return VSW_REWRITE_ABSENT;
	memcpy(&before, sctp, sizeof(before));
	vsw_rewrite_put(rw->skb, (void *)sctp + offset, value, sizeof(__be16));
	if (partial)
		return VSW_REWRITE_DONE;
	memcpy(&after, sctp, sizeof(after));
	crc = sctp->checksum ^ cpu_to_le32(crc_change(le32_to_cpu((__force __le32)(before ^ after)),
						      length));
	vsw_rewrite_put(rw->skb, &sctp->checksum, &crc, sizeof(crc));
	return VSW_REWRITE_DONE;
}

/* ---- fields --------------------------------------------------------------- */

/* Type and code stand in the key where ports do, of which the low byte is meant. */
static void put_icmp(const struct vsw_rewrite *rw, bool is_code, const void *value)
{
	u8 *header = rw->skb->data + vsw_rewrite_at(rw->layout->transport);
	u8 pair[2] = { header[0], header[1] };

	pair[is_code] = ((const u8 *)value)[1];
	change_sum(rw, vsw_rewrite_put(rw->skb, header, pair, sizeof(pair)), false);
	/* There may be other fields now, or no more. */
	vsw_key_extract_again(rw->key, rw->layout, rw->skb);
}

static int put_port(const struct vsw_rewrite *rw, bool is_destination, const void *value)
{
	unsigned int transport = vsw_rewrite_at(rw->layout->transport);
	unsigned int offset = is_destination * sizeof(__be16), reach;
	__wsum diff;
	int ret;

	reach = transport + (rw->key->ip_proto == IPPROTO_SCTP ? sizeof(struct sctphdr) :
								  2 * sizeof(__be16));
	ret = vsw_rewrite_reach(rw->skb, max(reach, vsw_rewrite_reach_of_sum(rw)));
	if (ret != VSW_REWRITE_DONE)
		return ret;
	switch (rw->key->ip_proto) {
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (rw->writes_icmp)
			put_icmp(rw, is_destination, value);
		return VSW_REWRITE_ABSENT;
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		diff = vsw_rewrite_put(rw->skb, rw->skb->data + transport + offset, value,
				       sizeof(__be16));
		change_sum(rw, diff, false);
		break;
	case IPPROTO_SCTP:
		ret = put_sctp_port(rw, offset, value);
		break;
	default:
		return VSW_REWRITE_ABSENT;
	}
	skb_clear_hash(rw->skb);
	return ret;
}

/* Where the address in the first option of @type is that is as long as a MAC's; or 0. */
static unsigned int nd_option_at(const struct vsw_rewrite *rw, u8 type)
{
	unsigned int at = vsw_rewrite_at(rw->layout->nd_options);
	u8 buf[2];
	const u8 *option;

	for (;;) {
		option = skb_header_pointer(rw->skb, at, sizeof(buf), buf);
		if (!option || !option[1])
			return 0;
		if (option[0] == type && option[1] == 1)
			return at + sizeof(buf);
		at += option[1] * 8;
	}
}

static int put_nd(const struct vsw_rewrite *rw, unsigned int at, const void *value,
		  unsigned int length)
{
	int ret;

	ret = vsw_rewrite_reach(rw->skb, at + length);
	if (ret != VSW_REWRITE_DONE)
		return ret;
	change_sum(rw, vsw_rewrite_put(rw->skb, rw->skb->data + at, value, length), false);
	return VSW_REWRITE_DONE;
}

static int put_nd_mac(const struct vsw_rewrite *rw, u8 type, const void *value)
{
	unsigned int at = nd_option_at(rw, type);

	return at ? put_nd(rw, at, value, ETH_ALEN) : VSW_REWRITE_ABSENT;
}

int vsw_rewrite_transport(const struct vsw_rewrite *rw, unsigned int number,
			  const void *value)
{
	if (!rw->layout->transport)
		return VSW_REWRITE_ABSENT;
	if (number == VSWITCH_A_MATCH_TP_SRC || number == VSWITCH_A_MATCH_TP_DST)
		return put_port(rw, number == VSWITCH_A_MATCH_TP_DST, value);
	if (!rw->layout->nd_options)
		return VSW_REWRITE_ABSENT;
	switch (number) {
	case VSWITCH_A_MATCH_ARP_SHA:
		return put_nd_mac(rw, ND_OPT_SOURCE_LL_ADDR, value);
	case VSWITCH_A_MATCH_ARP_THA:
		return put_nd_mac(rw, ND_OPT_TARGET_LL_ADDR, value);
	case VSWITCH_A_MATCH_ND_TARGET:
		return put_nd(rw, vsw_rewrite_at(rw->layout->nd_options) - sizeof(struct in6_addr),
			      value, sizeof(struct in6_addr));
	}
	return VSW_REWRITE_ABSENT;
}
