// SPDX-License-Identifier: GPL-2.0
/* Values in the words of routes and rules. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include "lib/model_router.h"
#include "lib/parse.h"
#include "route.h"

int route_connect(struct vsw *vsw, struct err *err)
{
	if (!vsw->fib)
		vsw->fib = route_open(err);
	return vsw->fib ? 0 : -1;
}

int route_read_net(const char *what, const char *text, struct prefix *net, struct err *err)
{
	const char *slash = strchr(text, '/');
	char address[64];

	*net = (struct prefix){};
	if (!strcmp(text, "default") || !strcmp(text, "any") || !strcmp(text, "all"))
		return 0;
	/* of no bits is a default route, which parse_prefix() has no use for */
	if (!slash || strcmp(slash, "/0") || (size_t)(slash - text) >= sizeof(address))
		return parse_prefix(what, text, net, err);
	snprintf(address, sizeof(address), "%.*s", (int)(slash - text), text);
	if (parse_prefix(what, address, net, err) < 0)
		return -1;
	net->bits = 0;
	return 0;
}

void route_net_family(struct prefix *net, int family)
{
	if (!net->len)
		net->len = family == AF_INET6 ? 16 : 4;
}

int route_read_address(const char *what, const char *text, struct prefix *address,
		       struct err *err)
{
	if (strchr(text, '/'))
		return err_set(err, STATUS_USAGE, "%s: '%s' is no address but a prefix", what,
			       text);
	return parse_prefix(what, text, address, err);
}

int route_read_table(const char *text, uint32_t *table, struct err *err)
{
	static const uint32_t named[] = { RT_TABLE_MAIN, RT_TABLE_LOCAL, RT_TABLE_DEFAULT };
	size_t i;

	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		*table = named[i];
		if (!strcmp(text, route_table_word(*table)))
			return 0;
	}
	if (!strspn(text, "0123456789"))
		return err_set(err, STATUS_USAGE,
			       "table: '%s' is neither a number nor 'main', 'local' or 'default'; that of a VRF is said by 'vrf NAME'",
			       text);
	if (parse_u32("table", text, table, err) < 0)
		return -1;
	return *table ? 0 : err_set(err, STATUS_USAGE, "table: there is none with the number 0");
}

int route_read_word(const char *what, unsigned int type, const char *text, bool or_number,
		    uint8_t *value, struct err *err)
{
	int found = route_word_find(type, text);
	char words[ROUTE_WORDS_SIZE];
	uint16_t number;

	if (found < 0 && or_number && parse_u16(what, text, &number, NULL) == 0 &&
	    number <= UINT8_MAX)
		found = number;
	if (found < 0)
		return err_set(err, STATUS_USAGE, "%s: '%s' is none of %s%s", what, text,
			       route_words(type, words), or_number ? " and no number to 255" : "");
	*value = found;
	return 0;
}

int route_read_family(const char *text, uint8_t *family, struct err *err)
{
	int found = router_word_find(FIELD_FAMILY, text);

	if (found < 0)
		return err_set(err, STATUS_USAGE, "family: '%s' is neither 'ipv4' nor 'ipv6'",
			       text);
	*family = found;
	return 0;
}

int route_read_ip_protocol(const char *text, uint8_t *protocol, struct err *err)
{
	int found = router_word_find(FIELD_IP_PROTOCOL, text);
	char words[ROUTER_WORDS_SIZE];
	uint16_t number = 0;

	if (found < 0 && parse_u16("ipproto", text, &number, NULL) == 0 && number &&
	    number <= UINT8_MAX)
		found = number;
	if (found < 0)
		return err_set(err, STATUS_USAGE, "ipproto: '%s' is none of %s and no number to 255",
			       text, router_words(FIELD_IP_PROTOCOL, words));
	*protocol = found;
	return 0;
}

static const struct route_word *find(const struct route_word *words, const char *word)
{
	for (; words->word; words++)
		if (!strcmp(words->word, word))
			return words;
	return NULL;
}

static int unknown(const struct route_grammar *grammar, const char *word, struct err *err)
{
	const char * const *unsaid = grammar->unsaid;

	for (; unsaid && *unsaid; unsaid++)
		if (!strcmp(*unsaid, word))
			return err_set(err, STATUS_USAGE,
				       "'%s' can't be said here, libnl-route has no word for it: use '%s'",
				       word, grammar->instead);
	return err_set(err, STATUS_USAGE, "'%s' is not an option of this command", word);
}

int route_read_words(const struct route_grammar *grammar, char **words, void *object,
		     struct err *err)
{
	while (*words) {
		const struct route_word *word = find(grammar->words, *words);
		const char *value = NULL;

		if (!word)
			return unknown(grammar, *words, err);
		words++;
		if (!word->alone) {
			value = *words;
			if (!value)
				return err_set(err, STATUS_USAGE, "'%s' lacks its value",
					       word->word);
			words++;
			/* as ip(8) has it where the family is another one */
			if (!strcmp(word->word, "via") && *words &&
			    (!strcmp(value, "inet") || !strcmp(value, "inet6")))
				value = *words++;
		}
		if (word->read(object, word->word, value, err) < 0)
			return -1;
	}
	return 0;
}
