// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "status.h"
#include "vlan.h"

void vlan_set_add(struct vlan_set *set, unsigned int vid)
{
	set->bytes[vid / 8] |= 1 << vid % 8;
}

bool vlan_set_has(const struct vlan_set *set, unsigned int vid)
{
	return set->bytes[vid / 8] & 1 << vid % 8;
}

bool vlan_set_is(const struct vlan_set *set, unsigned int vid)
{
	struct vlan_set one = {};

	if (vid)
		vlan_set_add(&one, vid);
	return !memcmp(set, &one, sizeof(one));
}

void vlan_set_join(struct vlan_set *set, const struct vlan_set *others)
{
	size_t i;

	for (i = 0; i < sizeof(set->bytes); i++)
		set->bytes[i] |= others->bytes[i];
}

struct vlan_set vlan_set_without(const struct vlan_set *set, const struct vlan_set *others)
{
	struct vlan_set rest;
	size_t i;

	for (i = 0; i < sizeof(rest.bytes); i++)
		rest.bytes[i] = set->bytes[i] & ~others->bytes[i];
	return rest;
}

bool vlan_run_next(const struct vlan_set *set, const struct vlan_set *marks, struct vlan_run *run)
{
	unsigned int vid = run->last + 1;

	while (vid <= VSWITCH_MAX_VID && !vlan_set_has(set, vid))
		vid++;
	if (vid > VSWITCH_MAX_VID)
		return false;
	run->first = vid;
	run->marked = marks && vlan_set_has(marks, vid);
	do
		run->last = vid++;
	while (vid <= VSWITCH_MAX_VID && vlan_set_has(set, vid) &&
	       (marks && vlan_set_has(marks, vid)) == run->marked);
	return true;
}

/* The number at *text, which moves behind it.  0: it is none of a VLAN. */
static unsigned int take_vid(const char *what, const char **text, struct err *err)
{
	size_t digits = strspn(*text, "0123456789");
	unsigned long vid = strtoul(*text, NULL, 10);

	if (!digits)
		err_set(err, STATUS_USAGE, "%s: '%s' is not a VLAN: VLANs are 1 to %d",
			what, *text, VSWITCH_MAX_VID);
	else if (vid == VSWITCH_MAX_VID + 1)
		err_set(err, STATUS_USAGE, "%s: VLAN %lu is reserved: VLANs are 1 to %d",
			what, vid, VSWITCH_MAX_VID);
	else if (!vid || vid > VSWITCH_MAX_VID)
		err_set(err, STATUS_USAGE, "%s: there is no VLAN %.*s: VLANs are 1 to %d",
			what, (int)digits, *text, VSWITCH_MAX_VID);
	*text += digits;
	return digits && vid <= VSWITCH_MAX_VID ? vid : 0;
}

int vlan_parse_vid(const char *what, const char *text, uint16_t *vid, struct err *err)
{
	const char *rest = text;

	*vid = take_vid(what, &rest, err);
	if (*vid && *rest)
		return err_set(err, STATUS_USAGE, "%s: '%s' is not one VLAN: VLANs are 1 to %d",
			       what, text, VSWITCH_MAX_VID);
	return *vid ? 0 : -1;
}

static void add_range(struct vlan_set *set, unsigned int first, unsigned int last)
{
	for (; first <= last; first++)
		vlan_set_add(set, first);
}

int vlan_parse_set(const char *what, const char *text, struct vlan_set *set, struct err *err)
{
	unsigned int first, last;
	const char *part, *p;

	if (!strcmp(text, "none"))
		return 0;
	if (!strcmp(text, "all")) {
		add_range(set, 1, VSWITCH_MAX_VID);
		return 0;
	}
	for (p = text; ; p++) {
		part = p;
		first = take_vid(what, &p, err);
		last = first;
		if (first && *p == '-') {
			p++;
			last = take_vid(what, &p, err);
		}
		if (!first || !last)
			return -1;
		if (last < first)
			return err_set(err, STATUS_USAGE, "%s: '%.*s': a range goes up",
				       what, (int)(p - part), part);
		add_range(set, first, last);
		if (*p != ',')
			break;
	}
	if (*p)
		return err_set(err, STATUS_USAGE,
			       "%s: '%s' is not a list of VLANs like 10,20-30, nor 'all' or 'none'",
			       what, text);
	return 0;
}

