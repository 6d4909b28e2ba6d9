/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of contract_rules.h: which attributes flows, tables, groups and meters have, what stands
 * in their nests, and what values each may have.
 */
#ifndef SELFTESTS_CONTRACT_FLOWS_H
#define SELFTESTS_CONTRACT_FLOWS_H

#include <linux/vswitch.h>

static const struct rule entry_rules[VSWITCH_A_FLOW_ENTRY_MAX + 1] = {
	[VSWITCH_A_FLOW_ENTRY_TABLE]	= { U8, 0, 253 },
	[VSWITCH_A_FLOW_ENTRY_PRIORITY]	= { U16, 0, 0xffff },
	[VSWITCH_A_FLOW_ENTRY_COOKIE]	= { U64, 0, 0 },
	[VSWITCH_A_FLOW_ENTRY_IDLE_TIMEOUT] = { U32, 0, 86400000 },
	[VSWITCH_A_FLOW_ENTRY_HARD_TIMEOUT] = { U32, 0, 86400000 },
	[VSWITCH_A_FLOW_ENTRY_IMPORTANCE] = { U16, 0, 0xffff },
	[VSWITCH_A_FLOW_ENTRY_FLAGS]	= { U32, 0, 7 },
	[VSWITCH_A_FLOW_ENTRY_MATCH]	= { MATCH, 0, 0 },
	[VSWITCH_A_FLOW_ENTRY_ACTIONS]	= { ACTIONS, 0, 0 },
};

/* What a match has to say, too, that a field may be in it. */
enum {
	OF_ANY, OF_IP4, OF_IP6, OF_PROTO, OF_PORTS, OF_TCP, OF_ARP, OF_ND,
	NO_MASK = 0x10,
	/* it has less bits than its length has room for */
	BITS_2 = 0x40, BITS_12 = 0x80, BITS_20 = 0x100,
};

/* The length of a field, and the above. */
static const struct rule match_rules[VSWITCH_A_MATCH_MAX + 1] = {
	[VSWITCH_A_MATCH_IN_PORT]	= { FIELD, 2, OF_ANY | NO_MASK },
	[VSWITCH_A_MATCH_ETH_DST]	= { FIELD, 6, OF_ANY },
	[VSWITCH_A_MATCH_ETH_SRC]	= { FIELD, 6, OF_ANY },
	[VSWITCH_A_MATCH_ETH_TYPE]	= { FIELD, 2, OF_ANY | NO_MASK },
	[VSWITCH_A_MATCH_VLAN_TCI]	= { FIELD, 2, OF_ANY },
	[VSWITCH_A_MATCH_VLAN2_TCI]	= { FIELD, 2, OF_ANY },
	[VSWITCH_A_MATCH_IP_PROTO]	= { FIELD, 1, OF_IP4 | NO_MASK },
	[VSWITCH_A_MATCH_IP_TOS]	= { FIELD, 1, OF_IP4 },
	[VSWITCH_A_MATCH_IP_TTL]	= { FIELD, 1, OF_IP4 | NO_MASK },
	[VSWITCH_A_MATCH_IP_FRAG]	= { FIELD, 1, OF_IP4 | BITS_2 },
	[VSWITCH_A_MATCH_IPV4_SRC]	= { FIELD, 4, OF_IP4 },
	[VSWITCH_A_MATCH_IPV4_DST]	= { FIELD, 4, OF_IP4 },
	[VSWITCH_A_MATCH_IPV6_SRC]	= { FIELD, 16, OF_IP6 },
	[VSWITCH_A_MATCH_IPV6_DST]	= { FIELD, 16, OF_IP6 },
	[VSWITCH_A_MATCH_IPV6_LABEL]	= { FIELD, 4, OF_IP6 | BITS_20 },
	[VSWITCH_A_MATCH_TP_SRC]	= { FIELD, 2, OF_PORTS },
	[VSWITCH_A_MATCH_TP_DST]	= { FIELD, 2, OF_PORTS },
	[VSWITCH_A_MATCH_TCP_FLAGS]	= { FIELD, 2, OF_TCP | BITS_12 },
	[VSWITCH_A_MATCH_ARP_SHA]	= { FIELD, 6, OF_ARP },
	[VSWITCH_A_MATCH_ARP_THA]	= { FIELD, 6, OF_ARP },
	[VSWITCH_A_MATCH_ND_TARGET]	= { FIELD, 16, OF_ND },
	[VSWITCH_A_MATCH_METADATA]	= { FIELD, 8, OF_ANY },
	[VSWITCH_A_MATCH_REG0]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_REG1]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_REG2]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_REG3]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_REG4]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_REG5]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_REG6]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_REG7]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_MARK]		= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_CT_STATE]	= { FIELD, 2, OF_ANY },
	[VSWITCH_A_MATCH_CT_ZONE]	= { FIELD, 2, OF_ANY },
	[VSWITCH_A_MATCH_CT_MARK]	= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_CT_IPV4_SRC]	= { FIELD, 4, OF_IP4 },
	[VSWITCH_A_MATCH_CT_IPV4_DST]	= { FIELD, 4, OF_IP4 },
	[VSWITCH_A_MATCH_CT_IPV6_SRC]	= { FIELD, 16, OF_IP6 },
	[VSWITCH_A_MATCH_CT_IPV6_DST]	= { FIELD, 16, OF_IP6 },
	[VSWITCH_A_MATCH_CT_IP_PROTO]	= { FIELD, 1, OF_ANY | NO_MASK },
	[VSWITCH_A_MATCH_CT_TP_SRC]	= { FIELD, 2, OF_ANY },
	[VSWITCH_A_MATCH_CT_TP_DST]	= { FIELD, 2, OF_ANY },
	[VSWITCH_A_MATCH_TUN_ID]	= { FIELD, 8, OF_ANY },
	[VSWITCH_A_MATCH_TUN_IPV4_SRC]	= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_TUN_IPV4_DST]	= { FIELD, 4, OF_ANY },
	[VSWITCH_A_MATCH_TUN_IPV6_SRC]	= { FIELD, 16, OF_ANY },
	[VSWITCH_A_MATCH_TUN_IPV6_DST]	= { FIELD, 16, OF_ANY },
	[VSWITCH_A_MATCH_CGROUP]	= { FIELD, 8, OF_ANY | NO_MASK },
	[VSWITCH_A_MATCH_TP_SRC_RANGE]	= { RANGE, 4, OF_PORTS },
	[VSWITCH_A_MATCH_TP_DST_RANGE]	= { RANGE, 4, OF_PORTS },
};

