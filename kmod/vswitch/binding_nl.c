// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the bindings: binding-new, -del, -get.
 */
#include "binding.h"
#include "netlink.h"

int vsw_nl_fill_binding_info(struct sk_buff *skb, const struct vsw_binding_info *info)
{
	if (nla_put_u32(skb, VSWITCH_A_BINDING_SWITCH_IFINDEX, info->switch_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_BINDING_SWITCH_NAME, info->switch_name) ||
	    nla_put_u32(skb, VSWITCH_A_BINDING_PORT_IFINDEX, info->port_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_BINDING_PORT_NAME, info->port_name) ||
	    nla_put_u32(skb, VSWITCH_A_BINDING_PORT_NUMBER, info->port_number) ||
	    nla_put(skb, VSWITCH_A_BINDING_MAC, ETH_ALEN, info->mac))
		return -EMSGSIZE;
	if (info->port_alias &&
	    nla_put_string(skb, VSWITCH_A_BINDING_PORT_ALIAS, info->port_alias))
		return -EMSGSIZE;
	if (info->vid && nla_put_u16(skb, VSWITCH_A_BINDING_VLAN, info->vid))
		return -EMSGSIZE;
	if (info->ip_len &&
	    (nla_put(skb, VSWITCH_A_BINDING_IP, info->ip_len, info->ip) ||
	     nla_put_u8(skb, VSWITCH_A_BINDING_PREFIX_LEN, info->prefix_len)))
		return -EMSGSIZE;
	return 0;
}

static int fill_info(struct sk_buff *skb, const void *object)
{
	return vsw_nl_fill_binding_info(skb, object);
}

static const struct vsw_nl_place_attrs place_attrs = VSW_NL_PLACE_ATTRS(BINDING);

static int get_ip(struct nlattr **attrs, struct vsw_binding_config *config,
		  struct netlink_ext_ack *extack)
{
	const struct nlattr *ip = attrs[VSWITCH_A_BINDING_IP];
	const struct nlattr *prefix = attrs[VSWITCH_A_BINDING_PREFIX_LEN];

	if (prefix && !ip) {
		NL_SET_ERR_MSG_ATTR(extack, prefix, "a prefix length is that of an address");
		return -EINVAL;
	}
	if (!ip)
		return 0;
	config->ip_len = nla_len(ip);
	if (nla_len(ip) != sizeof(struct in_addr) && nla_len(ip) != sizeof(struct in6_addr)) {
		NL_SET_ERR_MSG_ATTR(extack, ip, "an address has 4 or 16 bytes");
		return -EINVAL;
	}
	memcpy(config->ip, nla_data(ip), config->ip_len);
	config->prefix_len = prefix ? nla_get_u8(prefix) : config->ip_len * 8;
	if (config->prefix_len > config->ip_len * 8) {
		NL_SET_ERR_MSG_ATTR(extack, prefix, "the prefix is longer than the address");
		return -EINVAL;
	}
	return 0;
}

static int get_config(struct genl_info *info, struct vsw_binding_config *config)
{
	struct nlattr **attrs = info->attrs;

	memset(config, 0, sizeof(*config));
	if (!attrs[VSWITCH_A_BINDING_MAC])
		return vsw_nl_missing(info, VSWITCH_A_BINDING_MAC, "name a MAC address");
	nla_memcpy(config->mac, attrs[VSWITCH_A_BINDING_MAC], ETH_ALEN);
	if (attrs[VSWITCH_A_BINDING_VLAN])
		config->vid = nla_get_u16(attrs[VSWITCH_A_BINDING_VLAN]);
	return get_ip(attrs, config, info->extack);
}

/* The port and the binding that a request is about. */
static int get_request(struct genl_info *info, struct vsw_port **port,
		       struct vsw_binding_config *config)
{
	struct vsw_nl_place place;
	int err;

	err = get_config(info, config) ?:
	      vsw_nl_find_place(genl_info_net(info), info->attrs, &place_attrs,
				info->extack, &place);
	if (err)
		return err;
	if (!place.port)
		return vsw_nl_missing(info, VSWITCH_A_BINDING_PORT_IFINDEX,
				      "name the port, by ifindex or name");
	*port = place.port;
	return 0;
}

static int no_such(struct genl_info *info)
{
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSWITCH_A_BINDING_MAC],
			    "the port has no such binding");
	return -ENOENT;
}

