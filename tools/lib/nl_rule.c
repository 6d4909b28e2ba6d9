// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "nl_route_private.h"
#include "status.h"

/* ---- ours -> libnl's -------------------------------------------------------------- */

typedef int set_address_fn(struct rtnl_rule *rule, struct nl_addr *address);

static int set_address(struct rtnl_rule *rule, set_address_fn *set, const struct prefix *prefix)
{
	struct nl_addr *address = fib_address(prefix);
	int ret = address ? set(rule, address) : -NLE_NOMEM;

	if (address)
		nl_addr_put(address);
	return ret;
}

/* What it is for. */
static int set_selector(struct rtnl_rule *rule, const struct vsw_rule *from)
{
	int ret = 0;

	if (from->has & HAS(RULE_FROM) && from->from.bits)
		ret = set_address(rule, rtnl_rule_set_src, &from->from);
	if (!ret && from->has & HAS(RULE_TO) && from->to.bits)
		ret = set_address(rule, rtnl_rule_set_dst, &from->to);
	if (!ret && from->has & HAS(RULE_IIF))
		ret = rtnl_rule_set_iif(rule, from->iif);
	if (!ret && from->has & HAS(RULE_OIF))
		ret = rtnl_rule_set_oif(rule, from->oif);
	if (!ret && from->has & HAS(RULE_IP_PROTOCOL))
		ret = rtnl_rule_set_ipproto(rule, from->ip_protocol);
	if (!ret && from->has & HAS(RULE_SPORT))
		ret = rtnl_rule_set_sport_range(rule, from->sport, from->sport_last);
	if (!ret && from->has & HAS(RULE_DPORT))
		ret = rtnl_rule_set_dport_range(rule, from->dport, from->dport_last);
	if (from->has & HAS(RULE_MARK))
		rtnl_rule_set_mark(rule, from->mark);
	if (from->has & HAS(RULE_MASK))
		rtnl_rule_set_mask(rule, from->mask);
	if (from->has & HAS(RULE_TOS))
		rtnl_rule_set_dsfield(rule, from->tos);
	return ret;
}

/* NULL: err is set. */
static struct rtnl_rule *build(const struct vsw_rule *from, struct err *err)
{
	struct rtnl_rule *rule = rtnl_rule_alloc();
	int ret = rule ? set_selector(rule, from) : -NLE_NOMEM;

	if (!ret && from->has & HAS(RULE_PROTOCOL))
		ret = rtnl_rule_set_protocol(rule, from->protocol);
	if (ret) {
		if (rule)
			rtnl_rule_put(rule);
		err_set(err, STATUS_SYSTEM, "the rule can't be built: %s", nl_geterror(ret));
		return NULL;
	}
	rtnl_rule_set_family(rule, from->family);
	if (from->has & HAS(RULE_PRIORITY))
		rtnl_rule_set_prio(rule, from->priority);
	if (from->has & HAS(RULE_ACTION))
		rtnl_rule_set_action(rule, from->action);
	if (from->has & HAS(RULE_TABLE))
		rtnl_rule_set_table(rule, from->table);
	if (from->has & HAS(RULE_GOTO))
		rtnl_rule_set_goto(rule, from->goto_priority);
	if (from->l3mdev)
		rtnl_rule_set_l3mdev(rule, 1);
	return rule;
}

int rule_new(struct nl_sock *socket, const struct vsw_rule *from, struct err *err)
{
	struct rtnl_rule *rule = build(from, err);
	struct fib_talk talk;
	int ret;

	if (!rule)
		return -1;
	fib_ask(&talk, socket, err);
	ret = fib_answered(&talk, rtnl_rule_add(socket, rule, NLM_F_EXCL));
	rtnl_rule_put(rule);
	return ret;
}

int rule_del(struct nl_sock *socket, const struct vsw_rule *from, struct err *err)
{
	struct rtnl_rule *rule = build(from, err);
	struct fib_talk talk;
	int ret;

	if (!rule)
		return -1;
	fib_ask(&talk, socket, err);
	ret = fib_answered(&talk, rtnl_rule_delete(socket, rule, 0));
	rtnl_rule_put(rule);
	return ret;
}

/* ---- libnl's -> ours -------------------------------------------------------------- */

static void take_name(struct vsw_rule *rule, uint64_t bit, char *to, const char *name)
{
	if (!name || !*name)
		return;
	snprintf(to, MODEL_NAME_SIZE, "%s", name);
	rule->has |= bit;
}

