// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output_private.h"
#include "status.h"

#define GAP 2		/* blanks between columns */

struct cell {
	char *text;
	enum colour colour;
};

static const char * const escapes[] = {
	[COLOUR_NONE] = "",
	[COLOUR_NAME] = "\033[36m",
	[COLOUR_MAC] = "\033[33m",
	[COLOUR_GOOD] = "\033[32m",
	[COLOUR_BAD] = "\033[31m",
	[COLOUR_HEAD] = "\033[1m",
};

/* Bytes of the UTF-8 sequence at p that a terminal may get; 0: none. */
static int printable(const unsigned char *p)
{
	int len, i;

	if (*p < 0x80)
		return *p >= 0x20 && *p != 0x7f;
	len = *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 :
	      *p >= 0xf0 && *p < 0xf5 ? 4 : 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return *p == 0xc2 && p[1] < 0xa0 ? 0 : len;	/* C1 controls */
}

static void make_harmless(char *text)
{
	unsigned char *p = (unsigned char *)text;

	while (*p) {
		int len = printable(p);

		if (!len) {
			*p = '?';
			len = 1;
		}
		p += len;
	}
}

static size_t width(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static void put_text(bool colour, enum colour which, const char *text)
{
	bool escape = colour && which != COLOUR_NONE && *text;

	printf("%s%s%s", escape ? escapes[which] : "", text, escape ? "\033[0m" : "");
}

void put(bool colour, enum colour which, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	make_harmless(text);
	put_text(colour, which, text);
}

void table_cell(struct table *table, enum colour colour, const char *fmt, ...)
{
	struct cell *cells;
	char *text;
	va_list ap;
	int ret;

	if (table->n == table->room) {
		size_t room = table->room ? 2 * table->room : 64;

		cells = reallocarray(table->cells, room, sizeof(*cells));
		if (!cells) {
			table->failed = true;
			return;
		}
		table->cells = cells;
		table->room = room;
	}
	va_start(ap, fmt);
	ret = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (ret < 0) {
		table->failed = true;
		return;
	}
	make_harmless(text);
	table->cells[table->n++] = (struct cell){ text, colour };
}

static size_t column_width(const struct table *table, unsigned int column)
{
	size_t i, most = 0;

	for (i = column; i < table->n; i += table->columns) {
		const char *text = table->cells[i].text;
		size_t w = width(text) - (i < table->columns && *text == '>');

		if (w > most)
			most = w;
	}
	return most;
}

static void print_cell(const struct table *table, size_t i, size_t wide)
{
	unsigned int column = i % table->columns;
	bool right = *table->cells[column].text == '>';
	const char *text = table->cells[i].text + (i < table->columns && right);
	int pad = wide - width(text);
	bool last = column == table->columns - 1;

	printf("%*s", right ? pad : 0, "");
	put_text(table->colour, table->cells[i].colour, text);
	if (last)
		putchar('\n');
	else
		printf("%*s", GAP + (right ? 0 : pad), "");
}

int table_print(struct table *table, struct err *err)
{
	size_t wide[table->columns];
	unsigned int column;
	size_t i;

	if (!table->failed) {
		for (column = 0; column < table->columns; column++)
			wide[column] = column_width(table, column);
		for (i = 0; i < table->n; i++)
			print_cell(table, i, wide[i % table->columns]);
	}
	for (i = 0; i < table->n; i++)
		free(table->cells[i].text);
	free(table->cells);
	table->cells = NULL;
	table->n = 0;
	table->room = 0;
	return table->failed ? err_set(err, STATUS_SYSTEM, "out of memory") : 0;
}
