/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is to be done with a packet, as a program of words that has been checked once.
 * action_nl.c writes it, action.c checks it, pipeline.c runs it.
 */
#ifndef _VSWITCH_ACTION_H
#define _VSWITCH_ACTION_H

#include <linux/netfilter/nf_nat.h>
#include <linux/align.h>
#include <linux/types.h>

#include <uapi/linux/vswitch.h>

#include "key.h"

struct nf_conn;
struct psample_group;
struct vsw_flows;
struct vsw_switch;

/* Begins each action; all are made of whole words. */
struct vsw_action {
	u8 type;			/* VSWITCH_A_ACTION_* */
	u8 words;			/* with this one */
	/* field of set; table of goto and resubmit; bytes of label, userdata */
	u8 small;
	u8 flags;			/* VSW_RESUBMIT_*, VSW_WRITES_ICMP, VSW_CT_* */
	u32 value;			/* port, EtherType, priority, meter, group, ... */
};

enum {
	VSW_RESUBMIT_PORT	= 1,	/* value is the in-port */
	VSW_RESUBMIT_TABLE	= 2,	/* small is the table; else that of the flow */
	/*
	 * Of set and move: what is tp-src and tp-dst here is ICMP's type and code, since the
	 * match says so. Ports are meant else, and ICMP is left alone. vsw_actions_check().
	 */
	VSW_WRITES_ICMP		= 4,
};

enum {
	VSW_CT_COMMIT	= BIT(0),	/* the connection is to be known from now on */
	VSW_CT_FORCE	= BIT(1),	/* the packet's direction is the original one */
	VSW_CT_TABLE	= BIT(2),	/* the packet goes on in table action.small */
	VSW_CT_NAT	= BIT(3),	/* as the connection has it ... */
	VSW_CT_SNAT	= BIT(4),	/* ... or, if it is new, to this */
	VSW_CT_DNAT	= BIT(5),
};

/* VSWITCH_A_ACTION_SET; both zero behind the field's size, value 0 where mask is. */
struct vsw_action_set {
	struct vsw_action action;
	u8 value[16];
	u8 mask[16];
};

struct vsw_action_move {
	struct vsw_action action;	/* value: bits */
	u8 src, dst;
	u16 src_offset, dst_offset;
	u16 unused;
};

/* VSWITCH_A_ACTION_OUTPUT_FIELD is a vsw_action_move, too, without a dst. */

/* VSWITCH_A_ACTION_SAMPLE; value: one of so many. */
struct vsw_action_sample {
	struct vsw_action action;
	u32 group_number;
	u32 max_len;			/* 0: all */
	/* As long as a flow or a bucket has it, see sample.c; written under the flow lock. */
	struct psample_group __rcu *group;
};

/* VSWITCH_A_ACTION_MIRROR: by its name each time, so that it may be made anew. */
struct vsw_action_mirror {
	struct vsw_action action;
	char name[ALIGN(VSWITCH_NAME_LEN + 1, 8)];
};

struct vsw_learn_spec {
	u8 kind;			/* enum vswitch_learn_kind */
	u8 src;				/* field of the packet; 0: value */
	u8 dst;				/* of the new flow; 0 if kind is output */
	u8 unused;
	u16 src_offset, dst_offset, bits;
	u16 at;				/* of src's bits in a lesson, see learn.h */
	u32 unused_2;
	u8 value[16];			/* as of dst, but from its lowest bit on */
};

struct vsw_learner;

/* VSWITCH_A_ACTION_LEARN; value: limit, small: table. */
struct vsw_action_learn {
	struct vsw_action action;
	u64 cookie;
	u32 idle_timeout, hard_timeout;	/* ms */
	u16 priority;
	u16 specs;
	u16 length;			/* bytes of a lesson */
	u16 unused;
	/* As long as a flow or a bucket has it, see learn.c; written under the flow lock. */
	struct vsw_learner __rcu *learner __aligned(8);
	struct vsw_learn_spec spec[];
};

