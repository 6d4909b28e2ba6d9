// SPDX-License-Identifier: GPL-2.0
/* Backends: how they come, change and go. */
#include <linux/jiffies.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>

#include "cgroup_watch.h"
#include "conn.h"
#include "direct.h"
#include "service_private.h"

/* Backends that live in a network namespace, of all namespaces. */
static LIST_HEAD(bound);
static DEFINE_SPINLOCK(bound_lock);

static void free_backend(struct vrt_target *target)
{
	struct vrt_backend *backend = container_of(target, struct vrt_backend, target);

	vrt_service_put(backend->service);
	vrt_target_destroy(target);
	kfree(backend);
}

/* ---- deadlines -------------------------------------------------------------------- */

static void stop_deadline(struct vrt_backend *backend)
{
	list_del_init(&backend->draining);
}

static void start_deadline(struct vrt_backend *backend)
{
	struct vrt_net *rn = backend->service->rn;
	unsigned long delay = msecs_to_jiffies(backend->config.drain_timeout);

	backend->deadline = get_jiffies_64() + delay;
	list_move_tail(&backend->draining, &rn->draining);
	if (!delayed_work_pending(&rn->drain) ||
	    time_before(jiffies + delay, rn->drain.timer.expires))
		mod_delayed_work(system_power_efficient_wq, &rn->drain, delay);
}

void vrt_backend_drain_work(struct work_struct *work)
{
	struct vrt_net *rn = container_of(to_delayed_work(work), struct vrt_net, drain);
	struct vrt_backend *backend, *next;
	u64 now, first = U64_MAX;

	mutex_lock(&rn->lock);
	now = get_jiffies_64();
	list_for_each_entry_safe(backend, next, &rn->draining, draining) {
		if (time_before64(now, backend->deadline)) {
			first = min(first, backend->deadline - now);
			continue;
		}
		stop_deadline(backend);
		vrt_conn_cut_target(rn, &backend->target);
	}
	if (first != U64_MAX)
		mod_delayed_work(system_power_efficient_wq, &rn->drain, first);
	mutex_unlock(&rn->lock);
}

/* ---- coming and going --------------------------------------------------------------- */

static int check_address(const struct vrt_service *service, const struct vrt_backend_key *key,
			 struct netlink_ext_ack *extack)
{
	const struct in6_addr *in6 = &key->addr.in6;
	__be32 ip = key->addr.ip;
	bool bad;

	if (key->family != service->front.family) {
		NL_SET_ERR_MSG(extack, "a backend's address is of the same family as its service's");
		return -EINVAL;
	}
	if (key->family == NFPROTO_IPV4)
		bad = ipv4_is_zeronet(ip) || ipv4_is_multicast(ip) || ipv4_is_lbcast(ip);
	else
		bad = ipv6_addr_any(in6) || ipv6_addr_is_multicast(in6);
	if (bad) {
		NL_SET_ERR_MSG(extack, "connections can't go to this address");
		return -EINVAL;
	}
	if (key->family == NFPROTO_IPV6 && ipv6_addr_type(in6) & IPV6_ADDR_LINKLOCAL) {
		NL_SET_ERR_MSG(extack, "a link-local address does not say by which device to get there");
		return -EINVAL;
	}
	if (service->config.direct)
		return vrt_direct_check_backend(service->rn->net, &service->front, &key->addr,
						extack);
	return 0;
}

/* Whether @port is the one by which a backend at @own is known. */
static bool is_port(const struct vrt_service *service, u16 own, u16 port)
{
	/* With direct return there is one, said or not. */
	return own == port ||
	       (service->config.direct && (!port || port == service->front.port));
}

static int check_new(struct vrt_service *service, const struct vrt_backend_key *key,
		     struct netlink_ext_ack *extack)
{
	u32 width = service->front.port_last - service->front.port;

	if (key->port && key->port + width > U16_MAX) {
		NL_SET_ERR_MSG(extack, "the service has more ports than there are from this one on");
		return -ERANGE;
	}
	if (!is_port(service, 0, key->port) && service->config.direct) {
		NL_SET_ERR_MSG(extack, "with direct return the port stays: a backend has its service's");
		return -ERANGE;
	}
	if (vrt_backend_find(service, key)) {
		NL_SET_ERR_MSG(extack, "the service has a backend of this address and port");
		return -EEXIST;
	}
	if (service->n_backends >= VROUTER_MAX_BACKENDS) {
		NL_SET_ERR_MSG(extack, "the service has as many backends as it can have");
		return -ENOSPC;
	}
	return check_address(service, key, extack);
}

