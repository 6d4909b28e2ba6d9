// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/netfilter/nf_nat.h>

#include "conn.h"
#include "forget.h"
#include "nat.h"

const struct vrt_nat *vrt_nat_from(struct vrt_net *rn, u32 id)
{
	const struct vrt_nat *rule;

	lockdep_assert_held(&rn->lock);

	list_for_each_entry(rule, &rn->nats, list) {
		if (rule->config.id >= id)
			return rule;
	}
	return NULL;
}

/* 0: there is none. The one after the last rule's, as one expects; then gaps. */
static u32 free_id(struct vrt_net *rn)
{
	const struct vrt_nat *rule;
	u32 id = 1;

	if (list_empty(&rn->nats))
		return 1;
	rule = list_last_entry(&rn->nats, struct vrt_nat, list);
	if (rule->config.id < U32_MAX)
		return rule->config.id + 1;
	list_for_each_entry(rule, &rn->nats, list) {
		if (rule->config.id > id)
			return id;
		id = rule->config.id + 1;
	}
	return 0;
}

static void insert(struct vrt_net *rn, struct vrt_nat *rule)
{
	const struct vrt_nat *next = vrt_nat_from(rn, rule->config.id);

	list_add_tail_rcu(&rule->list, next ? (struct list_head *)&next->list : &rn->nats);
	WRITE_ONCE(rn->n_nats, rn->n_nats + 1);
}

static int check_place(struct vrt_net *rn, const struct vrt_nat_config *config,
		       struct netlink_ext_ack *extack)
{
	const struct vrt_nat *rule;

	if (rn->n_nats >= VROUTER_MAX_NATS) {
		NL_SET_ERR_MSG(extack, "the network namespace has as many rules as it may have");
		return -ENOSPC;
	}
	rule = config->id ? vrt_nat_from(rn, config->id) : NULL;
	if (rule && rule->config.id == config->id) {
		NL_SET_ERR_MSG(extack, "there is a rule of this id");
		return -EEXIST;
	}
	return 0;
}

int vrt_nat_add(struct vrt_net *rn, const struct vrt_nat_config *config,
		const struct vrt_nat **made, struct netlink_ext_ack *extack)
{
	struct vrt_nat *rule;
	int err;

	err = check_place(rn, config, extack);
	if (err)
		return err;
	rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return -ENOMEM;
	rule->config = *config;
	if (config->kind == VROUTER_NAT_KIND_ONE_TO_ONE) {
		rule->to = config->source;
		rule->to.addr = config->to_first;
	}
	if (!config->id)
		rule->config.id = free_id(rn);
	err = vrt_nat_check(&rule->config, extack) ?: vrt_net_use(rn, extack);
	if (err) {
		kfree(rule);
		return err;
	}
	insert(rn, rule);
	synchronize_rcu_expedited();
	vrt_forget_nat(rn, rule);
	*made = rule;
	return 0;
}

static bool is_by_rule(const struct vrt_conn *conn, void *arg)
{
	const struct vrt_nat *rule = arg;

	return READ_ONCE(conn->rules[NF_NAT_MANIP_SRC]) == rule->config.id ||
	       READ_ONCE(conn->rules[NF_NAT_MANIP_DST]) == rule->config.id;
}

static void remove(struct vrt_net *rn, struct vrt_nat *rule)
{
	list_del_rcu(&rule->list);
	WRITE_ONCE(rn->n_nats, rn->n_nats - 1);
	synchronize_rcu_expedited();
	vrt_conn_cut(rn, is_by_rule, rule);
	kfree(rule);
	vrt_net_unuse(rn);
}

int vrt_nat_del(struct vrt_net *rn, u32 id, struct netlink_ext_ack *extack)
{
	const struct vrt_nat *rule = vrt_nat_from(rn, id);

	if (!rule || rule->config.id != id) {
		NL_SET_ERR_MSG(extack, "there is no rule of this id");
		return -ENOENT;
	}
	remove(rn, (struct vrt_nat *)rule);
	return 0;
}

static bool is_by_any(const struct vrt_conn *conn, void *arg)
{
	return READ_ONCE(conn->rules[NF_NAT_MANIP_SRC]) || READ_ONCE(conn->rules[NF_NAT_MANIP_DST]);
}

/* One grace period and one walk for all. */
void vrt_nat_flush(struct vrt_net *rn)
{
	struct vrt_nat *rule, *next;
	LIST_HEAD(gone);

	lockdep_assert_held(&rn->lock);

	if (list_empty(&rn->nats))
		return;
	list_splice_init_rcu(&rn->nats, &gone, synchronize_rcu_expedited);
	WRITE_ONCE(rn->n_nats, 0);
	vrt_conn_cut(rn, is_by_any, NULL);
	list_for_each_entry_safe(rule, next, &gone, list) {
		kfree(rule);
		vrt_net_unuse(rn);
	}
}

int vrt_nat_init(struct vrt_net *rn)
{
	return 0;
}

void vrt_nat_destroy(struct vrt_net *rn)
{
	WARN_ON_ONCE(!list_empty(&rn->nats));
}
