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
 * VALID_VLAN; it is bound to both, and both are members of a multicast group. The
 * mirror m0 copies what the host sends to the vnic. Flows are those of valid_flows.h.
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

#include "contract_rules.h"
#include "request.h"
#include "valid_requests.h"

/* Where the device of the vnic is, and rtnetlink there and here. */
static int valid_netns;
static struct nl valid_abroad, valid_route;

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
	mnl_attr_put_u64(nlh, VSWITCH_A_PORT_CGROUP, 0);
	if (!port)
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_ALIAS, "");
	valid_default_vlans(nlh);
	valid_port_mcast(nlh, false);
	valid_guard(nlh, false, false);
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
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_STATS, 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_LOOP_INTERVAL, 5000);
	mnl_attr_put(nlh, VSWITCH_A_SWITCH_PRIVATE_VLANS, 0, NULL);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_PROMISCUOUS, VSWITCH_POLICY_REJECT);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MAC_CHANGES, VSWITCH_POLICY_ACCEPT);
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_FORGED_TRANSMITS, VSWITCH_POLICY_ACCEPT);
	valid_switch_mcast(nlh, false);
	valid_try(nl, nlh, 0);
	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_SET, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, name);
	valid_default_vlans(nlh);
	valid_port_mcast(nlh, false);
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

struct valid_list {
	struct nlmsghdr *object[256];
	unsigned int count;
};

static inline void valid_note(const struct nlmsghdr *nlh, void *data)
{
	struct valid_list *list = data;
	struct nlmsghdr *copy = malloc(nlh->nlmsg_len);

	if (!copy || list->count == 256)
		errx(2, "too many objects");
	memcpy(copy, nlh, nlh->nlmsg_len);
	list->object[list->count++] = copy;
}

/* Deletes by @del all that a dump by @get shows, a port's by its number. */
static inline void valid_delete_all(struct nl *nl, uint8_t get, uint8_t del)
{
	uint64_t names = operations[del].allowed & ~operations[del].set->device;
	struct valid_list list = { .count = 0 };
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, get, NLM_F_DUMP);
	const struct nlattr *attr;

	if (nl_request(nl, nlh, valid_note, &list))
		errx(2, "dump for %s: %s", operations[del].name, nl->message);
	while (list.count--) {
		nlh = nl_command(nl, buf, del, 0);
		mnl_attr_for_each(attr, list.object[list.count], sizeof(struct genlmsghdr))
			if (names & HAS(mnl_attr_get_type(attr)))
				mnl_attr_put(nlh, attr->nla_type, mnl_attr_get_payload_len(attr),
					     mnl_attr_get_payload(attr));
		free(list.object[list.count]);
		valid_try(nl, nlh, 0);
	}
}

static inline void valid_mirrors(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;

	valid_delete_all(nl, VSWITCH_CMD_MIRROR_GET, VSWITCH_CMD_MIRROR_DEL);
	nlh = nl_command(nl, buf, VSWITCH_CMD_MIRROR_NEW, 0);
	valid_mirror_name(nlh, "m0");
	valid_mirror_settings(nlh);
	valid_try(nl, nlh, 0);
}

static inline void valid_bindings(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	unsigned int way;

	valid_delete_all(nl, VSWITCH_CMD_BINDING_GET, VSWITCH_CMD_BINDING_DEL);
	for (way = 0; way < 2; way++) {
		nlh = nl_command(nl, buf, VSWITCH_CMD_BINDING_NEW, 0);
		valid_binding_request(nlh, VSWITCH_CMD_BINDING_GET, way);
		valid_try(nl, nlh, 0);
	}
}

static inline void valid_members(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	unsigned int way;

	nlh = nl_command(nl, buf, VSWITCH_CMD_MDB_FLUSH, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_MDB_SWITCH_NAME, "vs0");
	mnl_attr_put_u8(nlh, VSWITCH_A_MDB_PERMANENT, 1);
	valid_try(nl, nlh, 0);
	for (way = 0; way < 2; way++) {
		nlh = nl_command(nl, buf, VSWITCH_CMD_MDB_NEW, 0);
		valid_mdb_request(nlh, VSWITCH_CMD_MDB_DEL, way);
		mnl_attr_put_u8(nlh, VSWITCH_A_MDB_PERMANENT, 1);
		valid_try(nl, nlh, 0);
	}
}

