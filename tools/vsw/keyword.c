// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <strings.h>

#include "lib/flow.h"
#include "lib/model_router.h"
#include "lib/parse.h"
#include "lib/units.h"
#include "vsw.h"

static const struct keyword *find(const struct keyword *keywords, const char *word)
{
	for (; keywords->word; keywords++)
		if (!strcmp(keywords->word, word))
			return keywords;
	return NULL;
}

static int read_text(const struct keyword *key, const char *text, char **member, struct err *err)
{
	if (strlen(text) >= MODEL_ALIAS_SIZE)
		return err_set(err, STATUS_USAGE, "%s: the text is too long, the most is %d bytes",
			       key->word, MODEL_ALIAS_SIZE - 1);
	*member = strdup(text);
	return *member ? 0 : err_set(err, STATUS_SYSTEM, "out of memory");
}

static int read_port_type(const struct keyword *key, const char *text, uint8_t *type,
			  struct err *err)
{
	static const uint8_t types[] = { VSWITCH_PORT_TYPE_DEVICE, VSWITCH_PORT_TYPE_VNIC };
	size_t i;

	for (i = 0; i < sizeof(types); i++) {
		*type = types[i];
		if (!strcmp(text, port_type_name(*type)))
			return 0;
	}
	return err_set(err, STATUS_USAGE, "%s: '%s' is neither 'device' nor 'vnic'",
		       key->word, text);
}

/* The reasons are the switch's own. */
static int read_shut(const struct keyword *key, const char *text, uint8_t *shut, struct err *err)
{
	bool on;

	if (parse_on_off(key->word, text, &on, err) < 0)
		return -1;
	*shut = on ? VSWITCH_SHUT_REASON_ADMIN : VSWITCH_SHUT_REASON_NONE;
	return 0;
}

static int read_state(const struct keyword *key, const char *text, uint8_t *state, struct err *err)
{
	for (*state = 0; *state <= VSWITCH_PORT_STATE_BLOCKING; ++*state)
		if (!strcmp(text, port_state_name(*state)))
			return 0;
	return err_set(err, STATUS_USAGE,
		       "%s: '%s' is none of disabled, listening, learning, forwarding, blocking",
		       key->word, text);
}

/* All of the reserved addresses, or none. */
static int read_wire(const struct keyword *key, const char *text, uint16_t *mask, struct err *err)
{
	bool on;

	if (parse_on_off(key->word, text, &on, err) < 0)
		return -1;
	*mask = on ? UINT16_MAX : 0;
	return 0;
}

static int read_policy(const struct keyword *key, const char *text, uint8_t *policy,
		       struct err *err)
{
	bool of_port = key->form == KEYWORD_GUARD;	/* which may do as its switch */

	*policy = of_port ? VSWITCH_POLICY_INHERIT : VSWITCH_POLICY_ACCEPT;
	for (; *policy <= VSWITCH_POLICY_REJECT; ++*policy)
		if (!strcmp(text, policy_name(*policy)))
			return 0;
	return err_set(err, STATUS_USAGE, "%s: '%s' is neither 'accept' nor 'reject'%s",
		       key->word, text, of_port ? " nor 'inherit'" : "");
}

static int read_violation(const struct keyword *key, const char *text, uint8_t *violation,
			  struct err *err)
{
	for (*violation = VSWITCH_VIOLATION_PROTECT; *violation <= VSWITCH_VIOLATION_SHUTDOWN;
	     ++*violation)
		if (!strcmp(text, violation_name(*violation)))
			return 0;
	return err_set(err, STATUS_USAGE,
		       "%s: '%s' is neither 'protect' nor 'restrict' nor 'shutdown'",
		       key->word, text);
}

/* What is too much for the kernel, too, is told by it with the bounds that there are. */
static int read_u8(const struct keyword *key, const char *text, uint8_t *value, struct err *err)
{
	uint16_t wide;

	if (parse_u16(key->word, text, &wide, err) < 0)
		return -1;
	*value = wide > UINT8_MAX ? UINT8_MAX : wide;
	return 0;
}

static int read_router(const struct keyword *key, const char *text, uint8_t *mode,
		       struct err *err)
{
	for (*mode = VSWITCH_MCAST_ROUTER_OFF; *mode <= VSWITCH_MCAST_ROUTER_TEMP; ++*mode)
		if (!strcmp(text, mcast_router_name(*mode)))
			return 0;
	return err_set(err, STATUS_USAGE, "%s: '%s' is none of 'off', 'auto', 'on' and 'temp'",
		       key->word, text);
}

/* Of a table of flows. */
static int read_miss(const struct keyword *key, const char *text, uint8_t *miss, struct err *err)
{
	int value = flow_word_find(FIELD_FLOW_MISS, text);

	if (value < 0)
		return err_set(err, STATUS_USAGE,
			       "%s: '%s' is none of 'normal', 'drop', 'controller' and 'continue'",
			       key->word, text);
	*miss = value;
	return 0;
}

