/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of nlcheck: values that are wrong for an attribute, by its kind. Each is sent by
 * replaced() and the like.
 */
#ifndef SELFTESTS_NLCHECK_VALUES_H
#define SELFTESTS_NLCHECK_VALUES_H

static void wrong_name(const struct target *t, unsigned int type)
{
	bool exact = !contradicts_number(t, type);
	char text[320];

	memset(text, 'x', sizeof(text));
	replaced(t, type, text, 0, "no value");
	replaced(t, type, text, 4, "a name without an end");
	replaced(t, type, text, 16, "16 characters without an end");
	text[16] = 0;
	replaced(t, type, text, 17, "16 characters");
	text[16] = 'x';
	text[300] = 0;
	replaced(t, type, text, 301, "300 characters");
	replaced_some(t, type, "", 1, "an empty name", exact);
	replaced_some(t, type, "a/b", 4, "a slash", exact);
	replaced_some(t, type, "a b", 4, "a space", exact);
	replaced_some(t, type, "..", 3, "two dots", exact);
	replaced(t, type | NLA_F_NESTED, "vs0", 4, "a nested name");
}

static void wrong_mac(const struct target *t, unsigned int type)
{
	static const uint8_t zero[32], multicast[6] = { 1, 0, 0x5e, 0, 0, 1 };
	static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };

	replaced(t, type, zero, 0, "no value");
	replaced(t, type, VALID_MAC, 5, "5 bytes");
	replaced(t, type, zero, 7, "7 bytes");
	replaced(t, type, zero, 32, "32 bytes");
	replaced(t, type, zero, 6, "a zero MAC");
	replaced(t, type, multicast, 6, "a multicast MAC");
	replaced(t, type, broadcast, 6, "the broadcast MAC");
	replaced(t, type | NLA_F_NESTED, VALID_MAC, 6, "a nested MAC");
}

static void wrong_set(const struct target *t, unsigned int type)
{
	uint8_t set[VSWITCH_VLAN_SET_LEN + 4] = { 0 };

	replaced(t, type, set, 0, "no value");
	replaced(t, type, set, 8, "a set of 8 bytes");
	replaced(t, type, set, VSWITCH_VLAN_SET_LEN - 1, "a set too short");
	replaced(t, type, set, VSWITCH_VLAN_SET_LEN + 1, "a set too long");
	replaced(t, type, set, VSWITCH_VLAN_SET_LEN + 4, "a set 4 bytes too long");
	replaced(t, type | NLA_F_NESTED, set, VSWITCH_VLAN_SET_LEN, "a nested set");
	set[0] = 1;
	replaced(t, type, set, VSWITCH_VLAN_SET_LEN, "VLAN 0 in a set");
	set[0] = 0;
	set[VSWITCH_VLAN_SET_LEN - 1] = 0x80;
	replaced(t, type, set, VSWITCH_VLAN_SET_LEN, "VLAN 4095 in a set");
	memset(set, 0xff, VSWITCH_VLAN_SET_LEN);
	replaced(t, type, set, VSWITCH_VLAN_SET_LEN, "all there is in a set");
}

/* The valid request with a nest that has this alone. */
static void nested(const struct target *t, unsigned int type, unsigned int inner,
		   const void *value, unsigned int len, const char *what)
{
	char buf[64];
	struct nlattr *attr = (void *)buf;

	memset(buf, 0, sizeof(buf));
	attr->nla_type = inner;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy(buf + NLA_HDRLEN, value, len);
	replaced_some(t, type | NLA_F_NESTED, buf, NLA_ALIGN(attr->nla_len), what, false);
}

static void wrong_nest(const struct target *t, unsigned int type)
{
	static const uint8_t bytes[16] = { 0 };
	static const uint64_t value = 1;
	unsigned int i, len;
	uint32_t beyond;

	replaced(t, type, bytes, 0, "a nest that is none");
	replaced_some(t, type | NLA_F_NESTED, bytes, 3, "a nest too short", false);
	for (i = 0; i <= VSWITCH_A_GUARD_MAX + 1; i++) {
		const struct rule *rule = &guard_rules[i];

		if (i > VSWITCH_A_GUARD_MAX || !rule->kind) {
			nested(t, type, i, &value, 4, "an attribute that is not in the nest");
			continue;
		}
		len = rule_length(rule);
		nested(t, type, i, bytes, 0, "no value in a nest");
		nested(t, type, i, bytes, len - 1, "a value too short in a nest");
		nested(t, type, i, bytes, len + 1, "a value too long in a nest");
		nested(t, type, i | NLA_F_NESTED, &value, len, "a nest in a nest");
		beyond = rule->max + 1;
		if (rule->kind <= U32 && rule->max < ANY32)
			nested(t, type, i, &beyond, len, "a value too great in a nest");
	}
}

