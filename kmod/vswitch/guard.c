// SPDX-License-Identifier: GPL-2.0
/*
 * The guard of a port in the packet path: what it lets in.
 */
#include "fdb_path.h"
#include "source.h"
#include "tracer.h"

struct vsw_guard vsw_guard_default;

/* Under RCU, with BH off, or RTNL. */
static struct vsw_guard *guard_of(const struct vsw_port *port)
{
	struct vsw_guard *guard;

	guard = rcu_dereference_check(port->guard,
				      rcu_read_lock_bh_held() || lockdep_rtnl_is_held());
	return guard ?: &vsw_guard_default;
}

/* Whether @port has as many MACs behind it as it may have. */
bool vsw_guard_has_max_macs(const struct vsw_port *port)
{
	u32 max;

	if (!(READ_ONCE(port->flags) & VSW_PORT_GUARDED))
		return false;
	max = guard_of(port)->settings.max_macs;
	return max && READ_ONCE(port->fdb_count) + READ_ONCE(port->fdb_fixed) >= max;
}

/* Whether what is learned on @port stays there. */
bool vsw_guard_is_sticky(const struct vsw_port *port)
{
	return (READ_ONCE(port->flags) & VSW_PORT_GUARDED) &&
	       (guard_of(port)->settings.flags & VSW_GUARD_STICKY);
}

/* What came in by @in from @key's MAC breaks a rule, and @in's guard says what then. */
static void violated(struct vsw_port *in, const struct vsw_guard *guard, u64 key,
		     enum vswitch_shut_reason reason)
{
	const struct vsw_fdb_entry entry = {
		.key = key,
		.port = in->number,
		.seen = ticks(in->sw),
	};
	unsigned long now = jiffies, told = READ_ONCE(in->guard_told);

	if (guard->settings.violation == VSWITCH_VIOLATION_SHUTDOWN)
		vsw_port_shut(in, reason);
	if (guard->settings.violation != VSWITCH_VIOLATION_RESTRICT || vsw_tracing())
		return;
	/* Who listens wants to know of it, not of each frame. */
	if (told && time_before(now, told + HZ))
		return;
	WRITE_ONCE(in->guard_told, now ?: 1);
	vsw_event_fdb(in->sw, &entry, VSWITCH_CMD_FDB_REFUSED_NTF);
}

/*
 * 802.1X-2020 6.4, as the bridge does it: a MAC is authorised by an entry that
 * somebody has made, or that stays. What was learned says only that a frame has come.
 */
static bool is_authorised(struct vsw_port *in, u32 flags, u64 key)
{
	struct vsw_fdb_entry entry;

	if (vsw_fdb_find_source(in->sw, key, &entry) && !is(&entry, LOCAL) &&
	    entry.port == in->number && (is(&entry, USER) || is_stuck(&entry)))
		return true;
	if ((flags & VSW_GUARD_MAB) && !vsw_tracing())
		vsw_fdb_learn_locked(in, key);
	return false;
}

/* Whether @key's MAC was learned, or put, where it is to stay, and that is not @in. */
static bool is_sticky_elsewhere(const struct vsw_port *in, u64 key)
{
	struct vsw_fdb_entry entry;

	return vsw_fdb_find_source(in->sw, key, &entry) && !is(&entry, LOCAL) &&
	       is(&entry, STICKY) && entry.port != in->number &&
	       vsw_guard_is_sticky(vsw_port_by_number(in->sw, entry.port));
}

static bool is_here(const struct vsw_port *in, u64 key)
{
	struct vsw_fdb_entry entry;

	return vsw_fdb_find_source(in->sw, key, &entry) && !is(&entry, LOCAL) &&
	       entry.port == in->number;
}

/*
 * Whether @key's MAC is one of those that @in may have behind it. To know, it is learned
 * if it can be: of two that come at once, when there is room for one, one is the other's
 * loss.
 */
