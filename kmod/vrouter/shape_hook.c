// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks of the shaper: behind all that sees or changes a packet, but for conntrack's
 * own last one, whose work is done before a packet waits.
 */
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "shape.h"

/*
 * What a bridge passes on is none of ours, nor what somebody says to himself; and what
 * IPsec is to wrap, or leaves a VRF by its master, comes again.
 */
static bool is_foreign(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct net_device *dev = skb->dev;

	if (!dst || !dev || dst_xfrm(dst) || (dev->flags & IFF_LOOPBACK))
		return true;
	return state->hook == NF_INET_POST_ROUTING &&
	       (dev != state->out || netif_is_l3_master(dev));
}

static unsigned int shape(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct vrt_shape_queue *queue;

	if (is_foreign(skb, state))
		return NF_ACCEPT;
	queue = vrt_shape_find(priv, skb, state);
	return queue ? vrt_shape_packet(queue, skb, state) : NF_ACCEPT;
}

/* vrt_learn() sees a packet before. */
#define SHAPE_PRIORITY	(NF_IP_PRI_CONNTRACK_CONFIRM - 1)

#define SHAPE_OP(FAMILY, HOOK) \
	{ .hook = shape, .pf = FAMILY, .hooknum = HOOK, .priority = SHAPE_PRIORITY }

static const struct nf_hook_ops shape_ops[] = {
	SHAPE_OP(NFPROTO_IPV4, NF_INET_POST_ROUTING),
	SHAPE_OP(NFPROTO_IPV6, NF_INET_POST_ROUTING),
	SHAPE_OP(NFPROTO_IPV4, NF_INET_LOCAL_IN),
	SHAPE_OP(NFPROTO_IPV6, NF_INET_LOCAL_IN),
};

int vrt_shape_hook(struct vrt_net *rn)
{
	struct nf_hook_ops *ops;
	size_t i;
	int err;

	ops = kmemdup(shape_ops, sizeof(shape_ops), GFP_KERNEL_ACCOUNT);
	if (!ops)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(shape_ops); i++)
		ops[i].priv = rn;
	err = nf_register_net_hooks(rn->net, ops, ARRAY_SIZE(shape_ops));
	if (err)
		vrt_shape_free_ops(ops);
	else
		rn->shaper->hooks = ops;
	return err;
}

void vrt_shape_unhook(struct vrt_net *rn)
{
	nf_unregister_net_hooks(rn->net, rn->shaper->hooks, ARRAY_SIZE(shape_ops));
	vrt_shape_free_ops(rn->shaper->hooks);
	rn->shaper->hooks = NULL;
}
