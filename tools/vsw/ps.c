// SPDX-License-Identifier: GPL-2.0
/* "vsw ps": containers, in a table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "containers.h"
#include "kept/kept.h"
#include "vsw.h"

static const char ps_help[] =
"Usage: vsw ps [ -a ] [ -q ] [ -f FILTER ]...\n"
"  -a, --all             also those that don't run\n"
"  -q, --quiet           only their names\n"
"  -f, --filter FILTER   only those with: name=PART, status=STATUS, image=IMAGE\n"
"\n"
"  STATUS: created, running, paused, restarting, exited; lost is one whose supervisor was\n"
"  killed while it ran, so that nobody knows how it ended.\n"
"\n"
"Example: vsw -j ps -a\n";

#define FILTERS_MAX	16

struct wish {
	bool all, quiet;
	const char *filters[FILTERS_MAX];
	size_t n_filters;
};

static int add_filter(struct wish *wish, const char *text, struct err *err)
{
	if (strncmp(text, "name=", 5) && strncmp(text, "status=", 7) && strncmp(text, "image=", 6))
		return err_set(err, STATUS_USAGE,
			       "'%s' is no filter: name=PART, status=STATUS, image=IMAGE", text);
	if (wish->n_filters == FILTERS_MAX)
		return err_set(err, STATUS_USAGE, "more than %d filters", FILTERS_MAX);
	/* whoever asks how they are wants to see them */
	wish->all |= *text == 's';
	wish->filters[wish->n_filters++] = text;
	return 0;
}

static int read_options(struct wish *wish, char ***words, struct err *err)
{
	static const struct option longs[] = {
		{ "all", no_argument, NULL, 'a' }, { "quiet", no_argument, NULL, 'q' },
		{ "filter", required_argument, NULL, 'f' }, {}
	};
	int option, ret = 0;

	optind = 0;
	while (!ret && (option = verb_option("ps", words, "+:aqf:", longs, err)) != -1) {
		if (option == 'a')
			wish->all = true;
		else if (option == 'q')
			wish->quiet = true;
		else
			ret = option == 'f' ? add_filter(wish, optarg, err) : -1;
	}
	if (!ret && **words)
		ret = err_set(err, STATUS_USAGE, "'%s' is one word too many", **words);
	return ret;
}

static bool is_wished(const struct wish *wish, const struct vsw_container *about)
{
	const char *value;
	size_t i;

	if (!wish->all && (!strcmp(about->status, "exited") || !strcmp(about->status, "created") ||
			   !strcmp(about->status, "lost")))
		return false;
	for (i = 0; i < wish->n_filters; i++) {
		value = strchr(wish->filters[i], '=') + 1;
		if (*wish->filters[i] == 'n' ? !strstr(about->name, value) :
		    strcmp(*wish->filters[i] == 's' ? about->status : about->image ?: "", value))
			return false;
	}
	return true;
}

/* The newest first, as Docker has them. */
static int by_time(const void *one, const void *other)
{
	const struct vsw_container *a = one, *b = other;
	int order = strcmp(b->created ?: "", a->created ?: "");

	return order ? order : strcmp(a->name, b->name);
}

static void leave_wished(struct list *list, const struct wish *wish)
{
	struct vsw_container *to, *from;
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		from = list_at(list, &kind_container, i);
		to = list_at(list, &kind_container, n);
		if (!is_wished(wish, from)) {
			object_clear(&kind_container, from);
			continue;
		}
		if (to != from)
			*to = *from;
		n++;
	}
	list->n = n;
}

static int ps(struct vsw *vsw, char **words, struct err *err)
{
	struct wish wish = { 0 };
	struct list list = {};
	size_t i;
	int ret;

	if (read_options(&wish, &words, err) < 0)
		return -1;
	ret = kept_list(&list, err);
	if (!ret) {
		leave_wished(&list, &wish);
		if (list.n)
			qsort(list.items, list.n, kind_container.size, by_time);
		for (i = 0; wish.quiet && i < list.n; i++)
			puts(((struct vsw_container *)list_at(&list, &kind_container, i))->name);
		if (!wish.quiet)
			ret = output_list(&vsw->out, &kind_container, &list, err);
	}
	list_free(&list, &kind_container);
	return ret;
}

const struct object object_ps = {
	.name = "ps", .help = ps_help, .run = ps, .own_options = true,
};
