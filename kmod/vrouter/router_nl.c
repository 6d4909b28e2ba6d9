// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the router as a whole: router-get, -set, -flush.
 */
#include "netlink.h"
#include "shape.h"

static int fill_router(struct sk_buff *skb, const void *object)
{
	const struct vrt_net *rn = object;
	u64 carried = 0;
	int cpu;

	if (rn->ready) {
		for_each_possible_cpu(cpu)
			carried += *per_cpu_ptr(rn->carried, cpu);
	}
	if (nla_put_u8(skb, VROUTER_A_ROUTER_FAST_PATH, rn->fast_path) ||
	    nla_put_u32(skb, VROUTER_A_ROUTER_SERVICES, rn->n_services) ||
	    nla_put_u32(skb, VROUTER_A_ROUTER_BACKENDS, rn->n_backends) ||
	    nla_put_u32(skb, VROUTER_A_ROUTER_PUBLISHES, rn->n_publishes) ||
	    nla_put_u32(skb, VROUTER_A_ROUTER_NATS, rn->n_nats) ||
	    nla_put_u32(skb, VROUTER_A_ROUTER_CONNECTIONS,
			rn->ready ? atomic_read(&rn->conns.nelems) : 0) ||
	    nla_put_u32(skb, VROUTER_A_ROUTER_CARRIED, atomic_read(&rn->n_carried)) ||
	    nla_put_u64_64bit(skb, VROUTER_A_ROUTER_CARRIED_PACKETS, carried,
			      VROUTER_A_ROUTER_PAD) ||
	    nla_put_u8(skb, VROUTER_A_ROUTER_IN_USE, rn->users > 0) ||
	    nla_put_u32(skb, VROUTER_A_ROUTER_SHAPES, rn->shaper ? rn->shaper->n_classes : 0))
		return -EMSGSIZE;
	return 0;
}

static int get_router(struct vrt_net *rn, struct genl_info *info)
{
	return vrt_nl_reply(info, VROUTER_CMD_ROUTER_GET, fill_router, rn);
}

int vrouter_nl_router_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_read(info, get_router);
}

static int set_router(struct vrt_net *rn, struct genl_info *info)
{
	const struct nlattr *fast_path = info->attrs[VROUTER_A_ROUTER_FAST_PATH];

	if (!fast_path)
		return 0;
	return vrt_net_set_fast_path(rn, nla_get_u8(fast_path), info->extack);
}

int vrouter_nl_router_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, set_router);
}

static int flush_router(struct vrt_net *rn, struct genl_info *info)
{
	vrt_net_flush(rn);
	return 0;
}

int vrouter_nl_router_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, flush_router);
}
