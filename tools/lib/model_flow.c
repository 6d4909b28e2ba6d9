// SPDX-License-Identifier: GPL-2.0
/* Flows, groups and meters as kinds of objects, and how they grow. */
#include <stdlib.h>
#include <string.h>

#include "flow.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define FLOW(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_FLOW_ENTRY_##ATTR, kind, offsetof(struct vsw_flow, member), text }
#define REQUEST(key, ATTR, kind, member) \
	{ key, VSWITCH_A_FLOW_##ATTR, kind, offsetof(struct vsw_flow_request, member), NULL }
#define TABLE(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_FLOW_TABLE_##ATTR, kind, offsetof(struct vsw_flow_table, member), text }
#define BUCKET(key, ATTR, kind, member) \
	{ key, VSWITCH_A_BUCKET_##ATTR, kind, offsetof(struct vsw_bucket, member), NULL }
#define GROUP(key, ATTR, kind, member) \
	{ key, VSWITCH_A_GROUP_##ATTR, kind, offsetof(struct vsw_group, member), NULL }
#define METER(key, ATTR, kind, member, text) \
	{ key, VSWITCH_A_METER_##ATTR, kind, offsetof(struct vsw_meter, member), text }
#define PACKET(key, ATTR, kind, member) \
	{ key, VSWITCH_A_PACKET_IN_##ATTR, kind, offsetof(struct vsw_packet_in, member), NULL }

/* In the order in which JSON has them. */

static const struct field flow_fields[] = {
	{ "switch-name", FLOW_SAID_SWITCH_NAME, FIELD_NAME,
	  offsetof(struct vsw_flow, switch_name), NULL },
	FLOW("table", TABLE, FIELD_U8, table, NULL),
	FLOW("priority", PRIORITY, FIELD_U16, priority, NULL),
	FLOW("cookie", COOKIE, FIELD_COOKIE, cookie, NULL),
	FLOW("idle-timeout", IDLE_TIMEOUT, FIELD_U32, idle_timeout, "milliseconds"),
	FLOW("hard-timeout", HARD_TIMEOUT, FIELD_U32, hard_timeout, "milliseconds"),
	FLOW("importance", IMPORTANCE, FIELD_U16, importance, NULL),
	FLOW("flags", FLAGS, FIELD_FLOW_FLAGS, flags, NULL),
	FLOW("match", MATCH, FIELD_MATCH, match, NULL),
	FLOW("actions", ACTIONS, FIELD_ACTIONS, actions, NULL),
	FLOW("packets", PACKETS, FIELD_U64, packets, NULL),
	FLOW("bytes", BYTES, FIELD_U64, bytes, NULL),
	FLOW("duration", DURATION, FIELD_U64, duration, NULL),
	FLOW("idle", IDLE, FIELD_U64, idle, NULL),
	FLOW("hard-age", HARD_AGE, FIELD_U64, hard_age, NULL),
};

static const struct field request_fields[] = {
	REQUEST("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	REQUEST("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	REQUEST("entry", ENTRY, FIELD_FLOW, entry),
	REQUEST("bundle", BUNDLE, FIELD_U32, bundle),
	REQUEST("table", TABLE, FIELD_U8, table),
	REQUEST("strict", STRICT, FIELD_FLAG, strict),
	REQUEST("priority", PRIORITY, FIELD_U16, priority),
	REQUEST("cookie", COOKIE, FIELD_COOKIE, cookie),
	REQUEST("cookie-mask", COOKIE_MASK, FIELD_COOKIE, cookie_mask),
	REQUEST("out-port", OUT_PORT, FIELD_U32, out_port),
	REQUEST("out-group", OUT_GROUP, FIELD_U32, out_group),
	REQUEST("match", MATCH, FIELD_MATCH, match),
	REQUEST("actions", ACTIONS, FIELD_ACTIONS, actions),
	REQUEST("reset-counts", RESET_COUNTS, FIELD_FLAG, reset_counts),
	REQUEST("count", COUNT, FIELD_U32, count),
	REQUEST("reason", REASON, FIELD_FLOW_REMOVED, reason),
};

static const struct field table_fields[] = {
	TABLE("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex, NULL),
	TABLE("switch-name", SWITCH_NAME, FIELD_NAME, switch_name, NULL),
	TABLE("table", TABLE, FIELD_U8, table, NULL),
	TABLE("max-flows", MAX_FLOWS, FIELD_U32, max_flows, "flows"),
	TABLE("evict", EVICT, FIELD_BOOL, evict, NULL),
	TABLE("miss", MISS, FIELD_FLOW_MISS, miss, NULL),
	TABLE("flows", FLOWS, FIELD_U32, flows, NULL),
	TABLE("masks", MASKS, FIELD_U32, masks, NULL),
	TABLE("lookups", LOOKUPS, FIELD_U64, lookups, NULL),
	TABLE("hits", HITS, FIELD_U64, hits, NULL),
	TABLE("misses", MISSES, FIELD_U64, misses, NULL),
	TABLE("memory", MEMORY, FIELD_U64, memory, NULL),
};

static const struct field bucket_fields[] = {
	BUCKET("id", ID, FIELD_U32, id),
	BUCKET("weight", WEIGHT, FIELD_U16, weight),
	BUCKET("watch-port", WATCH_PORT, FIELD_U32, watch_port),
	BUCKET("actions", ACTIONS, FIELD_ACTIONS, actions),
	BUCKET("packets", PACKETS, FIELD_U64, packets),
	BUCKET("bytes", BYTES, FIELD_U64, bytes),
};

static const struct field group_fields[] = {
	GROUP("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	GROUP("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	GROUP("id", ID, FIELD_U32, id),
	GROUP("type", TYPE, FIELD_GROUP_TYPE, type),
	GROUP("hash", HASH, FIELD_GROUP_HASH, hash),
	GROUP("bucket", BUCKET, FIELD_BUCKETS, buckets),
	GROUP("packets", PACKETS, FIELD_U64, packets),
	GROUP("bytes", BYTES, FIELD_U64, bytes),
	GROUP("flows", FLOWS, FIELD_U32, flows),
};

static const struct field meter_fields[] = {
	METER("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex, NULL),
	METER("switch-name", SWITCH_NAME, FIELD_NAME, switch_name, NULL),
	METER("id", ID, FIELD_U32, id, NULL),
	METER("unit", UNIT, FIELD_METER_UNIT, unit, NULL),
	METER("rate", RATE, FIELD_U32, rate, NULL),
	METER("burst", BURST, FIELD_U32, burst, NULL),
	METER("dscp", DSCP, FIELD_U8, dscp, NULL),
	METER("per-flow", PER_FLOW, FIELD_BOOL, per_flow, NULL),
	METER("packets", PACKETS, FIELD_U64, packets, NULL),
	METER("bytes", BYTES, FIELD_U64, bytes, NULL),
	METER("over-packets", OVER_PACKETS, FIELD_U64, over_packets, NULL),
	METER("over-bytes", OVER_BYTES, FIELD_U64, over_bytes, NULL),
	METER("flows", FLOWS, FIELD_U32, flows, NULL),
};

static const struct field packet_in_fields[] = {
	PACKET("switch-ifindex", SWITCH_IFINDEX, FIELD_U32, switch_ifindex),
	PACKET("switch-name", SWITCH_NAME, FIELD_NAME, switch_name),
	PACKET("port-number", PORT_NUMBER, FIELD_U32, port_number),
	PACKET("port-ifindex", PORT_IFINDEX, FIELD_U32, port_ifindex),
	PACKET("port-name", PORT_NAME, FIELD_NAME, port_name),
	PACKET("table", TABLE, FIELD_U8, table),
	PACKET("cookie", COOKIE, FIELD_COOKIE, cookie),
	PACKET("reason", REASON, FIELD_PACKET_IN_REASON, reason),
	PACKET("time", TIME, FIELD_U64, time),
	PACKET("length", LENGTH, FIELD_U32, length),
	PACKET("frame", FRAME, FIELD_USERDATA, frame),
	PACKET("userdata", USERDATA, FIELD_USERDATA, userdata),
	PACKET("lost", LOST, FIELD_U32, lost),
};

const struct kind kind_flow = {
	"flow", sizeof(struct vsw_flow), flow_fields, ARRAY_SIZE(flow_fields)
};

const struct kind kind_flow_request = {
	"flow", sizeof(struct vsw_flow_request), request_fields, ARRAY_SIZE(request_fields)
};

const struct kind kind_flow_table = {
	"table", sizeof(struct vsw_flow_table), table_fields, ARRAY_SIZE(table_fields)
};

const struct kind kind_bucket = {
	"bucket", sizeof(struct vsw_bucket), bucket_fields, ARRAY_SIZE(bucket_fields)
};

const struct kind kind_group = {
	"group", sizeof(struct vsw_group), group_fields, ARRAY_SIZE(group_fields)
};

const struct kind kind_meter = {
	"meter", sizeof(struct vsw_meter), meter_fields, ARRAY_SIZE(meter_fields)
};

const struct kind kind_packet_in = {
	"packet-in", sizeof(struct vsw_packet_in), packet_in_fields, ARRAY_SIZE(packet_in_fields)
};

/* ---- enumerations ---------------------------------------------------------------- */

static const char * const removed_words[] = {
	"deleted", "idle-timeout", "hard-timeout", "evicted", "group-deleted", "meter-deleted"
};

static const char * const miss_words[] = { "normal", "drop", "controller", "continue" };
static const char * const type_words[] = { "all", "select", "indirect", "fast-failover" };
static const char * const hash_words[] = { "l4", "symmetric-l4", "l3", "l2" };
static const char * const unit_words[] = { "pps", "kbps" };
static const char * const reason_words[] = { "action", "miss" };

static const char * const kind_words[] = {
	"port", "vlan", "guard", "lookup", "action", "group", "bucket", "meter", "normal",
	"output", "pass", "drop", "shut", "answer", "effect"
};

static const char * const metered_words[] = { "passes", "drops", "remarks" };

static const char * const destination_words[] = {
	"known", "unknown", "broadcast", "multicast"
};

static const char * const effect_words[] = {
	"learn-mac", "move-mac", "learn-group", "commit", "mark", "forget", "helper", "fragment",
	"full", "tell", "no-listener", "sample", "learn", "learned", "learn-limit", "mirror",
	"no-mirror", "reject", "no-answer"
};

#define WORDS(type, words) [(type) - FIELD_FLOW_MISS] = { words, ARRAY_SIZE(words) }

static const struct {
	const char * const *word;
	size_t n;
} enumerations[] = {
	WORDS(FIELD_FLOW_MISS, miss_words),
	WORDS(FIELD_FLOW_REMOVED, removed_words),
	WORDS(FIELD_GROUP_TYPE, type_words),
	WORDS(FIELD_GROUP_HASH, hash_words),
	WORDS(FIELD_METER_UNIT, unit_words),
	WORDS(FIELD_PACKET_IN_REASON, reason_words),
	WORDS(FIELD_TRACE_KIND, kind_words),
	WORDS(FIELD_TRACE_METERED, metered_words),
	WORDS(FIELD_TRACE_DESTINATION, destination_words),
	WORDS(FIELD_TRACE_EFFECT, effect_words),
};

const char *flow_word(unsigned int field_type, unsigned int value)
{
	size_t i = field_type - FIELD_FLOW_MISS;

	return value < enumerations[i].n ? enumerations[i].word[value] : "?";
}

int flow_word_find(unsigned int field_type, const char *word)
{
	size_t i = field_type - FIELD_FLOW_MISS, value;

	for (value = 0; value < enumerations[i].n; value++)
		if (!strcmp(enumerations[i].word[value], word))
			return value;
	return -1;
}

/* ---- what grows ------------------------------------------------------------------- */

/* Room for one more of size bytes.  -1: no memory. */
static int reserve(void **items, size_t n, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 8;
	void *grown;

	if (n < *room)
		return 0;
	grown = reallocarray(*items, more, size);
	if (!grown)
		return -1;
	*items = grown;
	*room = more;
	return 0;
}

struct flow_action *flow_actions_grow(struct flow_actions *actions)
{
	struct flow_action *action;
	void *items = actions->action;

	if (reserve(&items, actions->n, &actions->room, sizeof(*action)) < 0)
		return NULL;
	actions->action = items;
	action = &actions->action[actions->n++];
	memset(action, 0, sizeof(*action));
	return action;
}

struct flow_learn *flow_learn_new(void)
{
	struct flow_learn *learn = calloc(1, sizeof(*learn));

	if (!learn)
		return NULL;
	learn->table = 1;		/* as of Open vSwitch */
	learn->priority = VSWITCH_FLOW_PRIORITY;
	learn->limit = FLOW_LEARN_LIMIT;
	return learn;
}

struct flow_learn_spec *flow_learn_grow(struct flow_learn *learn)
{
	struct flow_learn_spec *spec;
	void *items = learn->spec;

	if (reserve(&items, learn->n, &learn->room, sizeof(*spec)) < 0)
		return NULL;
	learn->spec = items;
	spec = &learn->spec[learn->n++];
	memset(spec, 0, sizeof(*spec));
	return spec;
}

struct vsw_bucket *flow_buckets_grow(struct flow_buckets *buckets)
{
	struct vsw_bucket *bucket;
	void *items = buckets->bucket;

	if (reserve(&items, buckets->n, &buckets->room, sizeof(*bucket)) < 0)
		return NULL;
	buckets->bucket = items;
	bucket = &buckets->bucket[buckets->n++];
	memset(bucket, 0, sizeof(*bucket));
	return bucket;
}

void flow_actions_empty(struct flow_actions *actions)
{
	size_t i;

	for (i = 0; i < actions->n; i++) {
		struct flow_learn *learn = actions->action[i].learn;

		if (actions->action[i].type != VSWITCH_A_ACTION_LEARN || !learn)
			continue;
		free(learn->spec);
		free(learn);
	}
	actions->n = 0;
}

void flow_actions_free(struct flow_actions *actions)
{
	flow_actions_empty(actions);
	free(actions->action);
	*actions = (struct flow_actions){};
}

void flow_buckets_free(struct flow_buckets *buckets)
{
	size_t i;

	for (i = 0; i < buckets->n; i++)
		object_clear(&kind_bucket, &buckets->bucket[i]);
	free(buckets->bucket);
	*buckets = (struct flow_buckets){};
}

struct flow_term *flow_match_find(const struct flow_match *match, unsigned int field)
{
	size_t i;

	for (i = 0; i < match->n; i++)
		if (match->term[i].field == field)
			return &match->term[i];
	return NULL;
}

struct flow_term *flow_match_grow(struct flow_match *match, unsigned int field)
{
	struct flow_term *term;
	void *items = match->term;
	size_t i;

	if (reserve(&items, match->n, &match->room, sizeof(*term)) < 0)
		return NULL;
	match->term = items;
	for (i = match->n++; i && match->term[i - 1].field > field; i--)
		match->term[i] = match->term[i - 1];
	term = &match->term[i];
	*term = (struct flow_term){ .field = field };
	return term;
}

void flow_reset(struct vsw_flow *flow)
{
	struct flow_match match = { flow->match.term, 0, flow->match.room };
	struct flow_actions actions;

	flow_actions_empty(&flow->actions);
	actions = flow->actions;
	*flow = (struct vsw_flow){ .match = match, .actions = actions };
}
