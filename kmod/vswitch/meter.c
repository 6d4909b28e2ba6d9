// SPDX-License-Identifier: GPL-2.0
/*
 * Meters: how many packets, or bits, a second go on. One that is shared has one bucket; of
 * one that is per flow each action that names it has its own.
 */
#include <kunit/visibility.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "count.h"
#include "group.h"
#include "meter.h"
#include "tracer.h"
#include "vswitch.h"

#define BYTES_OF_KBIT		(1000 / BITS_PER_BYTE)
#define BURSTS_A_SECOND		10

/* Replaced as a whole, under the flow lock, but for what is counted. */
struct vsw_meter {
	struct vsw_rate rate;
	struct vsw_count __percpu *measured;
	struct vsw_count __percpu *over;
	atomic64_t full;		/* see rate.h */
	struct vsw_meter_config config;
	u32 users;			/* flow lock */
	bool lends;			/* its counters are another one's now; likewise */
	struct rcu_head rcu;
};

/* ---- the path ------------------------------------------------------------- */

/* Of each packet that a GSO packet will be, from the MAC header on; 0: can't be told. */
static unsigned int header_len(const struct sk_buff *skb)
{
	unsigned int len = skb_transport_offset(skb);
	const struct tcphdr *tcp;
	struct tcphdr buffer;

	if (!skb_transport_header_was_set(skb) || (int)len < 0)
		return 0;
	if (skb_shinfo(skb)->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)) {
		tcp = skb_header_pointer(skb, len, sizeof(buffer), &buffer);
		if (!tcp)
			return 0;
		len += tcp->doff * 4;
	} else {
		len += sizeof(struct udphdr);
	}
	return len < skb->len ? len + ETH_HLEN : 0;
}

/* What a GSO packet is on the wire. How many packets that are is not what it says, for it
 * may come from a guest.
 */
static noinline void measure_gso(const struct sk_buff *skb, u32 *packets, u32 *bytes)
{
	unsigned int header = header_len(skb);

	*packets = DIV_ROUND_UP(*bytes - header, skb_shinfo(skb)->gso_size);
	*bytes += (*packets - 1) * header;
}

static __always_inline enum vsw_metered
measure(const struct vsw_flows *flows, u32 id, u64 *state, const struct sk_buff *skb, u8 *dscp,
	u64 now)
{
	struct vsw_meter *meter = xa_load((struct xarray *)&flows->meters, id);
	u32 packets = 1, bytes = skb->len + ETH_HLEN;
	atomic64_t *full;

	if (unlikely(!meter))
		return VSW_METER_PASSES;
	if (skb_is_gso(skb))
		measure_gso(skb, &packets, &bytes);
	vsw_count_add(meter->measured, packets, bytes);

	/* A word of a program, which is as large, and aligned as well. */
	full = meter->config.per_flow ? (atomic64_t *)state : &meter->full;
	if (likely(vsw_rate_admit_at(&meter->rate, full,
				     meter->config.unit == VSWITCH_METER_UNIT_KBPS ? bytes :
										     packets,
				     now)))
		return VSW_METER_PASSES;
	vsw_count_add(meter->over, packets, bytes);
	if (!meter->config.remark)
		return VSW_METER_DROPS;
	*dscp = meter->config.dscp;
	return VSW_METER_REMARKS;
}

/* What measure() would say, of which nothing is seen later. */
static noinline enum vsw_metered look(const struct vsw_flows *flows, u32 id, const u64 *state,
				      const struct sk_buff *skb, u8 *dscp)
{
	const struct vsw_meter *meter = xa_load((struct xarray *)&flows->meters, id);
	u32 packets = 1, bytes = skb->len + ETH_HLEN;
	atomic64_t full;

	if (!meter)
		return VSW_METER_PASSES;
	atomic64_set(&full, meter->config.per_flow ? atomic64_read((const atomic64_t *)state) :
						     atomic64_read(&meter->full));
	if (vsw_rate_admit(&meter->rate, &full,
			   meter->config.unit == VSWITCH_METER_UNIT_KBPS ? bytes : packets))
		return VSW_METER_PASSES;
	if (!meter->config.remark)
		return VSW_METER_DROPS;
	*dscp = meter->config.dscp;
	return VSW_METER_REMARKS;
}

static noinline enum vsw_metered trace(const struct vsw_flows *flows, u32 id, const u64 *state,
				       const struct sk_buff *skb, u8 *dscp)
{
	enum vsw_metered metered = look(flows, id, state, skb, dscp);

	vsw_trace_meter(id, metered);
	return metered;
}

