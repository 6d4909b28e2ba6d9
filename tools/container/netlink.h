/* SPDX-License-Identifier: GPL-2.0 */
/* A route netlink socket that tells the kernel's reason for a refusal. */
#ifndef VSW_CONTAINER_NETLINK_H
#define VSW_CONTAINER_NETLINK_H

#include <netlink/netlink.h>

#include "err.h"

struct netlink {
	struct nl_sock *sock;
	char reason[256];	/* of the last refusal, "" if the kernel gave none */
};

/* In the network namespace that the caller is in. */
int netlink_open(struct netlink *nl, struct err *err);
void netlink_close(struct netlink *nl);
/* code is what a call of libnl returned; always -1. */
int netlink_refused(const struct netlink *nl, int code, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
