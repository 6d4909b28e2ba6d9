// SPDX-License-Identifier: GPL-2.0
/*
 * The flow tables' part of the packet walk: table 0 is asked, and the shortest program is
 * done here, as most are; run.c does all others.
 *
 * What has to be kept of a packet is large, so each CPU has room for it. As BH are off,
 * nobody else uses that meanwhile but a switch inside of ours, which has its own part, see
 * run.h. Of PREEMPT_RT that is not true from 6.18 on, where the lock says it; who has it
 * may come again.
 */
#include "forward.h"
#include "key_path.h"
#include "pipeline.h"
#include "run.h"
#include "tracer.h"

static struct vsw_runs __percpu *all_runs;

int __init vsw_pipeline_init(void)
{
	int cpu;

	all_runs = alloc_percpu(struct vsw_runs);
	if (!all_runs)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		local_lock_init(&per_cpu_ptr(all_runs, cpu)->lock);
	return 0;
}

void vsw_pipeline_exit(void)
{
	free_percpu(all_runs);
}

static __always_inline bool runs_lock(struct vsw_runs *runs)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT) || runs->owner == current)
		return false;
	local_lock_nested_bh(&all_runs->lock);
	runs->owner = current;
	return true;
}

static __always_inline void runs_unlock(struct vsw_runs *runs, bool locked)
{
	if (!locked)
		return;
	runs->owner = NULL;
	local_unlock_nested_bh(&all_runs->lock);
}

static noinline rx_handler_result_t drop(const struct vsw_port *in, struct sk_buff *skb,
					 enum vsw_drop reason)
{
	vsw_drop(in, skb, reason);
	return RX_HANDLER_CONSUMED;
}

static __always_inline void carry_out(struct vsw_runs *runs, struct vsw_run *run,
				      bool is_traced)
{
	const struct vsw_action *action;
	enum vsw_drop reason;

	do {
		while (run->next < run->end) {
			action = run->next;
			run->next = (const void *)((const u64 *)action + action->words);
			reason = is_traced ? vsw_trace_action(runs, run, action) :
					     vsw_run_action(runs, run, action);
			if (unlikely(reason != VSW_DROP_COUNT))
				vsw_run_give_up(runs, run, reason);
		}
	} while (vsw_run_go_on(runs, run));
}

/* All is carried out: what is left to do with the packet is the last thing. */
static int finish(struct vsw_run *run, struct sk_buff **pskb)
{
	struct vsw_port *in = run->in;

	*pskb = run->skb;
	if (!run->skb)
		return RX_HANDLER_CONSUMED;
	if (run->output == VSWITCH_FLOW_PORT_NORMAL && !run->way.any)
		return !run->filters || vsw_run_tag(in, pskb) ? VSW_GOES_NORMAL :
								RX_HANDLER_CONSUMED;
	if (run->output != VSW_RUN_NO_PORT)
		return vsw_run_send(run, pskb, run->output);
	if (!run->settled)
		return drop(in, run->skb, run->why);
	consume_skb(run->skb);
	return RX_HANDLER_CONSUMED;
}

/* The next packet begins without registers and metadata: no key is extracted with any. */
static void forget_state(struct vsw_key *key)
{
	unsigned long words = VSW_KEY_MAP_STATE;
	unsigned int word;

	for_each_set_bit(word, &words, VSW_KEY_WORDS)
		key->word[word] = 0;
}

static __always_inline int run_all_by(struct vsw_runs *runs, struct vsw_run *run,
				      struct sk_buff **pskb, struct vsw_flow_found found,
				      bool is_traced)
{
	enum vsw_drop reason;

	if (!runs->count) {
		runs->actions = 0;
		runs->copies = 0;
	}
	runs->count++;
	run->skb = *pskb;
	run->next = NULL;
	run->end = NULL;
	run->flow = NULL;
	run->output = VSW_RUN_NO_PORT;
	run->way.any = 0;
	run->next_way.any = 0;
	run->first_step = runs->steps;
	run->depth = 0;
	run->settled = false;
	run->why = VSW_DROP_FLOW_DROP;
	if (found.flow) {
		vsw_run_flow(run, found.flow, 0);
	} else {
		reason = vsw_run_miss(runs, run, 0, found.miss);
		if (unlikely(reason != VSW_DROP_COUNT))
			vsw_run_give_up(runs, run, reason);
	}
	carry_out(runs, run, is_traced);
	if (run->map & VSW_KEY_MAP_STATE)
		forget_state(&run->key);
	runs->count--;
	return finish(run, pskb);
}

