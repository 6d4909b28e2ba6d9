// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of rules of address translation: nat-new, -del, -get.
 */
#include "nat.h"
#include "netlink.h"

static int fill_match(struct sk_buff *skb, const struct vrt_nat_config *config)
{
	if (vrt_nl_put_prefix(skb, &config->source, VROUTER_A_NAT_SOURCE,
			      VROUTER_A_NAT_SOURCE_LEN) ||
	    vrt_nl_put_prefix(skb, &config->destination, VROUTER_A_NAT_DESTINATION,
			      VROUTER_A_NAT_DESTINATION_LEN) ||
	    (config->protocol && nla_put_u8(skb, VROUTER_A_NAT_PROTOCOL, config->protocol)) ||
	    (config->port && (nla_put_u16(skb, VROUTER_A_NAT_PORT, config->port) ||
			      nla_put_u16(skb, VROUTER_A_NAT_PORT_LAST, config->port_last))) ||
	    (config->device[0] && nla_put_string(skb, VROUTER_A_NAT_DEVICE, config->device)))
		return -EMSGSIZE;
	return 0;
}

static int fill_to(struct sk_buff *skb, const struct vrt_nat_config *config)
{
	if (config->has_to &&
	    (vrt_nl_put_address(skb, VROUTER_A_NAT_TO_FIRST, config->family, &config->to_first) ||
	     vrt_nl_put_address(skb, VROUTER_A_NAT_TO_LAST, config->family, &config->to_last)))
		return -EMSGSIZE;
	if (config->to_port &&
	    (nla_put_u16(skb, VROUTER_A_NAT_TO_PORT, config->to_port) ||
	     nla_put_u16(skb, VROUTER_A_NAT_TO_PORT_LAST, config->to_port_last)))
		return -EMSGSIZE;
	return 0;
}

static int fill_nat(struct sk_buff *skb, const void *object)
{
	const struct vrt_nat *rule = object;
	const struct vrt_nat_config *config = &rule->config;

	if (nla_put_u32(skb, VROUTER_A_NAT_ID, config->id) ||
	    nla_put_u8(skb, VROUTER_A_NAT_KIND, config->kind) ||
	    fill_match(skb, config) ||
	    (config->family != NFPROTO_UNSPEC &&
	     nla_put_u8(skb, VROUTER_A_NAT_FAMILY, config->family)) ||
	    fill_to(skb, config) ||
	    nla_put_u32(skb, VROUTER_A_NAT_FLAGS, config->flags) ||
	    nla_put_u64_64bit(skb, VROUTER_A_NAT_CONNECTIONS, atomic64_read(&rule->connections),
			      VROUTER_A_NAT_PAD))
		return -EMSGSIZE;
	return 0;
}

static int get_family(struct genl_info *info, struct vrt_nat_config *config)
{
	const struct nlattr *family = info->attrs[VROUTER_A_NAT_FAMILY];

	if (!family)
		return 0;
	config->family = nla_get_u8(family);
	if (config->family != AF_INET && config->family != AF_INET6)
		return vrt_nl_refuse(family, -EINVAL, "the family is IPv4 or IPv6", info->extack);
	return 0;
}

static int get_to(struct genl_info *info, struct vrt_nat_config *config)
{
	const struct nlattr *first = info->attrs[VROUTER_A_NAT_TO_FIRST];
	const struct nlattr *last = info->attrs[VROUTER_A_NAT_TO_LAST];
	u8 family, last_family;
	int err;

	if (!first) {
		if (!last)
			return 0;
		return vrt_nl_refuse(last, -EINVAL, "a last address needs a first one",
				     info->extack);
	}
	last = last ?: first;
	err = vrt_nl_get_address(first, &family, &config->to_first, info->extack) ?:
	      vrt_nl_get_address(last, &last_family, &config->to_last, info->extack);
	if (err)
		return err;
	if (last_family != family || (config->family && config->family != family))
		return vrt_nl_refuse(last, -EINVAL, "the addresses of a rule are of one family",
				     info->extack);
	config->family = family;
	config->has_to = true;
	return 0;
}

static u16 get_port(struct genl_info *info, int attr)
{
	return info->attrs[attr] ? nla_get_u16(info->attrs[attr]) : 0;
}