enum vsw_metered vsw_meter_measure(const struct vsw_flows *flows, u32 id, u64 *state,
				   const struct sk_buff *skb, u8 *dscp)
{
	BUILD_BUG_ON(sizeof(atomic64_t) != sizeof(*state));
	BUILD_BUG_ON((int)VSWITCH_TRACE_METERED_DROPS != (int)VSW_METER_DROPS);
	BUILD_BUG_ON((int)VSWITCH_TRACE_METERED_REMARKS != (int)VSW_METER_REMARKS);

	if (unlikely(vsw_tracing()))
		return trace(flows, id, state, skb, dscp);

	return measure(flows, id, state, skb, dscp, vsw_rate_now());
}

#if IS_ENABLED(CONFIG_KUNIT)
enum vsw_metered vsw_meter_measure_at(const struct vsw_flows *flows, u32 id, u64 *state,
				      const struct sk_buff *skb, u8 *dscp, u64 now)
{
	return measure(flows, id, state, skb, dscp, now);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_measure_at);
#endif

/* ---- changes -------------------------------------------------------------- */

static struct vsw_meter *meter_of(struct vsw_flows *flows, u32 id)
{
	lockdep_assert_held(&flows->lock);

	return xa_load(&flows->meters, id);
}

static void meter_free(struct vsw_meter *meter)
{
	if (!meter->lends) {
		free_percpu(meter->measured);
		free_percpu(meter->over);
	}
	kfree(meter);
}

static void meter_free_rcu(struct rcu_head *rcu)
{
	meter_free(container_of(rcu, struct vsw_meter, rcu));
}

/* The rate of @config, in packets or bytes, and its burst. */
static int get_rate(const struct vsw_meter_config *config, u64 *rate, u64 *burst,
		    struct netlink_ext_ack *extack)
{
	bool bits = config->unit == VSWITCH_METER_UNIT_KBPS;
	u64 unit = bits ? BYTES_OF_KBIT : 1, least = bits ? ETH_FRAME_LEN : 1;

	*rate = config->rate * unit;
	if (!config->rate || (config->burst_given && !config->burst)) {
		NL_SET_ERR_MSG(extack, "a meter lets something pass: its rate and burst are not 0");
		return -ERANGE;
	}
	if (!config->burst_given) {
		*burst = max_t(u64, div_u64(*rate, BURSTS_A_SECOND), least);
		return 0;
	}
	*burst = config->burst * unit;
	if (div64_u64(*burst, *rate) >= VSW_RATE_BURST_MAX) {
		NL_SET_ERR_MSG(extack, "the burst is more than comes in a day");
		return -ERANGE;
	}
	return 0;
}

/* The burst as users say it, rounded up. */
static u32 burst_of(const struct vsw_meter_config *config, u64 burst)
{
	if (config->unit != VSWITCH_METER_UNIT_KBPS)
		return burst;
	return DIV_ROUND_UP_ULL(burst, BYTES_OF_KBIT);
}

/* One of @config, with the counters of @was, or new ones if that is NULL; or an ERR_PTR. */
static struct vsw_meter *meter_alloc(const struct vsw_meter_config *config,
				     const struct vsw_meter *was, struct netlink_ext_ack *extack)
{
	struct vsw_meter *meter;
	u64 rate, burst;
	int err;

	err = get_rate(config, &rate, &burst, extack);
	if (err)
		return ERR_PTR(err);
	meter = kzalloc(sizeof(*meter), GFP_KERNEL_ACCOUNT);
	if (!meter)
		goto no_memory;
	meter->measured = was ? was->measured : vsw_count_alloc();
	meter->over = was ? was->over : vsw_count_alloc();
	meter->lends = was;
	if (!meter->measured || !meter->over) {
		meter_free(meter);
		goto no_memory;
	}
	vsw_rate_init(&meter->rate, rate, burst);
	meter->config = *config;
	meter->config.burst_given = true;
	meter->config.burst = burst_of(config, burst);
	meter->config.per_flow_given = true;
	return meter;

no_memory:
	NL_SET_ERR_MSG(extack, "no memory for the meter");
	return ERR_PTR(-ENOMEM);
}

static int meter_store(struct vsw_flows *flows, struct vsw_meter *meter,
		       struct netlink_ext_ack *extack)
{
	int err = xa_err(xa_store(&flows->meters, meter->config.id, meter, GFP_KERNEL_ACCOUNT));

	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for the meter");
		meter_free(meter);
	}
	return err;
}

int vsw_meter_add(struct vsw_flows *flows, const struct vsw_meter_config *config,
		  struct netlink_ext_ack *extack)
{
	struct vsw_meter *meter;
	int err;