int vlan_parse_map(const char *what, const char *text, struct vlan_map *map, struct err *err)
{
	const char *p = text;

	if (!strcmp(text, "none"))
		return 0;
	for (;; p++) {
		struct vlan_pair pair = {};

		if (map->n == VSWITCH_VLAN_MAP_MAX)
			return err_set(err, STATUS_USAGE, "%s: there are more than %d pairs",
				       what, VSWITCH_VLAN_MAP_MAX);
		pair.outside = take_vid(what, &p, err);
		if (!pair.outside)
			return -1;
		if (*p != ':')
			break;
		p++;
		pair.inside = take_vid(what, &p, err);
		if (!pair.inside)
			return -1;
		map->pair[map->n++] = pair;
		if (!*p)
			return 0;
		if (*p != ',')
			break;
	}
	return err_set(err, STATUS_USAGE,
		       "%s: '%s' is not a list of pairs OUTSIDE:INSIDE like 100:10,200:20, nor 'none'",
		       what, text);
}

const char *vlan_map_text(char text[VLAN_MAP_TEXT_SIZE], const struct vlan_map *map)
{
	int len = 0;
	size_t i;

	for (i = 0; i < map->n; i++)
		len += sprintf(text + len, "%s%u:%u", len ? "," : "", map->pair[i].outside,
			       map->pair[i].inside);
	return len ? text : strcpy(text, "none");
}

const char *vlan_protocol_name(unsigned int protocol)
{
	switch (protocol) {
	case VSWITCH_VLAN_PROTOCOL_8021Q:
		return "802.1Q";
	case VSWITCH_VLAN_PROTOCOL_8021AD:
		return "802.1ad";
	}
	return "?";
}

int vlan_parse_protocol(const char *what, const char *text, uint8_t *protocol, struct err *err)
{
	for (*protocol = VSWITCH_VLAN_PROTOCOL_8021Q; *protocol <= VSWITCH_VLAN_PROTOCOL_8021AD;
	     ++*protocol)
		if (!strcasecmp(text, vlan_protocol_name(*protocol)))
			return 0;
	return err_set(err, STATUS_USAGE, "%s: '%s' is neither '802.1Q' nor '802.1ad'", what, text);
}

const char *vlan_private_name(unsigned int type)
{
	switch (type) {
	case VSWITCH_PRIVATE_VLAN_ISOLATED:
		return "isolated";
	case VSWITCH_PRIVATE_VLAN_COMMUNITY:
		return "community";
	}
	return "?";
}

int vlan_parse_private(const char *what, const char *text, uint16_t *type, struct err *err)
{
	for (*type = VSWITCH_PRIVATE_VLAN_ISOLATED; *type <= VSWITCH_PRIVATE_VLAN_COMMUNITY;
	     ++*type)
		if (!strcmp(text, vlan_private_name(*type)))
			return 0;
	return err_set(err, STATUS_USAGE, "%s: '%s' is neither 'isolated' nor 'community'",
		       what, text);
}

const char *vlan_text(char text[VLAN_TEXT_SIZE], const struct vlan_set *set)
{
	struct vlan_run run = {};
	int len = 0;

	while (vlan_run_next(set, NULL, &run)) {
		if (run.first == 1 && run.last == VSWITCH_MAX_VID)
			return strcpy(text, "all");
		len += sprintf(text + len, "%s%u", len ? "," : "", run.first);
		if (run.last > run.first)
			len += sprintf(text + len, "-%u", run.last);
	}
	return len ? text : strcpy(text, "none");
}
