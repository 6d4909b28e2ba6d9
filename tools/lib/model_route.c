// SPDX-License-Identifier: GPL-2.0
/* Routes and rules as kinds, and the words of their values. */
#include <stdio.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "model_route.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define NEXTHOP(key, ATTR, kind, member) \
	{ key, NEXTHOP_##ATTR, kind, offsetof(struct vsw_nexthop, member), NULL }
#define ROUTE(key, ATTR, kind, member) \
	{ key, ROUTE_##ATTR, kind, offsetof(struct vsw_route, member), NULL }
#define RULE(key, ATTR, kind, member) \
	{ key, RULE_##ATTR, kind, offsetof(struct vsw_rule, member), NULL }

/* In the order in which JSON has them; the keys are those of ip(8) as far as it has them. */

static const struct field nexthop_fields[] = {
	NEXTHOP("gateway", GATEWAY, FIELD_IP, gateway),
	NEXTHOP("dev", DEV, FIELD_NAME, dev),
	NEXTHOP("ifindex", IFINDEX, FIELD_U32, ifindex),
	NEXTHOP("weight", WEIGHT, FIELD_U32, weight),
	NEXTHOP("flags", FLAGS, FIELD_NEXTHOP_FLAGS, flags),
};

static const struct field route_fields[] = {
	ROUTE("family", FAMILY, FIELD_FAMILY, family),
	ROUTE("type", TYPE, FIELD_ROUTE_TYPE, type),
	ROUTE("dst", DST, FIELD_NET, dst),
	ROUTE("from", FROM, FIELD_NET, from),
	ROUTE("tos", TOS, FIELD_U8, tos),
	ROUTE("table", TABLE, FIELD_U32, table),
	ROUTE("vrf", VRF, FIELD_NAME, vrf),
	ROUTE("protocol", PROTOCOL, FIELD_ROUTE_PROTOCOL, protocol),
	ROUTE("scope", SCOPE, FIELD_ROUTE_SCOPE, scope),
	ROUTE("metric", METRIC, FIELD_U32, metric),
	ROUTE("prefsrc", SRC, FIELD_IP, src),
	ROUTE("mtu", MTU, FIELD_U32, mtu),
	ROUTE("nexthops", NEXTHOPS, FIELD_NEXTHOPS, nexthops),
};

static const struct field rule_fields[] = {
	RULE("family", FAMILY, FIELD_FAMILY, family),
	RULE("priority", PRIORITY, FIELD_U32, priority),
	RULE("src", FROM, FIELD_NET, from),
	RULE("dst", TO, FIELD_NET, to),
	RULE("iif", IIF, FIELD_NAME, iif),
	RULE("oif", OIF, FIELD_NAME, oif),
	RULE("fwmark", MARK, FIELD_U32, mark),
	RULE("fwmask", MASK, FIELD_U32, mask),
	RULE("tos", TOS, FIELD_U8, tos),
	RULE("ipproto", IP_PROTOCOL, FIELD_IP_PROTOCOL, ip_protocol),
	RULE("sport", SPORT, FIELD_U16, sport),
	RULE("sport-last", SPORT_LAST, FIELD_U16, sport_last),
	RULE("dport", DPORT, FIELD_U16, dport),
	RULE("dport-last", DPORT_LAST, FIELD_U16, dport_last),
	RULE("action", ACTION, FIELD_RULE_ACTION, action),
	RULE("table", TABLE, FIELD_U32, table),
	RULE("vrf", VRF, FIELD_NAME, vrf),
	RULE("goto", GOTO, FIELD_U32, goto_priority),
	RULE("l3mdev", L3MDEV, FIELD_BOOL, l3mdev),
	RULE("protocol", PROTOCOL, FIELD_ROUTE_PROTOCOL, protocol),
	RULE("also", ALSO, FIELD_RULE_ALSO, also),
};

const struct kind kind_nexthop = {
	"nexthop", sizeof(struct vsw_nexthop), nexthop_fields, ARRAY_SIZE(nexthop_fields)
};

const struct kind kind_route = {
	"route", sizeof(struct vsw_route), route_fields, ARRAY_SIZE(route_fields)
};

const struct kind kind_rule = {
	"rule", sizeof(struct vsw_rule), rule_fields, ARRAY_SIZE(rule_fields)
};

/* ---- words of values -------------------------------------------------------------- */

struct word {
	unsigned int value;
	const char *text;
};

static const struct word type_words[] = {
	{ RTN_UNICAST, "unicast" }, { RTN_LOCAL, "local" }, { RTN_BROADCAST, "broadcast" },
	{ RTN_ANYCAST, "anycast" }, { RTN_MULTICAST, "multicast" },
	{ RTN_BLACKHOLE, "blackhole" }, { RTN_UNREACHABLE, "unreachable" },
	{ RTN_PROHIBIT, "prohibit" }, { RTN_THROW, "throw" },
};

static const struct word protocol_words[] = {
	{ RTPROT_UNSPEC, "unspec" }, { RTPROT_REDIRECT, "redirect" }, { RTPROT_KERNEL, "kernel" }, { RTPROT_BOOT, "boot" },
	{ RTPROT_STATIC, "static" }, { RTPROT_RA, "ra" }, { RTPROT_DHCP, "dhcp" },
	{ RTPROT_ZEBRA, "zebra" }, { RTPROT_BIRD, "bird" }, { RTPROT_BABEL, "babel" },
	{ RTPROT_BGP, "bgp" }, { RTPROT_ISIS, "isis" }, { RTPROT_OSPF, "ospf" },
	{ RTPROT_RIP, "rip" }, { RTPROT_EIGRP, "eigrp" },
};

static const struct word scope_words[] = {
	{ RT_SCOPE_UNIVERSE, "global" }, { RT_SCOPE_SITE, "site" }, { RT_SCOPE_LINK, "link" },
	{ RT_SCOPE_HOST, "host" }, { RT_SCOPE_NOWHERE, "nowhere" },
};

/* Of flags and what is also there, the bits. */
static const struct word flag_words[] = {
	{ 0, "dead" }, { 1, "pervasive" }, { 2, "onlink" }, { 3, "offload" },
	{ 4, "linkdown" }, { 5, "unresolved" }, { 6, "trap" },
};

static const struct word action_words[] = {
	{ FR_ACT_TO_TBL, "table" }, { FR_ACT_GOTO, "goto" }, { FR_ACT_NOP, "nop" },
	{ FR_ACT_BLACKHOLE, "blackhole" }, { FR_ACT_UNREACHABLE, "unreachable" },
	{ FR_ACT_PROHIBIT, "prohibit" },
};

static const struct word also_words[] = {
	{ RULE_ALSO_NOT, "not" }, { RULE_ALSO_UIDRANGE, "uidrange" },
	{ RULE_ALSO_TUN_ID, "tun_id" }, { RULE_ALSO_SUPPRESS, "suppress" },
};

#define WORDS(type, words) [(type) - FIELD_ROUTE_TYPE] = { words, ARRAY_SIZE(words) }

static const struct {
	const struct word *word;
	size_t n;
} enumerations[] = {
	WORDS(FIELD_ROUTE_TYPE, type_words),
	WORDS(FIELD_ROUTE_PROTOCOL, protocol_words),
	WORDS(FIELD_ROUTE_SCOPE, scope_words),
	WORDS(FIELD_RULE_ACTION, action_words),
	WORDS(FIELD_NEXTHOP_FLAGS, flag_words),
	WORDS(FIELD_RULE_ALSO, also_words),
};

const char *route_word(unsigned int field_type, unsigned int value)
{
	size_t type = field_type - FIELD_ROUTE_TYPE, i;

	for (i = 0; i < enumerations[type].n; i++)
		if (enumerations[type].word[i].value == value)
			return enumerations[type].word[i].text;
	return NULL;
}

int route_word_find(unsigned int field_type, const char *word)
{
	size_t type = field_type - FIELD_ROUTE_TYPE, i;

	for (i = 0; i < enumerations[type].n; i++)
		if (!strcmp(enumerations[type].word[i].text, word))
			return enumerations[type].word[i].value;
	return -1;
}

const char *route_words(unsigned int field_type, char text[ROUTE_WORDS_SIZE])
{
	size_t type = field_type - FIELD_ROUTE_TYPE, i, len = 0;

	text[0] = '\0';
	for (i = 0; i < enumerations[type].n && len < ROUTE_WORDS_SIZE; i++)
		len += snprintf(text + len, ROUTE_WORDS_SIZE - len, "%s%s", i ? ", " : "",
				enumerations[type].word[i].text);
	return text;
}

const char *route_table_word(uint32_t table)
{
	switch (table) {
	case RT_TABLE_MAIN:
		return "main";
	case RT_TABLE_LOCAL:
		return "local";
	case RT_TABLE_DEFAULT:
		return "default";
	}
	return NULL;
}
