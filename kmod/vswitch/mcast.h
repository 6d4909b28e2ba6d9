/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who wants which multicast group: what the switch and its ports know of it, and
 * what the files mcast*.c offer each other. The path's part is in mcast_path.h.
 */
#ifndef _VSWITCH_MCAST_H
#define _VSWITCH_MCAST_H

#include <linux/in.h>
#include <linux/rbtree.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/ipv6.h>

struct vsw_port;
struct vsw_switch;
struct netlink_ext_ack;

/* The messages of hosts and routers that are counted, for each port and both ways. */
enum vsw_mcast_kind {
	VSW_MCAST_IGMP_V1_QUERY,
	VSW_MCAST_IGMP_V2_QUERY,
	VSW_MCAST_IGMP_V3_QUERY,
	VSW_MCAST_IGMP_V1_REPORT,
	VSW_MCAST_IGMP_V2_REPORT,
	VSW_MCAST_IGMP_V3_REPORT,
	VSW_MCAST_IGMP_LEAVE,
	VSW_MCAST_MLD_V1_QUERY,
	VSW_MCAST_MLD_V2_QUERY,
	VSW_MCAST_MLD_V1_REPORT,
	VSW_MCAST_MLD_V2_REPORT,
	VSW_MCAST_MLD_LEAVE,
	VSW_MCAST_COUNTED,

	VSW_MCAST_DATA = VSW_MCAST_COUNTED,	/* for a group */
	VSW_MCAST_ROUTER,		/* a router says that it is one */
	VSW_MCAST_OTHER,		/* none of our business: goes to all */
	VSW_MCAST_INVALID,		/* said to be one of the above, and is not */
};

enum vsw_mcast_family {
	VSW_MCAST_V4,
	VSW_MCAST_V6,
	VSW_MCAST_FAMILIES,
};

/* All addresses are IPv6 ones here; those of IPv4 are mapped, ::ffff:a.b.c.d. */
static inline enum vsw_mcast_family vsw_mcast_family(const struct in6_addr *addr)
{
	return ipv6_addr_v4mapped(addr) ? VSW_MCAST_V4 : VSW_MCAST_V6;
}

static inline bool vsw_mcast_is_group(const struct in6_addr *addr)
{
	return vsw_mcast_family(addr) == VSW_MCAST_V4 ?
	       ipv4_is_multicast(addr->s6_addr32[3]) : ipv6_addr_is_multicast(addr);
}

/* A message, or a packet of data, as vsw_mcast_parse() finds it. */
struct vsw_mcast_msg {
	enum vsw_mcast_kind kind;
	struct in6_addr source, dest;	/* of the packet */
	struct in6_addr group;		/* that it is about; any: a general query */
	u32 max_response;		/* of a query, ms */
	bool suppress;			/* its S flag: it lowers no timers */
	u16 count;			/* of sources or records, ... */
	unsigned int at;		/* ... which begin there, behind skb->data, */
	unsigned int end;		/* ... and end there at the latest */
};

/* One record of a report of IGMPv3 or MLDv2 (RFC 3376 4.2.12, the same numbers in both). */
enum vsw_mcast_record_type {
	VSW_MCAST_IS_INCLUDE = 1,
	VSW_MCAST_IS_EXCLUDE,
	VSW_MCAST_TO_INCLUDE,
	VSW_MCAST_TO_EXCLUDE,
	VSW_MCAST_ALLOW,
	VSW_MCAST_BLOCK,
};

struct vsw_mcast_record {
	u8 type;
	u16 count;			/* of sources, ... */
	unsigned int at;		/* ... which begin there */
	struct in6_addr group;
};

/* Where frames of one group go: one VLAN's, 0 if the switch does not filter by VLAN. */
struct vsw_mcast_key {
	struct in6_addr group;
	u32 vid;
};

/*
 * A source that a member has named. Wanted as long as its timer runs; without one
 * it is a source that all behind the port have excluded.
 */
struct vsw_mcast_source {
	struct hlist_node node;
	struct in6_addr address;
	bool running, permanent;
	bool named, fresh;		/* in the record that is looked at, and first there */
	u8 queries;			/* to be sent yet */
	unsigned long expires;		/* jiffies */
	struct rcu_head rcu;
};

