// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "vsw.h"

/* What of a port a word is, the first counts. */
enum { IS_NUMBER, IS_ALIAS, IS_NAME, IS_NOTHING };

static int what_is(const char *word, const struct vsw_port *port)
{
	char text[MODEL_NAME_SIZE + sizeof(":4294967295")];

	snprintf(text, sizeof(text), "%s:%u", port->switch_name, port->number);
	if (!strcmp(word, text))
		return IS_NUMBER;
	if (port->alias && !strcmp(word, port->alias))
		return IS_ALIAS;
	if (port->type == VSWITCH_PORT_TYPE_VNIC && !strcmp(word, port->name))
		return IS_NAME;
	return IS_NOTHING;
}

/* One of several, for an error. */
static int describe(char *text, size_t size, const struct vsw_port *port)
{
	char where[32] = "";

	if (port->has & HAS(VSWITCH_A_PORT_NETNSID))
		snprintf(where, sizeof(where), " in netns %d", port->netnsid);
	return snprintf(text, size, "%s:%u (%s%s%s%s)", port->switch_name, port->number,
			port->name, where, port->alias ? ", alias " : "", port->alias ?: "");
}

static int ambiguous(const char *word, const struct list *ports, int what, struct err *err)
{
	char text[ERR_MSG_SIZE / 2] = "";
	size_t len = 0, i, n = 0;

	for (i = 0; i < ports->n; i++) {
		const struct vsw_port *port = list_at(ports, &kind_port, i);

		if (what_is(word, port) != what)
			continue;
		if (n++)
			len += snprintf(text + len, sizeof(text) - len, ", ");
		if (len < sizeof(text))
			len += describe(text + len, sizeof(text) - len, port);
		if (len >= sizeof(text)) {	/* what is cut off is not shown */
			strcpy(text + sizeof(text) - sizeof("..."), "...");
			break;
		}
	}
	return err_set(err, STATUS_REFUSED, "more than one port is called so: %s. Name it by SWITCH:NUMBER",
		       text);
}

/* 1: found, 0: no port is called so, -1: err is set. */
static int choose(struct place *place, const struct list *ports, struct err *err)
{
	const struct vsw_port *best = NULL;
	int what = IS_NOTHING;
	bool unique = true;
	size_t i;

	for (i = 0; i < ports->n; i++) {
		const struct vsw_port *port = list_at(ports, &kind_port, i);
		int is = what_is(place->word, port);

		if (is > what || is == IS_NOTHING)
			continue;
		unique = is < what;
		what = is;
		best = port;
	}
	if (!best)
		return 0;
	if (!unique)
		return ambiguous(place->word, ports, what, err);
	place->switch_ifindex = best->switch_ifindex;
	place->number = best->number;
	return 1;
}

static int look_up(struct vsw *vsw, struct place *place, struct err *err)
{
	struct vsw_port filter = {};
	struct list ports = {};
	int ret;

	if (*place->switch_name) {
		strcpy(filter.switch_name, place->switch_name);
		filter.has = HAS(VSWITCH_A_PORT_SWITCH_NAME);
	}
	/* Why this fails is not what was asked for. */
	if (vsw_nl_port_dump(vsw->nl, &filter, &ports, NULL) < 0)
		return 0;
	ret = choose(place, &ports, err);
	list_free(&ports, &kind_port);
	return ret;
}

/* Is there a device of this name in this network namespace? */
static bool is_here(const char *word)
{
	unsigned int ifindex = if_nametoindex(word);
	char name[IF_NAMESIZE];

	/* It does not look at what stands behind a ':'. */
	return ifindex && (!strchr(word, ':') ||
			   (if_indextoname(ifindex, name) && !strcmp(word, name)));
}

