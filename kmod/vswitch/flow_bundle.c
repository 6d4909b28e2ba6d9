// SPDX-License-Identifier: GPL-2.0
/*
 * Flows that take the place of all at once. They wait in a bundle until it is committed,
 * which builds tables of them beside those that packets meet, and then exchanges the two:
 * a packet reads once which ones it meets.
 *
 * A bundle is of the netlink socket that began it. Only requests by that socket use it, so
 * it is not in use when the socket is closed.
 */
#include <linux/slab.h>
#include <kunit/visibility.h>
#include <net/net_namespace.h>

#include "flow_path.h"
#include "flow_set.h"

/* Of a switch. */
#define BUNDLES_MAX	64

/* Covers which bundles there are, and the counts of them. Taken under the flow lock, too. */
static DEFINE_MUTEX(bundles_lock);
static LIST_HEAD(bundles);

struct vsw_flow_bundle {
	struct list_head list;
	struct vsw_flows *flows;
	const struct net *net;		/* to be compared only */
	u32 portid;
	u32 id;
	u32 count;
	struct xarray waiting;		/* flows, in the order in which they came */
};

/* It is in no list any more. */
static void bundle_free(struct vsw_flow_bundle *bundle)
{
	struct vsw_flow *flow;
	unsigned long i;

	xa_for_each(&bundle->waiting, i, flow) {
		vsw_flow_discard(flow);
		cond_resched();
	}
	xa_destroy(&bundle->waiting);
	kfree(bundle);
}

static void unlink_bundle(struct vsw_flow_bundle *bundle)
{
	lockdep_assert_held(&bundles_lock);

	list_del(&bundle->list);
	bundle->flows->bundle_count--;
	bundle->flows->waiting_count -= bundle->count;
}

int vsw_flow_bundle_new(struct vsw_flows *flows, u32 portid, const struct net *net, u32 *id,
			struct netlink_ext_ack *extack)
{
	struct vsw_flow_bundle *bundle = kzalloc(sizeof(*bundle), GFP_KERNEL_ACCOUNT);
	int err = 0;

	if (!bundle)
		return -ENOMEM;
	xa_init_flags(&bundle->waiting, XA_FLAGS_ACCOUNT);
	bundle->flows = flows;
	bundle->portid = portid;
	bundle->net = net;
	mutex_lock(&bundles_lock);
	if (flows->bundle_count < BUNDLES_MAX) {
		/* 0 is none. */
		flows->last_bundle = flows->last_bundle + 1 ?: 1;
		*id = flows->last_bundle;
		bundle->id = *id;
		list_add(&bundle->list, &bundles);
		flows->bundle_count++;
	} else {
		err = -ENOSPC;
	}
	mutex_unlock(&bundles_lock);
	if (err) {
		NL_SET_ERR_MSG(extack, "the switch has 64 bundles already");
		kfree(bundle);
	}
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_bundle_new);

/* The socket's own; NULL and a sentence if there is none. */
static struct vsw_flow_bundle *find(const struct vsw_flows *flows, u32 portid, u32 id,
				    struct netlink_ext_ack *extack)
{
	struct vsw_flow_bundle *bundle;

	lockdep_assert_held(&flows->lock);
	lockdep_assert_held(&bundles_lock);

	list_for_each_entry(bundle, &bundles, list) {
		if (bundle->flows == flows && bundle->portid == portid && bundle->id == id)
			return bundle;
	}
	NL_SET_ERR_MSG(extack, "the socket has no such bundle of this switch");
	return NULL;
}

/* Room for @count more flows in the one of @id, which is said to be taken; or an ERR_PTR(). */
static struct vsw_flow_bundle *claim_room(struct vsw_flows *flows, u32 portid, u32 id, u32 count,
					  struct netlink_ext_ack *extack)
{
	struct vsw_flow_bundle *bundle;

	mutex_lock(&bundles_lock);
	bundle = find(flows, portid, id, extack);
	if (!bundle) {
		bundle = ERR_PTR(-ENOENT);
	} else if (flows->waiting_count + count > VSWITCH_FLOWS_MAX) {
		NL_SET_ERR_MSG(extack, "no more than 1048576 flows may wait in bundles");
		bundle = ERR_PTR(-ENOSPC);
	} else {
		bundle->count += count;
		flows->waiting_count += count;
	}
	mutex_unlock(&bundles_lock);
	return bundle;
}

static void give_back_room(struct vsw_flow_bundle *bundle, u32 count)
{
	mutex_lock(&bundles_lock);
	bundle->count -= count;
	bundle->flows->waiting_count -= count;
	mutex_unlock(&bundles_lock);
}