static bool has_room_for(struct vsw_port *in, u64 key)
{
	if (likely(is_here(in, key)))
		return true;
	if ((READ_ONCE(in->flags) & VSW_PORT_LEARNING) && !vsw_tracing())
		vsw_fdb_learn(in, key);
	return is_here(in, key) || !vsw_guard_has_max_macs(in);
}

/*
 * The device that has the MAC of who is behind @port, if that can be known: a vnic, or
 * the other end of a pair; or NULL.
 */
const struct net_device *vsw_guard_end(const struct vsw_port *port)
{
	return port->flags & VSW_PORT_VNIC ? port->dev : port->peer;
}

static bool is_forged(const struct vsw_port *in, const u8 *source)
{
	const struct net_device *end = vsw_guard_end(in);

	return end && !ether_addr_equal(source, end->dev_addr);
}

/* Whether @in may have @skb, of @kind, sent to many. */
static bool is_no_storm(struct vsw_guard *guard, const struct sk_buff *skb,
			enum vsw_storm_kind kind)
{
	struct vsw_storm *storm = &guard->storm[kind];

	if (!storm->rate.cost)
		return true;
	return unlikely(vsw_tracing()) ? vsw_storm_would_admit(storm, skb) :
					 vsw_storm_admit(storm, skb);
}

/* Whether @skb, to a MAC that nobody knows, may be flooded. Under RCU with BH off. */
bool vsw_guard_may_flood(struct vsw_port *in, const struct sk_buff *skb)
{
	return is_no_storm(guard_of(in), skb, VSW_STORM_UNKNOWN);
}

/* Likewise if it is for a group, and what is against it. */
static bool may_be_many(struct vsw_guard *guard, const struct sk_buff *skb,
			enum vsw_drop *reason)
{
	bool is_broadcast = is_broadcast_ether_addr(eth_hdr(skb)->h_dest);

	*reason = is_broadcast ? VSW_DROP_STORM_BROADCAST : VSW_DROP_STORM_MULTICAST;
	return is_no_storm(guard, skb, is_broadcast ? VSW_STORM_BROADCAST :
						      VSW_STORM_MULTICAST);
}

/*
 * Whether @skb, of VLAN @vid or 0 for none, may come in by @in, and what is against
 * it. Headers behind the Ethernet header may move. Under RCU with BH off.
 */
bool vsw_guard_admit(struct vsw_port *in, struct sk_buff *skb, u16 vid,
		     enum vsw_drop *reason)
{
	struct vsw_guard *guard = guard_of(in);
	u32 flags = guard->settings.flags | READ_ONCE(in->sw->guard_flags);
	u64 key = vsw_fdb_key(eth_hdr(skb)->h_source, vid);

	if ((flags & (VSW_GUARD_FORGED | VSW_GUARD_NO_FORGED)) == VSW_GUARD_FORGED &&
	    is_forged(in, eth_hdr(skb)->h_source)) {
		*reason = VSW_DROP_FORGED_TRANSMIT;
		return false;
	}
	if ((flags & VSW_GUARD_LOCKED) && !is_authorised(in, flags, key)) {
		*reason = VSW_DROP_LOCKED;
		return false;
	}
	if ((flags & VSW_SOURCE_FLAGS) && !vsw_source_admit(in, skb, vid, flags, reason))
		return false;
	if (READ_ONCE(in->sw->sticky_ports) && is_sticky_elsewhere(in, key)) {
		violated(in, guard, key, VSWITCH_SHUT_REASON_STICKY_MAC);
		*reason = VSW_DROP_STICKY_MAC;
		return false;
	}
	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest) &&
	    !may_be_many(guard, skb, reason))
		return false;
	/* Last, as it learns. */
	if (guard->settings.max_macs && !has_room_for(in, key)) {
		violated(in, guard, key, VSWITCH_SHUT_REASON_MAX_MACS);
		*reason = VSW_DROP_MAX_MACS;
		return false;
	}
	return true;
}
