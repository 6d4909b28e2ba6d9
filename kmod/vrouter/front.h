/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where clients come to: an address, a protocol and some ports at which something of
 * ours answers. Finding it costs a lookup or two, however many there are and
 * however wide: a range is kept as the few aligned powers of two that it is made of.
 */
#ifndef _VROUTER_FRONT_H
#define _VROUTER_FRONT_H

#include <linux/netfilter.h>

#include "vrouter.h"

enum vrt_front_kind {
	VRT_FRONT_SERVICE,
	VRT_FRONT_PUBLISH,
};

struct vrt_front {
	enum vrt_front_kind kind;
	bool any_local;			/* any address of this host, of both families */
	u8 family;			/* NFPROTO_*; NFPROTO_UNSPEC with any_local */
	u8 protocol;			/* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP */
	u16 port, port_last;
	union nf_inet_addr addr;	/* all of it zero behind an IPv4 address */
};

/*
 * Put @front, whose members are set, where the path finds it. -EEXIST, with a
 * sentence in @extack: another one has one of its ports at the same address (with
 * any_local: at any_local; an address of its own goes before that). Under
 * vrt_net.lock.
 */
int vrt_front_add(struct vrt_net *rn, const struct vrt_front *front,
		  struct netlink_ext_ack *extack);
/* The path may find it until a grace period later. Under vrt_net.lock. */
void vrt_front_del(struct vrt_net *rn, const struct vrt_front *front);

/*
 * Who answers at @addr and @port (host byte order), or, if that is an address of this
 * host, at this port of any address of it; NULL: nobody of ours. Under RCU.
 */
const struct vrt_front *vrt_front_find(struct vrt_net *rn, u8 family, u8 protocol,
				       const union nf_inet_addr *addr, u16 port);
const struct vrt_front *vrt_front_find_local(struct vrt_net *rn, u8 protocol, u16 port);

int vrt_front_init(struct vrt_net *rn);
void vrt_front_destroy(struct vrt_net *rn);	/* there is none left */

#endif /* _VROUTER_FRONT_H */
