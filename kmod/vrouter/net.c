// SPDX-License-Identifier: GPL-2.0
/*
 * The router of a network namespace: it comes with the first object that is
 * configured and goes with the last.
 */
#include <linux/module.h>
#include <linux/netlink.h>

#include "conn.h"
#include "front.h"
#include "nat.h"
#include "publish.h"
#include "service.h"
#include "shape.h"
#include "vrouter.h"
#include "way.h"

unsigned int vrt_net_id;

/* What an object needs before the hooks ask for it; stays until the namespace goes. */
static int make_ready(struct vrt_net *rn)
{
	int err;

	if (rn->ready)
		return 0;
	err = vrt_front_init(rn);
	if (err)
		return err;
	err = vrt_way_init(rn);
	if (err)
		goto destroy_front;
	err = vrt_conn_init(rn);
	if (err)
		goto destroy_way;
	err = vrt_service_init(rn);
	if (err)
		goto destroy_conn;
	err = vrt_publish_init(rn);
	if (err)
		goto destroy_service;
	err = vrt_nat_init(rn);
	if (err)
		goto destroy_publish;
	WRITE_ONCE(rn->ready, true);
	return 0;

destroy_publish:
	vrt_publish_destroy(rn);
destroy_service:
	vrt_service_destroy(rn);
destroy_conn:
	vrt_conn_destroy(rn);
destroy_way:
	vrt_way_destroy(rn);
destroy_front:
	vrt_front_destroy(rn);
	return err;
}

/* A namespace in which something is configured keeps the module. */
static int enter(struct vrt_net *rn, struct netlink_ext_ack *extack)
{
	int err;

	if (!try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack, "the module vrouter is about to be unloaded");
		return -ENODEV;
	}
	err = make_ready(rn);
	if (!err)
		err = vrt_hooks_register(rn, extack);
	if (err)
		module_put(THIS_MODULE);
	return err;
}

int vrt_net_use(struct vrt_net *rn, struct netlink_ext_ack *extack)
{
	int err = 0;

	lockdep_assert_held(&rn->lock);

	if (!rn->users)
		err = enter(rn, extack);
	if (!err)
		rn->users++;
	return err;
}

void vrt_net_unuse(struct vrt_net *rn)
{
	lockdep_assert_held(&rn->lock);

	if (--rn->users)
		return;
	vrt_hooks_unregister(rn);
	vrt_conn_flush(rn);
	module_put(THIS_MODULE);
}

static void unwant_fast_path(struct vrt_net *rn)
{
	if (!rn->fast_path_wanted)
		return;
	rn->fast_path_wanted = false;
	vrt_net_unuse(rn);
}

int vrt_net_set_fast_path(struct vrt_net *rn, bool on, struct netlink_ext_ack *extack)
{
	int err;

	if (on && !rn->fast_path_wanted) {
		err = vrt_net_use(rn, extack);
		if (err)
			return err;
		rn->fast_path_wanted = true;
	}
	WRITE_ONCE(rn->fast_path, on);
	/* What was learned has to be seen again, and nothing is any more. */
	vrt_change(rn);
	if (!on)
		unwant_fast_path(rn);
	return 0;
}

void vrt_net_flush(struct vrt_net *rn)
{
	lockdep_assert_held(&rn->lock);

	WRITE_ONCE(rn->fast_path, true);
	if (!rn->ready)
		return;
	vrt_service_flush(rn);
	vrt_publish_flush(rn);
	vrt_nat_flush(rn);
	vrt_shape_flush(rn);
	unwant_fast_path(rn);
}

static int __net_init net_init(struct net *net)
{
	struct vrt_net *rn = vrt_net(net);

	rn->net = net;
	rn->fast_path = true;
	mutex_init(&rn->lock);
	rn->publishes = RB_ROOT;
	INIT_LIST_HEAD(&rn->nats);
	return 0;
}

/* Sockets and hooks go while the namespace still works; what lives in it, elsewhere. */
static void __net_exit net_pre_exit(struct net *net)
{
	struct vrt_net *rn = vrt_net(net);

	mutex_lock(&rn->lock);
	vrt_net_flush(rn);
	mutex_unlock(&rn->lock);
	vrt_service_netns_gone(net);
	vrt_publish_netns_gone(net);
}

static void __net_exit net_exit(struct net *net)
{
	struct vrt_net *rn = vrt_net(net);

	if (!rn->ready)
		return;
	WRITE_ONCE(rn->ready, false);
	vrt_shape_destroy(rn);
	vrt_nat_destroy(rn);
	vrt_publish_destroy(rn);
	vrt_service_stop(rn);
	vrt_service_destroy(rn);
	vrt_conn_destroy(rn);
	vrt_way_destroy(rn);
	vrt_front_destroy(rn);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &vrt_net_id,
	.size = sizeof(struct vrt_net),
};

int vrt_net_register(void)
{
	int err = register_pernet_subsys(&net_ops);

	if (err)
		return err;
	err = vrt_change_register();
	if (err)
		unregister_pernet_subsys(&net_ops);
	return err;
}

void vrt_net_unregister(void)
{
	vrt_change_unregister();
	unregister_pernet_subsys(&net_ops);
}
