// SPDX-License-Identifier: GPL-2.0
/*
 * Has a packet walk through a switch in the context of who asks, with BH off as it is for
 * one that was received, and writes down what is done with it. The static key is on while
 * somebody asks, and a little longer: who asks often does not change code as often.
 *
 * Each place that would leave something behind asks vsw_tracing(); it is the one that
 * asked as long as this CPU has a trace of this task.
 */
#include <linux/etherdevice.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include "fdb_path.h"
#include "forward.h"
#include "meter.h"
#include "tracer.h"

#define KEEP_ON	HZ

DEFINE_STATIC_KEY_FALSE(vsw_trace_wanted);

static DEFINE_PER_CPU(struct vsw_trace *, current_trace);

/* Of PREEMPT_RT BH off do not keep a second one from this CPU. */
static DEFINE_MUTEX(walk_lock);

/* Covers the static key and who wants it on. */
static DEFINE_MUTEX(wanted_lock);
static unsigned int users;

static void turn_off(struct work_struct *work)
{
	mutex_lock(&wanted_lock);
	if (!users)
		static_branch_disable(&vsw_trace_wanted);
	mutex_unlock(&wanted_lock);
}

static DECLARE_DELAYED_WORK(off_work, turn_off);

static void turn_on(void)
{
	mutex_lock(&wanted_lock);
	users++;
	static_branch_enable(&vsw_trace_wanted);
	mutex_unlock(&wanted_lock);
}

static void let_go(void)
{
	mutex_lock(&wanted_lock);
	if (!--users)
		mod_delayed_work(system_wq, &off_work, KEEP_ON);
	mutex_unlock(&wanted_lock);
}

/* Nobody asks any more. */
void vsw_tracer_exit(void)
{
	flush_delayed_work(&off_work);
}

/*
 * Of PREEMPT_RT another task may be here, with BH off, too. What an interrupt sends, a
 * console over the network, is not traced.
 */
bool vsw_trace_is_here(void)
{
	const struct vsw_trace *trace = this_cpu_read(current_trace);

	return trace && trace->task == current && !in_hardirq() && !in_nmi();
}

/* ---- the walk -------------------------------------------------------------- */

static struct sk_buff *make_packet(const struct vsw_trace_request *request)
{
	struct sk_buff *skb = alloc_skb(LL_MAX_HEADER + request->length,
					GFP_KERNEL | __GFP_NOWARN);

	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	skb_put_data(skb, request->frame, request->length);
	skb->mark = request->mark;
	return skb;
}

/* False: there is no such port, and the packet is the caller's still. */
static bool walk(struct vsw_switch *sw, u32 number, struct sk_buff *skb,
		 struct vsw_trace *trace)
{
	struct vsw_port *in;

	mutex_lock(&walk_lock);
	rcu_read_lock();
	local_bh_disable();
	in = vsw_output_port(sw, number);
	if (in) {
		trace->task = current;
		this_cpu_write(current_trace, trace);
		skb->dev = in->dev;
		vsw_walk_traced(in, skb, trace->has_flows);
		this_cpu_write(current_trace, NULL);
	}
	local_bh_enable();
	rcu_read_unlock();
	mutex_unlock(&walk_lock);
	return in;
}

int vsw_trace_run(struct vsw_switch *sw, const struct vsw_trace_request *request,
		  struct vsw_trace *trace)
{
	struct sk_buff *skb = make_packet(request);
	bool done;

	if (!skb)
		return -ENOMEM;
	turn_on();
	done = walk(sw, request->port, skb, trace);
	let_go();
	if (done)
		return 0;
	kfree_skb(skb);
	return -ENODEV;
}

/* ---- what is written down --------------------------------------------------- */

/* Where one that is too much goes to. */
static struct vsw_trace_step *add(struct vsw_trace *trace, u8 kind)
{
	struct vsw_trace_step *step;

	if (trace->count == ARRAY_SIZE(trace->step)) {
		trace->cut = true;
		return NULL;
	}
	step = &trace->step[trace->count++];
	step->kind = kind;
	step->depth = trace->depth;
	step->reason = VSW_DROP_COUNT;
	return step;
}

static struct vsw_trace_step *add_here(u8 kind)
{
	return add(this_cpu_read(current_trace), kind);
}

