// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of backends: backend-new, -set, -del, -get.
 */
#include "backend.h"
#include "cgroup_watch.h"
#include "netlink.h"
#include "service.h"

static int fill_backend(struct sk_buff *skb, const void *object)
{
	const struct vrt_backend_info *info = object;
	const struct vrt_backend_config *config = &info->config;

	if (nla_put_string(skb, VROUTER_A_BACKEND_SERVICE, info->service) ||
	    vrt_nl_put_address(skb, VROUTER_A_BACKEND_ADDRESS, info->family, &info->addr) ||
	    nla_put_u16(skb, VROUTER_A_BACKEND_PORT, info->port) ||
	    nla_put_u32(skb, VROUTER_A_BACKEND_WEIGHT, config->weight) ||
	    nla_put_u32(skb, VROUTER_A_BACKEND_DRAIN_TIMEOUT, config->drain_timeout) ||
	    nla_put_u32(skb, VROUTER_A_BACKEND_MAX_CONNECTIONS, config->max_connections) ||
	    nla_put_u8(skb, VROUTER_A_BACKEND_FALLBACK, config->fallback) ||
	    nla_put_u8(skb, VROUTER_A_BACKEND_UP, config->up) ||
	    (*config->label && nla_put_string(skb, VROUTER_A_BACKEND_LABEL, config->label)) ||
	    nla_put_u8(skb, VROUTER_A_BACKEND_STATE, info->state) ||
	    nla_put_u32(skb, VROUTER_A_BACKEND_ACTIVE, info->active) ||
	    nla_put_u32(skb, VROUTER_A_BACKEND_OUTS, info->outs) ||
	    nla_put_u32(skb, VROUTER_A_BACKEND_BACK_IN, info->back_in))
		return -EMSGSIZE;
	return vrt_nl_put_counts(skb, VROUTER_A_BACKEND_STATS, &info->counts, &info->rates);
}

/* What both new and set take; the rest of @config stays. */
static void get_config(struct nlattr **attrs, struct vrt_backend_config *config)
{
	if (attrs[VROUTER_A_BACKEND_WEIGHT])
		config->weight = nla_get_u32(attrs[VROUTER_A_BACKEND_WEIGHT]);
	if (attrs[VROUTER_A_BACKEND_DRAIN_TIMEOUT])
		config->drain_timeout = nla_get_u32(attrs[VROUTER_A_BACKEND_DRAIN_TIMEOUT]);
	if (attrs[VROUTER_A_BACKEND_MAX_CONNECTIONS])
		config->max_connections = nla_get_u32(attrs[VROUTER_A_BACKEND_MAX_CONNECTIONS]);
	if (attrs[VROUTER_A_BACKEND_FALLBACK])
		config->fallback = nla_get_u8(attrs[VROUTER_A_BACKEND_FALLBACK]);
	if (attrs[VROUTER_A_BACKEND_UP])
		config->up = nla_get_u8(attrs[VROUTER_A_BACKEND_UP]);
	if (attrs[VROUTER_A_BACKEND_LABEL])
		nla_strscpy(config->label, attrs[VROUTER_A_BACKEND_LABEL], sizeof(config->label));
}

/* -ENOENT with a sentence. */
static int find_service(struct vrt_net *rn, const struct nlattr *name,
			struct netlink_ext_ack *extack, struct vrt_service **service)
{
	*service = vrt_service_find(rn, nla_data(name));
	if (!*service)
		return vrt_nl_refuse(name, -ENOENT, "there is no service of this name", extack);
	return 0;
}

/* Service, and address and port of a backend that may be or not be there. */
static int get_place(struct vrt_net *rn, struct genl_info *info, struct vrt_service **service,
		     struct vrt_backend_key *key)
{
	const struct nlattr *address = info->attrs[VROUTER_A_BACKEND_ADDRESS];
	const struct nlattr *name = info->attrs[VROUTER_A_BACKEND_SERVICE];
	const struct nlattr *port = info->attrs[VROUTER_A_BACKEND_PORT];
	int err;

