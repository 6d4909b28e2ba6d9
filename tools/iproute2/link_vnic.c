// SPDX-License-Identifier: GPL-2.0
/* ip link add link SWITCH ... type vnic; its port is set by vsw(8). */
#include "link_util.h"

static const struct option options[] = {
	{ "port_number", IFLA_VNIC_PORT_NUMBER, OPTION_U32, OPTION_SHOWN, NULL },
	{}
};

static int parse(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	return parse_options(options, 0, lu, argc, argv, n);
}

static void print(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	print_options(options, 0, f, tb);
}

static void help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	fputs("Usage: ... link SWITCH ... vnic\n", f);
}

struct link_util vnic_link_util = {
	.id = "vnic",
	.maxattr = IFLA_VNIC_MAX,
	.parse_opt = parse,
	.print_opt = print,
	.print_help = help,
};
