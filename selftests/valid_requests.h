/* SPDX-License-Identifier: GPL-2.0 */
/* The requests of valid.h. */
#ifndef SELFTESTS_VALID_REQUESTS_H
#define SELFTESTS_VALID_REQUESTS_H

#include <linux/vswitch.h>

#include "request.h"

#define VALID_VLAN	10

static const uint8_t VALID_MAC[6] = { 2, 0, 0, 0, 0xbb, 1 };
static const uint8_t VALID_NEW_MAC[6] = { 2, 0, 0, 0, 0xaa, 1 };
static const uint8_t VALID_SWITCH_MAC[6] = { 2, 0, 0, 0, 0xcc, 1 };
static const uint8_t VALID_VNIC_MAC[6] = { 2, 0, 0, 0, 0xdd, 1 };
/* Addresses that are bound, 192.0.2.1 and 2001:db8::/64, and two that are not. */
static const uint8_t VALID_IP[4] = { 192, 0, 2, 1 };
static const uint8_t VALID_NEW_IP[4] = { 192, 0, 2, 9 };
static const uint8_t VALID_IP6[16] = { 0x20, 1, 0xd, 0xb8 };
static const uint8_t VALID_NEW_IP6[16] = { 0x20, 1, 0xd, 0xb8, 0, 9 };
/* Groups: 239.1.1.1 with a source, ff05::1, and those that are new, 239.1.1.9 and ff05::9. */
static const uint8_t VALID_GROUP[16] = { [10] = 0xff, 0xff, 239, 1, 1, 1 };
static const uint8_t VALID_NEW_GROUP[16] = { [10] = 0xff, 0xff, 239, 1, 1, 9 };
static const uint8_t VALID_SOURCE[16] = { [10] = 0xff, 0xff, 192, 0, 2, 1 };
static const uint8_t VALID_GROUP6[16] = { 0xff, 5, [15] = 1 };
static const uint8_t VALID_NEW_GROUP6[16] = { 0xff, 5, [15] = 9 };

#include "valid_flows.h"

/* Of the vnic; what it is in a scene that was made once, and was left alone. */
static uint32_t valid_number = 3;
/* Puts a set with VLANs @first to @last and, if it is not 0, @other. */
static inline void valid_set(struct nlmsghdr *nlh, uint16_t type, unsigned int first,
			     unsigned int last, unsigned int other)
{
	uint8_t set[VSWITCH_VLAN_SET_LEN] = { 0 };

	for (; first <= last; first++)
		set[first / 8] |= 1 << first % 8;
	if (other)
		set[other / 8] |= 1 << other % 8;
	mnl_attr_put(nlh, type, sizeof(set), set);
}

/* Multicast snooping, or what a new switch has of it. */
static inline void valid_switch_mcast(struct nlmsghdr *nlh, bool on)
{
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MCAST_SNOOPING, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MCAST_QUERIER, !on);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MCAST_IGMP_VERSION, on ? 2 : 3);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MCAST_MLD_VERSION, on ? 1 : 2);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL, on ? 60000 : 125000);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MCAST_QUERY_RESPONSE_INTERVAL, on ? 5000 : 10000);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_COUNT, on ? 3 : 2);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_INTERVAL, on ? 500 : 1000);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_COUNT, on ? 0 : 2);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_INTERVAL, on ? 9000 : 31250);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MCAST_MEMBERSHIP_INTERVAL, on ? 90000 : 260000);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MCAST_QUERIER_INTERVAL, on ? 90000 : 255000);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MCAST_MAX_GROUPS, on ? 1000 : 4096);
}

static inline void valid_switch_settings(struct nlmsghdr *nlh)
{
	mnl_attr_put(nlh, VSWITCH_A_SWITCH_ADDRESS, 6, VALID_SWITCH_MAC);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MTU, 1400);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_AGEING_TIME, 60000);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_FDB_MAX, 1000);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_FILTERING, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_DHCP_GUARD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_RA_GUARD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_PROTOCOL, VSWITCH_VLAN_PROTOCOL_8021AD);
	mnl_attr_put_u16(nlh, VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_STATS, 1);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_LOOP_INTERVAL, 60000);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_PROMISCUOUS, VSWITCH_POLICY_ACCEPT);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MAC_CHANGES, VSWITCH_POLICY_REJECT);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_FORGED_TRANSMITS, VSWITCH_POLICY_REJECT);
	valid_switch_mcast(nlh, true);
}