static void add_port(u8 kind, const struct vsw_port *port, u8 outcome)
{
	struct vsw_trace_step *step = add_here(kind);

	if (!step)
		return;
	step->port = port->number;
	step->outcome = outcome;
}

void vsw_trace_port(const struct vsw_port *in, unsigned long flags)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_PORT);

	if (!step)
		return;
	step->port = in->number;
	if ((flags & (VSW_PORT_FORWARDING | VSW_PORT_SHUT)) == VSW_PORT_FORWARDING)
		step->state = "forwarding";
	else if ((flags & (VSW_PORT_LEARNS_ONLY | VSW_PORT_SHUT)) == VSW_PORT_LEARNS_ONLY)
		step->state = "learning";
	else
		step->state = vsw_drop_names[vsw_why_not(in, flags)];
}

/* 0: the switch does not filter by VLAN. */
void vsw_trace_vlan(int vid)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_VLAN);

	if (!step)
		return;
	step->has_vid = vid;
	step->vid = vid;
}

void vsw_trace_guard(enum vsw_drop reason)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_GUARD);

	if (step)
		step->reason = reason;
}

/* @out is NULL if it goes to many. */
void vsw_trace_normal(u8 destination, const struct vsw_port *out, u16 vid)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_NORMAL);

	if (!step)
		return;
	step->outcome = destination;
	step->port = out ? out->number : 0;
	step->has_vid = vid;
	step->vid = vid;
}

/* @skb is dressed, with data behind its MAC header. */
void vsw_trace_output(const struct vsw_port *out, const struct sk_buff *skb)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_OUTPUT);
	struct vlan_hdr buffer;
	const struct vlan_hdr *tag;

	this_cpu_read(current_trace)->outputs++;
	if (!step)
		return;
	step->port = out->number;
	step->length = vsw_frame_len(skb);
	if (skb_vlan_tag_present(skb)) {
		step->has_tag = true;
		step->tci = skb_vlan_tag_get(skb);
		step->tag_proto = skb->vlan_proto;
	} else if (eth_type_vlan(skb->protocol)) {
		tag = skb_header_pointer(skb, 0, sizeof(buffer), &buffer);
		step->has_tag = tag;
		step->tci = tag ? ntohs(tag->h_vlan_TCI) : 0;
		step->tag_proto = skb->protocol;
	}
}

void vsw_trace_drop(const struct vsw_port *port, enum vsw_drop reason)
{
	struct vsw_trace *trace = this_cpu_read(current_trace);
	struct vsw_trace_step *step = add(trace, VSWITCH_TRACE_KIND_DROP);

	trace->drops++;
	if (!step)
		return;
	step->port = port->number;
	step->reason = reason;
	step->action = reason == VSW_DROP_FLOW_DROP ? trace->drop : NULL;
}

void vsw_trace_pass(const struct vsw_port *in)
{
	add_port(VSWITCH_TRACE_KIND_PASS, in, 0);
}

void vsw_trace_shut(const struct vsw_port *port, u8 reason)
{
	add_port(VSWITCH_TRACE_KIND_SHUT, port, reason);
}

void vsw_trace_answer(const struct vsw_port *in)
{
	add_port(VSWITCH_TRACE_KIND_ANSWER, in, 0);
}

void vsw_trace_group(u32 id, u8 type)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_GROUP);
	struct vsw_trace *trace = this_cpu_read(current_trace);

	trace->group_depth = trace->depth;
	if (!step)
		return;
	step->group = id;
	step->outcome = type;
}

void vsw_trace_bucket(u32 id)
{
	struct vsw_trace *trace = this_cpu_read(current_trace);
	struct vsw_trace_step *step;

	/* Those of the bucket before may have led further. */
	trace->depth = trace->group_depth;
	step = add(trace, VSWITCH_TRACE_KIND_BUCKET);
	if (step)
		step->id = id;
}

void vsw_trace_meter(u32 id, u8 outcome)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_METER);

	if (!step)
		return;
	step->id = id;
	step->outcome = outcome;
}

void vsw_trace_effect(u8 effect, const char *name)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_EFFECT);

	if (!step)
		return;
	step->outcome = effect;
	if (name)
		strscpy(step->name, name, sizeof(step->name));
}

