/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWITCH_H
#define _VSWITCH_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <uapi/linux/vswitch.h>

#include "fdb_table.h"
#include "guard.h"
#include "mcast.h"
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
	atomic_t drops_offered;		/* to those who listen to drops */
};

extern unsigned int vsw_net_id;

static inline struct vsw_net *vsw_net(const struct net *net)
{
	return net_generic(net, vsw_net_id);
}

enum {
	/* what users set */
	VSW_PORT_LEARNING	= BIT(0),
	VSW_PORT_FLOOD		= BIT(1),
	VSW_PORT_MCAST_FLOOD	= BIT(2),
	VSW_PORT_BCAST_FLOOD	= BIT(3),
	VSW_PORT_HAIRPIN	= BIT(4),
	VSW_PORT_ISOLATED	= BIT(5),
	VSW_PORT_USER_FLAGS	= GENMASK(5, 0),
	VSW_PORT_DEFAULT_FLAGS	= VSW_PORT_LEARNING | VSW_PORT_FLOOD |
				  VSW_PORT_MCAST_FLOOD | VSW_PORT_BCAST_FLOOD,
	/* what follows from the devices */
	VSW_PORT_LIVE		= BIT(6),	/* up, with a carrier */
	VSW_PORT_FORWARDING	= BIT(7),	/* and the switch is up too */
	VSW_PORT_HOST		= BIT(8),	/* the switch's own device */
	VSW_PORT_PAIR		= BIT(9),	/* an end of a pair, see peer.c */
	VSW_PORT_VLANS		= BIT(10),	/* the switch filters by VLAN */
	VSW_PORT_VNIC		= BIT(11),	/* its device is nothing but a port */
	VSW_PORT_ABROAD		= BIT(12),	/* ... in another network namespace */
	VSW_PORT_DEEP		= BIT(13),	/* a tag may be left before what it receives */
	/* what follows from optional features that are on */
	VSW_PORT_GUARDED	= BIT(14),	/* what comes in is for guard.c to admit */
	VSW_PORT_GUARDED_OUT	= BIT(15),	/* likewise what leaves */
	VSW_PORT_MIRRORED_IN	= BIT(16),
	VSW_PORT_MIRRORED_OUT	= BIT(17),
	VSW_PORT_VLAN_ODD	= BIT(18),	/* tags are changed, or counted by VLAN */
	VSW_PORT_PRIVATE	= BIT(19),	/* in a private VLAN */
	VSW_PORT_SNOOPED	= BIT(20),	/* the switch knows who wants which group */
	VSW_PORT_LEARNS_ONLY	= BIT(22),	/* instead of VSW_PORT_FORWARDING */
	/* shut.c's, and set without RTNL: nothing comes in or leaves */
	VSW_PORT_SHUT		= BIT(21),
	/* the fast walk does not know of these */
	VSW_PORT_SLOW_IN	= VSW_PORT_GUARDED | VSW_PORT_MIRRORED_IN |
				  VSW_PORT_VLAN_ODD | VSW_PORT_PRIVATE |
				  VSW_PORT_SHUT,
	VSW_PORT_SLOW_OUT	= VSW_PORT_GUARDED_OUT | VSW_PORT_MIRRORED_OUT |
				  VSW_PORT_VLAN_ODD | VSW_PORT_PRIVATE |
				  VSW_PORT_SHUT,
};

/* What shut.c knows of a port. */
struct vsw_shut {
	u8 reason;			/* enum vswitch_shut_reason, its lock */
	u8 told;			/* the one that userspace knows of, RTNL */
	u32 recovery;			/* ms, 0: never; RTNL */
	u64 since;			/* ns since boot, its lock */
	struct list_head pending;	/* for the worker, its lock */
	struct timer_list timer;
};

/* Frames to reserved addresses, see reserved.c. RTNL, and read by the path. */
struct vsw_reserved {
	u16 forwarded;			/* bit n: those to 01-80-C2-00-00-0n */
	bool bpdu_guard;
	bool bpdu_filter;
};

struct vsw_switch;
struct vsw_mirrors;
struct vsw_vlans;
struct vsw_binding;

struct vsw_port {
	/* read for every packet */
	struct net_device *dev;
	struct vsw_switch *sw;
	unsigned long flags;
	struct vsw_pcpu_stats __percpu *stats;
	const struct vsw_vlans __rcu *vlans;
	struct net_device *peer;	/* of a VSW_PORT_PAIR, the other end */
	struct list_head list;
	u16 group_pass;			/* what follows from reserved */
	struct vsw_reserved reserved;
	bool neigh_suppress;
	struct vsw_guard __rcu *guard;	/* NULL: lets everything in */
	bool guard_attached;		/* RTNL */
	unsigned long guard_told;	/* jiffies, when it told of a refusal last */

	/* read when a MAC is learned, written under fdb_lock */
	u32 fdb_max;
	u32 fdb_count;			/* dynamic entries, and stuck ones */
	u32 fdb_fixed;			/* static ones */
	u32 fdb_local;

