/* SPDX-License-Identifier: GPL-2.0 */
/* Of nlcheck: what may be wrong in requests about flows, tables, groups and meters. */
#ifndef SELFTESTS_NLCHECK_FLOWS_H
#define SELFTESTS_NLCHECK_FLOWS_H

/* The attributes that an attribute stands in, the outermost first. */
struct path {
	uint16_t type[5];
	unsigned int depth;
};

/* Attributes one after the other. */
struct bytes {
	char data[1024] __attribute__((aligned(4)));
	unsigned int len;
};

static void add(struct bytes *to, uint16_t type, const void *value, unsigned int len)
{
	const struct nlattr attr = { .nla_type = type, .nla_len = NLA_HDRLEN + len };
	char *at = to->data + to->len;

	memcpy(at, &attr, sizeof(attr));
	memcpy(at + NLA_HDRLEN, value, len);
	memset(at + NLA_HDRLEN + len, 0, NLA_ALIGN(len) - len);
	to->len += NLA_HDRLEN + NLA_ALIGN(len);
}

/* All of @path around @inner but its outermost nest. */
static struct bytes wrapped(const struct path *path, struct bytes inner)
{
	struct bytes outer;
	unsigned int i;

	for (i = path->depth - 1; i; i--) {
		outer.len = 0;
		add(&outer, path->type[i] | NLA_F_NESTED, inner.data, inner.len);
		inner = outer;
	}
	return inner;
}

static void deep(const struct target *t, const struct path *path, const struct bytes *before,
		 uint16_t type, const void *value, unsigned int len, const char *what)
{
	struct bytes inner = *before;

	add(&inner, type, value, len);
	inner = wrapped(path, inner);
	replaced_some(t, path->type[0] | NLA_F_NESTED, inner.data, inner.len, what, false);
}

static const struct bytes nothing;

/* The valid request with this instead of its match. */
static void accepted(const struct target *t, const struct bytes *before, uint16_t type,
		     const void *value, unsigned int len, const char *what)
{
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(&nl, buf, t->cmd, 0);
	struct bytes inner = *before;
	int error;

	add(&inner, type, value, len);
	copy_attributes(nlh, valid(t, from_buf), HAS(VSWITCH_A_FLOW_MATCH));
	mnl_attr_put(nlh, VSWITCH_A_FLOW_MATCH | NLA_F_NESTED, inner.len, inner.data);
	checked++;
	error = nl_request(&nl, nlh, NULL, NULL);
	if (!error)
		return;
	wrong++;
	printf("# %s with %s of field %u was refused: %s (%s)\n", operations[t->cmd].name, what,
	       type, strerror(error), nl.message);
}

/* What has to be in a match for a field of these needs. */
static struct bytes needed_for(uint32_t needs)
{
	static const struct {
		uint16_t eth;
		uint8_t proto;
	} fields[] = {
		[OF_ANY] = { 0, 0 }, [OF_IP4] = { 0x0800, 0 }, [OF_IP6] = { 0x86dd, 0 },
		[OF_PORTS] = { 0x86dd, 17 }, [OF_TCP] = { 0x0800, 6 }, [OF_ARP] = { 0x0806, 0 },
		[OF_ND] = { 0x86dd, 58 },
	};
	const uint16_t eth = htons(fields[needs & 15].eth), solicitation = htons(135), zero = 0;
	const uint8_t proto = fields[needs & 15].proto;
	struct bytes match = { .len = 0 };

	if (eth)
		add(&match, VSWITCH_A_MATCH_ETH_TYPE, &eth, sizeof(eth));
	if (proto)
		add(&match, VSWITCH_A_MATCH_IP_PROTO, &proto, sizeof(proto));
	if ((needs & 15) == OF_ND) {
		add(&match, VSWITCH_A_MATCH_TP_SRC, &solicitation, sizeof(solicitation));
		add(&match, VSWITCH_A_MATCH_TP_DST, &zero, sizeof(zero));
	}
	return match;
}

/* Each field alone is right, so that what is wrong with it is what was made wrong. */
static void right_field(const struct target *t, const struct bytes *before, unsigned int type,
			const struct rule *rule)
{
	uint8_t both[32] = { 0 };

	if (t->cmd != VSWITCH_CMD_FLOW_GET)
		return;
	accepted(t, before, type, both, rule->min, "a value");
	memset(both + rule->min, 0xff, rule->min);
	if (!(rule->max & (BITS_2 | BITS_12 | BITS_20)))
		accepted(t, before, type, both, 2 * rule->min, "a whole mask");
	memset(both + rule->min, 0, rule->min);
	both[2 * rule->min - 1] = 1;
	if (!(rule->max & NO_MASK))
		accepted(t, before, type, both, 2 * rule->min, "a mask");
}

