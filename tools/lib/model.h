/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plain structs in which the three layers of the tools meet: what parse.c
 * makes of words, what nl.c sends and receives, what output*.c shows.  They
 * know neither text nor netlink.
 *
 * Each object has a "has" mask with one bit for each of its attributes, at
 * the attribute's own number: HAS(VSWITCH_A_PORT_LEARNING).  In a request it
 * says what to send; in a reply, what the kernel sent.
 */
#ifndef VSW_LIB_MODEL_H
#define VSW_LIB_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vswitch.h>

#include "vlan.h"

#define HAS(attr)	(UINT64_C(1) << (attr))

#define MODEL_NAME_SIZE		(VSWITCH_NAME_LEN + 1)
#define MODEL_REASON_SIZE	40
#define MODEL_ALIAS_SIZE	256	/* IFALIASZ */
#define MODEL_MAC_SIZE		6

struct drop {
	char reason[MODEL_REASON_SIZE];
	uint64_t packets;
};

struct stats {
	uint64_t has;			/* VSWITCH_A_STATS_* */
	uint64_t rx_packets, rx_bytes;
	uint64_t tx_packets, tx_bytes;
	uint64_t drops;
	uint64_t learned, moved, learn_refused;
	uint64_t answered;
	struct drop *drop;		/* owned; reasons counted at least once */
	size_t n_drop;
};

/* Messages of IGMP and MLD, in the order of VSWITCH_A_MCAST_STATS_*. */
#define MODEL_MCAST_KINDS	12

struct mcast_stats {
	uint64_t has;			/* VSWITCH_A_MCAST_STATS_* */
	uint64_t rx[MODEL_MCAST_KINDS], tx[MODEL_MCAST_KINDS];
	uint64_t rx_invalid, refused;
};

/* What a switch knows of multicast groups; times are in milliseconds. */
struct mcast {
	bool snooping, querier;
	uint8_t igmp_version, mld_version;
	uint8_t last_member_count, startup_query_count;
	uint32_t query_interval, query_response_interval;
	uint32_t last_member_interval, startup_query_interval;
	uint32_t membership_interval, querier_interval;
	uint32_t max_groups, group_count;
	struct mcast_stats stats;
};

struct vsw_switch {
	uint64_t has;			/* VSWITCH_A_SWITCH_* */
	uint32_t ifindex;
	char name[MODEL_NAME_SIZE];
	uint8_t address[MODEL_MAC_SIZE];
	uint32_t mtu;
	uint32_t ageing_time;		/* milliseconds */
	uint32_t fdb_max, fdb_count;
	uint32_t port_count;
	bool up;
	bool vlan_filtering;
	uint32_t loop_interval;		/* milliseconds */
	bool dhcp_guard, ra_guard;
	uint8_t promiscuous, mac_changes, forged_transmits;	/* enum vswitch_policy */
	uint8_t vlan_protocol;		/* enum vswitch_vlan_protocol */
	uint16_t vlan_default_pvid;	/* 0: none */
	bool vlan_stats;
	struct private_vlans private_vlans;
	struct vlan_set private_mask;	/* the secondary ones that a request is about */
	struct mcast mcast;
	struct stats stats;
};

/* The VLANs that a port is a member of; untagged ones are members, too. */
struct vlans {
	struct vlan_set member, untagged;
};

/* One of them, or none: no limit. */
struct storm_limit {
	uint32_t pps, kbps;
};

/* What a port lets in. */
struct guard {
	uint64_t has;			/* VSWITCH_A_GUARD_* */
	bool source_guard, dhcp_guard, dhcp_trusted, ra_guard, ra_trusted;
	bool locked, mab, sticky_macs;
	uint32_t max_macs;		/* 0: no bound */
	uint8_t violation;		/* enum vswitch_violation */
	uint8_t promiscuous, mac_changes, forged_transmits;	/* enum vswitch_policy */
	struct storm_limit storm_broadcast, storm_multicast, storm_unknown;
};

