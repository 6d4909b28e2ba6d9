// SPDX-License-Identifier: GPL-2.0
/*
 * What actions name, and is not theirs: it has to be there when they come, and knows that it
 * is used as long as they stay.
 */
#include "conntrack.h"
#include "group.h"
#include "learn.h"
#include "meter.h"
#include "mirror.h"
#include "sample.h"

/* But for groups and meters. */
static int use(struct vsw_flows *flows, struct vsw_action *action,
	       struct netlink_ext_ack *extack)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_SAMPLE:
		return vsw_sample_use(flows, container_of(action, struct vsw_action_sample, action),
				      extack);
	case VSWITCH_A_ACTION_LEARN:
		return vsw_learn_use(flows, container_of(action, struct vsw_action_learn, action),
				     extack);
	case VSWITCH_A_ACTION_MIRROR:
		if (vsw_mirror_exists(flows->sw, container_of(action, struct vsw_action_mirror,
							      action)->name))
			return 0;
		NL_SET_ERR_MSG(extack, "the switch has no mirror that an action names");
		return -ENOENT;
	}
	return 0;
}

static void unuse(struct vsw_flows *flows, struct vsw_action *action)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_SAMPLE:
		vsw_sample_unuse(container_of(action, struct vsw_action_sample, action));
		break;
	case VSWITCH_A_ACTION_LEARN:
		vsw_learn_unuse(container_of(action, struct vsw_action_learn, action));
		break;
	}
}

/* Those before @end. */
static void unuse_until(struct vsw_flows *flows, struct vsw_actions *actions,
			const struct vsw_action *end)
{
	const struct vsw_action *action;

	vsw_for_each_action(action, actions) {
		if (action == end)
			return;
		unuse(flows, (struct vsw_action *)action);
	}
}

static int use_all(struct vsw_flows *flows, struct vsw_actions *actions,
		   struct netlink_ext_ack *extack)
{
	const struct vsw_action *action;
	int err;

	vsw_for_each_action(action, actions) {
		err = use(flows, (struct vsw_action *)action, extack);
		if (err) {
			unuse_until(flows, actions, action);
			return err;
		}
	}
	return 0;
}

int vsw_actions_use(struct vsw_flows *flows, struct vsw_actions *actions,
		    struct netlink_ext_ack *extack)
{
	int err;

	err = vsw_group_use(flows, actions, extack);
	if (err)
		return err;
	err = vsw_meter_use(flows, actions, extack);
	if (err)
		goto unuse_group;
	err = actions->tracks ? vsw_ct_prepare(actions, flows->sw, extack) : 0;
	if (err)
		goto unuse_meter;
	err = use_all(flows, actions, extack);
	if (err)
		goto unuse_meter;
	return 0;

unuse_meter:
	vsw_meter_unuse(flows, actions);
unuse_group:
	vsw_group_unuse(flows, actions);
	return err;
}

void vsw_actions_unuse(struct vsw_flows *flows, struct vsw_actions *actions)
{
	unuse_until(flows, actions, NULL);
	vsw_meter_unuse(flows, actions);
	vsw_group_unuse(flows, actions);
}
