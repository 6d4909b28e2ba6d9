/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWITCH_H
#define _VSWITCH_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <uapi/linux/vswitch.h>

#include "fdb_table.h"
#include "mcast.h"
#include "port.h"
#include "stats.h"

/**
 * DOC: Locking
 *
 * Writers. RTNL covers which switches, ports and local addresses there are and
 * how they are configured; everything in struct vsw_switch and struct vsw_port
 * that is not named here is written under it. vsw_switch.fdb_lock, a spinlock
 * taken with BH off, covers the MAC table: its entries and the counts of them in
 * the switch and its ports. Learning takes it from softirq and holds no RTNL.
 * shut.c's lock covers which ports are shut, which the packet path may do.
 * vsw_flows.lock, a mutex of each switch that has flows, covers these, and its groups and
 * meters. Who takes it has a reference to the switch's device, and no RTNL.
 * Order: RTNL, then fdb_lock. Under fdb_lock only the locks of shut.c, of the
 * workqueue, of the queue of events and of netlink's sockets are taken.
 * vsw_switch.mcast.lock, a spinlock taken with BH off, covers the multicast groups,
 * their members and sources, the list of router ports and who is the querier; what
 * users set of these is written under RTNL, too. Neither it nor fdb_lock is taken
 * under the other.
 *
 * Readers. The packet path runs under RCU or with BH off and takes no lock unless
 * it learns or moves a MAC. Configuration that it reads is one word (flags) or is read with
 * READ_ONCE(). A port leaves the list and forwards no more, its MAC entries go,
 * its device gets rid of the rx_handler, which waits for the path: nobody is
 * left then who has its number from a MAC entry, and the number may be given to
 * another. It gives back its reference to the device at once: a device itself
 * waits for a grace period between leaving us and being freed.
 *
 * News for userspace go into a queue from any context; a worker sends them.
 */

/* Per network namespace. */
struct vsw_net {
	struct xarray switches;		/* by ifindex, RTNL */
	unsigned int generation;	/* of switches and ports, RTNL */
	atomic_t fdb_generation;	/* of all MAC tables */
	unsigned int queued_events;	/* under event.c's lock */
	size_t queued_bytes;		/* likewise, all that they take */
	atomic_t drops_offered;		/* to those who listen to drops */
	atomic64_t misses_rate, misses_lost;	/* of flow tables, see packet_in.c */
	atomic64_t rejects_rate;	/* see reject.c */
};

extern unsigned int vsw_net_id;

static inline struct vsw_net *vsw_net(const struct net *net)
{
	return net_generic(net, vsw_net_id);
}

struct vsw_binding;
struct vsw_mirrors;
struct vsw_private;
struct vsw_vlan_stats;
struct vsw_flows;

/* What loop.c knows of a switch. */
struct vsw_loop {
	u32 ports;			/* protected ones; RTNL, and read by the path */
	u32 interval;			/* ms, RTNL */
	u64 id;				/* these two never change */
	siphash_key_t key;
	struct delayed_work work;
};

struct vsw_switch {
	/* read for every packet */
	struct net_device *dev;
	unsigned long ageing_time;	/* jiffies, 0: learn nothing */
	u16 fdb_ageing_ticks;
	__be16 vlan_proto;		/* of the tags that say the VLAN */
	u8 fdb_tick_shift;		/* a tick is that many doublings of a jiffy */
	atomic64_t epoch;		/* see vsw_end_epoch() */
	struct vsw_fdb_table fdb;
	struct vsw_port_table __rcu *port_table;
	struct list_head port_list;	/* without the host port */
	struct vsw_mirrors __rcu *mirrors;	/* NULL until there is one */
	u32 guard_flags;		/* VSW_GUARD_*, for all ports but the host's */
	u32 suppressed;			/* ports with neigh-suppress */
	struct vsw_private __rcu *private_vlans;	/* NULL: there are none */
	struct vsw_vlan_stats __rcu *vlan_stats;	/* NULL: it does not count by VLAN */
	struct vsw_flows __rcu *flows;	/* NULL: it never had one, see flow.h */
	struct vsw_port host;

