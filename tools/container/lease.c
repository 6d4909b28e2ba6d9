// SPDX-License-Identifier: GPL-2.0
/*
 * An address that a DHCP server in the switch leases to the container.  vsw asks for it
 * before the command runs, renews it while it waits for its end, and gives it back.  So
 * nothing in the container has to, nor could: the port is bound to what was leased.
 *
 * Packets go and come by a packet socket: the adapter has no address by which others
 * would be received.  It is open only while an answer is awaited.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#include "cleanup.h"
#include "container.h"
#include "dhcp.h"
#include "netns.h"
#include "nl_link.h"

#define FIRST_WAIT_MS	1000		/* for an answer, and then twice as long */
#define ATTEMPTS	4
#define RENEW_WAIT_MS	2000
#define RETRY_MIN_MS	2000		/* and then twice as long */
#define RETRY_MAX_MS	60000
#define PACKETS_AT_ONCE	64		/* then the container itself has its turn */
#define LEASE_LEAST	10		/* seconds: who says less is asked that often */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int failed(struct err *err)
{
	err_prefix(err, "network: DHCP");
	err->status = CONTAINER_FAILED;
	return -1;
}

/* ---- packets ---------------------------------------------------------------------------- */

static void open_socket(void *arg)
{
	int *fd = arg;

	*fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* UDP to the port of clients, so that others do not fill it. */
static int filter(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, offsetof(struct iphdr, protocol)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 4),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, offsetof(struct udphdr, dest)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 68, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT16_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static struct sockaddr_ll everybody(const struct lease *lease)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = lease->ifindex, .sll_halen = ETH_ALEN,
	};

	memset(address.sll_addr, 0xff, ETH_ALEN);
	return address;
}

/* Hears nothing before it is bound, which is when it has its filter. */
static int start_hearing(struct lease *lease)
{
	struct sockaddr_ll address = everybody(lease);

	if (filter(lease->fd) < 0)
		return -1;
	return bind(lease->fd, (struct sockaddr *)&address, sizeof(address));
}

static int send_question(const struct lease *lease, const struct dhcp_question *question)
{
	struct sockaddr_ll address = everybody(lease);
	uint8_t packet[DHCP_PACKET_SIZE];
	size_t len = dhcp_build(packet, question);

	return sendto(lease->fd, packet, len, 0, (struct sockaddr *)&address,
		      sizeof(address)) < 0 ? -1 : 0;
}

/* The next packet that is an answer, of those that are there, but not for ever. */
static bool hear(const struct lease *lease, const struct dhcp_question *question,
		 struct dhcp_answer *answer)
{
	uint8_t packet[2048];
	ssize_t n;
	int i;

	for (i = 0; i < PACKETS_AT_ONCE; i++) {
		n = recv(lease->fd, packet, sizeof(packet), 0);
		if (n < 0)
			return false;
		if (dhcp_parse(packet, n, question, answer))
			return true;
	}
	return false;
}

/* ---- the first time --------------------------------------------------------------------- */

static struct dhcp_question ask(const struct container *c, enum dhcp_type type)
{
	return (struct dhcp_question){
		.type = type, .xid = c->lease.xid, .mac = c->spec->mac,
		.hostname = c->spec->hostname,
	};
}

/* 1: it was answered, 0: it was not in that time, or by a refusal. */
static int exchange(struct container *c, const struct dhcp_question *question,
		    enum dhcp_type wanted, int ms, struct dhcp_answer *answer, struct err *err)
{
	int64_t left, end = now_ms() + ms;
	int ret;

	if (send_question(&c->lease, question) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "send a question");
	while ((left = end - now_ms()) > 0) {
		ret = monitor_await(c, c->lease.fd, left, err);
		if (ret < 0)
			return -1;
		if (!ret || !hear(&c->lease, question, answer))
			continue;
		if (answer->type == wanted)
			return 1;
		if (answer->type == DHCP_NAK)
			return 0;
	}
	return 0;
}