static void wrong_field(const struct target *t, const struct path *path, unsigned int type,
			const struct rule *rule)
{
	const bool is_set = path->depth > 1 &&
			    path->type[path->depth - 1] == VSWITCH_A_ACTION_SET;
	const struct bytes before = is_set ? nothing : needed_for(rule->max);
	const unsigned int size = rule->min;
	uint8_t both[40] = { 0 };

	if (path->depth == 1 && !t->dump)
		right_field(t, &before, type, rule);
	deep(t, path, &before, type, both, 0, "a field without a value");
	deep(t, path, &before, type, both, size - 1, "a field too short");
	deep(t, path, &before, type, both, size + 1, "a field too long");
	deep(t, path, &before, type, both, 2 * size + 1, "a mask too long");
	deep(t, path, &before, type, both, 2 * size, "a mask of no bits");
	deep(t, path, &before, type | NLA_F_NESTED, both, size, "a nested field");
	both[0] = 2;
	both[size] = 1;
	deep(t, path, &before, type, both, 2 * size, "a value outside its mask");
	if (rule->max & NO_MASK) {
		both[0] = 0;
		deep(t, path, &before, type, both, 2 * size, "a mask of a whole field");
	}
	if (rule->max & (BITS_2 | BITS_12 | BITS_20)) {
		both[0] = 0x40;
		deep(t, path, &before, type, both, size, "a value that the field has no bits for");
		both[size] = 0x40;
		deep(t, path, &before, type, both, 2 * size, "a mask that the field has no bits for");
	}
	/* Whether one may be set is for the flow's match to say. */
	if (rule->max & 15 && !is_set)
		deep(t, path, &nothing, type, both + 2, size, "a field of no packet that it means");
}

static void wrong_range(const struct target *t, const struct path *path, unsigned int type,
			const struct rule *rule)
{
	static const uint8_t back[] = { 0, 2, 0, 1 }, forth[] = { 0, 1, 0, 2, 0, 3, 0, 4 };
	struct bytes before = needed_for(rule->max);

	if (t->cmd == VSWITCH_CMD_FLOW_GET && !t->dump)
		accepted(t, &before, type, forth, 4, "a range");
	deep(t, path, &before, type, forth, 0, "no range");
	deep(t, path, &before, type, forth, 2, "half a range");
	deep(t, path, &before, type, forth, 8, "two ranges");
	deep(t, path, &before, type, back, 4, "a range from its end");
	deep(t, path, &nothing, type, forth, 4, "a range of no ports");
	add(&before, type == VSWITCH_A_MATCH_TP_SRC_RANGE ? VSWITCH_A_MATCH_TP_SRC :
							    VSWITCH_A_MATCH_TP_DST, forth, 2);
	deep(t, path, &before, type, forth, 4, "a range of a port that is given");
}

static void wrong_nested_number(const struct target *t, const struct path *path,
				unsigned int type, const struct rule *rule)
{
	static const uint8_t zeros[16];
	unsigned int len = rule_length(rule);
	uint32_t value;

	deep(t, path, &nothing, type, zeros, 0, "no value in a nest");
	deep(t, path, &nothing, type, zeros, len - 1, "a value too short in a nest");
	deep(t, path, &nothing, type, zeros, len + 1, "a value too long in a nest");
	deep(t, path, &nothing, type | NLA_F_NESTED, zeros, len, "a nested number");
	if (rule->kind == U64)
		return;
	value = rule->max + 1;
	if (rule->max != (len == 1 ? 0xff : len == 2 ? 0xffff : ANY32))
		deep(t, path, &nothing, type, &value, len, "a value too great in a nest");
	value = rule->min - 1;
	if (rule->min)
		deep(t, path, &nothing, type, &value, len, "a value too small in a nest");
}