/* VSWITCH_A_ACTION_DROP: small bytes of label, with a NUL behind. */
struct vsw_action_drop {
	struct vsw_action action;
	char label[];
};

/* VSWITCH_A_ACTION_METER. The state is of a meter that is per-flow. */
struct vsw_action_meter {
	struct vsw_action action;
	u64 state;			/* written by the path, with cmpxchg */
};

struct vsw_action_controller {
	struct vsw_action action;	/* value: max-len, small: bytes of userdata */
	u32 rate;			/* a second */
	u32 unused;
	u64 state;			/* of the rate, written by the path */
	u64 lost;			/* packets not told of; likewise */
	u8 userdata[];
};

/* VSWITCH_A_ACTION_CT. The zone is in action.value, the table in action.small. */
struct vsw_action_ct {
	struct vsw_action action;	/* flags: VSW_CT_* */
	u32 mark, mark_mask;		/* of the connection, when it is committed */
	char helper[VSWITCH_FLOW_HELPER_LEN + 1];	/* likewise; empty: none */
	u8 nat_family;			/* NFPROTO_* of the range, 0: it has none */
	u8 family, ip_proto;		/* from the flow's match: vsw_ct_check() */
	u8 unused[5];
	struct nf_nat_range2 range;
	/* Owned by the program: has the zone and the helper. See vsw_ct_prepare(). */
	struct nf_conn *template;
};

/*
 * A program. Owned by a flow or a bucket, freed by RCU with it. Never changed once it can
 * be seen, but for the states above.
 */
struct vsw_actions {
	struct rcu_head rcu;
	u32 words;			/* 0: drop, without a label */
	u32 memory;			/* bytes of all of this */
	vsw_key_map map;		/* words that have to be extracted for them */
	bool tracks;			/* there is a ct among them */
	/* words, of which the first is the first action, ... */
	u64 program[] __aligned(8);
};

#define VSW_ACTIONS_WORDS_MAX	4096

#define vsw_for_each_action(action, actions)					\
	for ((action) = (const void *)(actions)->program;			\
	     (const u64 *)(action) < (actions)->program + (actions)->words;	\
	     (action) = (const void *)((const u64 *)(action) + (action)->words))

struct netlink_ext_ack;

/* A program of at most @words words, which are 0, charged to who asks; or NULL. */
struct vsw_actions *vsw_actions_alloc(u32 words);
void vsw_actions_free(struct vsw_actions *actions);	/* nobody has seen it; or NULL */
void vsw_actions_free_rcu(struct vsw_actions *actions);

/* Where the actions are. */
enum vsw_actions_of { VSW_ACTIONS_OF_FLOW, VSW_ACTIONS_OF_BUCKET };

/*
 * Whether @actions can be run for packets that match, and what they need of the key, which
 * goes into actions->map. goto leads from @table to a later one and is last, drop is the
 * only one, fields that are set are there by the match, ... What they name is not looked
 * at: groups and meters are checked by who inserts them. -EINVAL with a sentence.
 */
int vsw_actions_check(struct vsw_actions *actions, enum vsw_actions_of of, u8 table,
		      const struct vsw_key *key, const struct vsw_key *mask,
		      struct netlink_ext_ack *extack);
bool vsw_actions_output_to(const struct vsw_actions *actions, u32 port);
bool vsw_actions_use_group(const struct vsw_actions *actions, u32 group);
bool vsw_actions_use_meter(const struct vsw_actions *actions, u32 meter);
bool vsw_actions_are_equal(const struct vsw_actions *a, const struct vsw_actions *b);

/*
 * action_use.c: who has @actions uses the groups and meters that they name, and what else is
 * not theirs. -ENOENT, -EOPNOTSUPP, -ENOMEM with a sentence, and nothing is used. Flow lock.
 */
int vsw_actions_use(struct vsw_flows *flows, struct vsw_actions *actions,
		    struct netlink_ext_ack *extack);
/* Packets may still have them, until a grace period is over. */
void vsw_actions_unuse(struct vsw_flows *flows, struct vsw_actions *actions);

#endif /* _VSWITCH_ACTION_H */
