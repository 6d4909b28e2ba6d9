// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of published ports: publish-new, -set, -del, -get.
 */
#include <linux/in.h>
#include <linux/kmod.h>
#include <net/addrconf.h>

#include "netlink.h"
#include "publish.h"

static int fill_to(struct sk_buff *skb, const struct vrt_publish *publish)
{
	const struct vrt_target *ipv4 = vrt_publish_to(publish, VRT_PUBLISH_IPV4);
	const struct vrt_target *ipv6 = vrt_publish_to(publish, VRT_PUBLISH_IPV6);
	u16 port = ipv4 ? ipv4->port : ipv6 ? ipv6->port : 0;

	if ((ipv4 && nla_put_in_addr(skb, VROUTER_A_PUBLISH_TO_IPV4, ipv4->addr.ip)) ||
	    (ipv6 && nla_put_in6_addr(skb, VROUTER_A_PUBLISH_TO_IPV6, &ipv6->addr.in6)) ||
	    nla_put_u16(skb, VROUTER_A_PUBLISH_TO_PORT, port ?: publish->front.port))
		return -EMSGSIZE;
	return 0;
}

static int fill_publish(struct sk_buff *skb, const void *object)
{
	const struct vrt_publish *publish = object;
	const struct vrt_publish_key *key = &publish->key;
	struct vrt_counts counts;
	u32 active;

	active = vrt_publish_counts(publish, &counts);
	if (nla_put_u8(skb, VROUTER_A_PUBLISH_PROTOCOL, key->protocol) ||
	    nla_put_u16(skb, VROUTER_A_PUBLISH_PORT, key->port) ||
	    nla_put_u16(skb, VROUTER_A_PUBLISH_PORT_LAST, publish->front.port_last) ||
	    (key->family != NFPROTO_UNSPEC &&
	     vrt_nl_put_address(skb, VROUTER_A_PUBLISH_ADDRESS, key->family, &key->addr)) ||
	    fill_to(skb, publish) ||
	    (publish->label[0] &&
	     nla_put_string(skb, VROUTER_A_PUBLISH_LABEL, publish->label)) ||
	    nla_put_u8(skb, VROUTER_A_PUBLISH_OBEY_FIREWALL, publish->obey_firewall) ||
	    nla_put_u32(skb, VROUTER_A_PUBLISH_ACTIVE, active) ||
	    vrt_nl_put_counts(skb, VROUTER_A_PUBLISH_STATS, &counts, NULL))
		return -EMSGSIZE;
	return 0;
}

/* A port of a link-local address would need its device, too; one of many hosts has none. */
static bool is_of_one_host(const struct vrt_publish_key *key)
{
	if (key->family == NFPROTO_IPV4)
		return !ipv4_is_zeronet(key->addr.ip) && !ipv4_is_multicast(key->addr.ip) &&
		       !ipv4_is_lbcast(key->addr.ip);
	return !ipv6_addr_any(&key->addr.in6) && !ipv6_addr_is_multicast(&key->addr.in6) &&
	       !(ipv6_addr_type(&key->addr.in6) & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_MAPPED));
}

static int get_key(struct genl_info *info, struct vrt_publish_key *key)
{
	const struct nlattr *address = info->attrs[VROUTER_A_PUBLISH_ADDRESS];
	const struct nlattr *protocol = info->attrs[VROUTER_A_PUBLISH_PROTOCOL];
	int err;

	memset(key, 0, sizeof(*key));
	if (!protocol)
		return vrt_nl_missing(info, VROUTER_A_PUBLISH_PROTOCOL, "say the protocol");
	if (!info->attrs[VROUTER_A_PUBLISH_PORT])
		return vrt_nl_missing(info, VROUTER_A_PUBLISH_PORT, "say the port");
	key->protocol = nla_get_u8(protocol);
	key->port = nla_get_u16(info->attrs[VROUTER_A_PUBLISH_PORT]);
	if (key->protocol != IPPROTO_TCP && key->protocol != IPPROTO_UDP &&
	    key->protocol != IPPROTO_SCTP)
		return vrt_nl_refuse(protocol, -EINVAL,
				     "ports of TCP, UDP and SCTP can be published", info->extack);
	if (!address)
		return 0;
	err = vrt_nl_get_address(address, &key->family, &key->addr, info->extack);
	if (err)
		return err;
	if (!is_of_one_host(key))
		return vrt_nl_refuse(address, -EINVAL,
				     "the address can't be one that others reach this host by",
				     info->extack);
	return 0;
}