static int get_config(struct genl_info *info, struct vrt_nat_config *config)
{
	struct nlattr **attrs = info->attrs;

	BUILD_BUG_ON(AF_INET != NFPROTO_IPV4 || AF_INET6 != NFPROTO_IPV6);

	memset(config, 0, sizeof(*config));
	if (!attrs[VROUTER_A_NAT_KIND])
		return vrt_nl_missing(info, VROUTER_A_NAT_KIND, "say what the rule does");
	config->kind = nla_get_u8(attrs[VROUTER_A_NAT_KIND]);
	if (attrs[VROUTER_A_NAT_ID])
		config->id = nla_get_u32(attrs[VROUTER_A_NAT_ID]);
	if (attrs[VROUTER_A_NAT_PROTOCOL])
		config->protocol = nla_get_u8(attrs[VROUTER_A_NAT_PROTOCOL]);
	if (attrs[VROUTER_A_NAT_DEVICE])
		nla_strscpy(config->device, attrs[VROUTER_A_NAT_DEVICE], sizeof(config->device));
	if (attrs[VROUTER_A_NAT_FLAGS])
		config->flags = nla_get_u32(attrs[VROUTER_A_NAT_FLAGS]);
	config->port = get_port(info, VROUTER_A_NAT_PORT);
	config->port_last = get_port(info, VROUTER_A_NAT_PORT_LAST);
	config->to_port = get_port(info, VROUTER_A_NAT_TO_PORT);
	config->to_port_last = get_port(info, VROUTER_A_NAT_TO_PORT_LAST);
	return get_family(info, config) ?: get_to(info, config) ?:
	       vrt_nl_get_prefix(info, VROUTER_A_NAT_SOURCE, VROUTER_A_NAT_SOURCE_LEN,
				 &config->source) ?:
	       vrt_nl_get_prefix(info, VROUTER_A_NAT_DESTINATION, VROUTER_A_NAT_DESTINATION_LEN,
				 &config->destination);
}

static int add_nat(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_nat_config config;
	const struct vrt_nat *rule;
	int err;

	err = get_config(info, &config) ?: vrt_nat_add(rn, &config, &rule, info->extack);
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VROUTER_A_NAT_ID]);
	if (err)
		return err;
	err = vrt_nl_reply(info, VROUTER_CMD_NAT_NEW, fill_nat, rule);
	if (err)
		vrt_nat_del(rn, rule->config.id, NULL);
	return err;
}

int vrouter_nl_nat_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, add_nat);
}

/* NULL: @err says why. */
static const struct vrt_nat *find_nat(struct vrt_net *rn, struct genl_info *info, int *err)
{
	const struct nlattr *id = info->attrs[VROUTER_A_NAT_ID];
	const struct vrt_nat *rule;

	if (!id) {
		*err = vrt_nl_missing(info, VROUTER_A_NAT_ID, "say the rule's id");
		return NULL;
	}
	rule = vrt_nat_from(rn, nla_get_u32(id));
	if (rule && rule->config.id == nla_get_u32(id)) {
		*err = 0;
		return rule;
	}
	*err = vrt_nl_refuse(id, -ENOENT, "there is no rule of this id", info->extack);
	return NULL;
}

static int del_nat(struct vrt_net *rn, struct genl_info *info)
{
	const struct vrt_nat *rule;
	int err;

	rule = find_nat(rn, info, &err);
	return rule ? vrt_nat_del(rn, rule->config.id, info->extack) : err;
}

int vrouter_nl_nat_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, del_nat);
}

static int get_nat(struct vrt_net *rn, struct genl_info *info)
{
	const struct vrt_nat *rule;
	int err;

	rule = find_nat(rn, info, &err);
	return rule ? vrt_nl_reply(info, VROUTER_CMD_NAT_GET, fill_nat, rule) : err;
}

int vrouter_nl_nat_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_read(info, get_nat);
}

/* Resumes at the id in args[0], which is one more than the last one was. */
int vrouter_nl_nat_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vrt_net *rn = vrt_net(sock_net(skb->sk));
	const struct vrt_nat *rule;
	int err;

	err = vrt_nl_check_once(cb->nlh, cb->extack) ?:
	      vrt_nl_check_no_filter(cb->nlh, "a dump is of all rules", cb->extack);
	if (err)
		return err;
	mutex_lock(&rn->lock);
	while (cb->args[0] <= U32_MAX && (rule = vrt_nat_from(rn, cb->args[0]))) {
		err = vrt_nl_dump_one(skb, cb, VROUTER_CMD_NAT_GET, fill_nat, rule);
		if (err)
			break;
		cb->args[0] = (long)rule->config.id + 1;
	}
	mutex_unlock(&rn->lock);
	return vrt_nl_dump_end(skb, err);
}
