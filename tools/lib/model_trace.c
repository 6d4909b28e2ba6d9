// SPDX-License-Identifier: GPL-2.0
/* Traces as kinds of objects. */
#include "trace.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define TRACE(key, ATTR, kind, member) \
	{ key, VSWITCH_A_TRACE_##ATTR, kind, offsetof(struct vsw_trace, member), NULL }
#define STEP(key, ATTR, kind, member) \
	{ key, VSWITCH_A_TRACE_STEP_##ATTR, kind, offsetof(struct vsw_trace_step, member), NULL }
#define NEAR(key, ATTR, kind, member) \
	{ key, VSWITCH_A_TRACE_NEAR_##ATTR, kind, offsetof(struct vsw_trace_near, member), NULL }

/* In the order in which JSON has them. */

static const struct field trace_fields[] = {
	TRACE("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	TRACE("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	TRACE("port-number", PORT_NUMBER, FIELD_U32, port_number),
	TRACE("mark", MARK, FIELD_U32, mark),
	TRACE("outputs", OUTPUTS, FIELD_U32, outputs),
	TRACE("drops", DROPS, FIELD_U32, drops),
	TRACE("step", STEP, FIELD_TRACE_STEPS, steps),
	TRACE("cut", CUT, FIELD_FLAG, cut),
	TRACE("near-cut", NEAR_CUT, FIELD_FLAG, near_cut),
};

static const struct field step_fields[] = {
	STEP("kind", KIND, FIELD_TRACE_KIND, kind),
	STEP("depth", DEPTH, FIELD_U8, depth),
	STEP("port-number", PORT_NUMBER, FIELD_U32, port_number),
	STEP("state", STATE, FIELD_TEXT, state),
	STEP("vlan", VLAN, FIELD_U16, vlan),
	STEP("reason", REASON, FIELD_TEXT, reason),
	STEP("label", LABEL, FIELD_TEXT, label),
	STEP("table", TABLE, FIELD_U8, table),
	STEP("flow", FLOW, FIELD_FLOW, flow),
	STEP("long", LONG, FIELD_FLAG, is_long),
	STEP("miss", MISS, FIELD_FLOW_MISS, miss),
	STEP("near", NEAR, FIELD_TRACE_NEAR, near),
	STEP("action", ACTION, FIELD_ACTIONS, action),
	STEP("changed", CHANGED, FIELD_MATCH, changed),
	STEP("group", GROUP, FIELD_U32, group),
	STEP("group-type", GROUP_TYPE, FIELD_GROUP_TYPE, group_type),
	STEP("bucket", BUCKET, FIELD_U32, bucket),
	STEP("meter", METER, FIELD_U32, meter),
	STEP("metered", METERED, FIELD_TRACE_METERED, metered),
	STEP("destination", DESTINATION, FIELD_TRACE_DESTINATION, destination),
	STEP("tag", TAG, FIELD_U16, tag),
	STEP("tag-protocol", TAG_PROTOCOL, FIELD_VLAN_PROTOCOL, tag_protocol),
	STEP("length", LENGTH, FIELD_U32, length),
	STEP("shut-reason", SHUT_REASON, FIELD_SHUT, shut_reason),
	STEP("effect", EFFECT, FIELD_TRACE_EFFECT, effect),
	STEP("name", NAME, FIELD_TEXT, name),
};

static const struct field near_fields[] = {
	NEAR("flow", FLOW, FIELD_FLOW, flow),
	NEAR("long", LONG, FIELD_FLAG, is_long),
	NEAR("matching", MATCHING, FIELD_U32, matching),
	NEAR("differs", DIFFERS, FIELD_MATCH, differs),
};

const struct kind kind_trace = {
	"trace", sizeof(struct vsw_trace), trace_fields, ARRAY_SIZE(trace_fields)
};

const struct kind kind_trace_step = {
	"step", sizeof(struct vsw_trace_step), step_fields, ARRAY_SIZE(step_fields)
};

const struct kind kind_trace_near = {
	"near", sizeof(struct vsw_trace_near), near_fields, ARRAY_SIZE(near_fields)
};
