/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which cgroup v2 has sent a packet: that of the socket which it is from, or of the container
 * that its port belongs to.
 */
#ifndef _VSWITCH_SENDER_H
#define _VSWITCH_SENDER_H

#include <linux/types.h>

struct cgroup;
struct netlink_ext_ack;
struct sk_buff;
struct vsw_port;

/*
 * The cgroup of @id, which the caller's cgroup namespace has, with a reference; ERR_PTR() with
 * a sentence: -ESRCH, or -EOPNOTSUPP. May sleep.
 */
struct cgroup *vsw_sender_get(u64 id, struct netlink_ext_ack *extack);
/* @cgroup may be NULL. Any context; readers under RCU may still have it. */
void vsw_sender_put(struct cgroup *cgroup);
/* The id of one that there is a reference to. */
u64 vsw_sender_id(const struct cgroup *cgroup);

/*
 * Who has sent @skb, which came by @in, or NULL: nobody here. Under RCU, until whose end it is
 * there, without a reference. A process that has a socket is the sender; if the port belongs to
 * a container then this is the sender of what has none: ARP, what the container forwards, what
 * its kernel answers, what comes from a VM's tap.
 */
struct cgroup *vsw_sender(const struct vsw_port *in, const struct sk_buff *skb);

/*
 * Cgroups are trees, and who is asked for one means all that is below it, too, so a sender is
 * in many: at so many levels from the root on. This one of @cgroup's, or NULL: that is not
 * below any, or is it itself.
 */
#define VSW_SENDER_LEVELS	16
struct cgroup *vsw_sender_above(struct cgroup *cgroup, unsigned int level);

#endif /* _VSWITCH_SENDER_H */