/* What was found is more than the shortest program, or nothing. */
static noinline int run_all(struct vsw_runs *runs, struct vsw_run *run, struct sk_buff **pskb,
			    struct vsw_flow_found found)
{
	return run_all_by(runs, run, pskb, found, false);
}

/* Likewise, whatever was found, if it is only traced. */
static noinline int run_traced(struct vsw_runs *runs, struct vsw_run *run,
			       struct sk_buff **pskb, struct vsw_flow_found found)
{
	return run_all_by(runs, run, pskb, found, true);
}

/* To one port, by its number. */
static __always_inline int output_only(struct vsw_port *in, struct vsw_port *out,
				       struct sk_buff *skb, u16 vid)
{
	u32 way = vsw_way_to(in, out, vid);

	if (unlikely(!way))
		return vsw_output(in, out, skb, vid, false);
	return vsw_forward(in, out, way, skb, vid, VSW_FROM_ANYBODY);
}

static __always_inline int ask(struct vsw_runs *runs, struct vsw_port *in,
			       struct sk_buff **pskb, u16 vid, bool is_traced)
{
	const struct vsw_flows *flows = vsw_path_dereference(in->sw->flows);
	const struct vsw_flow_view *view;
	const struct vsw_actions *actions;
	const struct vsw_action *action;
	struct vsw_flow_found found;
	struct sk_buff *skb = *pskb;
	struct vsw_port *out;
	struct vsw_run *run;
	vsw_key_map map;

	if (vid && !skb_vlan_tag_present(skb))
		__vlan_hwaccel_put_tag(skb, READ_ONCE(in->sw->vlan_proto), vid);
	view = likely(flows) ? vsw_path_dereference(flows->view) : NULL;
	if (unlikely(!view))
		return VSW_GOES_NORMAL;
	if (unlikely(runs->count >= VSW_RUNS))
		return drop(in, skb, VSW_DROP_FLOW_LOOP);
	run = &runs->run[runs->count];
	/* Or GCC multiplies again for some of what is written there. */
	OPTIMIZER_HIDE_VAR(run);
	map = READ_ONCE(view->map);
	vsw_key_extract_usual(&run->key, &run->layout, in, skb, map);
	found = is_traced ? vsw_trace_lookup(view, 0, &run->key, map, 0) :
			    vsw_flow_lookup(view, 0, &run->key, map);
	if (likely(found.flow) && !is_traced) {
		actions = vsw_flow_actions(found.flow);
		action = (const void *)actions->program;
		if (likely(actions->words == 1 && action->type == VSWITCH_A_ACTION_OUTPUT)) {
			out = vsw_output_port(in->sw, action->value);
			if (likely(out)) {
				vsw_flow_hit(found.flow, skb->len + ETH_HLEN);
				return output_only(in, out, skb, vid);
			}
		}
	} else if (likely(!found.flow && found.miss == VSWITCH_FLOW_MISS_NORMAL)) {
		return VSW_GOES_NORMAL;
	}
	run->in = in;
	run->view = view;
	run->map = map;
	run->filters = vid;
	return is_traced ? run_traced(runs, run, pskb, found) : run_all(runs, run, pskb, found);
}

int vsw_pipeline(struct vsw_port *in, struct sk_buff **pskb, u16 vid)
{
	struct vsw_runs *runs = this_cpu_ptr(all_runs);
	bool locked = runs_lock(runs);
	int result = ask(runs, in, pskb, vid, false);

	runs_unlock(runs, locked);
	return result;
}

int vsw_pipeline_traced(struct vsw_port *in, struct sk_buff **pskb, u16 vid)
{
	struct vsw_runs *runs = this_cpu_ptr(all_runs);
	bool locked = runs_lock(runs);
	int result = ask(runs, in, pskb, vid, true);

	runs_unlock(runs, locked);
	return result;
}
