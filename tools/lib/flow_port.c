// SPDX-License-Identifier: GPL-2.0
/* Ports as flows name them: by number, by name, and some that are none by a word. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "flow.h"
#include "status.h"

/* OpenFlow's number of a bridge's own port, which is 0 here. */
#define OPENFLOW_LOCAL	65534

static const struct {
	const char *word;
	uint32_t number;
} words[] = {
	{ "LOCAL", VSWITCH_HOST_PORT },
	{ "IN_PORT", VSWITCH_FLOW_PORT_IN_PORT },
	{ "NORMAL", VSWITCH_FLOW_PORT_NORMAL },
	{ "FLOOD", VSWITCH_FLOW_PORT_FLOOD },
	{ "ALL", VSWITCH_FLOW_PORT_ALL },
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

static int by_name(const void *one, const void *other)
{
	const struct flow_port *a = one, *b = other;

	return strcmp(a->name, b->name);
}

static int by_number(const void *one, const void *other)
{
	const struct flow_port * const *a = one, * const *b = other;

	return ((*a)->number > (*b)->number) - ((*a)->number < (*b)->number) ?:
	       (*b)->first - (*a)->first ?: strcmp((*a)->name, (*b)->name);
}

int flow_ports_add(struct flow_ports *ports, const char *name, uint32_t number, bool first)
{
	size_t room = ports->room ? 2 * ports->room : 16;
	struct flow_port *port;

	if (ports->n == ports->room) {
		port = reallocarray(ports->port, room, sizeof(*port));
		if (!port)
			return -1;
		ports->port = port;
		ports->room = room;
	}
	port = &ports->port[ports->n];
	port->name = strdup(name);
	port->number = number;
	port->first = first;
	if (!port->name)
		return -1;
	ports->n++;
	return 0;
}

void flow_ports_free(struct flow_ports *ports)
{
	size_t i;

	for (i = 0; i < ports->n; i++)
		free(ports->port[i].name);
	free(ports->port);
	free(ports->by_number);
	*ports = (struct flow_ports){};
}

static int fetch(struct flow_ports *ports, struct err *err)
{
	size_t i;

	if (!ports || ports->fetched || !ports->fetch)
		return 0;
	ports->fetched = true;		/* or it failed, and would again */
	if (ports->fetch(ports, ports->arg, err) < 0)
		return -1;
	ports->by_number = calloc(ports->n + 1, sizeof(*ports->by_number));
	if (!ports->by_number)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	if (ports->n)
		qsort(ports->port, ports->n, sizeof(*ports->port), by_name);
	for (i = 0; i < ports->n; i++)
		ports->by_number[i] = &ports->port[i];
	qsort(ports->by_number, ports->n, sizeof(*ports->by_number), by_number);
	return 0;
}

int flow_port_word(const char *text, uint32_t *number)
{
	size_t i;

	for (i = 0; i < N_WORDS; i++) {
		if (!strcasecmp(text, words[i].word)) {
			*number = words[i].number;
			return 1;
		}
	}
	return 0;
}

/* How many other ports have the name of this one. */
static bool is_unique(const struct flow_ports *ports, const struct flow_port *port)
{
	const struct flow_port *end = ports->port + ports->n;

	return (port == ports->port || strcmp(port[-1].name, port->name) ||
		port[-1].number == port->number) &&
	       (port + 1 == end || strcmp(port[1].name, port->name) ||
		port[1].number == port->number);
}

static int find(const char *what, const char *name, struct flow_ports *ports, uint32_t *number,
		struct err *err)
{
	struct flow_port key = { .name = (char *)name };
	const struct flow_port *port;

	if (fetch(ports, err) < 0)
		return -1;
	port = ports && ports->n ?
	       bsearch(&key, ports->port, ports->n, sizeof(key), by_name) : NULL;
	if (!port)
		return err_set(err, STATUS_USAGE,
			       "%s: the switch has no port '%s'. See 'vsw port show'", what, name);
	if (!is_unique(ports, port))
		return err_set(err, STATUS_USAGE,
			       "%s: more than one port is called '%s', name it by its number",
			       what, name);
	*number = port->number;
	return 0;
}

/* The words that mean a port would take its name away, and quotes give it back. */
int flow_port_parse(const char *what, const char *text, struct flow_ports *ports,
		    uint32_t *number, struct err *err)
{
	size_t len = strlen(text);
	char name[MODEL_ALIAS_SIZE];
	uint64_t wide;

	if (text[0] == '"' && len >= 2 && text[len - 1] == '"') {
		if (len - 2 >= sizeof(name))
			return err_set(err, STATUS_USAGE, "%s: the name is too long", what);
		memcpy(name, text + 1, len - 2);
		name[len - 2] = '\0';
		return find(what, name, ports, number, err);
	}
	if (flow_port_word(text, number))
		return 0;
	if (!len)
		return err_set(err, STATUS_USAGE, "%s: the port is missing", what);
	if (!isdigit((unsigned char)*text) ||
	    flow_parse_number(what, text, UINT32_MAX, &wide, NULL) < 0)
		return find(what, text, ports, number, err);
	*number = wide == OPENFLOW_LOCAL ? VSWITCH_HOST_PORT : wide;
	return 0;
}

/* Whether it is read as what it is, also as an action. */
static bool is_plain(const char *name)
{
	uint32_t number;
	const char *p;

	if (!isalpha((unsigned char)*name) || flow_port_word(name, &number) ||
	    !strcasecmp(name, "controller"))
		return false;
	for (p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_.-@", *p))
			return false;
	return true;
}

static const char *name_of(uint32_t number, struct flow_ports *ports)
{
	size_t low = 0, high, mid;

	if (!ports || fetch(ports, NULL) < 0 || !ports->by_number)
		return NULL;
	for (high = ports->n; low < high; ) {
		mid = low + (high - low) / 2;
		if (ports->by_number[mid]->number < number)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == ports->n || ports->by_number[low]->number != number ||
	    !is_plain(ports->by_number[low]->name) || !is_unique(ports, ports->by_number[low]))
		return NULL;
	return ports->by_number[low]->name;
}

void flow_port_print(FILE *out, uint32_t number, struct flow_ports *ports)
{
	const char *name;
	size_t i;

	for (i = 0; i < N_WORDS; i++) {
		if (words[i].number == number) {
			fputs(words[i].word, out);
			return;
		}
	}
	name = name_of(number, ports);
	if (name)
		fputs(name, out);
	else
		fprintf(out, "%u", number);
}
