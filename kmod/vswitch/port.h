/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a port is, and what the files offer that set it up. vswitch.h includes this
 * one and is the one to include.
 */
#ifndef _VSWITCH_PORT_H
#define _VSWITCH_PORT_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/timer.h>
#include <linux/xarray.h>

#include <uapi/linux/vswitch.h>

#include "guard.h"
#include "mcast.h"
#include "stats.h"

enum {
	/* what users set */
	VSW_PORT_LEARNING	= BIT(0),
	VSW_PORT_FLOOD		= BIT(1),
	VSW_PORT_MCAST_FLOOD	= BIT(2),
	VSW_PORT_BCAST_FLOOD	= BIT(3),
	VSW_PORT_HAIRPIN	= BIT(4),
	VSW_PORT_ISOLATED	= BIT(5),
	VSW_PORT_NEIGH_SUPPRESS	= BIT(23),
	VSW_PORT_USER_FLAGS	= GENMASK(5, 0) | VSW_PORT_NEIGH_SUPPRESS,
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
	VSW_PORT_VLAN_ODD	= BIT(18),	/* tags are changed */
	VSW_PORT_PRIVATE	= BIT(19),	/* in a private VLAN */
	VSW_PORT_SNOOPED	= BIT(20),	/* the switch knows who wants which group */
	VSW_PORT_LEARNS_ONLY	= BIT(22),	/* instead of VSW_PORT_FORWARDING */
	VSW_PORT_PVST_ENDS	= BIT(24),	/* so may BPDUs of PVST+, see reserved.c */
	VSW_PORT_COUNTED	= BIT(25),	/* frames are counted by VLAN, see vlan_stats.c */
	/* these are set without RTNL: shut.c's, nothing comes in or leaves ... */
	VSW_PORT_SHUT		= BIT(21),
	VSW_PORT_FLOWS		= BIT(26),	/* ... and flow.c's, flows are asked */
	VSW_PORT_ATOMIC_FLAGS	= VSW_PORT_SHUT | VSW_PORT_FLOWS,
	/* its frames' tags are more than those of its VLANs */
	VSW_PORT_DRESSES_ODD	= VSW_PORT_VLAN_ODD | VSW_PORT_PRIVATE,
	VSW_PORT_WATCHED_OUT	= VSW_PORT_MIRRORED_OUT | VSW_PORT_COUNTED,
	VSW_PORT_LEAVES_ODD	= VSW_PORT_DRESSES_ODD | VSW_PORT_WATCHED_OUT,
	/* the fast walk does not know of these */
	VSW_PORT_SLOW_IN	= VSW_PORT_GUARDED | VSW_PORT_MIRRORED_IN |
				  VSW_PORT_DRESSES_ODD | VSW_PORT_SHUT | VSW_PORT_COUNTED |
				  VSW_PORT_FLOWS,
	VSW_PORT_SLOW_OUT	= VSW_PORT_GUARDED_OUT | VSW_PORT_MIRRORED_OUT |
				  VSW_PORT_DRESSES_ODD | VSW_PORT_SHUT | VSW_PORT_COUNTED,
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
struct vsw_vlans;

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
	struct vsw_guard __rcu *guard;	/* NULL: lets everything in */
	bool guard_attached;		/* RTNL */
	bool promiscuous;		/* gets all that the switch forwards */
	u8 initial[ETH_ALEN];		/* of who is behind it, when it became a port */
	unsigned long guard_told;	/* jiffies, when it told of a refusal last */

	/* read when a MAC is learned, written under fdb_lock */
	u32 fdb_max;
	u32 fdb_count;			/* dynamic entries, and stuck ones */
	u32 fdb_fixed;			/* static ones */
	u32 fdb_local;

	u32 number;
	char *alias;			/* of a vnic, or NULL */
	struct cgroup __rcu *container;	/* that it belongs to, or NULL; see sender.h */
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
	const u8 *mask;			/* a set: of other VLANs all is as it was; or NULL */
	const struct vsw_vlan_pair *map; /* @pairs of them, or NULL: as it was */
	/* of the request, to be blamed for what is wrong with them; or NULL */
	const struct nlattr *pvid_attr, *member_attr, *untagged_attr;
	const struct nlattr *tunnel_attr, *customer_attr, *map_attr, *mask_attr;
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
void vsw_vlan_update_flags(struct vsw_port *port);

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
	bool loop_protect_given;
	bool loop_protect;
	u8 state;			/* enum vswitch_port_state */
	u32 fdb_max;
	const char *alias;		/* NULL: as it was, "": none */
	bool cgroup_given;
	u64 cgroup;			/* 0: none */
	const struct nlattr *cgroup_attr;	/* to be blamed */
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
	u64 cgroup;			/* 0: none */
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
bool vsw_is_vnic_of(const struct net_device *dev, const struct vsw_switch *sw);
struct vsw_port *vsw_vnic_port(const struct net_device *dev);
void vsw_vnic_moved(struct vsw_port *port);
void vsw_vnic_follow_switch(struct vsw_port *port);
void vsw_vnic_setup(struct net_device *dev);
int vsw_vnic_register(struct net_device *dev, struct vsw_switch *sw,
		      bool mtu_given, struct netlink_ext_ack *extack);
void vsw_vnic_delete(struct net_device *dev, struct list_head *head);
void vsw_vnic_delete_now(struct vsw_port *port);

#endif /* _VSWITCH_PORT_H */
