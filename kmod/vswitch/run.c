// SPDX-License-Identifier: GPL-2.0
/*
 * Carries out what flows say, one action after the other. What is done and what is sent is
 * bounded for each packet, whatever the flows are: see run.h.
 */
#include "conntrack.h"
#include "field_bits.h"
#include "learn.h"
#include "meter.h"
#include "mirror.h"
#include "packet_in.h"
#include "reject.h"
#include "rewrite.h"
#include "run.h"
#include "sample.h"
#include "tracer.h"

/*
 * Words in @map are there, from here on: of a flow or a group that is younger than the
 * packet. Those of the packet come all once more, as where its headers are does.
 */
static noinline void fetch(struct vsw_run *run, vsw_key_map map)
{
	u64 *tunnel = &run->key.word[VSW_KEY_WORD_OF(tun_id)], sent_by[VSW_KEY_TUNNEL_WORDS];
	u16 in_port = run->key.in_port, ct_state = run->key.ct_state;
	u32 ct_mark = run->key.ct_mark;
	vsw_key_map was = run->map;

	memcpy(sent_by, tunnel, sizeof(sent_by));
	run->map |= map;
	vsw_key_extract(&run->key, &run->layout, run->in, run->skb, run->map);
	if (was & VSW_KEY_MAP_OF(in_port))
		run->key.in_port = in_port;
	if (was & VSW_KEY_MAP_OF(ct_state))
		run->key.ct_state = ct_state;
	if (was & VSW_KEY_MAP_OF(ct_mark))
		run->key.ct_mark = ct_mark;
	if (was & VSW_KEY_MAP_TUNNEL)
		memcpy(tunnel, sent_by, sizeof(sent_by));
}

void vsw_run_fetch(struct vsw_run *run, vsw_key_map map)
{
	if (unlikely(map & ~run->map))
		fetch(run, map);
}

void vsw_run_program(struct vsw_run *run, const struct vsw_actions *actions)
{
	vsw_run_fetch(run, actions->map);
	run->next = (const void *)actions->program;
	run->end = (const void *)(actions->program + actions->words);
}

/* @flow of @table was found, and says what comes next. */
void vsw_run_flow(struct vsw_run *run, struct vsw_flow *flow, u8 table)
{
	if (likely(!vsw_tracing()))
		vsw_flow_hit(flow, run->skb->len + ETH_HLEN);
	run->flow = flow;
	run->table = table;
	vsw_run_program(run, vsw_flow_actions(flow));
}

static __always_inline struct vsw_flow_found look_up(struct vsw_run *run, u8 table)
{
	if (unlikely(vsw_tracing()))
		return vsw_trace_lookup(run->view, table, &run->key, run->map, run->depth);
	return vsw_flow_lookup(run->view, table, &run->key, run->map);
}

/* One more table, by goto, resubmit or a miss, after the other or inside it. */
static enum vsw_drop deepen(struct vsw_runs *runs, struct vsw_run *run, u8 table)
{
	if (unlikely(run->depth >= VSWITCH_FLOW_DEPTH_MAX))
		return VSW_DROP_FLOW_LOOP;
	run->depth++;
	runs->actions += vsw_flow_table_masks(run->view, table) / VSW_RUN_MASKS;
	return likely(runs->actions <= VSW_RUN_ACTIONS) ? VSW_DROP_COUNT : VSW_DROP_FLOW_LOOP;
}

/* Nothing in @table matches, where @miss says what happens then; nothing is left to do. */
enum vsw_drop vsw_run_miss(struct vsw_runs *runs, struct vsw_run *run, u8 table, u8 miss)
{
	struct vsw_flow_found found;

	run->next = run->end;
	while (miss == VSWITCH_FLOW_MISS_CONTINUE && table < VSWITCH_FLOW_TABLE_MAX) {
		if (unlikely(deepen(runs, run, ++table) != VSW_DROP_COUNT))
			return VSW_DROP_FLOW_LOOP;
		found = look_up(run, table);
		if (found.flow) {
			vsw_run_flow(run, found.flow, table);
			return VSW_DROP_COUNT;
		}
		miss = found.miss;
	}
	run->why = VSW_DROP_FLOW_MISS;
	if (miss == VSWITCH_FLOW_MISS_NORMAL) {
		run->output = VSWITCH_FLOW_PORT_NORMAL;
		run->way = run->next_way;
	} else if (miss == VSWITCH_FLOW_MISS_CONTROLLER) {
		vsw_packet_in_miss(run->in, run->skb, table);
	}
	return VSW_DROP_COUNT;
}

static enum vsw_drop go_to(struct vsw_runs *runs, struct vsw_run *run, u8 table)
{
	enum vsw_drop reason = deepen(runs, run, table);
	struct vsw_flow_found found;

