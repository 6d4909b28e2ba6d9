/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a port, one set a CPU, and the list of the reasons for a drop.
 */
#ifndef _VSWITCH_STATS_H
#define _VSWITCH_STATS_H

#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>

/*
 * Every packet that the switch drops is counted under one of these, on the port
 * that it came from unless the text says otherwise. The name is what users see
 * (netlink, vsw, tracepoint; with _ for - in ethtool -S). The last column is
 * the reason of the core that fits best, for kfree_skb's tracepoint; kernels
 * have no room for those of a module that lives outside the tree.
 *
 * X(enum suffix, name, core's reason)
 */
#define VSW_DROP_REASONS(X)						\
	/* source MAC is a group address or zero */			\
	X(INVALID_SOURCE, "invalid-source", NOT_SPECIFIED)		\
	/* the switch's device is down */				\
	X(SWITCH_DOWN, "switch-down", DEV_READY)			\
	/* a port's device is down or has no carrier: the port it came	\
	 * from, or the one that it was to leave by (counted there)	\
	 */								\
	X(PORT_DOWN, "port-down", DEV_READY)				\
	/* a port is shut: likewise */					\
	X(PORT_SHUT, "port-shut", DEV_READY)				\
	/* the state that a spanning tree gave a port: likewise */	\
	X(PORT_STATE, "port-state", DEV_READY)				\
	/* a BPDU, by which the port was shut */			\
	X(BPDU_GUARD, "bpdu-guard", NOT_SPECIFIED)			\
	/* a BPDU, of which the port wants to know nothing */		\
	X(BPDU_FILTER, "bpdu-filter", NOT_SPECIFIED)			\
	/* the switch has sent it itself, to see whether it comes back */ \
	X(LOOP_PROBE, "loop-probe", NOT_SPECIFIED)			\
	/* a PAUSE frame, which crosses no link (802.3 31B.1) unless the	\
	 * port's mask says so						\
	 */								\
	X(RESERVED_ADDRESS, "reserved-address", NOT_SPECIFIED)		\
	/* its destination is behind the port it came from */		\
	X(SAME_PORT, "same-port", NOT_SPECIFIED)			\
	/* both ports are isolated */					\
	X(ISOLATED, "isolated", NOT_SPECIFIED)				\
	/* longer than the MTU of the port it was to leave by (there) */	\
	X(MTU_EXCEEDED, "mtu-exceeded", PKT_TOO_BIG)			\
	/* it has no VLAN tag and the port no PVID */			\
	X(VLAN_UNTAGGED, "vlan-untagged", NOT_SPECIFIED)		\
	/* of a VLAN that the port is not a member of */		\
	X(VLAN_INGRESS, "vlan-ingress", NOT_SPECIFIED)			\
	/* its destination's port is not a member of its VLAN */	\
	X(VLAN_EGRESS, "vlan-egress", NOT_SPECIFIED)			\
	/* behind the tag that is to be taken off is another one, which	\
	 * would make it a frame of that VLAN (on the port by which it	\
	 * was to leave)						\
	 */								\
	X(VLAN_NESTED, "vlan-nested", NOT_SPECIFIED)			\
	/* a tunnel takes others of its customer's VLANs only (on the	\
	 * port by which it came, or was to leave)			\
	 */								\
	X(VLAN_CUSTOMER, "vlan-customer", NOT_SPECIFIED)		\
	/* its destination is in the same private VLAN, but not for it	\
	 * to reach							\
	 */								\
	X(PRIVATE_VLAN, "private-vlan", NOT_SPECIFIED)			\
	/* it was to be flooded and no port takes it */			\
	X(NO_DESTINATION, "no-destination", NOT_SPECIFIED)		\
	/* no memory for a copy, counted on the port that lost it */	\
	X(NO_MEMORY, "no-memory", NOMEM)				\
	/* the device or its queue refused it (there) */		\
	X(TX_REFUSED, "tx-refused", QDISC_DROP)				\
	/* more VLAN tags than the frame has bytes, or no memory to	\
	 * take them out (on the port by which it was to leave, or came)	\
	 */								\
	X(BAD_VLAN_HEADER, "bad-vlan-header", HDR_TRUNC)		\
	/* shorter than an Ethernet header */				\
	X(TRUNCATED, "truncated", HDR_TRUNC)				\
	/* the port is locked and its source not authorised there */	\
	X(LOCKED, "locked", NOT_SPECIFIED)				\
	/* a port is the one that a mirror's copies leave by, and takes	\
	 * nothing else: the port it came from, or the one that it was	\
	 * to leave by (counted there)					\
	 */								\
	X(MIRROR_OUTPUT, "mirror-output", NOT_SPECIFIED)		\
	/* source guard: its MAC is not bound to the port */		\
	X(SOURCE_MAC, "source-mac", NOT_SPECIFIED)			\
	/* its source address is not bound to its MAC there, or can't	\
	 * be told							\
	 */								\
	X(SOURCE_IP, "source-ip", NOT_SPECIFIED)			\
	/* ARP that says another MAC or address of its sender */	\
	X(SOURCE_ARP, "source-arp", NOT_SPECIFIED)			\
	/* neighbour discovery that does, or that can't be told */	\
	X(SOURCE_ND, "source-nd", NOT_SPECIFIED)			\
	/* an answer of DHCP from a port that is not trusted */		\
	X(DHCP_GUARD, "dhcp-guard", NOT_SPECIFIED)			\
	/* a router advertisement or a redirect from such a port */	\
	X(RA_GUARD, "ra-guard", NOT_SPECIFIED)				\
	/* there are as many MACs behind the port as it may have */	\
	X(MAX_MACS, "max-macs", NOT_SPECIFIED)				\
	/* its source was learned where what is learned stays */	\
	X(STICKY_MAC, "sticky-mac", NOT_SPECIFIED)			\
	/* more of these than the port's limit came in */		\
	X(STORM_BROADCAST, "storm-broadcast", NOT_SPECIFIED)		\
	X(STORM_MULTICAST, "storm-multicast", NOT_SPECIFIED)		\
	X(STORM_UNKNOWN, "storm-unknown", NOT_SPECIFIED)		\
	/* for a group that no port wants, and there is no router; or a	\
	 * host's report, which only routers would hear			\
	 */								\
	X(MCAST_NO_MEMBER, "mcast-no-member", NOT_SPECIFIED)		\
	/* a host's report of groups that are more than the limits allow */ \
	X(MCAST_LIMIT, "mcast-limit", NOT_SPECIFIED)			\
	/* said to be a message of IGMP or MLD, and is too short, has a	\
	 * wrong checksum or the like					\
	 */								\
	X(MCAST_INVALID, "mcast-invalid", NOT_SPECIFIED)		\
	/* its source is not the MAC of the device that sent it */	\
	X(FORGED_TRANSMIT, "forged-transmit", NOT_SPECIFIED)		\
	/* the device has changed its MAC (on the port by which it was	\
	 * to leave)							\
	 */								\
	X(MAC_CHANGED, "mac-changed", NOT_SPECIFIED)			\
	/* a flow says so, or nothing that it could leave by */		\
	X(FLOW_DROP, "flow-drop", NOT_SPECIFIED)			\
	/* no flow of a table that drops such matches */		\
	X(FLOW_MISS, "flow-miss", NOT_SPECIFIED)			\
	/* flows lead from one to the other for too long, or make too	\
	 * much of it							\
	 */								\
	X(FLOW_LOOP, "flow-loop", NOT_SPECIFIED)			\
	/* a flow names a port that is not there */			\
	X(FLOW_NO_PORT, "flow-no-port", NOT_SPECIFIED)			\
	/* a flow names a group that is gone, or has no live bucket */	\
	X(FLOW_NO_BUCKET, "flow-no-bucket", NOT_SPECIFIED)		\
	/* a flow takes a hop, and there was none left */		\
	X(FLOW_TTL, "flow-ttl", NOT_SPECIFIED)				\
	/* a flow refuses it, and may have answered */			\
	X(FLOW_REJECT, "flow-reject", NOT_SPECIFIED)			\
	/* more than a meter lets pass */				\
	X(METER, "meter", NOT_SPECIFIED)				\
	/* connection tracking or NAT refused it, see "ct" in flows */	\
	X(CT, "ct", NOT_SPECIFIED)