static inline void valid_port_vlans(struct nlmsghdr *nlh)
{
	static const uint16_t map[] = { 3000, 20, 3001, 21 };

	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_PVID, VALID_VLAN);
	valid_set(nlh, VSWITCH_A_PORT_VLAN, VALID_VLAN, 300, VSWITCH_MAX_VID);
	valid_set(nlh, VSWITCH_A_PORT_VLAN_UNTAGGED, VALID_VLAN, 12, VSWITCH_MAX_VID);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_VLAN_TUNNEL, 0);
	mnl_attr_put(nlh, VSWITCH_A_PORT_VLAN_MAP, sizeof(map), map);
}

/* A tunnel, with two customers' VLANs. */
static inline void valid_port_tunnel(struct nlmsghdr *nlh)
{
	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_PVID, VALID_VLAN);
	valid_set(nlh, VSWITCH_A_PORT_VLAN, VALID_VLAN, VALID_VLAN, 0);
	valid_set(nlh, VSWITCH_A_PORT_VLAN_UNTAGGED, VALID_VLAN, VALID_VLAN, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_VLAN_TUNNEL, 1);
	valid_set(nlh, VSWITCH_A_PORT_CVLANS, 5, 6, 0);
}

/* Two of them can be rejected only where it is known which MAC is behind the port. */
static inline void valid_policies(struct nlmsghdr *nlh, bool on)
{
	uint8_t policy = on ? VSWITCH_POLICY_ACCEPT : VSWITCH_POLICY_INHERIT;

	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_PROMISCUOUS, policy);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_MAC_CHANGES, policy);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_FORGED_TRANSMITS, policy);
}

/* With @mab who wants in is made known, for which a port learns. */
static inline void valid_guard(struct nlmsghdr *nlh, bool on, bool mab)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_PORT_GUARD);

	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_LOCKED, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_SOURCE_GUARD, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_DHCP_GUARD, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_DHCP_TRUSTED, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_RA_GUARD, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_RA_TRUSTED, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_MAB, mab);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_STICKY_MACS, on);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_STORM_BROADCAST_PPS, on ? 1000 : 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_STORM_MULTICAST_KBPS, on ? 1000 : 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_STORM_UNKNOWN_PPS, on ? 100 : 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_MAX_MACS, on ? 100 : 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_VIOLATION, on ? VSWITCH_VIOLATION_RESTRICT :
							       VSWITCH_VIOLATION_PROTECT);
	valid_policies(nlh, on);
	mnl_attr_nest_end(nlh, nest);
}

static inline void valid_port_mcast(struct nlmsghdr *nlh, bool on)
{
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_MCAST_ROUTER,
			on ? VSWITCH_MCAST_ROUTER_ON : VSWITCH_MCAST_ROUTER_AUTO);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_MCAST_FAST_LEAVE, on);
	mnl_attr_put_u32(nlh, VSWITCH_A_PORT_MCAST_MAX_GROUPS, on ? 100 : 0);
}

static inline void valid_port_settings(struct nlmsghdr *nlh, bool mab)
{
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_LEARNING, mab);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_FLOOD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_MCAST_FLOOD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BCAST_FLOOD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_HAIRPIN, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_ISOLATED, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_NEIGH_SUPPRESS, 1);
	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_GROUP_FWD_MASK, 0x4000);
	mnl_attr_put_u32(nlh, VSWITCH_A_PORT_FDB_MAX, 50);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_SHUT, 1);
	mnl_attr_put_u32(nlh, VSWITCH_A_PORT_RECOVERY, 30000);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_STATE, VSWITCH_PORT_STATE_BLOCKING);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BPDU_GUARD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BPDU_FILTER, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_LOOP_PROTECT, 1);
	mnl_attr_put_u64(nlh, VSWITCH_A_PORT_CGROUP, 1);	/* the root */
	valid_port_vlans(nlh);
	valid_port_mcast(nlh, true);
	valid_guard(nlh, true, mab);
}

