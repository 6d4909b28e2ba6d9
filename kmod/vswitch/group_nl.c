// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of groups: group-new, -set, -del, -get.
 */
#include "flow_nl.h"
#include "group.h"

/*
 * A group is told of in one message, which is no longer than those that everybody takes. In
 * it are a bucket's counters and what it has by default, beside what the request said.
 */
#define MESSAGE_SIZE		32768
#define OBJECT_SIZE		256
#define BUCKET_SIZE		64

/* A group, and whose it is. */
struct picture {
	const struct vsw_switch *sw;
	const struct vsw_group *group;
};

/* ---- replies -------------------------------------------------------------- */

static int put_bucket(struct sk_buff *skb, const struct vsw_bucket_info *info, u8 type)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_GROUP_BUCKET);

	if (!nest ||
	    nla_put_u32(skb, VSWITCH_A_BUCKET_ID, info->id) ||
	    (type == VSWITCH_GROUP_TYPE_SELECT &&
	     nla_put_u16(skb, VSWITCH_A_BUCKET_WEIGHT, info->weight)) ||
	    (info->watch &&
	     nla_put_u32(skb, VSWITCH_A_BUCKET_WATCH_PORT, info->watch_port)) ||
	    vsw_nl_put_actions(skb, VSWITCH_A_BUCKET_ACTIONS, info->actions) ||
	    nla_put_u64_64bit(skb, VSWITCH_A_BUCKET_PACKETS, info->packets,
			      VSWITCH_A_BUCKET_PAD) ||
	    nla_put_u64_64bit(skb, VSWITCH_A_BUCKET_BYTES, info->bytes, VSWITCH_A_BUCKET_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_group(struct sk_buff *skb, const void *object)
{
	const struct picture *picture = object;
	struct vsw_bucket_info bucket;
	struct vsw_group_info info;
	u32 i;

	vsw_group_info(picture->group, &info);
	if (vsw_nl_put_switch(skb, picture->sw) ||
	    nla_put_u32(skb, VSWITCH_A_GROUP_ID, info.id) ||
	    nla_put_u8(skb, VSWITCH_A_GROUP_TYPE, info.type) ||
	    (info.type == VSWITCH_GROUP_TYPE_SELECT &&
	     nla_put_u8(skb, VSWITCH_A_GROUP_HASH, info.hash)) ||
	    nla_put_u64_64bit(skb, VSWITCH_A_GROUP_PACKETS, info.packets,
			      VSWITCH_A_GROUP_PAD) ||
	    nla_put_u64_64bit(skb, VSWITCH_A_GROUP_BYTES, info.bytes, VSWITCH_A_GROUP_PAD) ||
	    nla_put_u32(skb, VSWITCH_A_GROUP_FLOWS, info.flows))
		return -EMSGSIZE;
	for (i = 0; i < info.count; i++) {
		vsw_group_bucket_info(picture->group, i, &bucket);
		if (put_bucket(skb, &bucket, info.type))
			return -EMSGSIZE;
	}
	return 0;
}

/* ---- requests ------------------------------------------------------------- */

static int get_bucket(const struct nlattr *nest, u32 place, struct vsw_bucket_config *bucket,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VSWITCH_A_BUCKET_MAX + 1], *attr;
	int err;

	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack) ?:
	      nla_parse_nested(attrs, VSWITCH_A_BUCKET_MAX, nest, vswitch_bucket_nl_policy,
			       extack);
	if (err)
		return err;
	attr = attrs[VSWITCH_A_BUCKET_PACKETS] ?: attrs[VSWITCH_A_BUCKET_BYTES];
	if (attr)
		return vsw_nl_refuse(attr, "counters can't be set", extack);
	attr = attrs[VSWITCH_A_BUCKET_ID];
	bucket->id = attr ? nla_get_u32(attr) : place;
	attr = attrs[VSWITCH_A_BUCKET_WEIGHT];
	if (attr) {
		bucket->weight_given = true;
		bucket->weight = nla_get_u16(attr);
	}
	attr = attrs[VSWITCH_A_BUCKET_WATCH_PORT];
	if (attr) {
		bucket->watch = true;
		bucket->watch_port = nla_get_u32(attr);
	}
	return vsw_nl_get_actions(attrs[VSWITCH_A_BUCKET_ACTIONS], &bucket->actions, extack);
}

