// SPDX-License-Identifier: GPL-2.0
/*
 * The bindings of a switch and its ports. Written under RTNL, read by the path under
 * RCU: by MAC to guard what a port sends, by address to answer who has it.
 */
#include <linux/inetdevice.h>
#include <kunit/visibility.h>

#include "binding.h"

#define V4_BITS	96	/* in front of an IPv4 address that is mapped */

static const struct rhashtable_params mac_params = {
	.head_offset = offsetof(struct vsw_binding, by_mac),
	.key_offset = offsetof(struct vsw_binding, mac),
	.key_len = sizeof_field(struct vsw_binding, mac),
	.automatic_shrinking = true,
};

static const struct rhashtable_params ip_params = {
	.head_offset = offsetof(struct vsw_binding, by_ip),
	.key_offset = offsetof(struct vsw_binding, ip),
	.key_len = sizeof_field(struct vsw_binding, ip),
	.automatic_shrinking = true,
};

/* Before the switch is known to anybody. */
int vsw_bindings_init(struct vsw_switch *sw)
{
	int err;

	err = rhltable_init(&sw->bindings_by_mac, &mac_params);
	if (err)
		return err;
	err = rhltable_init(&sw->bindings_by_ip, &ip_params);
	if (err)
		rhltable_destroy(&sw->bindings_by_mac);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_bindings_init);

/* The ports, and so all bindings, are gone. May sleep. */
void vsw_bindings_destroy(struct vsw_switch *sw)
{
	rhltable_destroy(&sw->bindings_by_ip);
	rhltable_destroy(&sw->bindings_by_mac);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_bindings_destroy);

struct rhlist_head *vsw_bindings_of_mac(const struct vsw_port *port, const u8 *mac)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_binding_mac key = { .port = port->number };

	ether_addr_copy(key.address, mac);
	return rhltable_lookup(&sw->bindings_by_mac, &key, mac_params);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_bindings_of_mac);

struct rhlist_head *vsw_bindings_of_ip(const struct vsw_switch *sw,
				       const struct in6_addr *ip)
{
	return rhltable_lookup((struct rhltable *)&sw->bindings_by_ip, ip, ip_params);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_bindings_of_ip);

/* What @config says, in our own form: what is behind the prefix is 0. */
static void set_ip(struct vsw_binding *binding, const struct vsw_binding_config *config)
{
	struct in6_addr ip = {};

	switch (config->ip_len) {
	case sizeof(struct in_addr):
		ipv6_addr_set_v4mapped(get_unaligned((__be32 *)config->ip), &ip);
		binding->prefix_len = V4_BITS + config->prefix_len;
		break;
	case sizeof(ip):
		memcpy(&ip, config->ip, sizeof(ip));
		binding->prefix_len = config->prefix_len;
		break;
	}
	ipv6_addr_prefix(&binding->ip, &ip, binding->prefix_len);
}

static int check_config(const struct vsw_binding_config *config,
			struct netlink_ext_ack *extack)
{
	struct in6_addr ip, mapped;

	ipv6_addr_set_v4mapped(0, &mapped);
	if (!is_valid_ether_addr(config->mac)) {
		NL_SET_ERR_MSG(extack, "the MAC of a binding is a unicast address that is not zero");
		return -EADDRNOTAVAIL;
	}
	if (config->ip_len == sizeof(struct in_addr)) {
		__be32 address = get_unaligned((__be32 *)config->ip);

		if (config->prefix_len == 32 &&
		    (ipv4_is_multicast(address) || ipv4_is_lbcast(address) ||
		     ipv4_is_zeronet(address))) {
			NL_SET_ERR_MSG(extack, "no host has this IPv4 address");
			return -EINVAL;
		}
	} else if (config->ip_len) {
		memcpy(&ip, config->ip, sizeof(ip));
		/* Or it would have those that stand for IPv4 in it. */
		if (ipv6_prefix_equal(&ip, &mapped, min_t(u8, config->prefix_len, V4_BITS)) ||
		    ipv6_addr_is_multicast(&ip) ||
		    (config->prefix_len == 128 && ipv6_addr_any(&ip))) {
			NL_SET_ERR_MSG(extack, "no host has this IPv6 address");
			return -EINVAL;
		}
	}
	return 0;
}

/* The binding of @port that says the same as @like, or NULL. RTNL. */
static struct vsw_binding *find(const struct vsw_port *port, const struct vsw_binding *like)
{
	struct rhlist_head *list, *pos;
	struct vsw_binding *binding;

	rcu_read_lock();
	list = vsw_bindings_of_mac(port, like->mac.address);
	rhl_for_each_entry_rcu(binding, pos, list, by_mac) {
		if (binding->vid == like->vid && binding->prefix_len == like->prefix_len &&
		    ipv6_addr_equal(&binding->ip, &like->ip)) {
			/* RTNL keeps it. */
			rcu_read_unlock();
			return binding;
		}
	}
	rcu_read_unlock();
	return NULL;
}

static void fill(struct vsw_binding *binding, struct vsw_port *port,
		 const struct vsw_binding_config *config)
{
	memset(binding, 0, sizeof(*binding));
	ether_addr_copy(binding->mac.address, config->mac);
	binding->mac.port = port->number;
	binding->vid = config->vid;
	binding->port = port;
	set_ip(binding, config);
}

