// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the mirrors: mirror-new, -set, -del, -get.
 */
#include "mirror.h"
#include "netlink.h"

int vsw_nl_fill_mirror_info(struct sk_buff *skb, const struct vsw_mirror_info *info)
{
	bool port = info->to_type == VSWITCH_MIRROR_TO_PORT;

	if (nla_put_u32(skb, VSWITCH_A_MIRROR_SWITCH_IFINDEX, info->switch_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_MIRROR_SWITCH_NAME, info->switch_name) ||
	    nla_put_string(skb, VSWITCH_A_MIRROR_NAME, info->name) ||
	    nla_put(skb, VSWITCH_A_MIRROR_IN, info->in_count * sizeof(u32), info->in) ||
	    nla_put(skb, VSWITCH_A_MIRROR_OUT, info->out_count * sizeof(u32), info->out) ||
	    nla_put(skb, VSWITCH_A_MIRROR_VLAN, VSWITCH_VLAN_SET_LEN, info->vlans))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_MIRROR_TO_TYPE, info->to_type) ||
	    nla_put_string(skb, VSWITCH_A_MIRROR_TO_NAME, info->to_name) ||
	    (info->to_ifindex &&
	     nla_put_u32(skb, VSWITCH_A_MIRROR_TO_IFINDEX, info->to_ifindex)) ||
	    (info->to_ifindex && port &&
	     nla_put_u32(skb, VSWITCH_A_MIRROR_TO_NUMBER, info->to_number)))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_MIRROR_FORWARDING, info->forwarding) ||
	    nla_put_u32(skb, VSWITCH_A_MIRROR_TRUNCATE, info->truncate) ||
	    nla_put_u32(skb, VSWITCH_A_MIRROR_SAMPLE, info->sample) ||
	    nla_put_u8(skb, VSWITCH_A_MIRROR_STATE, info->state))
		return -EMSGSIZE;
	return 0;
}

/* Its picture is too large for the stack. */
static int fill_mirror(struct sk_buff *skb, const void *object)
{
	const struct vsw_mirror *m = object;
	struct vsw_mirror_info *info;
	struct vsw_stats stats = {};
	int err;

	info = kmalloc(sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	vsw_mirror_info(m, info);
	vsw_stats_add(&stats, m->stats);
	err = vsw_nl_fill_mirror_info(skb, info) ?:
	      vsw_nl_put_stats(skb, VSWITCH_A_MIRROR_STATS, &stats);
	kfree(info);
	return err;
}

/* The switch that a request names. NULL if it names none; or an ERR_PTR. */
static struct vsw_switch *find_switch(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw;

	if (!attrs[VSWITCH_A_MIRROR_SWITCH_IFINDEX] && !attrs[VSWITCH_A_MIRROR_SWITCH_NAME])
		return NULL;
	sw = vsw_nl_find_switch(net, attrs[VSWITCH_A_MIRROR_SWITCH_IFINDEX],
				attrs[VSWITCH_A_MIRROR_SWITCH_NAME], extack);
	return sw ?: ERR_PTR(-ENODEV);
}

static struct vsw_switch *find_needed_switch(struct genl_info *info)
{
	struct vsw_switch *sw = find_switch(genl_info_net(info), info->attrs, info->extack);

	if (!sw)
		return ERR_PTR(vsw_nl_missing(info, VSWITCH_A_MIRROR_SWITCH_IFINDEX,
					      "name the mirror's switch, by ifindex or name"));
	return sw;
}

static struct vsw_mirror *find_mirror(struct genl_info *info)
{
	struct nlattr *name = info->attrs[VSWITCH_A_MIRROR_NAME];
	struct vsw_switch *sw = find_needed_switch(info);
	struct vsw_mirror *m;

	if (IS_ERR(sw))
		return ERR_CAST(sw);
	if (!name)
		return ERR_PTR(vsw_nl_missing(info, VSWITCH_A_MIRROR_NAME, "name the mirror"));
	m = vsw_mirror_find(sw, nla_data(name));
	if (m)
		return m;
	NL_SET_ERR_MSG_ATTR(info->extack, name, "the switch has no mirror of this name");
	return ERR_PTR(-ENOENT);
}

/* Only numbers of ports that there are. */
static int get_ports(struct vsw_switch *sw, const struct nlattr *attr,
		     struct vsw_mirror_ports *ports, struct netlink_ext_ack *extack)
{
	u32 i;

	if (!attr)
		return 0;
	ports->number = nla_data(attr);
	ports->count = nla_len(attr) / sizeof(u32);
	if (nla_len(attr) % sizeof(u32)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "ports are numbers of four bytes each");
		return -EINVAL;
	}
	if (ports->count > VSWITCH_MAX_MIRROR_PORTS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a mirror has 256 ports at most, each way");
		return -ERANGE;
	}
	for (i = 0; i < ports->count; i++) {
		if (!xa_load(&sw->ports, ports->number[i])) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "the switch has no port of one of these numbers");
			return -ENODEV;
		}
	}
	return 0;
}

