// SPDX-License-Identifier: GPL-2.0
/*
 * What decides about packets and tells nobody when it changes: iptables' rules, hooks
 * that come and go, forwarding, IPsec. The sweep looks at it each second.
 */
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4.h>
#include <net/addrconf.h>
#include <net/xfrm.h>

#include "way.h"

static u32 mix(u32 print, unsigned long value)
{
	return jhash_2words(value, (u64)value >> 32, print);
}

#if IS_ENABLED(CONFIG_NETFILTER_XTABLES)
/*
 * A table's rules are replaced as a whole, and the new ones may lie where older ones did,
 * so all of them count. Where there is but one processor packets are counted in between.
 */
#define PIECE	(16 * 1024)	/* bytes, and somebody else may have the CPU */

static u32 mix_rules(u32 print, const struct xt_table_info *rules)
{
	u32 at;

	print = mix(print, (unsigned long)rules);
	print = mix(print, rules->size);
	for (at = 0; nr_cpu_ids > 1 && at < rules->size; at += PIECE) {
		print = jhash2((const u32 *)(rules->entries + at),
			       min_t(u32, PIECE, rules->size - at) / sizeof(u32), print);
		cond_resched();
	}
	return print;
}
#endif

static u32 mix_xtables(u32 print, struct net *net)
{
#if IS_ENABLED(CONFIG_NETFILTER_XTABLES)
	static const char * const names[] = { "raw", "mangle", "nat", "filter", "security" };
	static const u8 families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };
	struct xt_table *table;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) * ARRAY_SIZE(families); i++) {
		u8 family = families[i % ARRAY_SIZE(families)];
		const char *name = names[i / ARRAY_SIZE(families)];

		/* Not to make those that there are not. */
		if (!xt_find_table(net, family, name))
			continue;
		table = xt_find_table_lock(net, family, name);
		if (IS_ERR(table))
			continue;
		print = mix_rules(print, table->private);
		module_put(table->me);
		xt_table_unlock(table);
	}
#endif
	return print;
}

static u32 mix_hooks(u32 print, struct nf_hook_entries __rcu **hooks, size_t n)
{
	const struct nf_hook_entries *entries;
	u16 i;

	rcu_read_lock();
	while (n--) {
		entries = rcu_dereference(hooks[n]);
		print = mix(print, (unsigned long)entries);
		for (i = 0; entries && i < entries->num_hook_entries; i++) {
			print = mix(print, (unsigned long)entries->hooks[i].hook);
			print = mix(print, (unsigned long)entries->hooks[i].priv);
		}
	}
	rcu_read_unlock();
	return print;
}

static u32 fingerprint(const struct vrt_net *rn)
{
	struct net *net = rn->net;
	u32 print = 0;

	print = mix_hooks(print, net->nf.hooks_ipv4, ARRAY_SIZE(net->nf.hooks_ipv4));
	print = mix_hooks(print, net->nf.hooks_ipv6, ARRAY_SIZE(net->nf.hooks_ipv6));
	print = mix_xtables(print, net);
	print = mix(print, vrt_change_lost(rn));
	/* Switches of a device, or a nexthop object, make all routes be looked up again. */
	print = mix(print, rt_genid_ipv4(net));
	print = mix(print, IPV4_DEVCONF_ALL(net, FORWARDING));
	print = mix(print, READ_ONCE(net->ipv6.devconf_all->forwarding));
#ifdef CONFIG_XFRM
	print = mix(print, net->xfrm.policy_count[XFRM_POLICY_FWD]);
	print = mix(print, net->xfrm.policy_count[XFRM_POLICY_OUT]);
#endif
	return print;
}

/*
 * Those of the router and of what it needs, at their places in hook.c; and those of security
 * modules, which look at what has a socket of this host.
 */
static bool is_known(const struct nf_hook_ops *ops)
{
	if (ops->hook_ops_type != NF_HOOK_OP_UNDEFINED)
		return false;
	switch (ops->priority) {
	case VRT_PRI_FAST:
	case NF_IP_PRI_CONNTRACK_DEFRAG:
	case NF_IP_PRI_CONNTRACK:
	case NF_IP_PRI_NAT_DST:
	case NF_IP_PRI_NAT_DST + 1:
	case NF_IP_PRI_NAT_SRC:
	case VRT_PRI_LEARN:
	case NF_IP_PRI_CONNTRACK_CONFIRM:
	case NF_IP_PRI_SELINUX_FIRST:
		return true;
	default:
		return false;
	}
}

static bool are_known(struct nf_hook_entries __rcu *hooks)
{
	const struct nf_hook_entries *entries = rcu_dereference(hooks);
	struct nf_hook_ops **ops;
	u16 i;

	if (!entries)
		return true;
	ops = nf_hook_entries_get_hook_ops(entries);
	for (i = 0; i < entries->num_hook_entries; i++) {
		if (!is_known(READ_ONCE(ops[i])))
			return false;
	}
	return true;
}

bool vrt_policy_is_none(struct net *net, u8 family)
{
	struct nf_hook_entries __rcu **hooks = family == NFPROTO_IPV4 ? net->nf.hooks_ipv4 :
								       net->nf.hooks_ipv6;

	return are_known(hooks[NF_INET_PRE_ROUTING]) && are_known(hooks[NF_INET_FORWARD]) &&
	       are_known(hooks[NF_INET_POST_ROUTING]);
}

void vrt_policy_look(struct vrt_net *rn)
{
	u32 print = fingerprint(rn);

	if (print != rn->policy_print)
		vrt_change(rn);
	rn->policy_print = print;
}