	/* MAC table, written under fdb_lock */
	spinlock_t fdb_lock;
	u32 fdb_max;
	u32 fdb_count;			/* dynamic entries */
	unsigned int fdb_generation;
	struct list_head fdb_shared;	/* local addresses that several devices have */
	struct delayed_work fdb_age_work;

	struct vsw_loop loop;
	struct rhltable bindings_by_mac, bindings_by_ip;	/* see binding.c */
	struct vsw_mcast mcast;		/* who wants which multicast group */

	struct xarray ports;		/* by number, the host port is 0 */
	u32 port_count;			/* without the host port */
	u32 sticky_ports;		/* with VSW_GUARD_STICKY */
	u32 promiscuous_ports;
	u32 live_ports;
	u32 ageing_ms;
	u16 default_pvid;		/* of new ports, 0: they are in no VLAN */
	bool vlan_stats_wanted;		/* by who made it, for the time until then */
	bool mtu_set_by_user;
	bool going;			/* its device follows the ports no more */
	struct vsw_stats gone;		/* what ports counted that are no more */
};

/*
 * For the packet path, which is under RCU when it comes from a device's receiver,
 * and has BH off, which is as good, when it comes from a sender.
 */
#define vsw_path_dereference(p) \
	rcu_dereference_check(p, rcu_read_lock_bh_held())

/*
 * Who remembers by which way frames went has to ask again. After anything was
 * changed on which that depends: a MAC entry, a port's flags or VLANs, whether the
 * host listens to everything. Any context.
 */
static inline void vsw_end_epoch(struct vsw_switch *sw)
{
	/* with vsw_fdb_learn() */
	smp_mb__before_atomic();
	atomic64_inc(&sw->epoch);
}

/* All flags but those that may be set meanwhile, see shut.c and flow.c. RTNL. */
static inline void vsw_port_set_flags(struct vsw_port *port, unsigned long flags)
{
	unsigned long was = READ_ONCE(port->flags), now;

	do {
		now = (flags & ~VSW_PORT_ATOMIC_FLAGS) | (was & VSW_PORT_ATOMIC_FLAGS);
	} while (!try_cmpxchg(&port->flags, &was, now));
	vsw_end_epoch(port->sw);
}

/* Ports by number, for readers. Grows with the highest number. */
struct vsw_port_table {
	u32 size;
	struct rcu_head rcu;
	struct vsw_port *port[];
};

/*
 * The port of the number that a MAC entry has. Under RCU or RTNL. A number is
 * given to another port only a grace period after its entries are gone.
 */
static inline struct vsw_port *vsw_port_by_number(const struct vsw_switch *sw,
						  u16 number)
{
	const struct vsw_port_table *table;

	table = rcu_dereference_raw(sw->port_table);
	return READ_ONCE(table->port[number]);
}

/* Length of the frame with its Ethernet header, wherever skb->data is. */
static inline unsigned int vsw_frame_len(const struct sk_buff *skb)
{
	return skb_mac_header_was_set(skb) ? skb->len - skb_mac_offset(skb) :
					     skb->len;
}

/* device.c: the switch's own device */

/* Which of the values are given. */
enum {
	VSW_SWITCH_AGEING	= BIT(0),
	VSW_SWITCH_FDB_MAX	= BIT(1),
	VSW_SWITCH_ADDRESS	= BIT(2),
	VSW_SWITCH_MTU		= BIT(3),
	VSW_SWITCH_VLANS	= BIT(4),
	VSW_SWITCH_VLAN_PROTO	= BIT(5),
	VSW_SWITCH_DEFAULT_PVID	= BIT(6),
	VSW_SWITCH_SNOOPING	= BIT(7),
	VSW_SWITCH_MCAST	= BIT(8),
	VSW_SWITCH_LOOP_INTERVAL = BIT(9),
	VSW_SWITCH_PRIVATE	= BIT(10),
	VSW_SWITCH_VLAN_STATS	= BIT(11),
};

