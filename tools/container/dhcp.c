// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <string.h>

#include "dhcp.h"

#define PORT_SERVER	67
#define PORT_CLIENT	68
#define OPTIONS_SIZE	308		/* what a packet of DHCP_PACKET_SIZE has room for */
#define OPTIONS_LEAST	60		/* a server may want 300 bytes of BOOTP */
#define HOSTNAME_MAX	63

struct bootp {
	uint8_t op, hardware, hardware_len, hops;
	uint32_t xid;
	uint16_t seconds, flags;
	uint32_t client, yours, next_server, relay;
	uint8_t mac[16];
	char server_name[64], file[128];
	uint32_t cookie;
};

#define OP_QUESTION	1
#define OP_ANSWER	2
#define ETHERNET	1
#define MAC_SIZE	6
#define COOKIE		0x63825363u
#define FLAG_BROADCAST	0x8000		/* answer all: an address of mine is not there yet */

struct packet {
	struct iphdr ip;
	struct udphdr udp;
	struct bootp bootp;
	uint8_t options[OPTIONS_SIZE];
};

_Static_assert(sizeof(struct packet) == DHCP_PACKET_SIZE, "no holes, and all of its room");

enum option {
	OPTION_PAD = 0, OPTION_MASK = 1, OPTION_ROUTER = 3, OPTION_HOSTNAME = 12,
	OPTION_WANTED = 50, OPTION_LEASE = 51, OPTION_TYPE = 53, OPTION_SERVER = 54,
	OPTION_PARAMETERS = 55, OPTION_RENEW = 58, OPTION_END = 255,
};

/* ---- questions ------------------------------------------------------------------------ */

static uint8_t *put(uint8_t *at, enum option option, const void *value, size_t len)
{
	*at++ = option;
	*at++ = len;
	memcpy(at, value, len);
	return at + len;
}

static uint8_t *put_address(uint8_t *at, enum option option, uint32_t address)
{
	return address ? put(at, option, &address, sizeof(address)) : at;
}

static size_t put_options(uint8_t *options, const struct dhcp_question *question)
{
	static const uint8_t parameters[] = { OPTION_MASK, OPTION_ROUTER, OPTION_LEASE,
					      OPTION_RENEW };
	uint8_t type = question->type, *at = options;
	size_t len;

	at = put(at, OPTION_TYPE, &type, 1);
	at = put_address(at, OPTION_WANTED, question->wanted);
	at = put_address(at, OPTION_SERVER, question->server);
	if (question->hostname && type != DHCP_RELEASE)
		at = put(at, OPTION_HOSTNAME, question->hostname,
			 strnlen(question->hostname, HOSTNAME_MAX));
	if (type != DHCP_RELEASE)
		at = put(at, OPTION_PARAMETERS, parameters, sizeof(parameters));
	*at++ = OPTION_END;
	len = at - options;
	return len < OPTIONS_LEAST ? OPTIONS_LEAST : len;
}

