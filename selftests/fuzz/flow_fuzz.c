// SPDX-License-Identifier: GPL-2.0
/*
 * What is parsed of a flow, a filter, a group or a meter is printed as text that parses to
 * the same again, and is then printed as the same text; and the same through netlink.
 *
 *   flow_fuzz FILE...
 *
 * Each file is one input. The first character says what the rest is: 'g' a group, 'm' a
 * meter, 'd' which flows are meant, anything else is part of a flow. "make fuzz" builds it
 * for libFuzzer instead, which has a main() of its own.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "lib/flow.h"
#include "lib/nl_codec.h"
#include "lib/nl_flow_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two of these have the name of one: what has it can't be printed. */
static int fetch(struct flow_ports *ports, void *arg, struct err *err)
{
	static const struct {
		const char *name;
		uint32_t number;
	} all[] = {
		{ "eth1", 1 }, { "eth2", 2 }, { "both", 3 }, { "both", 4 }, { "normal", 5 },
		{ "a b", 6 }, { "drop", 7 }, { "controller", 8 }, { "7", 9 }, { "x", 65000 },
	};
	size_t i;

	(void)arg;
	(void)err;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (flow_ports_add(ports, all[i].name, all[i].number, true) < 0)
			abort();
	return 0;
}

/* What differs, then. */
static void differ(const char *what, const char *one, const char *other)
{
	fprintf(stderr, "%s: '%s' became '%s'\n", what, one, other);
	abort();
}

enum kind_of { FLOW, FILTER, GROUP, METER };

union thing {
	struct vsw_flow flow;
	struct vsw_flow_request filter;
	struct vsw_group group;
	struct vsw_meter meter;
};

static const struct kind * const kinds[] = {
	[FLOW] = &kind_flow, [FILTER] = &kind_flow_request, [GROUP] = &kind_group,
	[METER] = &kind_meter,
};

static int parse(enum kind_of kind, const char *text, struct flow_ports *ports,
		 union thing *thing)
{
	char *copy = strdup(text);
	struct err err = ERR_INIT;
	int ret = -1;

	memset(thing, 0, sizeof(*thing));
	switch (kind) {
	case FLOW:
		ret = flow_parse(copy, ports, &thing->flow, &err);
		break;
	case FILTER:
		ret = flow_parse_request(copy, ports, FLOW_USE_FILTER, &thing->filter, &err);
		break;
	case GROUP:
		ret = flow_parse_group(copy, ports, &thing->group, &err);
		break;
	case METER:
		ret = flow_parse_meter(copy, &thing->meter, &err);
		break;
	}
	if (ret < 0 && (!err.status || !*err.msg))
		differ("an error without a message", text, "");
	free(copy);
	return ret;
}

static char *print(enum kind_of kind, const union thing *thing, struct flow_ports *ports)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	switch (kind) {
	case FLOW:
		flow_print(stream, &thing->flow, ports);
		break;
	case FILTER:
		flow_print_match(stream, &thing->filter.match, true, ports);
		break;
	case GROUP:
		flow_print_group(stream, &thing->group, ports);
		break;
	case METER:
		flow_print_meter(stream, &thing->meter);
		break;
	}
	fclose(stream);
	return text;
}

/* The attributes that go to the kernel. */
static struct nlmsghdr *encode(enum kind_of kind, const union thing *thing)
{
	size_t size = 8192, i;
	struct nlmsghdr *nlh;

	if (kind == FLOW)
		size += vsw_nl_flow_size(&thing->flow);
	if (kind == FILTER)
		size += vsw_nl_match_size(&thing->filter.match);
	for (i = 0; kind == GROUP && i < thing->group.buckets.n; i++)
		size += vsw_nl_bucket_size(&thing->group.buckets.bucket[i]);
	if (size > NL_FLOW_NEST_MAX)
		return NULL;
	nlh = calloc(1, size);
	mnl_nlmsg_put_header(nlh);
	mnl_nlmsg_put_extra_header(nlh, 4);
	vsw_nl_encode(nlh, kinds[kind], thing);
	if (nlh->nlmsg_len > size)
		differ("a request is longer than its size", "", "");
	return nlh;
}

static void check_netlink(enum kind_of kind, const union thing *thing, const char *text)
{
	struct nlmsghdr *nlh = encode(kind, thing);
	struct err err = ERR_INIT;
	union thing decoded = {};
	char *again;

	if (!nlh)
		return;
	if (vsw_nl_decode(nlh, kinds[kind], &decoded, &err) < 0)
		differ("attributes", text, err.msg);
	again = print(kind, &decoded, NULL);
	if (strcmp(text, again))
		differ("attributes", text, again);
	free(again);
	object_clear(kinds[kind], &decoded);
	free(nlh);
}

static void check(enum kind_of kind, const char *input, struct flow_ports *ports)
{
	union thing thing, again;
	char *text, *named, *other;

	if (parse(kind, input, ports, &thing) == 0) {
		text = print(kind, &thing, NULL);
		named = print(kind, &thing, ports);
		if (parse(kind, text, NULL, &again) < 0)
			differ("not parsed again", input, text);
		other = print(kind, &again, NULL);
		if (strcmp(text, other))
			differ("numbers", text, other);
		free(other);
		object_clear(kinds[kind], &again);
		if (parse(kind, named, ports, &again) < 0)
			differ("not parsed again", input, named);
		other = print(kind, &again, NULL);
		if (strcmp(text, other))
			differ("names", text, other);
		if (kind != METER || thing.meter.has & HAS(VSWITCH_A_METER_UNIT))
			check_netlink(kind, &again, text);
		object_clear(kinds[kind], &again);
		free(other);
		free(named);
		free(text);
	}
	object_clear(kinds[kind], &thing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flow_ports ports = { .fetch = fetch };
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	if (*text == 'g')
		check(GROUP, text + 1, &ports);
	else if (*text == 'm')
		check(METER, text + 1, &ports);
	else if (*text == 'd')
		check(FILTER, text + 1, &ports);
	check(FLOW, text, &ports);
	flow_ports_free(&ports);
	free(text);
	return 0;
}

#ifndef FUZZ
static void run(const char *name)
{
	static char data[1 << 20];
	FILE *file = fopen(name, "re");
	size_t size;

	if (!file)
		err(1, "%s", name);
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	while (size && data[size - 1] == '\n')
		size--;
	LLVMFuzzerTestOneInput((const uint8_t *)data, size);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 2)
		errx(2, "usage: flow_fuzz FILE...");
	for (i = 1; i < argc; i++)
		run(argv[i]);
	printf("%d inputs\n", argc - 1);
	return 0;
}
#endif