int vsw_flow_bundle_add(struct vsw_flows *flows, u32 portid, u32 id, struct vsw_flow **flow,
			u32 count, u32 *failed, struct netlink_ext_ack *extack)
{
	struct vsw_flow_bundle *bundle;
	u32 first, i;
	int err;

	*failed = 0;
	bundle = claim_room(flows, portid, id, count, extack);
	if (IS_ERR(bundle))
		return PTR_ERR(bundle);
	first = bundle->count - count;
	for (i = 0; i < count; i++) {
		err = xa_err(xa_store(&bundle->waiting, first + i, flow[i], GFP_KERNEL_ACCOUNT));
		if (err)
			goto take_back;
	}
	return 0;

take_back:
	*failed = i;
	while (i--)
		xa_erase(&bundle->waiting, first + i);
	give_back_room(bundle, count);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_bundle_add);

int vsw_flow_bundle_del(struct vsw_flows *flows, u32 portid, u32 id,
			struct netlink_ext_ack *extack)
{
	struct vsw_flow_bundle *bundle;

	mutex_lock(&bundles_lock);
	bundle = find(flows, portid, id, extack);
	if (bundle)
		unlink_bundle(bundle);
	mutex_unlock(&bundles_lock);
	if (!bundle)
		return -ENOENT;
	bundle_free(bundle);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_bundle_del);

static void free_all(struct list_head *gone)
{
	struct vsw_flow_bundle *bundle, *next;

	list_for_each_entry_safe(bundle, next, gone, list)
		bundle_free(bundle);
}

void vsw_flow_bundle_forget(const struct net *net, u32 portid)
{
	struct vsw_flow_bundle *bundle, *next;
	LIST_HEAD(gone);

	/* For each socket that is closed: one that has a bundle has been told so. */
	if (list_empty_careful(&bundles))
		return;
	mutex_lock(&bundles_lock);
	list_for_each_entry_safe(bundle, next, &bundles, list) {
		if (bundle->net != net || bundle->portid != portid)
			continue;
		unlink_bundle(bundle);
		list_add(&bundle->list, &gone);
	}
	mutex_unlock(&bundles_lock);
	free_all(&gone);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_bundle_forget);

void vsw_flow_bundle_forget_all(struct vsw_flows *flows)
{
	struct vsw_flow_bundle *bundle, *next;
	LIST_HEAD(gone);

	mutex_lock(&bundles_lock);
	list_for_each_entry_safe(bundle, next, &bundles, list) {
		if (bundle->flows != flows)
			continue;
		unlink_bundle(bundle);
		list_add(&bundle->list, &gone);
	}
	mutex_unlock(&bundles_lock);
	free_all(&gone);
}

/* ---- commit --------------------------------------------------------------- */

/* -ENOSPC: there is no room in @set for @flow, nor is room made for it. */
static int check_room(const struct vsw_flow_set *set, const struct vsw_flow *flow,
		      struct netlink_ext_ack *extack)
{
	const struct vsw_flow_table *table = vsw_flow_table(set->view, flow->table);

	if (!table ? set->count < VSWITCH_FLOWS_MAX : !vsw_flow_is_full(set, table))
		return 0;
	if (vsw_flow_table_find_like(set->view, flow))
		return 0;
	if (table && table->evict && table->flow_count)
		return 0;
	NL_SET_ERR_MSG(extack, "there are more flows in the bundle than a table, or the switch, may have");
	return -ENOSPC;
}

static int put(struct vsw_flows *flows, struct vsw_flow_set *set, struct vsw_flow *flow,
	       struct list_head *gone, struct netlink_ext_ack *extack)
{
	int err;

	if ((flow->flags & VSWITCH_FLOW_FLAG_CHECK_OVERLAP) &&
	    !vsw_flow_table_find_like(set->view, flow) &&
	    vsw_flow_table_find_overlap(set->view, flow)) {
		NL_SET_ERR_MSG(extack, "a flow of the bundle has the priority of another that can match the same packet");
		return -EEXIST;
	}
	err = check_room(set, flow, extack) ?: vsw_flow_reserve(flows, set, flow, extack);
	if (!err)
		vsw_flow_put(flows, set, flow, gone);
	return err;
}

/* Empty @set: its flows are the bundle's. */
static void take_out_all(struct vsw_flows *flows, struct vsw_flow_set *set)
{
	struct vsw_flow_table *table;
	struct vsw_flow *flow;
	unsigned int number;
	LIST_HEAD(gone);

	for (number = 0; number < VSW_FLOW_TABLES; number++) {
		table = vsw_flow_table(set->view, number);
		while (table && (flow = vsw_flow_table_from(table, 0))) {
			vsw_flow_take(flows, set, flow, &gone);
			cond_resched();
		}
	}
}

/*
 * Put the flows of @bundle into @set. Those that others of it take the place of are added to
 * @gone. On an error the set is empty again.
 */
static int fill(struct vsw_flows *flows, struct vsw_flow_set *set,
		struct vsw_flow_bundle *bundle, struct list_head *gone,
		struct netlink_ext_ack *extack)
{
	struct vsw_flow *flow;
	unsigned long i;
	int err;

	xa_for_each(&bundle->waiting, i, flow) {
		err = put(flows, set, flow, gone, extack);
		if (err) {
			take_out_all(flows, set);
			return err;
		}
		cond_resched();
	}
	return 0;
}

/* A flow of @set, and the one of the same match and priority whose place it takes. */
struct pair {
	struct vsw_flow_set *set;
	struct vsw_flow *flow, *was;
};