static void wrong_nested_bytes(const struct target *t, const struct path *path,
			       unsigned int type, const struct rule *rule)
{
	char text[128];

	memset(text, 'x', sizeof(text));
	deep(t, path, &nothing, type | NLA_F_NESTED, text, 8, "nested bytes");
	deep(t, path, &nothing, type, text, rule->max + 1, "too many bytes");
	if (rule->kind != TEXT)
		return;
	deep(t, path, &nothing, type, text, 0, "a text of nothing");
	deep(t, path, &nothing, type, text, 3, "a text without an end");
	text[rule->max + 1] = 0;
	deep(t, path, &nothing, type, text, rule->max + 2, "a text too long");
	deep(t, path, &nothing, type, "a\tb", 4, "a text that can't be printed");
}

/* Of a mirror, which has a name as a device could have it. */
static void wrong_nested_name(const struct target *t, const struct path *path, unsigned int type)
{
	static const char *const names[] = { "", ".", "..", "x y", "x/y", "x:y", "x\ty", "\1 " };
	char text[VSWITCH_NAME_LEN + 2];
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		deep(t, path, &nothing, type, names[i], strlen(names[i]) + 1,
		     "a name that none can have");
	memset(text, 'x', sizeof(text));
	deep(t, path, &nothing, type, text, 0, "no name in a nest");
	deep(t, path, &nothing, type, text, 3, "a name without an end");
	text[sizeof(text) - 1] = 0;
	deep(t, path, &nothing, type, text, sizeof(text), "a name too long");
	deep(t, path, &nothing, type | NLA_F_NESTED, "m0", 3, "a nested name");
}

static void wrong_nested_address(const struct target *t, const struct path *path,
				 unsigned int type)
{
	static const unsigned int lengths[] = { 0, 3, 5, 8, 15, 17 };
	static const uint8_t bytes[20] = { 192, 0, 2, 1 };
	unsigned int i;

	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		deep(t, path, &nothing, type, bytes, lengths[i], "an address of no family");
	deep(t, path, &nothing, type | NLA_F_NESTED, bytes, 4, "a nested address");
}

static void wrong_in_nest(const struct target *t, const struct path *path, enum kind kind);

static void wrong_in(const struct target *t, const struct path *path, unsigned int type,
		     const struct rule *rule)
{
	static const uint8_t zeros[16];
	struct path inner = *path;

	switch (rule->kind) {
	case FIELD:
		wrong_field(t, path, type, rule);
		return;
	case RANGE:
		wrong_range(t, path, type, rule);
		return;
	case FLAG:
		deep(t, path, &nothing, type, zeros, 1, "a flag with a value");
		deep(t, path, &nothing, type | NLA_F_NESTED, zeros, 0, "a nested flag");
		return;
	case TEXT: case BYTES:
		wrong_nested_bytes(t, path, type, rule);
		return;
	case LABEL:
		wrong_nested_name(t, path, type);
		return;
	case ADDRESS:
		wrong_nested_address(t, path, type);
		return;
	default:
		break;
	}
	if (!nest_of(rule->kind)) {
		wrong_nested_number(t, path, type, rule);
		return;
	}
	deep(t, path, &nothing, type, zeros, 0, "a nest that is none");
	deep(t, path, &nothing, type | NLA_F_NESTED, zeros, 3, "a nest too short");
	inner.type[inner.depth++] = type;
	wrong_in_nest(t, &inner, rule->kind);
}

/* An action of connection tracking, or a translation in it, that says half of something. */
static void wrong_ct(const struct target *t, const struct path *path, enum kind kind)
{
	static const uint8_t bytes[16] = { 192, 0, 2, 1 };
	static const uint16_t port = 1024;
	static const uint32_t mask = 1;
	struct bytes before = { .len = 0 };

	if (kind == CT) {
		deep(t, path, &nothing, VSWITCH_A_CT_MARK_MASK, &mask, 4, "a mask of no mark");
		deep(t, path, &nothing, VSWITCH_A_CT_HELPER, "", 1, "a helper without a name");
		deep(t, path, &nothing, VSWITCH_A_CT_HELPER, "a/b", 4, "a helper that is a path");
		return;
	}
	deep(t, path, &nothing, VSWITCH_A_NAT_IP_MAX, bytes, 4, "no lowest address");
	deep(t, path, &nothing, VSWITCH_A_NAT_PORT_MAX, &port, 2, "no lowest port");
	add(&before, VSWITCH_A_NAT_IP_MIN, bytes, 4);
	deep(t, path, &before, VSWITCH_A_NAT_IP_MAX, bytes, 16, "addresses of two families");
}

