// SPDX-License-Identifier: GPL-2.0
/* "vsw -s vlan show": what switches counted by VLAN. */
#include <errno.h>
#include <string.h>

#include "vsw.h"

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw port show' and 'vsw switch show'." },
	{ ENOENT, "See 'vsw port show' and 'vsw switch show'." },
	{}
};

/* What is to be shown: of which switch, of which VLANs; 0 and NULL are all. */
struct choice {
	uint32_t switch_ifindex;
	const struct vlan_set *vlans;
	uint16_t vid;
};

static bool is_chosen(const struct choice *choice, const struct vsw_vlan_stats *vlan)
{
	return (!choice->switch_ifindex || vlan->switch_ifindex == choice->switch_ifindex) &&
	       (!choice->vlans || vlan_set_has(choice->vlans, vlan->vlan)) &&
	       (!choice->vid || vlan->vlan == choice->vid);
}

/* Leave those that are chosen, which own nothing. */
static void select_vlans(struct list *list, const struct choice *choice)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		const struct vsw_vlan_stats *vlan = list_at(list, &kind_vlan_stats, i);

		if (is_chosen(choice, vlan))
			*(struct vsw_vlan_stats *)list_at(list, &kind_vlan_stats, n++) = *vlan;
	}
	list->n = n;
}

/* Which switches do not count, or have nothing to count. */
static int tell_switches(struct vsw *vsw, const struct choice *choice, const char *switch_name,
			 struct err *err)
{
	struct list switches = {};
	size_t i;

	if (vsw_nl_switch_dump(vsw->nl, &switches, err) < 0)
		return explain(hints, err, "switches");
	for (i = 0; i < switches.n; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		if ((choice->switch_ifindex && sw->ifindex != choice->switch_ifindex) ||
		    (*switch_name && strcmp(sw->name, switch_name)))
			continue;
		if (!sw->vlan_stats)
			output_uncounted_vlans(sw->name);
		else if (!sw->vlan_filtering)
			output_idle_vlans(sw->name);
	}
	list_free(&switches, &kind_switch);
	return 0;
}

static int show(struct vsw *vsw, const struct choice *choice, const char *switch_name,
		struct err *err)
{
	struct vsw_vlan_stats filter = {};
	struct list list = {};
	int ret, shown;

	if (*switch_name) {
		filter.has = HAS(VSWITCH_A_VLAN_SWITCH_NAME);
		strcpy(filter.switch_name, switch_name);
	}
	ret = vsw_nl_vlan_dump(vsw->nl, &filter, &list, err);
	if (ret < 0)
		return *switch_name ? explain(hints, err, "switch '%s'", switch_name) :
				      explain(hints, err, "VLANs");
	select_vlans(&list, choice);
	shown = output_list(&vsw->out, &kind_vlan_stats, &list, err);
	list_free(&list, &kind_vlan_stats);
	if (!shown && !vsw->out.json)
		shown = tell_switches(vsw, choice, switch_name, err);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

int vlan_stats_show(struct vsw *vsw, const char *port_name, const struct vsw_port *req,
		    struct err *err)
{
	struct place place = { .word = port_name, .switch_name = req->switch_name };
	struct choice choice = { .vid = req->pvid };
	struct vsw_port port = {};
	int ret;

	if (port_name) {
		if (place_get(vsw, &place, &port, err) < 0)
			return explain(hints, err, "port '%s'", port_name);
		choice.switch_ifindex = port.switch_ifindex;
		choice.vlans = &port.vlans.member;
	}
	ret = show(vsw, &choice, req->switch_name, err);
	object_clear(&kind_port, &port);
	return ret;
}
