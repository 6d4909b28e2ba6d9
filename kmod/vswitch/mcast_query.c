// SPDX-License-Identifier: GPL-2.0
/*
 * The querier: in each VLAN, of each family, one device asks who wants what. It is
 * the one with the lowest address (RFC 2236 3, RFC 3376 6.6.2, RFC 2710 6); who has
 * none, 0.0.0.0, as we have for IGMP, stands back behind all that have one (RFC 4541
 * 2.1.1 (1)), and among such the lowest MAC decides. And the work that does whatever
 * is due: asks, and lets time pass for members and routers.
 */
#include <linux/slab.h>
#include <net/addrconf.h>
#include <kunit/visibility.h>

#include "forward.h"
#include "vlan.h"

/* The work is for all groups at once, so it is not done more often than that. */
#define WORK_PAUSE	(HZ / 50 ?: 1)
/* What is looked at before others may have the lock, and queries that wait for it. */
#define VLANS_AT_ONCE	8
#define QUERIES_AT_ONCE	64
#define MEMBERS_AT_ONCE	64
/* When nothing is due. */
#define WORK_IDLE	(60 * HZ)

static unsigned long ms(u32 value)
{
	return msecs_to_jiffies(value);
}

/* Have the work done at @when at the latest. The lock is held. */
void vsw_mcast_kick(struct vsw_switch *sw, unsigned long when)
{
	struct vsw_mcast *mcast = &sw->mcast;
	long delay = when - jiffies;

	lockdep_assert_held(&mcast->lock);

	if (!mcast->on || !netif_running(sw->dev) || !time_before(when, mcast->due))
		return;
	mcast->due = when;
	mod_delayed_work(system_power_efficient_wq, &mcast->work,
			 max_t(long, delay, WORK_PAUSE));
}

static bool is_other(const struct vsw_mcast_querier *querier)
{
	return querier->other && time_before(jiffies, querier->other_until);
}

/* Whether queries of @family are ours to send in VLAN @vid. The lock is held. */
bool vsw_mcast_is_querier(struct vsw_switch *sw, u16 vid, enum vsw_mcast_family family)
{
	const struct vsw_mcast_vlan *vlan = xa_load(&sw->mcast.vlans, vid);

	lockdep_assert_held(&sw->mcast.lock);

	return vlan && vlan->querier[family].own;
}

/* Whether there is one who has asked, so that who wants something has said so. Under RCU. */
bool vsw_mcast_querier_known(struct vsw_switch *sw, u16 vid, enum vsw_mcast_family family)
{
	const struct vsw_mcast_vlan *vlan = xa_load(&sw->mcast.vlans, vid);
	const struct vsw_mcast_querier *querier;

	if (!vlan)
		return false;
	querier = &vlan->querier[family];
	if (!READ_ONCE(querier->own) &&
	    (!READ_ONCE(querier->other) ||
	     time_after_eq(jiffies, READ_ONCE(querier->other_until))))
		return false;
	return time_after_eq(jiffies, READ_ONCE(querier->known_from));
}

/* We begin to ask (RFC 3376 8.6, 8.7). Whom another asked until now we know already. */
static void become(struct vsw_switch *sw, struct vsw_mcast_querier *querier)
{
	if (!is_other(querier))
		WRITE_ONCE(querier->known_from,
			   jiffies + ms(sw->mcast.config.query_response_interval));
	WRITE_ONCE(querier->own, true);
	WRITE_ONCE(querier->other, false);
	querier->startup = sw->mcast.config.startup_query_count;
	querier->next_query = jiffies;
	sw->mcast.generation++;
}

/*
 * The address that queries of @family have as their source; false: there is none.
 * Those of IGMP do without, as the bridge's do; an address would be of a network
 * that the VLAN may not be.
 */
static bool source_of(struct vsw_switch *sw, enum vsw_mcast_family family,
		      struct in6_addr *from)
{
	bool found = false;
#if IS_ENABLED(CONFIG_IPV6)
	const struct inet6_ifaddr *ifa;
	struct inet6_dev *idev;
#endif

	ipv6_addr_set_v4mapped(0, from);
	if (family == VSW_MCAST_V4)
		return true;
#if IS_ENABLED(CONFIG_IPV6)
	rcu_read_lock();
	idev = __in6_dev_get(sw->dev);
	if (idev) {
		read_lock_bh(&idev->lock);
		list_for_each_entry(ifa, &idev->addr_list, if_list) {
			if (ifa->scope != IFA_LINK ||
			    ifa->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED))
				continue;
			*from = ifa->addr;
			found = true;
			break;
		}
		read_unlock_bh(&idev->lock);
	}
	rcu_read_unlock();
