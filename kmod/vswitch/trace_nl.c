// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of traces. The flow lock is held from the walk on until all is told of, so that the
 * flows are still there.
 */
#include <linux/mm.h>

#include "flow_nl.h"
#include "flow_set.h"
#include "flow_table.h"
#include "learn.h"
#include "tracer.h"

/* Of the reply. What does not fit is left out, and it is said that it is. */
#define REPLY_MAX	SKB_WITH_OVERHEAD(32768)
/* Flows that have more of them are told of without their actions. */
#define ACTIONS_MAX	2048

struct telling {
	const struct vsw_switch *sw;
	struct vsw_flows *flows;	/* NULL: there are none */
	struct vsw_trace *trace;
	u32 port;
	bool near;			/* tell of flows that nearly matched */
	struct vsw_flow_info info;	/* of the flow that is told of; too large for the stack */
	struct vsw_match match;		/* likewise */
	u8 lesson[VSW_LESSON_MAX];	/* likewise */
	struct vsw_key all;		/* each bit is 1 */
};

/* ---- fields ------------------------------------------------------------------ */

static const u8 *field_at(const struct vsw_key *key, const struct vsw_field *field)
{
	return (const u8 *)key + field->offset;
}

/* All of the field, if a packet of @key has it. */
static int put_field(struct sk_buff *skb, const struct telling *telling, unsigned int number,
		     const struct vsw_key *key)
{
	const struct vsw_field *field = vsw_field(number);

	if (vsw_field_check_needs(number, key, &telling->all, NULL))
		return 0;
	return nla_put(skb, number, field->size, field_at(key, field));
}

static bool is_changed(const struct vsw_trace_step *step, unsigned int number)
{
	const struct vsw_field *field = vsw_field(number);

	return field && !(vsw_field_map(number) & ~step->map) &&
	       memcmp(field_at(&step->was, field), field_at(&step->key, field), field->size);
}

static int put_changed(struct sk_buff *skb, const struct telling *telling,
		       const struct vsw_trace_step *step)
{
	struct nlattr *nest;
	unsigned int number;
	bool any = false;

	for (number = 1; number <= VSWITCH_A_MATCH_MAX && !any; number++)
		any = is_changed(step, number);
	if (!any)
		return 0;
	nest = nla_nest_start(skb, VSWITCH_A_TRACE_STEP_CHANGED);
	if (!nest)
		return -EMSGSIZE;
	for (number = 1; number <= VSWITCH_A_MATCH_MAX; number++)
		if (is_changed(step, number) && put_field(skb, telling, number, &step->key))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* ---- flows -------------------------------------------------------------------- */

/* One without actions would be one that drops: who reads it is told that it is long. */
static int put_flow(struct sk_buff *skb, struct telling *telling, int attr, int long_attr,
		    const struct vsw_flow *flow)
{
	static const struct vsw_actions none;
	bool is_long;

	vsw_flow_info(flow, &telling->info);
	is_long = vsw_nl_actions_size(telling->info.actions) > ACTIONS_MAX;
	if (is_long)
		telling->info.actions = &none;
	return vsw_nl_put_flow(skb, attr, &telling->info) ?:
	       (is_long ? nla_put_flag(skb, long_attr) : 0);
}

/*
 * What the packet has, if it has that, where telling->match has something else; ranges are
 * of these fields.
 */
static int put_differs(struct sk_buff *skb, const struct telling *telling,
		       const struct vsw_key *key)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_TRACE_NEAR_DIFFERS);
	unsigned int number, shown;

	if (!nest)
		return -EMSGSIZE;
	for (number = 1; number <= VSWITCH_A_MATCH_MAX; number++) {
		if (!vsw_trace_differs(&telling->match, number, key))
			continue;
		shown = number == VSWITCH_A_MATCH_TP_SRC_RANGE ? VSWITCH_A_MATCH_TP_SRC :
			number == VSWITCH_A_MATCH_TP_DST_RANGE ? VSWITCH_A_MATCH_TP_DST : number;
		if (put_field(skb, telling, shown, key))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_near(struct sk_buff *skb, struct telling *telling,
		    const struct vsw_trace_step *step, const struct vsw_trace_near *near)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_TRACE_STEP_NEAR);

	vsw_flow_match(near->flow, &telling->match);
	if (!nest ||
	    put_flow(skb, telling, VSWITCH_A_TRACE_NEAR_FLOW, VSWITCH_A_TRACE_NEAR_LONG,
		     near->flow) ||
	    nla_put_u32(skb, VSWITCH_A_TRACE_NEAR_MATCHING, near->matching) ||
	    put_differs(skb, telling, &step->key))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_lookup(struct sk_buff *skb, struct telling *telling,
		      const struct vsw_trace_step *step)
{
	struct vsw_trace_near near[VSWITCH_TRACE_NEAR_MAX];
	unsigned int count, i;

	if (nla_put_u8(skb, VSWITCH_A_TRACE_STEP_TABLE, step->table))
		return -EMSGSIZE;
	if (step->flow ? put_flow(skb, telling, VSWITCH_A_TRACE_STEP_FLOW,
				  VSWITCH_A_TRACE_STEP_LONG, step->flow) :
			 nla_put_u8(skb, VSWITCH_A_TRACE_STEP_MISS, step->miss))
		return -EMSGSIZE;
	if (!telling->near)
		return 0;
	count = vsw_trace_find_near(telling->trace, telling->flows, step, near);
	for (i = 0; i < count; i++)
		if (put_near(skb, telling, step, &near[i]))
			return -EMSGSIZE;
	return 0;
}

