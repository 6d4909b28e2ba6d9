/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of valid_requests.h: flows, tables, groups and meters of vs0. Standing there are the meter
 * and the group VALID_ID, a flow in table 0 that uses both, one in table VALID_TABLE, and a
 * bundle of the program's own.
 */
#ifndef SELFTESTS_VALID_FLOWS_H
#define SELFTESTS_VALID_FLOWS_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <unistd.h>

#include <linux/vswitch.h>

#include "request.h"

#define VALID_ID	7
#define VALID_NEW_ID	9
#define VALID_TABLE	2
#define VALID_COOKIE	UINT64_C(0x123456789abcdef0)

/* What it is called as long as nobody has begun one. */
static uint32_t valid_bundle = 1;

static inline void valid_field16(struct nlmsghdr *nlh, uint16_t type, uint16_t value)
{
	value = htons(value);
	mnl_attr_put(nlh, type, sizeof(value), &value);
}

/* A value with a mask of its first @prefix bytes, of a field of @len. */
static inline void valid_field(struct nlmsghdr *nlh, uint16_t type, const void *value,
			       unsigned int len, unsigned int prefix)
{
	uint8_t both[32] = { 0 };

	memcpy(both, value, prefix);
	memset(both + len, 0xff, prefix);
	mnl_attr_put(nlh, type, prefix == len ? len : 2 * len, both);
}

/* TCP of IPv4 with as many fields as it can have, or neighbour discovery. */
static inline void valid_match(struct nlmsghdr *nlh, uint16_t type, bool is_ipv6)
{
	static const uint8_t label[8] = { 0, 1, 2, 0, 0, 0x0f, 0xff, 0 }, zero;
	static const uint16_t in_port = 1;
	const uint16_t ports[] = { htons(1000), htons(2000) };
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);
	const uint8_t proto = is_ipv6 ? 58 : 6;

	mnl_attr_put(nlh, VSWITCH_A_MATCH_IN_PORT, sizeof(in_port), &in_port);
	valid_field(nlh, VSWITCH_A_MATCH_ETH_SRC, VALID_MAC, 6, 3);
	valid_field16(nlh, VSWITCH_A_MATCH_ETH_TYPE, is_ipv6 ? 0x86dd : 0x0800);
	mnl_attr_put(nlh, VSWITCH_A_MATCH_IP_PROTO, 1, &proto);
	mnl_attr_put(nlh, VSWITCH_A_MATCH_IP_FRAG, 1, &zero);
	if (is_ipv6) {
		valid_field(nlh, VSWITCH_A_MATCH_IPV6_SRC, VALID_IP6, 16, 4);
		mnl_attr_put(nlh, VSWITCH_A_MATCH_IPV6_LABEL, 8, label);
		valid_field16(nlh, VSWITCH_A_MATCH_TP_SRC, 135);
		valid_field16(nlh, VSWITCH_A_MATCH_TP_DST, 0);
		valid_field(nlh, VSWITCH_A_MATCH_ND_TARGET, VALID_IP6, 16, 16);
	} else {
		valid_field(nlh, VSWITCH_A_MATCH_IPV4_DST, VALID_IP, 4, 3);
		valid_field16(nlh, VSWITCH_A_MATCH_TP_SRC, 80);
		mnl_attr_put(nlh, VSWITCH_A_MATCH_TP_DST_RANGE, sizeof(ports), ports);
		valid_field16(nlh, VSWITCH_A_MATCH_TCP_FLAGS, 0x12);
	}
	mnl_attr_nest_end(nlh, nest);
}

static inline void valid_controller(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_CONTROLLER);

	mnl_attr_put_u32(nlh, VSWITCH_A_CONTROLLER_MAX_LEN, 128);
	mnl_attr_put_u32(nlh, VSWITCH_A_CONTROLLER_RATE, 10);
	mnl_attr_put(nlh, VSWITCH_A_CONTROLLER_USERDATA, 5, "mine");
	mnl_attr_nest_end(nlh, nest);
}