	if (meter_of(flows, config->id)) {
		NL_SET_ERR_MSG(extack, "the switch has a meter of this id already");
		return -EEXIST;
	}
	if (flows->meter_count >= VSWITCH_FLOW_METERS_MAX) {
		NL_SET_ERR_MSG(extack, "the switch has 16384 meters already");
		return -ENOSPC;
	}
	meter = meter_alloc(config, NULL, extack);
	if (IS_ERR(meter))
		return PTR_ERR(meter);
	/* Buckets may have named one of this id that is gone. */
	meter->users = vsw_group_count_uses(flows, VSWITCH_A_ACTION_METER, config->id);
	err = meter_store(flows, meter, extack);
	if (!err)
		flows->meter_count++;
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_add);

int vsw_meter_set(struct vsw_flows *flows, const struct vsw_meter_config *config,
		  struct netlink_ext_ack *extack)
{
	struct vsw_meter *was = meter_of(flows, config->id), *meter;
	int err;

	if (!was) {
		NL_SET_ERR_MSG(extack, "the switch has no meter of this id");
		return -ENOENT;
	}
	if (config->per_flow_given && config->per_flow != was->config.per_flow) {
		NL_SET_ERR_MSG(extack, "a meter stays what it was, per flow or shared");
		return -EINVAL;
	}
	meter = meter_alloc(config, was, extack);
	if (IS_ERR(meter))
		return PTR_ERR(meter);
	meter->config.per_flow = was->config.per_flow;
	meter->users = was->users;
	err = meter_store(flows, meter, extack);
	if (err)
		return err;
	meter->lends = false;
	was->lends = true;
	call_rcu(&was->rcu, meter_free_rcu);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_set);

/* No flow uses it any more. */
static void meter_del(struct vsw_flows *flows, struct vsw_meter *meter)
{
	xa_erase(&flows->meters, meter->config.id);
	flows->meter_count--;
	call_rcu(&meter->rcu, meter_free_rcu);
}

int vsw_meter_del(struct vsw_flows *flows, u32 id, struct netlink_ext_ack *extack)
{
	struct vsw_meter *meter = meter_of(flows, id);

	if (!meter) {
		NL_SET_ERR_MSG(extack, "the switch has no meter of this id");
		return -ENOENT;
	}
	/* Users that are no buckets are flows. */
	if (meter->users > vsw_group_count_uses(flows, VSWITCH_A_ACTION_METER, id))
		vsw_flow_delete_users(flows, false, id);
	meter_del(flows, meter);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_del);

void vsw_meter_del_all(struct vsw_flows *flows)
{
	struct vsw_meter *meter;
	unsigned long id;

	lockdep_assert_held(&flows->lock);

	xa_for_each(&flows->meters, id, meter)
		meter_del(flows, meter);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_del_all);

void vsw_meter_flush(struct vsw_flows *flows)
{
	vsw_flow_delete_users(flows, false, U32_MAX);
	vsw_meter_del_all(flows);
}

const struct vsw_meter *vsw_meter_of(struct vsw_flows *flows, u32 id)
{
	return meter_of(flows, id);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_of);

const struct vsw_meter *vsw_meter_next(struct vsw_flows *flows, u32 id)
{
	unsigned long index = id;

	lockdep_assert_held(&flows->lock);

	return xa_find(&flows->meters, &index, ULONG_MAX, XA_PRESENT);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_next);

void vsw_meter_info(const struct vsw_meter *meter, struct vsw_meter_info *info)
{
	info->config = meter->config;
	info->flows = meter->users;
	vsw_count_read(meter->measured, &info->packets, &info->bytes);
	vsw_count_read(meter->over, &info->over_packets, &info->over_bytes);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_info);

int vsw_meter_use(struct vsw_flows *flows, const struct vsw_actions *actions,
		  struct netlink_ext_ack *extack)
{
	const struct vsw_action *action;

	vsw_for_each_action(action, actions) {
		if (action->type != VSWITCH_A_ACTION_METER || meter_of(flows, action->value))
			continue;
		NL_SET_ERR_MSG(extack, "the switch has no meter that an action names");
		return -ENOENT;
	}
	vsw_for_each_action(action, actions) {
		if (action->type == VSWITCH_A_ACTION_METER)
			meter_of(flows, action->value)->users++;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_use);

/* One that was deleted before is not there; a new one of its id has counted this one. */
void vsw_meter_unuse(struct vsw_flows *flows, const struct vsw_actions *actions)
{
	const struct vsw_action *action;
	struct vsw_meter *meter;

	vsw_for_each_action(action, actions) {
		if (action->type != VSWITCH_A_ACTION_METER)
			continue;
		meter = meter_of(flows, action->value);
		if (meter)
			meter->users--;
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_meter_unuse);
