// SPDX-License-Identifier: GPL-2.0
/* The words of "vsw acl". */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "lib/parse.h"

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

static int take_target(char ***words, struct acl_words *to, struct err *err)
{
	to->target = **words;
	if (!to->target)
		return err_set(err, STATUS_USAGE, "the container or port is missing");
	++*words;
	if (!**words)
		return err_set(err, STATUS_USAGE, "'in' or 'out' is missing behind '%s'",
			       to->target);
	if (strcmp(**words, "in") && strcmp(**words, "out"))
		return err_set(err, STATUS_USAGE, "'%s' is neither 'in' nor 'out'", **words);
	strcpy(to->acl.direction, *(*words)++);
	return 0;
}

/* One of the words; names are closed by NULL. */
static int take_one(char ***words, const char *what, const char * const *names,
		    char to[MODEL_NAME_SIZE], struct err *err)
{
	char all[80] = "";
	size_t i;

	for (i = 0; names[i]; i++) {
		if (**words && !strcmp(**words, names[i])) {
			strcpy(to, names[i]);
			++*words;
			return 0;
		}
		strcat(all, *all ? ", " : "");
		strcat(all, names[i]);
	}
	if (!**words)
		return err_set(err, STATUS_USAGE, "the %s is missing: %s", what, all);
	return err_set(err, STATUS_USAGE, "'%s' is none of %s", **words, all);
}

static int take_ports(char ***words, struct vsw_acl *acl, struct err *err)
{
	const struct flow_field *f = flow_field_find("tp_dst");
	struct flow_term term;
	char text[32], *out;
	size_t size;
	FILE *stream;

	if (!**words || !isdigit((unsigned char)***words))
		return 0;
	if (acl->protocol[0] != 't' && acl->protocol[0] != 'u' && acl->protocol[0] != 's')
		return err_set(err, STATUS_USAGE, "'%s': %s has no ports", **words, acl->protocol);
	if (strlen(**words) >= sizeof(text) || strchr(**words, '/'))
		return err_set(err, STATUS_USAGE, "'%s' is no port", **words);
	strcpy(text, *(*words)++);
	if (flow_parse_value(f, text, NULL, &term, err) < 0)
		return -1;
	stream = open_memstream(&out, &size);
	if (!stream)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	flow_print_value(stream, f, &term, NULL);
	if (fclose(stream))
		return err_set(err, STATUS_SYSTEM, "out of memory");
	snprintf(acl->ports, sizeof(acl->ports), "%s", out);
	free(out);
	return 0;
}

/* As flows have it, without bits that do not count. */
static int read_net(const char *word, struct vsw_acl *acl, struct err *err)
{
	static const uint8_t none[FLOW_FIELD_SIZE];
	const struct flow_field *f = flow_field_find(strchr(word, ':') ? "ipv6_src" : "nw_src");
	char *text = strdup(word);
	struct flow_term term;
	size_t size;
	FILE *stream;
	int ret;

	if (!text)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	ret = flow_parse_value(f, text, NULL, &term, err);
	free(text);
	if (ret < 0)
		return -1;
	if (!memcmp(term.mask, none, sizeof(none)))
		return err_set(err, STATUS_USAGE, "'%s' is all of them, who is meant without it",
			       word);
	if (acl->net)
		return err_set(err, STATUS_USAGE, "'%s': another network was given before", word);
	stream = open_memstream(&acl->net, &size);
	if (!stream)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	flow_print_value(stream, f, &term, NULL);
	return fclose(stream) ? err_set(err, STATUS_SYSTEM, "out of memory") : 0;
}

/* What may stand at the end: "switch SW", and of a rule "mac MAC" and "from NET" or "to NET". */
static int take_rest(char **words, bool mac, bool net, struct acl_words *to, struct err *err)
{
	const char *side = acl_is_in(&to->acl) ? "from" : "to";

	for (; *words; words += 2) {
		if (net && strcmp(*words, side) &&
		    (!strcmp(*words, "from") || !strcmp(*words, "to")))
			return err_set(err, STATUS_USAGE,
				       "'%s' does not belong there: '%s' goes with '%s'", *words,
				       side, to->acl.direction);
		if (strcmp(*words, "switch") && !(mac && !strcmp(*words, "mac")) &&
		    !(net && !strcmp(*words, side)))
			return err_set(err, STATUS_USAGE, "'%s' does not belong there", *words);
		if (!words[1])
			return err_set(err, STATUS_USAGE, "'%s' lacks its value", *words);
		if (**words == 's') {
			if (parse_name("switch", words[1], to->switch_name, err) < 0)
				return -1;
		} else if (**words == 'm') {
			if (parse_mac("mac", words[1], to->mac, err) < 0)
				return -1;
			to->has_mac = true;
		} else if (read_net(words[1], &to->acl, err) < 0) {
			return -1;
		}
	}
	return 0;
}

int acl_read_rule(char **words, struct acl_words *to, struct err *err)
{
	static const char * const actions[] = { "allow", "deny", "reject", NULL };
	static const char * const protocols[] = { "tcp", "udp", "icmp", "sctp", "any", NULL };

	if (take_target(&words, to, err) < 0 ||
	    take_one(&words, "action", actions, to->acl.action, err) < 0 ||
	    take_one(&words, "protocol", protocols, to->acl.protocol, err) < 0 ||
	    take_ports(&words, &to->acl, err) < 0)
		return -1;
	return take_rest(words, true, true, to, err);
}

int acl_read_policy(char **words, struct acl_words *to, struct err *err)
{
	static const char * const actions[] = { "allow", "deny", NULL };

	if (take_target(&words, to, err) < 0 ||
	    take_one(&words, "policy", actions, to->acl.action, err) < 0)
		return -1;
	strcpy(to->acl.protocol, "any");
	return take_rest(words, true, false, to, err);
}

int acl_read_target(char **words, struct acl_words *to, struct err *err)
{
	if (*words && strcmp(*words, "switch"))
		to->target = *words++;
	return take_rest(words, false, false, to, err);
}

int acl_read_meant(char **words, struct acl_words *to, struct err *err)
{
	uint64_t number;

	if (!*words || (words[1] && strcmp(words[1], "switch")))
		return acl_read_rule(words, to, err);
	if (flow_parse_number("number", *words, ACL_NUMBER_MAX, &number, err) < 0)
		return -1;
	if (!number)
		return err_set(err, STATUS_USAGE, "rules are counted from 1");
	to->number = number;
	return take_rest(words + 1, false, false, to, err);
}