/* A port by its name, or the vnic by its number. */
static inline void valid_port_name(struct nlmsghdr *nlh, const char *name)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
	if (name)
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, name);
	else
		mnl_attr_put_u32(nlh, VSWITCH_A_PORT_NUMBER, valid_number);
}

/* Likewise the place of a MAC entry, which is of VALID_VLAN on the vnic. */
static inline void valid_fdb_place(struct nlmsghdr *nlh, const char *name)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_FDB_SWITCH_NAME, "vs0");
	if (name) {
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_PORT_NAME, name);
		return;
	}
	mnl_attr_put_u32(nlh, VSWITCH_A_FDB_PORT_NUMBER, valid_number);
	mnl_attr_put_u16(nlh, VSWITCH_A_FDB_VLAN, VALID_VLAN);
}

static inline void valid_switch_request(struct nlmsghdr *nlh, uint8_t cmd)
{
	static const uint16_t private_vlans[] = {
		3500, 3501, VSWITCH_PRIVATE_VLAN_ISOLATED,
		3500, 3502, VSWITCH_PRIVATE_VLAN_COMMUNITY,
	};

	switch (cmd) {
	case VSWITCH_CMD_SWITCH_NEW:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs1");
		valid_switch_settings(nlh);
		break;
	case VSWITCH_CMD_SWITCH_SET:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
		valid_switch_settings(nlh);
		mnl_attr_put(nlh, VSWITCH_A_SWITCH_PRIVATE_VLANS, sizeof(private_vlans),
			     private_vlans);
		valid_set(nlh, VSWITCH_A_SWITCH_PRIVATE_MASK, 3501, 3502, 3503);
		break;
	case VSWITCH_CMD_SWITCH_DEL:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs9");
		break;
	case VSWITCH_CMD_SWITCH_GET:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
		break;
	}
}

static inline void valid_port_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	switch (cmd) {
	case VSWITCH_CMD_PORT_NEW:
		valid_port_name(nlh, "d0");
		valid_port_settings(nlh, false);
		break;
	case VSWITCH_CMD_PORT_SET:
		valid_port_name(nlh, way == 0 ? "p0" : way == 1 ? NULL : "vs0");
		if (way == 1)
			mnl_attr_put_strz(nlh, VSWITCH_A_PORT_ALIAS, "whose it is");
		if (way != 2) {
			valid_port_settings(nlh, way == 1);
			break;
		}
		valid_port_tunnel(nlh);
		valid_port_mcast(nlh, true);
		break;
	case VSWITCH_CMD_PORT_DEL:
	case VSWITCH_CMD_PORT_GET:
		valid_port_name(nlh, way ? NULL : "p1");
		break;
	}
}

static inline void valid_fdb_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	const char *name = way ? NULL : "p0";

	switch (cmd) {
	case VSWITCH_CMD_FDB_NEW:
		valid_fdb_place(nlh, name);
		mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_NEW_MAC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_STICKY, 1);
		break;
	case VSWITCH_CMD_FDB_SET:
		valid_fdb_place(nlh, way ? NULL : "p1");
		mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_MAC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_DYNAMIC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_STICKY, 1);
		break;
	case VSWITCH_CMD_FDB_DEL:
	case VSWITCH_CMD_FDB_GET:
		valid_fdb_place(nlh, name);
		mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_MAC);
		break;
	case VSWITCH_CMD_FDB_FLUSH:
		valid_fdb_place(nlh, name);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
		break;
	}
}