/* A value of the router that is a word. */
static int read_router_word(const struct keyword *key, unsigned int type, const char *text,
			    uint8_t *member, struct err *err)
{
	char words[ROUTER_WORDS_SIZE];
	int value = router_word_find(type, text);

	if (value < 0)
		return err_set(err, STATUS_USAGE, "%s: '%s' is none of %s", key->word, text,
			       router_words(type, words));
	*member = value;
	return 0;
}

/* A word, or what has none as a number. */
static int read_dscp(const struct keyword *key, const char *text, uint8_t *dscp, struct err *err)
{
	int value = router_word_find(FIELD_DSCP, text);

	*dscp = value;
	if (value >= 0)
		return 0;
	if (read_u8(key, text, dscp, err) < 0 || *dscp > 63)
		return err_set(err, STATUS_USAGE,
			       "%s: '%s' is neither a number up to 63 nor a word as 'ef', 'af21', 'cs1'",
			       key->word, text);
	return 0;
}

static int read_cgroup(const struct keyword *key, const char *text, uint64_t *id, struct err *err)
{
	if (strcmp(text, "none"))
		return parse_cgroup(key->word, text, id, err);
	*id = 0;
	return 0;
}

static int read_value(const struct keyword *key, const struct field *f, const char *text,
		      void *object, struct err *err)
{
	void *member = (char *)object + f->offset;
	uint16_t vid;

	if (key->form == KEYWORD_SECONDS)
		return parse_seconds(key->word, text, member, err);
	if (key->form == KEYWORD_TIME)
		return units_parse_time(key->word, text, member, STATUS_USAGE, err);
	if (key->form == KEYWORD_WIRE)
		return read_wire(key, text, member, err);
	if (key->form == KEYWORD_CONTAINER)
		return parse_container(key->word, text, member, err);
	switch (f->type) {
	case FIELD_BOOL:
		return parse_on_off(key->word, text, member, err);
	case FIELD_U8:
		return read_u8(key, text, member, err);
	case FIELD_ROUTER:
		return read_router(key, text, member, err);
	case FIELD_MAPPED_IP:
		return parse_ip(key->word, text, member, err);
	case FIELD_U16:
		return parse_u16(key->word, text, member, err);
	case FIELD_VID:
	case FIELD_PVID:
		return vlan_parse_vid(key->word, text, member, err);
	case FIELD_VLANS:
		return vlan_parse_set(key->word, text, member, err);
	case FIELD_VLAN_SET:
		return vlan_parse_set(key->word, text, member, err);
	case FIELD_VLAN_MAP:
		return vlan_parse_map(key->word, text, member, err);
	case FIELD_VLAN_PROTOCOL:
		return vlan_parse_protocol(key->word, text, member, err);
	case FIELD_UNTAGGED:	/* of a set, one */
		if (vlan_parse_vid(key->word, text, &vid, err) < 0)
			return -1;
		vlan_set_add(member, vid);
		return 0;
	case FIELD_U32:
		return parse_u32(key->word, text, member, err);
	case FIELD_NAME:
		return parse_name(key->word, text, member, err);
	case FIELD_TEXT:
		return read_text(key, text, member, err);
	case FIELD_WORD:
		*(const char **)member = text;
		return *text ? 0 : err_set(err, STATUS_USAGE, "%s: the name is empty", key->word);
	case FIELD_PORT_TYPE:
		return read_port_type(key, text, member, err);
	case FIELD_SHUT:
		return read_shut(key, text, member, err);
	case FIELD_IP:
		return parse_prefix(key->word, text, member, err);
	case FIELD_STATE:
		return read_state(key, text, member, err);
	case FIELD_POLICY:
		return read_policy(key, text, member, err);
	case FIELD_VIOLATION:
		return read_violation(key, text, member, err);
	case FIELD_FLOW_MISS:
		return read_miss(key, text, member, err);
	case FIELD_IP_PROTOCOL:
	case FIELD_SCHEDULER:
	case FIELD_FORWARD:
	case FIELD_FAMILY:
	case FIELD_SHAPE_MODE:
	case FIELD_SHAPE_DIRECTION:
		return read_router_word(key, f->type, text, member, err);
	case FIELD_DSCP:
		return read_dscp(key, text, member, err);
	case FIELD_CGROUP:
		return read_cgroup(key, text, member, err);
	case FIELD_MAC:
		return parse_mac(key->word, text, member, err);
	}
	return err_set(err, STATUS_USAGE, "'%s' takes no value", key->word);
}

static void set_constant(const struct keyword *key, const struct field *f, void *object)
{
	void *member = (char *)object + f->offset;

	if (f->type == FIELD_BOOL)
		*(bool *)member = key->constant;
	else
		*(uint8_t *)member = key->constant;
}