#define for_each_bucket(attr, info, rem)						\
	nla_for_each_attr(attr, nlmsg_attrdata((info)->nlhdr, GENL_HDRLEN),		\
			  nlmsg_attrlen((info)->nlhdr, GENL_HDRLEN), rem)		\
		if (nla_type(attr) == VSWITCH_A_GROUP_BUCKET)

static int count_buckets(struct genl_info *info, u32 *count)
{
	const struct nlattr *attr;
	int rem;

	*count = 0;
	for_each_bucket(attr, info, rem) {
		if (++*count <= VSWITCH_FLOW_BUCKETS_MAX)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "a group has 256 buckets at most");
		return -ERANGE;
	}
	if (nlmsg_len(info->nlhdr) + *count * BUCKET_SIZE + OBJECT_SIZE <= MESSAGE_SIZE)
		return 0;
	NL_SET_ERR_MSG(info->extack, "the buckets are too long: a group is told of in 32 KB");
	return -E2BIG;
}

static void free_config(struct vsw_group_config *config)
{
	while (config->count--)
		vsw_actions_free(config->bucket[config->count].actions);
	kvfree(config->bucket);
}

/* Buckets are counted as they are there, so that just these are freed. */
static int get_buckets(struct genl_info *info, struct vsw_group_config *config)
{
	const struct nlattr *attr;
	int err, rem;

	for_each_bucket(attr, info, rem) {
		err = get_bucket(attr, config->count, &config->bucket[config->count],
				 info->extack);
		if (err)
			return err;
		config->count++;
	}
	return 0;
}

static int get_config(struct genl_info *info, struct vsw_group_config *config)
{
	struct nlattr **attrs = info->attrs;
	u32 count;
	int err;

	memset(config, 0, sizeof(*config));
	if (!attrs[VSWITCH_A_GROUP_ID])
		return vsw_nl_missing(info, VSWITCH_A_GROUP_ID, "say the group's id");
	config->id = nla_get_u32(attrs[VSWITCH_A_GROUP_ID]);
	if (attrs[VSWITCH_A_GROUP_TYPE]) {
		config->type_given = true;
		config->type = nla_get_u8(attrs[VSWITCH_A_GROUP_TYPE]);
	}
	if (attrs[VSWITCH_A_GROUP_HASH]) {
		config->hash_given = true;
		config->hash = nla_get_u8(attrs[VSWITCH_A_GROUP_HASH]);
	}
	err = count_buckets(info, &count);
	if (err)
		return err;
	config->bucket = kvcalloc(count ?: 1, sizeof(*config->bucket), GFP_KERNEL_ACCOUNT);
	if (!config->bucket)
		return -ENOMEM;
	err = get_buckets(info, config);
	if (err)
		free_config(config);
	return err;
}

typedef int (*change_t)(struct vsw_flows *flows, struct vsw_group_config *config,
			struct netlink_ext_ack *extack);

/* All is read before the lock is taken. Whatever @change says, it takes the actions. */
static int change_group(struct genl_info *info, bool make, change_t change)
{
	struct vsw_group_config config;
	struct vsw_nl_flows locked;
	int err;

	err = get_config(info, &config);
	if (err)
		return err;
	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, make, &locked, info->extack);
	if (!err && !locked.flows) {
		vsw_nl_unlock_flows(&locked);
		NL_SET_ERR_MSG(info->extack, "the switch has no group of this id");
		err = -ENOENT;
	}
	if (err) {
		free_config(&config);
		return err;
	}
	err = change(locked.flows, &config, info->extack);
	vsw_nl_unlock_flows(&locked);
	if (err == -EEXIST || err == -ENOENT)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSWITCH_A_GROUP_ID]);
	else if (err == -EINVAL || err == -ERANGE)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSWITCH_A_GROUP_BUCKET] ?:
				info->attrs[VSWITCH_A_GROUP_TYPE]);
	kvfree(config.bucket);
	return err;
}

