// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames that say of themselves what they are told to: who they are from, in
 * each of the places where that can be said.
 *
 *   claim -i [NS/]DEV [OPTIONS] arp request|reply SHA SPA TPA
 *   claim -i [NS/]DEV [OPTIONS] udp SOURCE DEST SPORT DPORT
 *   claim -i [NS/]DEV [OPTIONS] dhcp OP CHADDR SOURCE DEST SPORT DPORT
 *   claim -i [NS/]DEV [OPTIONS] icmp6 SOURCE DEST TYPE [TARGET]
 *
 *	-c COUNT	frames, default 1
 *	-s MAC		source, default 02:00:00:00:00:01
 *	-d MAC		destination, default broadcast
 *	-v [TPID:]VID	a VLAN tag, outermost first; TPID in hexadecimal
 *	-L		behind LLC and SNAP
 *	-l LIMIT	hop limit, default 255
 *	-o TYPE:MAC	an option of neighbour discovery with a MAC
 *	-e N		N extension headers (destination options)
 *	-f OFFSET	behind a fragment header, at OFFSET times 8; 0: of a whole packet (IPv6)
 *	-n NEXT		the last header says that NEXT follows
 *	-t LEN		no more than LEN bytes of it, with the Ethernet header
 *	-B		each line of standard input is another set of these, but -i
 *
 * Addresses of UDP and DHCP are of IPv4 or of IPv6. Checksums are right. An RA (type
 * 134) is for an hour, has a prefix of its own, and makes its sender the default router.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netns.h"

#define MAX_TAGS	8

