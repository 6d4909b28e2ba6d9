/* SPDX-License-Identifier: GPL-2.0 */
/* A state as lines of text, of objects that are told by netlink. */
#ifndef SELFTESTS_STATE_LINES_H
#define SELFTESTS_STATE_LINES_H

#include <stdio.h>

#include "request.h"

/* Every object is one line of text: what it is and its attributes in hex. */
struct state {
	char **lines;
	unsigned int count, room;
};

static inline void state_add(struct state *state, char *line)
{
	if (state->count == state->room) {
		state->room = state->room ? 2 * state->room : 256;
		state->lines = realloc(state->lines, state->room * sizeof(*state->lines));
		if (!state->lines)
			err(2, "realloc");
	}
	state->lines[state->count++] = line;
}

static inline char *state_hex(char *out, const struct nlattr *attr)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *end = (const uint8_t *)attr + attr->nla_len;
	const uint8_t *byte;

	*out++ = ' ';
	for (byte = (const uint8_t *)&attr->nla_type; byte < end; byte++) {
		*out++ = digits[*byte >> 4];
		*out++ = digits[*byte & 15];
	}
	return out;
}

static inline int state_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void state_free(struct state *state)
{
	while (state->count)
		free(state->lines[--state->count]);
	free(state->lines);
	memset(state, 0, sizeof(*state));
}

/* Returns whether both are the same; prints the differences if @say. */
static inline bool state_same(const struct state *a, const struct state *b, bool say)
{
	unsigned int i = 0, j = 0;
	bool same = true;
	int order;

	while (i < a->count || j < b->count) {
		order = i == a->count ? 1 : j == b->count ? -1 :
			strcmp(a->lines[i], b->lines[j]);
		if (order)
			same = false;
		if (order < 0 && say)
			printf("# - %s\n", a->lines[i]);
		if (order > 0 && say)
			printf("# + %s\n", b->lines[j]);
		i += order <= 0;
		j += order >= 0;
	}
	return same;
}

#endif