/* All that @cmd means goes, from a switch that has it or not. */
static inline void valid_clear(struct nl *nl, const char *name, uint8_t cmd)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, cmd, 0);

	mnl_attr_put_strz(nlh, VSWITCH_A_FLOW_SWITCH_NAME, name);
	valid_try(nl, nlh, 0);
}

static inline void valid_table(struct nl *nl, uint8_t table)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, VSWITCH_CMD_FLOW_TABLE_SET, 0);

	mnl_attr_put_strz(nlh, VSWITCH_A_FLOW_TABLE_SWITCH_NAME, "vs0");
	mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_TABLE_TABLE, table);
	mnl_attr_put_u32(nlh, VSWITCH_A_FLOW_TABLE_MAX_FLOWS, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_TABLE_EVICT, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_FLOW_TABLE_MISS,
			table ? VSWITCH_FLOW_MISS_DROP : VSWITCH_FLOW_MISS_NORMAL);
	valid_try(nl, nlh, 0);
}

static inline void valid_note_bundle(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == VSWITCH_A_FLOW_BUNDLE)
			*(uint32_t *)data = mnl_attr_get_u32(attr);
}

/* One that is empty, instead of the one that was there. */
static inline void valid_new_bundle(struct nl *nl)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(nl, buf, VSWITCH_CMD_FLOW_BUNDLE_DEL, 0);

	valid_flow_request(nlh, VSWITCH_CMD_FLOW_BUNDLE_DEL, 0);
	valid_try(nl, nlh, ENOENT);
	nlh = nl_command(nl, buf, VSWITCH_CMD_FLOW_BUNDLE_NEW, 0);
	valid_flow_request(nlh, VSWITCH_CMD_FLOW_BUNDLE_NEW, 0);
	if (nl_request(nl, nlh, valid_note_bundle, &valid_bundle))
		errx(2, "can't begin a bundle: %s", nl->message);
}

static inline void valid_flows(struct nl *nl)
{
	static const char *const names[] = { "vs0", "vs9" };
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		valid_clear(nl, names[i], VSWITCH_CMD_FLOW_DEL);
		valid_clear(nl, names[i], VSWITCH_CMD_GROUP_DEL);
		valid_clear(nl, names[i], VSWITCH_CMD_METER_DEL);
	}
	valid_table(nl, 0);
	valid_table(nl, VALID_TABLE);
	nlh = nl_command(nl, buf, VSWITCH_CMD_METER_NEW, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_METER_SWITCH_NAME, "vs0");
	mnl_attr_put_u32(nlh, VSWITCH_A_METER_ID, VALID_ID);
	mnl_attr_put_u8(nlh, VSWITCH_A_METER_UNIT, VSWITCH_METER_UNIT_PPS);
	mnl_attr_put_u32(nlh, VSWITCH_A_METER_RATE, 2000);
	valid_try(nl, nlh, 0);
	nlh = nl_command(nl, buf, VSWITCH_CMD_GROUP_NEW, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_GROUP_SWITCH_NAME, "vs0");
	mnl_attr_put_u32(nlh, VSWITCH_A_GROUP_ID, VALID_ID);
	mnl_attr_put_u8(nlh, VSWITCH_A_GROUP_TYPE, VSWITCH_GROUP_TYPE_ALL);
	valid_bucket(nlh, 1, 1, 0);
	valid_try(nl, nlh, 0);
	nlh = nl_command(nl, buf, VSWITCH_CMD_FLOW_NEW, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_FLOW_SWITCH_NAME, "vs0");
	valid_entry(nlh, 0, 100);
	valid_entry(nlh, VALID_TABLE, 100);
	valid_try(nl, nlh, 0);
	valid_new_bundle(nl);
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
	valid_mirrors(nl);
	valid_bindings(nl);
	valid_members(nl);
	valid_flows(nl);
}

#endif