static const struct rule action_rules[VSWITCH_A_ACTION_MAX + 1] = {
	[VSWITCH_A_ACTION_OUTPUT]	= { U32, 0, ANY32 },
	[VSWITCH_A_ACTION_DROP]		= { TEXT, 0, 31 },
	[VSWITCH_A_ACTION_SET]		= { SET_FIELD, 0, 0 },
	[VSWITCH_A_ACTION_MOVE]		= { MOVE, 0, 0 },
	[VSWITCH_A_ACTION_PUSH_VLAN]	= { U16, 0, 0xffff },
	[VSWITCH_A_ACTION_POP_VLAN]	= { FLAG, 0, 0 },
	[VSWITCH_A_ACTION_DEC_TTL]	= { FLAG, 0, 0 },
	[VSWITCH_A_ACTION_PRIORITY]	= { U32, 0, ANY32 },
	[VSWITCH_A_ACTION_METER]	= { U32, 0, ANY32 },
	[VSWITCH_A_ACTION_GROUP]	= { U32, 0, ANY32 },
	[VSWITCH_A_ACTION_GOTO]		= { U8, 0, 253 },
	[VSWITCH_A_ACTION_RESUBMIT]	= { RESUBMIT, 0, 0 },
	[VSWITCH_A_ACTION_CONTROLLER]	= { CONTROLLER, 0, 0 },
	[VSWITCH_A_ACTION_TRUNCATE]	= { U32, 14, ANY32 },
	[VSWITCH_A_ACTION_CT]		= { CT, 0, 0 },
	[VSWITCH_A_ACTION_LEARN]	= { LEARN, 0, 0 },
	[VSWITCH_A_ACTION_REJECT]	= { FLAG, 0, 0 },
	[VSWITCH_A_ACTION_SAMPLE]	= { SAMPLE, 0, 0 },
	[VSWITCH_A_ACTION_MIRROR]	= { LABEL, 0, 0 },
	[VSWITCH_A_ACTION_OUTPUT_FIELD]	= { OUTPUT_FIELD, 0, 0 },
};

static const struct rule move_rules[VSWITCH_A_MOVE_MAX + 1] = {
	[VSWITCH_A_MOVE_SRC]		= { U8, 0, 0xff },
	[VSWITCH_A_MOVE_SRC_OFFSET]	= { U16, 0, 0xffff },
	[VSWITCH_A_MOVE_DST]		= { U8, 0, 0xff },
	[VSWITCH_A_MOVE_DST_OFFSET]	= { U16, 0, 0xffff },
	[VSWITCH_A_MOVE_BITS]		= { U16, 1, 0xffff },
};

