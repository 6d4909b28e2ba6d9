// SPDX-License-Identifier: GPL-2.0
/*
 * Sends a stream between two network namespaces, checks every byte, and looks
 * at its packets on a device on the way: were they cut into pieces or given
 * checksums in software?
 *
 *   stream tcp|udp [-n BYTES] [-l LENGTH] [-m MTU] [-g SIZE]
 *	-c [NS/]ADDR -s [NS/]ADDR -o [NS/]DEV -r [NS/]DEV
 *
 *	-c, -s	client and server, IPv4 or IPv6
 *	-o, -r	devices where the packets are looked at as they go out and come in
 *	-l	go on, with up to 16 times as much, until a packet of LENGTH came in:
 *		TCP takes its time until it builds big ones
 *	-m	MTU on the way, default 1500: what is bigger was not cut
 *	-g	payload of one packet of a UDP GSO send of 64 KiB, default 1400
 *
 * Prints "bytes B sent S packets P big G largest L partial C whole W": S packets
 * with data went out, P came in, G were bigger than the MTU, C had a checksum
 * still to be filled in, W not.
 * Exit status 1 when bytes were lost or changed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "netns.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif

#define PORT		5201
#define CHUNK		65536
#define UDP_SEND	61600		/* 44 packets of 1400 bytes */
#define PATIENCE_S	60

static unsigned long total = 8 << 20, mtu = 1500, gso_size = 1400, length;
static bool tcp;
static char *client_text, *server_text, *out_text, *device_text;
static int client, server, out_capture, capture;
static unsigned long sent, received;

static struct {
	unsigned long out, packets, big, largest, partial, whole;
} seen;

static uint8_t pattern(unsigned long at)
{
	return at * 31 + (at >> 12);
}

static socklen_t parse_address(const char *text, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *sin6 = (void *)ss;
	struct sockaddr_in *sin = (void *)ss;

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET, text, &sin->sin_addr) == 1) {
		sin->sin_family = AF_INET;
		sin->sin_port = htons(PORT);
		return sizeof(*sin);
	}
	if (inet_pton(AF_INET6, text, &sin6->sin6_addr) != 1)
		errx(2, "%s: not an address", text);
	sin6->sin6_family = AF_INET6;
	sin6->sin6_port = htons(PORT);
	return sizeof(*sin6);
}

static int open_capture(char *text)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
	};
	int one = 1, size = 256 << 20, capture;
	const char *name;

	name = netns_enter_of(text);
	capture = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	address.sll_ifindex = if_nametoindex(name);
	if (capture < 0 || !address.sll_ifindex)
		err(2, "%s", name);
	if (setsockopt(capture, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)))
		err(2, "PACKET_AUXDATA");
	if (setsockopt(capture, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		err(2, "SO_RCVBUFFORCE");
	if (bind(capture, (void *)&address, sizeof(address)))
		err(2, "bind to %s", name);
	return capture;
}

static void open_stream(void)
{
	struct sockaddr_storage server_ss, client_ss;
	socklen_t server_len, client_len;
	int one = 1, listener, size = 4 << 20;
	char *server_ip, *client_ip;

	server_ip = netns_enter_of(server_text);
	server_len = parse_address(server_ip, &server_ss);
	listener = socket(server_ss.ss_family, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    setsockopt(listener, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(listener, (void *)&server_ss, server_len) || (tcp && listen(listener, 1)))
		err(2, "server on %s", server_ip);

	client_ip = netns_enter_of(client_text);
	client_len = parse_address(client_ip, &client_ss);
	((struct sockaddr_in *)&client_ss)->sin_port = 0;
	client = socket(client_ss.ss_family, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	if (client < 0 || bind(client, (void *)&client_ss, client_len))
		err(2, "client on %s", client_ip);
	if (connect(client, (void *)&server_ss, server_len))
		err(1, "connect to %s", server_ip);
	server = tcp ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : listener;
	if (server < 0)
		err(1, "accept");
	if (!tcp && setsockopt(client, IPPROTO_UDP, UDP_SEGMENT,
			       &(int){ gso_size }, sizeof(int)))
		err(2, "UDP_SEGMENT");
	if (fcntl(client, F_SETFL, O_NONBLOCK) || fcntl(server, F_SETFL, O_NONBLOCK))
		err(2, "O_NONBLOCK");
}

/* Is the checksum of the received packet still to be made? */
static bool is_partial(struct msghdr *msg)
{
	const struct tpacket_auxdata *aux;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		aux = (const void *)CMSG_DATA(c);
		return aux->tp_status & TP_STATUS_CSUMNOTREADY;
	}
	return false;
}

/* One packet of @fd, as the kernel has it, whatever its size. */
static bool look(int fd)
{
	uint8_t control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct sockaddr_ll from = { 0 };
	uint8_t start[64];
	struct iovec iov = { start, sizeof(start) };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	unsigned long len;
	ssize_t n;

	n = recvmsg(fd, &msg, MSG_TRUNC);
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return false;
		err(2, "receive from a device");
	}
	len = n - ETH_HLEN;
	/* Only data: acknowledgements and neighbour discovery are small. */
	if (len < 500 || (from.sll_pkttype == PACKET_OUTGOING) != (fd == out_capture))
		return true;
	if (fd == out_capture) {
		seen.out++;
		return true;
	}
	seen.packets++;
	if (len > seen.largest)
		seen.largest = len;
	if (len > mtu)
		seen.big++;
	if (is_partial(&msg))
		seen.partial++;
	else
		seen.whole++;
	return true;
}

static void send_some(void)
{
	static uint8_t chunk[CHUNK];
	unsigned long want = tcp ? CHUNK : UDP_SEND, i;
	ssize_t n;

	/* UDP has no windows: not more on the way than fits into its buffer. */
	if (!tcp && sent - received > (1 << 20))
		return;
	if (want > total - sent)
		want = total - sent;
	if (!want)
		return;
	for (i = 0; i < want; i++)
		chunk[i] = pattern(sent + i);
	n = send(client, chunk, want, MSG_NOSIGNAL);
	if (n > 0)
		sent += n;
	else if (n < 0 && errno != EAGAIN && errno != ENOBUFS && errno != EINTR)
		err(1, "send");
}

static bool receive_some(void)
{
	static uint8_t chunk[CHUNK];
	ssize_t n, i;

	n = recv(server, chunk, sizeof(chunk), 0);
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return false;
		err(1, "receive");
	}
	for (i = 0; i < n; i++)
		if (chunk[i] != pattern(received + i))
			errx(1, "byte %lu arrived changed", received + i);
	received += n;
	return n > 0;
}

