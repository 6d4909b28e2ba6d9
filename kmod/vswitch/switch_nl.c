// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the switches: switch-new, -set, -del, -get.
 */
#include "netlink.h"
#include "vlan.h"

static const struct {
	int attr;
	u32 flag;
} switch_guards[] = {
	{ VSWITCH_A_SWITCH_DHCP_GUARD, VSW_GUARD_DHCP },
	{ VSWITCH_A_SWITCH_RA_GUARD, VSW_GUARD_RA },
};

/* What rtnetlink has no attributes of its own for, beside private VLANs. */
int vsw_nl_fill_switch_settings(struct sk_buff *skb, const struct vsw_switch_info *info)
{
	int i;

	if (nla_put_u32(skb, VSWITCH_A_SWITCH_LOOP_INTERVAL, info->loop_interval) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_VLAN_STATS, info->vlan_stats))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(switch_guards); i++) {
		if (nla_put_u8(skb, switch_guards[i].attr,
			       !!(info->guard_flags & switch_guards[i].flag)))
			return -EMSGSIZE;
	}
	return vsw_nl_put_policies(skb, info->guard_flags) ?: vsw_nl_fill_mcast(skb, info);
}

int vsw_nl_fill_switch_info(struct sk_buff *skb,
			    const struct vsw_switch_info *info)
{
	if (nla_put_u32(skb, VSWITCH_A_SWITCH_IFINDEX, info->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_SWITCH_NAME, info->name) ||
	    nla_put(skb, VSWITCH_A_SWITCH_ADDRESS, ETH_ALEN, info->address) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_UP, info->up) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_VLAN_FILTERING, info->vlan_filtering) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_VLAN_PROTOCOL, info->vlan_protocol) ||
	    nla_put_u16(skb, VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID, info->default_pvid) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_MTU, info->mtu) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_AGEING_TIME, info->ageing_ms) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_MAX, info->fdb_max) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_COUNT, info->fdb_count) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_PORT_COUNT, info->port_count))
		return -EMSGSIZE;
	if (info->private_count &&
	    nla_put(skb, VSWITCH_A_SWITCH_PRIVATE_VLANS,
		    info->private_count * sizeof(*info->private_vlans), info->private_vlans))
		return -EMSGSIZE;
	return vsw_nl_fill_switch_settings(skb, info);
}

static int fill_switch(struct sk_buff *skb, const void *object)
{
	const struct vsw_switch *sw = object;
	struct vsw_switch_info info;
	struct vsw_stats stats;

	vsw_switch_info(sw, &info);
	vsw_switch_stats(sw, &stats);
	return vsw_nl_fill_switch_info(skb, &info) ?:
	       vsw_nl_put_switch_mcast_stats(skb, sw) ?:
	       vsw_nl_put_stats(skb, VSWITCH_A_SWITCH_STATS, &stats);
}

/* The attribute has a length that the policy can't say. */
static int get_private(struct genl_info *info, struct vsw_switch_config *config)
{
	const struct nlattr *attr = info->attrs[VSWITCH_A_SWITCH_PRIVATE_VLANS];
	const struct nlattr *mask = info->attrs[VSWITCH_A_SWITCH_PRIVATE_MASK];

	if (mask) {
		config->private_mask = nla_data(mask);
		if (vsw_vlan_has_reserved(config->private_mask)) {
			NL_SET_ERR_MSG_ATTR(info->extack, mask, "VLANs 0 and 4095 are reserved");
			return -ERANGE;
		}
	}
	if (!attr)
		return 0;
	if (nla_len(attr) % sizeof(*config->private_vlans)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "private VLANs are a primary, a secondary and a type of 16 bits each");
		return -EINVAL;
	}
	if (nla_len(attr) > VSWITCH_PRIVATE_VLANS_MAX * sizeof(*config->private_vlans)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a switch has at most 256 secondary VLANs");
		return -EINVAL;
	}
	config->given |= VSW_SWITCH_PRIVATE;
	config->private_attr = attr;
	config->private_vlans = nla_data(attr);
	config->private_count = nla_len(attr) / sizeof(*config->private_vlans);
	return 0;
}

