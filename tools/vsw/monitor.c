// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <stdio.h>

#include "lib/parse.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw [ -t ] monitor [ all | switch | port | fdb | mirror |\n"
"                            binding | mdb | flow ]...\n"
"\n"
"  Prints what happens to switches, ports, MAC entries, mirrors, bindings and\n"
"  multicast groups, until it is stopped; what happens to VLANs it says of their\n"
"  ports, and of flows only that those with send_flow_rem are gone. -t puts the time before each event; with -j each line is a JSON object.\n"
"  The event 'lost' says that more happened than could be read.\n"
"\n"
"Examples:\n"
"  vsw monitor\n"
"  vsw -j monitor port fdb -t\n";

/* Names in the order of abbreviation. */
static const struct {
	const char *name;
	unsigned int groups;
} topics[] = {
	{ "all", NL_GROUP_ALL },
	{ "switch", NL_GROUP_SWITCH },
	{ "port", NL_GROUP_PORT },
	{ "fdb", NL_GROUP_FDB },
	{ "mirror", NL_GROUP_MIRROR },
	{ "binding", NL_GROUP_BINDING },
	{ "mdb", NL_GROUP_MDB },
	{ "flow", NL_GROUP_FLOW },
};

#define N_TOPICS (sizeof(topics) / sizeof(topics[0]))

static unsigned int find_groups(const char *word)
{
	size_t i;

	for (i = 0; i < N_TOPICS; i++)
		if (parse_abbreviates(word, topics[i].name))
			return topics[i].groups;
	return 0;
}

/* Now, as ISO 8601 in local time with microseconds. */
static const char *timestamp(char *text, size_t size)
{
	char date[32] = "", zone[8] = "";
	struct timeval now;
	struct tm tm;

	gettimeofday(&now, NULL);
	if (localtime_r(&now.tv_sec, &tm)) {
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
		strftime(zone, sizeof(zone), "%z", &tm);
	}
	snprintf(text, size, "%s.%06ld%.3s:%s", date, (long)now.tv_usec, zone,
		 strlen(zone) > 3 ? zone + 3 : "00");
	return text;
}

static int show_event(const struct vsw_nl_event *event, void *arg, struct err *err)
{
	const struct vsw *vsw = arg;
	char text[64];

	return output_event(&vsw->out, event->name, event->kind, event->object,
			    vsw->timestamp ? timestamp(text, sizeof(text)) : NULL, err);
}

static int run(struct vsw *vsw, char **words, struct err *err)
{
	unsigned int groups = 0;
	struct vsw_nl *nl;
	int ret;

	for (; *words; words++) {
		unsigned int found = find_groups(*words);

		if (!found)
			return err_set(err, STATUS_USAGE, "'%s' is nothing to monitor", *words);
		groups |= found;
	}
	nl = vsw_nl_open(err);
	if (!nl)
		return -1;
	ret = vsw_nl_listen(nl, groups ? groups : NL_GROUP_ALL, show_event, vsw, err);
	vsw_nl_close(nl);
	return ret;
}

const struct object object_monitor = { "monitor", help, NULL, run, false };