static int add_binding(struct genl_info *info)
{
	struct vsw_binding_config config;
	struct vsw_port *port;
	int err;

	err = get_request(info, &port, &config);
	if (err)
		return err;
	if (port->flags & VSW_PORT_HOST) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSWITCH_A_BINDING_PORT_IFINDEX] ?:
				    info->attrs[VSWITCH_A_BINDING_PORT_NAME] ?:
				    info->attrs[VSWITCH_A_BINDING_PORT_NUMBER],
				    "nothing is bound to the host port, which is not guarded");
		return -EOPNOTSUPP;
	}
	err = vsw_binding_add(port, &config, info->extack);
	if (err && err != -ENOMEM && err != -ENOSPC)
		NL_SET_BAD_ATTR(info->extack, err == -EINVAL ?
				info->attrs[VSWITCH_A_BINDING_IP] :
				err == -ERANGE ? info->attrs[VSWITCH_A_BINDING_VLAN] :
				info->attrs[VSWITCH_A_BINDING_MAC]);
	return err;
}

int vswitch_nl_binding_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, add_binding);
}

static int del_binding(struct genl_info *info)
{
	struct vsw_binding_config config;
	struct vsw_port *port;
	int err;

	err = get_request(info, &port, &config);
	if (err)
		return err;
	return vsw_binding_del(port, &config) ? no_such(info) : 0;
}

int vswitch_nl_binding_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, del_binding);
}

static int get_binding(struct genl_info *info)
{
	struct vsw_binding_config config;
	struct vsw_binding_info picture;
	struct vsw_binding *binding;
	struct vsw_port *port;
	int err;

	err = get_request(info, &port, &config);
	if (err)
		return err;
	binding = vsw_binding_get(port, &config);
	if (!binding)
		return no_such(info);
	vsw_binding_info(binding, &picture);
	return vsw_nl_reply(info, VSWITCH_CMD_BINDING_GET, fill_info, &picture);
}

int vswitch_nl_binding_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read(info, get_binding);
}

/* Where a dump goes on: at this binding of this port of this switch. */
struct cursor {
	unsigned long ifindex, number, id;
};

static int dump_port(struct sk_buff *skb, struct netlink_callback *cb,
		     struct vsw_port *port, struct cursor *cursor)
{
	struct vsw_binding_info picture;
	struct vsw_binding *binding;
	int err;

	xa_for_each_start(&port->bindings, cursor->id, binding, cursor->id) {
		vsw_binding_info(binding, &picture);
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_BINDING_GET, fill_info, &picture);
		if (err)
			return err;
	}
	cursor->id = 0;
	return 0;
}

static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct vsw_switch *sw, const struct vsw_port *only,
		       struct cursor *cursor)
{
	unsigned long number = cursor->number;
	struct vsw_port *port;
	int err;

	/* The host port, which has none, is number 0. */
	xa_for_each_start(&sw->ports, number, port, number) {
		if ((port->flags & VSW_PORT_HOST) || (only && port != only))
			continue;
		if (number != cursor->number)
			cursor->id = 0;
		cursor->number = number;
		err = dump_port(skb, cb, port, cursor);
		if (err)
			return err;
	}
	cursor->number = 0;
	return 0;
}

static int dump_all(struct sk_buff *skb, struct netlink_callback *cb, struct net *net,
		    const struct vsw_nl_place *place)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	unsigned long ifindex = cursor->ifindex;
	struct vsw_switch *sw;
	int err;

	xa_for_each_start(&vsw_net(net)->switches, ifindex, sw, ifindex) {
		if (place->sw && sw != place->sw)
			continue;
		/* The one that we stopped in is gone: this one from its start. */
		if (ifindex != cursor->ifindex)
			*cursor = (struct cursor){ .ifindex = ifindex };
		err = dump_switch(skb, cb, sw, place->port, cursor);
		if (err)
			return err;
	}
	cursor->ifindex = ULONG_MAX;
	return 0;
}

static int check_dump(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	static const int others[] = {
		VSWITCH_A_BINDING_MAC, VSWITCH_A_BINDING_VLAN, VSWITCH_A_BINDING_IP,
		VSWITCH_A_BINDING_PREFIX_LEN,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (attrs[others[i]]) {
			NL_SET_ERR_MSG_ATTR(extack, attrs[others[i]],
					    "a dump is of a switch or a port, or of all");
			return -EINVAL;
		}
	}
	return 0;
}

int vswitch_nl_binding_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	struct net *net = sock_net(skb->sk);
	struct vsw_nl_place place;
	int err;

	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));

	err = vsw_nl_check_once(cb->nlh, cb->extack) ?: check_dump(attrs, cb->extack);
	if (err)
		return err;
	rtnl_lock();
	err = vsw_nl_find_place(net, attrs, &place_attrs, cb->extack, &place);
	if (!err) {
		cb->seq = vsw_net(net)->generation + 1;
		err = dump_all(skb, cb, net, &place);
	}
	rtnl_unlock();
	return vsw_nl_dump_end(skb, err);
}
