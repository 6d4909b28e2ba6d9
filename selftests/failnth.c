// SPDX-License-Identifier: GPL-2.0
/*
 * Lets the first, the second, the third ... allocation of every operation fail
 * until one runs through, and looks each time at what is left: an operation that
 * succeeded has done all, one that says ENOMEM has done nothing. Needs a kernel
 * with /proc/self/fail-nth, runs in the scene of valid.h.
 *
 *   failnth [OPERATION [N]]
 *
 * With N only that allocation of OPERATION fails.
 *
 * Prints a line for each operation, "NAME: N allocations failed", and "WRONG".
 * Exit status 1 when one was wrong, 4 without fail-nth.
 */
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "contract.h"
#include "state.h"
#include "valid.h"
#include "failnth.h"

/* One attribute of a port or of a switch, so that each has its own failures. */
static struct nlmsghdr *build_alias(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_PORT_SET, 0);

	(void)arg;
	valid_port_name(nlh, NULL);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_ALIAS, "whose it is");
	return nlh;
}

static struct nlmsghdr *build_vlans(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_PORT_SET, 0);

	(void)arg;
	valid_port_name(nlh, "p0");
	valid_port_vlans(nlh);
	return nlh;
}

static struct nlmsghdr *build_filtering(char *buf, unsigned int on)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_SWITCH_SET, 0);

	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_FILTERING, on);
	return nlh;
}

static struct nlmsghdr *build_snooping(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_SWITCH_SET, 0);

	(void)arg;
	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_MCAST_SNOOPING, 1);
	return nlh;
}

static struct nlmsghdr *build_vlan_stats(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_SWITCH_SET, 0);

	(void)arg;
	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
	mnl_attr_put_u8(nlh, VSWITCH_A_SWITCH_VLAN_STATS, 1);
	return nlh;
}

static struct nlmsghdr *build_guard(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_PORT_SET, 0);

	(void)arg;
	valid_port_name(nlh, "p0");
	valid_guard(nlh, true, true);
	return nlh;
}

static struct nlmsghdr *build_tunnel(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_PORT_SET, 0);

	(void)arg;
	valid_port_name(nlh, "p0");
	valid_port_tunnel(nlh);
	return nlh;
}

/* A switch with ports and a vnic. */
static struct nlmsghdr *build_del_full(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_SWITCH_DEL, 0);

	(void)arg;
	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
	return nlh;
}

static struct nlmsghdr *build_link(char *buf, uint16_t type, uint16_t flags, const char *name)
{
	struct nlmsghdr *nlh = nl_start(&route, buf, type, flags);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	return nlh;
}

static struct nlmsghdr *build_newlink(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh;
	struct nlattr *info, *data;

	(void)arg;
	nlh = build_link(buf, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, "vs1");
	mnl_attr_put(nlh, IFLA_ADDRESS, 6, VALID_SWITCH_MAC);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_str(nlh, IFLA_INFO_KIND, "vswitch");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put_u32(nlh, 1, 60000);	/* IFLA_VSWITCH_AGEING_TIME */
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return nlh;
}

static struct nlmsghdr *build_dellink(char *buf, unsigned int arg)
{
	(void)arg;
	return build_link(buf, RTM_DELLINK, 0, "vs9");
}

/* Another vnic, here or where the other one is. */
static struct nlmsghdr *build_vnic(char *buf, unsigned int abroad)
{
	return valid_vnic_request(&route, buf, "v0", abroad ? valid_netns : -1);
}

static struct nlmsghdr *build_vnic_del(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_start(&valid_abroad, buf, RTM_DELLINK, 0);

	(void)arg;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, "c0");
	return nlh;
}

/* Device d0 gets vs0 as its master, or p1 loses it. */
static struct nlmsghdr *build_master(char *buf, unsigned int join)
{
	struct nlmsghdr *nlh = build_link(buf, RTM_SETLINK, 0, join ? "d0" : "p1");

	mnl_attr_put_u32(nlh, IFLA_MASTER, join ? if_nametoindex("vs0") : 0);
	return nlh;
}

static struct nlmsghdr *build_change(char *buf, unsigned int mtu)
{
	struct nlmsghdr *nlh = build_link(buf, RTM_SETLINK, 0, "vs0");

	if (mtu)
		mnl_attr_put_u32(nlh, IFLA_MTU, mtu);
	else
		mnl_attr_put(nlh, IFLA_ADDRESS, 6, VALID_NEW_MAC);
	return nlh;
}

/*
 * Of the sources of a group one can't tell whether there are too many or memory is
 * short. To make a device may end with EINVAL: netdev_register_kobject() of the core
 * ignores that dev_set_name() found no memory, device_add() then finds no name.
 */
