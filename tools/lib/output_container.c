// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model_container.h"
#include "output_private.h"

#define COMMAND_MAX	30	/* of what is shown of a command, unless everything is asked for */

/* RFC 3339 in UTC; 0: it is none. */
static time_t read_time(const char *text)
{
	struct tm tm = { 0 };

	return text && strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) ? timegm(&tm) : 0;
}

/* "5 minutes", as Docker says it */
static void describe_age(char text[32], const char *since)
{
	static const struct {
		const char *name;
		unsigned int seconds;
	} units[] = {
		{ "week", 604800 }, { "day", 86400 }, { "hour", 3600 }, { "minute", 60 },
		{ "second", 1 },
	};
	time_t then = read_time(since);
	unsigned int age, i, n;

	age = then && time(NULL) > then ? time(NULL) - then : 0;
	for (i = 0; i < 4 && age < 2 * units[i].seconds; i++)
		;
	n = age / units[i].seconds;
	snprintf(text, 32, "%u %s%s", n, units[i].name, n == 1 ? "" : "s");
}

static void describe_status(char text[96], const struct vsw_container *about)
{
	char age[32];

	describe_age(age, about->finished);
	if (!strcmp(about->status, "running") || !strcmp(about->status, "paused")) {
		describe_age(age, about->started);
		snprintf(text, 96, about->started ? "Up %s%s%s" : "Up%.0s%s%s", age,
			 *about->status == 'p' ? " (Paused)" : "",
			 about->supervised ? "" : " (no supervisor)");
	} else if (!strcmp(about->status, "exited")) {
		snprintf(text, 96, "Exited (%u) %s ago", about->exit_status, age);
	} else if (!strcmp(about->status, "restarting")) {
		snprintf(text, 96, "Restarting (%u) %s ago", about->exit_status, age);
	} else {
		snprintf(text, 96, "%c%s", *about->status - 'a' + 'A', about->status + 1);
	}
}

static enum colour colour_of(const struct vsw_container *about)
{
	if (!strcmp(about->status, "running"))
		return COLOUR_GOOD;
	return !strcmp(about->status, "exited") && !about->exit_status ? COLOUR_NONE : COLOUR_BAD;
}

int container_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"CONTAINER", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", NULL
	};
	struct table table = { .colour = out->colour };
	char status[96], created[48];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_container *about = list_at(list, &kind_container, i);

		describe_status(status, about);
		describe_age(created, about->created);
		strcat(created, " ago");
		table_cell(&table, COLOUR_NAME, "%s", about->name);
		table_cell(&table, COLOUR_NONE, "%s", about->image ?: "-");
		table_cell(&table, COLOUR_NONE, "%.*s", out->details ? 4096 : COMMAND_MAX,
			   about->command ?: "-");
		table_cell(&table, COLOUR_NONE, "%s", about->created ? created : "-");
		table_cell(&table, colour_of(about), "%s", status);
		table_cell(&table, COLOUR_NONE, "%s", about->ports ?: "");
	}
	return table_print(&table, err);
}
