// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of bundles: flow-bundle-new, -commit, -del.
 */
#include "flow_nl.h"

static int fill_bundle(struct sk_buff *skb, const void *object)
{
	const u32 *id = object;

	return nla_put_u32(skb, VSWITCH_A_FLOW_BUNDLE, *id);
}

static int begin_bundle(struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct vsw_nl_flows locked;
	struct sk_buff *reply;
	u32 id;
	int err;

	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	err = vsw_nl_lock_flows(net, info->attrs, true, &locked, info->extack);
	if (!err) {
		err = vsw_flow_bundle_new(locked.flows, info->snd_portid, net, &id,
					  info->extack);
		vsw_nl_unlock_flows(&locked);
	}
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	/* Who does not take the number can't use the bundle; it goes with his socket. */
	return vsw_nl_reply_send(info, reply, VSWITCH_CMD_FLOW_BUNDLE_NEW, fill_bundle, &id);
}

int vswitch_nl_flow_bundle_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, begin_bundle);
}

/* Something is done with the bundle that a request names; a number, or an error. */
typedef int (*bundle_t)(struct vsw_flows *flows, u32 portid, u32 id,
			struct netlink_ext_ack *extack);

static int with_bundle(struct genl_info *info, bundle_t request)
{
	const struct nlattr *bundle = info->attrs[VSWITCH_A_FLOW_BUNDLE];
	struct vsw_nl_flows locked;
	int ret;

	if (!bundle)
		return vsw_nl_missing(info, VSWITCH_A_FLOW_BUNDLE, "name the bundle");
	ret = vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked,
				info->extack);
	if (ret)
		return ret;
	if (locked.flows) {
		ret = request(locked.flows, info->snd_portid, nla_get_u32(bundle),
			      info->extack);
	} else {
		NL_SET_ERR_MSG(info->extack, "there is no such bundle");
		ret = -ENOENT;
	}
	vsw_nl_unlock_flows(&locked);
	if (ret == -ENOENT)
		NL_SET_BAD_ATTR(info->extack, bundle);
	return ret;
}

static int commit_bundle(struct genl_info *info)
{
	struct sk_buff *reply = vsw_nl_reply_alloc();
	u32 count;
	int ret;

	if (!reply)
		return -ENOMEM;
	ret = with_bundle(info, vsw_flow_bundle_commit);
	if (ret < 0) {
		nlmsg_free(reply);
		return ret;
	}
	count = ret;
	/* A reply that is not taken changes nothing of what was done. */
	vsw_nl_reply_send(info, reply, VSWITCH_CMD_FLOW_BUNDLE_COMMIT, vsw_nl_fill_count, &count);
	return 0;
}

int vswitch_nl_flow_bundle_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, commit_bundle);
}

static int del_bundle(struct genl_info *info)
{
	return with_bundle(info, vsw_flow_bundle_del);
}

int vswitch_nl_flow_bundle_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, del_bundle);
}
