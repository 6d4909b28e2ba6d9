// SPDX-License-Identifier: GPL-2.0
/*
 * A switch's flows: their life and their lock, and which ports ask them. A switch has
 * none of it until somebody gives it a flow, a group or a meter.
 */
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow_set.h"
#include "group.h"
#include "learn.h"
#include "meter.h"
#include "vswitch.h"

static struct vsw_flows *flows_alloc(struct vsw_switch *sw)
{
	struct vsw_flows *flows = kzalloc(sizeof(*flows), GFP_KERNEL_ACCOUNT);

	if (!flows)
		return NULL;
	flows->sw = sw;
	mutex_init(&flows->lock);
	xa_init_flags(&flows->groups, XA_FLAGS_ACCOUNT);
	xa_init_flags(&flows->meters, XA_FLAGS_ACCOUNT);
	vsw_flow_expiry_init(flows);
	if (!vsw_flow_set_init(flows, &flows->set)) {
		kfree(flows);
		return NULL;
	}
	RCU_INIT_POINTER(flows->view, flows->set.view);
	return flows;
}

/* Nobody has seen them, or nobody is left who has. */
static void flows_free(struct vsw_flows *flows)
{
	xa_destroy(&flows->groups);
	xa_destroy(&flows->meters);
	vsw_flow_view_free_rcu(flows->set.view);
	kfree(flows);
}

/* The switch's flows, made if need be and @make. They stay as long as the switch. */
static struct vsw_flows *flows_of(struct vsw_switch *sw, bool make)
{
	/* Whoever has a reference to the device may use them. */
	struct vsw_flows *flows = rcu_dereference_check(sw->flows, true), *was;

	if (flows || !make)
		return flows;
	flows = flows_alloc(sw);
	if (!flows)
		return ERR_PTR(-ENOMEM);
	/* A full barrier, with vsw_flows_stop() and vsw_flows_follow_port(). */
	was = unrcu_pointer(cmpxchg(&sw->flows, NULL, RCU_INITIALIZER(flows)));
	if (!was)
		return flows;
	flows_free(flows);
	return was;
}

struct vsw_flows *vsw_flows_lock(struct vsw_switch *sw, bool make,
				 struct netlink_ext_ack *extack)
{
	struct vsw_flows *flows = flows_of(sw, make);

	if (IS_ERR(flows))
		NL_SET_ERR_MSG(extack, "no memory for the switch's flows");
	if (IS_ERR_OR_NULL(flows))
		return flows;
	mutex_lock(&flows->lock);
	if (!READ_ONCE(flows->going) && !READ_ONCE(sw->going))
		return flows;
	mutex_unlock(&flows->lock);
	NL_SET_ERR_MSG(extack, "the switch is being deleted");
	return ERR_PTR(-ENODEV);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flows_lock);

void vsw_flows_unlock(struct vsw_flows *flows)
{
	mutex_unlock(&flows->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flows_unlock);

/* Without the lock, so that nobody who has it makes RTNL wait. */
void vsw_flows_stop(struct vsw_switch *sw)
{
	struct vsw_flows *flows;

	ASSERT_RTNL();

	WRITE_ONCE(sw->going, true);
	/* Who makes them from now on sees that, or we see them: with flows_of(). */
	smp_mb();
	flows = rcu_access_pointer(sw->flows);
	if (flows)
		WRITE_ONCE(flows->going, true);
}

void vsw_flows_destroy(struct vsw_switch *sw)
{
	struct vsw_flows *flows = rcu_dereference_protected(sw->flows, true);

	if (!flows)
		return;
	cancel_delayed_work_sync(&flows->expiry);
	vsw_learn_stop(flows);
	vsw_flow_bundle_forget_all(flows);
	mutex_lock(&flows->lock);
	vsw_flow_set_unuse(flows, &flows->set);
	vsw_group_del_all(flows);
	vsw_meter_del_all(flows);
	mutex_unlock(&flows->lock);
	vsw_learn_free(flows);
	RCU_INIT_POINTER(sw->flows, NULL);
	flows_free(flows);
}

u32 vsw_flows_generation(const struct vsw_flows *flows)
{
	lockdep_assert_held(&flows->lock);

	return flows->generation;
}

static void set_asked(struct vsw_port *port, bool asked)
{
	if (asked)
		set_bit(ilog2(VSW_PORT_FLOWS), &port->flags);
	else
		clear_bit(ilog2(VSW_PORT_FLOWS), &port->flags);
}

void vsw_flows_follow(struct vsw_flows *flows)
{
	const struct vsw_flow_table *first = vsw_flow_table(flows->set.view, 0);
	const struct vsw_port_table *table;
	struct vsw_port *port;
	bool asked;
	u32 i;

	lockdep_assert_held(&flows->lock);

	asked = flows->set.count || (first && first->miss != VSWITCH_FLOW_MISS_NORMAL);
	if (asked == flows->asked)
		return;
	WRITE_ONCE(flows->asked, asked);
	/* Ports that are not in the table yet see it: with vsw_flows_follow_port(). */
	smp_mb();
	rcu_read_lock();
	table = rcu_dereference(flows->sw->port_table);
	for (i = 0; i < table->size; i++) {
		port = READ_ONCE(table->port[i]);
		if (port)
			set_asked(port, asked);
	}
	rcu_read_unlock();
	vsw_end_epoch(flows->sw);
}

/*
 * Without the flow lock: it may be held for long, and who waits for RTNL would wait, too.
 * If it changes meanwhile, who changes it sees the port, or the port sees the change.
 */
void vsw_flows_follow_port(struct vsw_port *port)
{
	const struct vsw_flows *flows;
	bool asked;

	/* Who makes flows, or changes what is asked, sees the port: with vsw_flows_follow(). */
	smp_mb();
	flows = rcu_access_pointer(port->sw->flows);
	if (!flows)
		return;
	do {
		asked = READ_ONCE(flows->asked);
		set_asked(port, asked);
		/* It is looked at again after the port has the flag. */
		smp_mb__after_atomic();
	} while (READ_ONCE(flows->asked) != asked);
}