#endif
	return found;
}

/* Whether source_of() may find one in a moment, of which nobody tells us. */
static bool may_get_source(const struct vsw_switch *sw)
{
	bool may = false;
#if IS_ENABLED(CONFIG_IPV6)
	const struct inet6_dev *idev;

	rcu_read_lock();
	idev = __in6_dev_get(sw->dev);
	may = idev && !READ_ONCE(idev->cnf.disable_ipv6);
	rcu_read_unlock();
#endif
	return may;
}

/* The VLAN @vid; NULL without memory. The lock is held. */
struct vsw_mcast_vlan *vsw_mcast_vlan_get(struct vsw_switch *sw, u16 vid)
{
	struct vsw_mcast_vlan *vlan = xa_load(&sw->mcast.vlans, vid);

	lockdep_assert_held(&sw->mcast.lock);

	if (vlan)
		return vlan;
	vlan = kzalloc(sizeof(*vlan), GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!vlan)
		return NULL;
	vlan->vid = vid;
	if (xa_err(xa_store(&sw->mcast.vlans, vid, vlan, GFP_ATOMIC))) {
		kfree(vlan);
		return NULL;
	}
	vsw_mcast_kick(sw, jiffies);
	return vlan;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_vlan_get);

/* Whether the one with @address and @mac is to ask, and not the other one. */
static bool comes_first(enum vsw_mcast_family family, const struct in6_addr *address,
			const u8 *mac, const struct in6_addr *other, const u8 *other_mac)
{
	bool none = family == VSW_MCAST_V4 && !address->s6_addr32[3];
	bool other_none = family == VSW_MCAST_V4 && !other->s6_addr32[3];

	if (none != other_none)
		return other_none;
	if (none)
		return memcmp(mac, other_mac, ETH_ALEN) <= 0;
	return memcmp(address, other, sizeof(*address)) <= 0;
}

/* Whether who sent @msg, from @mac, is to ask, and not we or who does it now. */
static bool wins(struct vsw_switch *sw, const struct vsw_mcast_querier *querier,
		 const struct vsw_mcast_msg *msg, const u8 *mac)
{
	enum vsw_mcast_family family = vsw_mcast_family(&msg->dest);
	struct in6_addr own;

	if (is_other(querier))
		return comes_first(family, &msg->source, mac, &querier->address, querier->mac);
	return !querier->own || !source_of(sw, family, &own) ||
	       comes_first(family, &msg->source, mac, &own, sw->dev->dev_addr);
}

/*
 * Whether another one asks, and is to. It was heard when we could not ask, if it is not:
 * we had no address yet, or were told not to.
 */
static bool is_other_to_ask(struct vsw_switch *sw, const struct vsw_mcast_querier *querier,
			    enum vsw_mcast_family family)
{
	struct in6_addr own;

	return is_other(querier) &&
	       (!sw->mcast.config.querier || !source_of(sw, family, &own) ||
		comes_first(family, &querier->address, querier->mac, &own, sw->dev->dev_addr));
}

/* A query came in by @port. The lock is held. */
void vsw_mcast_query_heard(struct vsw_port *port, u16 vid, const struct sk_buff *skb,
			   const struct vsw_mcast_msg *msg)
{
	enum vsw_mcast_family family = vsw_mcast_family(&msg->dest);
	struct vsw_switch *sw = port->sw;
	struct vsw_mcast_vlan *vlan = vsw_mcast_vlan_get(sw, vid);
	const u8 *mac = eth_hdr(skb)->h_source;
	struct vsw_mcast_querier *querier;

	if (!vlan)
		return;
	querier = &vlan->querier[family];
	if (!wins(sw, querier, msg, mac))
		return;
	/* Not by a query about a group: those who are none any more may send it. */
	if (ipv6_addr_any(&msg->group)) {
		if (!is_other(querier) && !querier->own)
			WRITE_ONCE(querier->known_from, jiffies + ms(msg->max_response));
		if (!is_other(querier) || querier->port != port->number)
			sw->mcast.generation++;
		querier->address = msg->source;
		ether_addr_copy(querier->mac, mac);
		querier->port = port->number;
		WRITE_ONCE(querier->other_until,
			   jiffies + ms(sw->mcast.config.querier_interval));
		WRITE_ONCE(querier->other, true);
		WRITE_ONCE(querier->own, false);
		vsw_mcast_router_heard(port, family);
		vsw_mcast_kick(sw, querier->other_until);
	} else if (is_other(querier)) {
		vsw_mcast_lower(port, vid, skb, msg);
	}
}