/* Bits of reg0 go into metadata, and table 4 is asked. */
static inline void valid_detour(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_MOVE);

	mnl_attr_put_u8(nlh, VSWITCH_A_MOVE_SRC, VSWITCH_A_MATCH_REG0);
	mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_SRC_OFFSET, 4);
	mnl_attr_put_u8(nlh, VSWITCH_A_MOVE_DST, VSWITCH_A_MATCH_METADATA);
	mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_DST_OFFSET, 32);
	mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_BITS, 8);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_RESUBMIT);
	mnl_attr_put_u32(nlh, VSWITCH_A_RESUBMIT_PORT, 2);
	mnl_attr_put_u8(nlh, VSWITCH_A_RESUBMIT_TABLE, 4);
	mnl_attr_nest_end(nlh, nest);
}

/* The kernel has the helper of a protocol, and what translates it. */
static inline bool valid_has_helper(void)
{
	static int has = -1;

	if (has < 0)
		has = !access("/sys/module/nf_nat_ftp", F_OK);
	return has;
}

/* Table 4 goes on with connections whose source is translated. */
static inline void valid_ct(struct nlmsghdr *nlh)
{
	static const uint8_t lowest[] = { 192, 0, 2, 10 }, highest[] = { 192, 0, 2, 20 };
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_CT), *nat;

	mnl_attr_put_u16(nlh, VSWITCH_A_CT_ZONE, 5);
	mnl_attr_put(nlh, VSWITCH_A_CT_COMMIT, 0, NULL);
	mnl_attr_put(nlh, VSWITCH_A_CT_FORCE, 0, NULL);
	mnl_attr_put_u8(nlh, VSWITCH_A_CT_TABLE, 4);
	mnl_attr_put_u32(nlh, VSWITCH_A_CT_MARK, 1);
	mnl_attr_put_u32(nlh, VSWITCH_A_CT_MARK_MASK, 0xff);
	if (valid_has_helper())
		mnl_attr_put_strz(nlh, VSWITCH_A_CT_HELPER, "ftp");
	nat = mnl_attr_nest_start(nlh, VSWITCH_A_CT_NAT);
	mnl_attr_put(nlh, VSWITCH_A_NAT_SOURCE, 0, NULL);
	mnl_attr_put(nlh, VSWITCH_A_NAT_IP_MIN, sizeof(lowest), lowest);
	mnl_attr_put(nlh, VSWITCH_A_NAT_IP_MAX, sizeof(highest), highest);
	mnl_attr_put_u16(nlh, VSWITCH_A_NAT_PORT_MIN, 1024);
	mnl_attr_put_u16(nlh, VSWITCH_A_NAT_PORT_MAX, 2047);
	mnl_attr_put(nlh, VSWITCH_A_NAT_RANDOM, 0, NULL);
	mnl_attr_put(nlh, VSWITCH_A_NAT_PERSISTENT, 0, NULL);
	mnl_attr_nest_end(nlh, nat);
	mnl_attr_nest_end(nlh, nest);
}

/* From @src, or, if that is 0, that it is IPv4; into @dst, or, if that is 0, to a port. */
static inline void valid_learn_spec(struct nlmsghdr *nlh, uint8_t kind, uint8_t src, uint8_t dst,
				    uint16_t bits)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_LEARN_SPEC);

	mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_SPEC_KIND, kind);
	if (src) {
		mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_SPEC_SRC, src);
		mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_SPEC_SRC_OFFSET, 0);
	} else {
		valid_field16(nlh, VSWITCH_A_LEARN_SPEC_VALUE, 0x0800);
	}
	if (dst) {
		mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_SPEC_DST, dst);
		mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_SPEC_DST_OFFSET, 0);
	}
	mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_SPEC_BITS, bits);
	mnl_attr_nest_end(nlh, nest);
}

/* The way back, in table 5. */
static inline void valid_learn(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_LEARN);

	mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_TABLE, 5);
	mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_PRIORITY, 10);
	mnl_attr_put_u64(nlh, VSWITCH_A_LEARN_COOKIE, VALID_COOKIE);
	mnl_attr_put_u32(nlh, VSWITCH_A_LEARN_IDLE_TIMEOUT, 10000);
	mnl_attr_put_u32(nlh, VSWITCH_A_LEARN_HARD_TIMEOUT, 60000);
	mnl_attr_put_u32(nlh, VSWITCH_A_LEARN_LIMIT, 10);
	valid_learn_spec(nlh, VSWITCH_LEARN_KIND_MATCH, 0, VSWITCH_A_MATCH_ETH_TYPE, 16);
	valid_learn_spec(nlh, VSWITCH_LEARN_KIND_MATCH, VSWITCH_A_MATCH_ETH_SRC,
			 VSWITCH_A_MATCH_ETH_DST, 48);
	valid_learn_spec(nlh, VSWITCH_LEARN_KIND_SET, VSWITCH_A_MATCH_REG0, VSWITCH_A_MATCH_REG1,
			 16);
	valid_learn_spec(nlh, VSWITCH_LEARN_KIND_OUTPUT, VSWITCH_A_MATCH_REG0, 0, 16);
	mnl_attr_nest_end(nlh, nest);
}

