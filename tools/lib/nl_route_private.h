/* SPDX-License-Identifier: GPL-2.0 */
/* Between nl_route.c, nl_rule.c and nl_fib.c. */
#ifndef VSW_LIB_NL_ROUTE_PRIVATE_H
#define VSW_LIB_NL_ROUTE_PRIVATE_H

#include <netlink/netlink.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>

#include "nl_route.h"

/*
 * While a request runs: ask() before it, answered() with what libnl made of it behind. It
 * returns ret, 1 for a dump that was interrupted, or -1 with err set.
 */
struct fib_talk {
	struct nl_sock *socket;
	struct err *err;
	bool refused;			/* the kernel did, and err has its sentence */
};

void fib_ask(struct fib_talk *talk, struct nl_sock *socket, struct err *err);
int fib_answered(struct fib_talk *talk, int ret);

/*
 * All objects of one type of message, which have a header of head bytes that begins with
 * the family. take gets each with its message; it returns 0, or -1 without memory.
 */
typedef int fib_take_fn(struct nl_object *object, struct nlmsghdr *nlh, void *arg);
struct fib_dump {
	int type;			/* RTM_GETROUTE, RTM_GETRULE */
	size_t head;
	fib_take_fn *take;
	struct list *list;
	const struct kind *kind;
};

int fib_dump(struct nl_sock *socket, int family, const struct fib_dump *dump, struct err *err);

/* NULL: no memory. The caller puts it. */
struct nl_addr *fib_address(const struct prefix *prefix);
/* Both may be NULL. false: there is no address, or none of IP. */
bool fib_prefix(struct prefix *prefix, struct nl_addr *address);

/* The device of a name; 0 with err set: there is none. */
uint32_t fib_device(const char *name, struct err *err);

/* The VRFs of this network namespace, tables and names. */
struct fib_vrfs {
	struct fib_vrf {
		uint32_t table;
		char name[MODEL_NAME_SIZE];
	} *vrf;
	size_t n;
};

int fib_vrfs(struct nl_sock *socket, struct fib_vrfs *vrfs, struct err *err);
void fib_vrfs_free(struct fib_vrfs *vrfs);
/* "": none has this table */
const char *fib_vrf_name(const struct fib_vrfs *vrfs, uint32_t table);

#endif
