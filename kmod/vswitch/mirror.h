/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mirrors (SPAN): what is copied of the frames of ports or VLANs, and where to.
 * mirror_session.c sets them up under RTNL, mirror.c is the path's part.
 */
#ifndef _VSWITCH_MIRROR_H
#define _VSWITCH_MIRROR_H

#include "vswitch.h"

/* Where the copies go. Never changed but replaced. */
struct vsw_mirror_to {
	struct net_device *dev;
	struct vsw_port *port;		/* if that is one of the switch, or NULL */
	bool cuts;			/* it truncates what is too long for it, and says so */
	bool tunnel;			/* it looks into what it carries */
	netdevice_tracker tracker;	/* of a device that is no port */
	struct rcu_head rcu;
};

struct vsw_mirror_vlans {
	u8 set[VSWITCH_VLAN_SET_LEN];
	struct rcu_head rcu;
};

struct vsw_mirror {
	/* read for each frame of its sources */
	struct vsw_mirror_to __rcu *to;	/* NULL: there is no such device now */
	struct vsw_mirror_vlans __rcu *vlans;	/* or NULL */
	u32 truncate;			/* bytes of a copy, 0: all */
	u32 sample;			/* one in so many */
	struct vsw_pcpu_stats __percpu *stats;	/* rx: frames seen; tx: copies sent */
	u32 __percpu *passed;		/* frames since the last copy, of each CPU its own */

	struct vsw_switch *sw;
	unsigned int slot;		/* of the switch's table, its bit in the ports */
	char name[VSWITCH_NAME_LEN + 1];
	char to_name[IFNAMSIZ];		/* the device's, also when it is gone */
	u8 to_type;			/* enum vswitch_mirror_to */
	bool forwarding;		/* the port that it goes to is one for others, too */
	struct rcu_head rcu;
};

/* All of a switch; a port has a bit for each that it is a source of. */
struct vsw_mirrors {
	struct vsw_mirror __rcu *slot[VSWITCH_MAX_MIRRORS];
	u32 of_vlans;			/* those with VLANs, a bit each */
};

/* The hash of a copy, by which it is known wherever it comes to; see mirror.c. */
extern u32 vsw_mirror_mark;

/* mirror.c: called for ports that have VSW_PORT_MIRRORED_IN or _OUT */
void vsw_mirror_in(const struct vsw_port *in, struct sk_buff *skb);
void vsw_mirror_vlan(const struct vsw_port *in, struct sk_buff *skb, u16 vid);
void vsw_mirror_out(const struct vsw_port *out, struct sk_buff *skb);
/* For flows that name a mirror of @sw; without one of this name nothing is done. */
void vsw_mirror_flow(const struct vsw_switch *sw, struct sk_buff *skb, const char *name);
/* Whether there is one. No lock. */
bool vsw_mirror_exists(const struct vsw_switch *sw, const char *name);

#endif /* _VSWITCH_MIRROR_H */
