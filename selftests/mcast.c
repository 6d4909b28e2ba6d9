// SPDX-License-Identifier: GPL-2.0
/*
 * Multicast: hosts that join groups, messages of IGMP and MLD as anybody may send
 * them, and data, of which it counts where it arrives.
 *
 *   mcast join [-s SOURCE]... [-x SOURCE]... [NS/]DEV GROUP
 *	A socket joins, says "joined" and stays a member until it is killed;
 *	of the sources -s only, or of all but -x.
 *   mcast send [OPTIONS] [NS/]DEV KIND GROUP [SOURCE]... [-- [NS/]DEV[=N]...]
 *	KIND: data, query1, query2, query3 (of MLD: query1, query2), report1, report2,
 *	leave, pim, or a record of a report of IGMPv3 or MLDv2: is_in, is_ex, to_in,
 *	to_ex, allow, block. GROUP 0.0.0.0 or :: makes a general query.
 *	-S ADDRESS	source of the packet
 *	-m MAC		source of the frame, default 02:00:00:00:00:01
 *	-c COUNT	packets, default 1
 *	-g N		groups, one behind the other, each in a packet of its own
 *	-r MS		maximum response time of a query, default 1000
 *	-b		with a wrong checksum
 *	-t N		cut off N bytes at the end, of the lengths in headers too
 *	-n N		say N more records or sources than there are
 *	-w SECONDS	how long to wait for what is expected, default 60
 *
 * Frames are recognised by being the same, and their IP header has a random number in
 * it. Prints "DEV COUNT" for each receiver. Exit status 1 when a count is not the N
 * given, 2 when something could not be sent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#include "netns.h"

#define MAX_RECEIVERS	16
#define MAX_SOURCES	64
#define MAX_FRAME	2048

struct address {
	bool v6;
	uint8_t bytes[16];
};

struct receiver {
	char *name;
	int fd;
	long expected, count;
};

static struct receiver receivers[MAX_RECEIVERS];
static int receiver_count;
static struct address group, packet_source, sources[MAX_SOURCES];
static int source_count;
static uint8_t mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static unsigned int count = 1, groups = 1, response = 1000, cut, lie, timeout_s = 60;
static bool bad_checksum;
static uint8_t frame[MAX_FRAME];
static unsigned int frame_len;

static struct address parse_address(const char *text)
{
	struct address address = {};

	address.v6 = strchr(text, ':');
	if (inet_pton(address.v6 ? AF_INET6 : AF_INET, text, address.bytes) != 1)
		errx(2, "%s: not an address", text);
	return address;
}

static unsigned int address_len(void)
{
	return group.v6 ? 16 : 4;
}

static void put(const void *bytes, unsigned int len)
{
	memcpy(frame + frame_len, bytes, len);
	frame_len += len;
}

static void put8(uint8_t value)
{
	put(&value, 1);
}

static void put16(uint16_t value)
{
	value = htons(value);
	put(&value, 2);
}

static void put_address(const struct address *address)
{
	put(address->bytes, address_len());
}

static uint16_t checksum(const uint8_t *data, unsigned int len, uint32_t sum)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* ---- messages */

static void put_sources(void)
{
	int i;

	for (i = 0; i < source_count; i++)
		put_address(&sources[i]);
}

static void put_query(unsigned int version)
{
	bool newest = version == (group.v6 ? 2 : 3);

	put8(group.v6 ? 130 : 0x11);
	put8(group.v6 || version == 1 ? 0 : response / 100);
	put16(0);
	if (group.v6) {
		put16(response);
		put16(0);
	}
	put_address(&group);
	if (!newest)
		return;
	put16(2 << 8 | 125);
	put16(source_count + lie);
	put_sources();
}

static void put_record(unsigned int type)
{
	put8(group.v6 ? 143 : 0x22);
	put8(0);
	put16(0);
	put16(0);
	put16(1 + (source_count ? 0 : lie));
	put8(type);
	put8(0);
	put16(source_count + (source_count ? lie : 0));
	put_address(&group);
	put_sources();
}

