/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink requests and their answers, for the C programs of the selftests. */
#ifndef SELFTESTS_REQUEST_H
#define SELFTESTS_REQUEST_H

#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define REQUEST_MAX	8192
#define ANSWER_MAX	(1 << 17)

struct nl {
	struct mnl_socket *sock;
	unsigned int portid;
	unsigned int seq;
	int fd;
	uint16_t family;		/* 0 on a route socket */
	uint32_t groups[16];		/* in the order of the family's list */
	unsigned int group_count;
	/* what the last acknowledgement said besides its error */
	char message[256];
	bool has_offset;
	uint32_t offset;
	bool has_missing;		/* it named an attribute that is missing */
	bool done;			/* it came as the end of a dump */
	bool interrupted;		/* the last dump was */
};

typedef void (*nl_reply_fn)(const struct nlmsghdr *nlh, void *data);

static inline struct nlmsghdr *nl_start(struct nl *nl, char *buf, uint16_t type,
					uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++nl->seq;
	return nlh;
}

/* A request of the family's command @cmd in @buf, without attributes yet. */
static inline struct nlmsghdr *nl_command(struct nl *nl, char *buf, uint8_t cmd,
					  uint16_t flags)
{
	struct nlmsghdr *nlh = nl_start(nl, buf, nl->family, flags);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

static inline int nl_extack_attr(const struct nlattr *attr, void *data)
{
	struct nl *nl = data;

	switch (mnl_attr_get_type(attr)) {
	case NLMSGERR_ATTR_MSG:
		snprintf(nl->message, sizeof(nl->message), "%s", mnl_attr_get_str(attr));
		break;
	case NLMSGERR_ATTR_OFFS:
		nl->offset = mnl_attr_get_u32(attr);
		nl->has_offset = true;
		break;
	case NLMSGERR_ATTR_MISS_TYPE:
		nl->has_missing = true;
		break;
	}
	return MNL_CB_OK;
}

/* Takes in an NLMSG_ERROR or NLMSG_DONE. Returns the error, positive. */
static inline int nl_acknowledged(struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(nlh);
	size_t skip = nlh->nlmsg_type == NLMSG_DONE ? sizeof(int) : sizeof(*ack);

	nl->message[0] = 0;
	nl->has_offset = false;
	nl->has_missing = false;
	nl->done = nlh->nlmsg_type == NLMSG_DONE;
	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(int))
		return 0;
	if (nlh->nlmsg_type == NLMSG_ERROR && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += ack->msg.nlmsg_len - NLMSG_HDRLEN;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(nlh, NLMSG_ALIGN(skip), nl_extack_attr, nl);
	return -ack->error;
}

/*
 * Reads answers to the request @seq until it is acknowledged or dumped; every
 * other message goes to @reply. Returns 0 or a positive errno.
 */
static inline int nl_receive(struct nl *nl, unsigned int seq, nl_reply_fn reply, void *data)
{
	static char buf[ANSWER_MAX];
	const struct nlmsghdr *nlh;
	ssize_t n;
	int len;

	nl->message[0] = 0;
	for (;;) {
		n = recv(nl->fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		len = n;
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_seq != seq)
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				nl->interrupted = true;
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
				return nl_acknowledged(nl, nlh);
			if (reply)
				reply(nlh, data);
		}
	}
}

/* Sends @nlh and waits. Returns 0 or a positive errno. */
static inline int nl_request(struct nl *nl, struct nlmsghdr *nlh, nl_reply_fn reply, void *data)
{
	nl->interrupted = false;
	if (send(nl->fd, nlh, nlh->nlmsg_len, 0) < 0)
		return errno;
	return nl_receive(nl, nlh->nlmsg_seq, reply, data);
}

static inline int nl_group_attr(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
		*(uint32_t *)data = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static inline void nl_family_reply(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *group;
	struct nl *nl = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			nl->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			if (nl->group_count < 16)
				mnl_attr_parse_nested(group, nl_group_attr,
						      &nl->groups[nl->group_count++]);
	}
}

/* Opens a socket of @protocol in the current network namespace. */
static inline void nl_open(struct nl *nl, int protocol)
{
	int one = 1;

	memset(nl, 0, sizeof(*nl));
	nl->sock = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0)
		err(2, "netlink socket");
	nl->fd = mnl_socket_get_fd(nl->sock);
	nl->portid = mnl_socket_get_portid(nl->sock);
	if (mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &one, sizeof(one)) ||
	    mnl_socket_setsockopt(nl->sock, NETLINK_GET_STRICT_CHK, &one, sizeof(one)))
		err(2, "netlink socket options");
}

/* Opens a socket that speaks with the Generic Netlink family @name. */
static inline void nl_open_family(struct nl *nl, const char *name)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	int error;

	nl_open(nl, NETLINK_GENERIC);
	nl->family = GENL_ID_CTRL;
	nlh = nl_command(nl, buf, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	error = nl_request(nl, nlh, nl_family_reply, nl);
	if (error)
		errx(2, "no family %s: %s", name, strerror(error));
}

static inline void nl_close(struct nl *nl)
{
	mnl_socket_close(nl->sock);
}

#endif