	u32 number;
	char *alias;			/* of a vnic, or NULL */
	u32 mirror_in, mirror_out;	/* a bit for each mirror that copies what comes, leaves */
	bool mirror_output;		/* copies leave by it, and nothing else */
	u8 address[ETH_ALEN];		/* the local entry that its device has */
	struct xarray bindings;		/* by their ids, RTNL */
	struct vsw_fdb_spare *spare;	/* memory for the next one */
	struct vsw_fdb_shared *shared;	/* and if others have it too */
	struct vsw_shut shut;
	u8 state;			/* enum vswitch_port_state, RTNL */
	bool loop_protect;		/* RTNL, and read by the path */
	bool loop_counted;		/* by its switch, RTNL */
	netdevice_tracker dev_tracker;	/* of the device, a vnic's of its switch's */
	struct vsw_mcast_port mcast;
	struct rcu_head rcu;
};

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
	u32 live_ports;
	u32 ageing_ms;
	u16 default_pvid;		/* of new ports, 0: they are in no VLAN */
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

/* All flags but VSW_PORT_SHUT, which may be set meanwhile, see shut.c. RTNL. */
static inline void vsw_port_set_flags(struct vsw_port *port, unsigned long flags)
{
	unsigned long was = READ_ONCE(port->flags), now;

	do {
		now = (flags & ~VSW_PORT_SHUT) | (was & VSW_PORT_SHUT);
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

/* Not 0 if @bits are not, for tests of many things at once. */
static __always_inline unsigned long vsw_any(u64 bits)
{
	return sizeof(unsigned long) == sizeof(bits) ? bits : bits != 0;
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
	bool mcast_snooping;
	u32 mtu;
	u32 guard_given, guard_flags;	/* VSW_GUARD_* */
	struct vsw_mcast_config mcast;
};

/* A picture of a switch, for whom it may concern in userspace. */
struct vsw_switch_info {
	u32 ifindex;
	char name[IFNAMSIZ];
	u8 address[ETH_ALEN];
	bool up;
	bool vlan_filtering;
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

/* vlan_member.c: which VLANs a port is a member of; the path's part is in vlan.h */
struct vsw_vlan_pair {
	u16 outside;			/* as a tag says it where the port is */
	u16 inside;			/* as the switch knows it */
};

struct vsw_vlan_config {
	bool pvid_given;
	bool tunnel_given;
	bool tunnel;
	u16 pvid;
	u16 pairs;
	const u8 *member;		/* a set, or NULL: as it was */
	const u8 *untagged;
	const u8 *customer;
	const struct vsw_vlan_pair *map; /* @pairs of them, or NULL: as it was */
	/* of the request, to be blamed for what is wrong with them; or NULL */
	const struct nlattr *pvid_attr, *member_attr, *untagged_attr;
	const struct nlattr *tunnel_attr, *customer_attr, *map_attr;
};

int vsw_vlan_init(struct vsw_port *port);
void vsw_vlan_destroy(struct vsw_port *port);
struct vsw_vlans *vsw_vlan_prepare(const struct vsw_port *port,
				   const struct vsw_vlan_config *config,
				   struct netlink_ext_ack *extack);
void vsw_vlan_replace(struct vsw_port *port, struct vsw_vlans *vlans);
void vsw_vlan_set_filtering(struct vsw_switch *sw, bool on);
void vsw_vlan_set_protocol(struct vsw_switch *sw, u8 protocol);
unsigned long vsw_vlan_flags(const struct vsw_port *port, const struct vsw_vlans *vlans);

/* shut.c: ports by which nothing comes in or leaves, though it could */
struct vsw_shut_config {
	bool shut_given;
	bool recovery_given;
	bool shut;
	u32 recovery;			/* ms */
};

struct vsw_shut_info {
	u8 reason;			/* enum vswitch_shut_reason */
	u32 recovery;			/* ms */
	u64 age;			/* ms since it was shut */
};

void vsw_port_shut(struct vsw_port *port, enum vswitch_shut_reason reason);
void vsw_shut_init(struct vsw_port *port);
void vsw_shut_forget(struct vsw_port *port);
void vsw_shut_configure(struct vsw_port *port, const struct vsw_shut_config *config);
void vsw_shut_info(const struct vsw_port *port, struct vsw_shut_info *info);
void vsw_shut_stop(void);

/* state.c: whether frames come in and leave by a port */
bool vsw_port_follow_state(struct vsw_port *port);
void vsw_port_update_state(struct vsw_port *port);
void vsw_port_tell(struct vsw_port *port);

/* loop.c: protection against loops; the path's part is in loop.h */
void vsw_loop_init(struct vsw_switch *sw);
void vsw_loop_update(struct vsw_switch *sw);
void vsw_loop_follow(struct vsw_port *port, bool attached);

/* reserved.c: frames to reserved addresses; the path's part is in reserved.h */
struct vsw_reserved_config {
	bool forwarded_given;
	bool bpdu_guard_given;
	bool bpdu_filter_given;
	bool bpdu_guard;
	bool bpdu_filter;
	u16 forwarded;
};

void vsw_reserved_configure(struct vsw_port *port,
			    const struct vsw_reserved_config *config);

/* port.c: devices that are ports */
struct vsw_port_config {
	unsigned long flags_given;	/* of VSW_PORT_USER_FLAGS */
	unsigned long flags;
	bool fdb_max_given;
	bool state_given;
	bool neigh_suppress_given, neigh_suppress;
	bool loop_protect_given;
	bool loop_protect;
	u8 state;			/* enum vswitch_port_state */
	u32 fdb_max;
	const char *alias;		/* NULL: as it was, "": none */
	struct vsw_vlan_config vlan;
	struct vsw_guard_config guard;
	struct vsw_shut_config shut;
	struct vsw_reserved_config reserved;
	struct vsw_mcast_port_config mcast;
};

struct vsw_port_info {
	u32 ifindex;
	char name[IFNAMSIZ];
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	u32 number;
	unsigned long flags;
	u32 fdb_max;
	u32 fdb_count;
	u8 type;			/* enum vswitch_port_type */
	u8 state;			/* enum vswitch_port_state */
	bool loop_protect;
	struct vsw_reserved reserved;
	bool neigh_suppress;
	bool abroad;
	s32 netnsid;			/* if it is, as seen from the switch */
	struct {			/* of the device */
		u32 flags;
		u32 mtu;
		u32 iflink;
		u16 type;
		u8 operstate;
		u8 address[ETH_ALEN];
	} link;
	char alias[IFALIASZ];
	struct vsw_shut_info shut;
	const struct vsw_vlans *vlans;	/* as long as RTNL is held */
	struct vsw_guard_settings guard;
	struct vsw_mcast_port_info mcast;
};

extern struct notifier_block vsw_port_notifier;

/* What extack says when there is no number left. */
#define VSW_PORTS_FULL	"the switch is full: it has 65000 ports"

struct vsw_port *vsw_port_get_rtnl(const struct net_device *dev);
int vsw_port_init(struct vsw_port *port, struct net_device *dev,
		  unsigned long flags);
void vsw_port_attach(struct vsw_port *port);
void vsw_port_detach(struct vsw_port *port);
void vsw_port_unpublish(struct vsw_port *port);
void vsw_port_destroy(struct vsw_port *port);
int vsw_port_publish(struct vsw_switch *sw, struct vsw_port *port);
int vsw_port_add(struct vsw_switch *sw, struct net_device *dev,
		 const struct vsw_port_config *config,
		 struct netlink_ext_ack *extack);
void vsw_port_del(struct vsw_port *port);
int vsw_port_configure(struct vsw_port *port,
		       const struct vsw_port_config *config,
		       struct netlink_ext_ack *extack);
void vsw_port_info(const struct vsw_port *port, struct vsw_port_info *info);

/* vnic.c: the virtual adapter, a device that is nothing but a port */
struct vsw_vnic {
	struct vsw_port port;
	bool attached;			/* RTNL */
};

bool vsw_is_vnic(const struct net_device *dev);
struct vsw_port *vsw_vnic_port(const struct net_device *dev);
void vsw_vnic_moved(struct vsw_port *port);
void vsw_vnic_follow_switch(struct vsw_port *port);
void vsw_vnic_setup(struct net_device *dev);
int vsw_vnic_register(struct net_device *dev, struct vsw_switch *sw,
		      bool mtu_given, struct netlink_ext_ack *extack);
void vsw_vnic_delete(struct net_device *dev, struct list_head *head);
void vsw_vnic_delete_now(struct vsw_port *port);

/* rx.c: the packet walk */
rx_handler_result_t vsw_rx(struct sk_buff **pskb);
netdev_tx_t vsw_xmit(struct sk_buff *skb, struct net_device *dev);
netdev_tx_t vsw_vnic_xmit(struct sk_buff *skb, struct net_device *dev);

/* peer.c: ends of pairs; the path's part is in peer.h */
struct net_device *vsw_peer_of(struct net_device *dev);

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

struct vsw_event {
	struct list_head list;
	struct net *net;
	u8 group;			/* enum vsw_event_group */
	u8 cmd;				/* enum vswitch_cmd, one of the ntf */
	union {
		struct vsw_switch_info sw;
		struct vsw_port_info port;
		struct vsw_fdb_info fdb;
		struct vsw_mirror_info mirror;
		struct vsw_binding_info binding;
		struct vsw_drop_info *drop;	/* behind it */
	};
};

void vsw_event_switch(const struct vsw_switch *sw, u8 cmd);
void vsw_event_port(const struct vsw_port *port, u8 cmd);
void vsw_event_fdb(const struct vsw_switch *sw,
		   const struct vsw_fdb_entry *entry, u8 cmd);
void vsw_event_mirror(const struct vsw_mirror *m, u8 cmd);
void vsw_event_binding(const struct vsw_binding *binding, u8 cmd);
void vsw_event_drop(const struct vsw_port *port, enum vsw_drop reason,
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