struct vsw_port {
	uint64_t has;			/* VSWITCH_A_PORT_* */
	uint32_t ifindex;
	char name[MODEL_NAME_SIZE];
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t number;		/* VSWITCH_HOST_PORT: the switch itself */
	bool learning, flood, mcast_flood, bcast_flood, hairpin, isolated, neigh_suppress;
	uint16_t group_fwd_mask;
	uint32_t fdb_max, fdb_count;
	bool forwarding;
	char *alias;			/* owned, or NULL */
	uint8_t type;			/* enum vswitch_port_type */
	int32_t netnsid;
	uint16_t pvid;			/* 0: none */
	struct vlans vlans;
	struct guard guard;
	uint8_t shut;			/* enum vswitch_shut_reason */
	uint64_t shut_age;		/* milliseconds */
	uint32_t recovery;		/* milliseconds, 0: never */
	uint8_t state;			/* enum vswitch_port_state */
	bool vlan_tunnel;
	bool native_tagged;		/* of the command line only */
	struct vlan_set cvlans;		/* empty: all */
	struct vlan_map vlan_map;
	struct vlan_set vlan_mask;	/* that a request is about */
	uint8_t mcast_router;		/* enum vswitch_mcast_router */
	bool mcast_is_router, mcast_fast_leave;
	uint32_t mcast_max_groups, mcast_group_count;
	struct mcast_stats mcast_stats;
	bool bpdu_guard, bpdu_filter, loop_protect;
	uint64_t cgroup;		/* number of the container's, 0: none */
	struct stats stats;
};

/*
 * What is said of VLANs in other words than those of the kernel; vlans_complete() makes
 * its attributes of them.
 */
enum {
	PORT_SAID_TUNNEL = 56,
	PORT_SAID_HYBRID,
	PORT_SAID_UNTAGGED,
	PORT_SAID_PVID,
	PORT_SAID_TAGGED,
};

struct vsw_fdb {
	uint64_t has;			/* VSWITCH_A_FDB_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t port_ifindex;
	char port_name[MODEL_NAME_SIZE];
	uint32_t port_number;
	char *port_alias;		/* owned, or NULL */
	uint8_t address[MODEL_MAC_SIZE];
	uint16_t vlan;			/* 0: of none */
	uint8_t type;			/* enum vswitch_fdb_type */
	bool sticky;
	bool user;
	bool locked;
	uint32_t age;			/* milliseconds */
	uint32_t flushed;
};

/* Ports of a switch, by their numbers. */
struct port_ref {
	uint32_t number;
	char name[MODEL_NAME_SIZE];	/* for people; "": not known */
};

struct port_refs {
	struct port_ref *ref;		/* owned */
	size_t n;
};

struct vsw_mirror {
	uint64_t has;			/* VSWITCH_A_MIRROR_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	char name[MODEL_NAME_SIZE];
	struct port_refs in, out;
	struct vlan_set vlan;
	uint8_t to_type;		/* enum vswitch_mirror_to */
	uint32_t to_ifindex;
	char to_name[MODEL_NAME_SIZE];
	uint32_t to_number;
	bool forwarding;
	uint32_t truncate;		/* bytes; 0: nothing is cut off */
	uint32_t sample;
	uint8_t state;			/* enum vswitch_mirror_state */
	struct stats stats;
};

/* An address and how much of it counts. */
struct prefix {
	uint8_t len;			/* bytes: 4, or 16 */
	uint8_t bits;
	uint8_t bytes[16];
};

struct vsw_binding {
	uint64_t has;			/* VSWITCH_A_BINDING_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t port_ifindex;
	char port_name[MODEL_NAME_SIZE];
	uint32_t port_number;
	char *port_alias;		/* owned, or NULL */
	uint8_t mac[MODEL_MAC_SIZE];
	uint16_t vlan;			/* 0: any */
	struct prefix ip;
};

struct bytes {
	uint8_t *data;			/* owned */
	size_t n;
};

/* A frame that a switch has dropped. */
struct vsw_dropped {
	uint64_t has;			/* VSWITCH_A_DROPPED_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t port_ifindex;
	char port_name[MODEL_NAME_SIZE];
	uint32_t port_number;
	uint8_t direction;		/* enum vswitch_direction */
	uint16_t vlan;
	char *reason;			/* owned */
	uint64_t time;			/* nanoseconds since 1970 */
	uint32_t sequence;
	uint32_t length;		/* on the wire */
	struct bytes frame;
};

#define MODEL_IP_SIZE	16

/* One source of a group that a port is a member of. */
struct mdb_source {
	uint64_t has;			/* VSWITCH_A_MDB_SOURCE_* */
	uint8_t address[MODEL_IP_SIZE];
	uint32_t timer;			/* milliseconds */
	bool permanent, blocked;
};

/* A port that is a member of a multicast group.  Of IPv4, ::ffff:a.b.c.d. */
struct vsw_mdb {
	uint64_t has;			/* VSWITCH_A_MDB_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t port_ifindex;
	char port_name[MODEL_NAME_SIZE];
	uint32_t port_number;
	char *port_alias;		/* owned, or NULL */
	uint8_t group[MODEL_IP_SIZE];
	uint8_t source[MODEL_IP_SIZE];	/* of a request */
	uint16_t vlan;			/* 0: of none */
	bool permanent;
	uint8_t filter;			/* enum vswitch_mcast_filter */
	uint32_t timer;			/* milliseconds */
	struct mdb_source *sources;	/* owned */
	size_t n_sources;
	uint32_t flushed;
};

