/* SPDX-License-Identifier: GPL-2.0 */
/* Calls of nl.h about flows, groups and meters. */
#ifndef VSW_LIB_NL_FLOW_H
#define VSW_LIB_NL_FLOW_H

#include "flow.h"
#include "nl.h"

/*
 * Flows on their way to a switch, or to a bundle: as many as fit one message, which is
 * done as a whole or not at all.
 */
struct vsw_nl_batch;

/*
 * "to" names the switch, and the bundle if there is one. Without nl it can be filled and
 * emptied, but not sent.
 */
struct vsw_nl_batch *vsw_nl_batch_new(struct vsw_nl *nl, const struct vsw_flow_request *to,
				      struct err *err);
void vsw_nl_batch_free(struct vsw_nl_batch *batch);	/* NULL is allowed */
/* 0; 1: it is full, and the flow is not in it; -1: no message is long enough for it. */
int vsw_nl_batch_add(struct vsw_nl_batch *batch, const struct vsw_flow *flow, struct err *err);
size_t vsw_nl_batch_count(const struct vsw_nl_batch *batch);
void vsw_nl_batch_clear(struct vsw_nl_batch *batch);
/*
 * Send what is in it, after which it is empty. If it is refused, *failed is the flow at
 * fault, counted from 0; or how many there were, if that is not known.
 */
int vsw_nl_batch_send(struct vsw_nl *nl, struct vsw_nl_batch *batch, size_t *failed,
		      struct err *err);

/* How many flows were meant. */
int vsw_nl_flow_set(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *count,
		    struct err *err);
int vsw_nl_flow_del(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *count,
		    struct err *err);
/* Of struct vsw_flow, in the order of the kernel. */
int vsw_nl_flow_dump(struct vsw_nl *nl, const struct vsw_flow_request *req, struct list *flows,
		     struct err *err);

int vsw_nl_bundle_new(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *bundle,
		      struct err *err);
int vsw_nl_bundle_commit(struct vsw_nl *nl, const struct vsw_flow_request *req, uint32_t *count,
			 struct err *err);
int vsw_nl_bundle_del(struct vsw_nl *nl, const struct vsw_flow_request *req, struct err *err);

int vsw_nl_flow_table_set(struct vsw_nl *nl, const struct vsw_flow_table *req, struct err *err);
int vsw_nl_flow_table_dump(struct vsw_nl *nl, const struct vsw_flow_table *filter,
			   struct list *tables, struct err *err);

/* A group that is longer than a message may be is refused here. */
int vsw_nl_group_new(struct vsw_nl *nl, const struct vsw_group *req, struct err *err);
int vsw_nl_group_set(struct vsw_nl *nl, const struct vsw_group *req, struct err *err);
int vsw_nl_group_del(struct vsw_nl *nl, const struct vsw_group *req, struct err *err);
int vsw_nl_group_get(struct vsw_nl *nl, const struct vsw_group *req, struct vsw_group *reply,
		     struct err *err);
int vsw_nl_group_dump(struct vsw_nl *nl, const struct vsw_group *filter, struct list *groups,
		      struct err *err);

int vsw_nl_meter_new(struct vsw_nl *nl, const struct vsw_meter *req, struct err *err);
int vsw_nl_meter_set(struct vsw_nl *nl, const struct vsw_meter *req, struct err *err);
int vsw_nl_meter_del(struct vsw_nl *nl, const struct vsw_meter *req, struct err *err);
int vsw_nl_meter_get(struct vsw_nl *nl, const struct vsw_meter *req, struct vsw_meter *reply,
		     struct err *err);
int vsw_nl_meter_dump(struct vsw_nl *nl, const struct vsw_meter *filter, struct list *meters,
		      struct err *err);

#endif