void vsw_trace_source(struct vsw_port *in, u64 key)
{
	struct vsw_trace_step *step;
	struct vsw_fdb_entry entry;
	bool is_known;

	if (!vsw_fdb_may_learn(in))
		return;
	is_known = vsw_fdb_find_source(in->sw, key, &entry);
	if (is_known ? !is_dynamic(&entry) || entry.port == in->number || vsw_fdb_port_is_full(in) :
		       vsw_fdb_is_full(in))
		return;
	step = add_here(VSWITCH_TRACE_KIND_EFFECT);
	if (!step)
		return;
	step->outcome = is_known ? VSWITCH_TRACE_EFFECT_MOVE_MAC :
				   VSWITCH_TRACE_EFFECT_LEARN_MAC;
	step->port = is_known ? entry.port : in->number;
}

void vsw_trace_learn(u8 effect, const struct vsw_action_learn *learn,
		     const struct vsw_key *key)
{
	struct vsw_trace_step *step = add_here(VSWITCH_TRACE_KIND_EFFECT);

	if (!step)
		return;
	step->outcome = effect;
	step->action = &learn->action;
	step->key = *key;
}

/* ---- tables and actions ------------------------------------------------------ */

static struct vsw_flow_found find(const struct vsw_flow_view *view, u8 table,
				  struct vsw_key *key, vsw_key_map map)
{
	const struct vsw_flow_table *t = vsw_path_dereference(view->table[table]);
	const struct vsw_flow_tuples *tuples;
	struct vsw_flow_found found = {
		.miss = table ? VSWITCH_FLOW_MISS_DROP : VSWITCH_FLOW_MISS_NORMAL,
	};

	if (!t)
		return found;
	found.miss = READ_ONCE(t->miss);
	tuples = vsw_path_dereference(t->tuples);
	if (tuples->map & ~map)
		found.flow = vsw_flow_tuples_lookup_some(tuples, key, map);
	else
		found.flow = vsw_flow_tuples_lookup(tuples, key);
	return found;
}

struct vsw_flow_found vsw_trace_lookup(const struct vsw_flow_view *view, u8 table,
				       struct vsw_key *key, vsw_key_map map, u8 depth)
{
	struct vsw_flow_found found = find(view, table, key, map);
	struct vsw_trace *trace = this_cpu_read(current_trace);
	struct vsw_trace_step *step;

	trace->depth = depth;
	step = add(trace, VSWITCH_TRACE_KIND_LOOKUP);
	if (!step)
		return found;
	step->table = table;
	step->flow = found.flow;
	step->miss = found.miss;
	step->key = *key;
	step->map = map;
	return found;
}

/* Actions that may change the packet, and so its key. */
static bool is_rewrite(u8 type)
{
	switch (type) {
	case VSWITCH_A_ACTION_SET:
	case VSWITCH_A_ACTION_MOVE:
	case VSWITCH_A_ACTION_PUSH_VLAN:
	case VSWITCH_A_ACTION_POP_VLAN:
	case VSWITCH_A_ACTION_DEC_TTL:
	case VSWITCH_A_ACTION_METER:
	case VSWITCH_A_ACTION_CT:
		return true;
	}
	return false;
}

enum vsw_drop vsw_trace_action(struct vsw_runs *runs, struct vsw_run *run,
			       const struct vsw_action *action)
{
	struct vsw_trace *trace = this_cpu_read(current_trace);
	enum vsw_drop reason = VSW_DROP_COUNT;
	struct vsw_trace_step *step;

	/* Which is told of before what comes then. */
	if (run->output != VSW_RUN_NO_PORT)
		reason = vsw_run_output(runs, run);
	if (reason != VSW_DROP_COUNT)
		return reason;
	trace->depth = run->depth;
	step = add(trace, VSWITCH_TRACE_KIND_ACTION);
	if (action->type == VSWITCH_A_ACTION_DROP)
		trace->drop = action;
	if (!step)
		return vsw_run_action(runs, run, action);
	step->action = action;
	if (!is_rewrite(action->type))
		return vsw_run_action(runs, run, action);
	step->was = run->key;
	step->map = run->map;
	reason = vsw_run_action(runs, run, action);
	step->key = run->key;
	return reason;
}