/* A VLAN that is part of another, as userspace says it, too. */
struct vsw_private_vlan {
	u16 primary;
	u16 secondary;
	u16 type;			/* enum vswitch_private_vlan */
};

struct vsw_switch_config {
	unsigned long given;
	u32 ageing_ms;
	u32 loop_interval;		/* ms */
	u32 fdb_max;
	u8 address[ETH_ALEN];
	bool vlan_filtering;
	u8 vlan_protocol;		/* enum vswitch_vlan_protocol */
	u16 default_pvid;
	bool vlan_stats;
	bool mcast_snooping;
	u32 mtu;
	u32 guard_given, guard_flags;	/* VSW_GUARD_* */
	struct vsw_mcast_config mcast;
	const struct vsw_private_vlan *private_vlans;
	u32 private_count;
	const u8 *private_mask;		/* a set: other secondary VLANs stay; or NULL */
	const struct nlattr *private_attr;	/* to be blamed */
};

/* A picture of a switch, for whom it may concern in userspace. */
struct vsw_switch_info {
	u32 ifindex;
	char name[IFNAMSIZ];
	u8 address[ETH_ALEN];
	bool up;
	bool vlan_filtering;
	bool vlan_stats;
	u8 vlan_protocol;		/* enum vswitch_vlan_protocol */
	u16 default_pvid;
	u32 mtu;
	u32 ageing_ms;
	u32 loop_interval;		/* ms */
	u32 fdb_max;
	u32 fdb_count;
	u32 port_count;
	u32 guard_flags;
	bool mcast_snooping;
	u32 mcast_group_count;
	struct vsw_mcast_config mcast;
	u32 private_count;
	const struct vsw_private_vlan *private_vlans;	/* as long as RTNL is held */
};

bool vsw_is_switch(const struct net_device *dev);
void vsw_switch_setup(struct net_device *dev);
int vsw_switch_register(struct net_device *dev,
			const struct vsw_switch_config *config,
			struct netlink_ext_ack *extack);
struct vsw_switch *vsw_switch_create(struct net *net, const char *name,
				     const struct vsw_switch_config *config,
				     struct netlink_ext_ack *extack);
int vsw_switch_configure(struct vsw_switch *sw,
			 const struct vsw_switch_config *config,
			 struct netlink_ext_ack *extack);
void vsw_switch_delete(struct net_device *dev, struct list_head *head);
void vsw_switch_delete_now(struct vsw_switch *sw);
void vsw_switch_follow_ports(struct vsw_switch *sw);
void vsw_switch_follow_carrier(struct vsw_switch *sw);
void vsw_switch_info(const struct vsw_switch *sw, struct vsw_switch_info *info);
void vsw_switch_stats(const struct vsw_switch *sw, struct vsw_stats *stats);
int vsw_switch_event(struct net_device *dev, unsigned long event);

/* ethtool.c: what ethtool(8) shows of our devices */
extern const struct ethtool_ops vsw_switch_ethtool_ops;

extern const struct ethtool_ops vsw_vnic_ethtool_ops;

/* rtnl.c, vnic_nl.c: codecs of rtnetlink's link kinds */
extern struct rtnl_link_ops vsw_link_ops;
extern struct rtnl_link_ops vsw_vnic_link_ops;

int vsw_link_validate(struct nlattr *tb[], struct nlattr *data[],
		      struct netlink_ext_ack *extack);

/* vlan_private.c: VLANs that are part of others; the path's part is in vlan.h */
bool vsw_private_is_secondary(const struct vsw_switch *sw, u16 vid);
unsigned long vsw_private_flag(const struct vsw_switch *sw, const struct vsw_vlans *vlans);
struct vsw_private *vsw_private_prepare(struct vsw_switch *sw,
					const struct vsw_switch_config *config,
					struct netlink_ext_ack *extack);
