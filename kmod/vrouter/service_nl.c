// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of services: service-new, -set, -del, -get.
 */
#include "netlink.h"
#include "service.h"

static int put_health(struct sk_buff *skb, const struct vrt_health_config *health)
{
	return nla_put_u32(skb, VROUTER_A_SERVICE_HEALTH_SHARE, health->share) ||
	       nla_put_u32(skb, VROUTER_A_SERVICE_HEALTH_WINDOW, health->window) ||
	       nla_put_u32(skb, VROUTER_A_SERVICE_HEALTH_MINIMUM, health->minimum) ||
	       nla_put_u32(skb, VROUTER_A_SERVICE_HEALTH_OUT, health->out);
}

static int fill_service(struct sk_buff *skb, const void *object)
{
	const struct vrt_service_info *info = object;
	const struct vrt_front *front = info->front;

	if (nla_put_string(skb, VROUTER_A_SERVICE_NAME, info->name) ||
	    nla_put_u8(skb, VROUTER_A_SERVICE_PROTOCOL, front->protocol) ||
	    vrt_nl_put_address(skb, VROUTER_A_SERVICE_ADDRESS, front->family, &front->addr) ||
	    nla_put_u16(skb, VROUTER_A_SERVICE_PORT, front->port) ||
	    nla_put_u16(skb, VROUTER_A_SERVICE_PORT_LAST, front->port_last) ||
	    nla_put_u8(skb, VROUTER_A_SERVICE_SCHEDULER, info->config.scheduler) ||
	    nla_put_u8(skb, VROUTER_A_SERVICE_FORWARD,
		       info->config.direct ? VROUTER_FORWARD_DIRECT : VROUTER_FORWARD_NAT) ||
	    nla_put_u32(skb, VROUTER_A_SERVICE_AFFINITY, info->config.affinity) ||
	    nla_put_u32(skb, VROUTER_A_SERVICE_SLOW_START, info->config.slow_start) ||
	    nla_put_u32(skb, VROUTER_A_SERVICE_BACKENDS, info->backends) ||
	    nla_put_u32(skb, VROUTER_A_SERVICE_ACTIVE, info->active) ||
	    put_health(skb, &info->config.health))
		return -EMSGSIZE;
	return vrt_nl_put_counts(skb, VROUTER_A_SERVICE_STATS, &info->counts, NULL);
}

static void get_health(struct nlattr **attrs, struct vrt_health_config *health)
{
	if (attrs[VROUTER_A_SERVICE_HEALTH_SHARE])
		health->share = nla_get_u32(attrs[VROUTER_A_SERVICE_HEALTH_SHARE]);
	if (attrs[VROUTER_A_SERVICE_HEALTH_WINDOW])
		health->window = nla_get_u32(attrs[VROUTER_A_SERVICE_HEALTH_WINDOW]);
	if (attrs[VROUTER_A_SERVICE_HEALTH_MINIMUM])
		health->minimum = nla_get_u32(attrs[VROUTER_A_SERVICE_HEALTH_MINIMUM]);
	if (attrs[VROUTER_A_SERVICE_HEALTH_OUT])
		health->out = nla_get_u32(attrs[VROUTER_A_SERVICE_HEALTH_OUT]);
}

/* What both new and set take; the rest of @config stays. */
static void get_config(struct nlattr **attrs, struct vrt_service_config *config)
{
	if (attrs[VROUTER_A_SERVICE_SCHEDULER])
		config->scheduler = nla_get_u8(attrs[VROUTER_A_SERVICE_SCHEDULER]);
	if (attrs[VROUTER_A_SERVICE_AFFINITY])
		config->affinity = nla_get_u32(attrs[VROUTER_A_SERVICE_AFFINITY]);
	if (attrs[VROUTER_A_SERVICE_SLOW_START])
		config->slow_start = nla_get_u32(attrs[VROUTER_A_SERVICE_SLOW_START]);
	get_health(attrs, &config->health);
}

/* What there is no default for. */
static int check_needed(struct genl_info *info)
{
	if (!info->attrs[VROUTER_A_SERVICE_NAME])
		return vrt_nl_missing(info, VROUTER_A_SERVICE_NAME, "say the service's name");
	if (!info->attrs[VROUTER_A_SERVICE_PROTOCOL])
		return vrt_nl_missing(info, VROUTER_A_SERVICE_PROTOCOL,
				      "say the service's protocol");
	if (!info->attrs[VROUTER_A_SERVICE_ADDRESS])
		return vrt_nl_missing(info, VROUTER_A_SERVICE_ADDRESS,
				      "say the service's address");
	if (!info->attrs[VROUTER_A_SERVICE_PORT])
		return vrt_nl_missing(info, VROUTER_A_SERVICE_PORT, "say the service's port");
	return 0;
}

