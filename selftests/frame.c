// SPDX-License-Identifier: GPL-2.0
/*
 * Sends Ethernet frames into one device and counts those that arrive at others,
 * which may be in other network namespaces.
 *
 *   frame -i [NS/]DEV [OPTIONS] [[NS/]DEV[+up][@TAGS][=N]]...
 *
 *	-c COUNT	frames to send, default 1; 0: on and on until it is killed,
 *			whatever happens to the device; a new one of its name will do
 *	-s MAC		source, default 02:00:00:00:00:01
 *	-d MAC		destination, default broadcast
 *	-t TYPE		EtherType in hexadecimal, default 88b5 (local experimental)
 *	-b		in place of it a length and the LLC header of a BPDU
 *	-P		likewise of a BPDU of PVST+, with SNAP
 *	-v [TPID:]VID	a VLAN tag, outermost first; TPID in hexadecimal
 *	-l LEN		length with header and tags, without FCS, default 100
 *	-S N		sources: N in turn, counted up from -s
 *	-D N		destinations: N in turn, counted up from -d
 *	-p MICROSECONDS	rest after every 16 frames
 *	-w SECONDS	how long to wait for what is expected, default 60
 *	-x HEX		send exactly these bytes, nothing is recognised then without ...
 *	-X HEX		... frames of exactly these, which are counted
 *	-C START:OFFSET	with a checksum still to be made of what follows START
 *
 * Every frame carries the mark of this run, its number and a pattern, so
 * nothing else is counted and one that was changed on its way is noticed. A
 * receiver "+up" sees only what the device hands to the protocols above it. With
 * "@TAGS", a list with commas as for -v, frames have to arrive with these tags, and
 * with "@" without any; else with those that they were sent with.
 * Prints "DEV COUNT" for each. Exit status 1 when a count is not the N given or
 * a frame was damaged, 2 when a frame could not be sent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#include "netns.h"

#define MAX_RECEIVERS	32
#define MAX_TAGS	4
#define MAX_FRAME	65536
#define QUIET_MS	50

struct mark {
	uint64_t run;
	uint32_t number;
} __attribute__((packed));

struct tags {
	uint32_t tag[MAX_TAGS];		/* TPID and TCI, outermost first */
	int count;
};

struct receiver {
	char *name;
	int fd;
	bool up;
	struct tags tags;
	long expected;		/* -1: not said */
	long count;
	long damaged;
};

static struct receiver receivers[MAX_RECEIVERS];
static int receiver_count;
static uint64_t run;
static unsigned long count = 1, sources = 1, destinations = 1;
static unsigned int length = 100, type = 0x88b5, timeout_s = 60, pause_us;
static uint8_t source[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static uint8_t destination[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
static struct tags sent_tags;
static uint8_t exact[MAX_FRAME];
static unsigned int exact_length;
static uint8_t arriving[MAX_FRAME];
static unsigned int arriving_length;
static char bpdu;		/* its option, or 0 */
static struct virtio_net_hdr vnet_hdr;

static void parse_mac(const char *text, uint8_t *mac)
{
	char end;

	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%c", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5], &end) != 6)
		errx(2, "%s: not a MAC address", text);
}

static unsigned long parse_number(const char *text, int base)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, base);
	if (errno || end == text || *end)
		errx(2, "%s: not a number", text);
	return value;
}

static void parse_tag(char *text, struct tags *tags)
{
	char *colon = strchr(text, ':');
	uint32_t tpid = ETH_P_8021Q;

	if (tags->count == MAX_TAGS)
		errx(2, "too many tags");
	if (colon) {
		*colon = 0;
		tpid = parse_number(text, 16);
		text = colon + 1;
	}
	tags->tag[tags->count++] = tpid << 16 | parse_number(text, 0);
}

static void parse_tags(char *list, struct tags *tags)
{
	char *text;

	tags->count = 0;
	while ((text = strsep(&list, ",")))
		if (*text)
			parse_tag(text, tags);
}