/* As vsw_nl_fill_switch_settings(), of @sw, or of one that is to be made if that is NULL. */
void vsw_nl_get_switch_settings(struct nlattr **attrs, const struct vsw_switch *sw,
				struct vsw_switch_config *config)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(switch_guards); i++) {
		if (!attrs[switch_guards[i].attr])
			continue;
		config->guard_given |= switch_guards[i].flag;
		if (nla_get_u8(attrs[switch_guards[i].attr]))
			config->guard_flags |= switch_guards[i].flag;
	}
	vsw_nl_get_policies(attrs, &config->guard_given, &config->guard_flags);
	vsw_nl_get_mcast(attrs, sw, config);
	if (attrs[VSWITCH_A_SWITCH_LOOP_INTERVAL]) {
		config->given |= VSW_SWITCH_LOOP_INTERVAL;
		config->loop_interval = nla_get_u32(attrs[VSWITCH_A_SWITCH_LOOP_INTERVAL]);
	}
	if (attrs[VSWITCH_A_SWITCH_VLAN_STATS]) {
		config->given |= VSW_SWITCH_VLAN_STATS;
		config->vlan_stats = nla_get_u8(attrs[VSWITCH_A_SWITCH_VLAN_STATS]);
	}
}

/* Likewise all of a request. */
static void get_config(struct genl_info *info, const struct vsw_switch *sw,
		       struct vsw_switch_config *config)
{
	struct nlattr **attrs = info->attrs;

	memset(config, 0, sizeof(*config));
	vsw_nl_get_switch_settings(attrs, sw, config);
	if (attrs[VSWITCH_A_SWITCH_AGEING_TIME]) {
		config->given |= VSW_SWITCH_AGEING;
		config->ageing_ms =
			nla_get_u32(attrs[VSWITCH_A_SWITCH_AGEING_TIME]);
	}
	if (attrs[VSWITCH_A_SWITCH_FDB_MAX]) {
		config->given |= VSW_SWITCH_FDB_MAX;
		config->fdb_max = nla_get_u32(attrs[VSWITCH_A_SWITCH_FDB_MAX]);
	}
	if (attrs[VSWITCH_A_SWITCH_MTU]) {
		config->given |= VSW_SWITCH_MTU;
		config->mtu = nla_get_u32(attrs[VSWITCH_A_SWITCH_MTU]);
	}
	if (attrs[VSWITCH_A_SWITCH_VLAN_FILTERING]) {
		config->given |= VSW_SWITCH_VLANS;
		config->vlan_filtering =
			nla_get_u8(attrs[VSWITCH_A_SWITCH_VLAN_FILTERING]);
	}
	if (attrs[VSWITCH_A_SWITCH_VLAN_PROTOCOL]) {
		config->given |= VSW_SWITCH_VLAN_PROTO;
		config->vlan_protocol = nla_get_u8(attrs[VSWITCH_A_SWITCH_VLAN_PROTOCOL]);
	}
	if (attrs[VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID]) {
		config->given |= VSW_SWITCH_DEFAULT_PVID;
		config->default_pvid =
			nla_get_u16(attrs[VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID]);
	}
	if (attrs[VSWITCH_A_SWITCH_ADDRESS]) {
		config->given |= VSW_SWITCH_ADDRESS;
		nla_memcpy(config->address, attrs[VSWITCH_A_SWITCH_ADDRESS],
			   ETH_ALEN);
	}
}

/* Blame the address for what the core found wrong with it. */
static void blame_address(struct genl_info *info, int err)
{
	if (err == -EADDRNOTAVAIL)
		NL_SET_BAD_ATTR(info->extack,
				info->attrs[VSWITCH_A_SWITCH_ADDRESS]);
}

