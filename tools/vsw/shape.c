// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/container.h"
#include "lib/netns.h"
#include "lib/nl.h"
#include "lib/units.h"
#include "router.h"

static const char help[] =
"Usage: vsw shape add NAME [ match MATCH ... ] rate RATE [ OPTIONS ]\n"
"                     [ parent NAME ] [ direction both | out | in ]\n"
"       vsw shape set NAME OPTIONS\n"
"       vsw shape delete NAME\n"
"       vsw [ -s ] shape [ show [ NAME ] ]\n"
"OPTIONS := [ rate RATE ] [ ceil RATE ] [ burst BYTES ] [ limit BYTES ] [ prio 0-7 ]\n"
"           [ mode pace | police | mark ] [ dscp DSCP ] [ order NUMBER ]\n"
"           [ quota BYTES period TIME slow-rate RATE ]\n"
"MATCH   := container NAME | cgroup ID | address PREFIX | peer PREFIX | proto PROTO |\n"
"           port PORT[-LAST] | peer-port PORT[-LAST] | mark MARK[/MASK] | dscp DSCP\n"
"RATE    := bits per second, with k, M, G or T (of 1000) behind it\n"
"\n"
"  A class of packets with a rate, in each direction. A packet is of the first class\n"
"  all of whose matches it meets; what stands behind 'match' up to the next other word\n"
"  is one. 'address' and 'port' are the end that the class is about: the source of\n"
"  what it sends, the destination of what it gets; 'peer' is the other one.\n"
"  rate   is guaranteed\n"
"  ceil   is never passed; between, it gets what its siblings leave [rate]\n"
"  parent that it shares with its siblings; packets are of classes without children\n"
"  prio   who gets first what is left, 0 before 7; equals by their rates [0]\n"
"  burst  bytes that may go at once after a rest [5 ms of ceil]\n"
"  limit  bytes that may wait [200 ms of ceil]\n"
"  mode   what is too fast waits, is dropped, or is marked (ECN) [pace]\n"
"  dscp   that packets leave with [as they have it]\n"
"  quota  after so many bytes in a period its rate and ceil are slow-rate\n"
"  order  lower ones are asked first [1000, then as they came]\n"
"  A container of its own network namespace has its class there: 'vsw -n' shows it.\n"
"\n"
"Examples:\n"
"  vsw shape add web match container web rate 50M ceil 100M burst 100k prio 2 dscp af21\n"
"  vsw shape add lan match address 10.0.0.0/24 rate 1G quota 100G period 30d slow-rate 10M\n"
"  vsw shape set web rate 20M\n"
"  vsw -s shape show\n";

#define OPTION_KEYWORDS \
	{ "rate", KEYWORD_VALUE, SHAPE_SAID_RATE, 0 }, \
	{ "ceil", KEYWORD_VALUE, SHAPE_SAID_CEIL, 0 }, \
	{ "burst", KEYWORD_VALUE, SHAPE_SAID_BURST, 0 }, \
	{ "limit", KEYWORD_VALUE, SHAPE_SAID_LIMIT, 0 }, \
	{ "prio", KEYWORD_VALUE, VROUTER_A_SHAPE_PRIO, 0 }, \
	{ "mode", KEYWORD_VALUE, VROUTER_A_SHAPE_MODE, 0 }, \
	{ "dscp", KEYWORD_VALUE, VROUTER_A_SHAPE_SET_DSCP, 0 }, \
	{ "order", KEYWORD_VALUE, VROUTER_A_SHAPE_ORDER, 0 }, \
	{ "quota", KEYWORD_VALUE, SHAPE_SAID_QUOTA, 0 }, \
	{ "period", KEYWORD_TIME, VROUTER_A_SHAPE_PERIOD, 0 }, \
	{ "slow-rate", KEYWORD_VALUE, SHAPE_SAID_SLOW_RATE, 0 }

static const struct keyword add_keywords[] = {
	{ "parent", KEYWORD_VALUE, VROUTER_A_SHAPE_PARENT, 0 },
	{ "direction", KEYWORD_VALUE, VROUTER_A_SHAPE_DIRECTION, 0 },
	OPTION_KEYWORDS,
	{}
};

