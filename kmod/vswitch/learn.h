/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows that packets make. A packet leaves a lesson: the bits of it from which the flow
 * follows. Where there is no such lesson yet, a worker of the switch makes the flow in the
 * usual way; where there is one, the flow's time begins anew.
 *
 * learn.c has lessons and what packets and flows do with them, lesson.c what follows from
 * one.
 */
#ifndef _VSWITCH_LEARN_H
#define _VSWITCH_LEARN_H

#include "field_bits.h"
#include "flow.h"

#define VSW_LEARN_SPECS_MAX	32
#define VSW_LEARN_LIMIT		1000
/* Bytes of a lesson at most: the largest field for each spec. */
#define VSW_LESSON_MAX		(VSW_LEARN_SPECS_MAX * 16)

struct vsw_lesson;

/* ---- lesson.c -------------------------------------------------------------- */

/* @learn, whose specs name fields that there are, is given its lesson's shape. */
void vsw_lesson_shape(struct vsw_action_learn *learn);
/*
 * Whether flows can be made of @learn: their fields have the bits, and are there by
 * constants of the match. What is read of the packet is for who calls. -EINVAL, -ENOMEM.
 */
int vsw_lesson_check(const struct vsw_action_learn *learn, struct netlink_ext_ack *extack);
/* What @key says, in @data of learn->length bytes. */
void vsw_lesson_read(const struct vsw_action_learn *learn, const struct vsw_key *key, u8 *data);
/* The flow that follows, not in its table yet, or an ERR_PTR(). @config is room for it. */
struct vsw_flow *vsw_lesson_flow(const struct vsw_action_learn *learn, const u8 *data,
				 struct vsw_flow_config *config);

/* ---- learn.c --------------------------------------------------------------- */

/*
 * A flow or a bucket has @learn now, until it is unused; memory of what it makes is charged
 * to who asks. Flow lock.
 */
int vsw_learn_use(struct vsw_flows *flows, struct vsw_action_learn *learn,
		  struct netlink_ext_ack *extack);
void vsw_learn_unuse(struct vsw_action_learn *learn);
/* A packet with @key meets @learn; @room is for VSW_LESSON_MAX bytes. RCU with BH off. */
void vsw_learn(const struct vsw_action_learn *learn, const struct vsw_key *key, u8 *room);
/* @flow, which follows from a lesson, is in its table no more. Flow lock. */
void vsw_lesson_end(struct vsw_flow *flow);
/* When the lesson of @flow was heard last, in ms as of vsw_flow_now(). Flow lock. */
u64 vsw_lesson_heard(const struct vsw_flow *flow);
/* No packet learns any more. First: nothing is made from now on; then: all lessons are over. */
void vsw_learn_stop(struct vsw_flows *flows);
void vsw_learn_free(struct vsw_flows *flows);

#endif /* _VSWITCH_LEARN_H */