void vsw_private_replace(struct vsw_switch *sw, struct vsw_private *table);
void vsw_private_free(struct vsw_private *table);
void vsw_private_destroy(struct vsw_switch *sw);
u32 vsw_private_pairs(const struct vsw_switch *sw, const struct vsw_private_vlan **pairs);

/* vlan_stats.c: frames and bytes of each VLAN; the path's part is in vlan_stats.h */
struct vsw_vlan_counters {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
};

/* Of who reads those of one VLAN after the other, as long as he holds RTNL. */
struct vsw_vlan_stats_cursor {
	bool is_set;
	unsigned int chunk;
	u64 members;
};

static inline bool vsw_vlan_stats_are_on(const struct vsw_switch *sw)
{
	return rcu_access_pointer(sw->vlan_stats);
}

int vsw_vlan_stats_init(struct vsw_switch *sw, bool on);
void vsw_vlan_stats_destroy(struct vsw_switch *sw);
int vsw_vlan_stats_reserve(struct vsw_switch *sw, const u8 *members);
struct vsw_vlan_stats *vsw_vlan_stats_prepare(struct vsw_switch *sw,
					      const struct vsw_switch_config *config,
					      struct netlink_ext_ack *extack);
void vsw_vlan_stats_replace(struct vsw_switch *sw, bool on, struct vsw_vlan_stats *stats);
void vsw_vlan_stats_free(struct vsw_vlan_stats *stats);
void vsw_vlan_stats_read(const struct vsw_switch *sw, u16 vid, struct vsw_vlan_counters *sum);
u16 vsw_vlan_stats_next(const struct vsw_switch *sw, u16 vid,
			struct vsw_vlan_stats_cursor *cursor, struct vsw_vlan_counters *sum);

/* loop.c: protection against loops; the path's part is in loop.h */
void vsw_loop_init(struct vsw_switch *sw);
void vsw_loop_update(struct vsw_switch *sw);
void vsw_loop_follow(struct vsw_port *port, bool attached);

/* rx.c: the packet walk */
rx_handler_result_t vsw_rx(struct sk_buff **pskb);
netdev_tx_t vsw_xmit(struct sk_buff *skb, struct net_device *dev);
netdev_tx_t vsw_vnic_xmit(struct sk_buff *skb, struct net_device *dev);

/* fdb.c: the MAC table; the path's part is in fdb_path.h */
/* What a user asks of an entry. */
struct vsw_fdb_config {
	bool type_given;
	bool sticky_given;
	u8 type;			/* enum vswitch_fdb_type */
	bool sticky;
};

struct vsw_fdb_info {
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	u32 port_ifindex;
	char port_name[IFNAMSIZ];
	u8 address[ETH_ALEN];
	u16 vid;			/* 0: of no VLAN */
	u8 type;			/* enum vswitch_fdb_type */
	bool sticky;
	bool user;
	bool locked;			/* seen, but may not send */
	u32 age;			/* ms */
	u32 port_number;
	bool port_abroad;		/* its device is in another namespace */
	const char *port_alias;		/* or NULL; as long as RTNL is held */
};

/* Which entries a flush is about. */
struct vsw_fdb_filter {
	const struct vsw_port *port;	/* NULL: of any */
	const u8 *spared;		/* a set of VLANs whose entries stay, or NULL */
	u16 vid;			/* 0: of any VLAN and of none */
	u8 type;			/* enum vswitch_fdb_type */
	bool spare_user;		/* what a user asked for stays */
	bool locked;			/* only what waits to be authorised */
};

int vsw_fdb_init(struct vsw_switch *sw);
void vsw_fdb_destroy(struct vsw_switch *sw);
bool vsw_fdb_find(const struct vsw_switch *sw, const u8 *mac, u16 vid,
		  struct vsw_fdb_entry *entry);