	if (unlikely(reason != VSW_DROP_COUNT))
		return reason;
	found = look_up(run, table);
	if (unlikely(!found.flow))
		return vsw_run_miss(runs, run, table, found.miss);
	vsw_run_flow(run, found.flow, table);
	return VSW_DROP_COUNT;
}

/* If nothing matches nothing is done: what the table says of that is for who goes there. */
static enum vsw_drop resubmit(struct vsw_runs *runs, struct vsw_run *run,
			      const struct vsw_action *action)
{
	u8 table = action->flags & VSW_RESUBMIT_TABLE ? action->small : run->table;
	u8 depth = run->depth;
	enum vsw_drop reason = deepen(runs, run, table);
	struct vsw_flow_found found;
	u16 in_port;

	if (unlikely(reason != VSW_DROP_COUNT))
		return reason;
	in_port = run->key.in_port;
	if (action->flags & VSW_RESUBMIT_PORT)
		run->key.in_port = action->value;
	found = look_up(run, table);
	run->key.in_port = in_port;
	if (!found.flow) {
		run->depth = depth;
		run->why = VSW_DROP_FLOW_MISS;
		return VSW_DROP_COUNT;
	}
	/* What is the last thing to be done is not come back from. */
	if (run->next < run->end && !vsw_run_push(runs, run, depth))
		return VSW_DROP_FLOW_LOOP;
	vsw_run_flow(run, found.flow, table);
	return VSW_DROP_COUNT;
}

static enum vsw_drop meter(struct vsw_run *run, const struct vsw_action *action)
{
	struct vsw_action_meter *own = (struct vsw_action_meter *)action;
	u8 dscp;

	switch (vsw_meter_measure(run->view->flows, action->value, &own->state,
				  run->skb, &dscp)) {
	case VSW_METER_DROPS:
		return VSW_DROP_METER;
	case VSW_METER_REMARKS:
		return vsw_rewrite_dscp(run->skb, &run->key, &run->layout, dscp) ?
		       VSW_DROP_COUNT : VSW_DROP_NO_MEMORY;
	default:
		return VSW_DROP_COUNT;
	}
}

static enum vsw_drop dec_ttl(struct vsw_run *run)
{
	bool expired = false;

	if (!vsw_rewrite_dec_ttl(run->skb, &run->key, &run->layout, &expired))
		return VSW_DROP_NO_MEMORY;
	return expired ? VSW_DROP_FLOW_TTL : VSW_DROP_COUNT;
}

/* Whether @number is that of the port by which the packet came, or was said to come. */
static bool is_in_port(const struct vsw_run *run, u32 number)
{
	return number == (run->map & VSW_KEY_MAP_OF(in_port) ? run->key.in_port :
							       run->in->number);
}

/* To where it came from nothing goes unless this is said by that name. */
static void output(struct vsw_run *run, u32 port)
{
	union vsw_run_way way = run->next_way;

	run->next_way.most = 0;
	if (is_in_port(run, port) && !(READ_ONCE(run->in->flags) & VSW_PORT_HAIRPIN)) {
		run->why = VSW_DROP_SAME_PORT;
		return;
	}
	run->output = port;
	run->way = way;
}

/* No port has a number as large as that of none is. */
static void output_field(struct vsw_run *run, const struct vsw_action *action)
{
	const struct vsw_action_move *move = (const void *)action;
	u32 port = vsw_field_number(&run->key, move->src, move->src_offset, action->value);

	output(run, min_t(u32, port, VSW_RUN_NO_PORT - 1));
}

static enum vsw_drop mirror(struct vsw_runs *runs, struct vsw_run *run,
			    const struct vsw_action *action)
{
	if (unlikely(runs->copies >= VSW_RUN_COPIES))
		return VSW_DROP_FLOW_LOOP;
	runs->copies++;
	vsw_mirror_flow(run->in->sw, run->skb,
			container_of(action, struct vsw_action_mirror, action)->name);
	return VSW_DROP_COUNT;
}

/* The packet, which is dropped, is answered by the port that it came by. */
static enum vsw_drop reject(struct vsw_runs *runs, struct vsw_run *run)
{
	struct sk_buff *answer;

	if (unlikely(runs->copies >= VSW_RUN_COPIES))
		return VSW_DROP_FLOW_LOOP;
	runs->copies++;
	answer = vsw_reject(run->in, run->skb, &run->key, &run->layout);
	if (unlikely(vsw_tracing()))
		vsw_trace_effect(answer ? VSWITCH_TRACE_EFFECT_REJECT :
					  VSWITCH_TRACE_EFFECT_NO_ANSWER, NULL);
	/* What was said of the next output is not of this one. */
	run->way.any = 0;
	if (answer)
		vsw_run_send_copy(run, answer, VSWITCH_FLOW_PORT_IN_PORT);
	return VSW_DROP_FLOW_REJECT;
}

