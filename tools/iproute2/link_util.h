/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ip(8) and its plugins share.  ip loads link_KIND.so from its library
 * directory (or $IP_LIB_DIR) and takes the symbol KIND_link_util from it; the
 * layout of that struct has been the same since iproute2 4.19.  Of ip's own
 * functions only a few are used that it has exported for as long.
 */
#ifndef VSW_IPROUTE2_LINK_UTIL_H
#define VSW_IPROUTE2_LINK_UTIL_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <linux/vswitch.h>
#include <linux/vswitch_link.h>

struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f, struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv, FILE *f);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *n, void *arg);
};

/* ip's */
struct json_writer;
struct json_writer *get_json_writer(void);	/* NULL unless -j */
void jsonw_bool_field(struct json_writer *writer, const char *name, bool value);
void jsonw_string_field(struct json_writer *writer, const char *name, const char *value);
void jsonw_uint_field(struct json_writer *writer, const char *name, unsigned int value);
int addattr8(struct nlmsghdr *n, int room, int type, __u8 value);
int addattr16(struct nlmsghdr *n, int room, int type, __u16 value);
int addattr32(struct nlmsghdr *n, int room, int type, __u32 value);
struct rtattr *addattr_nest(struct nlmsghdr *n, int room, int type);
int addattr_nest_end(struct nlmsghdr *n, struct rtattr *nest);

#define REQUEST_ROOM 1024	/* as ip's own link types have it */
#define NEST_MAX 64		/* attributes of a nest have types below this */

enum option_type {
	OPTION_ON_OFF, OPTION_BIT, OPTION_U8, OPTION_U16, OPTION_HEX16, OPTION_U32,
	OPTION_CENTISECONDS, OPTION_WORD,
};

enum {
	OPTION_SHOWN = 1,	/* it can't be set */
	OPTION_SAID = 2,	/* another name of one, it is not shown */
	OPTION_IF_ANY = 4,	/* it is not shown as text if it is 0 */
	OPTION_NESTED = 8,	/* attr is one of the nest */
};

struct option {
	const char *name;
	int attr;
	enum option_type type;
	int flags;
	const char *const *words;	/* of OPTION_WORD, closed by NULL; values are indices */
};

/* How a policy, what becomes of a frame, and the tags of a switch are said. */
static const char *const policy_words[] __attribute__((unused)) = {
	"inherit", "accept", "reject", NULL
};

static const char *const violation_words[] __attribute__((unused)) = {
	"protect", "restrict", "shutdown", NULL
};

static const char *const vlan_protocol_words[] __attribute__((unused)) = {
	"802.1Q", "802.1ad", NULL
};

static inline int parse_number(const struct option *o, const char *text, unsigned long max,
			       unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 0);
	if (text[0] < '0' || text[0] > '9' || *end || errno || *value > max) {
		fprintf(stderr, "Error: argument \"%s\" is wrong: \"%s\" is a number up to %lu\n",
			text, o->name, max);
		return -1;
	}
	return 0;
}

static inline int parse_word(const struct option *o, const char *text)
{
	int i;

	for (i = 0; o->words[i]; i++)
		if (!strcasecmp(o->words[i], text))
			return i;
	fprintf(stderr, "Error: argument of \"%s\" must be ", o->name);
	for (i = 0; o->words[i]; i++)
		fprintf(stderr, "%s\"%s\"", i ? " or " : "", o->words[i]);
	fprintf(stderr, ", not \"%s\"\n", text);
	return -1;
}

static inline int parse_option(const struct option *o, const char *text, struct nlmsghdr *n)
{
	unsigned long value;
	int word;

	switch (o->type) {
	case OPTION_ON_OFF:
		if (strcmp(text, "on") && strcmp(text, "off")) {
			fprintf(stderr, "Error: argument of \"%s\" must be \"on\" or \"off\", not \"%s\"\n",
				o->name, text);
			return -1;
		}
		return addattr8(n, REQUEST_ROOM, o->attr, !strcmp(text, "on"));
	case OPTION_BIT:
		if (parse_number(o, text, 1, &value) < 0)
			return -1;
		return addattr8(n, REQUEST_ROOM, o->attr, value);
	case OPTION_U8:
		if (parse_number(o, text, UINT8_MAX, &value) < 0)
			return -1;
		return addattr8(n, REQUEST_ROOM, o->attr, value);
	case OPTION_WORD:
		word = parse_word(o, text);
		return word < 0 ? -1 : addattr8(n, REQUEST_ROOM, o->attr, word);
	case OPTION_U16:
	case OPTION_HEX16:
		if (parse_number(o, text, UINT16_MAX, &value) < 0)
			return -1;
		return addattr16(n, REQUEST_ROOM, o->attr, value);
	case OPTION_U32:
		if (parse_number(o, text, UINT32_MAX, &value) < 0)
			return -1;
		return addattr32(n, REQUEST_ROOM, o->attr, value);
	case OPTION_CENTISECONDS:
		if (parse_number(o, text, UINT32_MAX / 10, &value) < 0)
			return -1;
		return addattr32(n, REQUEST_ROOM, o->attr, value * 10);
	}
	return -1;
}

static inline const struct option *find_option(const struct option *options, const char *name)
{
	const struct option *o;

	for (o = options; o->name; o++)
		if (!(o->flags & OPTION_SHOWN) && !strcmp(o->name, name))
			return o;
	return NULL;
}