/* Returns how many bytes there are, which are @bytes then. */
static unsigned int parse_exact(const char *text, uint8_t *bytes)
{
	unsigned int n = 0;

	while (text[0] && text[1]) {
		char byte[3] = { text[0], text[1], 0 };

		if (text[0] == ' ') {
			text++;
			continue;
		}
		text += 2;
		if (n == MAX_FRAME)
			errx(2, "too long");
		bytes[n++] = parse_number(byte, 16);
	}
	return n;
}

static void parse_checksum(const char *text)
{
	if (sscanf(text, "%hu:%hu", &vnet_hdr.csum_start, &vnet_hdr.csum_offset) != 2)
		errx(2, "%s: not START:OFFSET", text);
	vnet_hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
}

static void add_to_mac(uint8_t *mac, const uint8_t *base, uint32_t n)
{
	uint32_t low = (uint32_t)base[3] << 16 | base[4] << 8 | base[5];

	memcpy(mac, base, 3);
	low += n;
	mac[3] = low >> 16;
	mac[4] = low >> 8;
	mac[5] = low;
}

static void *put16(uint8_t *p, uint16_t value)
{
	p[0] = value >> 8;
	p[1] = value;
	return p + 2;
}

/* Builds frame number @n, with @tags. Returns its length. */
static unsigned int build(uint8_t *frame, uint32_t n, const struct tags *tags)
{
	int len = length + 4 * (tags->count - sent_tags.count);
	struct mark mark = { .run = run, .number = n };
	uint8_t *p = frame;
	int i;

	if (exact_length) {
		memcpy(frame, exact, exact_length);
		return exact_length;
	}
	add_to_mac(p, destination, n % destinations);
	add_to_mac(p + ETH_ALEN, source, n % sources);
	p += 2 * ETH_ALEN;
	for (i = 0; i < tags->count; i++) {
		p = put16(p, tags->tag[i] >> 16);
		p = put16(p, tags->tag[i]);
	}
	p = put16(p, type);
	memcpy(p, &mark, sizeof(mark));
	p += sizeof(mark);
	for (i = 0; p < frame + len; i++)
		*p++ = i * 7 + n;
	return p - frame;
}

/* The mark is what comes behind the header, and so begins like one of LLC (802.2). */
static void become_bpdu(void)
{
	const uint8_t llc[] = { 0x42, 0x42, 3 };
	const uint8_t pvst[] = { 0xaa, 0xaa, 3, 0, 0, 0x0c, 1, 0x0b };

	if (bpdu == 'P')
		memcpy(&run, pvst, sizeof(pvst));
	else
		memcpy(&run, llc, sizeof(llc));
	type = length - 4 * sent_tags.count - ETH_HLEN;
}

static int open_device(const char *name, int protocol, unsigned int *ifindex)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	int size = 64 << 20, one = 1, fd;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(2, "socket");
	*ifindex = if_nametoindex(name);
	if (!*ifindex)
		err(2, "%s", name);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)))
		err(2, "SO_RCVBUF");
	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)))
		err(2, "PACKET_AUXDATA");
	/* Who is sending has its frames seen as well, and would never be quiet. */
	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)))
		err(2, "PACKET_IGNORE_OUTGOING");
	address.sll_protocol = htons(protocol);
	address.sll_ifindex = *ifindex;
	if (protocol && bind(fd, (void *)&address, sizeof(address)))
		err(2, "bind to %s", name);
	return fd;
}

