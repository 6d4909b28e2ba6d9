// SPDX-License-Identifier: GPL-2.0
/* "vsw logs": what a container said. */
#include <string.h>

#include "containers.h"
#include "kept/kept.h"
#include "lib/units.h"
#include "vsw.h"

static const char logs_help[] =
"Usage: vsw logs [ OPTIONS ] CONTAINER\n"
"What it wrote to its standard output and error, on those of vsw. What vsw itself has to\n"
"say of it, that its memory was short, or why it did not start, is among the errors.\n"
"\n"
"  -f, --follow        and what comes, until it has ended\n"
"  -n, --tail NUMBER   only so many of the last lines, or all\n"
"  --since TIME        not what is older: 10m, 1h30m, 2026-01-02T03:04:05Z, or seconds\n"
"                      since 1970\n"
"  --until TIME        not what is newer\n"
"  -t, --timestamps    the time before each line\n";

struct times {
	char since[KEPT_TIME_SIZE], until[KEPT_TIME_SIZE];
};

static int take_option(int option, struct log_wish *wish, struct times *times, struct err *err)
{
	switch (option) {
	case 'f':
		wish->follow = true;
		return 0;
	case 't':
		wish->times = true;
		return 0;
	case 'n':
		if (!strcmp(optarg, "all"))
			return 0;
		return units_parse_count("tail", optarg, &wish->tail, STATUS_USAGE, err);
	case 's':
		wish->since = times->since;
		return log_read_time(optarg, times->since, err);
	case 'u':
		wish->until = times->until;
		return log_read_time(optarg, times->until, err);
	}
	return -1;
}

static int logs(struct vsw *vsw, char **words, struct err *err)
{
	static const struct option longs[] = {
		{ "follow", no_argument, NULL, 'f' }, { "tail", required_argument, NULL, 'n' },
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "timestamps", no_argument, NULL, 't' }, {}
	};
	struct log_wish wish = { .tail = UINT64_MAX };
	struct times times;
	struct kept kept;
	int option, ret;

	(void)vsw;
	optind = 0;
	/* as docker(1): options may stand behind the container */
	while ((option = verb_option("logs", &words, ":fn:t", longs, err)) != -1)
		if (take_option(option, &wish, &times, err) < 0)
			return -1;
	if (!words[0] || words[1])
		return err_set(err, STATUS_USAGE, "one CONTAINER is needed");
	if (kept_open(words[0], &kept, err) < 0)
		return -1;
	ret = log_show(&kept, &wish, err);
	kept_close(&kept);
	return ret;
}

const struct object object_logs = {
	.name = "logs", .help = logs_help, .run = logs, .own_options = true,
};