static inline void valid_binding_place(struct nlmsghdr *nlh, unsigned int way)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_BINDING_SWITCH_NAME, "vs0");
	if (way)
		mnl_attr_put_u32(nlh, VSWITCH_A_BINDING_PORT_NUMBER, valid_number);
	else
		mnl_attr_put_strz(nlh, VSWITCH_A_BINDING_PORT_NAME, "p0");
}

static inline void valid_binding_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	bool new = cmd == VSWITCH_CMD_BINDING_NEW;

	valid_binding_place(nlh, way);
	mnl_attr_put(nlh, VSWITCH_A_BINDING_MAC, 6, VALID_MAC);
	if (way) {
		mnl_attr_put_u16(nlh, VSWITCH_A_BINDING_VLAN, VALID_VLAN);
		mnl_attr_put(nlh, VSWITCH_A_BINDING_IP, 16, new ? VALID_NEW_IP6 : VALID_IP6);
		mnl_attr_put_u8(nlh, VSWITCH_A_BINDING_PREFIX_LEN, 64);
	} else {
		mnl_attr_put(nlh, VSWITCH_A_BINDING_IP, 4, new ? VALID_NEW_IP : VALID_IP);
		mnl_attr_put_u8(nlh, VSWITCH_A_BINDING_PREFIX_LEN, 32);
	}
}

static inline void valid_mdb_place(struct nlmsghdr *nlh, unsigned int way)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_MDB_SWITCH_NAME, "vs0");
	if (way)
		mnl_attr_put_u32(nlh, VSWITCH_A_MDB_PORT_NUMBER, valid_number);
	else
		mnl_attr_put_strz(nlh, VSWITCH_A_MDB_PORT_NAME, "p0");
}

static inline void valid_mdb_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	bool new = cmd == VSWITCH_CMD_MDB_NEW;

	valid_mdb_place(nlh, way);
	if (cmd != VSWITCH_CMD_MDB_FLUSH)
		mnl_attr_put(nlh, VSWITCH_A_MDB_GROUP, 16,
			     way ? new ? VALID_NEW_GROUP6 : VALID_GROUP6 :
				   new ? VALID_NEW_GROUP : VALID_GROUP);
	if (!way && (new || cmd == VSWITCH_CMD_MDB_DEL))
		mnl_attr_put(nlh, VSWITCH_A_MDB_SOURCE, 16, VALID_SOURCE);
	if (new || cmd == VSWITCH_CMD_MDB_FLUSH)
		mnl_attr_put_u8(nlh, VSWITCH_A_MDB_PERMANENT, 1);
}

/* The host port's frames to the vnic, which stays a port for others. */
static inline void valid_mirror_settings(struct nlmsghdr *nlh)
{
	static const uint32_t host;

	mnl_attr_put(nlh, VSWITCH_A_MIRROR_IN, sizeof(host), &host);
	mnl_attr_put(nlh, VSWITCH_A_MIRROR_OUT, 0, NULL);
	valid_set(nlh, VSWITCH_A_MIRROR_VLAN, VALID_VLAN, 12, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_MIRROR_TO_TYPE, VSWITCH_MIRROR_TO_PORT);
	mnl_attr_put_u32(nlh, VSWITCH_A_MIRROR_TO_NUMBER, valid_number);
	mnl_attr_put_u8(nlh, VSWITCH_A_MIRROR_FORWARDING, 1);
	mnl_attr_put_u32(nlh, VSWITCH_A_MIRROR_TRUNCATE, 128);
	mnl_attr_put_u32(nlh, VSWITCH_A_MIRROR_SAMPLE, 10);
}

/* Other values of all of them: some ports to d0. */
static inline void valid_mirror_change(struct nlmsghdr *nlh)
{
	static const uint32_t ports[] = { 0, 1, 2 };

	mnl_attr_put(nlh, VSWITCH_A_MIRROR_IN, sizeof(ports), ports);
	mnl_attr_put(nlh, VSWITCH_A_MIRROR_OUT, sizeof(*ports), ports);
	valid_set(nlh, VSWITCH_A_MIRROR_VLAN, 300, 310, VSWITCH_MAX_VID);
	mnl_attr_put_u8(nlh, VSWITCH_A_MIRROR_TO_TYPE, VSWITCH_MIRROR_TO_NETDEV);
	mnl_attr_put_strz(nlh, VSWITCH_A_MIRROR_TO_NAME, "d0");
	mnl_attr_put_u8(nlh, VSWITCH_A_MIRROR_FORWARDING, 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_MIRROR_TRUNCATE, 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_MIRROR_SAMPLE, 1);
}