static void open_receiver(char *text)
{
	struct receiver *r = &receivers[receiver_count];
	char *equals = strchr(text, '='), *at = strchr(text, '@'), *plus;
	unsigned int ifindex;

	if (receiver_count == MAX_RECEIVERS)
		errx(2, "too many receivers");
	r->expected = -1;
	if (equals) {
		*equals = 0;
		r->expected = parse_number(equals + 1, 0);
	}
	r->tags = sent_tags;
	if (at) {
		*at = 0;
		parse_tags(at + 1, &r->tags);
	}
	plus = strchr(text, '+');
	if (plus) {
		if (strcmp(plus, "+up"))
			errx(2, "%s: not understood", plus);
		*plus = 0;
		r->up = true;
	}
	r->name = netns_enter_of(text);
	r->fd = open_device(r->name, r->up && type >= ETH_P_802_3_MIN ? (int)type :
			    r->up ? ETH_P_802_2 : ETH_P_ALL, &ifindex);
	receiver_count++;
}

/* Puts back the outermost tag, which the kernel moved out of the frame. */
static unsigned int restore_tag(uint8_t *frame, unsigned int len, struct msghdr *msg)
{
	const struct tpacket_auxdata *aux;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		aux = (const void *)CMSG_DATA(c);
		if (!(aux->tp_status & TP_STATUS_VLAN_VALID))
			continue;
		memmove(frame + 2 * ETH_ALEN + 4, frame + 2 * ETH_ALEN, len - 2 * ETH_ALEN);
		put16(frame + 2 * ETH_ALEN, aux->tp_status & TP_STATUS_VLAN_TPID_VALID ?
		      aux->tp_vlan_tpid : ETH_P_8021Q);
		put16(frame + 2 * ETH_ALEN + 2, aux->tp_vlan_tci);
		return len + 4;
	}
	return len;
}

/* The mark is where the tags, if they are still there, leave it. */
static bool is_ours(const uint8_t *frame, unsigned int len, struct mark *mark)
{
	int i;

	for (i = 0; i <= MAX_TAGS; i++) {
		unsigned int at = ETH_HLEN + 4 * i;

		if (len < at + sizeof(*mark))
			return false;
		memcpy(mark, frame + at, sizeof(*mark));
		if (mark->run == run)
			return true;
	}
	return false;
}

/* Returns whether there was something to receive. */
static bool receive(struct receiver *r)
{
	static uint8_t frame[MAX_FRAME + 4], wanted[MAX_FRAME];
	uint8_t control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov = { frame, MAX_FRAME };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	unsigned int len, wanted_len;
	struct mark mark;
	ssize_t n;

	n = recvmsg(r->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR || errno == ENETDOWN)
			return false;
		err(2, "receive on %s", r->name);
	}
	len = restore_tag(frame, n, &msg);
	if (arriving_length) {
		r->count += len == arriving_length && !memcmp(frame, arriving, len);
		return true;
	}
	if (!is_ours(frame, len, &mark))
		return true;
	wanted_len = build(wanted, mark.number, &r->tags);
	if (len != wanted_len || memcmp(frame, wanted, len)) {
		r->damaged++;
		warnx("%s: frame %u arrived changed, %u bytes of %u", r->name,
		      mark.number, len, wanted_len);
	}
	r->count++;
	return true;
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
	bool some = false;
	int i;

	for (i = 0; i < receiver_count; i++) {
		fds[i].fd = receivers[i].fd;
		fds[i].events = POLLIN;
	}
	if (poll(fds, receiver_count, timeout_ms) < 0 && errno != EINTR)
		err(2, "poll");
	for (i = 0; i < receiver_count; i++)
		while (receive(&receivers[i]))
			some = true;
	return some;
}

/* Until all expected frames are there, and nothing came for a moment. */
static void collect(void)
{
	time_t end = time(NULL) + timeout_s;

	if (!receiver_count)
		return;
	while (!all_there() && time(NULL) <= end)
		drain(100);
	while (drain(QUIET_MS) && time(NULL) <= end)
		;
}

/*
 * Frame @n was not sent. Returns the index of the device to send it to again, in a
 * moment; that of @device may have changed.
 */
static unsigned int try_again(const char *device, unsigned long n, unsigned int ifindex)
{
	bool is_gone = errno == ENXIO || errno == ENODEV;

	if (count && errno != ENOBUFS && errno != EAGAIN)
		err(2, "send frame %lu", n);
	drain(1);
	return is_gone ? if_nametoindex(device) : ifindex;
}

