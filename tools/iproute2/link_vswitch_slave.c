// SPDX-License-Identifier: GPL-2.0
/* ip link set DEV type vswitch_slave [ learning on | off ] ... */
#include "link_util.h"

#define GUARD(name, ATTR, TYPE, flags) \
	{ name, VSWITCH_A_GUARD_##ATTR, OPTION_##TYPE, OPTION_NESTED | (flags), NULL }
#define STORM(name, ATTR)	GUARD("storm_" name, STORM_##ATTR, U32, OPTION_IF_ANY)
#define POLICY(name, ATTR) \
	{ name, VSWITCH_A_GUARD_##ATTR, OPTION_WORD, OPTION_NESTED | OPTION_IF_ANY, policy_words }
#define PORT(name, ATTR, TYPE, flags) \
	{ name, IFLA_VSWITCH_PORT_##ATTR, OPTION_##TYPE, flags, NULL }

static const struct option options[] = {
	PORT("number", NUMBER, U32, OPTION_SHOWN),
	PORT("learning", LEARNING, ON_OFF, 0),
	PORT("flood", FLOOD, ON_OFF, 0),
	PORT("mcast_flood", MCAST_FLOOD, ON_OFF, 0),
	PORT("bcast_flood", BCAST_FLOOD, ON_OFF, 0),
	PORT("hairpin", HAIRPIN, ON_OFF, 0),
	PORT("isolated", ISOLATED, ON_OFF, 0),
	PORT("neigh_suppress", NEIGH_SUPPRESS, ON_OFF, 0),
	PORT("group_fwd_mask", GROUP_FWD_MASK, HEX16, 0),
	PORT("fdb_max", FDB_MAX, U32, 0),
	PORT("fdb_count", FDB_COUNT, U32, OPTION_SHOWN),
	PORT("shut", SHUT, ON_OFF, 0),
	PORT("recovery", RECOVERY, CENTISECONDS, 0),
	PORT("state", STATE, U8, 0),
	PORT("bpdu_guard", BPDU_GUARD, ON_OFF, 0),
	/* the bridge's name for it */
	PORT("guard", BPDU_GUARD, ON_OFF, OPTION_SAID),
	PORT("bpdu_filter", BPDU_FILTER, ON_OFF, 0),
	PORT("loop_protect", LOOP_PROTECT, ON_OFF, 0),
	PORT("mcast_router", MCAST_ROUTER, U8, 0),
	PORT("mcast_is_router", MCAST_IS_ROUTER, ON_OFF, OPTION_SHOWN),
	PORT("mcast_fast_leave", MCAST_FAST_LEAVE, ON_OFF, 0),
	PORT("mcast_max_groups", MCAST_MAX_GROUPS, U32, 0),
	PORT("mcast_n_groups", MCAST_GROUP_COUNT, U32, OPTION_SHOWN),
	GUARD("locked", LOCKED, ON_OFF, 0),
	GUARD("mab", MAB, ON_OFF, 0),
	GUARD("max_macs", MAX_MACS, U32, 0),
	{ "violation", VSWITCH_A_GUARD_VIOLATION, OPTION_WORD, OPTION_NESTED, violation_words },
	GUARD("sticky_macs", STICKY_MACS, ON_OFF, 0),
	GUARD("source_guard", SOURCE_GUARD, ON_OFF, 0),
	GUARD("dhcp_guard", DHCP_GUARD, ON_OFF, 0),
	GUARD("dhcp_trusted", DHCP_TRUSTED, ON_OFF, 0),
	GUARD("ra_guard", RA_GUARD, ON_OFF, 0),
	GUARD("ra_trusted", RA_TRUSTED, ON_OFF, 0),
	STORM("broadcast_pps", BROADCAST_PPS),
	STORM("broadcast_kbps", BROADCAST_KBPS),
	STORM("multicast_pps", MULTICAST_PPS),
	STORM("multicast_kbps", MULTICAST_KBPS),
	STORM("unknown_pps", UNKNOWN_PPS),
	STORM("unknown_kbps", UNKNOWN_KBPS),
	POLICY("promiscuous", PROMISCUOUS),
	POLICY("mac_changes", MAC_CHANGES),
	POLICY("forged_transmits", FORGED_TRANSMITS),
	{}
};

static int parse(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	return parse_options(options, IFLA_VSWITCH_PORT_GUARD, lu, argc, argv, n);
}

static void print(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	print_options(options, IFLA_VSWITCH_PORT_GUARD, f, tb);
}

static void help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	fputs("Usage: ... vswitch_slave [ learning { on | off } ] [ flood { on | off } ]\n"
	      "                         [ mcast_flood { on | off } ] [ bcast_flood { on | off } ]\n"
	      "                         [ hairpin { on | off } ] [ isolated { on | off } ]\n"
	      "                         [ neigh_suppress { on | off } ]\n"
	      "                         [ group_fwd_mask MASK ] [ fdb_max N ]\n"
	      "                         [ shut { on | off } ] [ recovery CENTISECONDS ]\n"
	      "                         [ state STATE ] [ bpdu_guard { on | off } ]\n"
	      "                         [ bpdu_filter { on | off } ]\n"
	      "                         [ loop_protect { on | off } ]\n"
	      "                         [ mcast_router MODE ] [ mcast_fast_leave { on | off } ]\n"
	      "                         [ mcast_max_groups N ]\n"
	      "                         [ locked { on | off } ] [ mab { on | off } ]\n"
	      "                         [ max_macs N ] [ sticky_macs { on | off } ]\n"
	      "                         [ violation { protect | restrict | shutdown } ]\n"
	      "                         [ source_guard { on | off } ]\n"
	      "                         [ dhcp_guard { on | off } ] [ dhcp_trusted { on | off } ]\n"
	      "                         [ ra_guard { on | off } ] [ ra_trusted { on | off } ]\n"
	      "                         [ storm_TRAFFIC_pps N ] [ storm_TRAFFIC_kbps N ]\n"
	      "                         [ promiscuous POLICY ] [ mac_changes POLICY ]\n"
	      "                         [ forged_transmits POLICY ]\n"
	      "\n"
	      "TRAFFIC := { broadcast | multicast | unknown }\n"
	      "POLICY := { inherit | accept | reject }\n"
	      "MODE := 0 never, 1 as it is heard, 2 always, 3 for a while\n"
	      "STATE := 0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking\n", f);
}

struct link_util vswitch_slave_link_util = {
	.id = "vswitch_slave",
	.maxattr = IFLA_VSWITCH_PORT_MAX,
	.parse_opt = parse,
	.print_opt = print,
	.print_help = help,
};
