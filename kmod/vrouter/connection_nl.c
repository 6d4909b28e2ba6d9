// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of connections: connection-get.
 */
#include <net/netfilter/nf_conntrack_core.h>

#include "conn.h"
#include "netlink.h"

/* A connection; who has it holds the nf_conn. */
struct picture {
	const struct nf_conn *ct;
	union nf_inet_addr to;
	u8 why[2];
	char service[VROUTER_NAME_LEN + 1];
};

/* Under RCU. */
static void take_picture(const struct vrt_net *rn, const struct vrt_conn *conn,
			 struct picture *picture)
{
	const char *service = conn->target ? conn->target->service : NULL;

	picture->ct = conn->ct;
	picture->to = conn->ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u3;
	if (conn->target && conn->target->direct)
		picture->to = conn->target->addr;
	picture->why[0] = READ_ONCE(conn->why[0]);
	picture->why[1] = READ_ONCE(conn->why[1]);
	if (!READ_ONCE(rn->fast_path))
		memset(picture->why, VROUTER_WHY_SLOW_OFF, sizeof(picture->why));
	strscpy(picture->service, service ?: "", sizeof(picture->service));
}

static int put_end(struct sk_buff *skb, int address, int port, u8 family,
		   const union nf_inet_addr *addr, __be16 number)
{
	return vrt_nl_put_address(skb, address, family, addr) ?:
	       nla_put_u16(skb, port, ntohs(number));
}

static int fill_connection(struct sk_buff *skb, const void *object)
{
	const struct picture *picture = object;
	const struct nf_conntrack_tuple *there = &picture->ct->tuplehash[0].tuple;
	const struct nf_conntrack_tuple *back = &picture->ct->tuplehash[1].tuple;
	u8 family = there->src.l3num;

	if (nla_put_u8(skb, VROUTER_A_CONNECTION_PROTOCOL, there->dst.protonum) ||
	    put_end(skb, VROUTER_A_CONNECTION_SOURCE, VROUTER_A_CONNECTION_SOURCE_PORT,
		    family, &there->src.u3, there->src.u.all) ||
	    put_end(skb, VROUTER_A_CONNECTION_DESTINATION,
		    VROUTER_A_CONNECTION_DESTINATION_PORT, family, &there->dst.u3,
		    there->dst.u.all) ||
	    put_end(skb, VROUTER_A_CONNECTION_TO, VROUTER_A_CONNECTION_TO_PORT, family,
		    &picture->to, back->src.u.all) ||
	    nla_put_u8(skb, VROUTER_A_CONNECTION_WHY_THERE, picture->why[0]) ||
	    nla_put_u8(skb, VROUTER_A_CONNECTION_WHY_BACK, picture->why[1]))
		return -EMSGSIZE;
	if (picture->service[0] &&
	    nla_put_string(skb, VROUTER_A_CONNECTION_SERVICE, picture->service))
		return -EMSGSIZE;
	return 0;
}

static int need(struct genl_info *info, int attr, const char *what)
{
	return info->attrs[attr] ? 0 : vrt_nl_missing(info, attr, what);
}

static int get_tuple(struct genl_info *info, struct nf_conntrack_tuple *tuple)
{
	struct nlattr **attrs = info->attrs;
	union nf_inet_addr addr;
	u8 family, to_family;
	int err;

	err = need(info, VROUTER_A_CONNECTION_PROTOCOL, "say the protocol") ?:
	      need(info, VROUTER_A_CONNECTION_SOURCE, "say the source") ?:
	      need(info, VROUTER_A_CONNECTION_SOURCE_PORT, "say the source's port") ?:
	      need(info, VROUTER_A_CONNECTION_DESTINATION, "say the destination") ?:
	      need(info, VROUTER_A_CONNECTION_DESTINATION_PORT, "say the destination's port");
	if (err)
		return err;
	memset(tuple, 0, sizeof(*tuple));
	err = vrt_nl_get_address(attrs[VROUTER_A_CONNECTION_SOURCE], &family, &addr,
				 info->extack);
	if (err)
		return err;
	tuple->src.u3 = addr;
	err = vrt_nl_get_address(attrs[VROUTER_A_CONNECTION_DESTINATION], &to_family, &addr,
				 info->extack);
	if (err)
		return err;
	tuple->dst.u3 = addr;
	if (family != to_family)
		return vrt_nl_refuse(attrs[VROUTER_A_CONNECTION_DESTINATION], -EINVAL,
				     "source and destination are of different families",
				     info->extack);
	tuple->src.l3num = family;
	tuple->src.u.all = htons(nla_get_u16(attrs[VROUTER_A_CONNECTION_SOURCE_PORT]));
	tuple->dst.u.all = htons(nla_get_u16(attrs[VROUTER_A_CONNECTION_DESTINATION_PORT]));
	tuple->dst.protonum = nla_get_u8(attrs[VROUTER_A_CONNECTION_PROTOCOL]);
	return 0;
}