static int check_name(struct genl_info *info, const struct nlattr *name)
{
	if (!name)
		return 0;
	if (!dev_valid_name(nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "not a valid name for a device");
		return -EINVAL;
	}
	if (__dev_get_by_name(genl_info_net(info), nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "a device of this name exists already");
		return -EEXIST;
	}
	return 0;
}

static int create_switch(struct genl_info *info)
{
	struct nlattr *name = info->attrs[VSWITCH_A_SWITCH_NAME];
	struct vsw_switch_config config;
	struct vsw_switch *sw;
	struct sk_buff *reply;
	int err;

	err = check_name(info, name);
	if (err)
		return err;
	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	get_config(info, NULL, &config);
	sw = vsw_switch_create(genl_info_net(info),
			       name ? nla_data(name) : "vswitch%d", &config,
			       info->extack);
	if (IS_ERR(sw)) {
		nlmsg_free(reply);
		blame_address(info, PTR_ERR(sw));
		return PTR_ERR(sw);
	}
	/* A reply that is not taken makes the switch no less new. */
	vsw_nl_reply_send(info, reply, VSWITCH_CMD_SWITCH_NEW, fill_switch, sw);
	return 0;
}

int vswitch_nl_switch_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, create_switch);
}

/* The switch that a request is about. An ERR_PTR with an extack. */
static struct vsw_switch *find_switch(struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct vsw_switch *sw;

	if (!attrs[VSWITCH_A_SWITCH_IFINDEX] && !attrs[VSWITCH_A_SWITCH_NAME])
		return ERR_PTR(vsw_nl_missing(info, VSWITCH_A_SWITCH_IFINDEX,
					      "name a switch, by ifindex or name"));
	sw = vsw_nl_find_switch(genl_info_net(info),
				attrs[VSWITCH_A_SWITCH_IFINDEX],
				attrs[VSWITCH_A_SWITCH_NAME], info->extack);
	return sw ?: ERR_PTR(-ENODEV);
}

static int set_switch(struct genl_info *info)
{
	struct vsw_switch *sw = find_switch(info);
	struct vsw_switch_config config;
	int err;

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	get_config(info, sw, &config);
	err = get_private(info, &config);
	if (err)
		return err;
	err = vsw_switch_configure(sw, &config, info->extack);
	blame_address(info, err);
	return err;
}

int vswitch_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, set_switch);
}

static int del_switch(struct genl_info *info)
{
	struct vsw_switch *sw = find_switch(info);

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	vsw_switch_delete_now(sw);
	return 0;
}

int vswitch_nl_switch_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, del_switch);
}

static int get_switch(struct genl_info *info)
{
	struct vsw_switch *sw = find_switch(info);

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	return vsw_nl_reply(info, VSWITCH_CMD_SWITCH_GET, fill_switch, sw);
}

int vswitch_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read(info, get_switch);
}

/* Resumes at the ifindex in args[0]. */
int vswitch_nl_switch_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	struct vsw_net *vn = vsw_net(sock_net(skb->sk));
	unsigned long ifindex = cb->args[0];
	struct vsw_switch *sw;
	int err;

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_SWITCH_IFINDEX] || attrs[VSWITCH_A_SWITCH_NAME]) {
		NL_SET_ERR_MSG_ATTR(cb->extack,
				    attrs[VSWITCH_A_SWITCH_IFINDEX] ?:
				    attrs[VSWITCH_A_SWITCH_NAME],
				    "a dump is of all switches, it takes no name");
		return -EINVAL;
	}
	rtnl_lock();
	cb->seq = vn->generation + 1;
	xa_for_each_start(&vn->switches, ifindex, sw, ifindex) {
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_SWITCH_GET,
				      fill_switch, sw);
		if (err)
			break;
	}
	rtnl_unlock();
	cb->args[0] = err ? ifindex : ULONG_MAX;
	return vsw_nl_dump_end(skb, err);
}