bool place_next(struct vsw *vsw, struct place *place, struct err *err)
{
	switch (place->tried) {
	case PLACE_UNTRIED:
		place->tried = PLACE_DEVICE;
		if (!place->word || strlen(place->word) < MODEL_NAME_SIZE)
			return true;
		err_set(err, STATUS_REFUSED, "no port has this name or alias");
		break;
	case PLACE_DEVICE:
		if (!place->word || err->errnum != ENODEV || is_here(place->word))
			return false;
		break;
	case PLACE_NUMBER:
		return false;
	}
	place->tried = PLACE_NUMBER;
	if (look_up(vsw, place, err) <= 0)
		return false;
	*err = (struct err)ERR_INIT;
	return true;
}

void place_port(const struct place *place, struct vsw_port *req)
{
	if (!place->word)
		return;
	if (place->tried == PLACE_DEVICE) {
		strcpy(req->name, place->word);
		req->has |= HAS(VSWITCH_A_PORT_NAME);
		return;
	}
	req->switch_ifindex = place->switch_ifindex;
	req->number = place->number;
	req->has &= ~(HAS(VSWITCH_A_PORT_NAME) | HAS(VSWITCH_A_PORT_SWITCH_NAME));
	req->has |= HAS(VSWITCH_A_PORT_SWITCH_IFINDEX) | HAS(VSWITCH_A_PORT_NUMBER);
}

void place_fdb(const struct place *place, struct vsw_fdb *req)
{
	if (!place->word)
		return;
	if (place->tried == PLACE_DEVICE) {
		strcpy(req->port_name, place->word);
		req->has |= HAS(VSWITCH_A_FDB_PORT_NAME);
		return;
	}
	req->switch_ifindex = place->switch_ifindex;
	req->port_number = place->number;
	req->has &= ~(HAS(VSWITCH_A_FDB_PORT_NAME) | HAS(VSWITCH_A_FDB_SWITCH_NAME));
	req->has |= HAS(VSWITCH_A_FDB_SWITCH_IFINDEX) | HAS(VSWITCH_A_FDB_PORT_NUMBER);
}

void place_binding(const struct place *place, struct vsw_binding *req)
{
	if (!place->word)
		return;
	if (place->tried == PLACE_DEVICE) {
		strcpy(req->port_name, place->word);
		req->has |= HAS(VSWITCH_A_BINDING_PORT_NAME);
		return;
	}
	req->switch_ifindex = place->switch_ifindex;
	req->port_number = place->number;
	req->has &= ~(HAS(VSWITCH_A_BINDING_PORT_NAME) | HAS(VSWITCH_A_BINDING_SWITCH_NAME));
	req->has |= HAS(VSWITCH_A_BINDING_SWITCH_IFINDEX) | HAS(VSWITCH_A_BINDING_PORT_NUMBER);
}

void place_mdb(const struct place *place, struct vsw_mdb *req)
{
	if (!place->word)
		return;
	if (place->tried == PLACE_DEVICE) {
		strcpy(req->port_name, place->word);
		req->has |= HAS(VSWITCH_A_MDB_PORT_NAME);
		return;
	}
	req->switch_ifindex = place->switch_ifindex;
	req->port_number = place->number;
	req->has &= ~(HAS(VSWITCH_A_MDB_PORT_NAME) | HAS(VSWITCH_A_MDB_SWITCH_NAME));
	req->has |= HAS(VSWITCH_A_MDB_SWITCH_IFINDEX) | HAS(VSWITCH_A_MDB_PORT_NUMBER);
}

int place_get(struct vsw *vsw, struct place *place, struct vsw_port *port, struct err *err)
{
	struct vsw_port req = {};
	int ret = -1;

	if (*place->switch_name) {
		strcpy(req.switch_name, place->switch_name);
		req.has = HAS(VSWITCH_A_PORT_SWITCH_NAME);
	}
	while (ret < 0 && place_next(vsw, place, err)) {
		place_port(place, &req);
		ret = vsw_nl_port_get(vsw->nl, &req, port, err);
	}
	return ret;
}
