// SPDX-License-Identifier: GPL-2.0
/* The text of groups and of their buckets <-> structs. */
#include <inttypes.h>
#include <string.h>

#include "flow.h"
#include "status.h"

/* ---- text -> struct ------------------------------------------------------------------ */

/* OpenFlow writes its words with '_', and has one that is shorter. */
static int read_word(const struct flow_piece *piece, unsigned int field_type, uint8_t *value,
		     struct err *err)
{
	bool type = field_type == FIELD_GROUP_TYPE;
	int found;
	char *p;

	for (p = piece->value; *p; p++)
		if (*p == '_')
			*p = '-';
	if (type && !strcmp(piece->value, "ff"))
		found = VSWITCH_GROUP_TYPE_FAST_FAILOVER;
	else
		found = flow_word_find(field_type, piece->value);
	if (found < 0)
		return err_set(err, STATUS_USAGE, "%s: '%s' is none of %s", piece->key,
			       piece->value, type ? "all, select, indirect, ff" :
			       "l4, symmetric_l4, l3, l2");
	*value = found;
	return 0;
}

static int take_group_piece(const struct flow_piece *piece, struct vsw_group *group,
			    struct err *err)
{
	uint64_t number;

	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "'%s' lacks '=' and its value", piece->key);
	if (!strcmp(piece->key, "group_id")) {
		if (flow_parse_number("group_id", piece->value, VSWITCH_FLOW_GROUP_MAX, &number,
				      err) < 0)
			return -1;
		group->id = number;
		group->has |= HAS(VSWITCH_A_GROUP_ID);
		return 0;
	}
	if (!strcmp(piece->key, "type")) {
		group->has |= HAS(VSWITCH_A_GROUP_TYPE);
		return read_word(piece, FIELD_GROUP_TYPE, &group->type, err);
	}
	if (!strcmp(piece->key, "hash")) {
		group->has |= HAS(VSWITCH_A_GROUP_HASH);
		return read_word(piece, FIELD_GROUP_HASH, &group->hash, err);
	}
	if (!strcmp(piece->key, "selection_method"))
		return err_set(err, STATUS_USAGE,
			       "vswitch has 'hash=l4|symmetric_l4|l3|l2' instead of selection_method");
	return err_set(err, STATUS_USAGE, "'%s' is none of group_id, type, hash, bucket",
		       piece->key);
}

/* 1: the piece is of the bucket itself, 0: it is an action. */
static int take_bucket_piece(const struct flow_piece *piece, struct flow_ports *ports,
			     struct vsw_bucket *bucket, struct err *err)
{
	bool weight = !strcmp(piece->key, "weight"), id = !strcmp(piece->key, "bucket_id");
	uint64_t number;

	if (!strcmp(piece->key, "watch_group"))
		return err_set(err, STATUS_USAGE, "buckets of vswitch watch ports, not groups");
	if (!weight && !id && strcmp(piece->key, "watch_port"))
		return 0;
	if (piece->form != ':' && piece->form != '=')
		return err_set(err, STATUS_USAGE, "'%s' lacks ':' and its value", piece->key);
	if (!weight && !id) {
		bucket->has |= HAS(VSWITCH_A_BUCKET_WATCH_PORT);
		return flow_port_parse("watch_port", piece->value, ports, &bucket->watch_port,
				       err) < 0 ? -1 : 1;
	}
	if (flow_parse_number(piece->key, piece->value, weight ? UINT16_MAX : UINT32_MAX, &number,
			      err) < 0)
		return -1;
	bucket->has |= HAS(weight ? VSWITCH_A_BUCKET_WEIGHT : VSWITCH_A_BUCKET_ID);
	if (weight)
		bucket->weight = number;
	else
		bucket->id = number;
	return 1;
}

static bool begins_actions(char **text)
{
	*text += strspn(*text, ", \t\r\n");
	if (!strncmp(*text, "actions=", 8) || !strncmp(*text, "actions:", 8)) {
		*text += 8;
		return true;
	}
	return false;
}

/*
 * "weight:5,output:2": what is of the bucket comes first, and what is left are its actions.
 * The text is cut to see what the next piece is; if it is an action that is undone.
 */
static int read_bucket(char *text, struct flow_ports *ports, struct vsw_bucket *bucket,
		       struct err *err)
{
	struct flow_piece piece;
	char *rest = text, *p;
	char form;
	int ret;