/* ---- steps -------------------------------------------------------------------- */

static int put_vlan(struct sk_buff *skb, const struct vsw_trace_step *step)
{
	return step->has_vid ? nla_put_u16(skb, VSWITCH_A_TRACE_STEP_VLAN, step->vid) : 0;
}

static int put_reason(struct sk_buff *skb, const struct vsw_trace_step *step)
{
	if (step->reason == VSW_DROP_COUNT)
		return 0;
	return nla_put_string(skb, VSWITCH_A_TRACE_STEP_REASON, vsw_drop_names[step->reason]);
}

static int put_port(struct sk_buff *skb, const struct vsw_trace_step *step)
{
	return nla_put_u32(skb, VSWITCH_A_TRACE_STEP_PORT_NUMBER, step->port);
}

static int put_drop(struct sk_buff *skb, const struct vsw_trace_step *step)
{
	const char *label = "";

	if (step->action)
		label = container_of(step->action, struct vsw_action_drop, action)->label;
	return put_port(skb, step) ?: put_reason(skb, step) ?:
	       (*label ? nla_put_string(skb, VSWITCH_A_TRACE_STEP_LABEL, label) : 0);
}

static int put_output(struct sk_buff *skb, const struct vsw_trace_step *step)
{
	u8 protocol = step->tag_proto == htons(ETH_P_8021AD) ? VSWITCH_VLAN_PROTOCOL_8021AD :
							       VSWITCH_VLAN_PROTOCOL_8021Q;

	if (put_port(skb, step) ||
	    nla_put_u32(skb, VSWITCH_A_TRACE_STEP_LENGTH, step->length))
		return -EMSGSIZE;
	if (step->has_tag &&
	    (nla_put_u16(skb, VSWITCH_A_TRACE_STEP_TAG, step->tci) ||
	     nla_put_u8(skb, VSWITCH_A_TRACE_STEP_TAG_PROTOCOL, protocol)))
		return -EMSGSIZE;
	return 0;
}

static int put_action(struct sk_buff *skb, const struct telling *telling,
		      const struct vsw_trace_step *step)
{
	return vsw_nl_put_one_action(skb, VSWITCH_A_TRACE_STEP_ACTION, step->action) ?:
	       put_changed(skb, telling, step);
}

static int put_normal(struct sk_buff *skb, const struct vsw_trace_step *step)
{
	if (nla_put_u8(skb, VSWITCH_A_TRACE_STEP_DESTINATION, step->outcome) ||
	    put_vlan(skb, step))
		return -EMSGSIZE;
	return step->outcome == VSWITCH_TRACE_DESTINATION_KNOWN ? put_port(skb, step) : 0;
}

/* The flow that follows is made to be told of, and not added. */
static int put_lesson(struct sk_buff *skb, struct telling *telling,
		      const struct vsw_trace_step *step)
{
	const struct vsw_action_learn *learn =
		container_of(step->action, struct vsw_action_learn, action);
	struct vsw_flow *flow;
	int err;

	vsw_lesson_read(learn, &step->key, telling->lesson);
	flow = vsw_lesson_flow(learn, telling->lesson, &telling->info.config);
	if (IS_ERR(flow))
		return PTR_ERR(flow);
	flow->created = vsw_flow_now();
	flow->modified = flow->created;
	err = put_flow(skb, telling, VSWITCH_A_TRACE_STEP_FLOW, VSWITCH_A_TRACE_STEP_LONG, flow);
	vsw_flow_discard(flow);
	return err ?: nla_put_u8(skb, VSWITCH_A_TRACE_STEP_TABLE, learn->action.small);
}

