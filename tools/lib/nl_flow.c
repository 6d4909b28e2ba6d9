// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "nl_flow.h"
#include "nl_flow_codec.h"
#include "nl_private.h"
#include "status.h"

#define BATCH_FIRST	(64 << 10)	/* bytes that a batch begins with */
#define BATCH_MOST	(1 << 20)

/* ---- many flows in a message -------------------------------------------------------- */

struct vsw_nl_batch {
	struct nlmsghdr *message;	/* owned */
	size_t room, most;
	size_t head;			/* bytes before the first flow */
	uint32_t *end;			/* owned; of each flow, from the message's beginning */
	size_t n, n_room;
};

struct vsw_nl_batch *vsw_nl_batch_new(struct vsw_nl *nl, const struct vsw_flow_request *to,
				      struct err *err)
{
	struct vsw_nl_batch *batch = calloc(1, sizeof(*batch));

	if (batch) {
		batch->room = BATCH_FIRST;
		batch->most = nl ? vsw_nl_send_room(nl) : BATCH_MOST;
		if (batch->most > BATCH_MOST)
			batch->most = BATCH_MOST;
		batch->message = malloc(batch->room);
	}
	if (!batch || !batch->message) {
		free(batch);
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	vsw_nl_begin(nl, batch->message, VSWITCH_CMD_FLOW_NEW, NLM_F_ACK);
	vsw_nl_encode(batch->message, &kind_flow_request, to);
	batch->head = batch->message->nlmsg_len;
	return batch;
}

void vsw_nl_batch_free(struct vsw_nl_batch *batch)
{
	if (!batch)
		return;
	free(batch->message);
	free(batch->end);
	free(batch);
}

size_t vsw_nl_batch_count(const struct vsw_nl_batch *batch)
{
	return batch->n;
}

void vsw_nl_batch_clear(struct vsw_nl_batch *batch)
{
	batch->message->nlmsg_len = batch->head;
	batch->n = 0;
}

static int grow(struct vsw_nl_batch *batch, size_t size)
{
	size_t room = batch->room, n_room = batch->n_room ? 2 * batch->n_room : 256;
	struct nlmsghdr *message;
	uint32_t *end;

	while (room < size)
		room *= 2;
	if (room > batch->room) {
		message = realloc(batch->message, room);
		if (!message)
			return -1;
		batch->message = message;
		batch->room = room;
	}
	if (batch->n < batch->n_room)
		return 0;
	end = reallocarray(batch->end, n_room, sizeof(*end));
	if (!end)
		return -1;
	batch->end = end;
	batch->n_room = n_room;
	return 0;
}

int vsw_nl_batch_add(struct vsw_nl_batch *batch, const struct vsw_flow *flow, struct err *err)
{
	size_t size = vsw_nl_flow_size(flow);
	struct nlattr *nest;

	if (size > NL_FLOW_NEST_MAX)
		return err_set(err, STATUS_USAGE, "the flow has more actions than a request can");
	if (batch->n && batch->message->nlmsg_len + size > batch->most)
		return 1;
	if (grow(batch, batch->message->nlmsg_len + size) < 0)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	nest = mnl_attr_nest_start(batch->message, VSWITCH_A_FLOW_ENTRY);
	vsw_nl_encode(batch->message, &kind_flow, flow);
	mnl_attr_nest_end(batch->message, nest);
	batch->end[batch->n++] = batch->message->nlmsg_len;
	return 0;
}

/* The flow that has the byte at offset. */
static size_t flow_at(const struct vsw_nl_batch *batch, uint32_t offset)
{
	size_t i;

	if (offset < batch->head)
		return batch->n;
	for (i = 0; i < batch->n && offset >= batch->end[i]; i++)
		;
	return i;
}

int vsw_nl_batch_send(struct vsw_nl *nl, struct vsw_nl_batch *batch, size_t *failed,
		      struct err *err)
{
	struct answer answer = { .kind = &kind_flow_request };
	int ret = vsw_nl_talk(nl, batch->message, &answer, err);

