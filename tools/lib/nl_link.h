/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices and network namespaces, by rtnetlink.  All return 0, or -1 with err
 * set: STATUS_REFUSED and the kernel's own sentence when the kernel said no.
 */
#ifndef VSW_LIB_NL_LINK_H
#define VSW_LIB_NL_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "model.h"

struct mnl_socket;

/* A socket in a network namespace; netns -1: in this one.  NULL: err is set. */
struct mnl_socket *link_open(int netns, struct err *err);
void link_close(struct mnl_socket *socket);	/* NULL is allowed */

/*
 * Set a device administratively up or down ("ip link set DEV up").  socket NULL:
 * in this network namespace.
 */
int link_set_up(struct mnl_socket *socket, uint32_t ifindex, bool up, struct err *err);

/* Of a device that is down. */
int link_rename(struct mnl_socket *socket, uint32_t ifindex, const char *name, struct err *err);

/* By its name, or its ifindex if that is NULL. */
int link_delete(struct mnl_socket *socket, const char *name, uint32_t ifindex, struct err *err);

/*
 * Make a vnic of the switch in the socket's network namespace, by name, MTU,
 * address and ifindex of the device; it comes to be in netns, -1: in the socket's
 * as well.  The kernel (of 6.12 at least) refuses with EEXIST what the socket's
 * has, wherever the device is to be: an ifindex if one is said, else a name.
 */
int link_add_vnic(struct mnl_socket *socket, uint32_t switch_ifindex,
		  const struct vsw_device *device, int netns, struct err *err);
/* The vnic of this name: its ifindex, and its number in its switch. */
int link_get_vnic(struct mnl_socket *socket, const char *name, uint32_t *ifindex,
		  uint32_t *number, struct err *err);

/*
 * One address each, of IPv4 and IPv6, by which other hosts reach the socket's network
 * namespace: the first one that stays and is valid everywhere; len 0: there is none.
 */
int link_addresses(struct mnl_socket *socket, struct prefix *ipv4, struct prefix *ipv6,
		   struct err *err);

/* Give a device an address of its own; one of IPv6 is not asked about first. */
int link_add_address(struct mnl_socket *socket, uint32_t ifindex, const struct prefix *address,
		     struct err *err);

/* The number that a network namespace has in the socket's; -1 if it has none. */
int link_netns_number(struct mnl_socket *socket, int netns, int32_t *number, struct err *err);

#endif
