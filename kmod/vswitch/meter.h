/* SPDX-License-Identifier: GPL-2.0 */
/* Meters, which bound what comes in a second. */
#ifndef _VSWITCH_METER_H
#define _VSWITCH_METER_H

#include "flow.h"
#include "rate.h"

struct sk_buff;

struct vsw_meter_config {
	u32 id;
	u8 unit;			/* enum vswitch_meter_unit */
	u32 rate;
	bool burst_given;
	u32 burst;
	bool remark;
	u8 dscp;
	bool per_flow_given;
	bool per_flow;
};

struct vsw_meter;

struct vsw_meter_info {
	struct vsw_meter_config config;	/* burst and per_flow always given */
	u64 packets, bytes, over_packets, over_bytes;
	u32 flows;
};

/* Under the flow lock. */
int vsw_meter_add(struct vsw_flows *flows, const struct vsw_meter_config *config,
		  struct netlink_ext_ack *extack);
/* All of it but per_flow, which stays. The bucket is full then. */
int vsw_meter_set(struct vsw_flows *flows, const struct vsw_meter_config *config,
		  struct netlink_ext_ack *extack);
/* With the flows that use it; buckets of groups that use it are not measured then. */
int vsw_meter_del(struct vsw_flows *flows, u32 id, struct netlink_ext_ack *extack);
/* All of them, with the flows that use them; and all, which no flow uses any more. */
void vsw_meter_flush(struct vsw_flows *flows);
void vsw_meter_del_all(struct vsw_flows *flows);
const struct vsw_meter *vsw_meter_of(struct vsw_flows *flows, u32 id);
/* Of the id @id or the next higher one, for dumps; NULL: no more. */
const struct vsw_meter *vsw_meter_next(struct vsw_flows *flows, u32 id);
void vsw_meter_info(const struct vsw_meter *meter, struct vsw_meter_info *info);
/* As for groups. */
int vsw_meter_use(struct vsw_flows *flows, const struct vsw_actions *actions,
		  struct netlink_ext_ack *extack);
void vsw_meter_unuse(struct vsw_flows *flows, const struct vsw_actions *actions);

/* The path. */
enum vsw_metered { VSW_METER_PASSES, VSW_METER_DROPS, VSW_METER_REMARKS };

/*
 * Measure @skb, with its data behind the MAC header, by the meter @id. @state is the
 * action's own, which a meter per flow changes. A meter that is gone lets all pass. *@dscp
 * of REMARKS. Under RCU with BH off.
 */
enum vsw_metered vsw_meter_measure(const struct vsw_flows *flows, u32 id, u64 *state,
				   const struct sk_buff *skb, u8 *dscp);

#if IS_ENABLED(CONFIG_KUNIT)
enum vsw_metered vsw_meter_measure_at(const struct vsw_flows *flows, u32 id, u64 *state,
				      const struct sk_buff *skb, u8 *dscp, u64 now);
#endif

#endif /* _VSWITCH_METER_H */