static void tell(struct vsw_run *run, const struct vsw_action *action)
{
	if (vsw_packet_in_action(run->in, run->skb, action, run->table,
				 vsw_flow_cookie(run->flow)))
		run->settled = true;
}

/* The packet gets the state of its connection, and goes on here, or in a table. */
static noinline enum vsw_drop track(struct vsw_runs *runs, struct vsw_run *run,
				    const struct vsw_action *action)
{
	bool goes = action->flags & VSW_CT_TABLE;
	enum vsw_drop reason = VSW_DROP_COUNT;

	if (goes)
		reason = vsw_run_branch(runs, run);
	if (unlikely(reason != VSW_DROP_COUNT))
		return reason;
	run->next_way.is_tracked = true;
	if (!run->key.ct_gathered)
		run->mru = 0;
	reason = vsw_ct_track(run->in, &run->skb, &run->key, &run->layout,
			      container_of(action, struct vsw_action_ct, action), &run->mru);
	if (reason != VSW_DROP_COUNT)
		return reason;
	if (!run->skb) {
		vsw_run_lose(runs, run);
		return VSW_DROP_COUNT;
	}
	return goes ? go_to(runs, run, action->small) : VSW_DROP_COUNT;
}

/* Actions that change the packet. */
static enum vsw_drop rewrite(struct vsw_run *run, const struct vsw_action *action)
{
	struct vsw_key_layout *layout = &run->layout;
	struct vsw_key *key = &run->key;
	struct sk_buff *skb = run->skb;
	bool done = true;

	switch (action->type) {
	case VSWITCH_A_ACTION_SET:
		done = vsw_rewrite_set(skb, key, layout, (const void *)action);
		break;
	case VSWITCH_A_ACTION_MOVE:
		done = vsw_rewrite_move(skb, key, layout, (const void *)action);
		break;
	case VSWITCH_A_ACTION_PUSH_VLAN:
		done = vsw_rewrite_push_vlan(skb, key, layout, action->value);
		break;
	case VSWITCH_A_ACTION_POP_VLAN:
		done = vsw_rewrite_pop_vlan(skb, key, layout);
		break;
	}
	return likely(done) ? VSW_DROP_COUNT : VSW_DROP_NO_MEMORY;
}

/* The next thing to be done. VSW_DROP_COUNT, or why the packet is dropped. */
enum vsw_drop vsw_run_action(struct vsw_runs *runs, struct vsw_run *run,
			     const struct vsw_action *action)
{
	enum vsw_drop reason;

	if (unlikely(++runs->actions > VSW_RUN_ACTIONS))
		return VSW_DROP_FLOW_LOOP;
	if (run->output != VSW_RUN_NO_PORT) {
		reason = vsw_run_output(runs, run);
		if (unlikely(reason != VSW_DROP_COUNT))
			return reason;
	}
	switch (action->type) {
	case VSWITCH_A_ACTION_OUTPUT:
		output(run, action->value);
		break;
	case VSWITCH_A_ACTION_DROP:
		run->next = run->end;
		run->why = VSW_DROP_FLOW_DROP;
		break;
	case VSWITCH_A_ACTION_DEC_TTL:
		return dec_ttl(run);
	case VSWITCH_A_ACTION_PRIORITY:
		run->skb->priority = action->value;
		break;
	case VSWITCH_A_ACTION_METER:
		return meter(run, action);
	case VSWITCH_A_ACTION_GROUP:
		return vsw_run_group(runs, run, action->value);
	case VSWITCH_A_ACTION_GOTO:
		return go_to(runs, run, action->small);
	case VSWITCH_A_ACTION_RESUBMIT:
		return resubmit(runs, run, action);
	case VSWITCH_A_ACTION_CONTROLLER:
		tell(run, action);
		break;
	case VSWITCH_A_ACTION_TRUNCATE:
		/* What is longer could not leave but in parts. */
		run->next_way.most = action->value <= U16_MAX ? action->value : 0;
		break;
	case VSWITCH_A_ACTION_CT:
		return track(runs, run, action);
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		output_field(run, action);
		break;
	case VSWITCH_A_ACTION_REJECT:
		return reject(runs, run);
	case VSWITCH_A_ACTION_SAMPLE:
		vsw_sample(run->in, run->skb,
			   container_of(action, struct vsw_action_sample, action));
		break;
	case VSWITCH_A_ACTION_LEARN:
		vsw_learn(container_of(action, struct vsw_action_learn, action), &run->key,
			  runs->lesson);
		break;
	case VSWITCH_A_ACTION_MIRROR:
		return mirror(runs, run, action);
	default:
		return rewrite(run, action);
	}
	return VSW_DROP_COUNT;
}
