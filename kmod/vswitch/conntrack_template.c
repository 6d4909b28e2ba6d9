// SPDX-License-Identifier: GPL-2.0
/*
 * What the actions "ct" of a program keep: a template of a connection, with the zone and
 * the helper that packets get.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "conntrack.h"
#include "vswitch.h"

/* The helper of the template, whose module is held as long as that is there. */
static struct nf_conntrack_helper *helper_of(const struct nf_conn *template)
{
	const struct nf_conn_help *help = nfct_help(template);

	return help ? rcu_dereference_raw(help->helper) : NULL;
}

static void release(struct vsw_action_ct *ct)
{
	struct nf_conntrack_helper *helper;

	if (!ct->template)
		return;
	helper = helper_of(ct->template);
	if (helper) {
		/* It is looked for once more, in a list of the kernel's. */
		rcu_read_lock();
		if (ct->action.flags & VSW_CT_NAT)
			nf_nat_helper_put(helper);
		rcu_read_unlock();
		nf_conntrack_helper_put(helper);
	}
	nf_ct_put(ct->template);
	ct->template = NULL;
}

/* The module of a helper, which is found, or loaded, by its name. */
static int get_helper(struct vsw_action_ct *ct, struct netlink_ext_ack *extack)
{
	struct nf_conntrack_helper *helper;
	struct nf_conn_help *help;

	helper = nf_conntrack_helper_try_module_get(ct->helper, ct->family, ct->ip_proto);
	if (!helper) {
		NL_SET_ERR_MSG(extack, "the kernel has no such helper for this protocol");
		return -ENOENT;
	}
	help = nf_ct_helper_ext_add(ct->template, GFP_KERNEL);
	if (!help) {
		nf_conntrack_helper_put(helper);
		return -ENOMEM;
	}
	if ((ct->action.flags & VSW_CT_NAT) &&
	    nf_nat_helper_try_module_get(ct->helper, ct->family, ct->ip_proto)) {
		nf_conntrack_helper_put(helper);
		NL_SET_ERR_MSG(extack, "the kernel has no NAT for this helper");
		return -ENOENT;
	}
	rcu_assign_pointer(help->helper, helper);
	return 0;
}

static int prepare(struct vsw_action_ct *ct, struct net *net, struct netlink_ext_ack *extack)
{
	struct nf_conntrack_zone zone;
	int err;

	nf_ct_zone_init(&zone, ct->action.value, NF_CT_DEFAULT_ZONE_DIR, 0);
	ct->template = nf_ct_tmpl_alloc(net, &zone, GFP_KERNEL_ACCOUNT);
	if (!ct->template)
		return -ENOMEM;
	err = *ct->helper ? get_helper(ct, extack) : 0;
	/* Nobody is to make a connection of it, nor add to it. */
	__set_bit(IPS_CONFIRMED_BIT, &ct->template->status);
	return err;
}

int vsw_ct_prepare(const struct vsw_actions *actions, const struct vsw_switch *sw,
		   struct netlink_ext_ack *extack)
{
	const struct vsw_action *action;
	struct vsw_action_ct *ct;
	int err;

	vsw_for_each_action(action, actions) {
		if (action->type != VSWITCH_A_ACTION_CT)
			continue;
		ct = (struct vsw_action_ct *)action;
		if (ct->template)
			continue;
		err = prepare(ct, dev_net(sw->dev), extack);
		if (err) {
			release(ct);
			return err;
		}
	}
	return 0;
}

void vsw_ct_release(struct vsw_actions *actions)
{
	const struct vsw_action *action;

	vsw_for_each_action(action, actions)
		if (action->type == VSWITCH_A_ACTION_CT)
			release((struct vsw_action_ct *)action);
}
