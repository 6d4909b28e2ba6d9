// SPDX-License-Identifier: GPL-2.0
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/udp_tunnel.h>

#include "taken.h"

struct vrt_taken {
	unsigned int n;
	struct socket *sockets[];
};

/*
 * A packet of UDP that was not translated is answered as if the port were closed. The
 * socket's own queue would keep it instead.
 */
static int refuse_packet(struct sock *sk, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	else
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
	kfree_skb(skb);
	return 0;
}

static void receive_nothing(struct net *net, struct socket *sock)
{
	struct udp_tunnel_sock_cfg config = {
		.encap_type = 1,	/* any that is not 0: the function below is asked */
		.encap_rcv = refuse_packet,
	};

	setup_udp_tunnel_sock(net, sock, &config);
}

static int bind_port(struct socket *sock, const struct vrt_taken_wanted *wanted, u16 port)
{
	struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = wanted->addr.in6,
	};
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = wanted->addr.in,
	};

	if (sock->sk->sk_family == AF_INET)
		return kernel_bind(sock, (struct sockaddr *)&in, sizeof(in));
	/* The namespace's bindv6only is for those who don't say what they want. */
	sock->sk->sk_ipv6only = wanted->family == NFPROTO_IPV6;
	return kernel_bind(sock, (struct sockaddr *)&in6, sizeof(in6));
}

static int open_socket(struct net *net, const struct vrt_taken_wanted *wanted,
		       struct socket **sock)
{
	int type = wanted->protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
	int err = -EAFNOSUPPORT;

	/* Such a socket doesn't hold its namespace. */
	if (wanted->family != NFPROTO_IPV4)
		err = sock_create_kern(net, AF_INET6, type, wanted->protocol, sock);
	/* IPv6 may be switched off. */
	if (err == -EAFNOSUPPORT && wanted->family != NFPROTO_IPV6)
		err = sock_create_kern(net, AF_INET, type, wanted->protocol, sock);
	/* What the core says when there is no memory for a socket. */
	return err == -ENFILE ? -ENOMEM : err;
}

static int take_port(struct net *net, const struct vrt_taken_wanted *wanted, u16 port,
		     struct socket **taken)
{
	struct socket *sock;
	int err;

	err = open_socket(net, wanted, &sock);
	if (err)
		return err;
	err = bind_port(sock, wanted, port);
	if (err) {
		sock_release(sock);
		return err;
	}
	if (wanted->protocol == IPPROTO_UDP)
		receive_nothing(net, sock);
	*taken = sock;
	return 0;
}

static void explain(int err, u16 port, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EADDRINUSE:
		NL_SET_ERR_MSG_FMT(extack, "port %u of this host is in use", port);
		break;
	case -EADDRNOTAVAIL:
		NL_SET_ERR_MSG(extack, "the address is none of this host");
		break;
	case -EACCES:
	case -EPERM:
		NL_SET_ERR_MSG_FMT(extack, "port %u needs CAP_NET_BIND_SERVICE, too", port);
		break;
	case -EPROTONOSUPPORT:
	case -ESOCKTNOSUPPORT:
		NL_SET_ERR_MSG(extack, "this kernel has not got the protocol");
		break;
	case -EAFNOSUPPORT:
		NL_SET_ERR_MSG(extack, "this host has no IPv6");
		break;
	case -ENOMEM:
		NL_SET_ERR_MSG(extack, "out of memory");
		break;
	default:
		NL_SET_ERR_MSG_FMT(extack, "port %u can't be taken", port);
	}
}

struct vrt_taken *vrt_taken_make(struct net *net, const struct vrt_taken_wanted *wanted,
				 struct netlink_ext_ack *extack)
{
	unsigned int n = wanted->port_last - wanted->port + 1;
	struct vrt_taken *taken;
	int err;

	taken = kvzalloc(struct_size(taken, sockets, n), GFP_KERNEL_ACCOUNT);
	if (!taken)
		return ERR_PTR(-ENOMEM);
	while (taken->n < n) {
		u16 port = wanted->port + taken->n;

		err = take_port(net, wanted, port, &taken->sockets[taken->n]);
		if (!err && signal_pending(current)) {
			taken->n++;
			err = -EINTR;
		}
		if (err) {
			explain(err, port, extack);
			vrt_taken_free(taken);
			return ERR_PTR(err);
		}
		taken->n++;
		cond_resched();
	}
	return taken;
}

void vrt_taken_free(struct vrt_taken *taken)
{
	while (taken->n) {
		sock_release(taken->sockets[--taken->n]);
		cond_resched();
	}
	kvfree(taken);
}