/* Of @ct, which the caller holds. */
static bool find_picture(struct vrt_net *rn, const struct nf_conn *ct, struct picture *picture)
{
	const struct vrt_conn *conn;

	rcu_read_lock();
	conn = vrt_conn_find(rn, ct);
	if (conn)
		take_picture(rn, conn, picture);
	rcu_read_unlock();
	return conn;
}

static int get_connection(struct vrt_net *rn, struct genl_info *info)
{
	struct nf_conntrack_tuple_hash *found;
	struct nf_conntrack_tuple tuple;
	struct picture picture;
	struct nf_conn *ct;
	int err;

	if (info->attrs[VROUTER_A_CONNECTION_SERVICE])
		return vrt_nl_refuse(info->attrs[VROUTER_A_CONNECTION_SERVICE], -EINVAL,
				     "a service is for a dump", info->extack);
	err = get_tuple(info, &tuple);
	if (err)
		return err;
	found = rn->ready ? nf_conntrack_find_get(rn->net, &nf_ct_zone_dflt, &tuple) : NULL;
	if (!found)
		return vrt_nl_refuse(info->attrs[VROUTER_A_CONNECTION_SOURCE_PORT], -ENOENT,
				     "there is no such connection", info->extack);
	ct = nf_ct_tuplehash_to_ctrack(found);
	if (find_picture(rn, ct, &picture)) {
		err = vrt_nl_reply(info, VROUTER_CMD_CONNECTION_GET, fill_connection, &picture);
	} else {
		NL_SET_ERR_MSG(info->extack, "the router does not know this connection");
		err = -ENOENT;
	}
	nf_ct_put(ct);
	return err;
}

int vrouter_nl_connection_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, get_connection);
}

/* Goes on behind the id in args[0]; one that comes meanwhile may be missed. */
static int dump_connections(struct sk_buff *skb, struct netlink_callback *cb,
			    struct vrt_net *rn, const char *service)
{
	unsigned long id = cb->args[0];
	const struct vrt_conn *conn;
	struct picture picture;
	int err = 0;

	rcu_read_lock();
	xa_for_each_start(&rn->conn_ids, id, conn, cb->args[0]) {
		take_picture(rn, conn, &picture);
		if (service && strcmp(service, picture.service))
			continue;
		err = vrt_nl_dump_one(skb, cb, VROUTER_CMD_CONNECTION_GET, fill_connection,
				      &picture);
		if (err)
			break;
		cb->args[0] = id + 1;
	}
	rcu_read_unlock();
	return err;
}

int vrouter_nl_connection_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	struct net *net = sock_net(skb->sk);
	struct vrt_net *rn = vrt_net(net);
	const struct nlattr *service = attrs[VROUTER_A_CONNECTION_SERVICE];
	int attr, err;

	err = vrt_nl_check_once(cb->nlh, cb->extack) ?:
	      vrt_nl_check_permission(cb->skb, net, cb->extack);
	if (err)
		return err;
	for (attr = VROUTER_A_CONNECTION_PROTOCOL; attr <= VROUTER_A_CONNECTION_DESTINATION_PORT;
	     attr++) {
		if (attrs[attr])
			return vrt_nl_refuse(attrs[attr], -EINVAL,
					     "a dump is of all connections, or of those of a service",
					     cb->extack);
	}
	if (!READ_ONCE(rn->ready))
		return 0;
	err = dump_connections(skb, cb, rn, service ? nla_data(service) : NULL);
	return vrt_nl_dump_end(skb, err);
}