/* Copies of the packet, and its way out by a number. */
static inline void valid_copies(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_SAMPLE);

	mnl_attr_put_u32(nlh, VSWITCH_A_SAMPLE_RATE, 100);
	mnl_attr_put_u32(nlh, VSWITCH_A_SAMPLE_GROUP, 3);
	mnl_attr_put_u32(nlh, VSWITCH_A_SAMPLE_MAX_LEN, 128);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put_strz(nlh, VSWITCH_A_ACTION_MIRROR, "m0");
	nest = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_OUTPUT_FIELD);
	mnl_attr_put_u8(nlh, VSWITCH_A_MOVE_SRC, VSWITCH_A_MATCH_REG0);
	mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_SRC_OFFSET, 8);
	mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_BITS, 16);
	mnl_attr_nest_end(nlh, nest);
}

/* All that there are but drop and reject. */
static inline void valid_actions(struct nlmsghdr *nlh, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type), *set;

	mnl_attr_put_u32(nlh, VSWITCH_A_ACTION_METER, VALID_ID);
	set = mnl_attr_nest_start(nlh, VSWITCH_A_ACTION_SET);
	valid_field(nlh, VSWITCH_A_MATCH_ETH_DST, VALID_NEW_MAC, 6, 3);
	mnl_attr_nest_end(nlh, set);
	valid_controller(nlh);
	valid_detour(nlh);
	valid_ct(nlh);
	valid_learn(nlh);
	valid_copies(nlh);
	mnl_attr_put(nlh, VSWITCH_A_ACTION_DEC_TTL, 0, NULL);
	mnl_attr_put_u32(nlh, VSWITCH_A_ACTION_GROUP, VALID_ID);
	mnl_attr_put_u16(nlh, VSWITCH_A_ACTION_PUSH_VLAN, 0x8100);
	mnl_attr_put_u32(nlh, VSWITCH_A_ACTION_TRUNCATE, 64);
	mnl_attr_put_u32(nlh, VSWITCH_A_ACTION_OUTPUT, 2);
	mnl_attr_put(nlh, VSWITCH_A_ACTION_POP_VLAN, 0, NULL);
	mnl_attr_put_u32(nlh, VSWITCH_A_ACTION_PRIORITY, 3);
	mnl_attr_put_u32(nlh, VSWITCH_A_ACTION_OUTPUT, VSWITCH_FLOW_PORT_IN_PORT);
	mnl_attr_put_u8(nlh, VSWITCH_A_ACTION_GOTO, VALID_TABLE + 1);
	mnl_attr_nest_end(nlh, nest);
}

static inline void valid_drop(struct nlmsghdr *nlh, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put_strz(nlh, VSWITCH_A_ACTION_DROP, "a label");
	mnl_attr_nest_end(nlh, nest);
}

static inline void valid_reject(struct nlmsghdr *nlh, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put(nlh, VSWITCH_A_ACTION_REJECT, 0, NULL);
	mnl_attr_nest_end(nlh, nest);
}