static bool is_unicast(u8 family, const union nf_inet_addr *addr)
{
	if (family == NFPROTO_IPV4)
		return !ipv4_is_zeronet(addr->ip) && !ipv4_is_multicast(addr->ip) &&
		       !ipv4_is_lbcast(addr->ip) && !ipv4_is_loopback(addr->ip);
	return !ipv6_addr_any(&addr->in6) && !ipv6_addr_is_multicast(&addr->in6) &&
	       !ipv6_addr_loopback(&addr->in6) &&
	       !(ipv6_addr_type(&addr->in6) & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_MAPPED));
}

static int get_to(struct genl_info *info, struct vrt_publish_config *config)
{
	static const u8 families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };
	const struct nlattr *attrs[] = { info->attrs[VROUTER_A_PUBLISH_TO_IPV4],
					 info->attrs[VROUTER_A_PUBLISH_TO_IPV6] };
	const struct nlattr *port = info->attrs[VROUTER_A_PUBLISH_TO_PORT];
	struct vrt_publish_to *to = &config->to;
	int way;

	for (way = 0; way < VRT_PUBLISH_WAYS; way++) {
		if (!attrs[way])
			continue;
		to->given[way] = true;
		memcpy(&to->addr[way], nla_data(attrs[way]), nla_len(attrs[way]));
		if (!is_unicast(families[way], &to->addr[way]))
			return vrt_nl_refuse(attrs[way], -EINVAL,
					     "nothing can be sent on to this address",
					     info->extack);
	}
	if (port)
		to->port = nla_get_u16(port);
	config->to_given = attrs[0] || attrs[1] || port || info->attrs[VROUTER_A_PUBLISH_NETNS_FD];
	return 0;
}

static int get_config(struct genl_info *info, struct vrt_publish_config *config)
{
	const struct nlattr *last = info->attrs[VROUTER_A_PUBLISH_PORT_LAST];
	const struct nlattr *label = info->attrs[VROUTER_A_PUBLISH_LABEL];
	const struct nlattr *obey = info->attrs[VROUTER_A_PUBLISH_OBEY_FIREWALL];
	int err;

	memset(config, 0, sizeof(*config));
	err = get_key(info, &config->key) ?: get_to(info, config);
	if (err)
		return err;
	if (last)
		config->port_last = nla_get_u16(last);
	if (label)
		config->label = nla_data(label);
	if (obey) {
		config->obey_given = true;
		config->obey_firewall = nla_get_u8(obey);
	}
	return 0;
}

/* What the core says of an error, the attribute is to blame for. */
static int blame(struct genl_info *info, int err)
{
	int attr;

	switch (err) {
	case -EADDRNOTAVAIL:
		attr = VROUTER_A_PUBLISH_ADDRESS;
		break;
	case -EEXIST:
	case -ENOENT:
	case -EADDRINUSE:
	case -EACCES:
		attr = VROUTER_A_PUBLISH_PORT;
		break;
	case -EPROTONOSUPPORT:
		attr = VROUTER_A_PUBLISH_PROTOCOL;
		break;
	default:
		return err;
	}
	if (info->attrs[attr])
		NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	return err;
}

typedef int (*change_t)(struct vrt_net *rn, const struct vrt_publish_config *config,
			struct netlink_ext_ack *extack);

