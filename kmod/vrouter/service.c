// SPDX-License-Identifier: GPL-2.0
/* Services: how they come and go, and what the path asks of them. */
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/addrconf.h>

#include "cgroup_watch.h"
#include "conn.h"
#include "direct.h"
#include "pool.h"
#include "service_private.h"

static const struct rhashtable_params name_params = {
	.key_len = VROUTER_NAME_LEN + 1,
	.key_offset = offsetof(struct vrt_service, name),
	.head_offset = offsetof(struct vrt_service, node),
	.automatic_shrinking = true,
};

/* ---- the path ------------------------------------------------------------------- */

struct vrt_service *vrt_service_of_front(const struct vrt_front *front)
{
	return container_of((struct vrt_front *)front, struct vrt_service, front);
}

static struct vrt_backend *choose(const struct vrt_picture *picture,
				  const struct vrt_client *client)
{
	struct vrt_backend *backend = NULL;

	if (picture && picture->pool)
		backend = vrt_pool_choose(picture->pool, client);
	if (!backend && picture && picture->fallback)
		backend = vrt_pool_choose(picture->fallback, client);
	return backend;
}

struct vrt_target *vrt_service_choose(struct vrt_service *service,
				      const struct vrt_client *client)
{
	bool affinity = vrt_affinity_is_on(&service->affinity);
	struct vrt_backend *backend = NULL;

	if (affinity)
		backend = vrt_affinity_take(&service->affinity, &client->addr);
	if (!backend) {
		backend = choose(rcu_dereference(service->picture), client);
		if (!backend) {
			vrt_stats_refused(service->stats);
			return NULL;
		}
		/* Who had to go to a fallback comes back as soon as that is not needed. */
		if (affinity && !READ_ONCE(backend->config.fallback))
			vrt_affinity_remember(&service->affinity, &client->addr, backend);
	}
	vrt_stats_connection(backend->target.stats);
	return &backend->target;
}

/* ---- pictures of the backends ----------------------------------------------------- */

static void free_picture(struct vrt_picture *picture)
{
	if (!picture)
		return;
	vrt_pool_free(picture->pool);
	vrt_pool_free(picture->fallback);
	kfree(picture);
}

static void free_picture_rcu(struct rcu_head *rcu)
{
	free_picture(container_of(rcu, struct vrt_picture, rcu));
}

static struct vrt_picture *picture_of(const struct vrt_service *service)
{
	return rcu_dereference_protected(service->picture, lockdep_is_held(&service->rn->lock));
}

static void show_picture(struct vrt_service *service, struct vrt_picture *picture)
{
	struct vrt_picture *old = picture_of(service);

	rcu_assign_pointer(service->picture, picture);
	if (old)
		call_rcu(&old->rcu, free_picture_rcu);
}

static bool is_in(const struct vrt_backend *backend, bool fallback)
{
	return vrt_backend_wanted(backend) && backend->config.fallback == fallback;
}

/* The pool of those that are @fallback or not; NULL: nobody is, or an error pointer. */
static struct vrt_pool *make_pool(const struct vrt_service *service, const struct vrt_pool *old,
				  bool fallback)
{
	struct vrt_pool_config config = {
		.scheduler = service->config.scheduler,
		.slow_start = service->config.slow_start,
		.key = service->key,
		.turn = old ? atomic64_read(&old->turn) : 0,
	};
	struct vrt_backend *backend;
	struct vrt_pool *pool;
	u32 count = 0;

	list_for_each_entry(backend, &service->backends, list)
		count += is_in(backend, fallback);
	if (!count)
		return NULL;
	pool = vrt_pool_alloc(count);
	if (!pool)
		return ERR_PTR(-ENOMEM);
	count = 0;
	list_for_each_entry(backend, &service->backends, list) {
		if (!is_in(backend, fallback))
			continue;
		pool->candidate[count++] = (struct vrt_candidate) {
			.backend = backend,
			.since = backend->since,
			.weight = backend->config.weight,
		};
	}
	if (vrt_pool_build(pool, &config)) {
		vrt_pool_free(pool);
		return ERR_PTR(-ENOMEM);
	}
	return pool;
}

int vrt_service_rebuild(struct vrt_service *service)
{
	struct vrt_picture *old = picture_of(service), *picture;
	struct vrt_pool *pool, *fallback;

	picture = kzalloc(sizeof(*picture), GFP_KERNEL_ACCOUNT);
	if (!picture)
		return -ENOMEM;
	pool = make_pool(service, old ? old->pool : NULL, false);
	if (IS_ERR(pool))
		goto free_picture;
	fallback = make_pool(service, old ? old->fallback : NULL, true);
	if (IS_ERR(fallback))
		goto free_pool;
	picture->pool = pool;
	picture->fallback = fallback;
	show_picture(service, picture);
	return 0;

free_pool:
	vrt_pool_free(pool);
free_picture:
	kfree(picture);
	return -ENOMEM;
}