static void put_old(unsigned int igmp, unsigned int mld)
{
	put8(group.v6 ? mld : igmp);
	put8(0);
	put16(0);
	if (group.v6) {
		put16(0);
		put16(0);
	}
	put_address(&group);
}

static const char * const records[] = { "is_in", "is_ex", "to_in", "to_ex", "allow", "block" };

/* The protocol that it is of: 0: data */
static unsigned int put_message(const char *kind)
{
	unsigned int protocol = group.v6 ? IPPROTO_ICMPV6 : IPPROTO_IGMP, i;

	for (i = 0; i < 6; i++) {
		if (!strcmp(kind, records[i])) {
			put_record(i + 1);
			return protocol;
		}
	}
	if (!strncmp(kind, "query", 5))
		put_query(kind[5] - '0');
	else if (!strcmp(kind, "report1"))
		put_old(0x12, 131);
	else if (!strcmp(kind, "report2"))
		put_old(0x16, 131);
	else if (!strcmp(kind, "leave"))
		put_old(0x17, 132);
	else if (!strcmp(kind, "pim"))
		put16(0x2000), put16(0), protocol = IPPROTO_PIM;
	else if (!strcmp(kind, "data"))
		put16(5000), put16(5000), put16(24), put16(0), put("0123456789abcdef", 16),
			protocol = IPPROTO_UDP;
	else
		errx(2, "%s: unknown kind", kind);
	return protocol;
}

/* Where the packet goes (RFC 3376 4.1.12, 4.2.14, RFC 2236 9, RFC 3810 5.1.15, 5.2.14). */
static struct address destination(const char *kind)
{
	static const uint8_t none[16];
	bool general = !memcmp(group.bytes, none, address_len());
	const char *text = NULL;
	unsigned int i;

	for (i = 0; i < 6; i++)
		if (!strcmp(kind, records[i]))
			text = group.v6 ? "ff02::16" : "224.0.0.22";
	if (!strcmp(kind, "leave"))
		text = group.v6 ? "ff02::2" : "224.0.0.2";
	else if (!strcmp(kind, "pim"))
		text = group.v6 ? "ff02::d" : "224.0.0.13";
	else if (general)
		text = group.v6 ? "ff02::1" : "224.0.0.1";
	return text ? parse_address(text) : group;
}

static void put_header4(const struct address *to, unsigned int protocol, uint16_t id)
{
	unsigned int start = frame_len;
	uint16_t sum;

	put16(0x46c0);
	put16(0);
	put16(id);
	put16(0x4000);
	put8(protocol == IPPROTO_UDP ? 8 : 1);
	put8(protocol);
	put16(0);
	put_address(&packet_source);
	put_address(to);
	put16(0x9404);
	put16(0);
	sum = htons(checksum(frame + start, 24, 0));
	memcpy(frame + start + 10, &sum, 2);
}

/* Again when the length is known. */
static void finish_header4(unsigned int start)
{
	uint16_t value = htons(frame_len - start);

	memcpy(frame + start + 2, &value, 2);
	memset(frame + start + 10, 0, 2);
	value = htons(checksum(frame + start, 24, 0));
	memcpy(frame + start + 10, &value, 2);
}

static void put_header6(const struct address *to, unsigned int protocol, uint16_t id)
{
	static const uint8_t alert[] = { 5, 2, 0, 0, 1, 0 };
	bool hop = protocol == IPPROTO_ICMPV6;

	put16(0x6000);
	put16(id);
	put16(0);
	put8(hop ? 0 : protocol);
	put8(hop ? 1 : 8);
	put_address(&packet_source);
	put_address(to);
	if (hop) {
		put16(protocol << 8);
		put(alert, sizeof(alert));
	}
}