/* Queries that wait to be sent when the lock is not held any more. */
struct to_send {
	struct vsw_port *port;		/* NULL: to all */
	u16 vid;
	u8 kind;			/* enum vsw_mcast_kind */
};

#define TO_SEND(skb)	((struct to_send *)(skb)->cb)

static enum vsw_mcast_kind kind_of(const struct vsw_mcast_query *query)
{
	if (query->family == VSW_MCAST_V6)
		return query->version == 2 ? VSW_MCAST_MLD_V2_QUERY : VSW_MCAST_MLD_V1_QUERY;
	return query->version == 3 ? VSW_MCAST_IGMP_V3_QUERY : VSW_MCAST_IGMP_V2_QUERY;
}

static void ask(struct vsw_switch *sw, struct vsw_port *port, u16 vid,
		struct vsw_mcast_query *query, struct sk_buff_head *queue)
{
	const struct vsw_mcast_config *config = &sw->mcast.config;
	struct in6_addr from;
	struct sk_buff *skb;

	query->version = query->family == VSW_MCAST_V6 ? config->mld_version :
							 config->igmp_version;
	query->robustness = config->last_member_count;
	query->interval = config->query_interval;
	if (!source_of(sw, query->family, &from))
		return;
	skb = vsw_mcast_build(sw->dev, &from, query);
	if (!skb)
		return;
	*TO_SEND(skb) = (struct to_send) { .port = port, .vid = vid, .kind = kind_of(query) };
	__skb_queue_tail(queue, skb);
}

static void send(struct vsw_switch *sw, struct sk_buff_head *queue)
{
	struct to_send to;
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(queue))) {
		to = *TO_SEND(skb);
		memset(skb->cb, 0, sizeof(skb->cb));
		/* For each one: there are as many copies of it as there are ports. */
		local_bh_disable();
		vsw_send_query(sw, to.port, skb, to.vid, to.kind);
		local_bh_enable();
	}
}

/* Between the first queries; those that follow may have been told to come faster. */
static unsigned long startup_interval(const struct vsw_mcast_config *config)
{
	return ms(min(config->startup_query_interval, config->query_interval));
}

static void note(unsigned long *due, unsigned long when)
{
	if (time_before(when, *due))
		*due = when;
}

/* Who asks in @vlan: another, as long as it is heard; we, if nobody else. */
static void attend_querier(struct vsw_switch *sw, u16 vid,
			   struct vsw_mcast_querier *querier,
			   enum vsw_mcast_family family, unsigned long *due,
			   struct sk_buff_head *queue)
{
	const struct vsw_mcast_config *config = &sw->mcast.config;
	struct vsw_mcast_query query = {
		.family = family,
		.max_response = config->query_response_interval,
	};
	struct in6_addr from;
	bool has_source;

	/* What is past stays so, also when jiffies have gone half their way round. */
	if (time_after(jiffies, querier->known_from))
		WRITE_ONCE(querier->known_from, jiffies);
	has_source = source_of(sw, family, &from);
	if (config->querier && !has_source && may_get_source(sw))
		note(due, jiffies + HZ);
	if (is_other_to_ask(sw, querier, family)) {
		note(due, querier->other_until);
		return;
	}
	if (!config->querier || !has_source) {
		WRITE_ONCE(querier->other, false);
		WRITE_ONCE(querier->own, false);
		return;
	}
	if (!querier->own)
		become(sw, querier);
	if (time_after_eq(jiffies, querier->next_query)) {
		ask(sw, NULL, vid, &query, queue);
		if (querier->startup)
			querier->startup--;
		querier->next_query = jiffies + (querier->startup ? startup_interval(config) :
								    ms(config->query_interval));
	}
	note(due, querier->next_query);
}

/* How far one round of the work has come, which others have the lock in between. */
struct round {
	enum { AT_VLANS, AT_PORTS, AT_GROUPS } stage;
	unsigned long due;		/* when the next round is */
	unsigned long vid;		/* of all that is below: where to go on */
	unsigned long number;
	struct vsw_mcast_key key;
};

/* Each of these does some of its stage, and returns whether there is more of it. */
static bool attend_vlans(struct vsw_switch *sw, struct round *round,
			 struct sk_buff_head *queue)
{
	struct vsw_mcast_vlan *vlan;
	int i, left = VLANS_AT_ONCE;
	unsigned long vid;

