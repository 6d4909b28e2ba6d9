// SPDX-License-Identifier: GPL-2.0
/* Rules of security groups <-> flows. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

_Static_assert(ACL_TABLE == 200 && ACL_ZONE == 64000, "texts below have other numbers");

/*
 * A bit of a register says that a packet was allowed, and is not asked again. It is ct that
 * can go back to an earlier table, and has what is set for misses there hold.
 */
#define PASS	"set_field:0x80000000/0x80000000->reg7,ct(table=0,zone=64000)"
#define COMMIT	"set_field:0x80000000/0x80000000->reg7,ct(commit,table=0,zone=64000)"
#define NOT_YET	"reg7=0/0x80000000"

#define ACL(key, SAID, kind, member) \
	{ key, ACL_SAID_##SAID, kind, offsetof(struct vsw_acl, member), NULL }

static const struct field fields[] = {
	ACL("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	ACL("number", NUMBER, FIELD_U16, number),
	ACL("port-number", PORT_NUMBER, FIELD_U32, port_number),
	ACL("port-name", PORT_NAME, FIELD_TEXT, port_name),
	ACL("direction", DIRECTION, FIELD_NAME, direction),
	ACL("action", ACTION, FIELD_NAME, action),
	ACL("protocol", PROTOCOL, FIELD_NAME, protocol),
	ACL("ports", PORTS, FIELD_NAME, ports),
	ACL("net", NET, FIELD_TEXT, net),
	ACL("packets", PACKETS, FIELD_U64, packets),
	ACL("bytes", BYTES, FIELD_U64, bytes),
};

const struct kind kind_acl = { "acl", sizeof(struct vsw_acl), fields, ARRAY_SIZE(fields) };

uint64_t acl_cookie(enum acl_part part, uint32_t port_number, unsigned int number)
{
	return ACL_COOKIE | (uint64_t)part << 32 | (uint64_t)(port_number + 1) << 16 | number;
}

/* ---- rules -> flows ------------------------------------------------------------------ */

static void print_frame_flow(FILE *out, unsigned int table, unsigned int priority,
			     const char *rest)
{
	fprintf(out, "cookie=%#" PRIx64 ",table=%u,priority=%u,%s\n", ACL_COOKIE, table, priority,
		rest);
}

/* What all ports with rules have in common. */
void acl_print_frame(FILE *out)
{
	static const char * const solicits[] = { "133", "134", "135", "136", "137" };
	static const char * const families[] = { "ip", "ipv6" };
	char text[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(solicits); i++) {
		snprintf(text, sizeof(text), "icmp6,icmpv6_type=%s,actions=" PASS, solicits[i]);
		print_frame_flow(out, ACL_TABLE, 100, text);
	}
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		snprintf(text, sizeof(text), "%s,actions=ct(table=201,zone=64000)", families[i]);
		print_frame_flow(out, ACL_TABLE, 1, text);
		snprintf(text, sizeof(text), "%s,ct_state=+est,actions=" PASS, families[i]);
		print_frame_flow(out, ACL_TABLE + 1, 65001, text);
		snprintf(text, sizeof(text), "%s,actions=" COMMIT, families[i]);
		print_frame_flow(out, ACL_TABLE + 3, 1, text);
	}
	print_frame_flow(out, ACL_TABLE + 1, 65002, "ct_state=+inv,actions=drop(acl invalid)");
	print_frame_flow(out, ACL_TABLE + 1, 65000, "ct_state=+rel,actions=goto_table:203");
	print_frame_flow(out, ACL_TABLE + 1, 0, "actions=goto_table:202");
	print_frame_flow(out, ACL_TABLE + 2, 0, "actions=goto_table:203");
}

/* NULL: the port itself. */
static void print_place(FILE *out, const struct vsw_acl *acl, const uint8_t *mac)
{
	if (mac)
		fprintf(out, ",dl_dst=%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
			mac[3], mac[4], mac[5]);
	else
		fprintf(out, ",in_port=%u", acl->port_number);
}

/* The i-th way to know packets of the port; NULL is the port itself. */
static const uint8_t *way(const struct vsw_acl *acl, const struct acl_macs *macs, size_t i)
{
	return acl_is_in(acl) ? macs->mac[i] : NULL;
}

static size_t n_ways(const struct vsw_acl *acl, const struct acl_macs *macs)
{
	return acl_is_in(acl) ? macs->n : 1;
}

static void print_hook(FILE *out, const struct vsw_acl *acl, const uint8_t *mac)
{
	static const char * const families[] = { "ip", "ipv6" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		fprintf(out, "cookie=%#" PRIx64 ",table=0,priority=65535,%s," NOT_YET,
			acl_cookie(ACL_HOOK, acl->port_number, 0), families[i]);
		print_place(out, acl, mac);
		fprintf(out, ",actions=goto_table:%u\n", ACL_TABLE);
	}
}

/* Of both directions, whatever the rule is of: answers are known only if all is tracked. */
void acl_print_hooks(FILE *out, const struct vsw_acl *acl, const struct acl_macs *macs)
{
	size_t i;

	print_hook(out, acl, NULL);
	for (i = 0; i < macs->n; i++)
		print_hook(out, acl, macs->mac[i]);
}

static unsigned int table_of(const struct vsw_acl *acl)
{
	return ACL_TABLE + (acl_is_in(acl) ? 2 : 1);
}

void acl_print_policy(FILE *out, const struct vsw_acl *acl, bool allow,
		      const struct acl_macs *macs)
{
	enum acl_part part = acl_is_in(acl) ? ACL_POLICY_IN : ACL_POLICY_OUT;
	size_t i;

	for (i = 0; i < n_ways(acl, macs); i++) {
		fprintf(out, "cookie=%#" PRIx64 ",table=%u,priority=1",
			acl_cookie(part, acl->port_number, 0), table_of(acl));
		print_place(out, acl, way(acl, macs, i));
		if (allow)
			fprintf(out, ",actions=goto_table:%u\n", table_of(acl) + 1);
		else
			fputs(",actions=drop(acl policy)\n", out);
	}
}

static const char *family_word(const char *protocol, bool six)
{
	static const char * const words[][3] = {
		{ "any", "ip", "ipv6" }, { "tcp", "tcp", "tcp6" }, { "udp", "udp", "udp6" },
		{ "sctp", "sctp", "sctp6" }, { "icmp", "icmp", "icmp6" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i][0], protocol))
			return words[i][six ? 2 : 1];
	return "ip";
}