static int put_effect(struct sk_buff *skb, struct telling *telling,
		      const struct vsw_trace_step *step)
{
	if (nla_put_u8(skb, VSWITCH_A_TRACE_STEP_EFFECT, step->outcome) ||
	    (*step->name && nla_put_string(skb, VSWITCH_A_TRACE_STEP_NAME, step->name)))
		return -EMSGSIZE;
	switch (step->outcome) {
	case VSWITCH_TRACE_EFFECT_LEARN_MAC:
	case VSWITCH_TRACE_EFFECT_MOVE_MAC:
		return put_port(skb, step);
	case VSWITCH_TRACE_EFFECT_LEARN:
	case VSWITCH_TRACE_EFFECT_LEARNED:
	case VSWITCH_TRACE_EFFECT_LEARN_LIMIT:
		return put_lesson(skb, telling, step);
	}
	return 0;
}

static int put_kind(struct sk_buff *skb, struct telling *telling,
		    const struct vsw_trace_step *step)
{
	switch (step->kind) {
	case VSWITCH_TRACE_KIND_PORT:
		return put_port(skb, step) ?:
		       nla_put_string(skb, VSWITCH_A_TRACE_STEP_STATE, step->state);
	case VSWITCH_TRACE_KIND_VLAN:
		return put_vlan(skb, step);
	case VSWITCH_TRACE_KIND_GUARD:
		return put_reason(skb, step);
	case VSWITCH_TRACE_KIND_LOOKUP:
		return put_lookup(skb, telling, step);
	case VSWITCH_TRACE_KIND_ACTION:
		return put_action(skb, telling, step);
	case VSWITCH_TRACE_KIND_GROUP:
		return nla_put_u32(skb, VSWITCH_A_TRACE_STEP_GROUP, step->group) ?:
		       nla_put_u8(skb, VSWITCH_A_TRACE_STEP_GROUP_TYPE, step->outcome);
	case VSWITCH_TRACE_KIND_BUCKET:
		return nla_put_u32(skb, VSWITCH_A_TRACE_STEP_BUCKET, step->id);
	case VSWITCH_TRACE_KIND_METER:
		return nla_put_u32(skb, VSWITCH_A_TRACE_STEP_METER, step->id) ?:
		       nla_put_u8(skb, VSWITCH_A_TRACE_STEP_METERED, step->outcome);
	case VSWITCH_TRACE_KIND_NORMAL:
		return put_normal(skb, step);
	case VSWITCH_TRACE_KIND_OUTPUT:
		return put_output(skb, step);
	case VSWITCH_TRACE_KIND_DROP:
		return put_drop(skb, step);
	case VSWITCH_TRACE_KIND_EFFECT:
		return put_effect(skb, telling, step);
	case VSWITCH_TRACE_KIND_SHUT:
		return put_port(skb, step) ?:
		       nla_put_u8(skb, VSWITCH_A_TRACE_STEP_SHUT_REASON, step->outcome);
	default:
		return put_port(skb, step);
	}
}

static int put_step(struct sk_buff *skb, struct telling *telling,
		    const struct vsw_trace_step *step)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_TRACE_STEP);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_TRACE_STEP_KIND, step->kind) ||
	    nla_put_u8(skb, VSWITCH_A_TRACE_STEP_DEPTH, step->depth) ||
	    put_kind(skb, telling, step)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* ---- the reply ------------------------------------------------------------------ */

/* -EMSGSIZE: the others do not fit. Room for the flags at the end is left. */
static int put_steps(struct sk_buff *skb, struct telling *telling)
{
	const struct vsw_trace *trace = telling->trace;
	void *end;
	u32 i;

	for (i = 0; i < trace->count; i++) {
		end = skb_tail_pointer(skb);
		if (put_step(skb, telling, &trace->step[i]) ||
		    skb_tailroom(skb) < 2 * nla_total_size(0)) {
			nlmsg_trim(skb, end);
			return -EMSGSIZE;
		}
		cond_resched();
	}
	return 0;
}