	if (!name)
		return vrt_nl_missing(info, VROUTER_A_BACKEND_SERVICE, "say the service's name");
	if (!address)
		return vrt_nl_missing(info, VROUTER_A_BACKEND_ADDRESS, "say the backend's address");
	memset(key, 0, sizeof(*key));
	err = vrt_nl_get_address(address, &key->family, &key->addr, info->extack);
	if (err)
		return err;
	key->port = port ? nla_get_u16(port) : 0;
	return find_service(rn, name, info->extack, service);
}

static int find_backend(struct vrt_net *rn, struct genl_info *info, struct vrt_backend **backend)
{
	struct vrt_service *service;
	struct vrt_backend_key key;
	int err;

	err = get_place(rn, info, &service, &key);
	if (err)
		return err;
	*backend = vrt_backend_find(service, &key);
	if (!*backend)
		return vrt_nl_refuse(info->attrs[VROUTER_A_BACKEND_ADDRESS], -ENOENT,
				     "the service has no backend of this address and port",
				     info->extack);
	return 0;
}

/* What the core says of an error, the attribute is to blame for. */
static void blame(struct genl_info *info, int err)
{
	int attr;

	switch (err) {
	case -EEXIST:
	case -EINVAL:
		attr = VROUTER_A_BACKEND_ADDRESS;
		break;
	case -ERANGE:
		attr = VROUTER_A_BACKEND_PORT;
		break;
	case -ENOSPC:
		attr = VROUTER_A_BACKEND_SERVICE;
		break;
	default:
		return;
	}
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
}

/*
 * Carry out @request with what cgroup-fd says in user_ptr[0], which it may take. Files are
 * opened before, as that waits for others.
 */
static int with_watch(struct sk_buff *skb, struct genl_info *info, vrt_nl_request_t request)
{
	const struct nlattr *fd = info->attrs[VROUTER_A_BACKEND_CGROUP_FD];
	struct vrt_cgroup_watch *watch = NULL;
	int err;

	err = vrt_nl_check_permission(skb, genl_info_net(info), info->extack);
	if (err)
		return err;
	if (fd)
		watch = vrt_cgroup_watch_open(nla_get_u32(fd), info->extack);
	if (IS_ERR(watch)) {
		if (PTR_ERR(watch) == -ENOMEM)
			NL_SET_ERR_MSG(info->extack, "out of memory");
		NL_SET_BAD_ATTR(info->extack, fd);
		return PTR_ERR(watch);
	}
	info->user_ptr[0] = watch;
	err = vrt_nl_change(skb, info, request);
	vrt_cgroup_watch_close(info->user_ptr[0]);
	return err;
}

static int new_backend(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_backend_config config = { .weight = VROUTER_DEFAULT_WEIGHT, .up = true };
	const struct nlattr *fd = info->attrs[VROUTER_A_BACKEND_NETNS_FD];
	struct vrt_backend_home home = { .watch = info->user_ptr[0] };
	struct vrt_service *service;
	struct vrt_backend_key key;
	struct net *net = NULL;
	int err;

	err = get_place(rn, info, &service, &key);
	if (err)
		return err;
	get_config(info->attrs, &config);
	if (fd) {
		net = get_net_ns_by_fd(nla_get_u32(fd));
		if (IS_ERR(net))
			return vrt_nl_refuse(fd, PTR_ERR(net),
					     "this is no descriptor of a network namespace",
					     info->extack);
	}
	home.net = net;
	err = vrt_backend_add(service, &key, &config, &home, info->extack);
	if (!err)
		info->user_ptr[0] = NULL;
	if (net)
		put_net(net);
	blame(info, err);
	return err;
}

int vrouter_nl_backend_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return with_watch(skb, info, new_backend);
}

