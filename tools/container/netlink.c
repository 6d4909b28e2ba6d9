// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink.h"
#include "spec.h"

/* libnl turns the error into a number of its own; the text is behind it. */
static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	struct nlmsghdr *header = (struct nlmsghdr *)((char *)error - NLMSG_HDRLEN);
	size_t skip = sizeof(*error);
	struct netlink *nl = arg;
	struct nlattr *text;

	(void)from;
	/* not that of an earlier one */
	nl->reason[0] = '\0';
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    (size_t)nlmsg_datalen(header) < skip)
		return -nl_syserr2nlerr(error->error);
	text = nla_find((struct nlattr *)((char *)error + skip), nlmsg_datalen(header) - skip,
			NLMSGERR_ATTR_MSG);
	if (text)
		snprintf(nl->reason, sizeof(nl->reason), "%.*s", nla_len(text),
			 (char *)nla_data(text));
	return -nl_syserr2nlerr(error->error);
}

int netlink_open(struct netlink *nl, struct err *err)
{
	struct nl_cb *cb;
	int on = 1, code;

	nl->reason[0] = '\0';
	nl->sock = nl_socket_alloc();
	if (!nl->sock)
		return err_set(err, CONTAINER_FAILED, "network: no memory for a socket");
	code = nl_connect(nl->sock, NETLINK_ROUTE);
	if (code < 0) {
		netlink_close(nl);
		return err_set(err, CONTAINER_FAILED, "network: connect to the kernel: %s",
			       nl_geterror(code));
	}
	/* without it there are no reasons, and no harm */
	setsockopt(nl_socket_get_fd(nl->sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(nl->sock), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	cb = nl_socket_get_cb(nl->sock);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, nl);
	nl_cb_put(cb);
	return 0;
}

void netlink_close(struct netlink *nl)
{
	nl_socket_free(nl->sock);
	nl->sock = NULL;
}

void netlink_put_link(struct rtnl_link **link)
{
	if (*link)
		rtnl_link_put(*link);
}

bool netlink_is_gone(int code)
{
	return code == -NLE_OBJ_NOTFOUND || code == -NLE_NODEV;
}

int netlink_get_link(struct netlink *nl, int index, const char *name, struct rtnl_link **link)
{
	int code = rtnl_link_get_kernel(nl->sock, index, index ? NULL : name, link);

	return !code && !*link ? -NLE_OBJ_NOTFOUND : code;
}

int netlink_change_link(struct netlink *nl, int index, struct rtnl_link *change)
{
	struct rtnl_link *which = rtnl_link_alloc();
	int code;

	if (!which)
		return -NLE_NOMEM;
	rtnl_link_set_ifindex(which, index);
	code = rtnl_link_change(nl->sock, which, change, 0);
	rtnl_link_put(which);
	return code;
}

int netlink_refused(const struct netlink *nl, int code, struct err *err, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(err, CONTAINER_FAILED, "network: %s: %s%s(%s)", what, nl->reason,
		       *nl->reason ? " " : "", nl_geterror(code));
}
