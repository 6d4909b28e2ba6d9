// SPDX-License-Identifier: GPL-2.0
/*
 * Samples of packets. What psample is asked for is looked up when the first flow needs it,
 * and not when our module is loaded: some systems come without that module.
 *
 * A group is freed by psample after a grace period, so packets may meet one that was given
 * back a moment ago. An action forgets its group before it gives it back: who sees the
 * action later finds none.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <net/psample.h>

#include "sample.h"
#include "tracer.h"
#include "vswitch.h"

/* Of the module psample, which stays as long as ours; seen by who has seen a group. */
static struct {
	typeof(psample_group_get) *get;
	typeof(psample_group_put) *put;
	typeof(psample_sample_packet) *packet;
} psample;

static DEFINE_MUTEX(psample_lock);

static void put_symbols(void)
{
	if (psample.packet)
		symbol_put(psample_sample_packet);
	if (psample.put)
		symbol_put(psample_group_put);
	if (psample.get)
		symbol_put(psample_group_get);
	memset(&psample, 0, sizeof(psample));
}

static bool get_symbols(void)
{
	if (psample.packet)
		return true;
	/*
	 * It has a family of generic netlink, which can't be registered while a request
	 * of ours is carried out: so it is not loaded here but before us.
	 */
	psample.get = symbol_get(psample_group_get);
	psample.put = symbol_get(psample_group_put);
	if (psample.get && psample.put)
		psample.packet = symbol_get(psample_sample_packet);
	if (psample.packet)
		return true;
	put_symbols();
	return false;
}

static bool is_there(void)
{
	bool found;

	if (!IS_ENABLED(CONFIG_PSAMPLE))
		return false;
	mutex_lock(&psample_lock);
	found = get_symbols();
	mutex_unlock(&psample_lock);
	return found;
}

int vsw_sample_use(const struct vsw_flows *flows, struct vsw_action_sample *action,
		   struct netlink_ext_ack *extack)
{
	struct psample_group *group;

	lockdep_assert_held(&flows->lock);

	if (!is_there()) {
		NL_SET_ERR_MSG(extack, "the module psample, which samples need, is not there, or not loaded");
		return -EOPNOTSUPP;
	}
	group = psample.get(dev_net(flows->sw->dev), action->group_number);
	if (!group) {
		NL_SET_ERR_MSG(extack, "no memory for a group of psample");
		return -ENOMEM;
	}
	rcu_assign_pointer(action->group, group);
	return 0;
}

void vsw_sample_unuse(struct vsw_action_sample *action)
{
	/* Written under the flow lock only. */
	struct psample_group *group = rcu_dereference_protected(action->group, true);

	if (!group)
		return;
	RCU_INIT_POINTER(action->group, NULL);
	psample.put(group);
}

void vsw_sample_exit(void)
{
	put_symbols();
}

void vsw_sample(const struct vsw_port *in, struct sk_buff *skb,
		const struct vsw_action_sample *action)
{
	struct psample_group *group = vsw_path_dereference(action->group);
	struct psample_metadata metadata = {
		.in_ifindex = in->dev->ifindex,
		.trunc_size = action->max_len ?: U32_MAX,
	};

	if (unlikely(vsw_tracing())) {
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_SAMPLE, NULL);
		return;
	}
	if (!group || reciprocal_scale(get_random_u32(), action->action.value))
		return;
	/* With the Ethernet header, as others sample. */
	__skb_push(skb, ETH_HLEN);
	psample.packet(group, skb, action->action.value, &metadata);
	__skb_pull(skb, ETH_HLEN);
}

MODULE_SOFTDEP("pre: psample");