static int put_head(struct sk_buff *skb, const struct telling *telling)
{
	const struct vsw_trace *trace = telling->trace;

	if (vsw_nl_put_switch(skb, telling->sw) ||
	    nla_put_u32(skb, VSWITCH_A_TRACE_PORT_NUMBER, telling->port) ||
	    nla_put_u32(skb, VSWITCH_A_TRACE_OUTPUTS, trace->outputs) ||
	    nla_put_u32(skb, VSWITCH_A_TRACE_DROPS, trace->drops))
		return -EMSGSIZE;
	return 0;
}

/* If not all fits, flows that nearly matched are what is left out first. */
static int put_trace(struct sk_buff *skb, struct telling *telling)
{
	bool cut = telling->trace->cut, near_cut = false;
	void *steps;

	if (put_head(skb, telling))
		return -EMSGSIZE;
	steps = skb_tail_pointer(skb);
	telling->near = telling->flows;
	if (put_steps(skb, telling)) {
		nlmsg_trim(skb, steps);
		telling->near = false;
		near_cut = true;
		cut = put_steps(skb, telling) || cut;
	}
	near_cut = near_cut || telling->trace->looks == VSW_TRACE_LOOKS_MAX;
	if ((cut && nla_put_flag(skb, VSWITCH_A_TRACE_CUT)) ||
	    (near_cut && nla_put_flag(skb, VSWITCH_A_TRACE_NEAR_CUT)))
		return -EMSGSIZE;
	return 0;
}

static int tell(struct genl_info *info, struct telling *telling)
{
	struct sk_buff *skb = alloc_skb(REPLY_MAX, GFP_KERNEL);
	void *header;
	int err;

	if (!skb)
		return -ENOMEM;
	header = genlmsg_put_reply(skb, info, &vsw_nl_family, 0, VSWITCH_CMD_TRACE);
	err = header ? put_trace(skb, telling) : -EMSGSIZE;
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

/* ---- the request ------------------------------------------------------------------ */

static int get_request(struct genl_info *info, struct vsw_trace_request *request)
{
	struct nlattr *port = info->attrs[VSWITCH_A_TRACE_PORT_NUMBER];
	struct nlattr *frame = info->attrs[VSWITCH_A_TRACE_FRAME];
	struct nlattr *mark = info->attrs[VSWITCH_A_TRACE_MARK];

	if (!port)
		return vsw_nl_missing(info, VSWITCH_A_TRACE_PORT_NUMBER,
				      "the port by which the packet comes is missing");
	if (!frame)
		return vsw_nl_missing(info, VSWITCH_A_TRACE_FRAME, "the packet is missing");
	if (nla_len(frame) < ETH_HLEN || nla_len(frame) > VSWITCH_TRACE_FRAME_MAX)
		return vsw_nl_refuse(frame, "a packet has 14 to 65531 bytes", info->extack);
	request->port = nla_get_u32(port);
	request->frame = nla_data(frame);
	request->length = nla_len(frame);
	request->mark = mark ? nla_get_u32(mark) : 0;
	return 0;
}

static int walk_and_tell(struct genl_info *info, struct telling *telling)
{
	struct vsw_trace_request request;
	struct vsw_nl_flows locked;
	int err;

	err = get_request(info, &request) ?:
	      vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked, info->extack);
	if (err)
		return err;
	telling->sw = locked.sw;
	telling->flows = locked.flows;
	telling->port = request.port;
	telling->trace->has_flows = locked.flows;
	memset(&telling->all, 0xff, sizeof(telling->all));
	err = vsw_trace_run(locked.sw, &request, telling->trace);
	if (err == -ENODEV)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSWITCH_A_TRACE_PORT_NUMBER],
				    "the switch has no port of this number");
	err = err ?: tell(info, telling);
	vsw_nl_unlock_flows(&locked);
	return err;
}

static int trace(struct genl_info *info)
{
	struct telling *telling = kzalloc(sizeof(*telling), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!telling)
		return err;
	telling->trace = kvzalloc(sizeof(*telling->trace), GFP_KERNEL_ACCOUNT);
	if (telling->trace)
		err = walk_and_tell(info, telling);
	kvfree(telling->trace);
	kfree(telling);
	return err;
}

int vswitch_nl_trace_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, trace);
}