/* ---- coming and going --------------------------------------------------------------- */

void vrt_service_put(struct vrt_service *service)
{
	if (!refcount_dec_and_test(&service->refs))
		return;
	free_percpu(service->stats);
	kfree(service);
}

static void put_rcu(struct rcu_head *rcu)
{
	vrt_service_put(container_of(rcu, struct vrt_service, rcu));
}

static int check_address(const struct vrt_front *front, struct netlink_ext_ack *extack)
{
	__be32 ip = front->addr.ip;
	bool bad;

	if (front->family == NFPROTO_IPV4)
		bad = ipv4_is_zeronet(ip) || ipv4_is_multicast(ip) || ipv4_is_lbcast(ip);
	else
		bad = ipv6_addr_any(&front->addr.in6) || ipv6_addr_is_multicast(&front->addr.in6);
	if (!bad)
		return 0;
	NL_SET_ERR_MSG(extack, "a service has one address, which is no multicast or broadcast address");
	return -EINVAL;
}

/* Resets and answers that are missing are known of TCP only, and where answers pass. */
static int check_health(const struct vrt_front *front, const struct vrt_service_config *config,
			struct netlink_ext_ack *extack)
{
	if (!config->health.share)
		return 0;
	if (front->protocol != IPPROTO_TCP)
		NL_SET_ERR_MSG(extack, "resets and timeouts are known of TCP only");
	else if (config->direct)
		NL_SET_ERR_MSG(extack, "with direct return no resets and no answers are seen");
	else
		return 0;
	return -EOPNOTSUPP;
}

static int check_new(struct vrt_net *rn, const char *name, const struct vrt_front *front,
		     const struct vrt_service_config *config, struct netlink_ext_ack *extack)
{
	int err;

	if (rn->n_services >= VROUTER_MAX_SERVICES) {
		NL_SET_ERR_MSG(extack, "the network namespace has as many services as it can have");
		return -ENOSPC;
	}
	if (vrt_service_find(rn, name)) {
		NL_SET_ERR_MSG(extack, "there is a service of this name");
		return -EEXIST;
	}
	err = check_address(front, extack);
	if (!err && config->direct)
		err = vrt_direct_check_front(front, extack);
	return err ?: check_health(front, config, extack);
}

static struct vrt_service *alloc_service(struct vrt_net *rn, const char *name,
					 const struct vrt_front *front,
					 const struct vrt_service_config *config)
{
	struct vrt_service *service = kzalloc(sizeof(*service), GFP_KERNEL_ACCOUNT);

	if (!service)
		return NULL;
	service->stats = alloc_percpu_gfp(struct vrt_stats, GFP_KERNEL_ACCOUNT);
	if (!service->stats)
		goto free;
	vrt_affinity_init(&service->affinity, &rn->n_clients);
	if (vrt_affinity_set(&service->affinity, config->affinity))
		goto free_stats;
	refcount_set(&service->refs, 1);
	service->rn = rn;
	service->front = *front;
	service->front.kind = VRT_FRONT_SERVICE;
	service->config = *config;
	service->health = config->health;
	strscpy(service->name, name, sizeof(service->name));
	INIT_LIST_HEAD(&service->backends);
	get_random_bytes(&service->key, sizeof(service->key));
	return service;

free_stats:
	free_percpu(service->stats);
free:
	kfree(service);
	return NULL;
}

static void free_service(struct vrt_service *service)
{
	vrt_affinity_set(&service->affinity, 0);
	vrt_service_put(service);
}

/* Give it a name, an id and, last, its place in the path. */
static int link_service(struct vrt_net *rn, struct vrt_service *service,
			struct netlink_ext_ack *extack)
{
	int err;

	err = rhashtable_insert_fast(&rn->service_names, &service->node, name_params);
	if (err)
		return err;
	err = xa_alloc_cyclic(&rn->services, &service->id, service, xa_limit_32b,
			      &rn->service_id, GFP_KERNEL_ACCOUNT);
	if (err < 0)
		goto remove_name;
	err = vrt_front_add(rn, &service->front, extack);
	if (err)
		goto erase;
	rn->n_services++;
	return 0;

erase:
	xa_erase(&rn->services, service->id);
remove_name:
	rhashtable_remove_fast(&rn->service_names, &service->node, name_params);
	return err;
}

