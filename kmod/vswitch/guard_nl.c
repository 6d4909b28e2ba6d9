// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of a port's guard, a nest in the attributes of the port.
 */
#include "netlink.h"

static const struct {
	int attr;
	u32 flag;
} guard_flags[] = {
	{ VSWITCH_A_GUARD_LOCKED, VSW_GUARD_LOCKED },
	{ VSWITCH_A_GUARD_SOURCE_GUARD, VSW_GUARD_SOURCE },
	{ VSWITCH_A_GUARD_DHCP_GUARD, VSW_GUARD_DHCP },
	{ VSWITCH_A_GUARD_DHCP_TRUSTED, VSW_GUARD_DHCP_TRUSTED },
	{ VSWITCH_A_GUARD_RA_GUARD, VSW_GUARD_RA },
	{ VSWITCH_A_GUARD_RA_TRUSTED, VSW_GUARD_RA_TRUSTED },
	{ VSWITCH_A_GUARD_MAB, VSW_GUARD_MAB },
	{ VSWITCH_A_GUARD_STICKY_MACS, VSW_GUARD_STICKY },
};

/* @flag is of what a new switch does not do. */
static const struct {
	int attr, switch_attr;
	u32 flag, no_flag;
	u8 value, no_value;		/* enum vswitch_policy */
} policies[] = {
	{ VSWITCH_A_GUARD_PROMISCUOUS, VSWITCH_A_SWITCH_PROMISCUOUS,
	  VSW_GUARD_PROMISC, VSW_GUARD_NO_PROMISC,
	  VSWITCH_POLICY_ACCEPT, VSWITCH_POLICY_REJECT },
	{ VSWITCH_A_GUARD_MAC_CHANGES, VSWITCH_A_SWITCH_MAC_CHANGES,
	  VSW_GUARD_MAC_CHANGES, VSW_GUARD_NO_MAC_CHANGES,
	  VSWITCH_POLICY_REJECT, VSWITCH_POLICY_ACCEPT },
	{ VSWITCH_A_GUARD_FORGED_TRANSMITS, VSWITCH_A_SWITCH_FORGED_TRANSMITS,
	  VSW_GUARD_FORGED, VSW_GUARD_NO_FORGED,
	  VSWITCH_POLICY_REJECT, VSWITCH_POLICY_ACCEPT },
};

/* Those of a switch, which has @flags. */
int vsw_nl_put_policies(struct sk_buff *skb, u32 flags)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (nla_put_u8(skb, policies[i].switch_attr, flags & policies[i].flag ?
			       policies[i].value : policies[i].no_value))
			return -EMSGSIZE;
	return 0;
}

void vsw_nl_get_policies(struct nlattr **attrs, u32 *given, u32 *flags)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		const struct nlattr *attr = attrs[policies[i].switch_attr];

		if (!attr)
			continue;
		*given |= policies[i].flag;
		if (nla_get_u8(attr) == policies[i].value)
			*flags |= policies[i].flag;
	}
}

static u8 policy_of_port(u32 flags, int i)
{
	return flags & policies[i].flag ? policies[i].value :
	       flags & policies[i].no_flag ? policies[i].no_value : VSWITCH_POLICY_INHERIT;
}

static void get_policies_of_port(struct nlattr **attrs, struct vsw_guard_config *config)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		const struct nlattr *attr = attrs[policies[i].attr];

		if (!attr)
			continue;
		config->flags_given |= policies[i].flag | policies[i].no_flag;
		/* To accept is never refused. */
		if (nla_get_u8(attr) == VSWITCH_POLICY_REJECT)
			config->policy_attr = attr;
		if (nla_get_u8(attr) == policies[i].value)
			config->settings.flags |= policies[i].flag;
		else if (nla_get_u8(attr) == policies[i].no_value)
			config->settings.flags |= policies[i].no_flag;
	}
}

