// SPDX-License-Identifier: GPL-2.0
/* A port's guard as text. */
#include <stdio.h>

#include "output_private.h"

static const struct {
	const char *name;
	size_t offset;
} flags[] = {
	{ "locked", offsetof(struct guard, locked) },
	{ "source-guard", offsetof(struct guard, source_guard) },
	{ "dhcp-guard", offsetof(struct guard, dhcp_guard) },
	{ "dhcp-trusted", offsetof(struct guard, dhcp_trusted) },
	{ "ra-guard", offsetof(struct guard, ra_guard) },
	{ "ra-trusted", offsetof(struct guard, ra_trusted) },
	{ "mab", offsetof(struct guard, mab) },
	{ "sticky-macs", offsetof(struct guard, sticky_macs) },
};

static int policy_words(char *text, const char *name, uint8_t policy, bool all)
{
	return policy || all ? sprintf(text, "%s %s ", name, policy_name(policy)) : 0;
}

static int storm_words(char *text, const char *name, const struct storm_limit *limit, bool all)
{
	if (limit->pps)
		return sprintf(text, "%s %upps ", name, limit->pps);
	if (limit->kbps)
		return sprintf(text, "%s %ukbit ", name, limit->kbps);
	return all ? sprintf(text, "%s off ", name) : 0;
}

int guard_words(char text[GUARD_TEXT_SIZE], const struct guard *guard, bool all)
{
	int len = 0;
	size_t i;

	text[0] = '\0';
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		bool on = *(const bool *)((const char *)guard + flags[i].offset);

		if (on || all)
			len += sprintf(text + len, "%s %s ", flags[i].name, on ? "on" : "off");
	}
	if (guard->max_macs || all)
		len += sprintf(text + len, "max-macs %u ", guard->max_macs);
	if (guard->violation || all)
		len += sprintf(text + len, "violation %s ", violation_name(guard->violation));
	len += policy_words(text + len, "promiscuous", guard->promiscuous, all);
	len += policy_words(text + len, "mac-changes", guard->mac_changes, all);
	len += policy_words(text + len, "forged-transmits", guard->forged_transmits, all);
	len += storm_words(text + len, "storm-broadcast", &guard->storm_broadcast, all);
	len += storm_words(text + len, "storm-multicast", &guard->storm_multicast, all);
	len += storm_words(text + len, "storm-unknown", &guard->storm_unknown, all);
	return len;
}
