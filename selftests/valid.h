/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests of each operation that are accepted in the scene, and what brings the
 * scene back afterwards:
 *
 *	vs0	switch with the ports p0 and p1, and a vnic
 *	vs9	switch without ports
 *	d0	a device that is no port
 *
 * The script has set up the devices, a program makes the vnic: its device c0 is
 * in a network namespace of the program's own, so that only its number names the
 * port. VALID_MAC is a static entry on p0, and another one on the vnic in
 * VALID_VLAN.
 */
#ifndef SELFTESTS_VALID_H
#define SELFTESTS_VALID_H

#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>

#include "request.h"

#define VALID_VLAN	10

static const uint8_t VALID_MAC[6] = { 2, 0, 0, 0, 0xbb, 1 };
static const uint8_t VALID_NEW_MAC[6] = { 2, 0, 0, 0, 0xaa, 1 };
static const uint8_t VALID_SWITCH_MAC[6] = { 2, 0, 0, 0, 0xcc, 1 };
static const uint8_t VALID_VNIC_MAC[6] = { 2, 0, 0, 0, 0xdd, 1 };

/* Of the vnic; what it is in a scene that was made once, and was left alone. */
static uint32_t valid_number = 3;
/* Where its device is, and rtnetlink there and here. */
static int valid_netns;
static struct nl valid_abroad, valid_route;

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
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_LOOP_INTERVAL, 60000);
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

static inline void valid_guard(struct nlmsghdr *nlh, bool on)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_PORT_GUARD);

	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_LOCKED, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_SOURCE_GUARD, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_DHCP_GUARD, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_DHCP_TRUSTED, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_RA_GUARD, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_RA_TRUSTED, on);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_STICKY_MACS, on);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_STORM_BROADCAST_PPS, on ? 1000 : 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_STORM_MULTICAST_KBPS, on ? 1000 : 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_STORM_UNKNOWN_PPS, on ? 100 : 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_GUARD_MAX_MACS, on ? 100 : 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_GUARD_VIOLATION, on ? VSWITCH_VIOLATION_RESTRICT :
							       VSWITCH_VIOLATION_PROTECT);
	mnl_attr_nest_end(nlh, nest);
}

static inline void valid_port_settings(struct nlmsghdr *nlh)
{
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_LEARNING, 0);
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
	valid_port_vlans(nlh);
	valid_guard(nlh, true);
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
	switch (cmd) {
	case VSWITCH_CMD_SWITCH_NEW:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs1");
		valid_switch_settings(nlh);
		break;
	case VSWITCH_CMD_SWITCH_SET:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
		valid_switch_settings(nlh);
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
		valid_port_settings(nlh);
		break;
	case VSWITCH_CMD_PORT_SET:
		valid_port_name(nlh, way == 0 ? "p0" : way == 1 ? NULL : "vs0");
		if (way == 1)
			mnl_attr_put_strz(nlh, VSWITCH_A_PORT_ALIAS, "whose it is");
		if (way == 2)
			valid_port_tunnel(nlh);
		else
			valid_port_settings(nlh);
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

/* A dump of everything, or in the other way of what is on the vnic. */
static inline void valid_dump_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	if (way && cmd == VSWITCH_CMD_PORT_GET)
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
	if (!way || cmd != VSWITCH_CMD_FDB_GET)
		return;
	valid_fdb_place(nlh, NULL);
	mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
}

/* In how many ways is there a request of command @cmd? */
static inline unsigned int valid_ways(uint8_t cmd, bool dump)
{
	if (cmd <= VSWITCH_CMD_SWITCH_GET || cmd == VSWITCH_CMD_PORT_NEW)
		return 1;
	return cmd == VSWITCH_CMD_PORT_SET && !dump ? 3 : 2;
}

/* The request of command @cmd in @buf, in one of its ways; a dump if @dump. */
static inline struct nlmsghdr *valid_request(struct nl *nl, char *buf, uint8_t cmd, bool dump,
					     unsigned int way)
{
	struct nlmsghdr *nlh = nl_command(nl, buf, cmd, dump ? NLM_F_DUMP : 0);

	if (dump)
		valid_dump_request(nlh, cmd, way);
	else if (cmd <= VSWITCH_CMD_SWITCH_GET)
		valid_switch_request(nlh, cmd);
	else if (cmd <= VSWITCH_CMD_PORT_GET)
		valid_port_request(nlh, cmd, way);
	else
		valid_fdb_request(nlh, cmd, way);
	return nlh;
}

/* Sends what may be refused since it is so already. Returns whether it was. */
static inline bool valid_try(struct nl *nl, struct nlmsghdr *nlh, int already)
{
	int error = nl_request(nl, nlh, NULL, NULL);

	if (error && error != already)
		errx(2, "can't bring the scene back: %s (%s)", strerror(error), nl->message);
	return error;
}

/* A request to make the vnic @name in the namespace of descriptor @netns. */
static inline struct nlmsghdr *valid_vnic_request(struct nl *route, char *buf, const char *name,
						  int netns)
{
	struct nlmsghdr *nlh = nl_start(route, buf, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	mnl_attr_put(nlh, IFLA_ADDRESS, 6, VALID_VNIC_MAC);
	mnl_attr_put_u32(nlh, IFLA_LINK, if_nametoindex("vs0"));
	if (netns >= 0)
		mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, netns);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_str(nlh, IFLA_INFO_KIND, "vnic");
	mnl_attr_nest_end(nlh, info);
	return nlh;
}

static inline void valid_find_vnic(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	uint32_t number = 0;
	bool is_vnic = false;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == VSWITCH_A_PORT_NUMBER)
			number = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == VSWITCH_A_PORT_TYPE)
			is_vnic = mnl_attr_get_u8(attr) == VSWITCH_PORT_TYPE_VNIC;
	}
	if (is_vnic)
		*(uint32_t *)data = number;
}