/* In the order of enum vsw_storm_kind. */
static const struct {
	int pps, kbps;
} storm_attrs[VSW_STORM_KINDS] = {
	{ VSWITCH_A_GUARD_STORM_BROADCAST_PPS, VSWITCH_A_GUARD_STORM_BROADCAST_KBPS },
	{ VSWITCH_A_GUARD_STORM_MULTICAST_PPS, VSWITCH_A_GUARD_STORM_MULTICAST_KBPS },
	{ VSWITCH_A_GUARD_STORM_UNKNOWN_PPS, VSWITCH_A_GUARD_STORM_UNKNOWN_KBPS },
};

int vsw_nl_put_guard(struct sk_buff *skb, int attr,
		     const struct vsw_guard_settings *settings)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(guard_flags); i++) {
		if (nla_put_u8(skb, guard_flags[i].attr,
			       !!(settings->flags & guard_flags[i].flag)))
			goto cancel;
	}
	if (nla_put_u32(skb, VSWITCH_A_GUARD_MAX_MACS, settings->max_macs) ||
	    nla_put_u8(skb, VSWITCH_A_GUARD_VIOLATION, settings->violation))
		goto cancel;
	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		if (nla_put_u8(skb, policies[i].attr, policy_of_port(settings->flags, i)))
			goto cancel;
	}
	for (i = 0; i < VSW_STORM_KINDS; i++) {
		if (nla_put_u32(skb, storm_attrs[i].pps, settings->storm[i].pps) ||
		    nla_put_u32(skb, storm_attrs[i].kbps, settings->storm[i].kbps))
			goto cancel;
	}
	nla_nest_end(skb, nest);
	return 0;

cancel:
	nla_nest_cancel(skb, nest);
	return -EMSGSIZE;
}

static void get_settings(struct nlattr **attrs, struct vsw_guard_config *config)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(guard_flags); i++) {
		if (!attrs[guard_flags[i].attr])
			continue;
		config->flags_given |= guard_flags[i].flag;
		if (nla_get_u8(attrs[guard_flags[i].attr]))
			config->settings.flags |= guard_flags[i].flag;
	}
	if (attrs[VSWITCH_A_GUARD_MAX_MACS]) {
		config->max_macs_given = true;
		config->settings.max_macs = nla_get_u32(attrs[VSWITCH_A_GUARD_MAX_MACS]);
	}
	if (attrs[VSWITCH_A_GUARD_VIOLATION]) {
		config->violation_given = true;
		config->settings.violation = nla_get_u8(attrs[VSWITCH_A_GUARD_VIOLATION]);
	}
}

/* One of a limit's two attributes replaces what the other said before. */
static void get_storms(struct nlattr **attrs, struct vsw_guard_config *config)
{
	int i;

	for (i = 0; i < VSW_STORM_KINDS; i++) {
		const struct nlattr *pps = attrs[storm_attrs[i].pps];
		const struct nlattr *kbps = attrs[storm_attrs[i].kbps];

		if (pps || kbps)
			config->storms_given |= BIT(i);
		config->storm_attrs[i] = kbps;
		if (pps)
			config->settings.storm[i].pps = nla_get_u32(pps);
		if (kbps)
			config->settings.storm[i].kbps = nla_get_u32(kbps);
	}
}

/* Read @nest of a request, which may be NULL. */
int vsw_nl_get_guard(const struct nlattr *nest, struct vsw_guard_config *config,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VSWITCH_A_GUARD_MAX + 1];
	int err;

	memset(config, 0, sizeof(*config));
	if (!nest)
		return 0;
	config->attr = nest;
	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack) ?:
	      nla_parse_nested(attrs, ARRAY_SIZE(vswitch_guard_nl_policy) - 1, nest,
			       vswitch_guard_nl_policy, extack);
	if (err)
		return err;
	config->locked_attr = attrs[VSWITCH_A_GUARD_LOCKED];
	config->mab_attr = attrs[VSWITCH_A_GUARD_MAB];
	get_settings(attrs, config);
	get_storms(attrs, config);
	get_policies_of_port(attrs, config);
	return 0;
}
