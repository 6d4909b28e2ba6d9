/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Published ports: connections to ports of this host go to an address of a container.
 * Plain structures in and out; publish_nl.c has the attributes.
 */
#ifndef _VROUTER_PUBLISH_H
#define _VROUTER_PUBLISH_H

#include <linux/rbtree.h>
#include <linux/skbuff.h>

#include "front.h"
#include "target.h"

struct nf_hook_state;
struct vrt_taken;

/* Most ports that are taken in one network namespace: each of each protocol, once. */
#define VRT_PUBLISH_MAX_PORTS	(3 * 65535)

/* Ports, by IPv4 and by IPv6; also the index of its target. */
enum vrt_publish_way {
	VRT_PUBLISH_IPV4,
	VRT_PUBLISH_IPV6,
	VRT_PUBLISH_WAYS,
};

/* By what a publication is named, and their order. */
struct vrt_publish_key {
	u8 protocol;
	u8 family;			/* of addr; NFPROTO_UNSPEC: any address of the host */
	u16 port;
	union nf_inet_addr addr;	/* zero behind an IPv4 address */
};

struct vrt_publish_to {
	bool given[VRT_PUBLISH_WAYS];
	union nf_inet_addr addr[VRT_PUBLISH_WAYS];
	u16 port;			/* for the lowest one; 0: the port stays */
	struct net *lives_in;		/* it goes with that; the caller's reference; NULL */
};

struct vrt_publish_config {
	struct vrt_publish_key key;
	u16 port_last;			/* 0: as port */
	bool to_given;			/* for set, add has to have it */
	struct vrt_publish_to to;
	const char *label;		/* NULL: as it was, or none */
	bool obey_given, obey_firewall;
};

struct vrt_publish {
	struct vrt_front front;
	struct vrt_target __rcu *targets[VRT_PUBLISH_WAYS];	/* NULL: it leads nowhere */
	bool obey_firewall;

	struct rb_node node;		/* vrt_net.publishes */
	struct vrt_publish_key key;
	struct vrt_taken *taken;
	char label[VROUTER_LABEL_LEN + 1];
	struct vrt_counts before;	/* of targets that it had */

	struct list_head living;	/* publish.c: those that go with a namespace */
	struct vrt_net *rn;
	u64 lives_in;			/* net_cookie; 0: none */
	struct rcu_head rcu;
};

/*
 * All or nothing, a sentence in @extack with each error; under vrt_net.lock, sleeping.
 * -EEXIST, -EINVAL, -ENOSPC, -ENOMEM, those of vrt_taken_make() and vrt_front_add().
 */
int vrt_publish_add(struct vrt_net *rn, const struct vrt_publish_config *config,
		    struct netlink_ext_ack *extack);
/*
 * What is given changes; connections to a target that it has no more are cut. -ENOENT.
 */
int vrt_publish_set(struct vrt_net *rn, const struct vrt_publish_config *config,
		    struct netlink_ext_ack *extack);
/* It goes, with its connections; under vrt_net.lock. */
void vrt_publish_del(struct vrt_publish *publish);

/* Good as long as vrt_net.lock is held; NULL. The second is the first one after @key. */
struct vrt_publish *vrt_publish_of(struct vrt_net *rn, const struct vrt_publish_key *key);
struct vrt_publish *vrt_publish_after(struct vrt_net *rn, const struct vrt_publish_key *key);
/* Under vrt_net.lock: its target, NULL; its counters and how many are not over. */
struct vrt_target *vrt_publish_to(const struct vrt_publish *publish, enum vrt_publish_way way);
u32 vrt_publish_counts(const struct vrt_publish *publish, struct vrt_counts *counts);

/*
 * hook.c asks, of a front whose kind is VRT_FRONT_PUBLISH: where a new connection of
 * @family goes, taken for the caller (vrt_target_take()) and counted; NULL: nowhere. Under RCU.
 */
struct vrt_target *vrt_publish_target(const struct vrt_front *front, u8 family);

/* Whether it is asked behind the host's own rules, and by vrt_publish_allowed(). */
bool vrt_publish_obeys(const struct vrt_front *front);

/*
 * Whether the host's own filter rules let @skb, a first packet that was not translated
 * yet, in to the published port that obeys them. NF_ACCEPT: they do; NF_DROP;
 * NF_STOLEN: one of them has taken the packet. Under RCU.
 */
unsigned int vrt_publish_allowed(const struct vrt_front *front, struct sk_buff *skb,
				 const struct nf_hook_state *state);

void vrt_publish_flush(struct vrt_net *rn);	/* under vrt_net.lock */
int vrt_publish_init(struct vrt_net *rn);
void vrt_publish_destroy(struct vrt_net *rn);	/* after the flush */

/*
 * The network namespace @gone goes: publications that lead there go, in all other
 * namespaces. Not under any lock of ours; where namespaces are taken down, so that the
 * others are not freed meanwhile.
 */
void vrt_publish_netns_gone(struct net *gone);

#endif /* _VROUTER_PUBLISH_H */
