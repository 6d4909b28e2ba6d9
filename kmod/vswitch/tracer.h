/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet is walked through the switch without being sent, and what is done is written
 * down. It is the path itself that does it: where a packet would leave, or something be
 * counted, learned, asked or told, it asks vsw_tracing() and tells of it here instead.
 */
#ifndef _VSWITCH_TRACER_H
#define _VSWITCH_TRACER_H

#include <linux/jump_label.h>

#include "flow_path.h"
#include "run.h"

struct task_struct;

/* Flows are looked at for those that nearly matched, so many a trace. */
#define VSW_TRACE_LOOKS_MAX	65536

/* The longest name of a mirror or a helper, and its end. */
#define VSW_TRACE_NAME_SIZE	32

struct vsw_trace_step {
	u8 kind;			/* enum vswitch_trace_kind: what else is said */
	u8 depth;
	u8 table, miss;
	u8 outcome;			/* enum vswitch_trace_destination, _effect, ... */
	bool has_vid, has_tag;
	u16 vid, tci;
	__be16 tag_proto;
	enum vsw_drop reason;		/* VSW_DROP_COUNT: none */
	u32 port, group, id, length;
	const char *state;
	const struct vsw_flow *flow;
	const struct vsw_action *action;
	char name[VSW_TRACE_NAME_SIZE];
	vsw_key_map map;		/* words of the keys that are there */
	/* Before and after an action; the latter of a lookup, and of what is learned. */
	struct vsw_key was, key;
};

/* Of one packet. The flow lock, if there are flows, is held as long as it is looked at. */
struct vsw_trace {
	const struct task_struct *task;
	bool has_flows;			/* the flow lock is held */
	u32 depth, group_depth;
	u32 outputs, drops;
	u32 count;
	bool cut;
	u32 looks;			/* at flows that did not match, so far */
	const struct vsw_action *drop;	/* the last one, for its label */
	struct vsw_trace_step step[VSWITCH_TRACE_STEPS_MAX];
};

struct vsw_trace_request {
	u32 port;
	u32 mark;
	const void *frame;
	u32 length;
};

DECLARE_STATIC_KEY_FALSE(vsw_trace_wanted);

/* Of this task, on this CPU. BH off. */
bool vsw_trace_is_here(void);

/* Whether the packet is one that is only traced. BH off. Costs a NOP while there is none. */
static __always_inline bool vsw_tracing(void)
{
	return static_branch_unlikely(&vsw_trace_wanted) && vsw_trace_is_here();
}

void vsw_tracer_exit(void);

/*
 * Walk the packet of @request through @sw, into a @trace that is empty but for has_flows.
 * -ENODEV: there is no such port. May sleep. A reference to the switch's device, and the
 * flow lock if has_flows; flows that have come since are not met.
 */
int vsw_trace_run(struct vsw_switch *sw, const struct vsw_trace_request *request,
		  struct vsw_trace *trace);

/*
 * rx.c: @skb, from the Ethernet header on, comes by @in. Takes it. Flows are asked only if
 * @has_flows. Under RCU with BH off.
 */
void vsw_walk_traced(struct vsw_port *in, struct sk_buff *skb, bool has_flows);
/* pipeline.c */
int vsw_pipeline_traced(struct vsw_port *in, struct sk_buff **pskb, u16 vid);

/* What is told by the path; all only if vsw_tracing(), under RCU with BH off. */
void vsw_trace_port(const struct vsw_port *in, unsigned long flags);
void vsw_trace_vlan(int vid);
void vsw_trace_guard(enum vsw_drop reason);
void vsw_trace_normal(u8 destination, const struct vsw_port *out, u16 vid);
void vsw_trace_output(const struct vsw_port *out, const struct sk_buff *skb);
void vsw_trace_drop(const struct vsw_port *port, enum vsw_drop reason);
void vsw_trace_pass(const struct vsw_port *in);
void vsw_trace_shut(const struct vsw_port *port, u8 reason);
void vsw_trace_answer(const struct vsw_port *in);
void vsw_trace_group(u32 id, u8 type);
void vsw_trace_bucket(u32 id);
void vsw_trace_meter(u32 id, u8 outcome);
/* enum vswitch_trace_effect; of @name, or NULL */
void vsw_trace_effect(u8 effect, const char *name);
/* The source of a frame that came by @in. */
void vsw_trace_source(struct vsw_port *in, u64 key);
/* VSWITCH_TRACE_EFFECT_LEARN*, of a packet with @key. */
void vsw_trace_learn(u8 effect, const struct vsw_action_learn *learn,
		     const struct vsw_key *key);
/* As vsw_flow_lookup() and vsw_run_action(), but for what they count and remember. */
struct vsw_flow_found vsw_trace_lookup(const struct vsw_flow_view *view, u8 table,
				       struct vsw_key *key, vsw_key_map map, u8 depth);
enum vsw_drop vsw_trace_action(struct vsw_runs *runs, struct vsw_run *run,
			       const struct vsw_action *action);

/* tracer_near.c: flows of a table that did not match a packet, but nearly */
struct vsw_trace_near {
	const struct vsw_flow *flow;
	u32 matching, differing;	/* fields */
};

/*
 * The nearest ones to @step, a lookup: how many of @near there are, at most
 * VSWITCH_TRACE_NEAR_MAX. Those that the fewest fields keep from matching come first, of
 * these those that the most fields of match, and then the better ones. Not all flows are
 * looked at if trace->looks is VSW_TRACE_LOOKS_MAX then. Flow lock; may sleep.
 */
unsigned int vsw_trace_find_near(struct vsw_trace *trace, struct vsw_flows *flows,
				 const struct vsw_trace_step *step,
				 struct vsw_trace_near near[VSWITCH_TRACE_NEAR_MAX]);
/* Whether the field of this number is in @flow's match, and @key has something else there. */
bool vsw_trace_differs(const struct vsw_match *match, unsigned int number,
		       const struct vsw_key *key);

#endif /* _VSWITCH_TRACER_H */