/* 1: answer is the server's last word. */
static int negotiate(struct container *c, int ms, struct dhcp_answer *answer, struct err *err)
{
	struct dhcp_question question = ask(c, DHCP_DISCOVER);
	int ret = exchange(c, &question, DHCP_OFFER, ms, answer, err);

	if (ret <= 0)
		return ret;
	question = ask(c, DHCP_REQUEST);
	question.wanted = answer->address;
	question.server = answer->server;
	return exchange(c, &question, DHCP_ACK, ms, answer, err);
}

static int find_lease(struct container *c, struct dhcp_answer *answer, struct err *err)
{
	int ret = 0, ms = FIRST_WAIT_MS, i;

	for (i = 0; !ret && i < ATTEMPTS; i++, ms *= 2) {
		if (getrandom(&c->lease.xid, sizeof(c->lease.xid), 0) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "choose a number");
		ret = negotiate(c, ms, answer, err);
	}
	if (ret)
		return ret < 0 ? -1 : 0;
	return err_set(err, CONTAINER_FAILED,
		       "nobody in switch '%s' leases an address (a server's leases may be used up)",
		       c->spec->switch_name);
}

/* ---- what it means ---------------------------------------------------------------------- */

/* When to renew, and not all at once. */
static void note_times(struct lease *lease, const struct dhcp_answer *answer)
{
	bool said = answer->renew && answer->renew < answer->lease;
	uint32_t renew = said ? answer->renew : answer->lease / 2;

	lease->address = answer->address;
	lease->retry = RETRY_MIN_MS;
	if (answer->server)
		lease->server = answer->server;
	if (renew < LEASE_LEAST && !said)
		renew = LEASE_LEAST;
	lease->next = answer->lease == UINT32_MAX ? INT64_MAX : now_ms() + renew * 1000LL;
}

/* Into the container's own words, which are checked there as those that are said. */
static int adopt(struct container *c, const struct dhcp_answer *answer, struct err *err)
{
	char address[INET_ADDRSTRLEN], text[INET_ADDRSTRLEN + 12];
	char router[INET_ADDRSTRLEN];
	const struct spec_addr *taken;
	struct spec_addr gateway = { .family = AF_INET };

	inet_ntop(AF_INET, &answer->address, address, sizeof(address));
	if (!answer->bits)
		return err_set(err, CONTAINER_FAILED, "the server says no mask for %s", address);
	snprintf(text, sizeof(text), "%s/%u", address, answer->bits);
	if (spec_add_ip(c->spec, text, err) < 0)
		return -1;
	taken = &c->spec->addrs[c->spec->n_addrs - 1];
	memcpy(gateway.bytes, &answer->router, sizeof(answer->router));
	if (!answer->router || !spec_addr_contains(taken, &gateway))
		return 0;
	inet_ntop(AF_INET, &answer->router, router, sizeof(router));
	return spec_set_gateway(c->spec, router, err);
}

/* A route by the adapter, which has the number of that socket's namespace. */
static int add_route(const struct container *c, struct err *err)
{
	struct sockaddr_in gateway = { .sin_family = AF_INET,
				       .sin_addr = c->spec->gateway4.v4 };
	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY,
				 .rt_dev = (char *)CONTAINER_DEVICE };

	if (!c->spec->gateway4.family)
		return 0;
	route.rt_dst.sa_family = AF_INET;
	route.rt_genmask.sa_family = AF_INET;
	memcpy(&route.rt_gateway, &gateway, sizeof(gateway));
	return ioctl(c->lease.fd, SIOCADDRT, &route) < 0 ?
	       err_set_errno(err, CONTAINER_FAILED, errno, "add the default route") : 0;
}

static int configure(struct container *c, struct mnl_socket *inside, struct err *err)
{
	const struct spec_addr *taken = &c->spec->addrs[c->spec->n_addrs - 1];
	struct prefix prefix = { .len = 4, .bits = taken->prefix };

	memcpy(prefix.bytes, taken->bytes, 4);
	return link_add_address(inside, c->lease.ifindex, &prefix, err) < 0 ? -1 :
	       add_route(c, err);
}