	*failed = ret < 0 ? flow_at(batch, answer.offset) : batch->n;
	vsw_nl_batch_clear(batch);
	return ret;
}

/* ---- flows ---------------------------------------------------------------------------- */

/* With a message of its own if the request is too long for that of the socket. */
static int call_long(struct vsw_nl *nl, uint8_t cmd, const struct kind *kind, const void *req,
		     size_t size, vsw_nl_take_fn *take, void *arg, struct err *err)
{
	struct answer answer = { .kind = kind, .take = take, .arg = arg };
	struct nlmsghdr *message;
	int ret;

	if (size > vsw_nl_send_room(nl))
		return err_set(err, STATUS_USAGE, "this is more than fits a request");
	message = malloc(NL_CODEC_MAX + size);
	if (!message)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	vsw_nl_begin(nl, message, cmd, NLM_F_ACK);
	vsw_nl_encode(message, kind, req);
	ret = vsw_nl_talk(nl, message, &answer, err);
	free(message);
	return ret;
}

static int take_count(const struct nlmsghdr *nlh, void *arg, struct err *err)
{
	struct vsw_flow_request reply = {};
	int ret = vsw_nl_decode(nlh, &kind_flow_request, &reply, err);

	*(uint32_t *)arg = reply.has & HAS(VSWITCH_A_FLOW_BUNDLE) ? reply.bundle : reply.count;
	object_clear(&kind_flow_request, &reply);
	return ret;
}

/* A reply has a number: how many, or that of a bundle. */
static int call(struct vsw_nl *nl, uint8_t cmd, const struct vsw_flow_request *req,
		uint32_t *number, struct err *err)
{
	size_t actions = vsw_nl_actions_size(&req->actions);

	*number = 0;
	if (actions > NL_FLOW_NEST_MAX)
		return err_set(err, STATUS_USAGE, "these are more actions than a request can have");
	return call_long(nl, cmd, &kind_flow_request, req,
			 actions + vsw_nl_match_size(&req->match), take_count, number, err);
}

int vsw_nl_flow_set(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *count,
		    struct err *err)
{
	return call(nl, VSWITCH_CMD_FLOW_SET, req, count, err);
}

int vsw_nl_flow_del(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *count,
		    struct err *err)
{
	return call(nl, VSWITCH_CMD_FLOW_DEL, req, count, err);
}

int vsw_nl_bundle_new(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *bundle,
		      struct err *err)
{
	return call(nl, VSWITCH_CMD_FLOW_BUNDLE_NEW, req, bundle, err);
}

int vsw_nl_bundle_commit(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *count,
			 struct err *err)
{
	return call(nl, VSWITCH_CMD_FLOW_BUNDLE_COMMIT, req, count, err);
}

int vsw_nl_bundle_del(struct vsw_nl *nl, const struct vsw_flow_request *req, struct err *err)
{
	uint32_t none;

	return call(nl, VSWITCH_CMD_FLOW_BUNDLE_DEL, req, &none, err);
}

/* All entries of a message. */
static int take_flows(const struct nlmsghdr *nlh, void *arg, struct err *err)
{
	struct reply *reply = arg;
	const struct nlattr *attr;
	struct vsw_flow *flow;
	int ret;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return err_set(err, STATUS_SYSTEM, "the kernel's answer is too short");
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != VSWITCH_A_FLOW_ENTRY)
			continue;
		flow = list_grow(reply->list, &kind_flow);
		ret = flow ? vsw_nl_decode_nest(attr, &kind_flow, flow) : -ENOMEM;
		if (ret == -ENOMEM)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		if (ret < 0)
			return err_set(err, STATUS_SYSTEM,
				       "the kernel's answer has a flow that can't be read: are module and vsw of one release?");
	}
	return 0;
}

int vsw_nl_flow_dump(struct vsw_nl *nl, const struct vsw_flow_request *req, struct list *flows,
		     struct err *err)
{
	struct reply reply = { .kind = &kind_flow, .list = flows };

	return vsw_nl_dump_by(nl, VSWITCH_CMD_FLOW_GET, &kind_flow_request, req, take_flows,
			      &reply, err);
}

int vsw_nl_flow_table_set(struct vsw_nl *nl, const struct vsw_flow_table *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_FLOW_TABLE_SET, &kind_flow_table, req, NULL, err);
}

int vsw_nl_flow_table_dump(struct vsw_nl *nl, const struct vsw_flow_table *filter,
			   struct list *tables, struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_FLOW_TABLE_GET, &kind_flow_table, filter, tables, err);
}

/* ---- groups --------------------------------------------------------------------------- */

static int call_group(struct vsw_nl *nl, uint8_t cmd, const struct vsw_group *req,
		      struct err *err)
{
	size_t size = 0, bucket, i;

	for (i = 0; i < req->buckets.n; i++) {
		bucket = vsw_nl_bucket_size(&req->buckets.bucket[i]);
		if (bucket > NL_FLOW_NEST_MAX)
			return err_set(err, STATUS_USAGE,
				       "a bucket has more actions than a request can");
		size += bucket;
	}
	return call_long(nl, cmd, &kind_group, req, size, NULL, NULL, err);
}

int vsw_nl_group_new(struct vsw_nl *nl, const struct vsw_group *req, struct err *err)
{
	return call_group(nl, VSWITCH_CMD_GROUP_NEW, req, err);
}

int vsw_nl_group_set(struct vsw_nl *nl, const struct vsw_group *req, struct err *err)
{
	return call_group(nl, VSWITCH_CMD_GROUP_SET, req, err);
}

int vsw_nl_group_del(struct vsw_nl *nl, const struct vsw_group *req, struct err *err)
{
	return call_group(nl, VSWITCH_CMD_GROUP_DEL, req, err);
}

int vsw_nl_group_get(struct vsw_nl *nl, const struct vsw_group *req, struct vsw_group *reply,
		     struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_GROUP_GET, &kind_group, req, reply, err);
}

int vsw_nl_group_dump(struct vsw_nl *nl, const struct vsw_group *filter, struct list *groups,
		      struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_GROUP_GET, &kind_group, filter, groups, err);
}

/* ---- meters --------------------------------------------------------------------------- */

int vsw_nl_meter_new(struct vsw_nl *nl, const struct vsw_meter *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_METER_NEW, &kind_meter, req, NULL, err);
}

int vsw_nl_meter_set(struct vsw_nl *nl, const struct vsw_meter *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_METER_SET, &kind_meter, req, NULL, err);
}

int vsw_nl_meter_del(struct vsw_nl *nl, const struct vsw_meter *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_METER_DEL, &kind_meter, req, NULL, err);
}

int vsw_nl_meter_get(struct vsw_nl *nl, const struct vsw_meter *req, struct vsw_meter *reply,
		     struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_METER_GET, &kind_meter, req, reply, err);
}

int vsw_nl_meter_dump(struct vsw_nl *nl, const struct vsw_meter *filter, struct list *meters,
		      struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_METER_GET, &kind_meter, filter, meters, err);
}
