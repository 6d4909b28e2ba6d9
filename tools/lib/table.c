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

void output_harmless(char *text)
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
	output_harmless(text);
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
	output_harmless(text);
	table->cells[table->n++] = (struct cell){ text, colour };
}

void table_heads(struct table *table, const char * const *heads)
{
	for (; *heads; heads++, table->columns++)
		table_cell(table, COLOUR_HEAD, "%s", *heads);
}

struct column {
	const char *head;
	size_t wide;
	bool right, hidden;
};

static struct column read_column(const struct table *table, unsigned int n)
{
	struct column column = { .head = table->cells[n].text };
	size_t i;

	column.hidden = *column.head == '?';
	column.head += column.hidden;
	column.right = *column.head == '>';
	column.head += column.right;
	column.wide = width(column.head);
	for (i = n + table->columns; i < table->n; i += table->columns) {
		const char *text = table->cells[i].text;
		size_t w = width(text);

		if (w > column.wide)
			column.wide = w;
		if (strcmp(text, "-"))
			column.hidden = false;
	}
	return column;
}

static void print_row(const struct table *table, size_t row, const struct column *columns)
{
	unsigned int n;
	int blanks = 0;

	for (n = 0; n < table->columns; n++) {
		const struct cell *cell = &table->cells[row * table->columns + n];
		const char *text = row ? cell->text : columns[n].head;
		int pad = columns[n].wide - width(text);

		if (columns[n].hidden)
			continue;
		printf("%*s", blanks + (columns[n].right ? pad : 0), "");
		put_text(table->colour, cell->colour, text);
		blanks = GAP + (columns[n].right ? 0 : pad);
	}
	putchar('\n');
}

int table_print(struct table *table, struct err *err)
{
	struct column columns[table->columns];
	unsigned int n;
	size_t i;

	if (!table->failed) {
		for (n = 0; n < table->columns; n++)
			columns[n] = read_column(table, n);
		for (i = 0; i < table->n / table->columns; i++)
			print_row(table, i, columns);
	}
	for (i = 0; i < table->n; i++)
		free(table->cells[i].text);
	free(table->cells);
	table->cells = NULL;
	table->n = 0;
	table->room = 0;
	return table->failed ? err_set(err, STATUS_SYSTEM, "out of memory") : 0;
}