/* A port that wants a group (RFC 3376 6.2: the router's state, for one link). */
struct vsw_mcast_member {
	struct hlist_node node;		/* by port number */
	struct vsw_port *port;
	struct vsw_mcast_group *group;
	struct hlist_head sources;
	u16 source_count;
	bool exclude;			/* all but the sources without timer */
	bool permanent;			/* by request, all sources, for ever */
	bool told, told_exclude, told_permanent;	/* to those who listen to events */
	u8 queries;			/* to be sent yet */
	u8 old_version;			/* of IGMP or MLD, of a host behind it; 0 none */
	unsigned long old_until;	/* jiffies */
	unsigned long expires;		/* of exclude, jiffies */
	unsigned long next_query;	/* jiffies */
	struct rcu_head rcu;
};

struct vsw_mcast_group {
	struct rhash_head hash;
	struct vsw_mcast_key key;
	struct hlist_head members;
	struct rb_node node;		/* by key, for who goes through all */
	struct rcu_head rcu;
};

/* The querier of one VLAN and family, us or another (RFC 3376 6.6.2). */
struct vsw_mcast_querier {
	bool own;			/* we are it */
	bool other;			/* another one is, ... */
	struct in6_addr address;	/* ... this, ... */
	u8 mac[6];
	u32 port;			/* ... behind the port of this number, ... */
	unsigned long other_until;	/* ... until then */
	unsigned long known_from;	/* all who want something have said so by then */
	u8 startup;			/* queries of the start to be sent yet */
	unsigned long next_query;	/* ours */
};

struct vsw_mcast_vlan {
	u16 vid;
	struct vsw_mcast_querier querier[VSW_MCAST_FAMILIES];
	struct rcu_head rcu;
};

/* What users set of a switch; times are in milliseconds. */
struct vsw_mcast_config {
	u32 query_interval;
	u32 query_response_interval;
	u32 last_member_interval;
	u32 startup_query_interval;
	u32 membership_interval;
	u32 querier_interval;
	u32 max_groups;
	u8 last_member_count;
	u8 startup_query_count;
	u8 igmp_version;
	u8 mld_version;
	bool querier;
};

/* What a port counted, or all ports. */
struct vsw_mcast_stats {
	u64 rx[VSW_MCAST_COUNTED];
	u64 tx[VSW_MCAST_COUNTED];
	u64 invalid;
	u64 refused;
};

struct vsw_mcast {
	spinlock_t lock;		/* see DOC: Locking */
	bool on;			/* RTNL and lock */
	struct vsw_mcast_config config;	/* RTNL and lock */
	struct rhashtable groups;
	struct rb_root order;
	struct hlist_head routers;	/* by port number */
	struct xarray vlans;		/* struct vsw_mcast_vlan by VLAN id */
	u32 group_count;
	u32 record_count;		/* of members and sources, bounded too */
	u32 startup_count;		/* ports that have come up and are to be asked */
	struct vsw_mcast_stats gone;	/* what ports counted that are no more, RTNL */
	unsigned int generation;	/* of all that a dump shows */
	unsigned long due;		/* of the work, jiffies */
	struct delayed_work work;
};

struct vsw_mcast_port {
	struct hlist_node router_node;	/* hashed if it is a router port */
	bool router_heard[VSW_MCAST_FAMILIES];
	unsigned long router_until[VSW_MCAST_FAMILIES];	/* jiffies */
	u8 router;			/* enum vswitch_mcast_router */
	bool fast_leave;
	u32 max_groups;			/* 0 is no bound */
	u32 group_count;
	u8 startup;			/* general queries to be sent to it yet */
	unsigned long next_query;	/* jiffies */
	atomic64_t rx[VSW_MCAST_COUNTED];
	atomic64_t tx[VSW_MCAST_COUNTED];
	atomic64_t invalid;
	atomic64_t refused;		/* groups, for a limit or memory */
};

/* Most sources that a member may name; the bridge has the same bound. */
#define VSW_MCAST_MAX_SOURCES	32
/* Members and sources that a group of the limit stands for. */
#define VSW_MCAST_RECORDS	16