static const struct keyword set_keywords[] = { OPTION_KEYWORDS, {} };

static const struct keyword match_keywords[] = {
	{ "container", KEYWORD_CONTAINER, VROUTER_A_SHAPE_MATCH_CGROUP, 0 },
	{ "cgroup", KEYWORD_VALUE, VROUTER_A_SHAPE_MATCH_CGROUP, 0 },
	{ "address", KEYWORD_VALUE, VROUTER_A_SHAPE_MATCH_NEAR, 0 },
	{ "peer", KEYWORD_VALUE, VROUTER_A_SHAPE_MATCH_FAR, 0 },
	{ "proto", KEYWORD_VALUE, VROUTER_A_SHAPE_MATCH_PROTOCOL, 0 },
	{ "port", KEYWORD_VALUE, SHAPE_SAID_PORTS, 0 },
	{ "peer-port", KEYWORD_VALUE, SHAPE_SAID_FAR_PORTS, 0 },
	{ "mark", KEYWORD_VALUE, SHAPE_SAID_MARK, 0 },
	{ "dscp", KEYWORD_VALUE, VROUTER_A_SHAPE_MATCH_DSCP, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENOENT, "See 'vsw shape show'; a container has its own ones, see 'vsw -n'." },
	{ EEXIST, "'vsw shape set' changes it." },
	{ EBUSY, "See 'vsw shape show'." },
	{}
};

static int refused(const struct vsw_shape *shape, struct err *err)
{
	return explain(hints, err, "class '%s'", shape->name);
}

/* ---- what is said -> what the kernel takes ----------------------------------------- */

static bool take_said(struct vsw_shape *shape, unsigned int said, unsigned int attr)
{
	if (!(shape->has & HAS(said)))
		return false;
	shape->has = (shape->has & ~HAS(said)) | HAS(attr);
	return true;
}

static int complete_rates(struct vsw_shape *shape, struct err *err)
{
	if (take_said(shape, SHAPE_SAID_RATE, VROUTER_A_SHAPE_RATE) &&
	    units_parse_rate("rate", shape->said_rate, &shape->rate, STATUS_USAGE, err) < 0)
		return -1;
	if (take_said(shape, SHAPE_SAID_CEIL, VROUTER_A_SHAPE_CEIL) &&
	    units_parse_rate("ceil", shape->said_ceil, &shape->ceil, STATUS_USAGE, err) < 0)
		return -1;
	if (take_said(shape, SHAPE_SAID_SLOW_RATE, VROUTER_A_SHAPE_SLOW_RATE) &&
	    units_parse_rate("slow-rate", shape->said_slow_rate, &shape->slow_rate, STATUS_USAGE,
			     err) < 0)
		return -1;
	return 0;
}

static int read_bytes(const char *what, const char *text, uint32_t *bytes, struct err *err)
{
	uint64_t wide;

	if (units_parse_bytes(what, text, &wide, STATUS_USAGE, err) < 0)
		return -1;
	/* The kernel says what is too much. */
	*bytes = wide > UINT32_MAX ? UINT32_MAX : wide;
	return 0;
}

static int complete_sizes(struct vsw_shape *shape, struct err *err)
{
	if (take_said(shape, SHAPE_SAID_BURST, VROUTER_A_SHAPE_BURST) &&
	    read_bytes("burst", shape->said_burst, &shape->burst, err) < 0)
		return -1;
	if (take_said(shape, SHAPE_SAID_LIMIT, VROUTER_A_SHAPE_LIMIT) &&
	    read_bytes("limit", shape->said_limit, &shape->limit, err) < 0)
		return -1;
	if (take_said(shape, SHAPE_SAID_QUOTA, VROUTER_A_SHAPE_QUOTA) &&
	    units_parse_bytes("quota", shape->said_quota, &shape->quota, STATUS_USAGE, err) < 0)
		return -1;
	return 0;
}