/* Something to learn that is not said as a whole, or twice. */
static void wrong_learn(const struct target *t, const struct path *path, enum kind kind)
{
	static const uint8_t reg0 = VSWITCH_A_MATCH_REG0, none = 0xff;
	static const uint8_t output = VSWITCH_LEARN_KIND_OUTPUT;
	static const uint16_t bits = 8, many = 33;
	static const uint32_t value = 1;
	struct bytes before = { .len = 0 };

	if (kind == LEARN) {
		deep(t, path, &nothing, VSWITCH_A_LEARN_TABLE, &output, 1, "nothing to learn");
		return;
	}
	deep(t, path, &nothing, VSWITCH_A_LEARN_SPEC_BITS, &bits, 2, "bits of nothing");
	add(&before, VSWITCH_A_LEARN_SPEC_BITS, &bits, 2);
	deep(t, path, &before, VSWITCH_A_LEARN_SPEC_SRC, &reg0, 1, "no field to learn");
	add(&before, VSWITCH_A_LEARN_SPEC_DST, &reg0, 1);
	deep(t, path, &before, VSWITCH_A_LEARN_SPEC_SRC, &none, 1, "a field that is not there");
	deep(t, path, &before, VSWITCH_A_LEARN_SPEC_VALUE, &value, 2, "half a value");
	add(&before, VSWITCH_A_LEARN_SPEC_VALUE, &value, 4);
	deep(t, path, &before, VSWITCH_A_LEARN_SPEC_SRC, &reg0, 1, "a field and a value");
	deep(t, path, &before, VSWITCH_A_LEARN_SPEC_SRC_OFFSET, &bits, 2, "an offset of no field");
	deep(t, path, &before, VSWITCH_A_LEARN_SPEC_KIND, &output, 1, "an output to a value");
	before.len = 0;
	add(&before, VSWITCH_A_LEARN_SPEC_BITS, &many, 2);
	add(&before, VSWITCH_A_LEARN_SPEC_DST, &reg0, 1);
	deep(t, path, &before, VSWITCH_A_LEARN_SPEC_SRC, &reg0, 1, "more bits than there are");
}

/* What contradicts itself in a nest of some kind. */
static void wrong_together(const struct target *t, const struct path *path, enum kind kind)
{
	static const uint8_t reg0 = VSWITCH_A_MATCH_REG0;
	static const uint32_t value;
	static const uint16_t bits = 16;
	struct bytes before = { .len = 0 };

	switch (kind) {
	case ACTIONS:
		add(&before, VSWITCH_A_ACTION_OUTPUT, &value, 4);
		deep(t, path, &before, VSWITCH_A_ACTION_DROP, "", 1, "a drop behind an output");
		before.len = 0;
		add(&before, VSWITCH_A_ACTION_GOTO, "\375", 1);
		deep(t, path, &before, VSWITCH_A_ACTION_POP_VLAN, "", 0, "an action behind goto");
		before.len = 0;
		add(&before, VSWITCH_A_ACTION_REJECT, "", 0);
		deep(t, path, &before, VSWITCH_A_ACTION_POP_VLAN, "", 0, "an action behind reject");
		break;
	case SET_FIELD:
		add(&before, VSWITCH_A_MATCH_REG0, &value, 4);
		deep(t, path, &before, VSWITCH_A_MATCH_REG1, &value, 4, "two fields to set");
		break;
	case MOVE:
		add(&before, VSWITCH_A_MOVE_SRC, &reg0, 1);
		deep(t, path, &before, VSWITCH_A_MOVE_DST, &reg0, 1, "a move of no bits");
		break;
	case OUTPUT_FIELD:
		deep(t, path, &nothing, VSWITCH_A_MOVE_SRC, &reg0, 1, "an output of no bits");
		add(&before, VSWITCH_A_MOVE_SRC, &reg0, 1);
		add(&before, VSWITCH_A_MOVE_BITS, &bits, 2);
		deep(t, path, &before, VSWITCH_A_MOVE_DST, &value, 1, "an output into a field");
		deep(t, path, &before, VSWITCH_A_MOVE_DST_OFFSET, &value, 2,
		     "an output into a field");
		break;
	case SAMPLE:
		deep(t, path, &nothing, VSWITCH_A_SAMPLE_GROUP, &value, 4, "samples of no rate");
		break;
	case CT: case NAT:
		wrong_ct(t, path, kind);
		break;
	case LEARN: case LEARN_SPEC:
		wrong_learn(t, path, kind);
		break;
	case MATCH: case ENTRY: case RESUBMIT: case CONTROLLER: case BUCKET:
		break;
	default:
		return;
	}
}