/* Where frames of a group go, for the path. Under RCU. */
struct vsw_mcast_way {
	const struct vsw_mcast_group *group;	/* or NULL: to router ports only */
	struct in6_addr source;
	u8 family;			/* enum vsw_mcast_family */
	u8 kind;			/* enum vsw_mcast_kind */
};

/* A picture of a member, without its sources. */
struct vsw_mdb_info {
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	u32 port_ifindex;
	char port_name[IFNAMSIZ];
	u32 port_number;
	struct vsw_mcast_key key;
	bool exclude, permanent;
	bool port_abroad;		/* its device is in another namespace */
};

/* mcast_parse.c, mcast_igmp.c */
void vsw_mcast_parse(const struct sk_buff *skb, struct vsw_mcast_msg *msg);
void vsw_mcast_parse_igmp(const struct sk_buff *skb, unsigned int at,
			  struct vsw_mcast_msg *msg);
void vsw_mcast_parse_mld(const struct sk_buff *skb, unsigned int at,
			 struct vsw_mcast_msg *msg);
bool vsw_mcast_is_group_of(const struct vsw_mcast_msg *msg, const struct in6_addr *group);
int vsw_mcast_next_record(const struct sk_buff *skb, struct vsw_mcast_msg *msg,
			  struct vsw_mcast_record *record);
bool vsw_mcast_get_source(const struct sk_buff *skb, enum vsw_mcast_family family,
			  unsigned int at, unsigned int i, struct in6_addr *source);
u32 vsw_mcast_decode_float(u32 code, unsigned int mantissa_bits);
bool vsw_mcast_is_pruned(const struct in6_addr *group);

/* Where a dump goes on: at this group, at the port of this number. */
struct vsw_mcast_dump {
	struct vsw_mcast_key key;
	u32 number;
};

/* mcast.c: the data base */
int vsw_mcast_init(struct vsw_switch *sw);
void vsw_mcast_setup(struct vsw_switch *sw);
void vsw_mcast_destroy(struct vsw_switch *sw);
void vsw_mcast_port_init(struct vsw_port *port);
void vsw_mcast_port_up(struct vsw_port *port);
void vsw_mcast_port_down(struct vsw_port *port);
void vsw_mcast_port_gone(struct vsw_port *port);
void vsw_mcast_set_snooping(struct vsw_switch *sw, bool on);
void vsw_mcast_follow_filtering(struct vsw_switch *sw);
void vsw_mcast_follow_vlans(struct vsw_port *port);
struct vsw_mcast_member *vsw_mcast_join(struct vsw_port *port,
					const struct vsw_mcast_key *key,
					struct netlink_ext_ack *extack);
struct vsw_mcast_member *vsw_mcast_find_member(struct vsw_port *port,
					       const struct vsw_mcast_key *key);
struct vsw_mcast_group *vsw_mcast_find_group(struct vsw_switch *sw,
					     const struct vsw_mcast_key *key);
struct vsw_mcast_group *vsw_mcast_group_after(struct vsw_switch *sw,
					      const struct vsw_mcast_key *key);
struct vsw_mcast_group *vsw_mcast_group_next(struct vsw_switch *sw,
					     struct vsw_mcast_dump *cursor,
					     struct vsw_mcast_group *group);
void vsw_mcast_member_del(struct vsw_mcast_member *member);
void vsw_mcast_tell(struct vsw_mcast_member *member);
struct vsw_mcast_source *vsw_mcast_source_find(const struct vsw_mcast_member *member,
					       const struct in6_addr *address);
struct vsw_mcast_source *vsw_mcast_source_add(struct vsw_mcast_member *member,
					      const struct in6_addr *address);
void vsw_mcast_source_del(struct vsw_mcast_member *member,
			  struct vsw_mcast_source *source);

/* mcast_config.c: what users set and see */
/* What a request sets of a port. */
struct vsw_mcast_port_config {
	bool router_given, fast_leave_given, max_groups_given;
	u8 router;			/* enum vswitch_mcast_router */
	bool fast_leave;
	u32 max_groups;
};

