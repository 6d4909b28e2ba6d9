/* SPDX-License-Identifier: GPL-2.0 */
/* Groups of buckets, of which a packet meets all or one. */
#ifndef _VSWITCH_GROUP_H
#define _VSWITCH_GROUP_H

#include <linux/siphash.h>

#include "flow.h"

struct vsw_bucket_config {
	u32 id;
	bool weight_given;		/* 1 if not */
	u16 weight;
	bool watch;
	u32 watch_port;
	struct vsw_actions *actions;	/* taken */
};

struct vsw_group_config {
	u32 id;
	bool type_given, hash_given;
	u8 type;			/* enum vswitch_group_type */
	u8 hash;			/* enum vswitch_group_hash */
	u32 count;
	struct vsw_bucket_config *bucket;
};

struct vsw_count;
struct vsw_group;
struct vsw_bucket;

struct vsw_bucket_info {
	u32 id;
	u16 weight;
	bool watch;
	u32 watch_port;
	const struct vsw_actions *actions;	/* as long as the flow lock is held */
	u64 packets, bytes;
};

struct vsw_group_info {
	u32 id;
	u8 type, hash;
	u32 count;
	u32 flows;
	u64 packets, bytes;
};

/* Under the flow lock. Takes the actions of all buckets, also if it fails. */
int vsw_group_add(struct vsw_flows *flows, struct vsw_group_config *config,
		  struct netlink_ext_ack *extack);
int vsw_group_set(struct vsw_flows *flows, struct vsw_group_config *config,
		  struct netlink_ext_ack *extack);
/* With the flows that use it; buckets of other groups that use it meet nothing then. */
int vsw_group_del(struct vsw_flows *flows, u32 id, struct netlink_ext_ack *extack);
/* All of them, with the flows that use them; and all, which no flow uses any more. */
void vsw_group_flush(struct vsw_flows *flows);
void vsw_group_del_all(struct vsw_flows *flows);
const struct vsw_group *vsw_group_of(struct vsw_flows *flows, u32 id);
/* Of the id @id or the next higher one, for dumps; NULL: no more. */
const struct vsw_group *vsw_group_next(struct vsw_flows *flows, u32 id);
void vsw_group_info(const struct vsw_group *group, struct vsw_group_info *info);
void vsw_group_bucket_info(const struct vsw_group *group, u32 i, struct vsw_bucket_info *info);
/* Flows and buckets that begin and cease to use what @actions name. -ENOENT, nothing done. */
int vsw_group_use(struct vsw_flows *flows, const struct vsw_actions *actions,
		  struct netlink_ext_ack *extack);
void vsw_group_unuse(struct vsw_flows *flows, const struct vsw_actions *actions);
/* How often buckets name the group or meter @id, whether it is there or not. */
u32 vsw_group_count_uses(struct vsw_flows *flows, u8 action_type, u32 id);

/* group_path.c: the path, under RCU; who counts has BH off */

/* What a packet goes through. Never changed once it can be seen, but for what is counted. */
struct vsw_bucket {
	const struct vsw_actions *actions;
	struct vsw_count __percpu *count;
	u32 id;
	u32 watch_port;
	u16 weight;
	bool watch;
	bool lends;			/* its count is another one's now; flow lock */
};

/* Likewise. */
struct vsw_group {
	u8 type;			/* enum vswitch_group_type */
	u8 hash;			/* enum vswitch_group_hash */
	bool lends;			/* as a bucket */
	u32 bucket_count;
	u32 id;
	u32 users;			/* flow lock */
	vsw_key_map map;		/* words that the hash and the buckets' actions ask for */
	u8 *slot;			/* of select: a bucket for each hash value; or NULL */
	hsiphash_key_t key;
	struct vsw_count __percpu *count;
	struct rcu_head rcu;
	struct vsw_bucket bucket[];
};

const struct vsw_group *vsw_group_find(const struct vsw_flows *flows, u32 id);
u8 vsw_group_type(const struct vsw_group *group);
/* The words that are asked for by it, and by its buckets, without those of groups in them. */
vsw_key_map vsw_group_map(const struct vsw_group *group);
vsw_key_map vsw_group_hash_map(u8 hash);
/*
 * The bucket of a group that is not "all" for a packet of @key; of "all", the one of number
 * *@i or the next one that is live, and *@i is the one behind it then. NULL: there is none,
 * or no more.
 */
const struct vsw_bucket *vsw_group_select(const struct vsw_group *group,
					  const struct vsw_switch *sw, const struct vsw_key *key,
					  u32 *i);
const struct vsw_actions *vsw_bucket_actions(const struct vsw_bucket *bucket);
/* A packet of @len bytes, with its Ethernet header, meets the group, ... */
void vsw_group_hit(const struct vsw_group *group, unsigned int len);
/* ... and then goes through one bucket, or several. */
void vsw_bucket_hit(const struct vsw_bucket *bucket, unsigned int len);

#endif /* _VSWITCH_GROUP_H */
