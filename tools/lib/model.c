// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "trace.h"
#include "model.h"
#include "model_route.h"
#include "model_router.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define SWITCH(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_SWITCH_##ATTR, kind, offsetof(struct vsw_switch, member), text }
#define MCAST(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_SWITCH_MCAST_##ATTR, kind, \
	  offsetof(struct vsw_switch, mcast.member), text }
#define MCAST_STATS(key, ATTR, member) \
	{ key, VSWITCH_A_MCAST_STATS_##ATTR, FIELD_U64, offsetof(struct mcast_stats, member), NULL }
#define MDB(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_MDB_##ATTR, kind, offsetof(struct vsw_mdb, member), text }
#define SOURCE(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_MDB_SOURCE_##ATTR, kind, offsetof(struct mdb_source, member), text }
#define PORT(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_PORT_##ATTR, kind, offsetof(struct vsw_port, member), text }
#define SAID(key, WORD, kind, member) \
	{ key, PORT_SAID_##WORD, kind, offsetof(struct vsw_port, member), NULL }
#define FDB(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_FDB_##ATTR, kind, offsetof(struct vsw_fdb, member), text }
#define GUARD(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_GUARD_##ATTR, kind, offsetof(struct guard, member), text }
#define MIRROR(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_MIRROR_##ATTR, kind, offsetof(struct vsw_mirror, member), text }
#define BINDING(key, ATTR, kind, member) \
	{ key, VSWITCH_A_BINDING_##ATTR, kind, offsetof(struct vsw_binding, member), NULL }
#define DROPPED(key, ATTR, kind, member) \
	{ key, VSWITCH_A_DROPPED_##ATTR, kind, offsetof(struct vsw_dropped, member), NULL }
#define PRIVATE(key, ATTR, kind, member) \
	{ key, PRIVATE_##ATTR, kind, offsetof(struct vsw_private, member), NULL }
#define VLAN(key, ATTR, kind, member) \
	{ key, VSWITCH_A_VLAN_##ATTR, kind, offsetof(struct vsw_vlan_stats, member), NULL }
#define STATS(key, ATTR, kind, member) \
	{ key, VSWITCH_A_STATS_##ATTR, kind, offsetof(struct stats, member), NULL }

/* In the order in which JSON has them. */

static const struct field switch_fields[] = {
	SWITCH("ifindex", IFINDEX, FIELD_U32, ifindex, NULL),
	SWITCH("name", NAME, FIELD_NAME, name, NULL),
	SWITCH("address", ADDRESS, FIELD_MAC, address, NULL),
	SWITCH("mtu", MTU, FIELD_U32, mtu, "bytes"),
	SWITCH("ageing-time", AGEING_TIME, FIELD_U32, ageing_time, "milliseconds"),
	SWITCH("fdb-max", FDB_MAX, FIELD_U32, fdb_max, "entries"),
	SWITCH("fdb-count", FDB_COUNT, FIELD_U32, fdb_count, NULL),
	SWITCH("port-count", PORT_COUNT, FIELD_U32, port_count, NULL),
	SWITCH("up", UP, FIELD_BOOL, up, NULL),
	SWITCH("vlan-filtering", VLAN_FILTERING, FIELD_BOOL, vlan_filtering, NULL),
	SWITCH("dhcp-guard", DHCP_GUARD, FIELD_BOOL, dhcp_guard, NULL),
	SWITCH("ra-guard", RA_GUARD, FIELD_BOOL, ra_guard, NULL),
	SWITCH("vlan-protocol", VLAN_PROTOCOL, FIELD_VLAN_PROTOCOL, vlan_protocol, NULL),
	SWITCH("vlan-default-pvid", VLAN_DEFAULT_PVID, FIELD_U16, vlan_default_pvid, NULL),
	SWITCH("vlan-stats", VLAN_STATS, FIELD_BOOL, vlan_stats, NULL),
	MCAST("mcast-snooping", SNOOPING, FIELD_BOOL, snooping, NULL),
	MCAST("mcast-querier", QUERIER, FIELD_BOOL, querier, NULL),
	MCAST("mcast-igmp-version", IGMP_VERSION, FIELD_U8, igmp_version, NULL),
	MCAST("mcast-mld-version", MLD_VERSION, FIELD_U8, mld_version, NULL),
	MCAST("mcast-query-interval", QUERY_INTERVAL, FIELD_U32, query_interval, "milliseconds"),
	MCAST("mcast-query-response-interval", QUERY_RESPONSE_INTERVAL, FIELD_U32,
	      query_response_interval, "milliseconds"),
	MCAST("mcast-last-member-count", LAST_MEMBER_COUNT, FIELD_U8, last_member_count, "queries"),
	MCAST("mcast-last-member-interval", LAST_MEMBER_INTERVAL, FIELD_U32,
	      last_member_interval, "milliseconds"),
	MCAST("mcast-startup-query-count", STARTUP_QUERY_COUNT, FIELD_U8,
	      startup_query_count, "queries"),
	MCAST("mcast-startup-query-interval", STARTUP_QUERY_INTERVAL, FIELD_U32,
	      startup_query_interval, "milliseconds"),
	MCAST("mcast-membership-interval", MEMBERSHIP_INTERVAL, FIELD_U32,
	      membership_interval, "milliseconds"),
	MCAST("mcast-querier-interval", QUERIER_INTERVAL, FIELD_U32,
	      querier_interval, "milliseconds"),
	MCAST("mcast-max-groups", MAX_GROUPS, FIELD_U32, max_groups, "groups"),
	MCAST("mcast-group-count", GROUP_COUNT, FIELD_U32, group_count, NULL),
	MCAST("mcast-stats", STATS, FIELD_MCAST_STATS, stats, NULL),
	SWITCH("loop-interval", LOOP_INTERVAL, FIELD_U32, loop_interval, "milliseconds"),
	SWITCH("private-vlans", PRIVATE_VLANS, FIELD_PRIVATE_VLANS, private_vlans, NULL),
	SWITCH("private-mask", PRIVATE_MASK, FIELD_VLAN_SET, private_mask, NULL),
	SWITCH("promiscuous", PROMISCUOUS, FIELD_POLICY, promiscuous, NULL),
	SWITCH("mac-changes", MAC_CHANGES, FIELD_POLICY, mac_changes, NULL),
	SWITCH("forged-transmits", FORGED_TRANSMITS, FIELD_POLICY, forged_transmits, NULL),
	SWITCH("stats", STATS, FIELD_STATS, stats, NULL),
};

static const struct field port_fields[] = {
	PORT("ifindex", IFINDEX, FIELD_U32, ifindex, NULL),
	PORT("name", NAME, FIELD_NAME, name, NULL),
	PORT("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex, NULL),
	PORT("switch-name", SWITCH_NAME, FIELD_NAME, switch_name, NULL),
	PORT("number", NUMBER, FIELD_U32, number, NULL),
	PORT("learning", LEARNING, FIELD_BOOL, learning, NULL),
	PORT("flood", FLOOD, FIELD_BOOL, flood, NULL),
	PORT("mcast-flood", MCAST_FLOOD, FIELD_BOOL, mcast_flood, NULL),
	PORT("bcast-flood", BCAST_FLOOD, FIELD_BOOL, bcast_flood, NULL),
	PORT("hairpin", HAIRPIN, FIELD_BOOL, hairpin, NULL),
	PORT("isolated", ISOLATED, FIELD_BOOL, isolated, NULL),
	PORT("neigh-suppress", NEIGH_SUPPRESS, FIELD_BOOL, neigh_suppress, NULL),
	PORT("group-fwd-mask", GROUP_FWD_MASK, FIELD_U16, group_fwd_mask, NULL),
	PORT("fdb-max", FDB_MAX, FIELD_U32, fdb_max, "entries"),
	PORT("fdb-count", FDB_COUNT, FIELD_U32, fdb_count, NULL),
	PORT("forwarding", FORWARDING, FIELD_BOOL, forwarding, NULL),
	PORT("alias", ALIAS, FIELD_TEXT, alias, NULL),
	PORT("cgroup", CGROUP, FIELD_CGROUP, cgroup, NULL),
	PORT("type", TYPE, FIELD_PORT_TYPE, type, NULL),
	PORT("netnsid", NETNSID, FIELD_S32, netnsid, NULL),
	PORT("pvid", PVID, FIELD_PVID, pvid, NULL),
	PORT("vlan", VLAN, FIELD_VLANS, vlans, NULL),
	PORT("vlan-untagged", VLAN_UNTAGGED, FIELD_UNTAGGED, vlans.untagged, NULL),
	PORT("guard", GUARD, FIELD_GUARD, guard, NULL),
	PORT("shut", SHUT, FIELD_SHUT, shut, NULL),
	PORT("shut-age", SHUT_AGE, FIELD_U64, shut_age, NULL),
	PORT("recovery", RECOVERY, FIELD_U32, recovery, "milliseconds"),
	PORT("state", STATE, FIELD_STATE, state, NULL),
	PORT("bpdu-guard", BPDU_GUARD, FIELD_BOOL, bpdu_guard, NULL),
	PORT("bpdu-filter", BPDU_FILTER, FIELD_BOOL, bpdu_filter, NULL),
	PORT("loop-protect", LOOP_PROTECT, FIELD_BOOL, loop_protect, NULL),
	PORT("vlan-tunnel", VLAN_TUNNEL, FIELD_BOOL, vlan_tunnel, NULL),
	PORT("cvlans", CVLANS, FIELD_VLAN_SET, cvlans, NULL),
	PORT("vlan-map", VLAN_MAP, FIELD_VLAN_MAP, vlan_map, NULL),
	PORT("vlan-mask", VLAN_MASK, FIELD_VLAN_SET, vlan_mask, NULL),
	SAID("tunnel", TUNNEL, FIELD_PVID, pvid),
	SAID("hybrid", HYBRID, FIELD_VLANS, vlans),
	SAID("untagged", UNTAGGED, FIELD_VLAN_SET, vlans.untagged),
	SAID("pvid", PVID, FIELD_PVID, pvid),
	SAID("tagged", TAGGED, FIELD_BOOL, native_tagged),
	PORT("mcast-router", MCAST_ROUTER, FIELD_ROUTER, mcast_router, NULL),
	PORT("mcast-is-router", MCAST_IS_ROUTER, FIELD_BOOL, mcast_is_router, NULL),
	PORT("mcast-fast-leave", MCAST_FAST_LEAVE, FIELD_BOOL, mcast_fast_leave, NULL),
	PORT("mcast-max-groups", MCAST_MAX_GROUPS, FIELD_U32, mcast_max_groups, "groups"),
	PORT("mcast-group-count", MCAST_GROUP_COUNT, FIELD_U32, mcast_group_count, NULL),
	PORT("mcast-stats", MCAST_STATS, FIELD_MCAST_STATS, mcast_stats, NULL),
	PORT("stats", STATS, FIELD_STATS, stats, NULL),
};

static const struct field guard_fields[] = {
	GUARD("locked", LOCKED, FIELD_BOOL, locked, NULL),
	GUARD("source-guard", SOURCE_GUARD, FIELD_BOOL, source_guard, NULL),
	GUARD("dhcp-guard", DHCP_GUARD, FIELD_BOOL, dhcp_guard, NULL),
	GUARD("dhcp-trusted", DHCP_TRUSTED, FIELD_BOOL, dhcp_trusted, NULL),
	GUARD("ra-guard", RA_GUARD, FIELD_BOOL, ra_guard, NULL),
	GUARD("ra-trusted", RA_TRUSTED, FIELD_BOOL, ra_trusted, NULL),
	GUARD("mab", MAB, FIELD_BOOL, mab, NULL),
	GUARD("max-macs", MAX_MACS, FIELD_U32, max_macs, "entries"),
	GUARD("violation", VIOLATION, FIELD_VIOLATION, violation, NULL),
	GUARD("sticky-macs", STICKY_MACS, FIELD_BOOL, sticky_macs, NULL),
	GUARD("promiscuous", PROMISCUOUS, FIELD_POLICY, promiscuous, NULL),
	GUARD("mac-changes", MAC_CHANGES, FIELD_POLICY, mac_changes, NULL),
	GUARD("forged-transmits", FORGED_TRANSMITS, FIELD_POLICY, forged_transmits, NULL),
	GUARD("storm-broadcast-pps", STORM_BROADCAST_PPS, FIELD_U32, storm_broadcast.pps, NULL),
	GUARD("storm-broadcast-kbps", STORM_BROADCAST_KBPS, FIELD_U32, storm_broadcast.kbps, NULL),
	GUARD("storm-multicast-pps", STORM_MULTICAST_PPS, FIELD_U32, storm_multicast.pps, NULL),
	GUARD("storm-multicast-kbps", STORM_MULTICAST_KBPS, FIELD_U32, storm_multicast.kbps, NULL),
	GUARD("storm-unknown-pps", STORM_UNKNOWN_PPS, FIELD_U32, storm_unknown.pps, NULL),
	GUARD("storm-unknown-kbps", STORM_UNKNOWN_KBPS, FIELD_U32, storm_unknown.kbps, NULL),
};

static const struct field vlan_fields[] = {
	PORT("ifindex", IFINDEX, FIELD_U32, ifindex, NULL),
	PORT("name", NAME, FIELD_NAME, name, NULL),
	PORT("switch-name", SWITCH_NAME, FIELD_NAME, switch_name, NULL),
	PORT("number", NUMBER, FIELD_U32, number, NULL),
	PORT("pvid", PVID, FIELD_PVID, pvid, NULL),
	PORT("vlan", VLAN, FIELD_VLANS, vlans, NULL),
	PORT("vlan-tunnel", VLAN_TUNNEL, FIELD_BOOL, vlan_tunnel, NULL),
	PORT("cvlans", CVLANS, FIELD_VLAN_SET, cvlans, NULL),
	PORT("vlan-map", VLAN_MAP, FIELD_VLAN_MAP, vlan_map, NULL),
};

static const struct field fdb_fields[] = {
	FDB("address", ADDRESS, FIELD_MAC, address, NULL),
	FDB("port-ifindex", PORT_IFINDEX, FIELD_U32, port_ifindex, NULL),
	FDB("port-name", PORT_NAME, FIELD_NAME, port_name, NULL),
	FDB("port-number", PORT_NUMBER, FIELD_U32, port_number, NULL),
	FDB("port-alias", PORT_ALIAS, FIELD_TEXT, port_alias, NULL),
	FDB("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex, NULL),
	FDB("switch-name", SWITCH_NAME, FIELD_NAME, switch_name, NULL),
	FDB("vlan", VLAN, FIELD_VID, vlan, NULL),
	FDB("type", TYPE, FIELD_FDB_TYPE, type, NULL),
	FDB("sticky", STICKY, FIELD_BOOL, sticky, NULL),
	FDB("user", USER, FIELD_BOOL, user, NULL),
	FDB("locked", LOCKED, FIELD_BOOL, locked, NULL),
	FDB("age", AGE, FIELD_U32, age, "milliseconds"),
	FDB("flushed", FLUSHED, FIELD_U32, flushed, NULL),
};

static const struct field mirror_fields[] = {
	MIRROR("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex, NULL),
	MIRROR("switch-name", SWITCH_NAME, FIELD_NAME, switch_name, NULL),
	MIRROR("name", NAME, FIELD_NAME, name, NULL),
	MIRROR("in", IN, FIELD_PORTS, in, NULL),
	MIRROR("out", OUT, FIELD_PORTS, out, NULL),
	MIRROR("vlan", VLAN, FIELD_VLAN_SET, vlan, NULL),
	MIRROR("to-type", TO_TYPE, FIELD_MIRROR_TO, to_type, NULL),
	MIRROR("to-ifindex", TO_IFINDEX, FIELD_U32, to_ifindex, NULL),
	MIRROR("to-name", TO_NAME, FIELD_NAME, to_name, NULL),
	MIRROR("to-number", TO_NUMBER, FIELD_U32, to_number, NULL),
	MIRROR("forwarding", FORWARDING, FIELD_BOOL, forwarding, NULL),
	MIRROR("truncate", TRUNCATE, FIELD_U32, truncate, "bytes"),
	MIRROR("sample", SAMPLE, FIELD_U32, sample, NULL),
	MIRROR("state", STATE, FIELD_MIRROR_STATE, state, NULL),
	MIRROR("stats", STATS, FIELD_STATS, stats, NULL),
};

static const struct field binding_fields[] = {
	BINDING("mac", MAC, FIELD_MAC, mac),
	BINDING("ip", IP, FIELD_IP, ip),
	BINDING("prefix-len", PREFIX_LEN, FIELD_PREFIX, ip),
	BINDING("vlan", VLAN, FIELD_VID, vlan),
	BINDING("port-ifindex", PORT_IFINDEX, FIELD_U32, port_ifindex),
	BINDING("port-name", PORT_NAME, FIELD_NAME, port_name),
	BINDING("port-number", PORT_NUMBER, FIELD_U32, port_number),
	BINDING("port-alias", PORT_ALIAS, FIELD_TEXT, port_alias),
	BINDING("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	BINDING("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
};

static const struct field vlan_stats_fields[] = {
	VLAN("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	VLAN("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	VLAN("vlan", VLAN, FIELD_VID, vlan),
	VLAN("rx-packets", RX_PACKETS, FIELD_U64, rx_packets),
	VLAN("rx-bytes", RX_BYTES, FIELD_U64, rx_bytes),
	VLAN("tx-packets", TX_PACKETS, FIELD_U64, tx_packets),
	VLAN("tx-bytes", TX_BYTES, FIELD_U64, tx_bytes),
};

static const struct field dropped_fields[] = {
	DROPPED("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	DROPPED("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	DROPPED("port-ifindex", PORT_IFINDEX, FIELD_U32, port_ifindex),
	DROPPED("port-name", PORT_NAME, FIELD_NAME, port_name),
	DROPPED("port-number", PORT_NUMBER, FIELD_U32, port_number),
	DROPPED("direction", DIRECTION, FIELD_DIRECTION, direction),
	DROPPED("vlan", VLAN, FIELD_VID, vlan),
	DROPPED("reason", REASON, FIELD_TEXT, reason),
	DROPPED("time", TIME, FIELD_U64, time),
	DROPPED("sequence", SEQUENCE, FIELD_U32, sequence),
	DROPPED("length", LENGTH, FIELD_U32, length),
	DROPPED("frame", FRAME, FIELD_BYTES, frame),
};

static const struct field private_fields[] = {
	PRIVATE("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	PRIVATE("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	PRIVATE("primary", PRIMARY, FIELD_VID, vlan.primary),
	PRIVATE("secondary", SECONDARY, FIELD_VID, vlan.secondary),
	PRIVATE("type", TYPE, FIELD_PRIVATE_VLAN, vlan.type),
};

static const struct field mdb_fields[] = {
	MDB("group", GROUP, FIELD_MAPPED_IP, group, NULL),
	MDB("source", SOURCE, FIELD_MAPPED_IP, source, NULL),
	MDB("port-ifindex", PORT_IFINDEX, FIELD_U32, port_ifindex, NULL),
	MDB("port-name", PORT_NAME, FIELD_NAME, port_name, NULL),
	MDB("port-number", PORT_NUMBER, FIELD_U32, port_number, NULL),
	MDB("port-alias", PORT_ALIAS, FIELD_TEXT, port_alias, NULL),
	MDB("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex, NULL),
	MDB("switch-name", SWITCH_NAME, FIELD_NAME, switch_name, NULL),
	MDB("vlan", VLAN, FIELD_VID, vlan, NULL),
	MDB("permanent", PERMANENT, FIELD_BOOL, permanent, NULL),
	MDB("filter", FILTER, FIELD_FILTER, filter, NULL),
	MDB("timer", TIMER, FIELD_U32, timer, "milliseconds"),
	MDB("sources", ENTRY_SOURCE, FIELD_SOURCES, sources, NULL),
	MDB("flushed", FLUSHED, FIELD_U32, flushed, NULL),
};

static const struct field mdb_source_fields[] = {
	SOURCE("address", ADDRESS, FIELD_MAPPED_IP, address, NULL),
	SOURCE("timer", TIMER, FIELD_U32, timer, "milliseconds"),
	SOURCE("permanent", PERMANENT, FIELD_BOOL, permanent, NULL),
	SOURCE("blocked", BLOCKED, FIELD_BOOL, blocked, NULL),
};

static const struct field mcast_stats_fields[] = {
	MCAST_STATS("rx-igmp-v1-queries", RX_IGMP_V1_QUERIES, rx[0]),
	MCAST_STATS("rx-igmp-v2-queries", RX_IGMP_V2_QUERIES, rx[1]),
	MCAST_STATS("rx-igmp-v3-queries", RX_IGMP_V3_QUERIES, rx[2]),
	MCAST_STATS("rx-igmp-v1-reports", RX_IGMP_V1_REPORTS, rx[3]),
	MCAST_STATS("rx-igmp-v2-reports", RX_IGMP_V2_REPORTS, rx[4]),
	MCAST_STATS("rx-igmp-v3-reports", RX_IGMP_V3_REPORTS, rx[5]),
	MCAST_STATS("rx-igmp-leaves", RX_IGMP_LEAVES, rx[6]),
	MCAST_STATS("rx-mld-v1-queries", RX_MLD_V1_QUERIES, rx[7]),
	MCAST_STATS("rx-mld-v2-queries", RX_MLD_V2_QUERIES, rx[8]),
	MCAST_STATS("rx-mld-v1-reports", RX_MLD_V1_REPORTS, rx[9]),
	MCAST_STATS("rx-mld-v2-reports", RX_MLD_V2_REPORTS, rx[10]),
	MCAST_STATS("rx-mld-leaves", RX_MLD_LEAVES, rx[11]),
	MCAST_STATS("tx-igmp-v1-queries", TX_IGMP_V1_QUERIES, tx[0]),
	MCAST_STATS("tx-igmp-v2-queries", TX_IGMP_V2_QUERIES, tx[1]),
	MCAST_STATS("tx-igmp-v3-queries", TX_IGMP_V3_QUERIES, tx[2]),
	MCAST_STATS("tx-igmp-v1-reports", TX_IGMP_V1_REPORTS, tx[3]),
	MCAST_STATS("tx-igmp-v2-reports", TX_IGMP_V2_REPORTS, tx[4]),
	MCAST_STATS("tx-igmp-v3-reports", TX_IGMP_V3_REPORTS, tx[5]),
	MCAST_STATS("tx-igmp-leaves", TX_IGMP_LEAVES, tx[6]),
	MCAST_STATS("tx-mld-v1-queries", TX_MLD_V1_QUERIES, tx[7]),
	MCAST_STATS("tx-mld-v2-queries", TX_MLD_V2_QUERIES, tx[8]),
	MCAST_STATS("tx-mld-v1-reports", TX_MLD_V1_REPORTS, tx[9]),
	MCAST_STATS("tx-mld-v2-reports", TX_MLD_V2_REPORTS, tx[10]),
	MCAST_STATS("tx-mld-leaves", TX_MLD_LEAVES, tx[11]),
	MCAST_STATS("rx-invalid", RX_INVALID, rx_invalid),
	MCAST_STATS("refused", REFUSED, refused),
};

static const struct field device_fields[] = {
	{ "device", DEVICE_NAME, FIELD_WORD, offsetof(struct vsw_device, name), NULL },
	{ "state of the device", DEVICE_UP, FIELD_BOOL, offsetof(struct vsw_device, up), NULL },
	{ "netns", DEVICE_NETNS, FIELD_WORD, offsetof(struct vsw_device, netns), NULL },
	{ "mtu", DEVICE_MTU, FIELD_U32, offsetof(struct vsw_device, mtu), NULL },
	{ "address", DEVICE_ADDRESS, FIELD_MAC, offsetof(struct vsw_device, address), NULL },
};

static const struct field stats_fields[] = {
	STATS("rx-packets", RX_PACKETS, FIELD_U64, rx_packets),
	STATS("rx-bytes", RX_BYTES, FIELD_U64, rx_bytes),
	STATS("tx-packets", TX_PACKETS, FIELD_U64, tx_packets),
	STATS("tx-bytes", TX_BYTES, FIELD_U64, tx_bytes),
	STATS("drops", DROPS, FIELD_U64, drops),
	STATS("drop", DROP, FIELD_DROP, drop),
	STATS("learned", LEARNED, FIELD_U64, learned),
	STATS("moved", MOVED, FIELD_U64, moved),
	STATS("learn-refused", LEARN_REFUSED, FIELD_U64, learn_refused),
	STATS("answered", ANSWERED, FIELD_U64, answered),
};

const struct kind kind_switch = {
	"switch", sizeof(struct vsw_switch), switch_fields, ARRAY_SIZE(switch_fields)
};

const struct kind kind_port = {
	"port", sizeof(struct vsw_port), port_fields, ARRAY_SIZE(port_fields)
};

const struct kind kind_fdb = {
	"fdb", sizeof(struct vsw_fdb), fdb_fields, ARRAY_SIZE(fdb_fields)
};

const struct kind kind_mirror = {
	"mirror", sizeof(struct vsw_mirror), mirror_fields, ARRAY_SIZE(mirror_fields)
};

const struct kind kind_binding = {
	"binding", sizeof(struct vsw_binding), binding_fields, ARRAY_SIZE(binding_fields)
};

const struct kind kind_dropped = {
	"dropped", sizeof(struct vsw_dropped), dropped_fields, ARRAY_SIZE(dropped_fields)
};

const struct kind kind_vlan = {
	"vlan", sizeof(struct vsw_port), vlan_fields, ARRAY_SIZE(vlan_fields)
};

const struct kind kind_vlan_stats = {
	"vlan-stats", sizeof(struct vsw_vlan_stats), vlan_stats_fields,
	ARRAY_SIZE(vlan_stats_fields)
};

const struct kind kind_private = {
	"private", sizeof(struct vsw_private), private_fields, ARRAY_SIZE(private_fields)
};

const struct kind kind_device = {
	"device", sizeof(struct vsw_device), device_fields, ARRAY_SIZE(device_fields)
};

const struct kind kind_stats = {
	"stats", sizeof(struct stats), stats_fields, ARRAY_SIZE(stats_fields)
};

const struct kind kind_guard = {
	"guard", sizeof(struct guard), guard_fields, ARRAY_SIZE(guard_fields)
};

const struct kind kind_mdb = {
	"mdb", sizeof(struct vsw_mdb), mdb_fields, ARRAY_SIZE(mdb_fields)
};

const struct kind kind_mdb_source = {
	"source", sizeof(struct mdb_source), mdb_source_fields, ARRAY_SIZE(mdb_source_fields)
};

const struct kind kind_mcast_stats = {
	"mcast-stats", sizeof(struct mcast_stats), mcast_stats_fields,
	ARRAY_SIZE(mcast_stats_fields)
};

const struct kind *field_kind(const struct field *f)
{
	switch (f->type) {
	case FIELD_STATS:
		return &kind_stats;
	case FIELD_GUARD:
		return &kind_guard;
	case FIELD_MCAST_STATS:
		return &kind_mcast_stats;
	case FIELD_SOURCES:
		return &kind_mdb_source;
	case FIELD_FLOW:
		return &kind_flow;
	case FIELD_BUCKETS:
		return &kind_bucket;
	case FIELD_TRACE_STEPS:
		return &kind_trace_step;
	case FIELD_TRACE_NEAR:
		return &kind_trace_near;
	case FIELD_ROUTER_STATS:
		return &kind_router_stats;
	case FIELD_SHAPE_STATS:
		return &kind_shape_stats;
	case FIELD_NEXTHOPS:
		return &kind_nexthop;
	}
	return NULL;
}

const struct field *kind_field(const struct kind *kind, unsigned int attr)
{
	size_t i;

	for (i = 0; i < kind->n_fields; i++)
		if (kind->fields[i].attr == attr)
			return &kind->fields[i];
	return NULL;
}

const char *fdb_type_name(unsigned int type)
{
	switch (type) {
	case VSWITCH_FDB_TYPE_DYNAMIC:
		return "dynamic";
	case VSWITCH_FDB_TYPE_STATIC:
		return "static";
	case VSWITCH_FDB_TYPE_LOCAL:
		return "local";
	}
	return "?";
}

const char *port_type_name(unsigned int type)
{
	switch (type) {
	case VSWITCH_PORT_TYPE_DEVICE:
		return "device";
	case VSWITCH_PORT_TYPE_HOST:
		return "host";
	case VSWITCH_PORT_TYPE_VNIC:
		return "vnic";
	}
	return "?";
}

const char *shut_reason_name(unsigned int reason)
{
	static const char * const names[] = {
		[VSWITCH_SHUT_REASON_NONE] = "none",
		[VSWITCH_SHUT_REASON_ADMIN] = "admin",
		[VSWITCH_SHUT_REASON_MAX_MACS] = "max-macs",
		[VSWITCH_SHUT_REASON_BPDU_GUARD] = "bpdu-guard",
		[VSWITCH_SHUT_REASON_LOOP] = "loop",
		[VSWITCH_SHUT_REASON_STICKY_MAC] = "sticky-mac",
	};

	return reason < ARRAY_SIZE(names) ? names[reason] : "?";
}

const char *mirror_to_name(unsigned int type)
{
	switch (type) {
	case VSWITCH_MIRROR_TO_PORT:
		return "port";
	case VSWITCH_MIRROR_TO_NETDEV:
		return "netdev";
	}
	return "?";
}

const char *policy_name(unsigned int policy)
{
	switch (policy) {
	case VSWITCH_POLICY_INHERIT:
		return "inherit";
	case VSWITCH_POLICY_ACCEPT:
		return "accept";
	case VSWITCH_POLICY_REJECT:
		return "reject";
	}
	return "?";
}

const char *violation_name(unsigned int violation)
{
	switch (violation) {
	case VSWITCH_VIOLATION_PROTECT:
		return "protect";
	case VSWITCH_VIOLATION_RESTRICT:
		return "restrict";
	case VSWITCH_VIOLATION_SHUTDOWN:
		return "shutdown";
	}
	return "?";
}

const char *mirror_state_name(unsigned int state)
{
	switch (state) {
	case VSWITCH_MIRROR_STATE_ACTIVE:
		return "active";
	case VSWITCH_MIRROR_STATE_DOWN:
		return "down";
	case VSWITCH_MIRROR_STATE_GONE:
		return "gone";
	}
	return "?";
}

const char *direction_name(unsigned int direction)
{
	switch (direction) {
	case VSWITCH_DIRECTION_IN:
		return "in";
	case VSWITCH_DIRECTION_OUT:
		return "out";
	}
	return "?";
}

bool port_refs_have(const struct port_refs *refs, uint32_t number)
{
	size_t i;

	for (i = 0; i < refs->n; i++)
		if (refs->ref[i].number == number)
			return true;
	return false;
}

int port_refs_add(struct port_refs *refs, uint32_t number)
{
	struct port_ref *ref;

	if (port_refs_have(refs, number))
		return 0;
	ref = reallocarray(refs->ref, refs->n + 1, sizeof(*ref));
	if (!ref)
		return -1;
	refs->ref = ref;
	ref[refs->n++] = (struct port_ref){ .number = number };
	return 0;
}

const char *port_state_name(unsigned int state)
{
	static const char * const names[] = {
		[VSWITCH_PORT_STATE_DISABLED] = "disabled",
		[VSWITCH_PORT_STATE_LISTENING] = "listening",
		[VSWITCH_PORT_STATE_LEARNING] = "learning",
		[VSWITCH_PORT_STATE_FORWARDING] = "forwarding",
		[VSWITCH_PORT_STATE_BLOCKING] = "blocking",
	};

	return state < ARRAY_SIZE(names) ? names[state] : "?";
}

const char *mcast_router_name(unsigned int mode)
{
	switch (mode) {
	case VSWITCH_MCAST_ROUTER_OFF:
		return "off";
	case VSWITCH_MCAST_ROUTER_AUTO:
		return "auto";
	case VSWITCH_MCAST_ROUTER_ON:
		return "on";
	case VSWITCH_MCAST_ROUTER_TEMP:
		return "temp";
	}
	return "?";
}

const char *mcast_filter_name(unsigned int filter)
{
	switch (filter) {
	case VSWITCH_MCAST_FILTER_INCLUDE:
		return "include";
	case VSWITCH_MCAST_FILTER_EXCLUDE:
		return "exclude";
	}
	return "?";
}

void *list_at(const struct list *list, const struct kind *kind, size_t i)
{
	return (char *)list->items + i * kind->size;
}

void *list_grow(struct list *list, const struct kind *kind)
{
	size_t room = list->room ? list->room * 2 : 16;
	void *items, *object;

	if (list->n == list->room) {
		items = reallocarray(list->items, room, kind->size);
		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	object = list_at(list, kind, list->n++);
	memset(object, 0, kind->size);
	return object;
}

void list_free(struct list *list, const struct kind *kind)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		object_clear(kind, list_at(list, kind, i));
	free(list->items);
	*list = (struct list){};
}

static void field_free(const struct field *f, void *member)
{
	switch (f->type) {
	case FIELD_TEXT:
		free(*(char **)member);
		break;
	case FIELD_BYTES:
	case FIELD_USERDATA:
		free(((struct bytes *)member)->data);
		break;
	case FIELD_PORTS:
		free(((struct port_refs *)member)->ref);
		break;
	case FIELD_STATS:
		free(((struct stats *)member)->drop);
		break;
	case FIELD_SOURCES:
		free(*(struct mdb_source **)member);
		break;
	case FIELD_FLOW:
		object_clear(&kind_flow, member);
		break;
	case FIELD_MATCH:
		free(((struct flow_match *)member)->term);
		break;
	case FIELD_ACTIONS:
		flow_actions_free(member);
		break;
	case FIELD_BUCKETS:
		flow_buckets_free(member);
		break;
	case FIELD_TRACE_STEPS:
	case FIELD_TRACE_NEAR:
	case FIELD_NEXTHOPS:
		list_free(member, field_kind(f));
		break;
	}
}

void object_clear(const struct kind *kind, void *object)
{
	size_t i;

	for (i = 0; i < kind->n_fields; i++)
		field_free(&kind->fields[i], (char *)object + kind->fields[i].offset);
	memset(object, 0, kind->size);
}
