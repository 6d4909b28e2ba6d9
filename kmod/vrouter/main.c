// SPDX-License-Identifier: GPL-2.0
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/socket.h>

#include "cgroup_watch.h"
#include "nat.h"
#include "netlink.h"
#include "vrouter.h"
#include "way.h"

static int __init vrouter_init(void)
{
	int err;

	vrt_way_choose_secret();
	/*
	 * change.c has a socket of it. It would be loaded as that is made: under a lock that
	 * namespaces that go take, while they let no module that knows of namespaces in.
	 */
	request_module("net-pf-%d-proto-%d", PF_NETLINK, NETLINK_NETFILTER);
	err = vrt_cgroup_watch_register();
	if (err)
		return err;
	err = vrt_net_register();
	if (err)
		goto unregister_watch;
	err = vrt_nat_register();
	if (err)
		goto unregister_net;
	err = vrt_nl_register();
	if (err)
		goto unregister_nat;
	return 0;

unregister_nat:
	vrt_nat_unregister();
unregister_net:
	vrt_net_unregister();
unregister_watch:
	vrt_cgroup_watch_unregister();
	return err;
}

/* Nothing is configured any more, as what is holds the module. */
static void __exit vrouter_exit(void)
{
	vrt_nl_unregister();
	vrt_nat_unregister();
	vrt_net_unregister();
	/* Connections that go give back their targets, which go a grace period later. */
	rcu_barrier();
	vrt_cgroup_watch_unregister();
	rcu_barrier();
}

module_init(vrouter_init);
module_exit(vrouter_exit);

MODULE_DESCRIPTION("Virtual router: services, published ports, address translation");
MODULE_AUTHOR("The vswitch maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(VSW_VERSION);
MODULE_ALIAS_GENL_FAMILY(VROUTER_FAMILY_NAME);