static void print_rule(FILE *out, const struct vsw_acl *acl, const uint8_t *mac, bool six)
{
	const char *side = acl_is_in(acl) ? "src" : "dst";

	fprintf(out, "cookie=%#" PRIx64 ",table=%u,priority=%u,%s",
		acl_cookie(ACL_RULE, acl->port_number, acl->number), table_of(acl),
		60000 - acl->number, family_word(acl->protocol, six));
	print_place(out, acl, mac);
	if (acl->net)
		fprintf(out, ",%s_%s=%s", six ? "ipv6" : "nw", side, acl->net);
	if (*acl->ports)
		fprintf(out, ",tp_dst=%s", acl->ports);
	if (acl->action[0] == 'a')
		fprintf(out, ",actions=goto_table:%u\n", table_of(acl) + 1);
	else if (acl->action[0] == 'd')
		fprintf(out, ",actions=drop(acl %u)\n", acl->number);
	else
		fputs(",actions=reject\n", out);
}

/* Of both families unless the net is of one. */
void acl_print_rule(FILE *out, const struct vsw_acl *acl, const struct acl_macs *macs)
{
	bool is_six = acl->net && strchr(acl->net, ':');
	size_t i;

	for (i = 0; i < n_ways(acl, macs); i++) {
		if (!is_six)
			print_rule(out, acl, way(acl, macs, i), false);
		if (is_six || !acl->net)
			print_rule(out, acl, way(acl, macs, i), true);
	}
}

/* ---- flows -> rules ------------------------------------------------------------------- */

static void read_protocol(const struct flow_match *match, char protocol[MODEL_NAME_SIZE])
{
	const struct flow_term *term = flow_match_find(match, VSWITCH_A_MATCH_IP_PROTO);
	unsigned int number = term ? term->value[0] : 0;

	strcpy(protocol, number == 6 ? "tcp" : number == 17 ? "udp" : number == 132 ? "sctp" :
			 number == 1 || number == 58 ? "icmp" : "any");
}