static const struct attempt attempts[] = {
	{ "switch-new", &nl, build_genl, VSWITCH_CMD_SWITCH_NEW, EINVAL },
	{ "switch-set", &nl, build_genl, VSWITCH_CMD_SWITCH_SET, 0 },
	{ "switch-set-filtering", &nl, build_filtering, 1, 0 },
	{ "switch-set-snooping", &nl, build_snooping, 0, 0 },
	{ "switch-set-vlan-stats", &nl, build_vlan_stats, 0, 0 },
	{ "switch-del", &nl, build_genl, VSWITCH_CMD_SWITCH_DEL, 0 },
	{ "switch-get", &nl, build_genl, VSWITCH_CMD_SWITCH_GET, 0 },
	{ "switch-dump", &nl, build_dump, VSWITCH_CMD_SWITCH_GET, 0 },
	{ "port-new", &nl, build_genl, VSWITCH_CMD_PORT_NEW, 0 },
	{ "port-set", &nl, build_genl, VSWITCH_CMD_PORT_SET, 0 },
	{ "port-set-vlans", &nl, build_vlans, 0, 0 },
	{ "port-set-guard", &nl, build_guard, 0, 0 },
	{ "port-set-tunnel", &nl, build_tunnel, 0, 0 },
	{ "port-set-alias", &nl, build_alias, 0, 0 },
	{ "port-set-vnic", &nl, build_genl, WAY(1, VSWITCH_CMD_PORT_SET), 0 },
	{ "port-set-host", &nl, build_genl, WAY(2, VSWITCH_CMD_PORT_SET), 0 },
	{ "port-del", &nl, build_genl, VSWITCH_CMD_PORT_DEL, 0 },
	{ "port-del-vnic", &nl, build_genl, WAY(1, VSWITCH_CMD_PORT_DEL), 0 },
	{ "port-get", &nl, build_genl, VSWITCH_CMD_PORT_GET, 0 },
	{ "port-dump", &nl, build_dump, VSWITCH_CMD_PORT_GET, 0 },
	{ "port-get-vnic", &nl, build_genl, WAY(1, VSWITCH_CMD_PORT_GET), 0 },
	{ "fdb-new", &nl, build_genl, VSWITCH_CMD_FDB_NEW, 0 },
	{ "fdb-new-vlan", &nl, build_genl, WAY(1, VSWITCH_CMD_FDB_NEW), 0 },
	{ "fdb-set", &nl, build_genl, VSWITCH_CMD_FDB_SET, 0 },
	{ "fdb-set-vlan", &nl, build_genl, WAY(1, VSWITCH_CMD_FDB_SET), 0 },
	{ "fdb-del", &nl, build_genl, VSWITCH_CMD_FDB_DEL, 0 },
	{ "fdb-del-vlan", &nl, build_genl, WAY(1, VSWITCH_CMD_FDB_DEL), 0 },
	{ "fdb-get", &nl, build_genl, VSWITCH_CMD_FDB_GET, 0 },
	{ "fdb-dump", &nl, build_dump, VSWITCH_CMD_FDB_GET, 0 },
	{ "fdb-flush", &nl, build_genl, VSWITCH_CMD_FDB_FLUSH, 0 },
	{ "binding-new", &nl, build_genl, VSWITCH_CMD_BINDING_NEW, 0 },
	{ "binding-new-prefix", &nl, build_genl, WAY(1, VSWITCH_CMD_BINDING_NEW), 0 },
	{ "binding-del", &nl, build_genl, VSWITCH_CMD_BINDING_DEL, 0 },
	{ "binding-get", &nl, build_genl, VSWITCH_CMD_BINDING_GET, 0 },
	{ "binding-dump", &nl, build_dump, VSWITCH_CMD_BINDING_GET, 0 },
	{ "mirror-new", &nl, build_genl, VSWITCH_CMD_MIRROR_NEW, 0 },
	{ "mirror-new-port", &nl, build_genl, WAY(1, VSWITCH_CMD_MIRROR_NEW), 0 },
	{ "mirror-set", &nl, build_genl, VSWITCH_CMD_MIRROR_SET, 0 },
	{ "mirror-set-port", &nl, build_genl, WAY(1, VSWITCH_CMD_MIRROR_SET), 0 },
	{ "mirror-del", &nl, build_genl, VSWITCH_CMD_MIRROR_DEL, 0 },
	{ "mirror-get", &nl, build_genl, VSWITCH_CMD_MIRROR_GET, 0 },
	{ "mirror-dump", &nl, build_dump, VSWITCH_CMD_MIRROR_GET, 0 },
	{ "mdb-new", &nl, build_genl, VSWITCH_CMD_MDB_NEW, ENOSPC },
	{ "mdb-new-all", &nl, build_genl, WAY(1, VSWITCH_CMD_MDB_NEW), 0 },
	{ "mdb-del", &nl, build_genl, VSWITCH_CMD_MDB_DEL, 0 },
	{ "mdb-get", &nl, build_genl, VSWITCH_CMD_MDB_GET, 0 },
	{ "mdb-dump", &nl, build_dump, VSWITCH_CMD_MDB_GET, 0 },
	{ "mdb-flush", &nl, build_genl, VSWITCH_CMD_MDB_FLUSH, 0 },
	{ "vlan-get", &nl, build_genl, VSWITCH_CMD_VLAN_GET, 0 },
	{ "vlan-dump", &nl, build_dump, VSWITCH_CMD_VLAN_GET, 0 },
	{ "flow-new", &nl, build_genl, VSWITCH_CMD_FLOW_NEW, 0 },
	{ "flow-new-bundle", &nl, build_genl, WAY(1, VSWITCH_CMD_FLOW_NEW), 0 },
	{ "flow-set", &nl, build_genl, VSWITCH_CMD_FLOW_SET, 0 },
	{ "flow-set-cookie", &nl, build_genl, WAY(1, VSWITCH_CMD_FLOW_SET), 0 },
	{ "flow-del", &nl, build_genl, VSWITCH_CMD_FLOW_DEL, 0 },
	{ "flow-get", &nl, build_genl, VSWITCH_CMD_FLOW_GET, 0 },
	{ "flow-dump", &nl, build_dump, VSWITCH_CMD_FLOW_GET, 0 },
	{ "flow-bundle-new", &nl, build_genl, VSWITCH_CMD_FLOW_BUNDLE_NEW, 0 },
	{ "flow-bundle-commit", &nl, build_genl, VSWITCH_CMD_FLOW_BUNDLE_COMMIT, 0 },
	{ "flow-bundle-del", &nl, build_genl, VSWITCH_CMD_FLOW_BUNDLE_DEL, 0 },
	{ "flow-table-set", &nl, build_genl, VSWITCH_CMD_FLOW_TABLE_SET, 0 },
	{ "flow-table-get", &nl, build_genl, VSWITCH_CMD_FLOW_TABLE_GET, 0 },
	{ "flow-table-dump", &nl, build_dump, VSWITCH_CMD_FLOW_TABLE_GET, 0 },
	{ "group-new", &nl, build_genl, VSWITCH_CMD_GROUP_NEW, 0 },
	{ "group-set", &nl, build_genl, VSWITCH_CMD_GROUP_SET, 0 },
	{ "group-del", &nl, build_genl, VSWITCH_CMD_GROUP_DEL, 0 },
	{ "group-get", &nl, build_genl, VSWITCH_CMD_GROUP_GET, 0 },
	{ "group-dump", &nl, build_dump, VSWITCH_CMD_GROUP_GET, 0 },
	{ "meter-new", &nl, build_genl, VSWITCH_CMD_METER_NEW, 0 },
	{ "meter-set", &nl, build_genl, VSWITCH_CMD_METER_SET, 0 },
	{ "meter-del", &nl, build_genl, VSWITCH_CMD_METER_DEL, 0 },
	{ "meter-get", &nl, build_genl, VSWITCH_CMD_METER_GET, 0 },
	{ "meter-dump", &nl, build_dump, VSWITCH_CMD_METER_GET, 0 },
	{ "trace", &nl, build_genl, VSWITCH_CMD_TRACE, 0 },
	{ "link-add", &route, build_newlink, 0, EINVAL },
	{ "link-del", &route, build_dellink, 0, 0 },
	{ "link-master", &route, build_master, 1, 0 },
	{ "link-nomaster", &route, build_master, 0, 0 },
	{ "link-mtu", &route, build_change, 1300, 0 },
	{ "link-address", &route, build_change, 0, 0 },
	{ "vnic-add", &route, build_vnic, 0, EINVAL },
	{ "vnic-add-abroad", &route, build_vnic, 1, EINVAL },
	{ "vnic-del", &valid_abroad, build_vnic_del, 0, 0 },
	{ "switch-del-full", &nl, build_del_full, 0, 0 },
};