/* A flow of @table that is or is not there already. */
static inline void valid_entry(struct nlmsghdr *nlh, uint8_t table, uint16_t priority)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_FLOW_ENTRY);

	mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_ENTRY_TABLE, table);
	mnl_attr_put_u16(nlh, VSWITCH_A_FLOW_ENTRY_PRIORITY, priority);
	mnl_attr_put_u64(nlh, VSWITCH_A_FLOW_ENTRY_COOKIE, VALID_COOKIE);
	mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_ENTRY_IDLE_TIMEOUT, 3600000);
	mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_ENTRY_HARD_TIMEOUT, 86400000);
	mnl_attr_put_u16(nlh, VSWITCH_A_FLOW_ENTRY_IMPORTANCE, 5);
	mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_ENTRY_FLAGS, VSWITCH_FLOW_FLAG_SEND_REMOVED);
	valid_match(nlh, VSWITCH_A_FLOW_ENTRY_MATCH, table);
	if (table)
		valid_drop(nlh, VSWITCH_A_FLOW_ENTRY_ACTIONS);
	else
		valid_actions(nlh, VSWITCH_A_FLOW_ENTRY_ACTIONS);
	mnl_attr_nest_end(nlh, nest);
}

/* The flow in table 0, or in the other way all of a cookie that use what is there. */
static inline void valid_filter(struct nlmsghdr *nlh, unsigned int way)
{
	if (!way) {
		mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_TABLE, 0);
		mnl_attr_put(nlh, VSWITCH_A_FLOW_STRICT, 0, NULL);
		mnl_attr_put_u16(nlh, VSWITCH_A_FLOW_PRIORITY, 100);
		valid_match(nlh, VSWITCH_A_FLOW_MATCH, false);
		return;
	}
	mnl_attr_put_u64(nlh, VSWITCH_A_FLOW_COOKIE, VALID_COOKIE & 0xffff);
	mnl_attr_put_u64(nlh, VSWITCH_A_FLOW_COOKIE_MASK, 0xffff);
	mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_OUT_PORT, 2);
	mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_OUT_GROUP, VALID_ID);
}

static inline void valid_flow_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_FLOW_SWITCH_NAME, "vs0");
	switch (cmd) {
	case VSWITCH_CMD_FLOW_NEW:
		valid_entry(nlh, 0, 200);
		valid_entry(nlh, VALID_TABLE, 200);
		if (!way)
			break;
		mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_BUNDLE, valid_bundle);
		break;
	case VSWITCH_CMD_FLOW_SET:
		valid_filter(nlh, way);
		if (way)
			valid_reject(nlh, VSWITCH_A_FLOW_ACTIONS);
		else
			valid_drop(nlh, VSWITCH_A_FLOW_ACTIONS);
		mnl_attr_put(nlh, VSWITCH_A_FLOW_RESET_COUNTS, 0, NULL);
		break;
	case VSWITCH_CMD_FLOW_DEL:
	case VSWITCH_CMD_FLOW_GET:
		valid_filter(nlh, way);
		break;
	case VSWITCH_CMD_FLOW_BUNDLE_COMMIT:
	case VSWITCH_CMD_FLOW_BUNDLE_DEL:
		mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_BUNDLE, valid_bundle);
		break;
	}
}

static inline void valid_table_request(struct nlmsghdr *nlh, uint8_t cmd)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_FLOW_TABLE_SWITCH_NAME, "vs0");
	mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_TABLE_TABLE, VALID_TABLE);
	if (cmd != VSWITCH_CMD_FLOW_TABLE_SET)
		return;
	mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_TABLE_MAX_FLOWS, 1000);
	mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_TABLE_EVICT, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_TABLE_MISS, VSWITCH_FLOW_MISS_CONTINUE);
}

/* With a weight, unless that is 0. */
static inline void valid_bucket(struct nlmsghdr *nlh, uint32_t id, uint32_t port, uint16_t weight)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_GROUP_BUCKET), *actions;

	mnl_attr_put_u32(nlh, VSWITCH_A_BUCKET_ID, id);
	if (weight)
		mnl_attr_put_u16(nlh, VSWITCH_A_BUCKET_WEIGHT, weight);
	mnl_attr_put_u32(nlh, VSWITCH_A_BUCKET_WATCH_PORT, port);
	actions = mnl_attr_nest_start(nlh, VSWITCH_A_BUCKET_ACTIONS);
	mnl_attr_put(nlh, VSWITCH_A_ACTION_POP_VLAN, 0, NULL);
	mnl_attr_put_u32(nlh, VSWITCH_A_ACTION_OUTPUT, port);
	mnl_attr_nest_end(nlh, actions);
	mnl_attr_nest_end(nlh, nest);
}

