// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "conn.h"
#include "forget.h"
#include "publish.h"
#include "refuse.h"
#include "taken.h"

/*
 * Those that go with a namespace they lead to, of all namespaces. The lock is the
 * innermost one: vrt_net.lock may be held, none is taken under it.
 */
static DEFINE_MUTEX(living_lock);
static LIST_HEAD(living);

static unsigned int n_ports(const struct vrt_front *front)
{
	return front->port_last - front->port + 1;
}

static int compare(const struct vrt_publish_key *a, const struct vrt_publish_key *b)
{
	if (a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

static struct vrt_publish *entry(struct rb_node *node)
{
	return rb_entry_safe(node, struct vrt_publish, node);
}

struct vrt_publish *vrt_publish_of(struct vrt_net *rn, const struct vrt_publish_key *key)
{
	struct rb_node *node = rn->publishes.rb_node;

	lockdep_assert_held(&rn->lock);

	while (node) {
		int order = compare(key, &entry(node)->key);

		if (!order)
			return entry(node);
		node = order < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

struct vrt_publish *vrt_publish_after(struct vrt_net *rn, const struct vrt_publish_key *key)
{
	struct rb_node *node = rn->publishes.rb_node, *best = NULL;

	lockdep_assert_held(&rn->lock);

	while (node) {
		if (compare(key, &entry(node)->key) < 0) {
			best = node;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return entry(best);
}

static bool is_less(struct rb_node *node, const struct rb_node *parent)
{
	return compare(&entry(node)->key, &rb_entry(parent, struct vrt_publish, node)->key) < 0;
}

static void link_to_tree(struct vrt_net *rn, struct vrt_publish *publish)
{
	rb_add(&publish->node, &rn->publishes, is_less);
	rn->n_publishes++;
	rn->n_published_ports += n_ports(&publish->front);
}

static void live_in(struct vrt_publish *publish, struct net *net)
{
	mutex_lock(&living_lock);
	list_del_init(&publish->living);
	publish->lives_in = net ? net->net_cookie : 0;
	if (net)
		list_add(&publish->living, &living);
	mutex_unlock(&living_lock);
}

static void free_target_rcu(struct rcu_head *rcu)
{
	struct vrt_target *target = container_of(rcu, struct vrt_target, rcu);

	vrt_target_destroy(target);
	kfree(target);
}

/* It outlives its publication by the connections that it has. */
static void free_target(struct vrt_target *target)
{
	call_rcu(&target->rcu, free_target_rcu);
}

static struct vrt_target *make_target(u8 family, const union nf_inet_addr *addr, u16 port)
{
	struct vrt_target *target = kzalloc(sizeof(*target), GFP_KERNEL_ACCOUNT);

	if (!target || vrt_target_init(target, free_target)) {
		kfree(target);
		return NULL;
	}
	target->family = family;
	target->addr = *addr;
	target->port = port;
	return target;
}

static const u8 family_of[VRT_PUBLISH_WAYS] = { NFPROTO_IPV4, NFPROTO_IPV6 };

static void put_targets(struct vrt_target *targets[VRT_PUBLISH_WAYS])
{
	int way;

	for (way = 0; way < VRT_PUBLISH_WAYS; way++)
		vrt_target_put(targets[way]);
}

static int make_targets(const struct vrt_publish_to *to,
			struct vrt_target *targets[VRT_PUBLISH_WAYS])
{
	int way;

	for (way = 0; way < VRT_PUBLISH_WAYS; way++) {
		targets[way] = NULL;
		if (!to->given[way])
			continue;
		targets[way] = make_target(family_of[way], &to->addr[way], to->port);
		if (!targets[way]) {
			while (way--)
				vrt_target_put(targets[way]);
			return -ENOMEM;
		}
	}
	return 0;
}

struct vrt_target *vrt_publish_to(const struct vrt_publish *publish, enum vrt_publish_way way)
{
	return rcu_dereference_protected(publish->targets[way],
					 lockdep_is_held(&publish->rn->lock));
}

u32 vrt_publish_counts(const struct vrt_publish *publish, struct vrt_counts *counts)
{
	u32 active = 0;
	int way;

	*counts = publish->before;
	for (way = 0; way < VRT_PUBLISH_WAYS; way++) {
		const struct vrt_target *target = vrt_publish_to(publish, way);

		if (!target)
			continue;
		vrt_stats_sum(target->stats, counts);
		active += atomic_read(&target->active);
	}
	return active;
}

/* Nobody finds @target any more, or will not from a grace period on. */
static void leave(struct vrt_target *target)
{
	if (target)
		WRITE_ONCE(target->gone, true);
}

static bool goes_nowhere(const struct vrt_conn *conn, void *arg)
{
	const struct vrt_target *target = conn->target;

	return target && !target->service && READ_ONCE(target->gone);
}

/* Of all targets that were left, in one walk. */
static void cut_left(struct vrt_net *rn)
{
	synchronize_rcu_expedited();
	vrt_conn_cut(rn, goes_nowhere, NULL);
}

static int check_to(const struct vrt_publish_key *key, const struct vrt_publish_to *to,
		    unsigned int n, struct netlink_ext_ack *extack)
{
	if (!to->given[VRT_PUBLISH_IPV4] && !to->given[VRT_PUBLISH_IPV6])
		return vrt_refuse(extack, key->family == NFPROTO_IPV6 ?
				  VROUTER_A_PUBLISH_TO_IPV6 : VROUTER_A_PUBLISH_TO_IPV4, -EINVAL,
				  "say where it leads to");
	if ((key->family == NFPROTO_IPV4 && to->given[VRT_PUBLISH_IPV6]) ||
	    (key->family == NFPROTO_IPV6 && to->given[VRT_PUBLISH_IPV4]))
		return vrt_refuse(extack, key->family == NFPROTO_IPV6 ?
				  VROUTER_A_PUBLISH_TO_IPV4 : VROUTER_A_PUBLISH_TO_IPV6, -EINVAL,
				  "what comes to an address of one family can't go to the other");
	if (to->port && to->port + n - 1 > U16_MAX)
		return vrt_refuse(extack, VROUTER_A_PUBLISH_TO_PORT, -EINVAL,
				  "the range would lead to ports above 65535");
	return 0;
}

static int check_new(struct vrt_net *rn, const struct vrt_publish_config *config,
		     struct netlink_ext_ack *extack)
{
	if (config->port_last && config->port_last < config->key.port)
		return vrt_refuse(extack, VROUTER_A_PUBLISH_PORT_LAST, -EINVAL,
				  "the last port is below the first one");
	if (vrt_publish_of(rn, &config->key))
		return vrt_refuse(extack, VROUTER_A_PUBLISH_PORT, -EEXIST,
				  "it is published already");
	if (rn->n_publishes >= VROUTER_MAX_PUBLISHES) {
		NL_SET_ERR_MSG(extack, "the network namespace has as many published ports as it may have");
		return -ENOSPC;
	}
	return 0;
}

static struct vrt_publish *make_publish(struct vrt_net *rn,
					const struct vrt_publish_config *config)
{
	struct vrt_publish *publish = kzalloc(sizeof(*publish), GFP_KERNEL_ACCOUNT);

	if (!publish)
		return NULL;
	publish->rn = rn;
	publish->key = config->key;
	publish->obey_firewall = config->obey_firewall;
	INIT_LIST_HEAD(&publish->living);
	strscpy(publish->label, config->label ?: "", sizeof(publish->label));
	publish->front = (struct vrt_front){
		.kind = VRT_FRONT_PUBLISH,
		.any_local = config->key.family == NFPROTO_UNSPEC,
		.family = config->key.family,
		.protocol = config->key.protocol,
		.port = config->key.port,
		.port_last = config->port_last ?: config->key.port,
		.addr = config->key.addr,
	};
	return publish;
}

static int take_ports(struct vrt_publish *publish, struct netlink_ext_ack *extack)
{
	const struct vrt_front *front = &publish->front;
	const struct vrt_taken_wanted wanted = {
		.protocol = front->protocol,
		.family = front->family,
		.port = front->port,
		.port_last = front->port_last,
		.addr = front->addr,
	};
	struct vrt_taken *taken;

	if (publish->rn->n_published_ports + n_ports(front) > VRT_PUBLISH_MAX_PORTS) {
		NL_SET_ERR_MSG(extack, "the network namespace has as many published ports as it may have");
		return -ENOSPC;
	}
	taken = vrt_taken_make(publish->rn->net, &wanted, extack);
	if (IS_ERR(taken))
		return PTR_ERR(taken);
	publish->taken = taken;
	return 0;
}

/* From here on it works: the path finds it, and what it did not find before is forgotten. */
static int go_live(struct vrt_publish *publish, struct netlink_ext_ack *extack)
{
	struct vrt_net *rn = publish->rn;
	int err;

	err = vrt_net_use(rn, extack);
	if (err)
		return err;
	err = vrt_front_add(rn, &publish->front, extack);
	if (err) {
		vrt_net_unuse(rn);
		return err;
	}
	link_to_tree(rn, publish);
	synchronize_rcu_expedited();
	vrt_forget_front(rn, &publish->front);
	return 0;
}

int vrt_publish_add(struct vrt_net *rn, const struct vrt_publish_config *config,
		    struct netlink_ext_ack *extack)
{
	struct vrt_target *targets[VRT_PUBLISH_WAYS];
	struct vrt_publish *publish;
	int err, way;

	err = check_new(rn, config, extack);
	if (err)
		return err;
	publish = make_publish(rn, config);
	if (!publish)
		return -ENOMEM;
	err = check_to(&config->key, &config->to, n_ports(&publish->front), extack);
	if (err)
		goto free_publish;
	err = make_targets(&config->to, targets);
	if (err)
		goto free_publish;
	err = take_ports(publish, extack);
	if (err)
		goto put_targets;
	for (way = 0; way < VRT_PUBLISH_WAYS; way++)
		RCU_INIT_POINTER(publish->targets[way], targets[way]);
	live_in(publish, config->to.lives_in);
	err = go_live(publish, extack);
	if (err)
		goto free_taken;
	return 0;

free_taken:
	live_in(publish, NULL);
	vrt_taken_free(publish->taken);
put_targets:
	put_targets(targets);
free_publish:
	kfree(publish);
	return err;
}

static bool is_same(const struct vrt_target *a, const struct vrt_target *b)
{
	return a && b && a->port == b->port && !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

/* Connections to targets that stay what they were go on. Takes @targets. */
static void lead_to(struct vrt_publish *publish, struct vrt_target *targets[VRT_PUBLISH_WAYS])
{
	struct vrt_target *old[VRT_PUBLISH_WAYS] = {};
	int way;

	for (way = 0; way < VRT_PUBLISH_WAYS; way++) {
		struct vrt_target *target = vrt_publish_to(publish, way);

		if (is_same(target, targets[way])) {
			vrt_target_put(targets[way]);
			continue;
		}
		old[way] = target;
		leave(target);
		rcu_assign_pointer(publish->targets[way], targets[way]);
	}
	cut_left(publish->rn);
	for (way = 0; way < VRT_PUBLISH_WAYS; way++) {
		if (old[way])
			vrt_stats_sum(old[way]->stats, &publish->before);
		vrt_target_put(old[way]);
	}
}

int vrt_publish_set(struct vrt_net *rn, const struct vrt_publish_config *config,
		    struct netlink_ext_ack *extack)
{
	struct vrt_publish *publish = vrt_publish_of(rn, &config->key);
	struct vrt_target *targets[VRT_PUBLISH_WAYS];
	int err;

	if (!publish)
		return vrt_refuse(extack, VROUTER_A_PUBLISH_PORT, -ENOENT,
				  "nothing is published by this protocol, port and address");
	if (config->port_last && config->port_last != publish->front.port_last)
		return vrt_refuse(extack, VROUTER_A_PUBLISH_PORT_LAST, -EINVAL,
				  "the range can't change, delete it and add another one");
	if (config->to_given) {
		err = check_to(&config->key, &config->to, n_ports(&publish->front), extack) ?:
		      make_targets(&config->to, targets);
		if (err)
			return err;
	}
	if (config->label)
		strscpy(publish->label, config->label, sizeof(publish->label));
	if (config->obey_given)
		WRITE_ONCE(publish->obey_firewall, config->obey_firewall);
	if (config->to_given) {
		live_in(publish, config->to.lives_in);
		lead_to(publish, targets);
		vrt_forget_front(rn, &publish->front);
	}
	return 0;
}

/* The path finds it no more, and its connections are cut. */
static void free_publish(struct vrt_publish *publish)
{
	struct vrt_net *rn = publish->rn;
	int way;

	for (way = 0; way < VRT_PUBLISH_WAYS; way++)
		vrt_target_put(vrt_publish_to(publish, way));
	vrt_taken_free(publish->taken);
	vrt_net_unuse(rn);
	kfree_rcu(publish, rcu);
}

static void unlink_publish(struct vrt_publish *publish)
{
	struct vrt_net *rn = publish->rn;
	int way;

	vrt_front_del(rn, &publish->front);
	for (way = 0; way < VRT_PUBLISH_WAYS; way++)
		leave(vrt_publish_to(publish, way));
	live_in(publish, NULL);
	rb_erase(&publish->node, &rn->publishes);
	rn->n_publishes--;
	rn->n_published_ports -= n_ports(&publish->front);
}

/* Those that were unlinked are on @gone by ->living: one look at connections ends them all. */
static void end_unlinked(struct vrt_net *rn, struct list_head *gone)
{
	struct vrt_publish *publish, *next;

	if (list_empty(gone))
		return;
	cut_left(rn);
	list_for_each_entry_safe(publish, next, gone, living) {
		list_del(&publish->living);
		free_publish(publish);
	}
}

void vrt_publish_del(struct vrt_publish *publish)
{
	struct vrt_net *rn = publish->rn;
	LIST_HEAD(gone);

	lockdep_assert_held(&rn->lock);

	unlink_publish(publish);
	list_add(&publish->living, &gone);
	end_unlinked(rn, &gone);
}

struct vrt_target *vrt_publish_target(const struct vrt_front *front, u8 family)
{
	const struct vrt_publish *publish = container_of(front, struct vrt_publish, front);
	enum vrt_publish_way way = family == NFPROTO_IPV4 ? VRT_PUBLISH_IPV4 : VRT_PUBLISH_IPV6;
	struct vrt_target *target = rcu_dereference(publish->targets[way]);

	if (!target || !vrt_target_take(target))
		return NULL;
	vrt_stats_connection(target->stats);
	return target;
}

/* One grace period and one walk for all. */
void vrt_publish_flush(struct vrt_net *rn)
{
	struct vrt_publish *publish;
	LIST_HEAD(gone);

	lockdep_assert_held(&rn->lock);

	while (!RB_EMPTY_ROOT(&rn->publishes)) {
		publish = entry(rb_first(&rn->publishes));
		unlink_publish(publish);
		list_add(&publish->living, &gone);
	}
	end_unlinked(rn, &gone);
}

static struct vrt_net *find_living(u64 cookie)
{
	struct vrt_publish *publish;
	struct vrt_net *rn = NULL;

	mutex_lock(&living_lock);
	list_for_each_entry(publish, &living, living) {
		if (publish->lives_in == cookie) {
			rn = publish->rn;
			break;
		}
	}
	mutex_unlock(&living_lock);
	return rn;
}

static void remove_living(struct vrt_net *rn, u64 cookie)
{
	struct rb_node *node, *next;
	struct vrt_publish *publish;
	LIST_HEAD(gone);

	mutex_lock(&rn->lock);
	for (node = rb_first(&rn->publishes); node; node = next) {
		next = rb_next(node);
		publish = entry(node);
		if (publish->lives_in != cookie)
			continue;
		unlink_publish(publish);
		list_add(&publish->living, &gone);
	}
	end_unlinked(rn, &gone);
	mutex_unlock(&rn->lock);
}

void vrt_publish_netns_gone(struct net *gone)
{
	struct vrt_net *rn;

	while ((rn = find_living(gone->net_cookie)))
		remove_living(rn, gone->net_cookie);
}

int vrt_publish_init(struct vrt_net *rn)
{
	return 0;
}

void vrt_publish_destroy(struct vrt_net *rn)
{
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&rn->publishes));
}