/* Something twice in a nest where it may be once. */
static void wrong_twice(const struct target *t, const struct path *path, enum kind kind)
{
	const struct nest *nest = nest_of(kind);
	static const uint8_t zeros[16];
	struct bytes before;
	unsigned int i, len;

	for (i = 1; i <= nest->max && !nest->repeats; i++) {
		len = nest->rules[i].kind == FIELD ? nest->rules[i].min :
						     rule_length(&nest->rules[i]);
		if (!len && nest->rules[i].kind != FLAG)
			continue;
		before.len = 0;
		add(&before, i, zeros, len);
		deep(t, path, &before, i, zeros, len, "something twice in a nest");
	}
}

static void wrong_in_nest(const struct target *t, const struct path *path, enum kind kind)
{
	const struct nest *nest = nest_of(kind);
	static const uint32_t value = 1;
	unsigned int type;

	for (type = 0; type <= nest->max + 1; type++) {
		if (type > nest->max || !nest->rules[type].kind)
			deep(t, path, &nothing, type, &value, 4,
			     "an attribute that is not in the nest");
		else
			wrong_in(t, path, type, &nest->rules[type]);
	}
	wrong_together(t, path, kind);
	wrong_twice(t, path, kind);
}

static void wrong_flow_nest(const struct target *t, unsigned int type, enum kind kind)
{
	const struct path path = { { type }, 1 };
	static const uint8_t zeros[16];

	replaced_some(t, type, zeros, 0, "a nest that is none", false);
	replaced_some(t, type | NLA_F_NESTED, zeros, 3, "a nest too short", false);
	wrong_in_nest(t, &path, kind);
}

static void wrong_flag(const struct target *t, unsigned int type)
{
	replaced(t, type, "", 1, "a flag with a value");
	replaced(t, type | NLA_F_NESTED, "", 0, "a nested flag");
}

static void wrong_frame(const struct target *t, unsigned int type)
{
	static const uint8_t bytes[64];

	replaced(t, type, bytes, 0, "no value");
	replaced(t, type, bytes, 13, "half a header");
	replaced(t, type | NLA_F_NESTED, bytes, 60, "a nested frame");
}

/* What is right alone, but not with the rest, and what is not there. */
static void wrong_flow(const struct target *t)
{
	static const uint32_t none = 0x7ffffff0, there = VALID_ID;
	static const uint8_t unused = 200;

	switch (t->cmd) {
	case VSWITCH_CMD_FLOW_NEW:
		if (!t->way)
			break;
		/* fall through */
	case VSWITCH_CMD_FLOW_BUNDLE_COMMIT: case VSWITCH_CMD_FLOW_BUNDLE_DEL:
		replaced(t, VSWITCH_A_FLOW_BUNDLE, &none, 4, "a bundle that is not there");
		break;
	case VSWITCH_CMD_FLOW_SET: case VSWITCH_CMD_FLOW_DEL: case VSWITCH_CMD_FLOW_GET:
		if (t->way)
			without(t, HAS(VSWITCH_A_FLOW_COOKIE), "a mask of no cookie");
		else
			without(t, HAS(VSWITCH_A_FLOW_STRICT), "a priority, but not strict");
		break;
	case VSWITCH_CMD_FLOW_TABLE_GET:
		replaced(t, VSWITCH_A_FLOW_TABLE_TABLE, &unused, 1, "a table that is not there");
		break;
	case VSWITCH_CMD_GROUP_NEW:
		replaced(t, VSWITCH_A_GROUP_ID, &there, 4, "a group that is there");
		break;
	case VSWITCH_CMD_METER_NEW:
		replaced(t, VSWITCH_A_METER_ID, &there, 4, "a meter that is there");
		break;
	case VSWITCH_CMD_GROUP_SET: case VSWITCH_CMD_GROUP_GET:
		replaced(t, VSWITCH_A_GROUP_ID, &none, 4, "a group that is not there");
		break;
	case VSWITCH_CMD_METER_SET: case VSWITCH_CMD_METER_GET:
		replaced(t, VSWITCH_A_METER_ID, &none, 4, "a meter that is not there");
		break;
	case VSWITCH_CMD_TRACE:
		replaced(t, VSWITCH_A_TRACE_PORT_NUMBER, &none, 4, "a port that is not there");
		break;
	}
}

#endif