static int add_group(struct genl_info *info)
{
	return change_group(info, true, vsw_group_add);
}

int vswitch_nl_group_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, VSWITCH_A_GROUP_BUCKET, add_group);
}

static int set_group(struct genl_info *info)
{
	return change_group(info, false, vsw_group_set);
}

int vswitch_nl_group_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, VSWITCH_A_GROUP_BUCKET, set_group);
}

static int del_group(struct genl_info *info)
{
	struct nlattr *id = info->attrs[VSWITCH_A_GROUP_ID];
	struct vsw_nl_flows locked;
	int err;

	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked, info->extack);
	if (err)
		return err;
	if (!id) {
		if (locked.flows)
			vsw_group_flush(locked.flows);
	} else if (locked.flows) {
		err = vsw_group_del(locked.flows, nla_get_u32(id), info->extack);
	} else {
		NL_SET_ERR_MSG(info->extack, "the switch has no group of this id");
		err = -ENOENT;
	}
	vsw_nl_unlock_flows(&locked);
	if (err)
		NL_SET_BAD_ATTR(info->extack, id);
	return err;
}

int vswitch_nl_group_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, del_group);
}

static int reply_group(struct genl_info *info, const struct picture *picture)
{
	struct sk_buff *reply = genlmsg_new(MESSAGE_SIZE, GFP_KERNEL);

	if (!reply)
		return -ENOMEM;
	return vsw_nl_reply_send(info, reply, VSWITCH_CMD_GROUP_GET, fill_group, picture);
}

static int get_group(struct genl_info *info)
{
	struct nlattr *id = info->attrs[VSWITCH_A_GROUP_ID];
	struct vsw_nl_flows locked;
	struct picture picture;
	int err;

	if (!id)
		return vsw_nl_missing(info, VSWITCH_A_GROUP_ID, "say the group's id");
	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked, info->extack);
	if (err)
		return err;
	picture.sw = locked.sw;
	picture.group = locked.flows ? vsw_group_of(locked.flows, nla_get_u32(id)) : NULL;
	if (picture.group) {
		err = reply_group(info, &picture);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, id, "the switch has no group of this id");
		err = -ENOENT;
	}
	vsw_nl_unlock_flows(&locked);
	return err;
}

int vswitch_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read_flows(info, 0, get_group);
}

/* One more group. What has a message to itself gets one that is large enough. */
static int dump_group(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct picture *picture)
{
	int err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_GROUP_GET, fill_group, picture);

	if (err != -EMSGSIZE || skb->len)
		return err;
	return pskb_expand_head(skb, 0, MESSAGE_SIZE, GFP_KERNEL) ?:
	       vsw_nl_dump_one(skb, cb, VSWITCH_CMD_GROUP_GET, fill_group, picture);
}

/* Resumes at the id in args[0], which is one more than there can be after the last. */
int vswitch_nl_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	struct vsw_nl_flows locked;
	struct picture picture;
	struct vsw_group_info info;
	u32 id = cb->args[0];
	int err;

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_GROUP_ID])
		return vsw_nl_refuse(attrs[VSWITCH_A_GROUP_ID],
				     "a dump is of all groups of a switch", cb->extack);
	err = vsw_nl_lock_flows(sock_net(skb->sk), attrs, false, &locked, cb->extack);
	if (err)
		return err;
	picture.sw = locked.sw;
	while (locked.flows && (picture.group = vsw_group_next(locked.flows, id))) {
		vsw_group_info(picture.group, &info);
		id = info.id;
		err = dump_group(skb, cb, &picture);
		if (err)
			break;
		id++;
	}
	cb->args[0] = id;
	vsw_nl_unlock_flows(&locked);
	return vsw_nl_dump_end(skb, err);
}
