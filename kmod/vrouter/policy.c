// SPDX-License-Identifier: GPL-2.0
/*
 * What decides about packets and tells nobody when it changes: iptables' rules, hooks
 * that come and go, forwarding, IPsec. The sweep looks at it each second.
 */
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/netfilter/x_tables.h>
#include <net/addrconf.h>
#include <net/xfrm.h>

#include "way.h"

static u32 mix(u32 print, unsigned long value)
{
	return jhash_2words(value, (u64)value >> 32, print);
}

/*
 * A table's rules are replaced as a whole. Those that come two changes later may lie
 * where the first ones did.
 */
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
		print = mix(print, (unsigned long)table->private);
		print = mix(print, table->private->size);
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

static u32 fingerprint(struct net *net)
{
	u32 print = 0;

	print = mix_hooks(print, net->nf.hooks_ipv4, ARRAY_SIZE(net->nf.hooks_ipv4));
	print = mix_hooks(print, net->nf.hooks_ipv6, ARRAY_SIZE(net->nf.hooks_ipv6));
	print = mix_xtables(print, net);
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

void vrt_policy_look(struct vrt_net *rn)
{
	u32 print = fingerprint(rn->net);

	if (print != rn->policy_print)
		vrt_change(rn);
	rn->policy_print = print;
}
