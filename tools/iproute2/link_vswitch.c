// SPDX-License-Identifier: GPL-2.0
/*
 * ip link add ... type vswitch [ ageing_time CENTISECONDS ] [ vlan_filtering { 0 | 1 } ] ...
 *
 * Times are in hundredths of a second here, and a flag is a number, as ip(8) has them
 * for the bridge; so are the names that the bridge has as well.
 */
#include "link_util.h"

#define NESTED(name, ATTR, TYPE) \
	{ name, VSWITCH_A_SWITCH_##ATTR, OPTION_##TYPE, OPTION_NESTED, NULL }
#define SHOWN(name, attr)	{ name, attr, OPTION_U32, OPTION_SHOWN, NULL }
#define POLICY(name, ATTR) \
	{ name, VSWITCH_A_SWITCH_##ATTR, OPTION_WORD, OPTION_NESTED, policy_words }

static const struct option options[] = {
	{ "ageing_time", IFLA_VSWITCH_AGEING_TIME, OPTION_CENTISECONDS, 0, NULL },
	{ "fdb_max", IFLA_VSWITCH_FDB_MAX, OPTION_U32, 0, NULL },
	{ "vlan_filtering", IFLA_VSWITCH_VLAN_FILTERING, OPTION_BIT, 0, NULL },
	{ "vlan_protocol", IFLA_VSWITCH_VLAN_PROTOCOL, OPTION_WORD, 0, vlan_protocol_words },
	{ "vlan_default_pvid", IFLA_VSWITCH_VLAN_DEFAULT_PVID, OPTION_U16, 0, NULL },
	SHOWN("fdb_count", IFLA_VSWITCH_FDB_COUNT),
	SHOWN("port_count", IFLA_VSWITCH_PORT_COUNT),
	NESTED("vlan_stats_enabled", VLAN_STATS, BIT),
	NESTED("mcast_snooping", MCAST_SNOOPING, BIT),
	NESTED("mcast_querier", MCAST_QUERIER, BIT),
	NESTED("mcast_igmp_version", MCAST_IGMP_VERSION, U8),
	NESTED("mcast_mld_version", MCAST_MLD_VERSION, U8),
	NESTED("mcast_last_member_count", MCAST_LAST_MEMBER_COUNT, U8),
	NESTED("mcast_last_member_interval", MCAST_LAST_MEMBER_INTERVAL, CENTISECONDS),
	NESTED("mcast_startup_query_count", MCAST_STARTUP_QUERY_COUNT, U8),
	NESTED("mcast_startup_query_interval", MCAST_STARTUP_QUERY_INTERVAL, CENTISECONDS),
	NESTED("mcast_membership_interval", MCAST_MEMBERSHIP_INTERVAL, CENTISECONDS),
	NESTED("mcast_querier_interval", MCAST_QUERIER_INTERVAL, CENTISECONDS),
	NESTED("mcast_query_interval", MCAST_QUERY_INTERVAL, CENTISECONDS),
	NESTED("mcast_query_response_interval", MCAST_QUERY_RESPONSE_INTERVAL, CENTISECONDS),
	NESTED("mcast_max_groups", MCAST_MAX_GROUPS, U32),
	NESTED("loop_interval", LOOP_INTERVAL, CENTISECONDS),
	NESTED("dhcp_guard", DHCP_GUARD, BIT),
	NESTED("ra_guard", RA_GUARD, BIT),
	POLICY("promiscuous", PROMISCUOUS),
	POLICY("mac_changes", MAC_CHANGES),
	POLICY("forged_transmits", FORGED_TRANSMITS),
	{}
};

static int parse(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	return parse_options(options, IFLA_VSWITCH_SETTINGS, lu, argc, argv, n);
}

static void print(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	print_options(options, IFLA_VSWITCH_SETTINGS, f, tb);
}

static void help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	fputs("Usage: ... vswitch [ ageing_time CENTISECONDS ] [ fdb_max N ]\n"
	      "                   [ vlan_filtering { 0 | 1 } ]\n"
	      "                   [ vlan_protocol { 802.1Q | 802.1ad } ]\n"
	      "                   [ vlan_default_pvid VID ] [ vlan_stats_enabled { 0 | 1 } ]\n"
	      "                   [ mcast_snooping { 0 | 1 } ] [ mcast_querier { 0 | 1 } ]\n"
	      "                   [ mcast_igmp_version { 2 | 3 } ] [ mcast_mld_version { 1 | 2 } ]\n"
	      "                   [ mcast_last_member_count N ]\n"
	      "                   [ mcast_last_member_interval CENTISECONDS ]\n"
	      "                   [ mcast_startup_query_count N ]\n"
	      "                   [ mcast_startup_query_interval CENTISECONDS ]\n"
	      "                   [ mcast_membership_interval CENTISECONDS ]\n"
	      "                   [ mcast_querier_interval CENTISECONDS ]\n"
	      "                   [ mcast_query_interval CENTISECONDS ]\n"
	      "                   [ mcast_query_response_interval CENTISECONDS ]\n"
	      "                   [ mcast_max_groups N ] [ loop_interval CENTISECONDS ]\n"
	      "                   [ dhcp_guard { 0 | 1 } ] [ ra_guard { 0 | 1 } ]\n"
	      "                   [ promiscuous POLICY ] [ mac_changes POLICY ]\n"
	      "                   [ forged_transmits POLICY ]\n"
	      "\n"
	      "POLICY := { accept | reject }\n", f);
}

struct link_util vswitch_link_util = {
	.id = "vswitch",
	.maxattr = IFLA_VSWITCH_MAX,
	.parse_opt = parse,
	.print_opt = print,
	.print_help = help,
};