static int complete_ports(struct vsw_shape *shape, struct err *err)
{
	if (take_said(shape, SHAPE_SAID_PORTS, VROUTER_A_SHAPE_MATCH_PORT)) {
		shape->has |= HAS(VROUTER_A_SHAPE_MATCH_PORT_LAST);
		if (endpoint_parse_ports("port", shape->said_ports, &shape->port,
					 &shape->port_last, err) < 0)
			return -1;
	}
	if (take_said(shape, SHAPE_SAID_FAR_PORTS, VROUTER_A_SHAPE_MATCH_FAR_PORT)) {
		shape->has |= HAS(VROUTER_A_SHAPE_MATCH_FAR_PORT_LAST);
		return endpoint_parse_ports("peer-port", shape->said_far_ports, &shape->far_port,
					    &shape->far_port_last, err);
	}
	return 0;
}

static int read_number(const char *text, uint32_t *number, struct err *err)
{
	unsigned long long wide;
	char *end;

	errno = 0;
	wide = strtoull(text, &end, 0);
	if (end == text || *end || errno || *text == '-' || wide > UINT32_MAX)
		return err_set(err, STATUS_USAGE, "mark: '%s' is not a number of 32 bits", text);
	*number = wide;
	return 0;
}

static int complete_mark(struct vsw_shape *shape, struct err *err)
{
	char *mark, *mask;
	int ret;

	if (!take_said(shape, SHAPE_SAID_MARK, VROUTER_A_SHAPE_MATCH_MARK))
		return 0;
	mark = strdup(shape->said_mark);
	if (!mark)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	mask = strchr(mark, '/');
	if (mask) {
		*mask++ = '\0';
		shape->has |= HAS(VROUTER_A_SHAPE_MATCH_MARK_MASK);
	}
	ret = read_number(mark, &shape->mark, err);
	if (ret == 0 && mask)
		ret = read_number(mask, &shape->mark_mask, err);
	free(mark);
	return ret;
}

/* With a prefix goes its length. */
static void complete_prefixes(struct vsw_shape *shape)
{
	if (shape->has & HAS(VROUTER_A_SHAPE_MATCH_NEAR))
		shape->has |= HAS(VROUTER_A_SHAPE_MATCH_NEAR_LEN);
	if (shape->has & HAS(VROUTER_A_SHAPE_MATCH_FAR))
		shape->has |= HAS(VROUTER_A_SHAPE_MATCH_FAR_LEN);
}

static int complete(struct vsw_shape *shape, struct err *err)
{
	complete_prefixes(shape);
	if (complete_rates(shape, err) < 0 || complete_sizes(shape, err) < 0 ||
	    complete_ports(shape, err) < 0)
		return -1;
	return complete_mark(shape, err);
}

/* ---- words --------------------------------------------------------------------------- */

static int read_name(char ***words, struct vsw_shape *shape, struct err *err)
{
	const char *word;

	if (router_take(words, "name of the class", &word, err) < 0)
		return -1;
	if (strlen(word) > VROUTER_NAME_LEN)
		return err_set(err, STATUS_USAGE, "the name '%s' is too long, the most is %d bytes",
			       word, VROUTER_NAME_LEN);
	shape->name = strdup(word);
	shape->has = HAS(VROUTER_A_SHAPE_NAME);
	return shape->name ? 0 : err_set(err, STATUS_SYSTEM, "out of memory");
}

static bool is_match(const char *word)
{
	const struct keyword *key;

	for (key = match_keywords; key->word; key++)
		if (!strcmp(key->word, word))
			return true;
	return false;
}

/*
 * Words behind "match" say what is matched as long as they can: "dscp" is one thing there
 * and another elsewhere.  Both arrays have room for all of them.
 */
static int split(char **words, char **matches, char **options, struct err *err)
{
	size_t m = 0, o = 0;

	while (*words) {
		if (strcmp(*words, "match")) {
			options[o++] = *words++;
			if (*words)
				options[o++] = *words++;
			continue;
		}
		words++;
		if (!*words || !is_match(*words))
			return err_set(err, STATUS_USAGE, "match: '%s' can't be matched",
				       *words ? *words : "");
		while (*words && is_match(*words)) {
			matches[m++] = *words++;
			if (*words)
				matches[m++] = *words++;
		}
	}
	matches[m] = NULL;
	options[o] = NULL;
	return 0;
}

static const char *value_of(char **words, const char *key)
{
	for (; words[0] && words[1]; words += 2)
		if (!strcmp(words[0], key))
			return words[1];
	return NULL;
}