	xa_for_each_start(&sw->mcast.vlans, vid, vlan, round->vid) {
		round->vid = vid;
		if (!left--)
			return true;
		for (i = 0; i < VSW_MCAST_FAMILIES; i++)
			attend_querier(sw, vid, &vlan->querier[i], i, &round->due, queue);
	}
	round->vid = 0;
	return false;
}

/* Ask in those of the VLANs that @port is a member of. */
static bool ask_port(struct vsw_port *port, struct round *round, struct sk_buff_head *queue)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_mcast_query query = {
		.max_response = sw->mcast.config.query_response_interval,
	};
	struct vsw_mcast_vlan *vlan;
	unsigned long vid;
	int i;

	xa_for_each_start(&sw->mcast.vlans, vid, vlan, round->vid) {
		round->vid = vid;
		if (skb_queue_len(queue) >= QUERIES_AT_ONCE)
			return true;
		if (vid && !vsw_vlan_goes_to(port, vid))
			continue;
		for (i = 0; i < VSW_MCAST_FAMILIES; i++) {
			query.family = i;
			if (vlan->querier[i].own)
				ask(sw, port, vid, &query, queue);
		}
	}
	round->vid = 0;
	return false;
}

/* Ports that have come up, whose hosts the queries of the switch's start did not reach. */
static bool attend_ports(struct vsw_switch *sw, struct round *round,
			 struct sk_buff_head *queue)
{
	struct vsw_port *port;
	unsigned long number;

	if (!sw->mcast.startup_count)
		return false;
	xa_for_each_start(&sw->ports, number, port, round->number) {
		if (!port->mcast.startup)
			continue;
		if (number != round->number)
			round->vid = 0;
		round->number = number;
		if (time_after_eq(jiffies, port->mcast.next_query)) {
			if (ask_port(port, round, queue))
				return true;
			port->mcast.next_query = jiffies + startup_interval(&sw->mcast.config);
			if (!--port->mcast.startup) {
				sw->mcast.startup_count--;
				continue;
			}
		}
		note(&round->due, port->mcast.next_query);
	}
	return false;
}

/* Ask again about what a host did not want any more; with @sources about those of them. */
static void ask_member(struct vsw_mcast_member *member, bool sources,
		       struct sk_buff_head *queue)
{
	struct vsw_switch *sw = member->port->sw;
	struct vsw_mcast_query query = {
		.group = member->group->key.group,
		.family = vsw_mcast_family(&member->group->key.group),
		.max_response = sw->mcast.config.last_member_interval,
	};
	struct vsw_mcast_source *source;

	if (sources) {
		hlist_for_each_entry(source, &member->sources, node) {
			if (!source->queries || query.count == VSW_MCAST_MAX_SOURCES)
				continue;
			source->queries--;
			query.sources[query.count++] = source->address;
		}
		if (!query.count)
			return;
	}
	ask(sw, member->port, member->group->key.vid, &query, queue);
}

static bool is_asking(const struct vsw_mcast_member *member)
{
	const struct vsw_mcast_source *source;

	if (member->queries)
		return true;
	hlist_for_each_entry(source, &member->sources, node)
		if (source->queries)
			return true;
	return false;
}

static void attend_member(struct vsw_mcast_member *member, unsigned long *due,
			  struct sk_buff_head *queue)
{
	struct vsw_switch *sw = member->port->sw;

	if (vsw_mcast_expire(member, due)) {
		vsw_mcast_member_del(member);
		return;
	}
	vsw_mcast_tell(member);
	if (!is_asking(member))
		return;
	if (time_after_eq(jiffies, member->next_query)) {
		if (member->queries) {
			member->queries--;
			ask_member(member, false, queue);
		}
		ask_member(member, true, queue);
		member->next_query = jiffies + ms(sw->mcast.config.last_member_interval);
	}
	note(due, member->next_query);
}

static bool attend_groups(struct vsw_switch *sw, struct round *round,
			  struct sk_buff_head *queue)
{
	struct vsw_mcast_group *group = vsw_mcast_group_after(sw, &round->key);
	struct vsw_mcast_member *member;
	int left = MEMBERS_AT_ONCE;
	struct rb_node *following;
	struct hlist_node *next;

	while (group && left > 0) {
		following = rb_next(&group->node);
		hlist_for_each_entry_safe(member, next, &group->members, node) {
			attend_member(member, &round->due, queue);
			left--;
		}
		group = rb_entry_safe(following, struct vsw_mcast_group, node);
	}
	if (group)
		round->key = group->key;
	return group;
}

