/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The virtual router of a network namespace.
 *
 * DOC: Locking
 *
 * vrt_net.lock, a mutex, covers everything that is configured in one network
 * namespace: services, backends, publications, rules. It may be taken under no
 * other lock of ours; RTNL may be taken under it, and it is never taken under RTNL
 * but by pernet operations, which the kernel calls without RTNL.
 *
 * The path (hook functions of netfilter) runs under RCU with BH off or in process
 * context of a sender. It reads what is configured under RCU and takes only
 * spinlocks, with BH off, each named where it is declared. What is taken away is
 * unlinked first and freed after a grace period.
 *
 * DOC: Who owns what
 *
 * A target (where connections go: a backend, a publication) is referenced by what
 * it is part of and by each connection that goes there. A connection (struct
 * vrt_conn) holds its nf_conn, and is given up by the path when that is over or by
 * the sweep, a second later at most.
 */
#ifndef _VROUTER_H
#define _VROUTER_H

#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rbtree_types.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <uapi/linux/vrouter.h>

struct netlink_ext_ack;
struct nf_hook_ops;

struct vrt_net {
	struct net *net;
	struct mutex lock;		/* see Locking */
	unsigned int users;		/* objects; the hooks are there while there is any */
	bool ready;			/* the tables below are there, until the namespace goes */
	struct nf_hook_ops *hooks;	/* hook.c, while there is any user */
	bool fast_path;			/* the path reads it */
	bool fast_path_wanted;		/* somebody said so: it counts as an object */

	struct rhashtable fronts;	/* front.c */
	unsigned long front_shifts;	/* bit n: some node stands for 2^n ports */
	unsigned int front_shift_users[17];
	unsigned int n_local_fronts;	/* those with any_local */

	struct rhashtable conns;	/* conn.c, by nf_conn */
	struct xarray conn_ids;
	u32 next_conn_id;
	struct delayed_work sweep;

	struct rhashtable ways;		/* learn.c */
	atomic_t generation;		/* of all that ways depend on, see way.h */
	atomic_t n_carried;		/* connections whose ways are in use */
	u64 __percpu *carried;		/* packets that the fast path sent */
	struct notifier_block fib_notifier;	/* change.c */
	u32 policy_print;		/* policy.c */
	struct socket *ruleset_socket;
	struct sock __rcu *ruleset_sk;	/* of it, while it listens */

	struct xarray services;		/* service.c, by id */
	u32 service_id;			/* of the last one */
	struct rhashtable service_names;
	unsigned int n_services, n_backends;
	atomic_t n_clients;		/* that have an affinity */
	struct list_head draining;	/* backend.c, those that have a deadline */
	struct delayed_work drain;
	struct llist_head suspects;	/* health.c */
	struct work_struct judge;
	struct list_head outs;		/* backends that come back at a time */
	struct delayed_work health;
	unsigned int n_watches;		/* cgroup_watch.c */

	struct rb_root publishes;	/* publish.c, by key */
	unsigned int n_publishes, n_published_ports;

	struct list_head nats;		/* nat.c, by id */
	unsigned int n_nats;

	struct vrt_shaper *shaper;	/* shape.c, from the first class on; NULL */
};

extern unsigned int vrt_net_id;

static inline struct vrt_net *vrt_net(const struct net *net)
{
	return net_generic(net, vrt_net_id);
}

/* ---- net.c: the router of a network namespace comes and goes ---------------- */

/*
 * For each object that is configured: the first one puts our hooks into the
 * namespace, the last one takes them away. Under vrt_net.lock.
 */
int vrt_net_use(struct vrt_net *rn, struct netlink_ext_ack *extack);
void vrt_net_unuse(struct vrt_net *rn);

/*
 * It is on as long as nobody says anything. Said to be on it is there with nothing else
 * configured, and carries what is just forwarded. Under vrt_net.lock.
 */
int vrt_net_set_fast_path(struct vrt_net *rn, bool on, struct netlink_ext_ack *extack);

int vrt_net_register(void);
void vrt_net_unregister(void);

/*
 * All that is configured goes, with the connections of it, and with the last object
 * the hooks; the fast path is as it was at first. Under vrt_net.lock.
 */
void vrt_net_flush(struct vrt_net *rn);

/* ---- hook.c: the packet's way ------------------------------------------------ */

int vrt_hooks_register(struct vrt_net *rn, struct netlink_ext_ack *extack);
void vrt_hooks_unregister(struct vrt_net *rn);

#endif /* _VROUTER_H */
