// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of frames for mirrors. Whatever becomes of a copy, the frame itself is
 * left as it is, and nobody waits.
 *
 * A copy is never copied again. As long as it is being sent, this CPU makes no
 * other. When it was queued on its way, and comes back to a switch later (the
 * device is one of a pair whose other end is a port, or a tunnel that leads
 * through the switch), it is known by its hash: that stays with a packet through
 * pairs, queues, tunnels, namespaces and fragmentation, and nothing but the choice
 * of a queue depends on it.
 */
#include "forward.h"
#include "mirror.h"
#include "tracer.h"
#include "wire.h"

u32 vsw_mirror_mark;

static DEFINE_PER_CPU(bool, sending);

static bool is_copy(const struct sk_buff *skb)
{
	return skb->l4_hash && skb->hash == READ_ONCE(vsw_mirror_mark);
}

/* Length on the wire of @skb, with data behind the MAC header. */
static unsigned int wire_len(const struct sk_buff *skb)
{
	return vsw_wire_len(skb, -ETH_HLEN);
}

/* A new packet of the first @len bytes of @skb, which it has, with data behind the MAC header. */
static struct sk_buff *copy_beginning(const struct sk_buff *skb, unsigned int len,
				      const struct net_device *dev)
{
	unsigned int room = LL_RESERVED_SPACE(dev) + NET_IP_ALIGN;
	struct sk_buff *copy;

	copy = alloc_skb(room + len + READ_ONCE(dev->needed_tailroom),
			 GFP_ATOMIC | __GFP_NOWARN);
	if (!copy)
		return NULL;
	skb_reserve(copy, room);
	if (!vsw_wire_copy(skb, -ETH_HLEN, skb_put(copy, len), len)) {
		kfree_skb(copy);
		return NULL;
	}
	skb_reset_mac_header(copy);
	copy->protocol = eth_hdr(copy)->h_proto;
	if (!eth_proto_is_802_3(copy->protocol))
		copy->protocol = htons(ETH_P_802_2);
	__skb_pull(copy, ETH_HLEN);
	return copy;
}

static struct sk_buff *copy_of(struct sk_buff *skb, unsigned int most,
			       const struct net_device *dev)
{
	struct sk_buff *copy;

	if (most && wire_len(skb) > most)
		copy = copy_beginning(skb, most, dev);
	else
		copy = skb_clone(skb, GFP_ATOMIC | __GFP_NOWARN);
	if (!copy)
		return NULL;
	skb_scrub_packet(copy, true);
	copy->priority = 0;
	skb_set_queue_mapping(copy, 0);
	skb_reset_network_header(copy);
	skb_reset_mac_len(copy);
	__skb_set_hash(copy, READ_ONCE(vsw_mirror_mark), false, true);
	return copy;
}

/* The turn of one in @m's sample, on this CPU. */
static bool is_turn(const struct vsw_mirror *m)
{
	u32 sample = READ_ONCE(m->sample);
	u32 *passed;

	if (likely(sample <= 1))
		return true;
	passed = this_cpu_ptr(m->passed);
	if (++*passed < sample)
		return false;
	*passed = 0;
	return true;
}

static enum vsw_drop send_copy(const struct vsw_mirror *m, struct sk_buff *skb,
			       unsigned int *len)
{
	const struct vsw_mirror_to *to = vsw_path_dereference(m->to);
	struct sk_buff *copy;
	enum vsw_drop reason;

	if (unlikely(!to))
		return VSW_DROP_PORT_DOWN;
	copy = copy_of(skb, READ_ONCE(m->truncate), to->dev);
	if (unlikely(!copy))
		return VSW_DROP_NO_MEMORY;
	*len = wire_len(copy);
	/*
	 * A tunnel would tell the sender of an IP packet that it is too long for
	 * the way to the collector: to it this is no packet of IP's but a frame.
	 */
	if (to->tunnel && !skb_is_gso(copy))
		copy->protocol = htons(ETH_P_TEB);
	__this_cpu_write(sending, true);
	reason = vsw_deliver_mirrored(to->dev, to->port, copy, to->cuts);
	__this_cpu_write(sending, false);
	return reason;
}

