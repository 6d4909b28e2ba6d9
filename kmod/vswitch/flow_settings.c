// SPDX-License-Identifier: GPL-2.0
/* What users set of a table: how many flows it may have, and what becomes of a miss. */
#include <linux/netlink.h>
#include <linux/sched.h>
#include <kunit/visibility.h>

#include "flow_set.h"

static int check_settings(const struct vsw_flow_table *table,
			  const struct vsw_flow_table_config *config,
			  struct netlink_ext_ack *extack)
{
	bool evict = config->evict_given ? config->evict : table->evict;

	if (config->miss_given && config->miss > VSWITCH_FLOW_MISS_CONTINUE) {
		NL_SET_ERR_MSG(extack, "there is no such miss of a table");
		return -EINVAL;
	}
	if (config->miss_given && config->miss == VSWITCH_FLOW_MISS_CONTINUE &&
	    table->number == VSWITCH_FLOW_TABLE_MAX) {
		NL_SET_ERR_MSG(extack, "no table is behind the last one");
		return -EINVAL;
	}
	if (config->max_flows_given && config->max_flows > VSWITCH_FLOWS_MAX) {
		NL_SET_ERR_MSG(extack, "a switch has 1048576 flows at most");
		return -EINVAL;
	}
	if (config->max_flows_given && config->max_flows && !evict &&
	    config->max_flows < table->flow_count) {
		NL_SET_ERR_MSG(extack, "the table has more flows than that; delete some, or let it evict");
		return -ENOSPC;
	}
	return 0;
}

static void set_evict(struct vsw_flow_table *table, bool evict)
{
	if (table->evict == evict)
		return;
	table->evict = evict;
	vsw_flow_rank_all(table);
}

/* The table has more than it may have: the least go. */
static void make_fit(struct vsw_flows *flows, struct vsw_flow_table *table,
		     struct list_head *gone)
{
	while (table->flow_count > vsw_flow_table_room(table)) {
		vsw_flow_retire(flows, vsw_flow_least(&flows->set, table),
				VSWITCH_FLOW_REMOVED_EVICTED, gone);
		cond_resched();
	}
}

int vsw_flow_table_configure(struct vsw_flows *flows, u8 number,
			     const struct vsw_flow_table_config *config,
			     struct netlink_ext_ack *extack)
{
	struct vsw_flow_table *table;
	LIST_HEAD(gone);
	int err;

	lockdep_assert_held(&flows->lock);

	if (number > VSWITCH_FLOW_TABLE_MAX) {
		NL_SET_ERR_MSG(extack, "the highest table is 253");
		return -EINVAL;
	}
	table = vsw_flow_table_make(flows->set.view, number);
	if (!table) {
		NL_SET_ERR_MSG(extack, "no memory for the table");
		return -ENOMEM;
	}
	err = check_settings(table, config, extack);
	if (err)
		return err;
	if (config->max_flows_given)
		table->max_flows = config->max_flows;
	if (config->evict_given)
		set_evict(table, config->evict);
	if (config->miss_given)
		WRITE_ONCE(table->miss, config->miss);
	if (table->evict)
		make_fit(flows, table, &gone);
	vsw_flows_changed(flows, &gone);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_configure);