/* Of the set move, too: there is nothing to write to. */
static const struct rule output_field_rules[VSWITCH_A_MOVE_MAX + 1] = {
	[VSWITCH_A_MOVE_SRC]		= { U8, 0, 0xff },
	[VSWITCH_A_MOVE_SRC_OFFSET]	= { U16, 0, 0xffff },
	[VSWITCH_A_MOVE_BITS]		= { U16, 1, 32 },
};

static const struct rule ct_rules[VSWITCH_A_CT_MAX + 1] = {
	[VSWITCH_A_CT_ZONE]		= { U16, 0, 0xffff },
	[VSWITCH_A_CT_COMMIT]		= { FLAG, 0, 0 },
	[VSWITCH_A_CT_FORCE]		= { FLAG, 0, 0 },
	[VSWITCH_A_CT_TABLE]		= { U8, 0, 253 },
	[VSWITCH_A_CT_MARK]		= { U32, 0, ANY32 },
	[VSWITCH_A_CT_MARK_MASK]	= { U32, 1, ANY32 },
	[VSWITCH_A_CT_HELPER]		= { TEXT, 0, 15 },
	[VSWITCH_A_CT_NAT]		= { NAT, 0, 0 },
};

static const struct rule nat_rules[VSWITCH_A_NAT_MAX + 1] = {
	[VSWITCH_A_NAT_SOURCE]		= { FLAG, 0, 0 },
	[VSWITCH_A_NAT_DEST]		= { FLAG, 0, 0 },
	[VSWITCH_A_NAT_IP_MIN]		= { ADDRESS, 0, 0 },
	[VSWITCH_A_NAT_IP_MAX]		= { ADDRESS, 0, 0 },
	[VSWITCH_A_NAT_PORT_MIN]	= { U16, 1, 0xffff },
	[VSWITCH_A_NAT_PORT_MAX]	= { U16, 1, 0xffff },
	[VSWITCH_A_NAT_RANDOM]		= { FLAG, 0, 0 },
	[VSWITCH_A_NAT_PERSISTENT]	= { FLAG, 0, 0 },
};

static const struct rule learn_rules[VSWITCH_A_LEARN_MAX + 1] = {
	[VSWITCH_A_LEARN_TABLE]		= { U8, 0, 253 },
	[VSWITCH_A_LEARN_PRIORITY]	= { U16, 0, 0xffff },
	[VSWITCH_A_LEARN_COOKIE]	= { U64, 0, 0 },
	[VSWITCH_A_LEARN_IDLE_TIMEOUT]	= { U32, 0, 86400000 },
	[VSWITCH_A_LEARN_HARD_TIMEOUT]	= { U32, 0, 86400000 },
	[VSWITCH_A_LEARN_LIMIT]		= { U32, 1, ANY32 },
	[VSWITCH_A_LEARN_SPEC]		= { LEARN_SPEC, 0, 0 },
};

static const struct rule learn_spec_rules[VSWITCH_A_LEARN_SPEC_MAX + 1] = {
	[VSWITCH_A_LEARN_SPEC_KIND]	= { U8, 0, 2 },
	[VSWITCH_A_LEARN_SPEC_SRC]	= { U8, 1, 0xff },
	[VSWITCH_A_LEARN_SPEC_SRC_OFFSET] = { U16, 0, 0xffff },
	[VSWITCH_A_LEARN_SPEC_VALUE]	= { BYTES, 0, 16 },
	[VSWITCH_A_LEARN_SPEC_DST]	= { U8, 1, 0xff },
	[VSWITCH_A_LEARN_SPEC_DST_OFFSET] = { U16, 0, 0xffff },
	[VSWITCH_A_LEARN_SPEC_BITS]	= { U16, 1, 0xffff },
};

static const struct rule sample_rules[VSWITCH_A_SAMPLE_MAX + 1] = {
	[VSWITCH_A_SAMPLE_RATE]		= { U32, 1, ANY32 },
	[VSWITCH_A_SAMPLE_GROUP]	= { U32, 0, ANY32 },
	[VSWITCH_A_SAMPLE_MAX_LEN]	= { U32, 14, 65535 },
};

static const struct rule resubmit_rules[VSWITCH_A_RESUBMIT_MAX + 1] = {
	[VSWITCH_A_RESUBMIT_PORT]	= { U32, 0, ANY32 },
	[VSWITCH_A_RESUBMIT_TABLE]	= { U8, 0, 253 },
};