static void read_ports(const struct flow_match *match, char ports[MODEL_NAME_SIZE])
{
	const struct flow_term *term = flow_match_find(match, VSWITCH_A_MATCH_TP_DST_RANGE);

	if (term)
		snprintf(ports, MODEL_NAME_SIZE, "%u-%u", term->value[0] << 8 | term->value[1],
			 term->value[2] << 8 | term->value[3]);
	term = flow_match_find(match, VSWITCH_A_MATCH_TP_DST);
	if (term)
		snprintf(ports, MODEL_NAME_SIZE, "%u", term->value[0] << 8 | term->value[1]);
}

/* -1: no memory. */
static int read_net(const struct flow_match *match, bool in, char **net)
{
	const struct flow_term *term =
		flow_match_find(match, in ? VSWITCH_A_MATCH_IPV4_SRC : VSWITCH_A_MATCH_IPV4_DST) ?:
		flow_match_find(match, in ? VSWITCH_A_MATCH_IPV6_SRC : VSWITCH_A_MATCH_IPV6_DST);
	size_t size;
	FILE *out;

	if (!term)
		return 0;
	out = open_memstream(net, &size);
	if (!out)
		return -1;
	flow_print_value(out, flow_field_find(flow_field_name(term->field)), term, NULL);
	return fclose(out) ? -1 : 0;
}

static void read_action(const struct vsw_flow *flow, char action[MODEL_NAME_SIZE])
{
	unsigned int type = flow->actions.n ? flow->actions.action[0].type :
					      VSWITCH_A_ACTION_DROP;

	strcpy(action, type == VSWITCH_A_ACTION_DROP ? "deny" :
		       type == VSWITCH_A_ACTION_REJECT ? "reject" : "allow");
}

static struct vsw_acl *find(struct list *acls, uint32_t port, unsigned int number, bool in)
{
	size_t i;

	for (i = 0; i < acls->n; i++) {
		struct vsw_acl *acl = list_at(acls, &kind_acl, i);

		if (acl->port_number == port && acl->number == number && acl_is_in(acl) == in)
			return acl;
	}
	return NULL;
}

int acl_from_flow(const struct vsw_flow *flow, struct list *acls)
{
	enum acl_part part = acl_part(flow->cookie);
	bool in = flow->table == ACL_TABLE + 2;
	uint32_t port = (flow->cookie >> 16 & 0xffff) - 1;
	unsigned int number = flow->cookie & 0xffff;
	struct vsw_acl *acl;

	if ((flow->cookie & ACL_COOKIE_MASK) != ACL_COOKIE ||
	    (part != ACL_RULE && part != ACL_POLICY_IN && part != ACL_POLICY_OUT))
		return 0;
	acl = find(acls, port, number, in);
	if (!acl) {
		acl = list_grow(acls, &kind_acl);
		if (!acl)
			return -1;
		acl->number = number;
		acl->port_number = port;
		strcpy(acl->switch_name, flow->switch_name);
		strcpy(acl->direction, in ? "in" : "out");
		read_action(flow, acl->action);
		read_protocol(&flow->match, acl->protocol);
		read_ports(&flow->match, acl->ports);
		if (read_net(&flow->match, in, &acl->net) < 0)
			return -1;
		acl->has = ~UINT64_C(0) & ~HAS(ACL_SAID_PORT_NAME);
		if (!number)
			acl->has &= ~HAS(ACL_SAID_NUMBER);
		if (!acl->net)
			acl->has &= ~HAS(ACL_SAID_NET);
		if (!*acl->ports)
			acl->has &= ~HAS(ACL_SAID_PORTS);
	}
	acl->packets += flow->packets;
	acl->bytes += flow->bytes;
	return 1;
}

bool acl_equal(const struct vsw_acl *one, const struct vsw_acl *other)
{
	return one->port_number == other->port_number &&
	       !strcmp(one->direction, other->direction) &&
	       !strcmp(one->action, other->action) && !strcmp(one->protocol, other->protocol) &&
	       !strcmp(one->ports, other->ports) &&
	       !strcmp(one->net ?: "", other->net ?: "");
}