int vsw_fdb_add(struct vsw_port *port, const u8 *mac, u16 vid,
		const struct vsw_fdb_config *config,
		struct netlink_ext_ack *extack);
int vsw_fdb_set(struct vsw_switch *sw, struct vsw_port *port, const u8 *mac,
		u16 vid, const struct vsw_fdb_config *config,
		struct netlink_ext_ack *extack);
int vsw_fdb_del(struct vsw_switch *sw, const struct vsw_port *port,
		const u8 *mac, u16 vid, struct netlink_ext_ack *extack);
int vsw_fdb_reserve(struct vsw_port *port);
int vsw_fdb_follow_address(struct vsw_port *port);
void vsw_fdb_settle(struct vsw_switch *sw);
u32 vsw_fdb_flush(struct vsw_switch *sw, const struct vsw_fdb_filter *filter);
void vsw_fdb_set_sticky(struct vsw_port *port, bool sticky);
void vsw_fdb_port_gone(struct vsw_port *port);
void vsw_fdb_set_ageing(struct vsw_switch *sw, u32 ageing_ms);
u8 vsw_fdb_type(const struct vsw_fdb_entry *entry);
void vsw_fdb_info(const struct vsw_switch *sw,
		  const struct vsw_fdb_entry *entry, struct vsw_fdb_info *info);

/* mirror_session.c: mirrors; the path's part is in mirror.h */
struct vsw_mirror;

struct vsw_mirror_ports {
	const u32 *number;		/* ports of the switch, or NULL: as it was */
	u32 count;
};

struct vsw_mirror_config {
	struct vsw_mirror_ports in, out;
	const u8 *vlans;		/* a set, or NULL: as it was */
	bool to_given, truncate_given, sample_given, forwarding_given;
	struct vsw_port *to_port;	/* or, if that is NULL, ... */
	struct net_device *to_dev;
	u32 truncate;
	u32 sample;
	bool forwarding;
};

struct vsw_mirror_info {
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	char name[VSWITCH_NAME_LEN + 1];
	u32 in_count, out_count;
	u32 in[VSWITCH_MAX_MIRROR_PORTS], out[VSWITCH_MAX_MIRROR_PORTS];
	u8 vlans[VSWITCH_VLAN_SET_LEN];
	u8 to_type;			/* enum vswitch_mirror_to */
	u32 to_ifindex;			/* 0: it is gone */
	char to_name[IFNAMSIZ];
	u32 to_number;			/* of a port */
	bool forwarding;
	u32 truncate;
	u32 sample;
	u8 state;			/* enum vswitch_mirror_state */
};

struct vsw_mirror *vsw_mirror_next(const struct vsw_switch *sw, unsigned long *slot);
struct vsw_mirror *vsw_mirror_find(const struct vsw_switch *sw, const char *name);
struct vsw_mirror *vsw_mirror_add(struct vsw_switch *sw, const char *name,
				  const struct vsw_mirror_config *config,
				  struct netlink_ext_ack *extack);
int vsw_mirror_configure(struct vsw_mirror *m, const struct vsw_mirror_config *config,
			 struct netlink_ext_ack *extack);
void vsw_mirror_del(struct vsw_mirror *m);
void vsw_mirror_switch_gone(struct vsw_switch *sw);
void vsw_mirror_port_added(struct vsw_port *port);
void vsw_mirror_port_gone(struct vsw_port *port);
void vsw_mirror_look_again(const struct vsw_switch *sw);
void vsw_mirror_netdev_event(struct net_device *dev, unsigned long event);
void vsw_mirror_info(const struct vsw_mirror *m, struct vsw_mirror_info *info);

/* binding.c: who is behind a port; more of it in binding.h */
struct vsw_binding_info {
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	u32 port_ifindex;
	char port_name[IFNAMSIZ];
	u32 port_number;
	const char *port_alias;		/* or NULL; as long as RTNL is held */
	u8 mac[ETH_ALEN];
	u16 vid;			/* 0: of any VLAN */
	u8 ip_len;			/* 4, 16, or 0: any address */
	u8 prefix_len;
	u8 ip[16];
};