static uint16_t checksum(const struct iphdr *ip)
{
	uint16_t words[sizeof(*ip) / 2];
	uint32_t sum = 0;
	size_t i;

	memcpy(words, ip, sizeof(words));
	for (i = 0; i < sizeof(words) / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Without a checksum of UDP, which IPv4 allows. */
size_t dhcp_build(uint8_t bytes[DHCP_PACKET_SIZE], const struct dhcp_question *question)
{
	struct packet packet = {
		.ip = {
			.version = 4, .ihl = sizeof(packet.ip) / 4, .ttl = 64,
			.protocol = IPPROTO_UDP, .saddr = question->address,
			.daddr = INADDR_BROADCAST,
		},
		.udp = { .source = htons(PORT_CLIENT), .dest = htons(PORT_SERVER) },
		.bootp = {
			.op = OP_QUESTION, .hardware = ETHERNET, .hardware_len = MAC_SIZE,
			.xid = question->xid, .client = question->address,
			.flags = question->address ? 0 : htons(FLAG_BROADCAST),
			.cookie = htonl(COOKIE),
		},
	};
	size_t len;

	memcpy(packet.bootp.mac, question->mac, MAC_SIZE);
	len = sizeof(packet) - OPTIONS_SIZE + put_options(packet.options, question);
	packet.udp.len = htons(len - sizeof(packet.ip));
	packet.ip.tot_len = htons(len);
	packet.ip.check = checksum(&packet.ip);
	memcpy(bytes, &packet, len);
	return len;
}

/* ---- answers -------------------------------------------------------------------------- */

static uint32_t read_word(const uint8_t *value)
{
	uint32_t word;

	memcpy(&word, value, sizeof(word));
	return word;
}

/* 0, if its ones are not the first ones. */
static unsigned int mask_bits(uint32_t mask)
{
	unsigned int bits = 0;

	mask = ntohl(mask);
	while (bits < 32 && mask & (0x80000000u >> bits))
		bits++;
	return bits && mask == UINT32_MAX << (32 - bits) ? bits : 0;
}

static void take_option(struct dhcp_answer *answer, enum option option, const uint8_t *value,
			size_t len)
{
	if (option == OPTION_TYPE && len == 1)
		answer->type = *value;
	if (len < 4)
		return;
	switch (option) {
	case OPTION_MASK:
		answer->bits = mask_bits(read_word(value));
		break;
	case OPTION_ROUTER:
		answer->router = read_word(value);
		break;
	case OPTION_SERVER:
		answer->server = read_word(value);
		break;
	case OPTION_LEASE:
		answer->lease = ntohl(read_word(value));
		break;
	case OPTION_RENEW:
		answer->renew = ntohl(read_word(value));
		break;
	default:
		break;
	}
}

static bool take_options(struct dhcp_answer *answer, const uint8_t *at, const uint8_t *end)
{
	while (at < end && *at != OPTION_END) {
		if (*at == OPTION_PAD) {
			at++;
			continue;
		}
		if (end - at < 2 || end - at - 2 < at[1])
			return false;
		take_option(answer, at[0], at + 2, at[1]);
		at += 2 + at[1];
	}
	return true;
}

/*
 * Of a header of IP that is whole, the length; of anything else 0. Checksums say nothing
 * here: what comes from this host has none yet.
 */
static size_t ip_header(const uint8_t *packet, size_t *len)
{
	struct iphdr ip;
	size_t size;

	if (*len < sizeof(ip))
		return 0;
	memcpy(&ip, packet, sizeof(ip));
	size = ip.ihl * 4;
	if (ip.version != 4 || size < sizeof(ip) || ip.protocol != IPPROTO_UDP ||
	    ip.frag_off & htons(0x3fff) || ntohs(ip.tot_len) > *len || ntohs(ip.tot_len) < size)
		return 0;
	*len = ntohs(ip.tot_len);
	return size;
}

bool dhcp_parse(const uint8_t *packet, size_t len, const struct dhcp_question *question,
		struct dhcp_answer *answer)
{
	size_t offset = ip_header(packet, &len);
	struct bootp bootp;
	struct udphdr udp;

	if (!offset || len - offset < sizeof(udp) + sizeof(bootp))
		return false;
	memcpy(&udp, packet + offset, sizeof(udp));
	memcpy(&bootp, packet + offset + sizeof(udp), sizeof(bootp));
	if (udp.dest != htons(PORT_CLIENT) || bootp.op != OP_ANSWER ||
	    bootp.xid != question->xid || memcmp(bootp.mac, question->mac, MAC_SIZE) ||
	    bootp.cookie != htonl(COOKIE))
		return false;
	*answer = (struct dhcp_answer){ .address = bootp.yours };
	offset += sizeof(udp) + sizeof(bootp);
	return take_options(answer, packet + offset, packet + len) && answer->type;
}
