// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the MAC table: fdb-new, -del, -get, -flush.
 */
#include "netlink.h"

int vsw_nl_fill_fdb_info(struct sk_buff *skb, const struct vsw_fdb_info *info)
{
	if (nla_put_u32(skb, VSWITCH_A_FDB_SWITCH_IFINDEX,
			info->switch_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_FDB_SWITCH_NAME,
			   info->switch_name) ||
	    nla_put_u32(skb, VSWITCH_A_FDB_PORT_IFINDEX, info->port_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_FDB_PORT_NAME, info->port_name) ||
	    nla_put(skb, VSWITCH_A_FDB_ADDRESS, ETH_ALEN, info->address) ||
	    nla_put_u8(skb, VSWITCH_A_FDB_TYPE, info->type) ||
	    nla_put_u8(skb, VSWITCH_A_FDB_STICKY, info->sticky) ||
	    nla_put_u8(skb, VSWITCH_A_FDB_USER, info->user) ||
	    nla_put_u32(skb, VSWITCH_A_FDB_AGE, info->age))
		return -EMSGSIZE;
	if (nla_put_u32(skb, VSWITCH_A_FDB_PORT_NUMBER, info->port_number) ||
	    (info->port_alias &&
	     nla_put_string(skb, VSWITCH_A_FDB_PORT_ALIAS, info->port_alias)))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_FDB_LOCKED, info->locked))
		return -EMSGSIZE;
	if (info->vid && nla_put_u16(skb, VSWITCH_A_FDB_VLAN, info->vid))
		return -EMSGSIZE;
	return 0;
}

static int fill_info(struct sk_buff *skb, const void *object)
{
	return vsw_nl_fill_fdb_info(skb, object);
}

static const struct vsw_nl_place_attrs place_attrs = VSW_NL_PLACE_ATTRS(FDB);

/* The VLAN that a request names, 0 if it names none. */
static u16 get_vid(const struct genl_info *info)
{
	const struct nlattr *vid = info->attrs[VSWITCH_A_FDB_VLAN];

	return vid ? nla_get_u16(vid) : 0;
}

static int check_address(struct genl_info *info)
{
	if (info->attrs[VSWITCH_A_FDB_ADDRESS])
		return 0;
	return vsw_nl_missing(info, VSWITCH_A_FDB_ADDRESS, "name a MAC address");
}

static void get_config(struct genl_info *info, struct vsw_fdb_config *config)
{
	struct nlattr **attrs = info->attrs;

	memset(config, 0, sizeof(*config));
	config->type = VSWITCH_FDB_TYPE_STATIC;
	if (attrs[VSWITCH_A_FDB_TYPE]) {
		config->type_given = true;
		config->type = nla_get_u8(attrs[VSWITCH_A_FDB_TYPE]);
	}
	if (attrs[VSWITCH_A_FDB_STICKY]) {
		config->sticky_given = true;
		config->sticky = nla_get_u8(attrs[VSWITCH_A_FDB_STICKY]);
	}
}

/* The address is to blame unless it is memory that was short. */
static int blame_address(struct genl_info *info, int err)
{
	if (err && err != -ENOMEM)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSWITCH_A_FDB_ADDRESS]);
	return err;
}

static int add_entry(struct genl_info *info)
{
	struct vsw_fdb_config config;
	struct vsw_nl_place place;
	int err;

	err = check_address(info) ?: vsw_nl_find_needed_place(info, &place_attrs, &place);
	if (err)
		return err;
	if (!place.port)
		return vsw_nl_missing(info, VSWITCH_A_FDB_PORT_IFINDEX,
				      "name the port, by ifindex or name");
	get_config(info, &config);
	err = vsw_fdb_add(place.port,
			  nla_data(info->attrs[VSWITCH_A_FDB_ADDRESS]),
			  get_vid(info), &config, info->extack);
	return blame_address(info, err);
}

int vswitch_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, add_entry);
}

static int set_entry(struct genl_info *info)
{
	struct vsw_fdb_config config;
	struct vsw_nl_place place;
	int err;

	err = check_address(info) ?: vsw_nl_find_needed_place(info, &place_attrs, &place);
	if (err)
		return err;
	get_config(info, &config);
	err = vsw_fdb_set(place.sw, place.port,
			  nla_data(info->attrs[VSWITCH_A_FDB_ADDRESS]),
			  get_vid(info), &config, info->extack);
	return blame_address(info, err);
}

int vswitch_nl_fdb_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, set_entry);
}

static int del_entry(struct genl_info *info)
{
	struct vsw_nl_place place;
	int err;

	err = check_address(info) ?: vsw_nl_find_needed_place(info, &place_attrs, &place);
	if (err)
		return err;
	err = vsw_fdb_del(place.sw, place.port,
			  nla_data(info->attrs[VSWITCH_A_FDB_ADDRESS]),
			  get_vid(info), info->extack);
	return blame_address(info, err);
}

int vswitch_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, del_entry);
}

