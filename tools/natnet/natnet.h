/* SPDX-License-Identifier: GPL-2.0 */
/*
 * NAT networks: a switch, an address of the host on it, masquerade, and a dnsmasq that
 * answers DHCP and DNS there.  All of it is made by one command, or none.
 *
 *   create.c   the order of the steps, and their undoing
 *   dnsmasq.c  the process
 *   state.c    what there is of a network, written down before it is made:
 *                /run/vsw/natnets/NAME/state.json   locked while it is worked on
 *                                      leases       dnsmasq's
 *                                      pid          dnsmasq's own word about itself
 *
 * A network whose directory says "creating" or "deleting" and that nobody has locked is
 * one of a vsw that was killed: the next one removes it.
 */
#ifndef VSW_NATNET_NATNET_H
#define VSW_NATNET_NATNET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "model_natnet.h"

struct vsw_nl;

/* What was made, or is about to be: noted before, so that nothing is forgotten. */
enum natnet_made {
	MADE_SWITCH = 1, MADE_NAT = 2, MADE_NAT_IPV6 = 4, MADE_DNSMASQ = 8,
};

enum natnet_status { NATNET_CREATING, NATNET_RUNNING, NATNET_DELETING };

struct natnet {
	struct vsw_natnet net;		/* what was said */
	enum natnet_status status;
	uint64_t netns;			/* cookie of the namespace, which no other gets */
	uint32_t made;			/* enum natnet_made */
	uint32_t ifindex;		/* of the switch; 0: not known */
	uint32_t rule, ipv6_rule;	/* that masquerade; 0: not known */
	pid_t pid;			/* of dnsmasq; 0: not known */
	uint64_t start;			/* when it began, see record_start_time() */
	int dir_fd;			/* holds the lock; -1 */
};

/* create.c: 0, or -1 with err set and nothing left. Both sockets are the caller's. */
int natnet_create(struct vsw_nl *nl, struct vsw_nl *router, const struct vsw_natnet *said,
		  struct err *err);
/* The one that state.c opened, and with it the record. What is gone is no error. */
int natnet_destroy(struct vsw_nl *nl, struct vsw_nl *router, struct natnet *natnet,
		   struct err *err);

/* state.c: a new one, locked. */
int natnet_take(struct natnet *natnet, const char *name, struct err *err);
/* One that there is, locked; wait: for whoever works on it. STATUS_REFUSED: there is none. */
int natnet_open(struct natnet *natnet, const char *name, bool wait, struct err *err);
int natnet_save(struct natnet *natnet, struct err *err);
/* Remove the directory; the natnet is closed. */
int natnet_forget(struct natnet *natnet, struct err *err);
void natnet_close(struct natnet *natnet);
/* The name of each, owned by the caller; -1: err is set. */
int natnet_names(char ***names, size_t *n, struct err *err);
void natnet_free_names(char **names, size_t n);
/* The cookie of the network namespace that this process is in; 0: none can be had. */
uint64_t natnet_netns(void);
/* The directory of a network. */
#define NATNET_PATH_SIZE 192
const char *natnet_path(char path[NATNET_PATH_SIZE], const char *name, const char *file);

/* dnsmasq.c */
int dnsmasq_start(struct natnet *natnet, struct err *err);
/* The process of this network, found again; 0: it is gone. */
pid_t dnsmasq_find(const struct natnet *natnet);
int dnsmasq_stop(const struct natnet *natnet, struct err *err);
/* Leases of IPv4 that are not over. */
uint32_t dnsmasq_leases(const struct natnet *natnet);

#endif