static void take_selector(struct vsw_rule *rule, struct rtnl_rule *from)
{
	if (fib_prefix(&rule->from, rtnl_rule_get_src(from)))
		rule->has |= HAS(RULE_FROM);
	if (fib_prefix(&rule->to, rtnl_rule_get_dst(from)))
		rule->has |= HAS(RULE_TO);
	take_name(rule, HAS(RULE_IIF), rule->iif, rtnl_rule_get_iif(from));
	take_name(rule, HAS(RULE_OIF), rule->oif, rtnl_rule_get_oif(from));
	rule->mark = rtnl_rule_get_mark(from);
	rule->mask = rtnl_rule_get_mask(from);
	if (rule->mark || rule->mask)
		rule->has |= HAS(RULE_MARK) | HAS(RULE_MASK);
	rule->tos = rtnl_rule_get_dsfield(from);
	if (rule->tos)
		rule->has |= HAS(RULE_TOS);
	if (rtnl_rule_get_ipproto(from, &rule->ip_protocol) == 0)
		rule->has |= HAS(RULE_IP_PROTOCOL);
	if (rtnl_rule_get_sport(from, &rule->sport, &rule->sport_last) == 0)
		rule->has |= HAS(RULE_SPORT) | HAS(RULE_SPORT_LAST);
	if (rtnl_rule_get_dport(from, &rule->dport, &rule->dport_last) == 0)
		rule->has |= HAS(RULE_DPORT) | HAS(RULE_DPORT_LAST);
}

static void take_action(struct vsw_rule *rule, struct rtnl_rule *from)
{
	rule->action = rtnl_rule_get_action(from);
	rule->has |= HAS(RULE_ACTION);
	rule->l3mdev = rtnl_rule_get_l3mdev(from) > 0;
	if (rule->l3mdev) {
		rule->has |= HAS(RULE_L3MDEV);
	} else if (rule->action == FR_ACT_TO_TBL) {
		rule->table = rtnl_rule_get_table(from);
		rule->has |= HAS(RULE_TABLE);
	} else if (rule->action == FR_ACT_GOTO) {
		rule->goto_priority = rtnl_rule_get_goto(from);
		rule->has |= HAS(RULE_GOTO);
	}
}

static bool has_attr(struct nlmsghdr *nlh, int attr)
{
	return nlmsg_find_attr(nlh, sizeof(struct fib_rule_hdr), attr);
}

/* That the rule is not the whole of it is to be seen at least. */
static void take_rest(struct vsw_rule *rule, struct nlmsghdr *nlh)
{
	const struct fib_rule_hdr *head = nlmsg_data(nlh);
	struct nlattr *prefix = nlmsg_find_attr(nlh, sizeof(*head), FRA_SUPPRESS_PREFIXLEN);

	if (head->flags & FIB_RULE_INVERT)
		rule->also |= 1u << RULE_ALSO_NOT;
	if (has_attr(nlh, FRA_UID_RANGE))
		rule->also |= 1u << RULE_ALSO_UIDRANGE;
	if (has_attr(nlh, FRA_TUN_ID))
		rule->also |= 1u << RULE_ALSO_TUN_ID;
	if (has_attr(nlh, FRA_SUPPRESS_IFGROUP) ||
	    (prefix && nla_len(prefix) >= 4 && nla_get_u32(prefix) != UINT32_MAX))
		rule->also |= 1u << RULE_ALSO_SUPPRESS;
	if (rule->also)
		rule->has |= HAS(RULE_ALSO);
}

static int take_rule(struct nl_object *object, struct nlmsghdr *nlh, void *arg)
{
	struct rtnl_rule *from = (struct rtnl_rule *)object;
	struct vsw_rule *rule = list_grow(arg, &kind_rule);

	if (!rule)
		return -1;
	rule->family = rtnl_rule_get_family(from);
	rule->priority = rtnl_rule_get_prio(from);
	rule->has |= HAS(RULE_FAMILY) | HAS(RULE_PRIORITY);
	take_selector(rule, from);
	take_action(rule, from);
	take_rest(rule, nlh);
	if (rtnl_rule_get_protocol(from, &rule->protocol) == 0)
		rule->has |= HAS(RULE_PROTOCOL);
	return 0;
}

int rule_dump(struct nl_sock *socket, int family, struct list *rules, struct err *err)
{
	const struct fib_dump dump = {
		RTM_GETRULE, sizeof(struct fib_rule_hdr), take_rule, rules, &kind_rule
	};
	int ret = fib_dump(socket, family, &dump, err);
	struct fib_vrfs vrfs;
	size_t i;

	if (ret < 0 || fib_vrfs(socket, &vrfs, err) < 0)
		return -1;
	for (i = 0; vrfs.n && i < rules->n; i++) {
		struct vsw_rule *rule = list_at(rules, &kind_rule, i);

		if (rule->has & HAS(RULE_TABLE))
			take_name(rule, HAS(RULE_VRF), rule->vrf,
				  fib_vrf_name(&vrfs, rule->table));
	}
	fib_vrfs_free(&vrfs);
	return ret;
}
