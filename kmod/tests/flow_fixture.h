/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows in table 0 of a view without a switch, for the suites that test the table. What is
 * in the view at the end goes with it.
 */
#ifndef _VSWITCH_FLOW_FIXTURE_H
#define _VSWITCH_FLOW_FIXTURE_H

#include <kunit/test.h>
#include <linux/etherdevice.h>

#include "flow_pack.h"
#include "flow_path.h"
#include "flow_tuple.h"

/* test->priv is one, or begins with one. */
struct flow_fixture {
	struct vsw_flow_view *view;
};

/* Whatever the packet is. */
static inline void init_config(struct vsw_flow_config *config, u16 priority)
{
	memset(config, 0, sizeof(*config));
	config->priority = priority;
	config->match.tp_src.max = U16_MAX;
	config->match.tp_dst.max = U16_MAX;
}

/* Packets to one MAC, by @n. */
static inline void mac_config(struct vsw_flow_config *config, u32 n, u16 priority)
{
	init_config(config, priority);
	config->match.key.eth_dst[0] = 2;
	memcpy(config->match.key.eth_dst + 2, &n, sizeof(n));
	eth_broadcast_addr(config->match.mask.eth_dst);
}

/* In no table yet. */
static inline struct vsw_flow *make_flow(struct kunit *test, const struct vsw_flow_config *config)
{
	struct vsw_actions *actions = vsw_actions_alloc(0);
	struct vsw_flow *flow;

	KUNIT_ASSERT_NOT_NULL(test, actions);
	flow = vsw_flow_alloc(config, actions, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(flow));
	return flow;
}

/* The one whose place it took has gone. */
static inline struct vsw_flow *add_flow(struct kunit *test, const struct vsw_flow_config *config)
{
	struct flow_fixture *f = test->priv;
	struct vsw_flow *flow = make_flow(test, config), *old;

	KUNIT_ASSERT_EQ(test, vsw_flow_table_reserve(f->view, flow), 0);
	old = vsw_flow_table_insert(f->view, flow);
	vsw_flow_view_changed(f->view);
	if (old)
		vsw_flow_free_rcu(old);
	return flow;
}

static inline void del_flow(struct flow_fixture *f, struct vsw_flow *flow)
{
	vsw_flow_table_remove(f->view, flow);
	vsw_flow_view_changed(f->view);
	vsw_flow_free_rcu(flow);
}

static inline struct vsw_flow_tuples *tuples_of(const struct vsw_flow_view *view)
{
	return rcu_dereference_protected(vsw_flow_table(view, 0)->tuples, true);
}

/* As a packet does. */
static inline struct vsw_flow *look_up(const struct vsw_flow_view *view, struct vsw_key *key)
{
	struct vsw_flow *flow;

	local_bh_disable();
	flow = vsw_flow_lookup(view, 0, key, VSW_KEY_MAP_ALL).flow;
	local_bh_enable();
	return flow;
}

#endif /* _VSWITCH_FLOW_FIXTURE_H */