static void mirror_one(const struct vsw_mirror *m, struct sk_buff *skb)
{
	enum vsw_drop reason;
	unsigned int len;

	if (unlikely(vsw_tracing())) {
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_MIRROR, m->name);
		return;
	}
	vsw_stats_rx(this_cpu_ptr(m->stats), wire_len(skb));
	if (!is_turn(m))
		return;
	reason = send_copy(m, skb, &len);
	if (likely(reason == VSW_DROP_COUNT))
		vsw_stats_tx(m->stats, len);
	else
		vsw_stats_inc(m->stats, drop[reason]);
}

static void mirror_all(const struct vsw_mirrors *mirrors, u32 mask, struct sk_buff *skb)
{
	const struct vsw_mirror *m;

	for (; mask; mask &= mask - 1) {
		m = vsw_path_dereference(mirrors->slot[__ffs(mask)]);
		if (likely(m))
			mirror_one(m, skb);
	}
}

static bool is_wanted(const struct sk_buff *skb)
{
	return !__this_cpu_read(sending) && !is_copy(skb);
}

/*
 * @skb has come in by @in, with data behind the MAC header, and nothing was done to
 * it yet. Under RCU with BH off.
 */
void vsw_mirror_in(const struct vsw_port *in, struct sk_buff *skb)
{
	const struct vsw_mirrors *mirrors = vsw_path_dereference(in->sw->mirrors);
	u32 mask = READ_ONCE(in->mirror_in);

	if (mask && mirrors && is_wanted(skb))
		mirror_all(mirrors, mask, skb);
}

/* Likewise, and it is of VLAN @vid; not for those that have it from vsw_mirror_in(). */
void vsw_mirror_vlan(const struct vsw_port *in, struct sk_buff *skb, u16 vid)
{
	const struct vsw_mirrors *mirrors = vsw_path_dereference(in->sw->mirrors);
	const struct vsw_mirror_vlans *vlans;
	const struct vsw_mirror *m;
	u32 mask;

	if (!mirrors || !is_wanted(skb))
		return;
	mask = READ_ONCE(mirrors->of_vlans) & ~READ_ONCE(in->mirror_in);
	for (; mask; mask &= mask - 1) {
		m = vsw_path_dereference(mirrors->slot[__ffs(mask)]);
		if (unlikely(!m))
			continue;
		vlans = vsw_path_dereference(m->vlans);
		if (vlans && (vlans->set[vid / 8] & BIT(vid % 8)))
			mirror_one(m, skb);
	}
}

/* @skb, with data behind the MAC header, is about to leave by @out. Under RCU with BH off. */
void vsw_mirror_out(const struct vsw_port *out, struct sk_buff *skb)
{
	const struct vsw_mirrors *mirrors = vsw_path_dereference(out->sw->mirrors);
	u32 mask = READ_ONCE(out->mirror_out);

	if (mask && mirrors && is_wanted(skb))
		mirror_all(mirrors, mask, skb);
}

/* Names are given once, and there are few mirrors. Under RCU. */
static const struct vsw_mirror *find(const struct vsw_switch *sw, const char *name)
{
	const struct vsw_mirrors *mirrors = vsw_path_dereference(sw->mirrors);
	const struct vsw_mirror *m;
	unsigned int i;

	for (i = 0; mirrors && i < VSWITCH_MAX_MIRRORS; i++) {
		m = vsw_path_dereference(mirrors->slot[i]);
		if (m && !strcmp(m->name, name))
			return m;
	}
	return NULL;
}

/* @skb is what flows have made of it, with data behind the MAC header. Under RCU with BH off. */
void vsw_mirror_flow(const struct vsw_switch *sw, struct sk_buff *skb, const char *name)
{
	const struct vsw_mirror *m = is_wanted(skb) ? find(sw, name) : NULL;

	if (likely(m))
		mirror_one(m, skb);
	else if (unlikely(vsw_tracing()))
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_NO_MIRROR, name);
}

bool vsw_mirror_exists(const struct vsw_switch *sw, const char *name)
{
	bool exists;

	rcu_read_lock();
	exists = find(sw, name);
	rcu_read_unlock();
	return exists;
}