/* A picture of a port. */
struct vsw_mcast_port_info {
	u8 router;
	bool is_router;
	bool fast_leave;
	u32 max_groups;
	u32 group_count;
};

/* One member of a group, or one source of one, as a user names it. */
struct vsw_mcast_entry {
	struct vsw_mcast_key key;
	bool source_given;
	struct in6_addr source;
	bool permanent;
};

extern const struct vsw_mcast_config vsw_mcast_defaults;

void vsw_mcast_configure(struct vsw_switch *sw, const struct vsw_mcast_config *config);
void vsw_mcast_port_configure(struct vsw_port *port,
			      const struct vsw_mcast_port_config *config);
void vsw_mcast_port_info(const struct vsw_port *port, struct vsw_mcast_port_info *info);
void vsw_mcast_stats_add(struct vsw_mcast_stats *sum, const struct vsw_mcast_port *port);
int vsw_mcast_check_group(const struct in6_addr *group, struct netlink_ext_ack *extack);
int vsw_mcast_entry_add(struct vsw_port *port, const struct vsw_mcast_entry *entry,
			struct netlink_ext_ack *extack);
int vsw_mcast_entry_del(struct vsw_port *port, const struct vsw_mcast_entry *entry,
			struct netlink_ext_ack *extack);
bool vsw_mcast_has_permanent(struct vsw_switch *sw, u16 vid);
u32 vsw_mcast_flush(struct vsw_switch *sw, const struct vsw_port *port, u32 vid, bool all);

/* mcast_router.c: which ports lead to routers */
void vsw_mcast_router_heard(struct vsw_port *port, enum vsw_mcast_family family);
void vsw_mcast_router_update(struct vsw_port *port);
void vsw_mcast_set_router(struct vsw_port *port, u8 mode);
unsigned long vsw_mcast_router_expire(struct vsw_switch *sw, unsigned long due);

/* mcast_state.c: what reports and leaves say, and what time does to it */
struct vsw_mcast_outcome {
	u16 accepted, refused;
};

bool vsw_mcast_apply(struct vsw_port *port, u16 vid, const struct sk_buff *skb,
		     struct vsw_mcast_msg *msg, struct vsw_mcast_outcome *outcome);
void vsw_mcast_lower(struct vsw_port *port, u16 vid, const struct sk_buff *skb,
		     const struct vsw_mcast_msg *msg);
bool vsw_mcast_expire(struct vsw_mcast_member *member, unsigned long *due);

/* mcast_query.c: the querier, and the work that does what is due */
void vsw_mcast_query_init(struct vsw_switch *sw);
void vsw_mcast_query_start(struct vsw_switch *sw);
void vsw_mcast_query_stop(struct vsw_switch *sw);
void vsw_mcast_query_follow(struct vsw_port *port);
void vsw_mcast_query_heard(struct vsw_port *port, u16 vid, const struct sk_buff *skb,
			   const struct vsw_mcast_msg *msg);
void vsw_mcast_query_forget(struct vsw_port *port);
void vsw_mcast_query_port_gone(struct vsw_port *port);
struct vsw_mcast_vlan *vsw_mcast_vlan_get(struct vsw_switch *sw, u16 vid);
void vsw_mcast_kick(struct vsw_switch *sw, unsigned long when);
bool vsw_mcast_is_querier(struct vsw_switch *sw, u16 vid, enum vsw_mcast_family family);
bool vsw_mcast_querier_known(struct vsw_switch *sw, u16 vid, enum vsw_mcast_family family);

/* mcast_build.c: queries as packets */
struct vsw_mcast_query {
	struct in6_addr group;		/* any: a general one */
	enum vsw_mcast_family family;
	u8 version;
	u8 robustness;
	u32 max_response;		/* ms */
	u32 interval;			/* ms */
	u16 count;
	struct in6_addr sources[VSW_MCAST_MAX_SOURCES];
};

struct sk_buff *vsw_mcast_build(struct net_device *dev, const struct in6_addr *from,
				const struct vsw_mcast_query *query);

#endif /* _VSWITCH_MCAST_H */