static int change_publish(struct vrt_net *rn, struct genl_info *info, change_t change)
{
	const struct nlattr *fd = info->attrs[VROUTER_A_PUBLISH_NETNS_FD];
	struct vrt_publish_config config;
	struct net *net = NULL;
	int err;

	err = get_config(info, &config);
	if (err)
		return err;
	if (fd) {
		net = get_net_ns_by_fd(nla_get_u32(fd));
		if (IS_ERR(net))
			return vrt_nl_refuse(fd, PTR_ERR(net),
					     "the descriptor is not one of a network namespace",
					     info->extack);
	}
	config.to.lives_in = net;
	err = change(rn, &config, info->extack);
	if (net)
		put_net(net);
	return blame(info, err);
}

static int add_publish(struct vrt_net *rn, struct genl_info *info)
{
	return change_publish(rn, info, vrt_publish_add);
}

int vrouter_nl_publish_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *protocol = info->attrs[VROUTER_A_PUBLISH_PROTOCOL];
	int err;

	err = vrt_nl_check_permission(skb, genl_info_net(info), info->extack);
	if (err)
		return err;
	/* Not under the lock, as main.c says. */
	if (protocol && nla_get_u8(protocol) == IPPROTO_SCTP)
		request_module("net-pf-%d-proto-%d", PF_INET, IPPROTO_SCTP);
	return vrt_nl_change(skb, info, add_publish);
}

static int set_publish(struct vrt_net *rn, struct genl_info *info)
{
	return change_publish(rn, info, vrt_publish_set);
}

int vrouter_nl_publish_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, set_publish);
}

/* The one that a request names; NULL: @err says why. */
static struct vrt_publish *find_publish(struct vrt_net *rn, struct genl_info *info, int *err)
{
	const struct nlattr *last = info->attrs[VROUTER_A_PUBLISH_PORT_LAST];
	struct vrt_publish *publish = NULL;
	struct vrt_publish_key key;

	*err = get_key(info, &key);
	if (*err)
		return NULL;
	publish = vrt_publish_of(rn, &key);
	if (publish && last && nla_get_u16(last) != publish->front.port_last)
		publish = NULL;
	if (!publish) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VROUTER_A_PUBLISH_PORT],
				    "nothing is published by this protocol, port and address");
		*err = -ENOENT;
	}
	return publish;
}

static int del_publish(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_publish *publish;
	int err;

	publish = find_publish(rn, info, &err);
	if (publish)
		vrt_publish_del(publish);
	return err;
}

int vrouter_nl_publish_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, del_publish);
}

static int get_publish(struct vrt_net *rn, struct genl_info *info)
{
	const struct vrt_publish *publish;
	int err;

	publish = find_publish(rn, info, &err);
	return publish ? vrt_nl_reply(info, VROUTER_CMD_PUBLISH_GET, fill_publish, publish) : err;
}

int vrouter_nl_publish_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_read(info, get_publish);
}

/* Resumes behind the key of the last one, which may be gone meanwhile. */
int vrouter_nl_publish_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vrt_publish_key *last = (struct vrt_publish_key *)cb->ctx;
	struct vrt_net *rn = vrt_net(sock_net(skb->sk));
	const struct vrt_publish *publish;
	int err;

	BUILD_BUG_ON(sizeof(*last) > sizeof(cb->ctx));

	err = vrt_nl_check_once(cb->nlh, cb->extack) ?:
	      vrt_nl_check_no_filter(cb->nlh, "a dump is of all published ports", cb->extack);
	if (err)
		return err;
	mutex_lock(&rn->lock);
	while ((publish = vrt_publish_after(rn, last))) {
		err = vrt_nl_dump_one(skb, cb, VROUTER_CMD_PUBLISH_GET, fill_publish, publish);
		if (err)
			break;
		*last = publish->key;
	}
	mutex_unlock(&rn->lock);
	return vrt_nl_dump_end(skb, err);
}
