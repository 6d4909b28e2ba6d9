/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bindings: who is behind a port, by MAC, VLAN and IP address, because a user said
 * so. An IPv4 address is kept as the IPv6 address that stands for it (RFC 4291
 * 2.5.5.2), so one table is enough.
 */
#ifndef _VSWITCH_BINDING_H
#define _VSWITCH_BINDING_H

#include <linux/rhashtable.h>
#include <net/ipv6.h>

#include "vswitch.h"

struct vsw_binding_mac {
	u8 address[ETH_ALEN];
	u16 port;			/* its number */
};

struct vsw_binding {
	/* never changed */
	struct vsw_binding_mac mac;
	struct in6_addr ip;
	u16 vid;			/* 0: of any VLAN */
	u8 prefix_len;			/* of those 128 bits, 0: any address */
	struct vsw_port *port;
	u32 id;				/* among those of its port */

	struct rhlist_head by_mac;
	struct rhlist_head by_ip;	/* of single addresses only */
	struct rcu_head rcu;
};

/* What a user says of one; on the wire an IPv4 address is one of 4 bytes. */
struct vsw_binding_config {
	u8 mac[ETH_ALEN];
	u16 vid;
	u8 ip_len;			/* 4, 16, or 0: any address */
	u8 prefix_len;			/* of that address */
	u8 ip[16];
};

int vsw_bindings_init(struct vsw_switch *sw);
void vsw_bindings_destroy(struct vsw_switch *sw);
int vsw_binding_add(struct vsw_port *port, const struct vsw_binding_config *config,
		    struct netlink_ext_ack *extack);
int vsw_binding_del(struct vsw_port *port, const struct vsw_binding_config *config);
struct vsw_binding *vsw_binding_get(struct vsw_port *port,
				    const struct vsw_binding_config *config);
void vsw_bindings_port_gone(struct vsw_port *port);
void vsw_binding_info(const struct vsw_binding *binding, struct vsw_binding_info *info);

/* For the packet path. Under RCU or with BH off. */
struct rhlist_head *vsw_bindings_of_mac(const struct vsw_port *port, const u8 *mac);
struct rhlist_head *vsw_bindings_of_ip(const struct vsw_switch *sw,
				       const struct in6_addr *ip);

static inline bool vsw_binding_is_of(const struct vsw_binding *binding, u16 vid)
{
	return !binding->vid || binding->vid == vid;
}

static inline bool vsw_binding_has(const struct vsw_binding *binding,
				   const struct in6_addr *ip)
{
	return ipv6_prefix_equal(ip, &binding->ip, binding->prefix_len);
}

#endif /* _VSWITCH_BINDING_H */
