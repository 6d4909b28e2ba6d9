/* SPDX-License-Identifier: GPL-2.0 */
/* A route netlink socket that tells the kernel's reason for a refusal. */
#ifndef VSW_CONTAINER_NETLINK_H
#define VSW_CONTAINER_NETLINK_H

#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <stdbool.h>

#include "err.h"

struct netlink {
	struct nl_sock *sock;
	char reason[256];	/* of the last refusal, "" if the kernel gave none */
};

/* In the network namespace that the caller is in. */
int netlink_open(struct netlink *nl, struct err *err);
void netlink_close(struct netlink *nl);
#define cleanup_netlink __attribute__((cleanup(netlink_close)))

void netlink_put_link(struct rtnl_link **link);	/* NULL in it is allowed */
#define cleanup_link __attribute__((cleanup(netlink_put_link)))

/* Does this number of libnl say that there is no such device? */
bool netlink_is_gone(int code);
/*
 * Find a device by its index, or by its name if that is 0.  0, or a number of
 * libnl.  For one question per socket: libnl does not tell when the answer
 * came without its acknowledgement, which the next request would then get.
 */
int netlink_get_link(struct netlink *nl, int index, const char *name, struct rtnl_link **link);
/* Change the device with that index; a number of libnl. */
int netlink_change_link(struct netlink *nl, int index, struct rtnl_link *change);
/* code is what a call of libnl returned; always -1. */
int netlink_refused(const struct netlink *nl, int code, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