enum vsw_drop {
#define X(suffix, name, core) VSW_DROP_##suffix,
	VSW_DROP_REASONS(X)
#undef X
	VSW_DROP_COUNT
};

extern const char *const vsw_drop_names[VSW_DROP_COUNT];

struct vsw_port;

/*
 * What one CPU counts for one port, and remembers of it. Written with BH off, by
 * that CPU only.
 */
struct vsw_pcpu_stats {
	/* of one epoch of the switch and tick of its MAC table, see vsw_fdb_is_known() */
	struct {
		u64 source;		/* the last one that told nothing new */
		u64 dest;		/* the last one, which is ... */
		struct vsw_port *out;	/* ... behind this port, ... */
		u64 epoch;
		unsigned long until;	/* jiffies */
		u32 way;		/* ... to which this leads, see vsw_way_to() */
	} seen;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t learned;
	u64_stats_t moved;
	u64_stats_t learn_refused;
	u64_stats_t answered;		/* of questions for neighbours */
	u64_stats_t drop[VSW_DROP_COUNT];
	struct u64_stats_sync syncp;
};

/* The same, summed over CPUs. */
struct vsw_stats {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 learned;
	u64 moved;
	u64 learn_refused;
	u64 answered;
	u64 drop[VSW_DROP_COUNT];
};

static inline void vsw_stats_rx(struct vsw_pcpu_stats *stats, unsigned int len)
{
	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->rx_packets);
	u64_stats_add(&stats->rx_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

static inline void vsw_stats_tx(struct vsw_pcpu_stats __percpu *pcpu,
				unsigned int len)
{
	struct vsw_pcpu_stats *stats = this_cpu_ptr(pcpu);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

/* Count one in @field of the port's statistics. BH must be off. */
#define vsw_stats_inc(pcpu, field) do {					\
	struct vsw_pcpu_stats *__stats = this_cpu_ptr(pcpu);		\
									\
	u64_stats_update_begin(&__stats->syncp);			\
	u64_stats_inc(&__stats->field);					\
	u64_stats_update_end(&__stats->syncp);				\
} while (0)

struct vsw_pcpu_stats __percpu *vsw_stats_alloc(void);
void vsw_stats_add(struct vsw_stats *sum,
		   const struct vsw_pcpu_stats __percpu *pcpu);
u64 vsw_stats_drops(const struct vsw_stats *stats);

void vsw_count_drop(const struct vsw_port *port, enum vsw_drop reason,
		    __be16 protocol, unsigned int len);
void vsw_drop(const struct vsw_port *port, struct sk_buff *skb,
	      enum vsw_drop reason);

#endif /* _VSWITCH_STATS_H */
