// SPDX-License-Identifier: GPL-2.0
/* Which cgroup v2 has sent a packet, see sender.h. */
#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/netlink.h>
#include <net/inet_sock.h>
#include <net/sock.h>
#include <kunit/visibility.h>

#include "sender.h"
#include "vswitch.h"

#ifdef CONFIG_SOCK_CGROUP_DATA

struct cgroup *vsw_sender_get(u64 id, struct netlink_ext_ack *extack)
{
	struct cgroup *cgroup = cgroup_get_from_id(id);

	if (!IS_ERR(cgroup))
		return cgroup;
	NL_SET_ERR_MSG(extack, "there is no cgroup v2 of this number");
	return ERR_PTR(-ESRCH);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_sender_get);

void vsw_sender_put(struct cgroup *cgroup)
{
	if (cgroup)
		cgroup_put(cgroup);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_sender_put);

u64 vsw_sender_id(const struct cgroup *cgroup)
{
	return cgroup_id(cgroup);
}

/* The kernel has sockets, too, by which it answers; and a tap's is of who opened that. */
static bool is_of_process(const struct sock *sk)
{
	return !sk->sk_kern_sock && sk->sk_family != AF_UNSPEC;
}

struct cgroup *vsw_sender(const struct vsw_port *in, const struct sk_buff *skb)
{
	struct cgroup *container = vsw_path_dereference(in->container);
	struct sock *sk = skb_to_full_sk(skb);

	if (sk && sk_fullsock(sk) && (!container || is_of_process(sk)))
		return sock_cgroup_ptr(&sk->sk_cgrp_data);
	return container;
}

struct cgroup *vsw_sender_above(struct cgroup *cgroup, unsigned int level)
{
	return level < cgroup->level ? cgroup_ancestor(cgroup, level) : NULL;
}

#else

struct cgroup *vsw_sender_get(u64 id, struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "this kernel's sockets know no cgroup");
	return ERR_PTR(-EOPNOTSUPP);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_sender_get);

void vsw_sender_put(struct cgroup *cgroup)
{
}
EXPORT_SYMBOL_IF_KUNIT(vsw_sender_put);

u64 vsw_sender_id(const struct cgroup *cgroup)
{
	return 0;
}

struct cgroup *vsw_sender(const struct vsw_port *in, const struct sk_buff *skb)
{
	return NULL;
}

struct cgroup *vsw_sender_above(struct cgroup *cgroup, unsigned int level)
{
	return NULL;
}

#endif /* CONFIG_SOCK_CGROUP_DATA */