static void run(void)
{
	struct pollfd fds[] = {
		{ .fd = client, .events = POLLOUT },
		{ .fd = server, .events = POLLIN },
		{ .fd = capture, .events = POLLIN },
		{ .fd = out_capture, .events = POLLIN },
	};
	unsigned long before, most = 16 * total;
	time_t last = time(NULL);

	while (received < total) {
		before = received + sent;
		if (received > total / 2 && seen.largest < length && total < most)
			total *= 2;
		fds[0].events = sent < total ? POLLOUT : 0;
		if (poll(fds, 4, 1000) < 0 && errno != EINTR)
			err(2, "poll");
		send_some();
		while (receive_some())
			;
		while (look(capture) || look(out_capture))
			;
		if (received + sent != before)
			last = time(NULL);
		else if (time(NULL) > last + PATIENCE_S)
			errx(1, "stuck: %lu bytes sent, %lu received", sent, received);
	}
	while (look(capture) || look(out_capture))
		;
}

int main(int argc, char **argv)
{
	int opt;

	if (argc < 2 || (strcmp(argv[1], "tcp") && strcmp(argv[1], "udp")))
		errx(2, "usage: stream tcp|udp [OPTIONS] -c ADDR -s ADDR -o DEV -r DEV");
	tcp = !strcmp(argv[1], "tcp");
	optind = 2;
	while ((opt = getopt(argc, argv, "n:l:m:g:c:s:o:r:")) != -1) {
		switch (opt) {
		case 'n': total = strtoul(optarg, NULL, 0); break;
		case 'l': length = strtoul(optarg, NULL, 0); break;
		case 'm': mtu = strtoul(optarg, NULL, 0); break;
		case 'g': gso_size = strtoul(optarg, NULL, 0); break;
		case 'c': client_text = optarg; break;
		case 's': server_text = optarg; break;
		case 'o': out_text = optarg; break;
		case 'r': device_text = optarg; break;
		default: return 2;
		}
	}
	if (!client_text || !server_text || !out_text || !device_text)
		errx(2, "client, server and both devices are needed");
	out_capture = open_capture(out_text);
	capture = open_capture(device_text);
	open_stream();
	run();
	printf("bytes %lu sent %lu packets %lu big %lu largest %lu partial %lu whole %lu\n",
	       received, seen.out, seen.packets, seen.big, seen.largest, seen.partial, seen.whole);
	return 0;
}