static void send_all(int fd, const char *device, unsigned int ifindex)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_ifindex = ifindex, .sll_halen = ETH_ALEN,
	};
	static uint8_t frame[MAX_FRAME];
	struct iovec iov[] = { { &vnet_hdr, sizeof(vnet_hdr) }, { frame, 0 } };
	bool with_hdr = vnet_hdr.flags;
	struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to),
		.msg_iov = iov + !with_hdr, .msg_iovlen = 1 + with_hdr,
	};
	unsigned long n;
	unsigned int len;

	if (with_hdr && setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &(int){ 1 }, sizeof(int)))
		err(2, "PACKET_VNET_HDR");
	for (n = 0; !count || n < count; n++) {
		len = build(frame, n, &sent_tags);
		to.sll_protocol = htons(frame[12] << 8 | frame[13]);
		memcpy(to.sll_addr, frame, ETH_ALEN);
		iov[1].iov_len = len;
		while (sendmsg(fd, &msg, 0) < 0)
			to.sll_ifindex = try_again(device, n, to.sll_ifindex);
		if (n % 64 == 63 && receiver_count)
			drain(0);
		if (n % 16 == 15 && pause_us)
			usleep(pause_us);
	}
}

/*
 * The queues that frames go through on their way are those of the processor that
 * they were sent on: work that is left there runs before this does again, so
 * it is enough to wait for a moment to know that no more will come.
 */
static void stay_here(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	if (sched_setaffinity(0, sizeof(here), &here))
		err(2, "sched_setaffinity");
}

static int report(void)
{
	int i, status = 0;

	for (i = 0; i < receiver_count; i++) {
		const struct receiver *r = &receivers[i];

		printf("%s %ld\n", r->name, r->count);
		if (r->damaged)
			status = 1;
		if (r->expected >= 0 && r->count != r->expected) {
			fprintf(stderr, "%s got %ld frames, expected %ld\n",
				r->name, r->count, r->expected);
			status = 1;
		}
	}
	return status;
}

int main(int argc, char **argv)
{
	char *device = NULL;
	const char *name;
	unsigned int ifindex;
	int opt, fd;

	while ((opt = getopt(argc, argv, "i:c:s:d:t:bPv:l:S:D:p:w:x:X:C:")) != -1) {
		switch (opt) {
		case 'i': device = optarg; break;
		case 'c': count = parse_number(optarg, 0); break;
		case 's': parse_mac(optarg, source); break;
		case 'd': parse_mac(optarg, destination); break;
		case 't': type = parse_number(optarg, 16); break;
		case 'b':
		case 'P': bpdu = opt; break;
		case 'v': parse_tag(optarg, &sent_tags); break;
		case 'l': length = parse_number(optarg, 0); break;
		case 'S': sources = parse_number(optarg, 0); break;
		case 'D': destinations = parse_number(optarg, 0); break;
		case 'p': pause_us = parse_number(optarg, 0); break;
		case 'w': timeout_s = parse_number(optarg, 0); break;
		case 'x': exact_length = parse_exact(optarg, exact); break;
		case 'X': arriving_length = parse_exact(optarg, arriving); break;
		case 'C': parse_checksum(optarg); break;
		default: return 2;
		}
	}
	if (!device || length > MAX_FRAME || !sources || !destinations)
		errx(2, "usage: frame -i [NS/]DEV [OPTIONS] [[NS/]DEV[+up][@TAGS][=N]]...");
	if (getrandom(&run, sizeof(run), 0) != sizeof(run))
		err(2, "getrandom");
	if (bpdu)
		become_bpdu();
	for (; optind < argc; optind++)
		open_receiver(argv[optind]);
	name = netns_enter_of(device);
	fd = open_device(name, 0, &ifindex);
	if (count && receiver_count)
		stay_here();
	send_all(fd, name, ifindex);
	collect();
	return report();
}
