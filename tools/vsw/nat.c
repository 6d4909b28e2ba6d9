// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/parse.h"
#include "router.h"

static const char help[] =
"Usage: vsw nat add snat [ MATCH ] [ out DEVICE ] to ADDRESSES [ OPTIONS ]\n"
"       vsw nat add dnat [ MATCH ] [ in DEVICE ] to ADDRESSES [ OPTIONS ]\n"
"       vsw nat add one-to-one from PREFIX [ out DEVICE ] to ADDRESS [ id ID ]\n"
"       vsw nat add masquerade [ MATCH ] [ out DEVICE ] [ OPTIONS ]\n"
"       vsw nat delete ID\n"
"       vsw nat [ show [ ID ] ]\n"
"MATCH     := [ from PREFIX ] [ dest PREFIX ] [ proto PROTO [ port PORT[-LAST] ] ]\n"
"             [ family ipv4 | ipv6 ]\n"
"ADDRESSES := ADDRESS[-LAST][:PORT[-LAST]] | PREFIX\n"
"OPTIONS   := [ random ] [ persistent ] [ id ID ]\n"
"\n"
"  Rules by which addresses of new connections are translated; those of answers are\n"
"  translated back by themselves. The first rule that matches counts, in the order\n"
"  of their ids.\n"
"  snat        the source becomes one of ADDRESSES, as packets leave by DEVICE\n"
"  dnat        the destination becomes one of ADDRESSES, as packets come in\n"
"  one-to-one  each address of PREFIX becomes that of the same distance from\n"
"              ADDRESS, and connections to that get to it\n"
"  masquerade  the source becomes an address of the device that packets leave by,\n"
"              see 'vsw masquerade help'\n"
"  from, dest  where connections come from and go to [anywhere]\n"
"  port        the destination's; needs tcp, udp or sctp\n"
"  random      the source port is chosen by chance [kept if it can be]\n"
"  persistent  a client gets the same address for all its connections\n"
"  id          [the next one, which is printed]\n"
"  delete      with the connections that it translated\n"
"\n"
"Examples:\n"
"  vsw nat add snat from 10.0.0.0/24 out eth0 to 192.0.2.1-192.0.2.4 persistent\n"
"  vsw nat add dnat in eth0 proto tcp port 443 to 10.0.0.2:8443\n"
"  vsw nat add one-to-one from 10.0.1.0/28 to 192.0.2.16\n";

static const struct keyword keywords[] = {
	{ "from", KEYWORD_VALUE, VROUTER_A_NAT_SOURCE, 0 },
	{ "dest", KEYWORD_VALUE, VROUTER_A_NAT_DESTINATION, 0 },
	{ "proto", KEYWORD_VALUE, VROUTER_A_NAT_PROTOCOL, 0 },
	{ "port", KEYWORD_VALUE, NAT_SAID_PORTS, 0 },
	{ "family", KEYWORD_VALUE, VROUTER_A_NAT_FAMILY, 0 },
	{ "in", KEYWORD_VALUE, NAT_SAID_IN, 0 },
	{ "out", KEYWORD_VALUE, NAT_SAID_OUT, 0 },
	{ "to", KEYWORD_VALUE, NAT_SAID_TO, 0 },
	{ "random", KEYWORD_FLAG, NAT_SAID_RANDOM, 0 },
	{ "persistent", KEYWORD_FLAG, NAT_SAID_PERSISTENT, 0 },
	{ "id", KEYWORD_VALUE, VROUTER_A_NAT_ID, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENOENT, "See 'vsw nat show'." },
	{ EEXIST, "'vsw nat delete' deletes it." },
	{}
};

static const char *kind_name(const struct vsw_nat *nat)
{
	return router_word(FIELD_NAT_KIND, nat->kind);
}

/* ---- what is said -> what the kernel takes ----------------------------------------- */