	bucket->has |= HAS(VSWITCH_A_BUCKET_ACTIONS);
	while (!begins_actions(&rest)) {
		p = rest + strcspn(rest, "=:(, \t\r\n");
		form = *p;
		*p = '\0';
		piece = (struct flow_piece){ .key = rest };
		ret = strcmp(rest, "weight") && strcmp(rest, "bucket_id") &&
		      strcmp(rest, "watch_port") && strcmp(rest, "watch_group");
		*p = form;
		if (ret)
			break;
		if (flow_piece_next(&rest, &piece, err) < 0 ||
		    take_bucket_piece(&piece, ports, bucket, err) < 0)
			return -1;
	}
	return flow_parse_actions(rest, ports, &bucket->actions, err);
}

/* Where the next bucket begins, outside of parentheses and quotes; NULL: there is none. */
static char *find_bucket(char *text)
{
	bool quoted = false, begins = true;
	int depth = 0;

	for (; *text; text++) {
		if (begins && !depth && !quoted &&
		    (!strncmp(text, "bucket=", 7) || !strncmp(text, "buckets=", 8)))
			return text;
		if (*text == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += (*text == '(') - (*text == ')');
		begins = strchr(", \t\r\n", *text);
	}
	return NULL;
}

static int read_buckets(char *text, struct flow_ports *ports, struct vsw_group *group,
			struct err *err)
{
	struct vsw_bucket *bucket;
	char *next;

	for (; text; text = next) {
		text = strchr(text, '=') + 1;
		next = find_bucket(text);
		if (next == text)
			return err_set(err, STATUS_USAGE, "bucket %zu: the actions are missing",
				       group->buckets.n + 1);
		if (next)
			next[-1] = '\0';
		if (group->buckets.n == VSWITCH_FLOW_BUCKETS_MAX)
			return err_set(err, STATUS_USAGE, "a group has at most %d buckets",
				       VSWITCH_FLOW_BUCKETS_MAX);
		bucket = flow_buckets_grow(&group->buckets);
		if (!bucket)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		if (read_bucket(text, ports, bucket, err) < 0)
			return err_prefix(err, "bucket %zu", group->buckets.n);
	}
	return 0;
}

int flow_parse_group(char *text, struct flow_ports *ports, struct vsw_group *group,
		     struct err *err)
{
	char *buckets = find_bucket(text);
	struct flow_piece piece;
	int ret;

	group->has |= HAS(VSWITCH_A_GROUP_BUCKET);
	if (buckets == text)
		text = "";
	else if (buckets)
		buckets[-1] = '\0';
	while ((ret = flow_piece_next(&text, &piece, err)) > 0)
		if (take_group_piece(&piece, group, err) < 0)
			return -1;
	if (ret < 0)
		return -1;
	return read_buckets(buckets, ports, group, err);
}

/* ---- struct -> text ------------------------------------------------------------------- */

void flow_print_bucket(FILE *out, const struct vsw_bucket *bucket, struct flow_ports *ports)
{
	if (bucket->has & HAS(VSWITCH_A_BUCKET_ID))
		fprintf(out, "bucket_id:%u,", bucket->id);
	if (bucket->has & HAS(VSWITCH_A_BUCKET_WEIGHT))
		fprintf(out, "weight:%u,", bucket->weight);
	if (bucket->has & HAS(VSWITCH_A_BUCKET_WATCH_PORT)) {
		fputs("watch_port:", out);
		flow_port_print(out, bucket->watch_port, ports);
		fputc(',', out);
	}
	fputs("actions=", out);
	flow_print_actions(out, &bucket->actions, ports);
}

static void print_word(FILE *out, const char *word)
{
	for (; *word; word++)
		fputc(*word == '-' ? '_' : *word, out);
}

void flow_print_group(FILE *out, const struct vsw_group *group, struct flow_ports *ports)
{
	const char *comma = "";
	size_t i;

	if (group->has & HAS(VSWITCH_A_GROUP_ID)) {
		fprintf(out, "group_id=%u", group->id);
		comma = ",";
	}
	if (group->has & HAS(VSWITCH_A_GROUP_TYPE)) {
		fprintf(out, "%stype=", comma);
		if (group->type == VSWITCH_GROUP_TYPE_FAST_FAILOVER)
			fputs("ff", out);
		else
			fputs(flow_word(FIELD_GROUP_TYPE, group->type), out);
		comma = ",";
	}
	if (group->has & HAS(VSWITCH_A_GROUP_HASH) && group->hash) {
		fprintf(out, "%shash=", comma);
		print_word(out, flow_word(FIELD_GROUP_HASH, group->hash));
		comma = ",";
	}
	for (i = 0; i < group->buckets.n; i++) {
		fprintf(out, "%sbucket=", comma);
		flow_print_bucket(out, &group->buckets.bucket[i], ports);
		comma = ",";
	}
}
