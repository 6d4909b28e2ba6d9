// SPDX-License-Identifier: GPL-2.0
/*
 * News on which ways depend: devices, neighbours, routes, rules of nftables. What
 * nobody tells is looked for by policy.c.
 */
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <net/fib_notifier.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include <net/sock.h>

#include "conn.h"
#include "shape.h"
#include "way.h"

static bool leaves_by(const struct vrt_conn *conn, void *dev)
{
	const struct vrt_way *there = READ_ONCE(conn->way[0]), *back = READ_ONCE(conn->way[1]);

	return (there && there->out == dev) || (back && back->out == dev);
}

/* A neighbour of a device that goes would keep it. */
static int on_device(struct notifier_block *notifier, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);
	struct vrt_net *rn = vrt_net(dev_net(dev));

	if (!READ_ONCE(rn->ready))
		return NOTIFY_DONE;
	vrt_change(rn);
	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER) {
		vrt_conn_uncarry(rn, leaves_by, dev);
		vrt_shape_purge_device(rn, dev);
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = on_device,
};

/* An address that changed is seen by who uses it; a redirect is not. */
static int on_netevent(struct notifier_block *notifier, unsigned long event, void *data)
{
	if (event == NETEVENT_REDIRECT) {
		const struct netevent_redirect *redirect = data;

		vrt_change(vrt_net(dev_net(redirect->old->dev)));
	}
	return NOTIFY_DONE;
}

static struct notifier_block netevent_notifier = {
	.notifier_call = on_netevent,
};

int vrt_change_register(void)
{
	int err;

	err = register_netdevice_notifier(&device_notifier);
	if (err)
		return err;
	err = register_netevent_notifier(&netevent_notifier);
	if (err)
		unregister_netdevice_notifier(&device_notifier);
	return err;
}

void vrt_change_unregister(void)
{
	unregister_netevent_notifier(&netevent_notifier);
	unregister_netdevice_notifier(&device_notifier);
}

/* Routes, of both families, and the rules that choose tables. */
static int on_fib(struct notifier_block *notifier, unsigned long event, void *data)
{
	vrt_change(container_of(notifier, struct vrt_net, fib_notifier));
	return NOTIFY_DONE;
}

static void on_fib_flush(struct notifier_block *notifier)
{
	vrt_change(container_of(notifier, struct vrt_net, fib_notifier));
}

/* What nftables tells its listeners is of no interest, but that it does. */
static void on_ruleset(struct sock *sk)
{
	struct vrt_net *rn = sk->sk_user_data;

	skb_queue_purge(&sk->sk_receive_queue);
	if (rn)
		vrt_change(rn);
}

static int listen_to_rulesets(struct vrt_net *rn)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = BIT(NFNLGRP_NFTABLES - 1),
	};
	int err, on = 1;

	err = sock_create_kern(rn->net, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER,
			       &rn->ruleset_socket);
	/* What the core says when there is no memory for a socket. */
	if (err)
		return err == -ENFILE ? -ENOMEM : err;
	rn->ruleset_socket->sk->sk_user_data = rn;
	rn->ruleset_socket->sk->sk_data_ready = on_ruleset;
	/* News that were lost, for which there was no memory, are not to be the last ones. */
	err = rn->ruleset_socket->ops->setsockopt(rn->ruleset_socket, SOL_NETLINK,
						  NETLINK_NO_ENOBUFS, KERNEL_SOCKPTR(&on),
						  sizeof(on));
	if (!err)
		err = kernel_bind(rn->ruleset_socket, (struct sockaddr *)&address,
				  sizeof(address));
	if (err)
		sock_release(rn->ruleset_socket);
	else
		rcu_assign_pointer(rn->ruleset_sk, rn->ruleset_socket->sk);
	return err;
}

u32 vrt_change_lost(const struct vrt_net *rn)
{
	const struct sock *sk;
	u32 lost = 0;

	rcu_read_lock();
	sk = rcu_dereference(rn->ruleset_sk);
	if (sk)
		lost = atomic_read(&sk->sk_drops);
	rcu_read_unlock();
	return lost;
}

int vrt_change_listen(struct vrt_net *rn, struct netlink_ext_ack *extack)
{
	int err;

	rn->fib_notifier.notifier_call = on_fib;
	err = register_fib_notifier(rn->net, &rn->fib_notifier, on_fib_flush, extack);
	if (err)
		return err;
	err = listen_to_rulesets(rn);
	if (err) {
		NL_SET_ERR_MSG(extack, "can't listen to changes of nftables");
		unregister_fib_notifier(rn->net, &rn->fib_notifier);
	}
	return err;
}

void vrt_change_unlisten(struct vrt_net *rn)
{
	/* Netlink's are freed a grace period after they were released. */
	RCU_INIT_POINTER(rn->ruleset_sk, NULL);
	sock_release(rn->ruleset_socket);
	unregister_fib_notifier(rn->net, &rn->fib_notifier);
}