static inline void valid_group_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	bool new = cmd == VSWITCH_CMD_GROUP_NEW;

	mnl_attr_put_strz(nlh, VSWITCH_A_GROUP_SWITCH_NAME, "vs0");
	/* To delete them all it is not said which. */
	if (!way)
		mnl_attr_put_u32(nlh, VSWITCH_A_GROUP_ID, new ? VALID_NEW_ID : VALID_ID);
	if (!new && cmd != VSWITCH_CMD_GROUP_SET)
		return;
	mnl_attr_put_u8(nlh, VSWITCH_A_GROUP_TYPE, VSWITCH_GROUP_TYPE_SELECT);
	mnl_attr_put_u8(nlh, VSWITCH_A_GROUP_HASH, VSWITCH_GROUP_HASH_L3);
	valid_bucket(nlh, 1, 1, 10);
	valid_bucket(nlh, 2, 2, 20);
}

static inline void valid_meter_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	bool new = cmd == VSWITCH_CMD_METER_NEW;

	mnl_attr_put_strz(nlh, VSWITCH_A_METER_SWITCH_NAME, "vs0");
	if (!way)
		mnl_attr_put_u32(nlh, VSWITCH_A_METER_ID, new ? VALID_NEW_ID : VALID_ID);
	if (!new && cmd != VSWITCH_CMD_METER_SET)
		return;
	mnl_attr_put_u8(nlh, VSWITCH_A_METER_UNIT, VSWITCH_METER_UNIT_KBPS);
	mnl_attr_put_u32(nlh, VSWITCH_A_METER_RATE, 1000);
	mnl_attr_put_u32(nlh, VSWITCH_A_METER_BURST, 100);
	mnl_attr_put_u8(nlh, VSWITCH_A_METER_DSCP, 10);
	if (new)
		mnl_attr_put_u8(nlh, VSWITCH_A_METER_PER_FLOW, 1);
}

/* By a port, or in the other way from the host, whose number is 0. */
static inline void valid_trace_request(struct nlmsghdr *nlh, unsigned int way)
{
	static const uint8_t frame[60] = {
		0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, 0x08, 0x00, 0x45,
	};

	mnl_attr_put_strz(nlh, VSWITCH_A_TRACE_SWITCH_NAME, "vs0");
	mnl_attr_put_u32(nlh, VSWITCH_A_TRACE_PORT_NUMBER, way ? 0 : 1);
	mnl_attr_put(nlh, VSWITCH_A_TRACE_FRAME, sizeof(frame), frame);
	mnl_attr_put_u32(nlh, VSWITCH_A_TRACE_MARK, 7);
}

static inline bool valid_is_flow(uint8_t cmd)
{
	return (cmd >= VSWITCH_CMD_FLOW_NEW && cmd <= VSWITCH_CMD_METER_GET) ||
	       cmd == VSWITCH_CMD_TRACE;
}

/* Of those here. */
static inline unsigned int valid_flow_ways(uint8_t cmd, bool dump)
{
	if (dump)
		return cmd == VSWITCH_CMD_FLOW_GET ? 2 : 1;
	switch (cmd) {
	case VSWITCH_CMD_FLOW_NEW: case VSWITCH_CMD_FLOW_SET: case VSWITCH_CMD_FLOW_DEL:
	case VSWITCH_CMD_FLOW_GET: case VSWITCH_CMD_GROUP_DEL: case VSWITCH_CMD_METER_DEL:
	case VSWITCH_CMD_TRACE:
		return 2;
	default:
		return 1;
	}
}

/* A dump of all of the switch, or in the other way of some. */
static inline void valid_flow_dump(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_FLOW_SWITCH_NAME, "vs0");
	if (cmd == VSWITCH_CMD_FLOW_GET && way)
		valid_filter(nlh, way);
}

static inline void valid_any_flow_request(struct nlmsghdr *nlh, uint8_t cmd, bool dump,
					  unsigned int way)
{
	if (cmd == VSWITCH_CMD_TRACE)
		valid_trace_request(nlh, way);
	else if (dump)
		valid_flow_dump(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_FLOW_BUNDLE_DEL)
		valid_flow_request(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_FLOW_TABLE_GET)
		valid_table_request(nlh, cmd);
	else if (cmd <= VSWITCH_CMD_GROUP_GET)
		valid_group_request(nlh, cmd, way);
	else
		valid_meter_request(nlh, cmd, way);
}

#endif