int vrt_service_add(struct vrt_net *rn, const char *name, const struct vrt_front *front,
		    const struct vrt_service_config *config, struct netlink_ext_ack *extack)
{
	struct vrt_service *service;
	int err;

	lockdep_assert_held(&rn->lock);

	err = check_new(rn, name, front, config, extack);
	if (err)
		return err;
	service = alloc_service(rn, name, front, config);
	if (!service)
		return -ENOMEM;
	err = vrt_net_use(rn, extack);
	if (err)
		goto free;
	err = link_service(rn, service, extack);
	if (err)
		goto unuse;
	return 0;

unuse:
	vrt_net_unuse(rn);
free:
	free_service(service);
	return err;
}

int vrt_service_set(struct vrt_service *service, const struct vrt_service_config *config,
		    struct netlink_ext_ack *extack)
{
	struct vrt_service_config old = service->config;
	int err;

	lockdep_assert_held(&service->rn->lock);

	err = check_health(&service->front, config, extack);
	if (err)
		return err;
	/* Switching it on may fail, off not: so it goes off when all else is done. */
	if (config->affinity) {
		err = vrt_affinity_set(&service->affinity, config->affinity);
		if (err)
			return err;
	}
	service->config = *config;
	err = vrt_service_rebuild(service);
	if (err) {
		service->config = old;
		vrt_affinity_set(&service->affinity, old.affinity);
		return err;
	}
	if (!config->affinity)
		vrt_affinity_set(&service->affinity, 0);
	vrt_health_config(service, &config->health);
	return 0;
}

/* Take it and its backends from the path; their connections are the caller's to cut. */
static void unlink_service(struct vrt_net *rn, struct vrt_service *service)
{
	struct vrt_backend *backend, *next;

	vrt_front_del(rn, &service->front);
	show_picture(service, NULL);
	list_for_each_entry_safe(backend, next, &service->backends, list)
		vrt_backend_retire(backend);
	vrt_affinity_set(&service->affinity, 0);
	xa_erase(&rn->services, service->id);
	rhashtable_remove_fast(&rn->service_names, &service->node, name_params);
	rn->n_services--;
	call_rcu(&service->rcu, put_rcu);
}

static bool is_gone(const struct vrt_conn *conn, void *arg)
{
	return conn->target && conn->target->gone;
}

void vrt_service_del(struct vrt_service *service)
{
	struct vrt_net *rn = service->rn;

	lockdep_assert_held(&rn->lock);

	unlink_service(rn, service);
	vrt_conn_cut(rn, is_gone, NULL);
	vrt_net_unuse(rn);
}

void vrt_service_flush(struct vrt_net *rn)
{
	unsigned int n = rn->n_services;
	struct vrt_service *service;
	unsigned long id;

	lockdep_assert_held(&rn->lock);

	if (!n)
		return;
	xa_for_each(&rn->services, id, service) {
		unlink_service(rn, service);
		cond_resched();
	}
	vrt_conn_cut(rn, is_gone, NULL);
	while (n--)
		vrt_net_unuse(rn);
}

struct vrt_service *vrt_service_find(struct vrt_net *rn, const char *name)
{
	char key[VROUTER_NAME_LEN + 1] = "";

	lockdep_assert_held(&rn->lock);

	if (!rn->n_services || strscpy(key, name, sizeof(key)) < 0)
		return NULL;
	return rhashtable_lookup_fast(&rn->service_names, key, name_params);
}

struct vrt_service *vrt_service_next(struct vrt_net *rn, u32 *id)
{
	struct vrt_service *service;
	unsigned long index = *id;

	lockdep_assert_held(&rn->lock);

	if (!rn->n_services)
		return NULL;
	service = xa_find(&rn->services, &index, U32_MAX, XA_PRESENT);
	*id = index;
	return service;
}

void vrt_service_info(const struct vrt_service *service, struct vrt_service_info *info)
{
	const struct vrt_backend *backend;

	lockdep_assert_held(&service->rn->lock);

	info->name = service->name;
	info->front = &service->front;
	info->config = service->config;
	info->backends = service->n_backends;
	info->active = 0;
	info->counts = service->retired;
	vrt_stats_sum(service->stats, &info->counts);
	list_for_each_entry(backend, &service->backends, list) {
		info->active += atomic_read(&backend->target.active);
		vrt_stats_sum(backend->target.stats, &info->counts);
	}
}

int vrt_service_init(struct vrt_net *rn)
{
	xa_init_flags(&rn->services, XA_FLAGS_ALLOC);
	INIT_LIST_HEAD(&rn->draining);
	INIT_DELAYED_WORK(&rn->drain, vrt_backend_drain_work);
	vrt_health_start(rn);
	return rhashtable_init(&rn->service_names, &name_params);
}

void vrt_service_stop(struct vrt_net *rn)
{
	cancel_delayed_work_sync(&rn->drain);
	vrt_cgroup_watch_flush();
	vrt_health_stop(rn);
}

void vrt_service_destroy(struct vrt_net *rn)
{
	rhashtable_destroy(&rn->service_names);
	xa_destroy(&rn->services);
}