/* event.c: news for userspace, from any context */
enum vsw_event_group {
	VSW_EVENT_SWITCH,
	VSW_EVENT_PORT,
	VSW_EVENT_FDB,
	VSW_EVENT_MIRROR,
	VSW_EVENT_BINDING,
	VSW_EVENT_DROP,
	VSW_EVENT_MDB,
	VSW_EVENT_FLOW,
	VSW_EVENT_PACKET_IN,
};

/* A frame that was dropped, or, if it was gone already, only why. */
struct vsw_drop_info {
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	u32 port_ifindex;
	char port_name[IFNAMSIZ];
	u32 port_number;
	u8 direction;			/* enum vswitch_direction */
	u16 vid;			/* 0: not known, or none */
	const char *reason;
	u64 time;			/* ns since 1970 */
	u32 sequence;
	u32 length;			/* of the frame on the wire, 0: not known */
	u32 captured;			/* bytes of it in data */
	u8 data[];
};

/* A packet for who listens, as the pipeline says it. */
struct vsw_packet_in {
	u8 table;
	u8 reason;			/* enum vswitch_packet_in_reason */
	u8 userdata_len;
	u32 max_len;			/* as much of it is asked for */
	u32 lost;			/* that nobody was told of, before this one */
	u64 cookie;			/* unless it is a miss */
	const u8 *userdata;
};

struct vsw_flow;
struct vsw_flow_event;
struct vsw_packet_in_event;

struct vsw_event {
	struct list_head list;
	struct net *net;
	u32 size;
	u8 group;			/* enum vsw_event_group */
	u8 cmd;				/* enum vswitch_cmd, one of the ntf */
	union {
		struct vsw_switch_info sw;
		struct vsw_port_info port;
		struct vsw_fdb_info fdb;
		struct vsw_mirror_info mirror;
		struct vsw_binding_info binding;
		struct vsw_mdb_info mdb;
		struct vsw_drop_info *drop;	/* behind it, as are these: */
		struct vsw_flow_event *flow;
		struct vsw_packet_in_event *packet_in;
	};
};

void vsw_event_switch(const struct vsw_switch *sw, u8 cmd);
void vsw_event_port(const struct vsw_port *port, u8 cmd);
void vsw_event_fdb(const struct vsw_switch *sw,
		   const struct vsw_fdb_entry *entry, u8 cmd);
void vsw_event_mirror(const struct vsw_mirror *m, u8 cmd);
void vsw_event_binding(const struct vsw_binding *binding, u8 cmd);
void vsw_event_mdb(const struct vsw_mcast_member *member, u8 cmd);
void vsw_event_drop(const struct vsw_port *port, enum vsw_drop reason,
		    const struct sk_buff *skb);
void vsw_event_flow(const struct vsw_switch *sw, const struct vsw_flow *flow, u8 reason);
bool vsw_event_packet_in(const struct vsw_port *in, const struct vsw_packet_in *packet,
			 const struct sk_buff *skb);
void vsw_event_start(void);
void vsw_event_stop(void);

/* netlink.c: the Generic Netlink family, sends what event.c queued */
int vsw_nl_register(void);
void vsw_nl_unregister(void);
bool vsw_nl_has_listeners(struct net *net, enum vsw_event_group group);
void vsw_nl_send_event(const struct vsw_event *event);
void vsw_nl_events_lost(struct net *net, enum vsw_event_group group);

/* bridge_nl.c: what bridge(8) says and hears, by rtnetlink; likewise */
bool vsw_bridge_has_listeners(struct net *net, enum vsw_event_group group);
void vsw_bridge_send_event(const struct vsw_event *event);
void vsw_bridge_events_lost(struct net *net, enum vsw_event_group group);

#endif /* _VSWITCH_H */
