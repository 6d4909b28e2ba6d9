/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules of address translation: masquerade, SNAT, DNAT, one to one. Plain structures in
 * and out; nat_nl.c has the attributes.
 */
#ifndef _VROUTER_NAT_H
#define _VROUTER_NAT_H

#include <linux/if.h>
#include <linux/skbuff.h>

#include "prefix.h"
#include "vrouter.h"

struct nf_conn;
struct nf_hook_state;

struct vrt_nat_config {
	u32 id;				/* 0: the next free one */
	enum vrouter_nat_kind kind;
	u8 family;			/* NFPROTO_*, of all addresses; NFPROTO_UNSPEC: both */
	struct vrt_prefix source, destination;	/* family NFPROTO_UNSPEC: any */
	u8 protocol;			/* 0: any */
	u16 port, port_last;		/* of the destination; 0: any */
	char device[IFNAMSIZ];		/* empty: any */
	bool has_to;
	union nf_inet_addr to_first, to_last;
	u16 to_port, to_port_last;	/* 0: kept */
	u32 flags;			/* VROUTER_NAT_FLAGS_* */
};

struct vrt_nat {
	struct list_head list;		/* vrt_net.nats, by id; RCU */
	struct vrt_nat_config config;
	struct vrt_prefix to;		/* of one-to-one: the other side of config.source */
	atomic64_t connections;		/* new ones that it translated */
	struct rcu_head rcu;
};

/*
 * All or nothing, a sentence in @extack with each error; under vrt_net.lock, sleeping.
 * Connections that the rule is for are new with their next packet.
 * -EEXIST: the id is in use; -EINVAL, -ENOSPC, -ENOMEM. @rule: the one that was made.
 */
int vrt_nat_add(struct vrt_net *rn, const struct vrt_nat_config *config,
		const struct vrt_nat **rule, struct netlink_ext_ack *extack);
/* The connections that it translated are cut. -ENOENT. */
int vrt_nat_del(struct vrt_net *rn, u32 id, struct netlink_ext_ack *extack);

/* Good as long as vrt_net.lock is held; NULL. The first one from @id on. */
const struct vrt_nat *vrt_nat_from(struct vrt_net *rn, u32 id);

/* nat_check.c: makes of @config what is said without words; -EINVAL with a sentence. */
int vrt_nat_check(struct vrt_nat_config *config, struct netlink_ext_ack *extack);

/* A connection, as far as rules ask for it; addresses are of @family. */
struct vrt_nat_query {
	u8 family, protocol;
	u16 port;			/* of the destination; 0: it has none */
	const union nf_inet_addr *source, *destination;
};

/* nat_match.c: whether @rule is for it, its device left aside. */
bool vrt_nat_matches_source(const struct vrt_nat *rule, const struct vrt_nat_query *query);
bool vrt_nat_matches_destination(const struct vrt_nat *rule, const struct vrt_nat_query *query);
/* What they are asked about of @ct, new or not, whose destination is translated as it will be. */
void vrt_nat_query_source(const struct nf_conn *ct, struct vrt_nat_query *query);
void vrt_nat_query_destination(const struct nf_conn *ct, struct vrt_nat_query *query);

/*
 * nat_path.c. A new connection that no front took, before routing (or as this host sends
 * it), or after routing (or as it comes to this host): the first rule that matches calls
 * nf_nat_setup_info(). An NF_* verdict; NF_ACCEPT also if none matches. Under RCU.
 */
unsigned int vrt_nat_destination(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
				 const struct nf_hook_state *state);
unsigned int vrt_nat_source(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
			    const struct nf_hook_state *state);

void vrt_nat_flush(struct vrt_net *rn);		/* under vrt_net.lock */
int vrt_nat_init(struct vrt_net *rn);
void vrt_nat_destroy(struct vrt_net *rn);	/* after the flush */

/* With the module, not under vrt_net.lock: connections go when their address goes. */
int vrt_nat_register(void);
void vrt_nat_unregister(void);

#endif /* _VROUTER_NAT_H */