/* All addresses of a prefix; of one that is shifted as a whole the first says it. */
static int to_prefix(struct vsw_nat *nat, struct err *err)
{
	unsigned int i;

	if (parse_prefix("to", nat->said_to, &nat->to_first, err) < 0)
		return -1;
	nat->has |= HAS(VROUTER_A_NAT_TO_FIRST);
	if (nat->kind == VROUTER_NAT_KIND_ONE_TO_ONE)
		return nat->to_first.bits == nat->source.bits ? 0 :
		       err_set(err, STATUS_USAGE, "to: '%s' is not as large as what is translated",
			       nat->said_to);
	nat->to_last = nat->to_first;
	for (i = nat->to_first.bits; i < nat->to_first.len * 8u; i++) {
		nat->to_first.bytes[i / 8] &= ~(0x80 >> i % 8);
		nat->to_last.bytes[i / 8] |= 0x80 >> i % 8;
	}
	nat->has |= HAS(VROUTER_A_NAT_TO_LAST);
	return 0;
}

static int complete_to(struct vsw_nat *nat, struct err *err)
{
	struct endpoint end;

	nat->has &= ~HAS(NAT_SAID_TO);
	if (!nat->said_to)
		return nat->kind == VROUTER_NAT_KIND_MASQUERADE ? 0 :
		       err_set(err, STATUS_USAGE, "'to ADDRESS' is missing");
	if (nat->kind == VROUTER_NAT_KIND_MASQUERADE)
		return err_set(err, STATUS_USAGE,
			       "'masquerade' translates to the address of the device; with 'to' it is 'snat'");
	if (strchr(nat->said_to, '/'))
		return to_prefix(nat, err);
	if (endpoint_parse("to", nat->said_to, &end, err) < 0)
		return -1;
	nat->to_first = end.first;
	nat->to_last = end.last;
	nat->has |= HAS(VROUTER_A_NAT_TO_FIRST);
	if (memcmp(&end.first, &end.last, sizeof(end.first)))
		nat->has |= HAS(VROUTER_A_NAT_TO_LAST);
	nat->to_port = end.port;
	nat->to_port_last = end.port_last;
	if (end.port)
		nat->has |= HAS(VROUTER_A_NAT_TO_PORT);
	if (end.port_last != end.port)
		nat->has |= HAS(VROUTER_A_NAT_TO_PORT_LAST);
	return 0;
}

static int complete_device(struct vsw_nat *nat, struct err *err)
{
	const char *device = nat->said_in ? nat->said_in : nat->said_out;
	bool in = nat->kind == VROUTER_NAT_KIND_DNAT;

	nat->has &= ~(HAS(NAT_SAID_IN) | HAS(NAT_SAID_OUT));
	if (!device)
		return 0;
	if (in ? nat->said_out : nat->said_in)
		return err_set(err, STATUS_USAGE, "'%s' is not for '%s', '%s' is",
			       in ? "out" : "in", kind_name(nat), in ? "in" : "out");
	nat->has |= HAS(VROUTER_A_NAT_DEVICE);
	return parse_name(in ? "in" : "out", device, nat->device, err);
}

static int complete_ports(struct vsw_nat *nat, struct err *err)
{
	nat->has &= ~HAS(NAT_SAID_PORTS);
	if (!nat->said_ports)
		return 0;
	if (!(nat->has & HAS(VROUTER_A_NAT_PROTOCOL)))
		return err_set(err, STATUS_USAGE, "'port' needs 'proto'");
	if (endpoint_parse_ports("port", nat->said_ports, &nat->port, &nat->port_last, err) < 0)
		return -1;
	nat->has |= HAS(VROUTER_A_NAT_PORT);
	if (nat->port_last != nat->port)
		nat->has |= HAS(VROUTER_A_NAT_PORT_LAST);
	return 0;
}

static void complete_flags(struct vsw_nat *nat)
{
	nat->flags = (nat->said_random ? VROUTER_NAT_FLAGS_RANDOM : 0) |
		     (nat->said_persistent ? VROUTER_NAT_FLAGS_PERSISTENT : 0);
	if (nat->flags)
		nat->has |= HAS(VROUTER_A_NAT_FLAGS);
	nat->has &= ~(HAS(NAT_SAID_RANDOM) | HAS(NAT_SAID_PERSISTENT));
}

/* The words for a prefix are an address and its length. */
static void complete_prefixes(struct vsw_nat *nat)
{
	if (nat->has & HAS(VROUTER_A_NAT_SOURCE))
		nat->has |= HAS(VROUTER_A_NAT_SOURCE_LEN);
	if (nat->has & HAS(VROUTER_A_NAT_DESTINATION))
		nat->has |= HAS(VROUTER_A_NAT_DESTINATION_LEN);
}

