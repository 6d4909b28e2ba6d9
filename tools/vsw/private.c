// SPDX-License-Identifier: GPL-2.0
/* "vlan private": which VLANs of a switch are parts of others. */
#include <errno.h>
#include <string.h>

#include "lib/parse.h"
#include "vsw.h"

static const struct keyword keywords[] = {
	{ "switch", KEYWORD_VALUE, VSWITCH_A_SWITCH_NAME, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw switch show'." },
	{}
};

static int read_switch(char **words, struct vsw_switch *sw, struct err *err)
{
	if (keywords_read(&kind_switch, keywords, words, sw, NULL, err) < 0)
		return -1;
	return sw->has ? 0 : err_set(err, STATUS_USAGE, "'switch SWITCH' is missing");
}

/* The next word, a VLAN; *words moves behind it. */
static int take_vlan(char ***words, const char *what, uint16_t *vid, struct err *err)
{
	if (!**words)
		return err_set(err, STATUS_USAGE, "the %s VLAN is missing", what);
	return vlan_parse_vid(what, *(*words)++, vid, err);
}

static int take_pair(char ***words, struct private_vlan *vlan, struct err *err)
{
	if (take_vlan(words, "primary", &vlan->primary, err) < 0 ||
	    take_vlan(words, "secondary", &vlan->secondary, err) < 0)
		return -1;
	if (!**words)
		return err_set(err, STATUS_USAGE, "'isolated' or 'community' is missing");
	return vlan_parse_private("type", *(*words)++, &vlan->type, err);
}

static bool is_secondary(const struct private_vlans *vlans, uint16_t vid)
{
	size_t i;

	for (i = 0; i < vlans->n; i++)
		if (vlans->pair[i].secondary == vid)
			return true;
	return false;
}

/* Whether the VLAN can become a secondary one, or cease to be, of what @now is a picture. */
static int check(const struct private_vlans *now, uint16_t vid, bool add, struct err *err)
{
	if (add && is_secondary(now, vid))
		return err_set(err, STATUS_REFUSED, "VLAN %u is a secondary one already: 'vsw vlan private del %u' first",
			       vid, vid);
	if (!add && !is_secondary(now, vid))
		return err_set(err, STATUS_REFUSED, "VLAN %u is no secondary one. See 'vsw vlan private show'",
			       vid);
	return 0;
}

/* The request is about that secondary VLAN alone, so others may change others meanwhile. */
static int change(struct vsw *vsw, char **words, bool add, struct err *err)
{
	struct vsw_switch req = {}, now = {};
	struct private_vlan vlan = {};
	int ret;

	ret = add ? take_pair(&words, &vlan, err) :
		    take_vlan(&words, "secondary", &vlan.secondary, err);
	if (ret < 0 || read_switch(words, &req, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_switch_get(vsw->nl, &req, &now, err) < 0)
		return explain(hints, err, "switch '%s'", req.name);
	ret = check(&now.private_vlans, vlan.secondary, add, err);
	object_clear(&kind_switch, &now);
	if (ret < 0)
		return ret;
	vlan_set_add(&req.private_mask, vlan.secondary);
	if (add)
		req.private_vlans.pair[req.private_vlans.n++] = vlan;
	req.has |= HAS(VSWITCH_A_SWITCH_PRIVATE_VLANS) | HAS(VSWITCH_A_SWITCH_PRIVATE_MASK);
	if (vsw_nl_switch_set(vsw->nl, &req, err) < 0)
		return explain(hints, err, "switch '%s'", req.name);
	return 0;
}

static int list_switch(struct list *list, const struct vsw_switch *sw, struct err *err)
{
	size_t i;

	for (i = 0; i < sw->private_vlans.n; i++) {
		struct vsw_private *private = list_grow(list, &kind_private);

		if (!private)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		private->switch_ifindex = sw->ifindex;
		memcpy(private->switch_name, sw->name, sizeof(private->switch_name));
		private->vlan = sw->private_vlans.pair[i];
		private->has = HAS(PRIVATE_SWITCH_IFINDEX) | HAS(PRIVATE_SWITCH_NAME) |
			       HAS(PRIVATE_PRIMARY) | HAS(PRIVATE_SECONDARY) | HAS(PRIVATE_TYPE);
	}
	return 0;
}

/* The private VLANs of the switch of that name, or of all if it is "". */
static int list_all(struct vsw *vsw, const char *name, struct list *list, struct err *err)
{
	struct list switches = {};
	bool found = !*name;
	int ret, listed = 0;
	size_t i;

	ret = vsw_nl_switch_dump(vsw->nl, &switches, err);
	for (i = 0; ret >= 0 && !listed && i < switches.n; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		if (*name && strcmp(name, sw->name))
			continue;
		found = true;
		listed = list_switch(list, sw, err);
	}
	list_free(&switches, &kind_switch);
	if (ret < 0)
		return explain(hints, err, "switches");
	if (!found)
		return err_set(err, STATUS_REFUSED, "there is no switch '%s'. See 'vsw switch show'.",
			       name);
	return listed < 0 ? -1 : ret;
}

static int show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_switch req = {};
	struct list list = {};
	int ret;

	if (keywords_read(&kind_switch, keywords, words, &req, NULL, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	ret = list_all(vsw, req.name, &list, err);
	if (ret >= 0 && output_list(&vsw->out, &kind_private, &list, err) < 0)
		ret = -1;
	list_free(&list, &kind_private);
	return explain_dump(ret, err);
}

int private_run(struct vsw *vsw, char **words, struct err *err)
{
	if (!*words)
		return show(vsw, words, err);
	if (parse_abbreviates(*words, "show") || parse_abbreviates(*words, "list") ||
	    !strcmp(*words, "lst") || !strcmp(*words, "ls"))
		return show(vsw, words + 1, err);
	if (parse_abbreviates(*words, "add"))
		return change(vsw, words + 1, true, err);
	if (parse_abbreviates(*words, "delete"))
		return change(vsw, words + 1, false, err);
	if (!strcmp(*words, "help")) {
		output_text(object_vlan.help);
		return 0;
	}
	return err_set(err, STATUS_USAGE, "there is no command 'private %s'", *words);
}