static void build(const char *kind, unsigned int which)
{
	struct address to;
	unsigned int start, at, protocol, len;
	uint32_t sum = 0;
	uint8_t message[MAX_FRAME];
	uint16_t value, id;
	unsigned int i;

	if (getrandom(&id, sizeof(id), 0) != sizeof(id))
		err(2, "getrandom");
	if (which) {
		uint8_t *last = group.bytes + address_len() - 2;

		value = ntohs(*(uint16_t *)last) + 1;
		last[0] = value >> 8;
		last[1] = value;
	}
	to = destination(kind);
	frame_len = 0;
	protocol = put_message(kind);
	len = frame_len - (cut < frame_len ? cut : 0);
	memcpy(message, frame, len);

	frame_len = 0;
	if (group.v6) {
		put16(0x3333);
		put(to.bytes + 12, 4);
	} else {
		put8(1), put8(0), put8(0x5e), put8(to.bytes[1] & 0x7f), put(to.bytes + 2, 2);
	}
	put(mac, ETH_ALEN);
	put16(group.v6 ? ETH_P_IPV6 : ETH_P_IP);
	start = frame_len;
	if (group.v6)
		put_header6(&to, protocol, id);
	else
		put_header4(&to, protocol, id);
	at = frame_len;
	put(message, len);
	if (group.v6) {
		for (i = 0; i < 32; i += 2)
			sum += frame[start + 8 + i] << 8 | frame[start + 9 + i];
		sum += len + protocol;
		value = htons(frame_len - start - 40);
		memcpy(frame + start + 4, &value, 2);
	} else {
		finish_header4(start);
	}
	if (protocol != IPPROTO_UDP && len >= 4) {
		value = htons(checksum(frame + at, len, sum) ^ bad_checksum);
		memcpy(frame + at + 2, &value, 2);
	}
	while (frame_len < ETH_ZLEN)
		put8(0);
}

/* ---- sending and counting */

static int open_packet(const char *device, uint16_t protocol)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_protocol = htons(protocol),
		.sll_ifindex = if_nametoindex(device),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || !at.sll_ifindex || bind(fd, (void *)&at, sizeof(at)))
		err(2, "%s", device);
	return fd;
}

static void add_receiver(char *text)
{
	struct receiver *r = &receivers[receiver_count++];
	char *expected = strchr(text, '=');

	r->name = strdup(text);
	r->expected = -1;
	if (expected) {
		*expected = 0;
		r->expected = strtol(expected + 1, NULL, 0);
	}
	r->fd = open_packet(netns_enter_of(text), ETH_P_ALL);
}

static bool all_there(void)
{
	int i;

	for (i = 0; i < receiver_count; i++)
		if (receivers[i].count < receivers[i].expected)
			return false;
	return true;
}

static bool drain(int timeout_ms)
{
	struct pollfd fds[MAX_RECEIVERS];
	struct sockaddr_ll from;
	uint8_t buf[MAX_FRAME];
	bool some = false;
	socklen_t len;
	ssize_t n;
	int i;

	for (i = 0; i < receiver_count; i++)
		fds[i] = (struct pollfd) { receivers[i].fd, POLLIN, 0 };
	poll(fds, receiver_count, timeout_ms);
	for (i = 0; i < receiver_count; i++) {
		for (;;) {
			len = sizeof(from);
			n = recvfrom(receivers[i].fd, buf, sizeof(buf), MSG_DONTWAIT,
				     (void *)&from, &len);
			if (n < 0)
				break;
			some = true;
			if (from.sll_pkttype != PACKET_OUTGOING && n == frame_len &&
			    !memcmp(buf, frame, n))
				receivers[i].count++;
		}
	}
	return some;
}

static int report(void)
{
	int i, ret = 0;

	for (i = 0; i < receiver_count; i++) {
		printf("%s %ld\n", receivers[i].name, receivers[i].count);
		if (receivers[i].expected >= 0 && receivers[i].count != receivers[i].expected)
			ret = 1;
	}
	return ret;
}