static int get_front(struct genl_info *info, struct vrt_front *front)
{
	const struct nlattr *protocol = info->attrs[VROUTER_A_SERVICE_PROTOCOL];
	const struct nlattr *last = info->attrs[VROUTER_A_SERVICE_PORT_LAST];

	front->protocol = nla_get_u8(protocol);
	if (front->protocol != IPPROTO_TCP && front->protocol != IPPROTO_UDP &&
	    front->protocol != IPPROTO_SCTP)
		return vrt_nl_refuse(protocol, -EPROTONOSUPPORT,
				     "a service's protocol is TCP, UDP or SCTP", info->extack);
	front->port = nla_get_u16(info->attrs[VROUTER_A_SERVICE_PORT]);
	front->port_last = last ? nla_get_u16(last) : front->port;
	if (front->port_last < front->port)
		return vrt_nl_refuse(last, -EINVAL, "the last port is below the first",
				     info->extack);
	return vrt_nl_get_address(info->attrs[VROUTER_A_SERVICE_ADDRESS], &front->family,
				  &front->addr, info->extack);
}

static int check_name(struct genl_info *info)
{
	const struct nlattr *name = info->attrs[VROUTER_A_SERVICE_NAME];

	if (!*(const char *)nla_data(name))
		return vrt_nl_refuse(name, -EINVAL, "a service's name has at least one character",
				     info->extack);
	return 0;
}

/* What the core says of an error, the attribute is to blame for. */
static void blame(struct genl_info *info, int err)
{
	const struct nlattr *attr;

	if (err == -EEXIST)
		attr = vrt_service_find(vrt_net(genl_info_net(info)),
					nla_data(info->attrs[VROUTER_A_SERVICE_NAME])) ?
		       info->attrs[VROUTER_A_SERVICE_NAME] : info->attrs[VROUTER_A_SERVICE_PORT];
	else if (err == -EINVAL)
		attr = info->attrs[VROUTER_A_SERVICE_ADDRESS];
	else if (err == -EPROTONOSUPPORT)
		attr = info->attrs[VROUTER_A_SERVICE_PROTOCOL];
	else if (err == -EOPNOTSUPP)
		attr = info->attrs[VROUTER_A_SERVICE_HEALTH_SHARE];
	else
		return;
	NL_SET_BAD_ATTR(info->extack, attr);
}

static int new_service(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_service_config config = {
		.scheduler = VROUTER_SCHEDULER_WRR,
		.health.window = VRT_HEALTH_WINDOW,
		.health.minimum = VRT_HEALTH_MINIMUM,
		.health.out = VRT_HEALTH_OUT,
	};
	const struct nlattr *forward = info->attrs[VROUTER_A_SERVICE_FORWARD];
	struct vrt_front front = {};
	int err;

	err = check_needed(info) ?: check_name(info) ?: get_front(info, &front);
	if (err)
		return err;
	get_config(info->attrs, &config);
	config.direct = forward && nla_get_u8(forward) == VROUTER_FORWARD_DIRECT;
	err = vrt_service_add(rn, nla_data(info->attrs[VROUTER_A_SERVICE_NAME]), &front, &config,
			      info->extack);
	blame(info, err);
	return err;
}

int vrouter_nl_service_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, new_service);
}

/* -EINVAL, -ENOENT with a sentence. */
static int find_service(struct vrt_net *rn, struct genl_info *info, struct vrt_service **service)
{
	const struct nlattr *name = info->attrs[VROUTER_A_SERVICE_NAME];

	if (!name)
		return vrt_nl_missing(info, VROUTER_A_SERVICE_NAME, "say the service's name");
	*service = vrt_service_find(rn, nla_data(name));
	if (!*service)
		return vrt_nl_refuse(name, -ENOENT, "there is no service of this name",
				     info->extack);
	return 0;
}

static int set_service(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_service_info old;
	struct vrt_service *service;
	int err;

	err = find_service(rn, info, &service);
	if (err)
		return err;
	vrt_service_info(service, &old);
	get_config(info->attrs, &old.config);
	err = vrt_service_set(service, &old.config, info->extack);
	if (err == -EOPNOTSUPP)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VROUTER_A_SERVICE_HEALTH_SHARE]);
	return err;
}

int vrouter_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, set_service);
}

static int del_service(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_service *service;
	int err;

	err = find_service(rn, info, &service);
	if (!err)
		vrt_service_del(service);
	return err;
}

int vrouter_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, del_service);
}

static int get_service(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_service_info picture;
	struct vrt_service *service;
	int err;

	err = find_service(rn, info, &service);
	if (err)
		return err;
	vrt_service_info(service, &picture);
	return vrt_nl_reply(info, VROUTER_CMD_SERVICE_GET, fill_service, &picture);
}

int vrouter_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_read(info, get_service);
}

/* Resumes at the id in args[0], which is one more than the last one was. */
int vrouter_nl_service_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *name = vsw_genl_dump_attrs(cb)[VROUTER_A_SERVICE_NAME];
	struct vrt_net *rn = vrt_net(sock_net(skb->sk));
	struct vrt_service_info picture;
	struct vrt_service *service;
	u32 id = cb->args[0];
	int err;

	err = vrt_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (name)
		return vrt_nl_refuse(name, -EINVAL, "a dump is of all services", cb->extack);
	mutex_lock(&rn->lock);
	while ((service = vrt_service_next(rn, &id))) {
		vrt_service_info(service, &picture);
		err = vrt_nl_dump_one(skb, cb, VROUTER_CMD_SERVICE_GET, fill_service, &picture);
		if (err)
			break;
		id++;
	}
	mutex_unlock(&rn->lock);
	cb->args[0] = id;
	return vrt_nl_dump_end(skb, err);
}
