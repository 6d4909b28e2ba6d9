/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports that are taken from everybody else: each has a socket of the kernel bound to
 * it, which neither listens nor receives. So bind() of others fails, connect() of
 * others doesn't choose it, and what comes to it untranslated finds a closed port.
 */
#ifndef _VROUTER_TAKEN_H
#define _VROUTER_TAKEN_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct net;
struct netlink_ext_ack;

struct vrt_taken;

struct vrt_taken_wanted {
	u8 protocol;			/* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP */
	u8 family;			/* NFPROTO_UNSPEC: any address, of both families */
	u16 port, port_last;
	union nf_inet_addr addr;
};

/*
 * Take all of them or none, as the task that asks could by bind(): the address must
 * be one of the host, unless net.ipv4.ip_nonlocal_bind (ipv6 likewise) says otherwise.
 * They are given back by vrt_taken_free(), at the latest while @net goes, which they
 * don't keep. Sleeps.
 * ERR_PTR() with a sentence that names the port: -EADDRINUSE, -EADDRNOTAVAIL, -EACCES,
 * -EPROTONOSUPPORT (the kernel has no SCTP), -ENOMEM.
 */
struct vrt_taken *vrt_taken_make(struct net *net, const struct vrt_taken_wanted *wanted,
				 struct netlink_ext_ack *extack);
void vrt_taken_free(struct vrt_taken *taken);

#endif /* _VROUTER_TAKEN_H */