/* container: NULL, or the name of one that is matched. */
static int read_add(char **words, struct vsw_shape *shape, const char **container,
		    struct err *err)
{
	char **both;
	size_t n;
	int ret;

	for (n = 0; words[n]; n++)
		;
	both = calloc(2 * (n + 1), sizeof(*both));
	if (!both)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	ret = split(words, both, both + n + 1, err);
	if (ret == 0)
		ret = keywords_read(&kind_shape, match_keywords, both, shape, NULL, err);
	if (ret == 0)
		ret = keywords_read(&kind_shape, add_keywords, both + n + 1, shape, NULL, err);
	*container = value_of(both, "container");
	free(both);
	return ret < 0 ? -1 : complete(shape, err);
}

/* ---- commands ------------------------------------------------------------------------ */

struct opening {
	struct vsw_nl *nl;
	struct err *err;
};

static void open_router(void *arg)
{
	struct opening *opening = arg;

	opening->nl = vsw_nl_open_router(opening->err);
}

/* Its sockets are where it is, be that here or in its own network namespace. */
static int add_there(const char *container, struct vsw_shape *shape, struct err *err)
{
	struct opening opening = { .err = err };
	struct container_found found;
	int ret;

	shape->label = strdup(container);
	if (!shape->label)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	shape->has |= HAS(VROUTER_A_SHAPE_LABEL);
	if (container_find(container, &found, err) < 0)
		return -1;
	ret = netns_call(found.netns, open_router, &opening, err);
	close(found.netns);
	if (ret == 0 && !opening.nl)
		ret = -1;
	if (ret == 0)
		ret = vsw_nl_shape_new(opening.nl, shape, err) < 0 ? refused(shape, err) : 0;
	if (opening.nl)
		vsw_nl_close(opening.nl);
	return ret;
}

/* What a request owns is freed behind it. */
static void clear_shape(struct vsw_shape *shape)
{
	object_clear(&kind_shape, shape);
}

#define cleanup_shape __attribute__((cleanup(clear_shape)))

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_shape struct vsw_shape shape = {};
	const char *container = NULL;

	if (read_name(&words, &shape, err) < 0 || read_add(words, &shape, &container, err) < 0)
		return -1;
	if (!(shape.has & HAS(VROUTER_A_SHAPE_RATE)))
		return err_set(err, STATUS_USAGE, "'rate RATE' is missing");
	if (container)
		return add_there(container, &shape, err);
	if (router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_shape_new(vsw->router, &shape, err) < 0 ? refused(&shape, err) : 0;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_shape struct vsw_shape shape = {};

	if (read_name(&words, &shape, err) < 0 ||
	    keywords_read(&kind_shape, set_keywords, words, &shape, NULL, err) < 0 ||
	    complete(&shape, err) < 0)
		return -1;
	if (shape.has == HAS(VROUTER_A_SHAPE_NAME))
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_shape_set(vsw->router, &shape, err) < 0 ? refused(&shape, err) : 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_shape struct vsw_shape shape = {};

	if (read_name(&words, &shape, err) < 0 || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_shape_del(vsw->router, &shape, err) < 0 ? refused(&shape, err) : 0;
}

static int show_one(struct vsw *vsw, const struct vsw_shape *req, struct err *err)
{
	struct vsw_shape reply = {};
	int ret;

	if (vsw_nl_shape_get(vsw->router, req, &reply, err) < 0)
		ret = refused(req, err);
	else
		ret = output_object(&vsw->out, &kind_shape, &reply, err);
	object_clear(&kind_shape, &reply);
	return ret;
}

/* In the order in which packets ask them, as the kernel has them. */
static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_shape struct vsw_shape shape = {};
	struct list list = {};
	int ret;

	if ((*words && read_name(&words, &shape, err) < 0) || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	if (shape.name)
		return show_one(vsw, &shape, err);
	ret = vsw_nl_shape_dump(vsw->router, &list, err);
	if (ret < 0)
		explain(hints, err, "classes");
	return router_show_list(vsw, &kind_shape, &list, NULL, ret, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_set, true },
	{ "change", do_set, true },
	{ "delete", do_delete, true },
	{}
};

const struct object object_shape = { "shape", help, commands, NULL, false };