static uint8_t source[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static uint8_t destination[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
static uint32_t tags[MAX_TAGS];
static unsigned int tag_count, count = 1, extensions, limit = 255, cut;
static int fragment = -1, next_header = -1;
static bool snap, batch, is_there;
static char *device;
static uint8_t option[8];

static uint8_t frame[2048], *put = frame;

static void add(const void *bytes, size_t len)
{
	if (put + len > frame + sizeof(frame))
		errx(2, "too long");
	memcpy(put, bytes, len);
	put += len;
}

static void add16(uint16_t value)
{
	value = htons(value);
	add(&value, sizeof(value));
}

static void parse_mac(const char *text, uint8_t *mac)
{
	char end;

	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%c", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5], &end) != 6)
		errx(2, "%s: not a MAC address", text);
}

static void parse_ip(const char *text, int family, void *ip)
{
	if (inet_pton(family, text, ip) != 1)
		errx(2, "%s: not an address of this family", text);
}

static void parse_tag(char *text)
{
	char *colon = strchr(text, ':');
	uint32_t tpid = ETH_P_8021Q;

	if (tag_count == MAX_TAGS)
		errx(2, "too many tags");
	if (colon)
		tpid = strtoul(text, NULL, 16);
	tags[tag_count++] = tpid << 16 | strtoul(colon ? colon + 1 : text, NULL, 0);
}

static void add_ethernet(uint16_t type)
{
	unsigned int i;

	add(destination, ETH_ALEN);
	add(source, ETH_ALEN);
	for (i = 0; i < tag_count; i++) {
		add16(tags[i] >> 16);
		add16(tags[i]);
	}
	if (snap) {
		add16(400);
		add("\xaa\xaa\x03\0\0\0", 6);
	}
	add16(type);
}

static uint32_t sum(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t total = 0;
	size_t i;

	for (i = 0; i < len; i++)
		total += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return htons(~total);
}

static void add_ipv4(const char *from, const char *to, const uint8_t *payload, size_t len)
{
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = limit, .protocol = IPPROTO_UDP,
		.tot_len = htons(sizeof(ip) + len),
		.frag_off = fragment > 0 ? htons(IP_MF | fragment) : fragment ? 0 : htons(IP_MF),
	};

	if (next_header >= 0)
		ip.protocol = next_header;
	parse_ip(from, AF_INET, &ip.saddr);
	parse_ip(to, AF_INET, &ip.daddr);
	ip.check = fold(sum(&ip, sizeof(ip)));
	add_ethernet(ETH_P_IP);
	add(&ip, sizeof(ip));
	add(payload, len);
}

/* The extension headers that were asked for, each with the number of what follows. */
static size_t extend(uint8_t *to, uint8_t *first, uint8_t upper)
{
	unsigned int headers = extensions + (fragment >= 0), i;
	uint8_t next = next_header >= 0 ? next_header : upper;
	uint16_t offset;
	uint8_t *p = to;

	*first = headers > (fragment >= 0) ? IPPROTO_DSTOPTS :
		 headers ? IPPROTO_FRAGMENT : next;
	for (i = 0; i < headers; i++, p += 8) {
		memset(p, 0, 8);
		p[0] = i + 1 == headers ? next :
		       i + 2 == headers && fragment >= 0 ? IPPROTO_FRAGMENT : IPPROTO_DSTOPTS;
		if (i + 1 < headers || fragment < 0) {
			p[2] = IP6OPT_PADN;
			p[3] = 4;
		} else {
			offset = htons(fragment << 3 | (fragment > 0));
			memcpy(p + 2, &offset, sizeof(offset));
			p[7] = 77;
		}
	}
	return p - to;
}

/* @payload has a checksum of its own at @checksum. */
static void add_ipv6(const char *from, const char *to, uint8_t upper, uint8_t *payload,
		     size_t len, size_t checksum)
{
	uint8_t extended[256], first;
	size_t extra = extend(extended, &first, upper);
	struct ip6_hdr ip = {
		.ip6_flow = htonl(6 << 28), .ip6_hlim = limit, .ip6_nxt = first,
		.ip6_plen = htons(extra + len),
	};
	uint16_t check;

	parse_ip(from, AF_INET6, &ip.ip6_src);
	parse_ip(to, AF_INET6, &ip.ip6_dst);
	check = fold(sum(&ip.ip6_src, 32) + len + upper + sum(payload, len));
	memcpy(payload + checksum, &check, sizeof(check));
	add_ethernet(ETH_P_IPV6);
	add(&ip, sizeof(ip));
	add(extended, extra);
	add(payload, len);
}

static int build_arp(char **words)
{
	uint8_t mac[ETH_ALEN], ip[4];

	if (!words[0] || !words[1] || !words[2] || !words[3])
		return -1;
	add_ethernet(ETH_P_ARP);
	add("\0\1\x08\0\6\4", 6);
	add16(strcmp(words[0], "reply") ? 1 : 2);
	parse_mac(words[1], mac);
	add(mac, sizeof(mac));
	parse_ip(words[2], AF_INET, ip);
	add(ip, sizeof(ip));
	add(destination[0] & 1 ? (const uint8_t *)"\0\0\0\0\0\0" : destination, ETH_ALEN);
	parse_ip(words[3], AF_INET, ip);
	add(ip, sizeof(ip));
	return 0;
}

/* SOURCE DEST SPORT DPORT, and what is in it */
static int build_udp(char **words, const uint8_t *data, size_t len)
{
	uint8_t payload[1024] = { 0 };
	struct udphdr udp = { .len = htons(sizeof(udp) + len) };

	if (!words[0] || !words[1] || !words[2] || !words[3])
		return -1;
	udp.source = htons(atoi(words[2]));
	udp.dest = htons(atoi(words[3]));
	memcpy(payload, &udp, sizeof(udp));
	memcpy(payload + sizeof(udp), data, len);
	len += sizeof(udp);
	if (strchr(words[0], ':'))
		add_ipv6(words[0], words[1], IPPROTO_UDP, payload, len,
			 offsetof(struct udphdr, check));
	else
		add_ipv4(words[0], words[1], payload, len);
	return 0;
}

static int build_dhcp(char **words)
{
	uint8_t dhcp[300] = { 0, 1, ETH_ALEN };

	if (!words[0] || !words[1])
		return -1;
	dhcp[0] = atoi(words[0]);
	parse_mac(words[1], dhcp + 28);
	memcpy(dhcp + 236, "\x63\x82\x53\x63\x35\x01\x01\xff", 8);
	if (dhcp[0] == 2)
		dhcp[242] = 2;	/* an offer */
	return build_udp(words + 2, dhcp, sizeof(dhcp));
}

static size_t build_ra(uint8_t *p)
{
	struct nd_router_advert *ra = (void *)p;
	struct nd_opt_prefix_info *prefix = (void *)(p + sizeof(*ra));

	ra->nd_ra_router_lifetime = htons(3600);
	prefix->nd_opt_pi_type = ND_OPT_PREFIX_INFORMATION;
	prefix->nd_opt_pi_len = 4;
	prefix->nd_opt_pi_prefix_len = 64;
	prefix->nd_opt_pi_flags_reserved = ND_OPT_PI_FLAG_ONLINK | ND_OPT_PI_FLAG_AUTO;
	prefix->nd_opt_pi_valid_time = htonl(3600);
	prefix->nd_opt_pi_preferred_time = htonl(3600);
	parse_ip("2001:db8:bad::", AF_INET6, &prefix->nd_opt_pi_prefix);
	return sizeof(*ra) + sizeof(*prefix);
}

static int build_icmp6(char **words)
{
	uint8_t payload[256] = { 0 };
	size_t len = 8;

	if (!words[0] || !words[1] || !words[2])
		return -1;
	payload[0] = atoi(words[2]);
	if (payload[0] == ND_ROUTER_ADVERT) {
		len = build_ra(payload);
		payload[0] = ND_ROUTER_ADVERT;
	}
	if (payload[0] == ND_NEIGHBOR_ADVERT)
		payload[4] = 0x20;	/* override */
	if (words[3]) {
		parse_ip(words[3], AF_INET6, payload + len);
		len += 16;
	}
	/* A redirect has two, the second one is what is to be sent there. */
	if (payload[0] == ND_REDIRECT && words[3] && words[4]) {
		parse_ip(words[4], AF_INET6, payload + len);
		len += 16;
	}
	if (option[0]) {
		memcpy(payload + len, option, sizeof(option));
		len += sizeof(option);
	}
	add_ipv6(words[0], words[1], IPPROTO_ICMPV6, payload, len, 2);
	return 0;
}

static int build(char **words)
{
	if (!words[0])
		return -1;
	if (!strcmp(words[0], "arp"))
		return build_arp(words + 1);
	if (!strcmp(words[0], "udp"))
		return build_udp(words + 1, (const uint8_t *)"claim", 5);
	if (!strcmp(words[0], "dhcp"))
		return build_dhcp(words + 1);
	if (!strcmp(words[0], "icmp6"))
		return build_icmp6(words + 1);
	return -1;
}

static void send_frame(const char *name)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	size_t len = put - frame;

	to.sll_ifindex = if_nametoindex(name);
	if (fd < 0 || !to.sll_ifindex)
		err(2, "%s", name);
	if (cut && len > cut)
		len = cut;
	memcpy(&to.sll_protocol, frame + 12, 2);
	memcpy(to.sll_addr, frame, ETH_ALEN);
	while (count--)
		if (sendto(fd, frame, len, 0, (void *)&to, sizeof(to)) < 0)
			err(2, "send");
	close(fd);
}