static inline void valid_mirror_name(struct nlmsghdr *nlh, const char *name)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_MIRROR_SWITCH_NAME, "vs0");
	mnl_attr_put_strz(nlh, VSWITCH_A_MIRROR_NAME, name);
}

static inline void valid_mirror_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	valid_mirror_name(nlh, cmd == VSWITCH_CMD_MIRROR_NEW ? "m1" : "m0");
	if (cmd != VSWITCH_CMD_MIRROR_NEW && cmd != VSWITCH_CMD_MIRROR_SET)
		return;
	if (way)
		valid_mirror_settings(nlh);
	else
		valid_mirror_change(nlh);
}

static inline void valid_vlan_request(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, VSWITCH_A_VLAN_SWITCH_NAME, "vs0");
	mnl_attr_put_u16(nlh, VSWITCH_A_VLAN_VLAN, VALID_VLAN);
}

/* A dump of everything, or in the other way of what is on the vnic. */
static inline void valid_dump_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	if (way && cmd == VSWITCH_CMD_PORT_GET)
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
	if (!way)
		return;
	switch (cmd) {
	case VSWITCH_CMD_FDB_GET:
		valid_fdb_place(nlh, NULL);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
		break;
	case VSWITCH_CMD_BINDING_GET:
		valid_binding_place(nlh, way);
		break;
	case VSWITCH_CMD_MIRROR_GET:
		mnl_attr_put_strz(nlh, VSWITCH_A_MIRROR_SWITCH_NAME, "vs0");
		break;
	case VSWITCH_CMD_MDB_GET:
		valid_mdb_place(nlh, way);
		mnl_attr_put(nlh, VSWITCH_A_MDB_GROUP, 16, VALID_GROUP6);
		break;
	case VSWITCH_CMD_VLAN_GET:
		mnl_attr_put_strz(nlh, VSWITCH_A_VLAN_SWITCH_NAME, "vs0");
		break;
	}
}

/* In how many ways is there a request of command @cmd? */
static inline unsigned int valid_ways(uint8_t cmd, bool dump)
{
	if (valid_is_flow(cmd))
		return valid_flow_ways(cmd, dump);
	if (cmd <= VSWITCH_CMD_SWITCH_GET || cmd == VSWITCH_CMD_PORT_NEW ||
	    (!dump && (cmd == VSWITCH_CMD_MIRROR_DEL || cmd == VSWITCH_CMD_MIRROR_GET ||
		       cmd == VSWITCH_CMD_VLAN_GET)))
		return 1;
	return cmd == VSWITCH_CMD_PORT_SET && !dump ? 3 : 2;
}

/* The request of command @cmd in @buf, in one of its ways; a dump if @dump. */
static inline struct nlmsghdr *valid_request(struct nl *nl, char *buf, uint8_t cmd, bool dump,
					     unsigned int way)
{
	struct nlmsghdr *nlh = nl_command(nl, buf, cmd, dump ? NLM_F_DUMP : 0);

	if (valid_is_flow(cmd))
		valid_any_flow_request(nlh, cmd, dump, way);
	else if (dump)
		valid_dump_request(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_SWITCH_GET)
		valid_switch_request(nlh, cmd);
	else if (cmd <= VSWITCH_CMD_PORT_GET)
		valid_port_request(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_FDB_FLUSH)
		valid_fdb_request(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_MIRROR_GET)
		valid_mirror_request(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_BINDING_GET)
		valid_binding_request(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_MDB_FLUSH)
		valid_mdb_request(nlh, cmd, way);
	else
		valid_vlan_request(nlh);
	return nlh;
}

#endif