/* The binding of @port that @config describes, or NULL. RTNL. */
struct vsw_binding *vsw_binding_get(struct vsw_port *port,
				    const struct vsw_binding_config *config)
{
	struct vsw_binding like;

	ASSERT_RTNL();

	fill(&like, port, config);
	return find(port, &like);
}

static bool is_single(const struct vsw_binding *binding)
{
	return binding->prefix_len == 128;
}

static int insert(struct vsw_switch *sw, struct vsw_binding *binding)
{
	int err;

	err = rhltable_insert(&sw->bindings_by_mac, &binding->by_mac, mac_params);
	if (err || !is_single(binding))
		return err;
	err = rhltable_insert(&sw->bindings_by_ip, &binding->by_ip, ip_params);
	if (err)
		rhltable_remove(&sw->bindings_by_mac, &binding->by_mac, mac_params);
	return err;
}

static void changed(const struct vsw_binding *binding, u8 cmd)
{
	vsw_net(dev_net(binding->port->sw->dev))->generation++;
	vsw_event_binding(binding, cmd);
}

/* Bind to @port what @config says. RTNL. */
int vsw_binding_add(struct vsw_port *port, const struct vsw_binding_config *config,
		    struct netlink_ext_ack *extack)
{
	struct vsw_binding *binding;
	int err;

	ASSERT_RTNL();

	err = check_config(config, extack);
	if (err)
		return err;
	if (vsw_private_is_secondary(port->sw, config->vid)) {
		NL_SET_ERR_MSG(extack, "that VLAN is part of a private one, whose bindings are of its primary VLAN");
		return -ERANGE;
	}
	if (vsw_binding_get(port, config)) {
		NL_SET_ERR_MSG(extack, "the port has this binding already");
		return -EEXIST;
	}
	binding = kmalloc(sizeof(*binding), GFP_KERNEL_ACCOUNT);
	if (!binding) {
		NL_SET_ERR_MSG(extack, "no memory for the binding");
		return -ENOMEM;
	}
	fill(binding, port, config);
	err = xa_alloc(&port->bindings, &binding->id, binding,
		       XA_LIMIT(1, VSWITCH_MAX_BINDINGS), GFP_KERNEL_ACCOUNT);
	if (err == -EBUSY)
		NL_SET_ERR_MSG(extack, "the port has as many bindings as it may have");
	if (err)
		goto free_binding;
	err = insert(port->sw, binding);
	if (err)
		goto free_id;
	changed(binding, VSWITCH_CMD_BINDING_NEW_NTF);
	return 0;

free_id:
	xa_erase(&port->bindings, binding->id);
free_binding:
	/* Readers may have seen it by its MAC. */
	kfree_rcu(binding, rcu);
	return err == -EBUSY ? -ENOSPC : err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_binding_add);

static void unbind(struct vsw_binding *binding)
{
	struct vsw_port *port = binding->port;
	struct vsw_switch *sw = port->sw;

	if (is_single(binding))
		rhltable_remove(&sw->bindings_by_ip, &binding->by_ip, ip_params);
	rhltable_remove(&sw->bindings_by_mac, &binding->by_mac, mac_params);
	xa_erase(&port->bindings, binding->id);
	changed(binding, VSWITCH_CMD_BINDING_DEL_NTF);
	kfree_rcu(binding, rcu);
}

/* Remove the binding of @port that @config describes; -ENOENT: there is none. RTNL. */
int vsw_binding_del(struct vsw_port *port, const struct vsw_binding_config *config)
{
	struct vsw_binding *binding = vsw_binding_get(port, config);

	if (!binding)
		return -ENOENT;
	unbind(binding);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_binding_del);

/* @port goes, and what is bound to it too. RTNL. */
void vsw_bindings_port_gone(struct vsw_port *port)
{
	struct vsw_binding *binding;
	unsigned long id;

	ASSERT_RTNL();

	xa_for_each(&port->bindings, id, binding)
		unbind(binding);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_bindings_port_gone);

void vsw_binding_info(const struct vsw_binding *binding, struct vsw_binding_info *info)
{
	const struct vsw_port *port = binding->port;
	const struct net_device *sw = port->sw->dev;

	memset(info, 0, sizeof(*info));
	info->switch_ifindex = sw->ifindex;
	strscpy(info->switch_name, sw->name, sizeof(info->switch_name));
	info->port_ifindex = port->dev->ifindex;
	strscpy(info->port_name, port->dev->name, sizeof(info->port_name));
	info->port_number = port->number;
	info->port_alias = port->alias;
	ether_addr_copy(info->mac, binding->mac.address);
	info->vid = binding->vid;
	if (!binding->prefix_len)
		return;
	/* A prefix of IPv6 that is shorter than these bits is none of IPv4. */
	if (binding->prefix_len >= V4_BITS && ipv6_addr_v4mapped(&binding->ip)) {
		info->ip_len = sizeof(struct in_addr);
		info->prefix_len = binding->prefix_len - V4_BITS;
		memcpy(info->ip, &binding->ip.s6_addr32[3], info->ip_len);
	} else {
		info->ip_len = sizeof(binding->ip);
		info->prefix_len = binding->prefix_len;
		memcpy(info->ip, &binding->ip, info->ip_len);
	}
}