static const struct rule controller_rules[VSWITCH_A_CONTROLLER_MAX + 1] = {
	[VSWITCH_A_CONTROLLER_MAX_LEN]	= { U32, 0, 65535 },
	[VSWITCH_A_CONTROLLER_RATE]	= { U32, 1, ANY32 },
	[VSWITCH_A_CONTROLLER_USERDATA]	= { BYTES, 0, 64 },
};

static const struct rule bucket_rules[VSWITCH_A_BUCKET_MAX + 1] = {
	[VSWITCH_A_BUCKET_ID]		= { U32, 0, ANY32 },
	[VSWITCH_A_BUCKET_WEIGHT]	= { U16, 0, 0xffff },
	[VSWITCH_A_BUCKET_WATCH_PORT]	= { U32, 0, 65000 },
	[VSWITCH_A_BUCKET_ACTIONS]	= { ACTIONS, 0, 0 },
};

/* What stands in a nest of some kind. */
struct nest {
	const struct rule *rules;
	unsigned int max;
	bool repeats;			/* any attribute may be there more than once */
	unsigned int multi;		/* only this one may, or 0 */
};

/* NULL: it is no nest. */
static inline const struct nest *nest_of(enum kind kind)
{
	static const struct nest guard = { guard_rules, VSWITCH_A_GUARD_MAX, false, 0 };
	static const struct nest entry = { entry_rules, VSWITCH_A_FLOW_ENTRY_MAX, false, 0 };
	static const struct nest match = { match_rules, VSWITCH_A_MATCH_MAX, false, 0 };
	static const struct nest actions = { action_rules, VSWITCH_A_ACTION_MAX, true, 0 };
	static const struct nest set = { match_rules, VSWITCH_A_MATCH_CGROUP, false, 0 };
	static const struct nest move = { move_rules, VSWITCH_A_MOVE_MAX, false, 0 };
	static const struct nest output_field = {
		output_field_rules, VSWITCH_A_MOVE_MAX, false, 0,
	};
	static const struct nest resubmit = {
		resubmit_rules, VSWITCH_A_RESUBMIT_MAX, false, 0,
	};
	static const struct nest controller = {
		controller_rules, VSWITCH_A_CONTROLLER_MAX, false, 0,
	};
	static const struct nest bucket = { bucket_rules, VSWITCH_A_BUCKET_MAX, false, 0 };
	static const struct nest ct = { ct_rules, VSWITCH_A_CT_MAX, false, 0 };
	static const struct nest nat = { nat_rules, VSWITCH_A_NAT_MAX, false, 0 };
	static const struct nest learn = {
		learn_rules, VSWITCH_A_LEARN_MAX, false, VSWITCH_A_LEARN_SPEC,
	};
	static const struct nest learn_spec = {
		learn_spec_rules, VSWITCH_A_LEARN_SPEC_MAX, false, 0,
	};
	static const struct nest sample = { sample_rules, VSWITCH_A_SAMPLE_MAX, false, 0 };

	switch (kind) {
	case NEST: return &guard;
	case ENTRY: return &entry;
	case MATCH: return &match;
	case ACTIONS: return &actions;
	case SET_FIELD: return &set;
	case MOVE: return &move;
	case RESUBMIT: return &resubmit;
	case CONTROLLER: return &controller;
	case BUCKET: return &bucket;
	case CT: return &ct;
	case NAT: return &nat;
	case LEARN: return &learn;
	case LEARN_SPEC: return &learn_spec;
	case SAMPLE: return &sample;
	case OUTPUT_FIELD: return &output_field;
	default: return NULL;
	}
}

static const struct rule flow_rules[VSWITCH_A_FLOW_MAX + 1] = {
	[VSWITCH_A_FLOW_SWITCH_IFINDEX]	= { U32, 1, ANY32 },
	[VSWITCH_A_FLOW_SWITCH_NAME]	= { NAME, 0, 0 },
	[VSWITCH_A_FLOW_ENTRY]		= { ENTRY, 0, 0 },
	[VSWITCH_A_FLOW_BUNDLE]		= { U32, 0, ANY32 },
	[VSWITCH_A_FLOW_TABLE]		= { U8, 0, 253 },
	[VSWITCH_A_FLOW_STRICT]		= { FLAG, 0, 0 },
	[VSWITCH_A_FLOW_PRIORITY]	= { U16, 0, 0xffff },
	[VSWITCH_A_FLOW_COOKIE]		= { U64, 0, 0 },
	[VSWITCH_A_FLOW_COOKIE_MASK]	= { U64, 0, 0 },
	[VSWITCH_A_FLOW_OUT_PORT]	= { U32, 0, ANY32 },
	[VSWITCH_A_FLOW_OUT_GROUP]	= { U32, 0, ANY32 },
	[VSWITCH_A_FLOW_MATCH]		= { MATCH, 0, 0 },
	[VSWITCH_A_FLOW_ACTIONS]	= { ACTIONS, 0, 0 },
	[VSWITCH_A_FLOW_RESET_COUNTS]	= { FLAG, 0, 0 },
};