static int find_device(struct lease *lease, struct err *err)
{
	struct ifreq req = { .ifr_name = CONTAINER_DEVICE };

	if (lease->fd < 0 || ioctl(lease->fd, SIOCGIFINDEX, &req) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "find '%s'", CONTAINER_DEVICE);
	lease->ifindex = req.ifr_ifindex;
	return 0;
}

static int take(struct container *c, struct mnl_socket *inside, struct err *err)
{
	struct lease *lease = &c->lease;
	struct dhcp_answer answer = {};

	if (netns_call(lease->netns, open_socket, &lease->fd, err) < 0 ||
	    find_device(lease, err) < 0 || link_set_up(inside, lease->ifindex, true, err) < 0)
		return -1;
	if (start_hearing(lease) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "open a socket");
	if (find_lease(c, &answer, err) < 0)
		return -1;
	note_times(lease, &answer);
	return adopt(c, &answer, err) < 0 ? -1 : configure(c, inside, err);
}

int lease_take(struct container *c, struct err *err)
{
	struct mnl_socket *inside;
	int ret;

	if (!c->spec->dhcp)
		return 0;
	c->lease.netns = namespaces_open(c, "net");
	if (c->lease.netns < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "network: open the container's namespace");
	inside = link_open(c->lease.netns, err);
	ret = inside ? take(c, inside, err) : -1;
	link_close(inside);
	close_fd(&c->lease.fd);
	return ret < 0 ? failed(err) : 0;
}

/* ---- while it runs ---------------------------------------------------------------------- */

int lease_timeout(const struct lease *lease)
{
	int64_t left;

	if (!lease->address || lease->next == INT64_MAX)
		return -1;
	left = lease->next - now_ms();
	return left <= 0 ? 0 : left > INT32_MAX ? INT32_MAX : left;
}

static void retry_later(struct lease *lease)
{
	close_fd(&lease->fd);
	lease->next = now_ms() + lease->retry;
	lease->retry = lease->retry * 2 < RETRY_MAX_MS ? lease->retry * 2 : RETRY_MAX_MS;
}

static void begin_renewal(struct container *c, const struct dhcp_question *question)
{
	struct lease *lease = &c->lease;

	if (netns_call(lease->netns, open_socket, &lease->fd, NULL) < 0 || lease->fd < 0 ||
	    start_hearing(lease) < 0 || send_question(lease, question) < 0)
		retry_later(lease);
	else
		lease->next = now_ms() + RENEW_WAIT_MS;
}

/* Who gets no answer keeps the address: without it the container would have none. */
void lease_work(struct container *c)
{
	struct dhcp_question question = ask(c, DHCP_REQUEST);
	struct lease *lease = &c->lease;
	struct dhcp_answer answer;

	if (!lease->address)
		return;
	question.address = lease->address;
	if (lease->fd >= 0 && hear(lease, &question, &answer) && answer.type == DHCP_ACK &&
	    answer.address == lease->address) {
		close_fd(&lease->fd);
		note_times(lease, &answer);
	}
	if (now_ms() < lease->next)
		return;
	if (lease->fd < 0)
		begin_renewal(c, &question);
	else
		retry_later(lease);
}

/* What can't be sent is over by itself, later. */
void lease_end(struct container *c)
{
	struct dhcp_question question = ask(c, DHCP_RELEASE);
	struct lease *lease = &c->lease;

	question.address = lease->address;
	question.server = lease->server;
	close_fd(&lease->fd);
	if (lease->address && netns_call(lease->netns, open_socket, &lease->fd, NULL) == 0 &&
	    lease->fd >= 0)
		send_question(lease, &question);
	close_fd(&lease->fd);
	close_fd(&lease->netns);
	lease->address = 0;
}