static int get_to_port(struct genl_info *info, struct vsw_switch *sw,
		       struct vsw_mirror_config *config)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[VSWITCH_A_MIRROR_TO_NUMBER])
		config->to_port = vsw_nl_find_number(sw, attrs[VSWITCH_A_MIRROR_TO_NUMBER],
						     info->extack);
	else
		config->to_port = vsw_nl_find_port(genl_info_net(info),
						   attrs[VSWITCH_A_MIRROR_TO_IFINDEX],
						   attrs[VSWITCH_A_MIRROR_TO_NAME],
						   info->extack);
	return config->to_port ? 0 : -ENODEV;
}

/* Where copies go: a port by number or device, or a device. */
static int get_to(struct genl_info *info, struct vsw_switch *sw,
		  struct vsw_mirror_config *config)
{
	struct nlattr **attrs = info->attrs;
	struct nlattr *type = attrs[VSWITCH_A_MIRROR_TO_TYPE];
	struct nlattr *number = attrs[VSWITCH_A_MIRROR_TO_NUMBER];
	struct nlattr *dev = attrs[VSWITCH_A_MIRROR_TO_IFINDEX] ?:
			     attrs[VSWITCH_A_MIRROR_TO_NAME];

	if (!type && !number && !dev)
		return 0;
	if (!type)
		return vsw_nl_missing(info, VSWITCH_A_MIRROR_TO_TYPE,
				      "say whether copies go to a port or to another device");
	if (!number && !dev)
		return vsw_nl_missing(info, VSWITCH_A_MIRROR_TO_IFINDEX,
				      "name what copies go to, by ifindex or name");
	config->to_given = true;
	if (nla_get_u8(type) == VSWITCH_MIRROR_TO_PORT && number && dev) {
		NL_SET_ERR_MSG_ATTR(info->extack, number,
				    "a port is named by its device, or by its number");
		return -EINVAL;
	}
	if (nla_get_u8(type) == VSWITCH_MIRROR_TO_PORT)
		return get_to_port(info, sw, config);
	if (number) {
		NL_SET_ERR_MSG_ATTR(info->extack, number, "only a port has a number");
		return -EINVAL;
	}
	config->to_dev = vsw_nl_find_dev(genl_info_net(info),
					 attrs[VSWITCH_A_MIRROR_TO_IFINDEX],
					 attrs[VSWITCH_A_MIRROR_TO_NAME], info->extack);
	return config->to_dev ? 0 : -ENODEV;
}

static int get_vlans(struct genl_info *info, struct vsw_mirror_config *config)
{
	struct nlattr *attr = info->attrs[VSWITCH_A_MIRROR_VLAN];

	if (!attr)
		return 0;
	config->vlans = nla_data(attr);
	if (!(config->vlans[0] & BIT(0)) &&
	    !(config->vlans[VSWITCH_VLAN_SET_LEN - 1] & BIT(7)))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "VLAN ids are 1 to 4094");
	return -EINVAL;
}

static int get_numbers(struct genl_info *info, struct vsw_mirror_config *config)
{
	struct nlattr *truncate = info->attrs[VSWITCH_A_MIRROR_TRUNCATE];
	struct nlattr *sample = info->attrs[VSWITCH_A_MIRROR_SAMPLE];
	struct nlattr *forwarding = info->attrs[VSWITCH_A_MIRROR_FORWARDING];

	if (forwarding) {
		config->forwarding_given = true;
		config->forwarding = nla_get_u8(forwarding);
	}
	if (sample) {
		config->sample_given = true;
		config->sample = nla_get_u32(sample);
	}
	if (!truncate)
		return 0;
	config->truncate_given = true;
	config->truncate = nla_get_u32(truncate);
	if (!config->truncate || config->truncate >= VSWITCH_MIN_TRUNCATE)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, truncate,
			    "64 bytes of a frame are left at least; 0, all");
	return -ERANGE;
}

static int get_config(struct genl_info *info, struct vsw_switch *sw,
		      struct vsw_mirror_config *config)
{
	memset(config, 0, sizeof(*config));
	return get_numbers(info, config) ?:
	       get_vlans(info, config) ?:
	       get_ports(sw, info->attrs[VSWITCH_A_MIRROR_IN], &config->in, info->extack) ?:
	       get_ports(sw, info->attrs[VSWITCH_A_MIRROR_OUT], &config->out, info->extack) ?:
	       get_to(info, sw, config);
}

