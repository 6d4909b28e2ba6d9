// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "flow.h"
#include "model_route.h"
#include "model_router.h"
#include "output_private.h"
#include "status.h"

/* Names of devices may be any bytes, strings of JSON must be UTF-8. */
static json_t *string(const char *text)
{
	json_t *value = json_string(text);
	char *ascii, *p;

	if (value)
		return value;
	ascii = strdup(text);
	if (!ascii)
		return NULL;
	for (p = ascii; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	value = json_string(ascii);
	free(ascii);
	return value;
}

static json_t *drops(const struct stats *stats)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < stats->n_drop; i++) {
		json_t *drop = json_pack("{s:o, s:I}", "reason", string(stats->drop[i].reason),
					 "packets", (json_int_t)stats->drop[i].packets);

		if (json_array_append_new(array, drop) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *object_value(const struct output *out, const struct kind *kind, const void *object);

static json_t *sources(const struct output *out, const struct vsw_mdb *mdb)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < mdb->n_sources; i++) {
		json_t *source = object_value(out, &kind_mdb_source, &mdb->sources[i]);

		if (json_array_append_new(array, source) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *buckets(const struct output *out, const struct flow_buckets *all)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < all->n; i++) {
		json_t *bucket = object_value(out, &kind_bucket, &all->bucket[i]);

		if (json_array_append_new(array, bucket) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* Text of flows, cut at the commas that are in no parentheses, as an array; or pairs. */
static json_t *pieces(char *text, bool pairs)
{
	json_t *all = pairs ? json_object() : json_array();
	char *p = text, *equals;
	int depth = 0, ret = 0;
	bool quoted = false;

	while (all && !ret && *text) {
		for (; *p && (depth || quoted || *p != ','); p++) {
			quoted ^= *p == '"';
			if (!quoted)
				depth += (*p == '(') - (*p == ')');
		}
		if (*p)
			*p++ = '\0';
		equals = pairs ? strchr(text, '=') : NULL;
		if (equals)
			*equals = '\0';
		if (pairs)
			ret = json_object_set_new(all, text, string(equals ? equals + 1 : ""));
		else
			ret = json_array_append_new(all, string(text));
		text = p;
	}
	if (ret) {
		json_decref(all);
		return NULL;
	}
	return all;
}

/* A port is a number, as everywhere; with a mask it stays text. */
static int number_port(json_t *pairs, const struct flow_match *match)
{
	const struct flow_term *term = flow_match_find(match, VSWITCH_A_MATCH_IN_PORT);

	if (!term || !flow_is_exact(term))
		return 0;
	return json_object_set_new(pairs, flow_field_name(term->field),
				   json_integer(flow_number(term->field, term->value)));
}

/* A match or actions, in the words that "flow add" takes. */
static json_t *flow_value(unsigned int type, const void *member)
{
	char *text = NULL;
	json_t *value;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	if (type == FIELD_MATCH)
		flow_print_match(stream, member, false, NULL);
	else
		flow_print_actions(stream, member, NULL);
	value = fclose(stream) ? NULL : pieces(text, type == FIELD_MATCH);
	free(text);
	if (value && type == FIELD_MATCH && number_port(value, member) < 0) {
		json_decref(value);
		return NULL;
	}
	return value;
}

static json_t *flag_words(uint32_t flags)
{
	static const char * const names[] = { "send-removed", "check-overlap", "no-counts" };
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < sizeof(names) / sizeof(names[0]); i++) {
		if (flags & 1u << i && json_array_append_new(array, string(names[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *nat_flag_words(uint32_t flags)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} words[] = {
		{ VROUTER_NAT_FLAGS_RANDOM, "random" },
		{ VROUTER_NAT_FLAGS_PERSISTENT, "persistent" },
	};
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < sizeof(words) / sizeof(words[0]); i++) {
		if (flags & words[i].flag &&
		    json_array_append_new(array, string(words[i].name)) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* A protocol without a name here is its number; of others that can't be. */
static json_t *router_value(unsigned int type, unsigned int value)
{
	const char *word = router_word(type, value);

	return !word && type == FIELD_IP_PROTOCOL ? json_integer(value) : string(word ?: "?");
}

/* Likewise: a protocol of routes without a name is its number. */
static json_t *route_value(unsigned int type, unsigned int value)
{
	const char *word = route_word(type, value);

	return word ? string(word) : json_integer(value);
}

/* The words of the bits of a mask. */
static json_t *route_bits(unsigned int type, uint32_t mask)
{
	json_t *array = json_array();
	unsigned int bit;

	for (bit = 0; array && bit < 32; bit++) {
		const char *word = mask & 1u << bit ? route_word(type, bit) : NULL;

		if (word && json_array_append_new(array, string(word)) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *hex_value(const struct bytes *bytes)
{
	char *text = malloc(2 * bytes->n + 1);
	json_t *value;
	size_t i;

	if (!text)
		return NULL;
	for (i = 0; i < bytes->n; i++)
		sprintf(text + 2 * i, "%02x", bytes->data[i]);
	text[2 * i] = '\0';
	value = string(text);
	free(text);
	return value;
}

static json_t *cookie_value(uint64_t cookie)
{
	char text[sizeof("0x") + 16];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)cookie);
	return string(text);
}

static json_t *runs(const struct vlans *vlans)
{
	json_t *array = json_array();
	struct vlan_run run = {};

	while (array && vlan_run_next(&vlans->member, &vlans->untagged, &run)) {
		json_t *item = json_pack("{s:i, s:i, s:b}", "first", run.first, "last", run.last,
					 "untagged", run.marked);

		if (json_array_append_new(array, item) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *set_runs(const struct vlan_set *set)
{
	json_t *array = json_array();
	struct vlan_run run = {};

	while (array && vlan_run_next(set, NULL, &run)) {
		json_t *item = json_pack("{s:i, s:i}", "first", run.first, "last", run.last);

		if (json_array_append_new(array, item) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *pairs(const struct vlan_map *map)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < map->n; i++) {
		json_t *item = json_pack("{s:i, s:i}", "outside", map->pair[i].outside,
					 "inside", map->pair[i].inside);

		if (json_array_append_new(array, item) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *private_value(const struct private_vlans *vlans)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < vlans->n; i++) {
		json_t *item = json_pack("{s:i, s:i, s:s}", "primary", vlans->pair[i].primary,
					 "secondary", vlans->pair[i].secondary,
					 "type", vlan_private_name(vlans->pair[i].type));

		if (json_array_append_new(array, item) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *ports_value(const struct port_refs *ports)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < ports->n; i++) {
		json_t *item = json_pack("{s:I}", "number", (json_int_t)ports->ref[i].number);

		if (item && *ports->ref[i].name &&
		    json_object_set_new(item, "name", string(ports->ref[i].name)) < 0) {
			json_decref(item);
			item = NULL;
		}
		if (json_array_append_new(array, item) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *items(const struct output *out, const struct kind *kind,
		     const struct list *list)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < list->n; i++) {
		if (json_array_append_new(array, object_value(out, kind,
							      list_at(list, kind, i))) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *field_value(const struct output *out, const struct field *f, const void *object)
{
	const void *member = (const char *)object + f->offset;
	char mac[MAC_TEXT_SIZE], ip[IP_TEXT_SIZE];

	switch (f->type) {
	case FIELD_BOOL:
		return json_boolean(*(const bool *)member);
	case FIELD_FDB_TYPE:
		return string(fdb_type_name(*(const uint8_t *)member));
	case FIELD_PORT_TYPE:
		return string(port_type_name(*(const uint8_t *)member));
	case FIELD_SHUT:
		return string(shut_reason_name(*(const uint8_t *)member));
	case FIELD_MIRROR_TO:
		return string(mirror_to_name(*(const uint8_t *)member));
	case FIELD_MIRROR_STATE:
		return string(mirror_state_name(*(const uint8_t *)member));
	case FIELD_STATE:
		return string(port_state_name(*(const uint8_t *)member));
	case FIELD_DIRECTION:
		return string(direction_name(*(const uint8_t *)member));
	case FIELD_POLICY:
		return string(policy_name(*(const uint8_t *)member));
	case FIELD_VIOLATION:
		return string(violation_name(*(const uint8_t *)member));
	case FIELD_ROUTER:
		return string(mcast_router_name(*(const uint8_t *)member));
	case FIELD_FILTER:
		return string(mcast_filter_name(*(const uint8_t *)member));
	case FIELD_U8:
		return json_integer(*(const uint8_t *)member);
	case FIELD_U16:
	case FIELD_VID:
	case FIELD_PVID:
		return json_integer(*(const uint16_t *)member);
	case FIELD_U32:
		return json_integer(*(const uint32_t *)member);
	case FIELD_S32:
		return json_integer(*(const int32_t *)member);
	case FIELD_U64:
	case FIELD_CGROUP:
		return json_integer(*(const uint64_t *)member);
	case FIELD_NAME:
		return string(member);
	case FIELD_TEXT:
		return string(*(char * const *)member);
	case FIELD_MAC:
		return string(mac_text(mac, member));
	case FIELD_IP:
		return string(ip_text(ip, member));
	case FIELD_MAPPED_IP:
		return string(mapped_text(ip, member));
	case FIELD_PREFIX:
		return json_integer(((const struct prefix *)member)->bits);
	case FIELD_VLANS:
		return runs(member);
	case FIELD_VLAN_SET:
		return set_runs(member);
	case FIELD_PORTS:
		return ports_value(member);
	case FIELD_VLAN_MAP:
		return pairs(member);
	case FIELD_PRIVATE_VLANS:
		return private_value(member);
	case FIELD_PRIVATE_VLAN:
		return string(vlan_private_name(*(const uint16_t *)member));
	case FIELD_VLAN_PROTOCOL:
		return string(vlan_protocol_name(*(const uint8_t *)member));
	case FIELD_STATS:
	case FIELD_GUARD:
	case FIELD_MCAST_STATS:
	case FIELD_ROUTER_STATS:
	case FIELD_SHAPE_STATS:
		return object_value(out, field_kind(f), member);
	case FIELD_SOURCES:
		return sources(out, object);
	case FIELD_FLOW:
		return object_value(out, field_kind(f), member);
	case FIELD_FLAG:
		return json_boolean(*(const bool *)member);
	case FIELD_MATCH:
	case FIELD_ACTIONS:
		return flow_value(f->type, member);
	case FIELD_BUCKETS:
		return buckets(out, member);
	case FIELD_TRACE_STEPS:
	case FIELD_TRACE_NEAR:
		return items(out, field_kind(f), member);
	case FIELD_USERDATA:
		return hex_value(member);
	case FIELD_COOKIE:
		return cookie_value(*(const uint64_t *)member);
	case FIELD_FLOW_FLAGS:
		return flag_words(*(const uint32_t *)member);
	case FIELD_FLOW_MISS:
	case FIELD_FLOW_REMOVED:
	case FIELD_GROUP_TYPE:
	case FIELD_GROUP_HASH:
	case FIELD_METER_UNIT:
	case FIELD_PACKET_IN_REASON:
	case FIELD_TRACE_KIND:
	case FIELD_TRACE_METERED:
	case FIELD_TRACE_DESTINATION:
	case FIELD_TRACE_EFFECT:
		return string(flow_word(f->type, *(const uint8_t *)member));
	case FIELD_IP_PROTOCOL:
	case FIELD_SCHEDULER:
	case FIELD_FORWARD:
	case FIELD_NAT_KIND:
	case FIELD_BACKEND_STATE:
	case FIELD_WHY_SLOW:
	case FIELD_FAMILY:
	case FIELD_SHAPE_MODE:
	case FIELD_SHAPE_DIRECTION:
	case FIELD_DSCP:
		return router_value(f->type, *(const uint8_t *)member);
	case FIELD_ROUTE_TYPE:
	case FIELD_ROUTE_PROTOCOL:
	case FIELD_ROUTE_SCOPE:
	case FIELD_RULE_ACTION:
		return route_value(f->type, *(const uint8_t *)member);
	case FIELD_NEXTHOP_FLAGS:
	case FIELD_RULE_ALSO:
		return route_bits(f->type, *(const uint32_t *)member);
	case FIELD_NET:
		return string(net_text(ip, member));
	case FIELD_NEXTHOPS:
		return items(out, field_kind(f), member);
	case FIELD_NAT_FLAGS:
		return nat_flag_words(*(const uint32_t *)member);
	case FIELD_DROP:
		return drops(object);
	}
	return NULL;
}

static bool is_shown(const struct output *out, const struct field *f, const void *object)
{
	uint64_t has = *(const uint64_t *)object;

	switch (f->type) {
	case FIELD_SOURCES:
	case FIELD_BUCKETS:
	case FIELD_DROP:	/* also if it is empty, so that a reader needs no test */
		return true;
	case FIELD_STATS:
	case FIELD_MCAST_STATS:
	case FIELD_ROUTER_STATS:
	case FIELD_SHAPE_STATS:
		return has & HAS(f->attr) && out->stats;
	case FIELD_VID:
		return has & HAS(f->attr) && *(const uint16_t *)((const char *)object + f->offset);
	case FIELD_UNTAGGED:
	case FIELD_BYTES:
		return false;
	}
	return has & HAS(f->attr);
}

static json_t *object_value(const struct output *out, const struct kind *kind, const void *object)
{
	json_t *value = json_object();
	size_t i;

	for (i = 0; value && i < kind->n_fields; i++) {
		const struct field *f = &kind->fields[i];

		if (!is_shown(out, f, object))
			continue;
		if (json_object_set_new(value, f->name, field_value(out, f, object)) < 0) {
			json_decref(value);
			return NULL;
		}
	}
	return value;
}

/* Print the text of a value, each line of it behind indent. */
static int print_value(json_t *value, size_t flags, const char *indent, struct err *err)
{
	char *text = value ? json_dumps(value, flags) : NULL;
	char *rest = text, *line;

	json_decref(value);
	if (!text)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	while ((line = strsep(&rest, "\n")))
		printf("%s%s%s", indent, line, rest ? "\n" : "");
	free(text);
	return 0;
}

int json_list(const struct output *out, const struct kind *kind, const struct list *list,
	      struct err *err)
{
	size_t flags = out->pretty ? JSON_INDENT(4) : JSON_COMPACT;
	const char *gap = out->pretty ? "\n" : "";
	size_t i;

	/* One by one: as a whole, 65000 ports would be hundreds of megabytes. */
	putchar('[');
	for (i = 0; i < list->n; i++) {
		json_t *value = object_value(out, kind, list_at(list, kind, i));

		printf("%s%s", i ? "," : "", gap);
		if (print_value(value, flags, out->pretty ? "    " : "", err) < 0)
			return -1;
	}
	printf("%s]\n", i ? gap : "");
	return 0;
}

int json_event(const struct output *out, const char *event, const struct kind *kind,
	       const void *object, const char *timestamp, struct err *err)
{
	json_t *value = json_object();
	int ret = value ? 0 : -1;

	if (!ret && timestamp)
		ret = json_object_set_new(value, "timestamp", string(timestamp));
	if (!ret)
		ret = json_object_set_new(value, "event", string(event));
	if (!ret && kind)
		ret = json_object_set_new(value, kind->name, object_value(out, kind, object));
	if (ret < 0) {
		json_decref(value);
		return err_set(err, STATUS_SYSTEM, "out of memory");
	}
	ret = print_value(value, JSON_COMPACT, "", err);
	putchar('\n');
	return ret;
}
