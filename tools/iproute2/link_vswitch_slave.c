// SPDX-License-Identifier: GPL-2.0
/* ip link set DEV type vswitch_slave [ learning on | off ] ... */
#include "link_util.h"

static const struct option options[] = {
	{ "number", IFLA_VSWITCH_PORT_NUMBER, OPTION_U32, true },
	{ "learning", IFLA_VSWITCH_PORT_LEARNING, OPTION_ON_OFF, false },
	{ "flood", IFLA_VSWITCH_PORT_FLOOD, OPTION_ON_OFF, false },
	{ "mcast_flood", IFLA_VSWITCH_PORT_MCAST_FLOOD, OPTION_ON_OFF, false },
	{ "bcast_flood", IFLA_VSWITCH_PORT_BCAST_FLOOD, OPTION_ON_OFF, false },
	{ "hairpin", IFLA_VSWITCH_PORT_HAIRPIN, OPTION_ON_OFF, false },
	{ "isolated", IFLA_VSWITCH_PORT_ISOLATED, OPTION_ON_OFF, false },
	{ "group_fwd_mask", IFLA_VSWITCH_PORT_GROUP_FWD_MASK, OPTION_HEX16, false },
	{ "fdb_max", IFLA_VSWITCH_PORT_FDB_MAX, OPTION_U32, false },
	{ "fdb_count", IFLA_VSWITCH_PORT_FDB_COUNT, OPTION_U32, true },
	{ "shut", IFLA_VSWITCH_PORT_SHUT, OPTION_ON_OFF, false },
	{ "recovery", IFLA_VSWITCH_PORT_RECOVERY, OPTION_CENTISECONDS, false },
	{ "state", IFLA_VSWITCH_PORT_STATE, OPTION_U8, false },
	{ "bpdu_guard", IFLA_VSWITCH_PORT_BPDU_GUARD, OPTION_ON_OFF, false },
	{ "bpdu_filter", IFLA_VSWITCH_PORT_BPDU_FILTER, OPTION_ON_OFF, false },
	{ "loop_protect", IFLA_VSWITCH_PORT_LOOP_PROTECT, OPTION_ON_OFF, false },
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
	fputs("Usage: ... vswitch_slave [ learning { on | off } ] [ flood { on | off } ]\n"
	      "                         [ mcast_flood { on | off } ] [ bcast_flood { on | off } ]\n"
	      "                         [ hairpin { on | off } ] [ isolated { on | off } ]\n"
	      "                         [ group_fwd_mask MASK ] [ fdb_max N ]\n"
	      "                         [ shut { on | off } ] [ recovery CENTISECONDS ]\n"
	      "                         [ state STATE ] [ bpdu_guard { on | off } ]\n"
	      "                         [ bpdu_filter { on | off } ]\n"
	      "                         [ loop_protect { on | off } ]\n", f);
}

struct link_util vswitch_slave_link_util = {
	.id = "vswitch_slave",
	.maxattr = IFLA_VSWITCH_PORT_MAX,
	.parse_opt = parse,
	.print_opt = print,
	.print_help = help,
};