/* The number of the switch's vnic, 0 if it has none. */
static inline uint32_t valid_vnic_number(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_GET, NLM_F_DUMP);
	uint32_t number = 0;

	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
	if (nl_request(nl, nlh, valid_find_vnic, &number))
		errx(2, "ports of vs0: %s", nl->message);
	return number;
}

/*
 * Makes the namespace of the vnic's device. Once, and with privileges. The vnic
 * of a program before may still be there, until its namespace is gone.
 */
static inline void valid_open(struct nl *nl)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	uint32_t number = valid_vnic_number(nl);
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;

	if (number) {
		nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_DEL, 0);
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
		mnl_attr_put_u32(nlh, VSWITCH_A_PORT_NUMBER, number);
		valid_try(nl, nlh, ENODEV);
	}
	nl_open(&valid_route, NETLINK_ROUTE);
	if (home < 0 || unshare(CLONE_NEWNET))
		err(2, "network namespace");
	valid_netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	nl_open(&valid_abroad, NETLINK_ROUTE);
	if (valid_netns < 0 || setns(home, CLONE_NEWNET))
		err(2, "network namespace");
	close(home);
}

static inline void valid_vnic(struct nl *nl)
{
	char buf[REQUEST_MAX];

	valid_number = valid_vnic_number(nl);
	if (valid_number)
		return;
	valid_try(&valid_route, valid_vnic_request(&valid_route, buf, "c0", valid_netns), 0);
	valid_number = valid_vnic_number(nl);
	if (!valid_number)
		errx(2, "vs0 has no vnic, but it was made");
}

/* What a new port has. */
static inline void valid_default_vlans(struct nlmsghdr *nlh)
{
	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_PVID, 1);
	valid_set(nlh, VSWITCH_A_PORT_VLAN, 1, 1, 0);
	valid_set(nlh, VSWITCH_A_PORT_VLAN_UNTAGGED, 1, 1, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_VLAN_TUNNEL, 0);
	mnl_attr_put(nlh, VSWITCH_A_PORT_VLAN_MAP, 0, NULL);
}

static inline struct nlmsghdr *valid_defaults(struct nl *nl, char *buf, const char *port)
{
	struct nlmsghdr *nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_SET, 0);

	valid_port_name(nlh, port);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_LEARNING, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_FLOOD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_MCAST_FLOOD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BCAST_FLOOD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_HAIRPIN, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_ISOLATED, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_NEIGH_SUPPRESS, 0);
	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_GROUP_FWD_MASK, 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_PORT_FDB_MAX, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_SHUT, 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_PORT_RECOVERY, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_STATE, VSWITCH_PORT_STATE_FORWARDING);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BPDU_GUARD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BPDU_FILTER, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_LOOP_PROTECT, 0);
	if (!port)
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_ALIAS, "");
	valid_default_vlans(nlh);
	valid_guard(nlh, false);
	return nlh;
}

/* Makes @name, which may be a port of vs9, a port of vs0 with the defaults. */
static inline void valid_port(struct nl *nl, const char *name)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;

	if (!valid_try(nl, valid_defaults(nl, buf, name), ENODEV))
		return;
	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_DEL, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, name);
	valid_try(nl, nlh, ENODEV);
	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_NEW, 0);
	valid_port_name(nlh, name);
	valid_try(nl, nlh, 0);
}

static inline void valid_switch(struct nl *nl, const char *name)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, VSWITCH_CMD_SWITCH_NEW, 0);

	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, name);
	valid_try(nl, nlh, EEXIST);
	nlh = nl_command(nl, buf, VSWITCH_CMD_SWITCH_SET, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, name);
	mnl_attr_put(nlh, VSWITCH_A_SWITCH_ADDRESS, 6, VALID_SWITCH_MAC);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MTU, 1500);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_AGEING_TIME, 300000);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_FDB_MAX, 65536);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_FILTERING, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_DHCP_GUARD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_RA_GUARD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_PROTOCOL, VSWITCH_VLAN_PROTOCOL_8021Q);
	mnl_attr_put_u16(nlh, VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID, 1);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_LOOP_INTERVAL, 5000);
	valid_try(nl, nlh, 0);
	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_SET, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, name);
	valid_default_vlans(nlh);
	valid_try(nl, nlh, 0);
}

static inline void valid_entries(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = VSWITCH_FDB_TYPE_DYNAMIC; i <= VSWITCH_FDB_TYPE_LOCAL; i++) {
		nlh = nl_command(nl, buf, VSWITCH_CMD_FDB_FLUSH, 0);
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_SWITCH_NAME, "vs0");
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, i);
		valid_try(nl, nlh, 0);
	}
	for (i = 0; i < 2; i++) {
		nlh = nl_command(nl, buf, VSWITCH_CMD_FDB_NEW, 0);
		valid_fdb_place(nlh, i ? NULL : "p0");
		mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_MAC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
		valid_try(nl, nlh, 0);
	}
}

/* Brings back the scene after any of these was accepted, or all. */
static inline void valid_restore(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;

	valid_switch(nl, "vs0");
	valid_switch(nl, "vs9");
	nlh = nl_command(nl, buf, VSWITCH_CMD_SWITCH_DEL, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs1");
	valid_try(nl, nlh, ENODEV);
	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_DEL, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, "d0");
	valid_try(nl, nlh, ENODEV);
	valid_port(nl, "p0");
	valid_port(nl, "p1");
	valid_vnic(nl);
	valid_try(nl, valid_defaults(nl, buf, NULL), 0);
	valid_entries(nl);
}

#endif
