/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of a packet while it runs through the flow tables. */
#ifndef _VSWITCH_RUN_H
#define _VSWITCH_RUN_H

#include <linux/interrupt.h>
#include <linux/local_lock.h>

#include "flow_path.h"
#include "group.h"
#include "learn.h"

/*
 * A device may hand what we send by it to another switch at once, on this CPU: so many
 * switches may be inside each other.
 */
#define VSW_RUNS	4
/* Of all runs of a CPU: what is inside another has what that one leaves. */
#define VSW_RUN_STEPS	(VSWITCH_FLOW_DEPTH_MAX + 16)
/* Of one packet and all that it makes, in switches inside each other. */
#define VSW_RUN_ACTIONS	4096
#define VSW_RUN_COPIES	4096
/* To ask a table for so many masks, behind the first table, counts as an action. */
#define VSW_RUN_MASKS	16

/* No number of a port, and none of VSWITCH_FLOW_PORT_*. */
#define VSW_RUN_NO_PORT	U32_MAX

/* Words of VSW_KEY_MAP_STATE, which the packet does not say. */
#define VSW_RUN_STATE_WORDS	10
/* And of VSW_KEY_MAP_TUNNEL, which it does not once they are set. */
#define VSW_RUN_KEPT_WORDS	(VSW_RUN_STATE_WORDS + VSW_KEY_TUNNEL_WORDS)

/* Where to go on when a program is over. */
struct vsw_step {
	const struct vsw_action *next, *end;
	struct vsw_flow *flow;
	struct sk_buff *skb;		/* as it was before a group or ct; NULL: of a resubmit */
	const struct vsw_group *group;
	const struct vsw_bucket *bucket;	/* the next one, or NULL; of ct, too */
	u32 i;				/* see vsw_group_select() */
	u16 in_port;
	u16 ct_state;
	u32 ct_mark;
	u8 table, depth;
	bool was_left;			/* by a bucket, which may have changed the key */
	vsw_key_map kept;		/* these words ... */
	u64 state[VSW_RUN_KEPT_WORDS];	/* ... as they were */
};

/* How a packet leaves. In two parts, so that an output takes one and leaves the other. */
union vsw_run_way {
	struct {
		u16 most;		/* bytes of it, 0: all */
		u16 is_tracked;		/* or has been, by ct */
	};
	u32 any;			/* 0: as it is */
};

struct vsw_run {
	struct vsw_key key;
	struct vsw_key_layout layout;
	vsw_key_map map;		/* words that are there */
	struct vsw_port *in;
	struct sk_buff *skb;		/* NULL: it is gone */
	const struct vsw_flow_view *view;
	const struct vsw_action *next, *end;
	struct vsw_flow *flow;		/* of which these are */
	/*
	 * By which it is to leave. That is done when it is known whether it is the last
	 * thing to be done with it: then nothing has to be copied.
	 */
	u32 output;
	union vsw_run_way way;		/* and how */
	union vsw_run_way next_way;	/* likewise, of the output to come */
	u32 first_step;
	/* Of what was tracked, and made of fragments, see conntrack.h; else 0. */
	u16 mru;
	u8 table, depth;
	bool filters;			/* the switch does, by VLAN */
	bool settled;			/* something has become of the packet */
	enum vsw_drop why;		/* if nothing has, in the end */
};

struct vsw_runs {
	local_lock_t lock;		/* for PREEMPT_RT, see pipeline.c */
	struct task_struct *owner;
	u32 count, steps;		/* in use */
	u32 actions, copies;		/* done */
	struct vsw_run run[VSW_RUNS];
	struct vsw_step step[VSW_RUN_STEPS];
	u8 lesson[VSW_LESSON_MAX];	/* room for vsw_learn() */
};

/* run.c: of those that say why the packet is dropped, VSW_DROP_COUNT: it is not */
enum vsw_drop vsw_run_action(struct vsw_runs *runs, struct vsw_run *run,
			     const struct vsw_action *action);
enum vsw_drop vsw_run_miss(struct vsw_runs *runs, struct vsw_run *run, u8 table, u8 miss);
void vsw_run_flow(struct vsw_run *run, struct vsw_flow *flow, u8 table);
void vsw_run_program(struct vsw_run *run, const struct vsw_actions *actions);
void vsw_run_fetch(struct vsw_run *run, vsw_key_map map);

/* run_step.c: what is to be gone on with; groups */
struct vsw_step *vsw_run_push(struct vsw_runs *runs, struct vsw_run *run, u8 depth);
enum vsw_drop vsw_run_group(struct vsw_runs *runs, struct vsw_run *run, u32 id);
enum vsw_drop vsw_run_branch(struct vsw_runs *runs, struct vsw_run *run);
bool vsw_run_go_on(struct vsw_runs *runs, struct vsw_run *run);
void vsw_run_give_up(struct vsw_runs *runs, struct vsw_run *run, enum vsw_drop reason);
void vsw_run_lose(struct vsw_runs *runs, struct vsw_run *run);

/* run_output.c */
rx_handler_result_t vsw_run_send(const struct vsw_run *run, struct sk_buff **pskb, u32 port);
bool vsw_run_tag(const struct vsw_port *in, struct sk_buff **pskb);
enum vsw_drop vsw_run_output(struct vsw_runs *runs, struct vsw_run *run);
void vsw_run_end_copy(struct vsw_run *run);
void vsw_run_send_copy(struct vsw_run *run, struct sk_buff *copy, u32 port);

#endif /* _VSWITCH_RUN_H */
