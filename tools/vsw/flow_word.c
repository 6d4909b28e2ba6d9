// SPDX-License-Identifier: GPL-2.0
/* The words of commands about flows, groups and meters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "lib/parse.h"

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw switch show'." },
	{ ENOENT, "See 'vsw group show', 'vsw meter show' and 'vsw mirror show'." },
	{ ENOSPC, "See 'vsw flow table show'." },
	{}
};

static const struct hint hints_kind[] = {
	{ EINVAL, "Words such as 'ip', 'tcp', 'arp' say of what kind a packet is." },
	{}
};

int flow_take_switch(char ***words, char name[MODEL_NAME_SIZE], struct err *err)
{
	if (!**words)
		return err_set(err, STATUS_USAGE, "the name of the switch is missing");
	if (parse_name("switch", **words, name, err) < 0)
		return -1;
	++*words;
	return 0;
}

bool flow_take_word(char ***words, const char *word)
{
	if (!**words || strcmp(**words, word))
		return false;
	++*words;
	return true;
}

char *flow_join(char **words, struct err *err)
{
	size_t size = 1;
	char *text, *p;
	char **w;

	for (w = words; *w; w++)
		size += strlen(*w) + 1;
	text = malloc(size);
	if (!text) {
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	p = text;
	for (w = words; *w; w++) {
		if (w != words)
			*p++ = ' ';
		p = stpcpy(p, *w);
	}
	*p = '\0';
	return text;
}

int flow_refused(const char *switch_name, struct err *err)
{
	bool kind = strstr(err->msg, "needs a match on");

	return explain(kind ? hints_kind : hints, err, "switch '%s'", switch_name);
}

int flow_switches(struct vsw *vsw, const char *name, struct list *switches, struct err *err)
{
	struct vsw_switch req = { .has = HAS(VSWITCH_A_SWITCH_NAME) }, *sw;

	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (!*name)
		return vsw_nl_switch_dump(vsw->nl, switches, err);
	sw = list_grow(switches, &kind_switch);
	if (!sw)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	strcpy(req.name, name);
	if (vsw_nl_switch_get(vsw->nl, &req, sw, err) < 0)
		return flow_refused(name, err);
	return 0;
}