/*
 * The flow is what it was, but maybe for its actions: so it is as old. If it is just that
 * flow it takes its actions, too, which have states (of meters, for one) that go on.
 */
static void continue_flow(const struct pair *pair)
{
	struct vsw_flow *flow = pair->flow, *was = pair->was;
	struct vsw_actions *actions = vsw_flow_program(flow);

	flow->created = was->created;
	if (flow->cookie == was->cookie && flow->idle_timeout == was->idle_timeout &&
	    flow->hard_timeout == was->hard_timeout &&
	    vsw_actions_are_equal(actions, vsw_flow_program(was))) {
		flow->modified = was->modified;
		rcu_assign_pointer(flow->actions, vsw_flow_program(was));
		/* Packets may still meet it, and the states of these are lost. */
		rcu_assign_pointer(was->actions, actions);
	}
	vsw_flow_watch(pair->set, flow);
}

static void continue_counts(const struct pair *pair)
{
	struct vsw_flow_counts counts;

	vsw_flow_counts(pair->was, &counts);
	vsw_flow_add_counts(pair->flow, &counts);
	vsw_flow_watch(pair->set, pair->flow);
}

static void act_on_pairs(struct vsw_flow_set *set, const struct vsw_flow_view *was,
			 void (*act)(const struct pair *pair))
{
	struct pair pair = { .set = set };
	const struct vsw_flow_table *table;
	unsigned int number;

	for (number = 0; number < VSW_FLOW_TABLES; number++) {
		table = vsw_flow_table(set->view, number);
		if (!table || !vsw_flow_table(was, number))
			continue;
		for (pair.flow = vsw_flow_table_from(table, 0); pair.flow;
		     pair.flow = vsw_flow_table_after(pair.flow)) {
			pair.was = vsw_flow_table_find_like(was, pair.flow);
			if (pair.was)
				act(&pair);
			cond_resched();
		}
	}
}

/* Tell of flows of @was that are not there any more. */
static void tell_of_gone(struct vsw_flows *flows, const struct vsw_flow_view *was)
{
	const struct vsw_flow_table *table;
	struct vsw_flow *flow;
	unsigned int number;

	for (number = 0; number < VSW_FLOW_TABLES; number++) {
		table = vsw_flow_table(was, number);
		flow = table ? vsw_flow_table_from(table, 0) : NULL;
		for (; flow; flow = vsw_flow_table_after(flow)) {
			if ((flow->flags & VSWITCH_FLOW_FLAG_SEND_REMOVED) &&
			    !vsw_flow_table_find_like(flows->set.view, flow))
				vsw_event_flow(flows->sw, flow, VSWITCH_FLOW_REMOVED_DELETED);
			cond_resched();
		}
	}
}

/* The flows of @set take the place of all, and those go. */
static void exchange(struct vsw_flows *flows, struct vsw_flow_set *set)
{
	struct vsw_flow_set was = flows->set;
	LIST_HEAD(none);

	act_on_pairs(set, was.view, continue_flow);
	flows->set = *set;
	rcu_assign_pointer(flows->view, set->view);
	vsw_flows_changed(flows, &none);
	/* Then nothing counts in the old ones any more. */
	synchronize_rcu();
	act_on_pairs(&flows->set, was.view, continue_counts);
	vsw_flow_view_inherit(flows->set.view, was.view);
	tell_of_gone(flows, was.view);
	vsw_flow_set_unuse(flows, &was);
	vsw_flow_view_free_rcu(was.view);
}

static int commit(struct vsw_flows *flows, struct vsw_flow_bundle *bundle,
		  struct netlink_ext_ack *extack)
{
	struct vsw_flow *flow, *next;
	struct vsw_flow_set set;
	LIST_HEAD(gone);
	int err;

	if (!vsw_flow_set_init(flows, &set))
		return -ENOMEM;
	err = vsw_flow_view_inherit(set.view, flows->set.view) ?:
	      fill(flows, &set, bundle, &gone, extack);
	if (err) {
		vsw_flow_view_free_rcu(set.view);
		return err;
	}
	exchange(flows, &set);
	list_for_each_entry_safe(flow, next, &gone, waiting) {
		vsw_flow_free(flow);
		cond_resched();
	}
	return flows->set.count;
}

int vsw_flow_bundle_commit(struct vsw_flows *flows, u32 portid, u32 id,
			   struct netlink_ext_ack *extack)
{
	struct vsw_flow_bundle *bundle;
	int err;

	mutex_lock(&bundles_lock);
	bundle = find(flows, portid, id, extack);
	mutex_unlock(&bundles_lock);
	if (!bundle)
		return -ENOENT;
	err = commit(flows, bundle, extack);
	if (err < 0)
		return err;
	mutex_lock(&bundles_lock);
	unlink_bundle(bundle);
	mutex_unlock(&bundles_lock);
	/* The flows in it are the switch's now, or gone. */
	xa_destroy(&bundle->waiting);
	kfree(bundle);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_bundle_commit);