/* The destination is to blame for what the core found, unless it was memory or room. */
static int blame_to(struct genl_info *info, int err)
{
	struct nlattr **attrs = info->attrs;
	struct nlattr *attr = attrs[VSWITCH_A_MIRROR_TO_NUMBER] ?:
			      attrs[VSWITCH_A_MIRROR_TO_IFINDEX] ?:
			      attrs[VSWITCH_A_MIRROR_TO_NAME];

	if (err && err != -ENOMEM && err != -EXFULL)
		NL_SET_BAD_ATTR(info->extack, attr ?: attrs[VSWITCH_A_MIRROR_IN] ?:
				attrs[VSWITCH_A_MIRROR_OUT]);
	return err;
}

static int check_name(struct genl_info *info, struct vsw_switch *sw)
{
	struct nlattr *name = info->attrs[VSWITCH_A_MIRROR_NAME];

	if (!name)
		return vsw_nl_missing(info, VSWITCH_A_MIRROR_NAME, "name the mirror");
	if (!dev_valid_name(nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "not a name: 1 to 15 characters, no blank, '/' or ':'");
		return -EINVAL;
	}
	if (vsw_mirror_find(sw, nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "the switch has a mirror of this name already");
		return -EEXIST;
	}
	return 0;
}

static int add_mirror(struct genl_info *info)
{
	struct vsw_switch *sw = find_needed_switch(info);
	struct vsw_mirror_config config;
	struct vsw_mirror *m;
	struct sk_buff *reply;
	int err;

	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = check_name(info, sw) ?: get_config(info, sw, &config);
	if (err)
		return err;
	if (!config.to_given)
		return vsw_nl_missing(info, VSWITCH_A_MIRROR_TO_TYPE, "say where copies go to");
	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	m = vsw_mirror_add(sw, nla_data(info->attrs[VSWITCH_A_MIRROR_NAME]), &config,
			   info->extack);
	if (IS_ERR(m)) {
		nlmsg_free(reply);
		return blame_to(info, PTR_ERR(m));
	}
	/* A reply that is not taken makes the mirror no less new. */
	vsw_nl_reply_send(info, reply, VSWITCH_CMD_MIRROR_NEW, fill_mirror, m);
	return 0;
}

int vswitch_nl_mirror_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, add_mirror);
}

static int set_mirror(struct genl_info *info)
{
	struct vsw_mirror *m = find_mirror(info);
	struct vsw_mirror_config config;
	int err;

	if (IS_ERR(m))
		return PTR_ERR(m);
	err = get_config(info, m->sw, &config);
	if (err)
		return err;
	return blame_to(info, vsw_mirror_configure(m, &config, info->extack));
}

int vswitch_nl_mirror_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, set_mirror);
}

static int del_mirror(struct genl_info *info)
{
	struct vsw_mirror *m = find_mirror(info);

	if (IS_ERR(m))
		return PTR_ERR(m);
	vsw_mirror_del(m);
	return 0;
}

int vswitch_nl_mirror_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, del_mirror);
}

static int get_mirror(struct genl_info *info)
{
	struct vsw_mirror *m = find_mirror(info);

	if (IS_ERR(m))
		return PTR_ERR(m);
	return vsw_nl_reply(info, VSWITCH_CMD_MIRROR_GET, fill_mirror, m);
}

int vswitch_nl_mirror_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read(info, get_mirror);
}

/* Mirrors of @sw from *@slot on, which is where to go on after an error. */
static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct vsw_switch *sw, unsigned long *slot)
{
	struct vsw_mirror *m;
	int err;

	for (; (m = vsw_mirror_next(sw, slot)); ++*slot) {
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_MIRROR_GET, fill_mirror, m);
		if (err)
			return err;
	}
	*slot = 0;
	return 0;
}

/* Resumes at the switch of the ifindex in args[0], at the slot in args[1]. */
int vswitch_nl_mirror_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	unsigned long ifindex = cb->args[0], slot = cb->args[1];
	struct net *net = sock_net(skb->sk);
	struct vsw_switch *only, *sw;
	int err;

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_MIRROR_NAME]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSWITCH_A_MIRROR_NAME],
				    "a dump is of all mirrors or of those of a switch, it takes no name");
		return -EINVAL;
	}
	rtnl_lock();
	cb->seq = vsw_net(net)->generation + 1;
	only = find_switch(net, attrs, cb->extack);
	if (IS_ERR(only)) {
		rtnl_unlock();
		return PTR_ERR(only);
	}
	xa_for_each_start(&vsw_net(net)->switches, ifindex, sw, ifindex) {
		if (only && sw != only)
			continue;
		/* The one that we stopped in is gone: this one from its start. */
		if (ifindex != cb->args[0])
			slot = 0;
		err = dump_switch(skb, cb, sw, &slot);
		if (err)
			break;
	}
	rtnl_unlock();
	cb->args[0] = err ? ifindex : ULONG_MAX;
	cb->args[1] = slot;
	return vsw_nl_dump_end(skb, err);
}
