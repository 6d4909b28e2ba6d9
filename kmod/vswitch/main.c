// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "flow_table.h"
#include "pipeline.h"
#include "rewrite.h"
#include "sample.h"
#include "tracer.h"
#include "vswitch.h"

unsigned int vsw_net_id;

static int __net_init net_init(struct net *net)
{
	xa_init(&vsw_net(net)->switches);
	return 0;
}

static void __net_exit net_exit(struct net *net)
{
	xa_destroy(&vsw_net(net)->switches);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &vsw_net_id,
	.size = sizeof(struct vsw_net),
};

static int __init vswitch_init(void)
{
	int err;

	err = vsw_fdb_table_cache_create();
	if (err)
		return err;
	err = vsw_flow_table_init();
	if (err)
		goto destroy_fdb_cache;
	err = vsw_pipeline_init();
	if (err)
		goto exit_flow_table;
	err = vsw_rewrite_tunnel_init();
	if (err)
		goto exit_pipeline;
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto exit_rewrite;
	err = register_netdevice_notifier(&vsw_port_notifier);
	if (err)
		goto unregister_pernet;
	err = rtnl_link_register(&vsw_link_ops);
	if (err)
		goto unregister_notifier;
	err = rtnl_link_register(&vsw_vnic_link_ops);
	if (err)
		goto unregister_link;
	err = vsw_nl_register();
	if (err)
		goto unregister_vnic_link;
	vsw_event_start();
	return 0;

unregister_vnic_link:
	rtnl_link_unregister(&vsw_vnic_link_ops);
unregister_link:
	rtnl_link_unregister(&vsw_link_ops);
unregister_notifier:
	unregister_netdevice_notifier(&vsw_port_notifier);
unregister_pernet:
	unregister_pernet_subsys(&net_ops);
exit_rewrite:
	vsw_rewrite_tunnel_exit();
exit_pipeline:
	vsw_pipeline_exit();
exit_flow_table:
	vsw_flow_table_exit();
destroy_fdb_cache:
	rcu_barrier();
	vsw_fdb_table_cache_destroy();
	return err;
}

/*
 * The family goes before the link kinds, which delete all vnics and switches:
 * nobody may make one in between. So the events of that deletion have no way out.
 */
static void __exit vswitch_exit(void)
{
	vsw_event_stop();
	vsw_nl_unregister();
	rtnl_link_unregister(&vsw_vnic_link_ops);
	rtnl_link_unregister(&vsw_link_ops);
	unregister_netdevice_notifier(&vsw_port_notifier);
	unregister_pernet_subsys(&net_ops);
	vsw_shut_stop();
	vsw_rewrite_tunnel_exit();
	vsw_tracer_exit();
	vsw_pipeline_exit();
	vsw_flow_table_exit();
	vsw_sample_exit();
	rcu_barrier();
	vsw_fdb_table_cache_destroy();
}

module_init(vswitch_init);
module_exit(vswitch_exit);

MODULE_DESCRIPTION("Virtual Ethernet switch");
MODULE_AUTHOR("The vswitch maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(VSW_VERSION);
MODULE_ALIAS_RTNL_LINK("vswitch");
MODULE_ALIAS_RTNL_LINK("vnic");
MODULE_ALIAS_GENL_FAMILY(VSWITCH_FAMILY_NAME);