/* Whether an entry is one of those that a request asks for. */
static bool wanted(const struct vsw_fdb_entry *entry, const struct vsw_nl_place *place,
		   struct nlattr **attrs)
{
	const struct nlattr *type = attrs[VSWITCH_A_FDB_TYPE];
	const struct nlattr *vid = attrs[VSWITCH_A_FDB_VLAN];

	if (place->port && entry->port != place->port->number)
		return false;
	if (vid && vsw_fdb_key_to_vid(entry->key) != nla_get_u16(vid))
		return false;
	return !type || vsw_fdb_type(entry) == nla_get_u8(type);
}

static int get_entry(struct genl_info *info)
{
	struct nlattr *address = info->attrs[VSWITCH_A_FDB_ADDRESS];
	struct vsw_fdb_entry entry;
	struct vsw_fdb_info picture;
	struct vsw_nl_place place;
	int err;

	err = check_address(info) ?: vsw_nl_find_needed_place(info, &place_attrs, &place);
	if (err)
		return err;
	rcu_read_lock();
	if (vsw_fdb_find(place.sw, nla_data(address), get_vid(info), &entry) &&
	    wanted(&entry, &place, info->attrs))
		vsw_fdb_info(place.sw, &entry, &picture);
	else
		err = -ENOENT;
	rcu_read_unlock();
	if (err) {
		NL_SET_ERR_MSG_ATTR(info->extack, address, "no such MAC entry");
		return err;
	}
	return vsw_nl_reply(info, VSWITCH_CMD_FDB_GET, fill_info, &picture);
}

int vswitch_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read(info, get_entry);
}

static int fill_flushed(struct sk_buff *skb, const void *object)
{
	const u32 *flushed = object;

	return nla_put_u32(skb, VSWITCH_A_FDB_FLUSHED, *flushed);
}

static int flush(struct genl_info *info)
{
	struct nlattr *type = info->attrs[VSWITCH_A_FDB_TYPE];
	struct vsw_fdb_filter filter = {
		.vid = get_vid(info),
		.type = type ? nla_get_u8(type) : VSWITCH_FDB_TYPE_DYNAMIC,
	};
	struct sk_buff *reply;
	struct vsw_nl_place place;
	u32 flushed;
	int err;

	err = vsw_nl_find_needed_place(info, &place_attrs, &place);
	if (err)
		return err;
	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	filter.port = place.port;
	flushed = vsw_fdb_flush(place.sw, &filter);
	vsw_nl_reply_send(info, reply, VSWITCH_CMD_FDB_FLUSH, fill_flushed,
			  &flushed);
	return 0;
}

int vswitch_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, flush);
}

/* Where a dump goes on. */
struct cursor {
	unsigned long ifindex;
	u64 after;		/* as for vsw_fdb_table_next() */
};

/* Entries of @sw that come after *@after. */
static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct vsw_switch *sw, const struct vsw_nl_place *place,
		       u64 *after)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	struct vsw_fdb_entry entry;
	struct vsw_fdb_info picture;
	u64 next = *after;
	int err = 0;

	rcu_read_lock();
	while (vsw_fdb_table_next(&sw->fdb, &next, &entry)) {
		if (wanted(&entry, place, attrs)) {
			vsw_fdb_info(sw, &entry, &picture);
			err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_FDB_GET,
					      fill_info, &picture);
			if (err)
				break;
		}
		*after = next;
	}
	rcu_read_unlock();
	return err;
}

/*
 * What a dump depends on has changed when this has: one table, or all. It is
 * never 0, which is no number to netlink.
 */
static unsigned int table_generation(struct net *net,
				     const struct vsw_switch *only)
{
	const struct vsw_net *vn = vsw_net(net);

	return (vn->generation + (only ? READ_ONCE(only->fdb_generation) :
				  (unsigned int)atomic_read(&vn->fdb_generation))) ?: 1;
}

static int dump_tables(struct sk_buff *skb, struct netlink_callback *cb,
		       struct net *net, const struct vsw_nl_place *place)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	unsigned long ifindex = cursor->ifindex;
	struct vsw_switch *sw;
	int err;

	xa_for_each_start(&vsw_net(net)->switches, ifindex, sw, ifindex) {
		if (place->sw && sw != place->sw)
			continue;
		/* The one that we stopped in is gone: this one from its start. */
		if (ifindex != cursor->ifindex)
			cursor->after = 0;
		cursor->ifindex = ifindex;
		err = dump_switch(skb, cb, sw, place, &cursor->after);
		if (err)
			return err;
	}
	cursor->ifindex = ULONG_MAX;
	return 0;
}

int vswitch_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	struct net *net = sock_net(skb->sk);
	struct vsw_nl_place place;
	int err;

	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_FDB_ADDRESS]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSWITCH_A_FDB_ADDRESS],
				    "a dump takes no MAC address");
		return -EINVAL;
	}
	rtnl_lock();
	err = vsw_nl_find_place(net, attrs, &place_attrs, cb->extack, &place);
	if (!err) {
		cb->seq = table_generation(net, place.sw);
		err = dump_tables(skb, cb, net, &place);
	}
	rtnl_unlock();
	return vsw_nl_dump_end(skb, err);
}