static int set_backend(struct vrt_net *rn, struct genl_info *info)
{
	const struct nlattr *cut = info->attrs[VROUTER_A_BACKEND_CUT];
	struct vrt_backend_change change = {};
	struct vrt_backend_info old;
	struct vrt_backend *backend;
	int err;

	err = find_backend(rn, info, &backend);
	if (err)
		return err;
	vrt_backend_info(backend, &old);
	change.config = old.config;
	get_config(info->attrs, &change.config);
	change.deadline = info->attrs[VROUTER_A_BACKEND_DRAIN_TIMEOUT];
	change.cut = cut && nla_get_u8(cut);
	change.said_up = info->attrs[VROUTER_A_BACKEND_UP] && change.config.up;
	change.watch = info->user_ptr[0];
	if (change.cut && change.config.up)
		return vrt_nl_refuse(cut, -EINVAL,
				     "only a backend that is down has its connections cut",
				     info->extack);
	err = vrt_backend_set(backend, &change, info->extack);
	if (!err)
		info->user_ptr[0] = NULL;
	return err;
}

int vrouter_nl_backend_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return with_watch(skb, info, set_backend);
}

static int del_backend(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_backend *backend;
	int err;

	err = find_backend(rn, info, &backend);
	if (!err)
		vrt_backend_del(backend);
	return err;
}

int vrouter_nl_backend_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, del_backend);
}

static int get_backend(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_backend_info picture;
	struct vrt_backend *backend;
	int err;

	err = find_backend(rn, info, &backend);
	if (err)
		return err;
	vrt_backend_info(backend, &picture);
	return vrt_nl_reply(info, VROUTER_CMD_BACKEND_GET, fill_backend, &picture);
}

int vrouter_nl_backend_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_read(info, get_backend);
}

/* Those of @service from the id in args[1] on, which is one more than the last one was. */
static int dump_service(struct sk_buff *skb, struct netlink_callback *cb,
			struct vrt_service *service)
{
	struct vrt_backend_info picture;
	struct vrt_backend *backend;
	int err;

	while ((backend = vrt_backend_next(service, cb->args[1]))) {
		vrt_backend_info(backend, &picture);
		err = vrt_nl_dump_one(skb, cb, VROUTER_CMD_BACKEND_GET, fill_backend, &picture);
		if (err)
			return err;
		cb->args[1] = (long)backend->id + 1;
	}
	return 0;
}

/* Those of all services from the id in args[0] on. */
static int dump_all(struct sk_buff *skb, struct netlink_callback *cb, struct vrt_net *rn)
{
	struct vrt_service *service;
	u32 id = cb->args[0];
	int err;

	while ((service = vrt_service_next(rn, &id))) {
		/* The one that it was at may be gone; this is another one then. */
		if (id != cb->args[0])
			cb->args[1] = 0;
		cb->args[0] = id;
		err = dump_service(skb, cb, service);
		if (err)
			return err;
		cb->args[0] = ++id;
		cb->args[1] = 0;
	}
	return 0;
}

int vrouter_nl_backend_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	const struct nlattr *name = attrs[VROUTER_A_BACKEND_SERVICE];
	struct vrt_net *rn = vrt_net(sock_net(skb->sk));
	struct vrt_service *service;
	const struct nlattr *other;
	int err;

	err = vrt_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	other = attrs[VROUTER_A_BACKEND_ADDRESS] ?: attrs[VROUTER_A_BACKEND_PORT];
	if (other)
		return vrt_nl_refuse(other, -EINVAL,
				     "a dump is of all backends, or of all of a service",
				     cb->extack);
	mutex_lock(&rn->lock);
	if (name) {
		err = find_service(rn, name, cb->extack, &service);
		if (!err)
			err = dump_service(skb, cb, service);
	} else {
		err = dump_all(skb, cb, rn);
	}
	mutex_unlock(&rn->lock);
	return vrt_nl_dump_end(skb, err);
}