/* What is said of a device beside its being a port or a switch. */
enum device_attr { DEVICE_NAME = 1, DEVICE_UP, DEVICE_NETNS, DEVICE_MTU, DEVICE_ADDRESS };

struct vsw_device {
	uint64_t has;			/* DEVICE_* */
	const char *name, *netns;	/* as they were said */
	bool up;
	uint32_t mtu;
	uint8_t address[MODEL_MAC_SIZE];
	uint32_t ifindex;		/* of a new one; 0: the kernel chooses */
};

/*
 * The kinds of object.  A struct kind describes one as a table of fields; nl.c
 * encodes, decodes and names attributes by it, output_json.c prints by it.
 */
enum field_type {
	FIELD_BOOL,		/* u8 on the wire, bool here */
	FIELD_FDB_TYPE,		/* u8 on the wire and here */
	FIELD_PORT_TYPE,	/* the same */
	FIELD_SHUT,		/* the same, in a request 0 or 1 */
	FIELD_STATE,		/* the same */
	FIELD_VIOLATION,	/* the same */
	FIELD_ROUTER,		/* the same, enum vswitch_mcast_router */
	FIELD_FILTER,		/* the same, enum vswitch_mcast_filter */
	FIELD_U8,
	FIELD_POLICY,		/* the same */
	FIELD_U16,
	FIELD_VID,		/* u16; 0, which is none, is not shown */
	FIELD_PVID,		/* u16; 0 is none */
	FIELD_U32,
	FIELD_S32,
	FIELD_U64,
	FIELD_CGROUP,		/* u64, its number; 0 is none */
	FIELD_NAME,		/* string, char[MODEL_NAME_SIZE] */
	FIELD_TEXT,		/* string, char * */
	FIELD_WORD,		/* const char *, of the command line only */
	FIELD_MAC,
	FIELD_IP,		/* binary, struct prefix */
	FIELD_PREFIX,		/* u8, its length */
	FIELD_MAPPED_IP,	/* binary, MODEL_IP_SIZE; of IPv4 ::ffff:a.b.c.d */
	FIELD_VLANS,		/* binary, struct vlans; shown with what is untagged */
	FIELD_UNTAGGED,		/* binary, its second set; not shown by itself */
	FIELD_VLAN_SET,		/* binary, struct vlan_set */
	FIELD_PORTS,		/* binary, struct port_refs */
	FIELD_MIRROR_TO,	/* u8 on the wire and here */
	FIELD_MIRROR_STATE,	/* the same */
	FIELD_DIRECTION,	/* the same */
	FIELD_BYTES,		/* binary, struct bytes; not shown */
	FIELD_VLAN_MAP,		/* binary of any length, struct vlan_map */
	FIELD_VLAN_PROTOCOL,	/* u8 on the wire and here */
	FIELD_PRIVATE_VLANS,	/* binary of any length, struct private_vlans */
	FIELD_PRIVATE_VLAN,	/* u16, enum vswitch_private_vlan */
	FIELD_STATS,		/* nest, struct stats */
	FIELD_GUARD,		/* nest, struct guard */
	FIELD_MCAST_STATS,	/* nest, struct mcast_stats */
	FIELD_SOURCES,		/* nest that repeats, sources[] of struct vsw_mdb */
	FIELD_DROP,		/* nest that repeats, drop[] of struct stats */
	/* of flow.h */
	FIELD_FLAG,		/* of no length, bool here */
	FIELD_FLOW,		/* nest, struct vsw_flow */
	FIELD_MATCH,		/* nest, struct flow_match */
	FIELD_ACTIONS,		/* nest, struct flow_actions */
	FIELD_BUCKETS,		/* nest that repeats, struct flow_buckets */
	FIELD_USERDATA,		/* binary, struct bytes; shown as hexadecimal digits */
	FIELD_COOKIE,		/* u64, shown in hexadecimal digits */
	FIELD_FLOW_FLAGS,	/* u32, VSWITCH_FLOW_FLAG_* */
	FIELD_FLOW_MISS,	/* u8 on the wire and here; flow_word() counts from it */
	FIELD_FLOW_REMOVED,	/* the same */
	FIELD_GROUP_TYPE,	/* the same */
	FIELD_GROUP_HASH,	/* the same */
	FIELD_METER_UNIT,	/* the same */
	FIELD_PACKET_IN_REASON,	/* the same */
	FIELD_TRACE_KIND,	/* the same */
	FIELD_TRACE_METERED,	/* the same */
	FIELD_TRACE_DESTINATION,	/* the same */
	FIELD_TRACE_EFFECT,	/* the same */
	/* of trace.h */
	FIELD_TRACE_STEPS,	/* nest that repeats, struct list of struct vsw_trace_step */
	FIELD_TRACE_NEAR,	/* the same of struct vsw_trace_near */
	/* of model_router.h */
	FIELD_IP_PROTOCOL,	/* u8 on the wire and here; router_word() counts from it */
	FIELD_SCHEDULER,	/* the same */
	FIELD_FORWARD,		/* the same */
	FIELD_NAT_KIND,		/* the same */
	FIELD_BACKEND_STATE,	/* the same */
	FIELD_WHY_SLOW,		/* the same */
	FIELD_FAMILY,		/* the same, AF_* */
	FIELD_SHAPE_MODE,	/* the same */
	FIELD_SHAPE_DIRECTION,	/* the same */
	FIELD_DSCP,		/* the same, a number where it has no word */
	FIELD_NAT_FLAGS,	/* u32, VROUTER_NAT_FLAGS_* */
	FIELD_ROUTER_STATS,	/* nest, struct router_stats */
	FIELD_SHAPE_STATS,	/* nest, struct shape_stats */
	/* of model_route.h, which are on no wire of ours */
	FIELD_ROUTE_TYPE,	/* u8 here; route_word() counts from it */
	FIELD_ROUTE_PROTOCOL,	/* the same */
	FIELD_ROUTE_SCOPE,	/* the same */
	FIELD_RULE_ACTION,	/* the same */
	FIELD_NEXTHOP_FLAGS,	/* u32, the words are of its bits */
	FIELD_RULE_ALSO,	/* the same */
	FIELD_NET,		/* struct prefix; of no bits "default" */
	FIELD_NEXTHOPS,		/* struct list of struct vsw_nexthop */
};

