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

#define REQUEST_ROOM 1024	/* as ip's own link types have it */

enum option_type {
	OPTION_ON_OFF, OPTION_BIT, OPTION_U8, OPTION_U16, OPTION_HEX16, OPTION_U32,
	OPTION_CENTISECONDS, OPTION_VLAN_PROTOCOL,
};

struct option {
	const char *name;
	int attr;
	enum option_type type;
	bool shown_only;
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

static inline int parse_option(const struct option *o, const char *text, struct nlmsghdr *n)
{
	unsigned long value;

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
	case OPTION_VLAN_PROTOCOL:
		if (strcasecmp(text, "802.1Q") && strcasecmp(text, "802.1ad")) {
			fprintf(stderr, "Error: argument of \"%s\" must be \"802.1Q\" or \"802.1ad\", not \"%s\"\n",
				o->name, text);
			return -1;
		}
		return addattr8(n, REQUEST_ROOM, o->attr,
				strcasecmp(text, "802.1ad") ? VSWITCH_VLAN_PROTOCOL_8021Q :
							      VSWITCH_VLAN_PROTOCOL_8021AD);
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

/* The words behind "type KIND", against a table closed by {}. */
static inline int parse_options(const struct option *options, struct link_util *lu,
				int argc, char **argv, struct nlmsghdr *n)
{
	const struct option *o;

	for (; argc > 0; argc -= 2, argv += 2) {
		if (!strcmp(*argv, "help")) {
			lu->print_help(lu, argc, argv, stderr);
			return -1;
		}
		for (o = options; o->name && (o->shown_only || strcmp(o->name, *argv)); o++)
			;
		if (!o->name) {
			fprintf(stderr, "%s: unknown option \"%s\"?\n", lu->id, *argv);
			lu->print_help(lu, argc, argv, stderr);
			return -1;
		}
		if (argc < 2) {
			fprintf(stderr, "Error: argument of \"%s\" is missing\n", *argv);
			return -1;
		}
		if (parse_option(o, argv[1], n) < 0)
			return -1;
	}
	return 0;
}

static inline void print_number(FILE *f, const struct option *o, unsigned int value)
{
	struct json_writer *json = get_json_writer();

	if (json)
		jsonw_uint_field(json, o->name, value);
	else
		fprintf(f, o->type == OPTION_HEX16 ? "%s 0x%x " : "%s %u ", o->name, value);
}

static inline void print_word(FILE *f, const struct option *o, const char *word)
{
	struct json_writer *json = get_json_writer();

	if (json)
		jsonw_string_field(json, o->name, word);
	else
		fprintf(f, "%s %s ", o->name, word);
}

static inline void print_option(FILE *f, const struct option *o, const struct rtattr *attr)
{
	struct json_writer *json = get_json_writer();
	const void *data = RTA_DATA(attr);
	size_t len = RTA_PAYLOAD(attr);
	uint32_t u32 = 0;
	uint16_t u16 = 0;
	bool on;

	switch (o->type) {
	case OPTION_ON_OFF:
		if (len < sizeof(uint8_t))
			return;
		on = *(const uint8_t *)data;
		if (json)
			jsonw_bool_field(json, o->name, on);
		else
			fprintf(f, "%s %s ", o->name, on ? "on" : "off");
		return;
	case OPTION_BIT:
	case OPTION_U8:
		if (len >= sizeof(uint8_t))
			print_number(f, o, *(const uint8_t *)data);
		return;
	case OPTION_VLAN_PROTOCOL:
		if (len >= sizeof(uint8_t))
			print_word(f, o, *(const uint8_t *)data == VSWITCH_VLAN_PROTOCOL_8021AD ?
				   "802.1ad" : "802.1Q");
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

static inline void print_options(const struct option *options, FILE *f, struct rtattr *tb[])
{
	const struct option *o;

	for (o = options; tb && o->name; o++)
		if (tb[o->attr])
			print_option(f, o, tb[o->attr]);
}

#endif
