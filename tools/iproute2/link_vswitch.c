// SPDX-License-Identifier: GPL-2.0
/*
 * ip link add ... type vswitch [ ageing_time CENTISECONDS ] [ fdb_max N ]
 *                              [ vlan_filtering { 0 | 1 } ]
 *                              [ vlan_protocol { 802.1Q | 802.1ad } ]
 *                              [ vlan_default_pvid VID ]
 *
 * The ageing time is in hundredths of a second here, and a flag is a number, as
 * ip(8) has them for the bridge.
 */
#include "link_util.h"

static const struct option options[] = {
	{ "ageing_time", IFLA_VSWITCH_AGEING_TIME, OPTION_CENTISECONDS, false },
	{ "fdb_max", IFLA_VSWITCH_FDB_MAX, OPTION_U32, false },
	{ "vlan_filtering", IFLA_VSWITCH_VLAN_FILTERING, OPTION_BIT, false },
	{ "vlan_protocol", IFLA_VSWITCH_VLAN_PROTOCOL, OPTION_VLAN_PROTOCOL, false },
	{ "vlan_default_pvid", IFLA_VSWITCH_VLAN_DEFAULT_PVID, OPTION_U16, false },
	{ "fdb_count", IFLA_VSWITCH_FDB_COUNT, OPTION_U32, true },
	{ "port_count", IFLA_VSWITCH_PORT_COUNT, OPTION_U32, true },
	{}
};

static int parse(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	return parse_options(options, lu, argc, argv, n);
}

static void print(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	print_options(options, f, tb);
}

static void help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	fputs("Usage: ... vswitch [ ageing_time CENTISECONDS ] [ fdb_max N ]\n"
	      "                   [ vlan_filtering { 0 | 1 } ]\n"
	      "                   [ vlan_protocol { 802.1Q | 802.1ad } ]\n"
	      "                   [ vlan_default_pvid VID ]\n", f);
}

struct link_util vswitch_link_util = {
	.id = "vswitch",
	.maxattr = IFLA_VSWITCH_MAX,
	.parse_opt = parse,
	.print_opt = print,
	.print_help = help,
};