static const struct rule table_rules[VSWITCH_A_FLOW_TABLE_MAX + 1] = {
	[VSWITCH_A_FLOW_TABLE_SWITCH_IFINDEX] = { U32, 1, ANY32 },
	[VSWITCH_A_FLOW_TABLE_SWITCH_NAME] = { NAME, 0, 0 },
	[VSWITCH_A_FLOW_TABLE_TABLE]	= { U8, 0, 253 },
	[VSWITCH_A_FLOW_TABLE_MAX_FLOWS] = { U32, 0, 1048576 },
	[VSWITCH_A_FLOW_TABLE_EVICT]	= { U8, 0, 1 },
	[VSWITCH_A_FLOW_TABLE_MISS]	= { U8, 0, 3 },
};

static const struct rule group_rules[VSWITCH_A_GROUP_MAX + 1] = {
	[VSWITCH_A_GROUP_SWITCH_IFINDEX] = { U32, 1, ANY32 },
	[VSWITCH_A_GROUP_SWITCH_NAME]	= { NAME, 0, 0 },
	[VSWITCH_A_GROUP_ID]		= { U32, 0, 0xffffff00 },
	[VSWITCH_A_GROUP_TYPE]		= { U8, 0, 3 },
	[VSWITCH_A_GROUP_HASH]		= { U8, 0, 3 },
	[VSWITCH_A_GROUP_BUCKET]	= { BUCKET, 0, 0 },
};

static const struct rule meter_rules[VSWITCH_A_METER_MAX + 1] = {
	[VSWITCH_A_METER_SWITCH_IFINDEX] = { U32, 1, ANY32 },
	[VSWITCH_A_METER_SWITCH_NAME]	= { NAME, 0, 0 },
	[VSWITCH_A_METER_ID]		= { U32, 1, 0xffff0000 },
	[VSWITCH_A_METER_UNIT]		= { U8, 0, 1 },
	[VSWITCH_A_METER_RATE]		= { U32, 1, ANY32 },
	[VSWITCH_A_METER_BURST]		= { U32, 1, ANY32 },
	[VSWITCH_A_METER_DSCP]		= { U8, 0, 63 },
	[VSWITCH_A_METER_PER_FLOW]	= { U8, 0, 1 },
};

static const struct rule trace_rules[VSWITCH_A_TRACE_MAX + 1] = {
	[VSWITCH_A_TRACE_SWITCH_IFINDEX] = { U32, 1, ANY32 },
	[VSWITCH_A_TRACE_SWITCH_NAME]	= { NAME, 0, 0 },
	[VSWITCH_A_TRACE_PORT_NUMBER]	= { U32, 0, ANY32 },
	[VSWITCH_A_TRACE_FRAME]		= { BYTES, 14, 65531 },
	[VSWITCH_A_TRACE_MARK]		= { U32, 0, ANY32 },
};

/* In all five sets. */
#define FLOW_SWITCH_ID	(HAS(VSWITCH_A_FLOW_SWITCH_IFINDEX) | HAS(VSWITCH_A_FLOW_SWITCH_NAME))
#define FLOW_FILTER	(HAS(VSWITCH_A_FLOW_TABLE) | HAS(VSWITCH_A_FLOW_STRICT) | \
			 HAS(VSWITCH_A_FLOW_PRIORITY) | HAS(VSWITCH_A_FLOW_COOKIE) | \
			 HAS(VSWITCH_A_FLOW_COOKIE_MASK) | HAS(VSWITCH_A_FLOW_OUT_PORT) | \
			 HAS(VSWITCH_A_FLOW_OUT_GROUP) | HAS(VSWITCH_A_FLOW_MATCH))
#define GROUP_SETTINGS	(HAS(VSWITCH_A_GROUP_TYPE) | HAS(VSWITCH_A_GROUP_HASH) | \
			 HAS(VSWITCH_A_GROUP_BUCKET))
#define METER_SETTINGS	(HAS(VSWITCH_A_METER_UNIT) | HAS(VSWITCH_A_METER_RATE) | \
			 HAS(VSWITCH_A_METER_BURST) | HAS(VSWITCH_A_METER_DSCP) | \
			 HAS(VSWITCH_A_METER_PER_FLOW))

#endif