/* Those that are nested, or those that are not. How many there were, or -1. */
static inline int parse_some(const struct option *options, int nested, int argc, char **argv,
			     struct nlmsghdr *n)
{
	const struct option *o;
	int count = 0;

	for (; argc > 1; argc -= 2, argv += 2) {
		o = find_option(options, *argv);
		if ((o->flags & OPTION_NESTED) != nested)
			continue;
		if (n && parse_option(o, argv[1], n) < 0)
			return -1;
		count++;
	}
	return count;
}

/*
 * The words behind "type KIND", against a table closed by {}; what is nested there goes
 * into an attribute of the type nest.
 */
static inline int parse_options(const struct option *options, int nest, struct link_util *lu,
				int argc, char **argv, struct nlmsghdr *n)
{
	struct rtattr *attr;
	int i;

	for (i = 0; i < argc; i += 2) {
		if (!strcmp(argv[i], "help")) {
			lu->print_help(lu, argc, argv, stderr);
			return -1;
		}
		if (!find_option(options, argv[i])) {
			fprintf(stderr, "%s: unknown option \"%s\"?\n", lu->id, argv[i]);
			lu->print_help(lu, argc, argv, stderr);
			return -1;
		}
		if (i + 1 == argc) {
			fprintf(stderr, "Error: argument of \"%s\" is missing\n", argv[i]);
			return -1;
		}
	}
	if (parse_some(options, 0, argc, argv, n) < 0)
		return -1;
	if (!parse_some(options, OPTION_NESTED, argc, argv, NULL))
		return 0;
	attr = addattr_nest(n, REQUEST_ROOM, nest | NLA_F_NESTED);
	if (parse_some(options, OPTION_NESTED, argc, argv, n) < 0)
		return -1;
	addattr_nest_end(n, attr);
	return 0;
}

static inline void print_number(FILE *f, const struct option *o, unsigned int value)
{
	struct json_writer *json = get_json_writer();

	if (json)
		jsonw_uint_field(json, o->name, value);
	else if (value || !(o->flags & OPTION_IF_ANY))
		fprintf(f, o->type == OPTION_HEX16 ? "%s 0x%x " : "%s %u ", o->name, value);
}

static inline void print_word(FILE *f, const struct option *o, unsigned int value)
{
	struct json_writer *json = get_json_writer();
	unsigned int i;

	for (i = 0; i < value && o->words[i]; i++)
		;
	if (!o->words[i])
		return;
	if (json)
		jsonw_string_field(json, o->name, o->words[i]);
	else if (i || !(o->flags & OPTION_IF_ANY))
		fprintf(f, "%s %s ", o->name, o->words[i]);
}

static inline void print_on_off(FILE *f, const struct option *o, bool on)
{
	struct json_writer *json = get_json_writer();

	if (json)
		jsonw_bool_field(json, o->name, on);
	else
		fprintf(f, "%s %s ", o->name, on ? "on" : "off");
}

static inline void print_option(FILE *f, const struct option *o, const struct rtattr *attr)
{
	const void *data = RTA_DATA(attr);
	size_t len = RTA_PAYLOAD(attr);
	uint32_t u32 = 0;
	uint16_t u16 = 0;

	switch (o->type) {
	case OPTION_ON_OFF:
		if (len >= sizeof(uint8_t))
			print_on_off(f, o, *(const uint8_t *)data);
		return;
	case OPTION_BIT:
	case OPTION_U8:
		if (len >= sizeof(uint8_t))
			print_number(f, o, *(const uint8_t *)data);
		return;
	case OPTION_WORD:
		if (len >= sizeof(uint8_t))
			print_word(f, o, *(const uint8_t *)data);
		return;
	case OPTION_U16:
	case OPTION_HEX16:
		if (len < sizeof(u16))
			return;
		memcpy(&u16, data, sizeof(u16));
		print_number(f, o, u16);
		return;
	case OPTION_U32:
	case OPTION_CENTISECONDS:
		if (len < sizeof(u32))
			return;
		memcpy(&u32, data, sizeof(u32));
		print_number(f, o, o->type == OPTION_CENTISECONDS ? u32 / 10 : u32);
		return;
	}
}

/* The attributes in a nest, which may be NULL, by their types. */
static inline void open_nest(struct rtattr *nest, struct rtattr *tb[NEST_MAX])
{
	struct rtattr *attr;
	int len, type;

	memset(tb, 0, NEST_MAX * sizeof(*tb));
	if (!nest)
		return;
	len = RTA_PAYLOAD(nest);
	for (attr = RTA_DATA(nest); RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		type = attr->rta_type & NLA_TYPE_MASK;
		if (type < NEST_MAX)
			tb[type] = attr;
	}
}

/* tb has the attributes by their types, or is NULL; see parse_options(). */
static inline void print_options(const struct option *options, int nest, FILE *f,
				 struct rtattr *tb[])
{
	struct rtattr *nested[NEST_MAX], *attr;
	const struct option *o;

	if (!tb)
		return;
	open_nest(nest ? tb[nest] : NULL, nested);
	for (o = options; o->name; o++) {
		attr = o->flags & OPTION_NESTED ? nested[o->attr] : tb[o->attr];
		if (attr && !(o->flags & OPTION_SAID))
			print_option(f, o, attr);
	}
}

#endif