static int send_all(char *device, const char *kind)
{
	time_t end = time(NULL) + timeout_s;
	unsigned int i, g;
	int fd;

	fd = open_packet(netns_enter_of(device), 0);
	for (g = 0; g < groups; g++) {
		build(kind, g);
		for (i = 0; i < count; i++)
			if (send(fd, frame, frame_len, 0) != frame_len)
				err(2, "send");
	}
	while (receiver_count && !all_there() && time(NULL) <= end)
		drain(100);
	while (receiver_count && drain(50) && time(NULL) <= end)
		;
	return report();
}

static void parse_mac(const char *text)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2], &mac[3],
		   &mac[4], &mac[5]) != 6)
		errx(2, "%s: not a MAC address", text);
}

static int do_send(int argc, char **argv)
{
	char *source = NULL;
	char *device, *kind;
	int opt;

	while ((opt = getopt(argc, argv, "+S:m:c:g:r:bt:n:w:")) != -1) {
		switch (opt) {
		case 'S': source = optarg; break;
		case 'm': parse_mac(optarg); break;
		case 'c': count = atoi(optarg); break;
		case 'g': groups = atoi(optarg); break;
		case 'r': response = atoi(optarg); break;
		case 'b': bad_checksum = true; break;
		case 't': cut = atoi(optarg); break;
		case 'n': lie = atoi(optarg); break;
		case 'w': timeout_s = atoi(optarg); break;
		default: return 2;
		}
	}
	if (argc - optind < 3)
		errx(2, "what, where, and which group?");
	device = argv[optind++];
	kind = argv[optind++];
	group = parse_address(argv[optind++]);
	packet_source = parse_address(source ?: group.v6 ? "fe80::1" : "192.0.2.1");
	for (; optind < argc && strcmp(argv[optind], "--"); optind++)
		sources[source_count++] = parse_address(argv[optind]);
	for (optind++; optind < argc && receiver_count < MAX_RECEIVERS; optind++)
		add_receiver(argv[optind]);
	return send_all(device, kind);
}

/* ---- joining */

static struct sockaddr_storage socket_address(const struct address *address)
{
	struct sockaddr_storage storage = {};
	struct sockaddr_in6 *v6 = (void *)&storage;
	struct sockaddr_in *v4 = (void *)&storage;

	if (address->v6) {
		v6->sin6_family = AF_INET6;
		memcpy(&v6->sin6_addr, address->bytes, 16);
	} else {
		v4->sin_family = AF_INET;
		memcpy(&v4->sin_addr, address->bytes, 4);
	}
	return storage;
}

static int do_join(int argc, char **argv)
{
	struct group_source_req with_source = {};
	struct group_req request = {};
	bool only = false;
	int fd, level, opt, i;

	while ((opt = getopt(argc, argv, "+s:x:")) != -1) {
		if (opt != 's' && opt != 'x')
			return 2;
		only = opt == 's';
		sources[source_count++] = parse_address(optarg);
	}
	if (argc - optind != 2)
		errx(2, "where, and which group?");
	group = parse_address(argv[optind + 1]);
	request.gr_interface = if_nametoindex(netns_enter_of(argv[optind]));
	request.gr_group = socket_address(&group);
	with_source.gsr_interface = request.gr_interface;
	with_source.gsr_group = request.gr_group;
	level = group.v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	fd = socket(group.v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || (!only && setsockopt(fd, level, MCAST_JOIN_GROUP, &request, sizeof(request))))
		err(2, "join");
	for (i = 0; i < source_count; i++) {
		with_source.gsr_source = socket_address(&sources[i]);
		if (setsockopt(fd, level, only ? MCAST_JOIN_SOURCE_GROUP : MCAST_BLOCK_SOURCE,
			       &with_source, sizeof(with_source)))
			err(2, "source");
	}
	puts("joined");
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "join"))
		return do_join(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "send"))
		return do_send(argc - 1, argv + 1);
	errx(2, "join or send?");
}