static struct vrt_backend *alloc_backend(struct vrt_service *service,
					 const struct vrt_backend_key *key,
					 const struct vrt_backend_config *config)
{
	struct vrt_backend *backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);

	if (!backend)
		return NULL;
	if (vrt_target_init(&backend->target, free_backend)) {
		kfree(backend);
		return NULL;
	}
	backend->target.family = key->family;
	backend->target.port = key->port;
	backend->target.addr = key->addr;
	backend->target.service = service->name;
	backend->target.direct = service->config.direct;
	refcount_inc(&service->refs);
	backend->service = service;
	backend->config = *config;
	backend->max_connections = config->max_connections;
	backend->open = vrt_backend_wanted(backend);
	backend->since = get_jiffies_64();
	backend->target.outcome = vrt_health_outcome;
	INIT_LIST_HEAD(&backend->draining);
	INIT_LIST_HEAD(&backend->bound);
	vrt_health_init(&backend->health);
	vrt_rate_begin(&backend->rate, jiffies64_to_msecs(backend->since));
	return backend;
}

static void bind_to(struct vrt_backend *backend, const struct net *net)
{
	backend->net_cookie = net->net_cookie;
	spin_lock(&bound_lock);
	list_add(&backend->bound, &bound);
	spin_unlock(&bound_lock);
}

int vrt_backend_add(struct vrt_service *service, const struct vrt_backend_key *key,
		    const struct vrt_backend_config *config, const struct vrt_backend_home *home,
		    struct netlink_ext_ack *extack)
{
	struct vrt_backend *backend;
	int err;

	lockdep_assert_held(&service->rn->lock);

	err = check_new(service, key, extack);
	if (err)
		return err;
	err = vrt_cgroup_watch_check(service->rn, home->watch, extack);
	if (err)
		return err;
	backend = alloc_backend(service, key, config);
	if (!backend)
		return -ENOMEM;
	backend->id = ++service->backend_id;
	list_add_tail(&backend->list, &service->backends);
	err = vrt_service_rebuild(service);
	if (err) {
		list_del(&backend->list);
		vrt_target_put(&backend->target);
		return err;
	}
	if (home->net)
		bind_to(backend, home->net);
	if (home->watch)
		vrt_cgroup_watch_start(home->watch, backend);
	service->n_backends++;
	service->rn->n_backends++;
	return 0;
}

static void follow_deadline(struct vrt_backend *backend, const struct vrt_backend_config *old,
			    bool afresh)
{
	const struct vrt_backend_config *config = &backend->config;

	if (config->weight || !config->drain_timeout)
		stop_deadline(backend);
	else if (old->weight || afresh)
		start_deadline(backend);
}

static bool differs_for_path(const struct vrt_backend_config *a,
			     const struct vrt_backend_config *b)
{
	return a->weight != b->weight || a->up != b->up || a->fallback != b->fallback;
}

/* What the path sees of it. -ENOMEM: as before. */
static int apply(struct vrt_backend *backend, const struct vrt_backend_change *change)
{
	struct vrt_backend_config old = backend->config;
	bool was_wanted = vrt_backend_wanted(backend), wanted;
	u8 out = backend->health.out;
	u64 since = backend->since;

	backend->config = change->config;
	if (change->said_up)
		backend->health.out &= ~VRT_OUT_TIMED;
	wanted = vrt_backend_wanted(backend);
	if (wanted && !was_wanted)
		WRITE_ONCE(backend->since, get_jiffies_64());
	if ((wanted != was_wanted || differs_for_path(&old, &change->config)) &&
	    vrt_service_rebuild(backend->service)) {
		backend->config = old;
		backend->health.out = out;
		WRITE_ONCE(backend->since, since);
		return -ENOMEM;
	}
	if (backend->health.out != out)
		vrt_health_pardon(backend);
	WRITE_ONCE(backend->open, wanted);
	return 0;
}

int vrt_backend_set(struct vrt_backend *backend, const struct vrt_backend_change *change,
		    struct netlink_ext_ack *extack)
{
	struct vrt_net *rn = backend->service->rn;
	struct vrt_backend_config old;
	int err;

	lockdep_assert_held(&rn->lock);

	old = backend->config;
	err = vrt_cgroup_watch_check(rn, backend->watch ? NULL : change->watch, extack);
	if (!err)
		err = apply(backend, change);
	if (err)
		return err;
	WRITE_ONCE(backend->max_connections, change->config.max_connections);
	follow_deadline(backend, &old, change->deadline);
	if (change->watch) {
		vrt_cgroup_watch_stop(backend);
		vrt_cgroup_watch_start(change->watch, backend);
	}
	if (change->cut) {
		/* Who chose it before it was closed has made his connection then. */
		synchronize_rcu_expedited();
		vrt_conn_cut_target(rn, &backend->target);
	}
	return 0;
}