static void reset(void)
{
	static const uint8_t mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };

	memcpy(source, mac, ETH_ALEN);
	memset(destination, 0xff, ETH_ALEN);
	memset(option, 0, sizeof(option));
	tag_count = 0;
	extensions = 0;
	cut = 0;
	count = 1;
	limit = 255;
	fragment = -1;
	next_header = -1;
	snap = false;
	put = frame;
	optind = 0;
}

static int parse_option(int c)
{
	char *colon;

	switch (c) {
	case 'i': device = optarg; break;
	case 'c': count = atoi(optarg); break;
	case 's': parse_mac(optarg, source); break;
	case 'd': parse_mac(optarg, destination); break;
	case 'v': parse_tag(optarg); break;
	case 'L': snap = true; break;
	case 'l': limit = atoi(optarg); break;
	case 'o':
		colon = strchr(optarg, ':');
		if (!colon)
			errx(2, "-o TYPE:MAC");
		option[0] = atoi(optarg);
		option[1] = 1;
		parse_mac(colon + 1, option + 2);
		break;
	case 'e': extensions = atoi(optarg); break;
	case 'f': fragment = atoi(optarg); break;
	case 'n': next_header = atoi(optarg); break;
	case 't': cut = atoi(optarg); break;
	case 'B': batch = true; break;
	default: return -1;
	}
	return 0;
}

static void claim(int argc, char **argv)
{
	int c;

	reset();
	while ((c = getopt(argc, argv, "+i:c:s:d:v:Ll:o:e:f:n:t:B")) >= 0)
		if (parse_option(c))
			exit(2);
	if (!device)
		errx(2, "see the top of selftests/claim.c");
	if (batch && optind == argc)
		return;
	if (build(argv + optind))
		errx(2, "see the top of selftests/claim.c");
	if (!is_there)
		device = netns_enter_of(device);
	is_there = true;
	send_frame(device);
}

int main(int argc, char **argv)
{
	char line[512], *words[64], *rest;
	int n;

	claim(argc, argv);
	while (batch && fgets(line, sizeof(line), stdin)) {
		words[0] = argv[0];
		rest = line;
		for (n = 1; n < 63 && (words[n] = strsep(&rest, " \n")); )
			n += *words[n] != 0;
		words[n] = NULL;
		if (n > 1)
			claim(n, words);
	}
	return 0;
}
