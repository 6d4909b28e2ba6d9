// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsw.h"

static const char help[] =
"Usage: vsw binding { add | del } dev PORT [ switch SWITCH ] mac MAC\n"
"                                 [ ip ADDRESS[/LENGTH] ] [ vlan VID ]\n"
"       vsw binding [ show [ dev PORT ] [ switch SWITCH ] ]\n"
"\n"
"  Says who is behind a port: a MAC with an IPv4 or IPv6 address, or with all\n"
"  addresses of a prefix. One that has several addresses has a binding for each;\n"
"  one that is bound without an address may use any. With 'vlan' it is for that\n"
"  VLAN alone. Bindings go with their port.\n"
"  A port with 'source-guard on' takes frames from nobody else, see\n"
"  'vsw port help'. To a container that 'vsw run' starts with '--ip' its addresses\n"
"  are bound, unless '--no-guard' is said.\n"
"\n"
"Examples:\n"
"  vsw binding add dev eth1 mac 02:00:00:00:00:0a ip 10.0.0.10\n"
"  vsw binding add dev eth1 mac 02:00:00:00:00:0a ip 2001:db8::/64\n"
"  vsw port set eth1 source-guard on\n"
"  vsw binding show dev eth1\n";

#define PLACE_KEYWORDS \
	{ "dev", KEYWORD_DEVICE, DEVICE_NAME, 0 }, \
	{ "switch", KEYWORD_VALUE, VSWITCH_A_BINDING_SWITCH_NAME, 0 }

static const struct keyword binding_keywords[] = {
	PLACE_KEYWORDS,
	{ "mac", KEYWORD_VALUE, VSWITCH_A_BINDING_MAC, 0 },
	{ "ip", KEYWORD_VALUE, VSWITCH_A_BINDING_IP, 0 },
	{ "vlan", KEYWORD_VALUE, VSWITCH_A_BINDING_VLAN, 0 },
	{}
};

static const struct keyword place_keywords[] = { PLACE_KEYWORDS, {} };

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw port show' and 'vsw switch show'." },
	{ ENOENT, "See 'vsw binding show'." },
	{}
};

static int refused(const struct place *place, struct err *err)
{
	if (place->word)
		return explain(hints, err, "port '%s'", place->word);
	if (*place->switch_name)
		return explain(hints, err, "switch '%s'", place->switch_name);
	return explain(hints, err, "bindings");
}

static int read_words(char **words, const struct keyword *keys, struct vsw_binding *binding,
		      struct place *place, struct err *err)
{
	struct vsw_device device = {};

	if (keywords_read(&kind_binding, keys, words, binding, &device, err) < 0)
		return -1;
	/* The word for an address says its prefix, too. */
	if (binding->has & HAS(VSWITCH_A_BINDING_IP))
		binding->has |= HAS(VSWITCH_A_BINDING_PREFIX_LEN);
	place->word = device.name;
	place->switch_name = binding->switch_name;
	return 0;
}

/* A whole binding and its port. */
static int read_binding(char **words, struct vsw_binding *binding, struct place *place,
			struct err *err)
{
	if (read_words(words, binding_keywords, binding, place, err) < 0)
		return -1;
	if (!place->word)
		return err_set(err, STATUS_USAGE, "'dev PORT' is missing");
	if (!(binding->has & HAS(VSWITCH_A_BINDING_MAC)))
		return err_set(err, STATUS_USAGE, "'mac MAC' is missing");
	return 0;
}

typedef int request_fn(struct vsw_nl *nl, const struct vsw_binding *req, struct err *err);

static int change(struct vsw *vsw, char **words, request_fn *request, struct err *err)
{
	struct vsw_binding binding = {};
	struct place place = {};
	int ret = -1;

	if (read_binding(words, &binding, &place, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && place_next(vsw, &place, err)) {
		place_binding(&place, &binding);
		ret = request(vsw->nl, &binding, err);
	}
	return ret < 0 ? refused(&place, err) : 0;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, vsw_nl_binding_new, err);
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, vsw_nl_binding_del, err);
}

static int by_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* By switch, port, MAC, VLAN and address. */
static int by_place(const void *one, const void *other)
{
	const struct vsw_binding *a = one, *b = other;

	return by_number(a->switch_ifindex, b->switch_ifindex) ?:
	       by_number(a->port_number, b->port_number) ?:
	       memcmp(a->mac, b->mac, sizeof(a->mac)) ?:
	       by_number(a->vlan, b->vlan) ?:
	       by_number(a->ip.len, b->ip.len) ?:
	       memcmp(a->ip.bytes, b->ip.bytes, sizeof(a->ip.bytes)) ?:
	       by_number(a->ip.bits, b->ip.bits);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_binding filter = {};
	struct place place = {};
	struct list list = {};
	int ret = -1, shown;

	if (read_words(words, place_keywords, &filter, &place, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && place_next(vsw, &place, err)) {
		place_binding(&place, &filter);
		ret = vsw_nl_binding_dump(vsw->nl, &filter, &list, err);
	}
	if (ret < 0)
		return refused(&place, err);
	if (list.n)
		qsort(list.items, list.n, sizeof(struct vsw_binding), by_place);
	shown = output_list(&vsw->out, &kind_binding, &list, err);
	list_free(&list, &kind_binding);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "delete", do_del, true },
	{}
};

const struct object object_binding = { "binding", help, commands, NULL, false };