/*
 * One step of the work under the lock, and what it has to send without. Ports that are
 * sent to stay until the end of the RCU section.
 */
static bool step(struct vsw_switch *sw, struct round *round)
{
	struct sk_buff_head queue;
	bool more = true;

	__skb_queue_head_init(&queue);
	rcu_read_lock();
	spin_lock_bh(&sw->mcast.lock);
	switch (round->stage) {
	case AT_VLANS:
		if (!attend_vlans(sw, round, &queue))
			round->stage = AT_PORTS;
		break;
	case AT_PORTS:
		if (!attend_ports(sw, round, &queue))
			round->stage = AT_GROUPS;
		break;
	case AT_GROUPS:
		more = attend_groups(sw, round, &queue);
		if (!more)
			vsw_mcast_kick(sw, round->due);
		break;
	}
	spin_unlock_bh(&sw->mcast.lock);
	send(sw, &queue);
	rcu_read_unlock();
	return more;
}

static void do_due(struct work_struct *work)
{
	struct vsw_switch *sw = container_of(work, struct vsw_switch, mcast.work.work);
	struct round round = {};

	spin_lock_bh(&sw->mcast.lock);
	/* What comes up from now on may be due earlier. */
	sw->mcast.due = jiffies + WORK_IDLE + 1;
	round.due = vsw_mcast_router_expire(sw, jiffies + WORK_IDLE);
	spin_unlock_bh(&sw->mcast.lock);
	while (step(sw, &round))
		cond_resched();
}

/* Nobody is known to ask, so all begins anew: where a port's untagged frames are. RTNL. */
void vsw_mcast_query_start(struct vsw_switch *sw)
{
	struct vsw_port *port;

	ASSERT_RTNL();

	if (!sw->mcast.on || !netif_running(sw->dev))
		return;
	spin_lock_bh(&sw->mcast.lock);
	sw->mcast.due = jiffies + WORK_IDLE;
	if (!(sw->host.flags & VSW_PORT_VLANS))
		vsw_mcast_vlan_get(sw, 0);
	list_for_each_entry(port, &sw->port_list, list)
		vsw_mcast_query_follow(port);
	vsw_mcast_kick(sw, jiffies);
	spin_unlock_bh(&sw->mcast.lock);
}

/* The VLAN of @port's untagged frames is one in which somebody asks. The lock is held. RTNL. */
void vsw_mcast_query_follow(struct vsw_port *port)
{
	u16 pvid = rtnl_dereference(port->vlans)->pvid;

	if (port->sw->mcast.on && (port->flags & VSW_PORT_VLANS) && pvid)
		vsw_mcast_vlan_get(port->sw, vsw_vlan_fid(port, pvid));
}

/* Nobody asks any more, and nobody is known to. May sleep. RTNL. */
void vsw_mcast_query_stop(struct vsw_switch *sw)
{
	struct vsw_mcast_vlan *vlan;
	unsigned long vid;

	ASSERT_RTNL();

	cancel_delayed_work_sync(&sw->mcast.work);
	spin_lock_bh(&sw->mcast.lock);
	xa_for_each(&sw->mcast.vlans, vid, vlan) {
		xa_erase(&sw->mcast.vlans, vid);
		kfree_rcu(vlan, rcu);
	}
	spin_unlock_bh(&sw->mcast.lock);
}

/* Who asked from behind @port is heard no more: somebody else is to. The lock is held. */
void vsw_mcast_query_forget(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_mcast_vlan *vlan;
	unsigned long vid;
	int i;

	lockdep_assert_held(&sw->mcast.lock);

	xa_for_each(&sw->mcast.vlans, vid, vlan) {
		for (i = 0; i < VSW_MCAST_FAMILIES; i++) {
			if (!vlan->querier[i].other || vlan->querier[i].port != port->number)
				continue;
			WRITE_ONCE(vlan->querier[i].other, false);
			sw->mcast.generation++;
		}
	}
	vsw_mcast_kick(sw, jiffies);
}

void vsw_mcast_query_port_gone(struct vsw_port *port)
{
	spin_lock_bh(&port->sw->mcast.lock);
	vsw_mcast_query_forget(port);
	spin_unlock_bh(&port->sw->mcast.lock);
}

void vsw_mcast_query_init(struct vsw_switch *sw)
{
	INIT_DELAYED_WORK(&sw->mcast.work, do_due);
}