void vrt_backend_retire(struct vrt_backend *backend)
{
	struct vrt_service *service = backend->service;

	WRITE_ONCE(backend->open, false);
	WRITE_ONCE(backend->target.gone, true);
	stop_deadline(backend);
	vrt_health_end(backend);
	vrt_cgroup_watch_stop(backend);
	spin_lock(&bound_lock);
	list_del_init(&backend->bound);
	spin_unlock(&bound_lock);
	list_del(&backend->list);
	service->n_backends--;
	service->rn->n_backends--;
	vrt_stats_sum(backend->target.stats, &service->retired);
	vrt_target_put(&backend->target);
}

void vrt_backend_del(struct vrt_backend *backend)
{
	struct vrt_service *service = backend->service;
	struct vrt_target *target = &backend->target;
	struct vrt_net *rn = service->rn;

	lockdep_assert_held(&rn->lock);

	/* Not the maker's reference, which retiring gives back. */
	refcount_inc(&target->refs);
	vrt_backend_retire(backend);
	/* Without memory for a new picture the old one has a backend that is closed. */
	vrt_service_rebuild(service);
	vrt_conn_cut_target(rn, target);
	vrt_target_put(target);
}

struct vrt_backend *vrt_backend_find(struct vrt_service *service,
				     const struct vrt_backend_key *key)
{
	struct vrt_backend *backend;

	lockdep_assert_held(&service->rn->lock);

	list_for_each_entry(backend, &service->backends, list) {
		if (backend->target.family == key->family &&
		    is_port(service, backend->target.port, key->port) &&
		    !memcmp(&backend->target.addr, &key->addr, sizeof(key->addr)))
			return backend;
	}
	return NULL;
}

struct vrt_backend *vrt_backend_next(struct vrt_service *service, u32 id)
{
	struct vrt_backend *backend;

	lockdep_assert_held(&service->rn->lock);

	list_for_each_entry(backend, &service->backends, list) {
		if (backend->id >= id)
			return backend;
	}
	return NULL;
}

static u8 state_of(const struct vrt_backend *backend, u32 active)
{
	const struct vrt_backend_config *config = &backend->config;
	u8 out = backend->health.out;

	if (!config->up)
		return VROUTER_BACKEND_STATE_DOWN;
	if (out & VRT_OUT_FROZEN)
		return VROUTER_BACKEND_STATE_FROZEN;
	if (out & VRT_OUT_OOM)
		return VROUTER_BACKEND_STATE_OOM;
	if (out)
		return VROUTER_BACKEND_STATE_FAILING;
	if (!config->weight)
		return VROUTER_BACKEND_STATE_DRAIN;
	if (config->max_connections && active >= config->max_connections)
		return VROUTER_BACKEND_STATE_FULL;
	return VROUTER_BACKEND_STATE_UP;
}

void vrt_backend_info(struct vrt_backend *backend, struct vrt_backend_info *info)
{
	lockdep_assert_held(&backend->service->rn->lock);

	info->service = backend->service->name;
	info->family = backend->target.family;
	info->port = backend->target.port;
	info->addr = backend->target.addr;
	info->config = backend->config;
	info->active = atomic_read(&backend->target.active);
	info->state = state_of(backend, info->active);
	memset(&info->counts, 0, sizeof(info->counts));
	vrt_stats_sum(backend->target.stats, &info->counts);
	info->outs = backend->health.outs;
	info->back_in = vrt_health_back_in(&backend->health);
	vrt_rate_look(&backend->rate, jiffies64_to_msecs(get_jiffies_64()), &info->counts,
		      &info->rates);
}

/* ---- namespaces that go ------------------------------------------------------------- */

/* One that lives in @net, referenced; NULL. */
static struct vrt_backend *find_bound(const struct net *net)
{
	struct vrt_backend *backend, *found = NULL;

	spin_lock(&bound_lock);
	list_for_each_entry(backend, &bound, bound) {
		if (backend->net_cookie == net->net_cookie) {
			refcount_inc(&backend->target.refs);
			found = backend;
			break;
		}
	}
	spin_unlock(&bound_lock);
	return found;
}

/*
 * The namespaces that the backends serve are there: each one's leave the list before it
 * goes, and no two are torn down at the same time.
 */
void vrt_service_netns_gone(struct net *gone)
{
	struct vrt_backend *backend;
	struct vrt_net *rn;

	while ((backend = find_bound(gone))) {
		rn = backend->service->rn;
		mutex_lock(&rn->lock);
		if (!backend->target.gone)
			vrt_backend_del(backend);
		mutex_unlock(&rn->lock);
		vrt_target_put(&backend->target);
	}
}