/* "1000pps", "10mbit", "off": what is not of the first attribute is of the next one. */
static int read_storm(const struct keyword *key, const char *text, struct storm_limit *limit,
		      uint64_t *has, struct err *err)
{
	static const struct {
		const char *name;
		uint32_t kbit;		/* 0: packets */
	} units[] = { { "pps", 0 }, { "kbit", 1 }, { "mbit", 1000 }, { "gbit", 1000000 } };
	size_t digits = strspn(text, "0123456789"), i;
	char number[16];

	if (*has & HAS(key->attr + 1))
		return err_set(err, STATUS_USAGE, "'%s': the limit was given before", key->word);
	if (!strcmp(text, "off"))
		return 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcasecmp(text + digits, units[i].name))
			break;
	if (!digits || digits >= sizeof(number) || i == sizeof(units) / sizeof(units[0]))
		return err_set(err, STATUS_USAGE,
			       "%s: '%s' is neither 'off' nor a number with pps, kbit, mbit or gbit behind it",
			       key->word, text);
	memcpy(number, text, digits);
	number[digits] = '\0';
	/* To the kernel it is the same as "off", and so the contrary of what it says. */
	if (strspn(number, "0") == digits)
		return err_set(err, STATUS_USAGE,
			       "%s: '%s' would let nothing pass, 1 is the least; 'off' is no limit",
			       key->word, text);
	if (!units[i].kbit)
		return parse_u32(key->word, number, &limit->pps, err);
	if (parse_u32(key->word, number, &limit->kbps, err) < 0)
		return -1;
	if (__builtin_mul_overflow(limit->kbps, units[i].kbit, &limit->kbps))
		return err_set(err, STATUS_USAGE, "%s: '%s' is too much", key->word, text);
	*has = (*has & ~HAS(key->attr)) | HAS(key->attr + 1);
	return 0;
}

/* One keyword, with its value at words[1] if it has one.  Words taken, or -1. */
static int read_keyword(const struct kind *kind, const struct keyword *key, char **words,
			void *object, struct vsw_device *device, struct err *err)
{
	bool of_device = key->form == KEYWORD_DEVICE || key->form == KEYWORD_DEVICE_UP;
	const struct field *f;
	uint64_t *has;

	if (of_device) {
		kind = &kind_device;
		object = device;
	} else if (key->form == KEYWORD_GUARD || key->form == KEYWORD_STORM) {
		struct vsw_port *port = object;

		port->has |= HAS(VSWITCH_A_PORT_GUARD);
		kind = &kind_guard;
		object = &port->guard;
	}
	has = object;
	f = kind_field(kind, key->attr);
	if (*has & HAS(key->attr))
		return err_set(err, STATUS_USAGE, "'%s': the %s was given before",
			       key->word, f->name);
	*has |= HAS(key->attr);
	if (key->form == KEYWORD_CONSTANT || key->form == KEYWORD_DEVICE_UP) {
		set_constant(key, f, object);
		return 1;
	}
	if (key->form == KEYWORD_FLAG &&
	    !(words[1] && (!strcmp(words[1], "on") || !strcmp(words[1], "off")))) {
		*(bool *)((char *)object + f->offset) = true;
		return 1;
	}
	if (!words[1])
		return err_set(err, STATUS_USAGE, "'%s' lacks its value", key->word);
	if (key->form == KEYWORD_STORM)
		return read_storm(key, words[1], (void *)((char *)object + f->offset), has,
				  err) < 0 ? -1 : 2;
	return read_value(key, f, words[1], object, err) < 0 ? -1 : 2;
}

/* Who comes from commands that take the name of a port first may forget "dev". */
static const char *lacks_dev(const struct keyword *keywords, const struct vsw_device *device)
{
	const struct keyword *dev = find(keywords, "dev");

	return dev && dev->form == KEYWORD_DEVICE && !(device->has & HAS(dev->attr)) ?
	       "; a port is named behind 'dev'" : "";
}

int keywords_read(const struct kind *kind, const struct keyword *keywords, char **words,
		  void *object, struct vsw_device *device, struct err *err)
{
	int taken;

	for (; *words; words += taken) {
		const struct keyword *key = find(keywords, *words);

		if (!key)
			return err_set(err, STATUS_USAGE, "'%s' is not an option of this command%s",
				       *words, lacks_dev(keywords, device));
		taken = read_keyword(kind, key, words, object, device, err);
		if (taken < 0)
			return -1;
	}
	return 0;
}

int keywords_first_name(char ***words, const char *lead, const struct keyword *keywords,
			const char **name, struct err *err)
{
	char **w = *words;

	if (!*w)
		return 0;
	if (!strcmp(*w, lead)) {
		if (!*++w)
			return err_set(err, STATUS_USAGE, "'%s' lacks its value", lead);
	} else if (find(keywords, *w)) {
		return 0;
	}
	if (!**w)
		return err_set(err, STATUS_USAGE, "%s: the name is empty", lead);
	*words = w + 1;
	*name = *w;
	return 1;
}