static void restore(void)
{
	char buf[REQUEST_MAX];
	struct nl *there[] = { &route, &valid_abroad };
	struct nlmsghdr *nlh;
	unsigned int i;

	/* First of all: it has a number that is another one's. */
	for (i = 0; i < 2; i++) {
		nlh = nl_start(there[i], buf, RTM_DELLINK, 0);
		mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
		mnl_attr_put_strz(nlh, IFLA_IFNAME, "v0");
		valid_try(there[i], nlh, ENODEV);
	}
	valid_restore(&nl);
}

/* Events are made only for those who listen. What comes is not read. */
static void listen_to_all(void)
{
	static struct nl listener;
	unsigned int i;

	nl_open_family(&listener, VSWITCH_FAMILY_NAME);
	for (i = 0; i < listener.group_count; i++)
		if (mnl_socket_setsockopt(listener.sock, NETLINK_ADD_MEMBERSHIP,
					  &listener.groups[i], sizeof(listener.groups[i])))
			err(2, "NETLINK_ADD_MEMBERSHIP");
	if (listener.group_count != 9)
		errx(2, "%u groups", listener.group_count);
}

int main(int argc, char **argv)
{
	begin(VSWITCH_FAMILY_NAME);
	listen_to_all();
	valid_open(&nl);
	state_abroad = &valid_abroad;
	be_patient(&valid_abroad);
	run_attempts(attempts, sizeof(attempts) / sizeof(*attempts), argc, argv);
	printf("%u\n", wrong);
	return wrong != 0;
}