struct field {
	const char *name;	/* the spec's attribute name, also the JSON key */
	uint16_t attr;
	uint16_t type;		/* enum field_type */
	uint32_t offset;
	const char *unit;	/* for messages; may be NULL */
};

struct kind {
	const char *name;	/* "switch", "port", "vlan", "mirror", "binding", ... */
	size_t size;		/* of the struct */
	const struct field *fields;
	size_t n_fields;
};

extern const struct kind kind_switch, kind_port, kind_fdb, kind_mirror, kind_binding, kind_dropped,
	kind_stats,
	kind_guard;
extern const struct kind kind_mdb, kind_mdb_source, kind_mcast_stats;
/* A struct vsw_port, of which only the VLANs are shown. */
extern const struct kind kind_vlan;

/* A private VLAN of a switch, as it is shown by itself. */
enum {
	PRIVATE_SWITCH_IFINDEX = 1, PRIVATE_SWITCH_NAME, PRIVATE_PRIMARY, PRIVATE_SECONDARY,
	PRIVATE_TYPE
};

struct vsw_private {
	uint64_t has;			/* PRIVATE_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	struct private_vlan vlan;
};

extern const struct kind kind_private;

/* What a switch counted of a VLAN. */
struct vsw_vlan_stats {
	uint64_t has;			/* VSWITCH_A_VLAN_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint16_t vlan;
	uint64_t rx_packets, rx_bytes;
	uint64_t tx_packets, tx_bytes;
};

extern const struct kind kind_vlan_stats;
extern const struct kind kind_device;

/* The field that carries an attribute, or NULL. */
const struct field *kind_field(const struct kind *kind, unsigned int attr);

/* What a field's object is if it is a nest, or NULL. */
const struct kind *field_kind(const struct field *f);

/* "?" for an unknown one */
const char *fdb_type_name(unsigned int type);
const char *port_type_name(unsigned int type);
const char *shut_reason_name(unsigned int reason);
const char *policy_name(unsigned int policy);
const char *violation_name(unsigned int violation);
const char *mirror_to_name(unsigned int type);
const char *mirror_state_name(unsigned int state);
const char *direction_name(unsigned int direction);
const char *mcast_router_name(unsigned int mode);
const char *mcast_filter_name(unsigned int filter);

/* Add a port to those that are there, unless it is one of them; -1: no memory. */
int port_refs_add(struct port_refs *refs, uint32_t number);
bool port_refs_have(const struct port_refs *refs, uint32_t number);
const char *port_state_name(unsigned int state);

/* Objects of one kind in a row.  {} is an empty one. */
struct list {
	void *items;
	size_t n, room;
};

void *list_at(const struct list *list, const struct kind *kind, size_t i);
/* A zeroed object at the end; NULL without memory.  Moves the others. */
void *list_grow(struct list *list, const struct kind *kind);
void list_free(struct list *list, const struct kind *kind);

/* Free what an object owns and make it empty. */
void object_clear(const struct kind *kind, void *object);

#endif
