/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests of each operation of the family vrouter that are accepted in the scene, and
 * what brings the scene back afterwards:
 *
 *	d0	a device with the addresses 192.0.2.1 and 2001:db8::1, and default routes
 *	s0	a service of TCP and IPv4 with one backend
 *	s6	one of UDP and IPv6 with one backend, and one connection
 *	TCP port 8080 of all addresses and the UDP ports 5000 to 5003 of 192.0.2.1 are published
 *	10, 11	rules of address translation
 *	c0	a class, and its child c1
 *
 * The script has set up the device. The fast path was said to be on, so that the hooks stay
 * where they are while objects come and go.
 */
#ifndef SELFTESTS_VALID_ROUTER_H
#define SELFTESTS_VALID_ROUTER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/vrouter.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "contract_router_rules.h"
#include "request.h"
#include "valid_router_requests.h"

#define VALID_GROUPS	"/sys/fs/cgroup"

static char valid_group[128];
static int valid_socket = -1;

/* Where process @pid, or who asks, is to be from now on. */
static inline void valid_enter_group(const char *group, pid_t pid)
{
	char path[160];
	FILE *procs;

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	procs = fopen(path, "w");
	if (!procs || fprintf(procs, "%d", pid) < 0 || fclose(procs))
		err(2, "%s", path);
}

/* Until nobody has the other end of @gate any more. */
static inline void valid_live_in_group(const int gate[2])
{
	char byte;

	close(gate[1]);
	while (read(gate[0], &byte, 1) > 0)
		;
	valid_enter_group(VALID_GROUPS, 0);
	rmdir(valid_group);
	_exit(0);
}

/* A cgroup with a process in it, that goes with this one; none without cgroup v2. */
static inline void valid_open_group(void)
{
	int gate[2];
	pid_t pid;

	snprintf(valid_group, sizeof(valid_group), VALID_GROUPS "/valid-%d", getpid());
	if (access(VALID_GROUPS "/cgroup.controllers", F_OK) || mkdir(valid_group, 0755))
		return;
	if (pipe(gate))
		err(2, "pipe");
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid)
		valid_live_in_group(gate);
	close(gate[0]);
	valid_enter_group(valid_group, pid);
	valid_group_fd = open(valid_group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (valid_group_fd < 0)
		err(2, "%s", valid_group);
}

/* Who sends to the service s6. */
static inline void valid_open_socket(void)
{
	struct sockaddr_in6 from = {
		.sin6_family = AF_INET6, .sin6_port = htons(VALID_CLIENT_PORT),
	};

	memcpy(&from.sin6_addr, VALID_HOST6, sizeof(VALID_HOST6));
	valid_socket = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (valid_socket < 0 || bind(valid_socket, (struct sockaddr *)&from, sizeof(from)))
		err(2, "socket of a client");
}

/* Once, and with privileges. */
static inline void valid_open(struct nl *nl)
{
	(void)nl;
	valid_netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (valid_netns < 0)
		err(2, "/proc/self/ns/net");
	valid_open_group();
	valid_open_socket();
}

/* Sends what may be refused since it is so already. Returns whether it was. */
static inline bool valid_try(struct nl *nl, struct nlmsghdr *nlh, int already)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	int error = nl_request(nl, nlh, NULL, NULL);

	if (error && error != already)
		errx(2, "can't bring the scene back, %s: %s (%s)", operations[genl->cmd].name,
		     strerror(error), nl->message);
	return error;
}

struct valid_list {
	struct nlmsghdr *object[256];
	unsigned int count;
};

static inline void valid_note(const struct nlmsghdr *nlh, void *data)
{
	struct valid_list *list = data;
	struct nlmsghdr *copy = malloc(nlh->nlmsg_len);

	if (!copy || list->count == 256)
		errx(2, "too many objects");
	memcpy(copy, nlh, nlh->nlmsg_len);
	list->object[list->count++] = copy;
}

/* Deletes by @del all that a dump by @get shows, what has become a parent behind its children. */
static inline void valid_delete_all(struct nl *nl, uint8_t get, uint8_t del)
{
	struct valid_list list = { .count = 0 };
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, get, NLM_F_DUMP);
	const struct nlattr *attr;
	unsigned int i, left;

	if (nl_request(nl, nlh, valid_note, &list))
		errx(2, "dump for %s: %s", operations[del].name, nl->message);
	for (left = list.count; left;) {
		for (i = 0; i < list.count; i++) {
			if (!list.object[i])
				continue;
			nlh = nl_command(nl, buf, del, 0);
			mnl_attr_for_each(attr, list.object[i], sizeof(struct genlmsghdr))
				if (operations[del].allowed & HAS(mnl_attr_get_type(attr)))
					mnl_attr_put(nlh, attr->nla_type,
						     mnl_attr_get_payload_len(attr),
						     mnl_attr_get_payload(attr));
			if (valid_try(nl, nlh, EBUSY))
				continue;
			free(list.object[i]);
			list.object[i] = NULL;
			left--;
		}
	}
}

static inline void valid_make(struct nl *nl, uint8_t cmd, valid_object_fn put, unsigned int way)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, cmd, 0);

	put(nlh, way);
	valid_try(nl, nlh, 0);
}

static inline void valid_connect(void)
{
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6, .sin6_port = htons(VALID_SERVICE6_PORT),
	};

	memcpy(&to.sin6_addr, VALID_VIP6, sizeof(VALID_VIP6));
	if (sendto(valid_socket, "", 1, 0, (struct sockaddr *)&to, sizeof(to)) != 1)
		err(2, "datagram to a service");
}

/* Brings back the scene after any of these was accepted, or all. */
static inline void valid_restore(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, VROUTER_CMD_ROUTER_SET, 0);
	unsigned int way;

	mnl_attr_put_u8(nlh, VROUTER_A_ROUTER_FAST_PATH, 1);
	valid_try(nl, nlh, 0);
	valid_delete_all(nl, VROUTER_CMD_SERVICE_GET, VROUTER_CMD_SERVICE_DEL);
	valid_delete_all(nl, VROUTER_CMD_PUBLISH_GET, VROUTER_CMD_PUBLISH_DEL);
	valid_delete_all(nl, VROUTER_CMD_NAT_GET, VROUTER_CMD_NAT_DEL);
	valid_delete_all(nl, VROUTER_CMD_SHAPE_GET, VROUTER_CMD_SHAPE_DEL);
	for (way = 0; way < 2; way++) {
		valid_make(nl, VROUTER_CMD_SERVICE_NEW, valid_service_there, way);
		valid_make(nl, VROUTER_CMD_BACKEND_NEW, valid_backend_there, way);
		valid_make(nl, VROUTER_CMD_PUBLISH_NEW, valid_publish_there, way);
		valid_make(nl, VROUTER_CMD_NAT_NEW, valid_nat_there, way);
		valid_make(nl, VROUTER_CMD_SHAPE_NEW, valid_shape_there, way);
	}
	valid_connect();
}

#endif