static void wrong_private(const struct target *t, unsigned int type)
{
	static const uint16_t zero[] = { 0, 5, 0 }, reserved[] = { 5, 4095, 0 };
	static const uint16_t kind[] = { 5, 6, 2 };
	static const uint16_t itself[] = { 5, 5, 0 }, twice[] = { 5, 6, 0, 7, 6, 0 };
	static const uint16_t both[] = { 5, 6, 0, 6, 7, 0 };
	static const uint16_t many[3 * VSWITCH_PRIVATE_VLANS_MAX + 3];

	replaced(t, type, twice, 4, "half a private VLAN");
	replaced(t, type, twice, 7, "private VLANs of 7 bytes");
	replaced(t, type, many, sizeof(many), "too many private VLANs");
	replaced(t, type, zero, sizeof(zero), "private VLAN 0");
	replaced(t, type, reserved, sizeof(reserved), "private VLAN 4095");
	replaced(t, type, kind, sizeof(kind), "a private VLAN of no kind");
	replaced(t, type, itself, sizeof(itself), "a private VLAN of its own");
	replaced(t, type, twice, sizeof(twice), "a private VLAN of two primaries");
	replaced(t, type, both, sizeof(both), "a private VLAN that is both");
	replaced(t, type | NLA_F_NESTED, twice, 6, "nested private VLANs");
}

static void wrong_map(const struct target *t, unsigned int type)
{
	static const uint16_t zero[] = { 0, 5 }, reserved[] = { 5, 4095 }, tag[] = { 5, 6, 5, 7 };
	static const uint16_t vlan[] = { 5, 6, 7, 6 }, long_map[2 * VSWITCH_VLAN_MAP_MAX + 2];

	replaced(t, type, vlan, 2, "half a pair");
	replaced(t, type, vlan, 7, "a map of 7 bytes");
	replaced(t, type, long_map, sizeof(long_map), "a map too long");
	replaced(t, type, zero, sizeof(zero), "VLAN 0 in a map");
	replaced(t, type, reserved, sizeof(reserved), "VLAN 4095 in a map");
	replaced(t, type, tag, sizeof(tag), "a tag twice in a map");
	replaced(t, type, vlan, sizeof(vlan), "a VLAN twice in a map");
	replaced(t, type | NLA_F_NESTED, vlan, 4, "a nested map");
}

static void wrong_ports(const struct target *t, unsigned int type)
{
	static const uint32_t none[] = { 0, 4000 }, reserved[] = { UINT32_MAX }, many[257];

	replaced(t, type, none, 3, "a number of 3 bytes");
	replaced(t, type, none, 6, "half a number");
	replaced(t, type, none, sizeof(none), "the number of no port");
	replaced(t, type, reserved, sizeof(reserved), "the greatest number");
	replaced(t, type, many, sizeof(many), "too many ports");
	replaced(t, type | NLA_F_NESTED, none, 4, "nested ports");
}

/* Which of an entry that is not there is at fault is the first attribute of its key. */
static void wrong_address(const struct target *t, unsigned int type)
{
	static const uint8_t bytes[32] = { 10 }, multicast[4] = { 224, 1, 1, 1 };
	static const uint8_t mapped[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };
	bool new = t->cmd == VSWITCH_CMD_BINDING_NEW;

	replaced(t, type, bytes, 0, "no value");
	replaced(t, type, bytes, 3, "3 bytes");
	replaced(t, type, bytes, 5, "5 bytes");
	replaced(t, type, bytes, 15, "15 bytes");
	replaced(t, type, bytes, 17, "17 bytes");
	replaced(t, type, bytes, 32, "32 bytes");
	replaced(t, type | NLA_F_NESTED, bytes, 4, "a nested address");
	replaced_some(t, type, mapped, 16, "a mapped address", new);
	replaced_some(t, type, VALID_GROUP6, 16, "an IPv6 multicast address", new);
	/* The other way's prefix is too long for it. */
	if (t->way)
		return;
	replaced_some(t, type, multicast, 4, "a multicast address", new);
	replaced_some(t, type, "\377\377\377\377", 4, "the broadcast address", new);
	replaced_some(t, type, "\0\0\0\0", 4, "no address", new);
}

static void wrong_group(const struct target *t, unsigned int type)
{
	static const uint8_t bytes[32] = { 0xff, 5 }, link6[16] = { 0xff, 2, [15] = 1 };
	static const uint8_t link[16] = { [10] = 0xff, 0xff, 224, 0, 0, 251 };

	replaced(t, type, bytes, 0, "no value");
	replaced(t, type, bytes, 4, "4 bytes");
	replaced(t, type, bytes, 15, "15 bytes");
	replaced(t, type, bytes, 17, "17 bytes");
	replaced(t, type | NLA_F_NESTED, VALID_GROUP, 16, "a nested group");
	/* With a source it may be that one that does not fit. */
	replaced_some(t, type, VALID_SOURCE, 16, "a unicast address as a group", false);
	replaced_some(t, type, VALID_IP6, 16, "a unicast IPv6 address as a group", false);
	replaced_some(t, type, link, 16, "a group of the link", false);
	replaced_some(t, type, link6, 16, "an IPv6 group of the link", false);
}

static void wrong_source(const struct target *t, unsigned int type)
{
	replaced(t, type, VALID_SOURCE, 0, "no value");
	replaced(t, type, VALID_SOURCE, 4, "4 bytes");
	replaced(t, type, VALID_SOURCE, 15, "15 bytes");
	replaced(t, type | NLA_F_NESTED, VALID_SOURCE, 16, "a nested source");
	replaced(t, type, VALID_GROUP, 16, "a group as a source");
	replaced(t, type, VALID_GROUP6, 16, "an IPv6 group as a source");
	replaced(t, type, t->way ? VALID_SOURCE : VALID_IP6, 16, "a source of another family");
}

#endif
