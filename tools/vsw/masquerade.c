// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <string.h>

#include "lib/parse.h"
#include "router.h"

static const char help[] =
"Usage: vsw masquerade add PREFIX [ out DEVICE ] [ random ]\n"
"       vsw masquerade delete PREFIX [ out DEVICE ] | ID\n"
"       vsw masquerade [ show ]\n"
"\n"
"  Connections from PREFIX that this host passes on seem to be its own: the source\n"
"  becomes an address of the device that the packets leave by, be it DEVICE [any].\n"
"  It is a rule of 'vsw nat', by which more can be said, see 'vsw nat help'.\n"
"  random  the source port is chosen by chance [kept if it can be]\n"
"  delete  with the connections that it translated\n"
"\n"
"Examples:\n"
"  vsw masquerade add 10.0.0.0/24\n"
"  vsw masquerade add 2001:db8:1::/64 out eth0\n"
"  vsw masquerade delete 10.0.0.0/24\n";

static const struct keyword add_keywords[] = {
	{ "out", KEYWORD_VALUE, NAT_SAID_OUT, 0 },
	{ "random", KEYWORD_FLAG, NAT_SAID_RANDOM, 0 },
	{}
};

static const struct keyword delete_keywords[] = {
	{ "out", KEYWORD_VALUE, VROUTER_A_NAT_DEVICE, 0 },
	{}
};

static int read_prefix(char ***words, struct vsw_nat *nat, struct err *err)
{
	const char *word;

	if (router_take(words, "prefix", &word, err) < 0 ||
	    parse_prefix("prefix", word, &nat->source, err) < 0)
		return -1;
	nat->kind = VROUTER_NAT_KIND_MASQUERADE;
	nat->has |= HAS(VROUTER_A_NAT_SOURCE);
	return 0;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_nat nat = {};

	if (read_prefix(&words, &nat, err) < 0 ||
	    keywords_read(&kind_nat, add_keywords, words, &nat, NULL, err) < 0)
		return -1;
	return nat_add(vsw, &nat, err);
}

static bool same_prefix(const struct prefix *a, const struct prefix *b)
{
	unsigned int i;

	if (a->len != b->len || a->bits != b->bits)
		return false;
	for (i = 0; i < a->bits; i++)
		if ((a->bytes[i / 8] ^ b->bytes[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

/* One that says nothing but what was said. */
static bool is_it(const struct vsw_nat *rule, const struct vsw_nat *said)
{
	return rule->kind == VROUTER_NAT_KIND_MASQUERADE && rule->source.len &&
	       same_prefix(&rule->source, &said->source) &&
	       !strcmp(rule->device, said->device) && !rule->destination.len && !rule->protocol;
}

static int delete_prefix(struct vsw *vsw, const struct vsw_nat *said, const char *word,
			 struct err *err)
{
	struct list list = {};
	uint32_t id = 0;
	size_t i;

	if (router_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_nat_dump(vsw->router, &list, err) < 0)
		return explain(NULL, err, "rules");
	for (i = 0; i < list.n && !id; i++) {
		const struct vsw_nat *rule = list_at(&list, &kind_nat, i);

		if (is_it(rule, said))
			id = rule->id;
	}
	list_free(&list, &kind_nat);
	if (!id)
		return err_set(err, STATUS_REFUSED, "'%s'%s%s is not masqueraded. See 'vsw nat show'",
			       word, *said->device ? " out " : "", said->device);
	return nat_delete(vsw, id, err);
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	const char *word = *words;
	struct vsw_nat said = {};
	uint32_t id;

	if (word && isdigit((unsigned char)*word) && !strpbrk(word, ".:/")) {
		if (parse_u32("id", word, &id, err) < 0 || router_end(words + 1, err) < 0)
			return -1;
		return nat_delete(vsw, id, err);
	}
	if (read_prefix(&words, &said, err) < 0 ||
	    keywords_read(&kind_nat, delete_keywords, words, &said, NULL, err) < 0)
		return -1;
	return delete_prefix(vsw, &said, word, err);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	if (router_end(words, err) < 0)
		return -1;
	return nat_show(vsw, VROUTER_NAT_KIND_MASQUERADE, words, err);
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

const struct object object_masquerade = { "masquerade", help, commands, NULL, false };