static int complete(struct vsw_nat *nat, struct err *err)
{
	if (nat->kind == VROUTER_NAT_KIND_ONE_TO_ONE && !(nat->has & HAS(VROUTER_A_NAT_SOURCE)))
		return err_set(err, STATUS_USAGE, "'from PREFIX' is missing");
	complete_prefixes(nat);
	complete_flags(nat);
	if (complete_ports(nat, err) < 0 || complete_device(nat, err) < 0)
		return -1;
	return complete_to(nat, err);
}

/* ---- commands, masquerade's too ---------------------------------------------------- */

int nat_add(struct vsw *vsw, struct vsw_nat *nat, struct err *err)
{
	bool named = nat->has & HAS(VROUTER_A_NAT_ID);
	struct vsw_nat reply = {};

	nat->has |= HAS(VROUTER_A_NAT_KIND);
	if (complete(nat, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_nat_new(vsw->router, nat, &reply, err) < 0)
		return named ? explain(hints, err, "rule %u", nat->id) :
			       explain(hints, err, "%s", kind_name(nat));
	if (vsw->out.json)
		return output_object(&vsw->out, &kind_nat, &reply, err);
	if (!named)
		output_number(reply.id);
	return 0;
}

int nat_delete(struct vsw *vsw, uint32_t id, struct err *err)
{
	const struct vsw_nat req = { .has = HAS(VROUTER_A_NAT_ID), .id = id };

	if (router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_nat_del(vsw->router, &req, err) < 0 ?
	       explain(hints, err, "rule %u", id) : 0;
}

static int show_one(struct vsw *vsw, const char *word, struct err *err)
{
	struct vsw_nat req = { .has = HAS(VROUTER_A_NAT_ID) }, reply = {};

	if (parse_u32("id", word, &req.id, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_nat_get(vsw->router, &req, &reply, err) < 0)
		return explain(hints, err, "rule %u", req.id);
	return output_object(&vsw->out, &kind_nat, &reply, err);
}

/* Nothing of a rule is to be freed. */
static void select_kind(struct list *list, int kind)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		const struct vsw_nat *nat = list_at(list, &kind_nat, i);

		if (nat->kind == kind)
			*(struct vsw_nat *)list_at(list, &kind_nat, n++) = *nat;
	}
	list->n = n;
}

static int by_id(const void *one, const void *other)
{
	const struct vsw_nat *a = one, *b = other;

	return (a->id > b->id) - (a->id < b->id);
}

int nat_show(struct vsw *vsw, int kind, char **words, struct err *err)
{
	struct list list = {};
	int ret;

	if (*words && router_end(words + 1, err) < 0)
		return -1;
	if (*words)
		return show_one(vsw, *words, err);
	if (router_connect(vsw, err) < 0)
		return -1;
	ret = vsw_nl_nat_dump(vsw->router, &list, err);
	if (ret < 0)
		explain(hints, err, "rules");
	else if (kind >= 0)
		select_kind(&list, kind);
	return router_show_list(vsw, &kind_nat, &list, by_id, ret, err);
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	char kinds[ROUTER_WORDS_SIZE];
	struct vsw_nat nat = {};
	const char *word;
	int kind;

	if (router_take(&words, "kind of translation", &word, err) < 0)
		return -1;
	kind = router_word_find(FIELD_NAT_KIND, word);
	if (kind < 0)
		return err_set(err, STATUS_USAGE, "'%s' is none of %s", word,
			       router_words(FIELD_NAT_KIND, kinds));
	nat.kind = kind;
	if (keywords_read(&kind_nat, keywords, words, &nat, NULL, err) < 0)
		return -1;
	return nat_add(vsw, &nat, err);
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	const char *word;
	uint32_t id;

	if (router_take(&words, "id of the rule", &word, err) < 0 ||
	    parse_u32("id", word, &id, err) < 0 || router_end(words, err) < 0)
		return -1;
	return nat_delete(vsw, id, err);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	return nat_show(vsw, -1, words, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "delete", do_delete, true },
	{}
};

const struct object object_nat = { "nat", help, commands, NULL, false };
