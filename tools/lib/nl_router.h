/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Generic Netlink family "vrouter", as typed calls on plain structs; errors and
 * replies are as in nl.h.  nl is one that vsw_nl_open_router() has opened.
 */
#ifndef VSW_LIB_NL_ROUTER_H
#define VSW_LIB_NL_ROUTER_H

#include "err.h"
#include "model_router.h"

struct vsw_nl;

/* Open a socket in this network namespace; vsw_nl_close() closes it. */
struct vsw_nl *vsw_nl_open_router(struct err *err);

int vsw_nl_router_get(struct vsw_nl *nl, struct vsw_router *reply, struct err *err);
int vsw_nl_router_set(struct vsw_nl *nl, const struct vsw_router *req, struct err *err);
int vsw_nl_router_flush(struct vsw_nl *nl, struct err *err);

int vsw_nl_service_new(struct vsw_nl *nl, const struct vsw_service *req, struct err *err);
int vsw_nl_service_set(struct vsw_nl *nl, const struct vsw_service *req, struct err *err);
int vsw_nl_service_del(struct vsw_nl *nl, const struct vsw_service *req, struct err *err);
int vsw_nl_service_get(struct vsw_nl *nl, const struct vsw_service *req,
		       struct vsw_service *reply, struct err *err);

int vsw_nl_backend_new(struct vsw_nl *nl, const struct vsw_backend *req, struct err *err);
int vsw_nl_backend_set(struct vsw_nl *nl, const struct vsw_backend *req, struct err *err);
int vsw_nl_backend_del(struct vsw_nl *nl, const struct vsw_backend *req, struct err *err);
int vsw_nl_backend_get(struct vsw_nl *nl, const struct vsw_backend *req,
		       struct vsw_backend *reply, struct err *err);

int vsw_nl_publish_new(struct vsw_nl *nl, const struct vsw_publish *req, struct err *err);
int vsw_nl_publish_set(struct vsw_nl *nl, const struct vsw_publish *req, struct err *err);
int vsw_nl_publish_del(struct vsw_nl *nl, const struct vsw_publish *req, struct err *err);
int vsw_nl_publish_get(struct vsw_nl *nl, const struct vsw_publish *req,
		       struct vsw_publish *reply, struct err *err);

int vsw_nl_nat_new(struct vsw_nl *nl, const struct vsw_nat *req, struct vsw_nat *reply,
		   struct err *err);
int vsw_nl_nat_del(struct vsw_nl *nl, const struct vsw_nat *req, struct err *err);
int vsw_nl_nat_get(struct vsw_nl *nl, const struct vsw_nat *req, struct vsw_nat *reply,
		   struct err *err);

int vsw_nl_shape_new(struct vsw_nl *nl, const struct vsw_shape *req, struct err *err);
int vsw_nl_shape_set(struct vsw_nl *nl, const struct vsw_shape *req, struct err *err);
int vsw_nl_shape_del(struct vsw_nl *nl, const struct vsw_shape *req, struct err *err);
int vsw_nl_shape_get(struct vsw_nl *nl, const struct vsw_shape *req, struct vsw_shape *reply,
		     struct err *err);

/* As the dumps of nl.h: 1 if the table kept changing. */
int vsw_nl_service_dump(struct vsw_nl *nl, struct list *list, struct err *err);
int vsw_nl_backend_dump(struct vsw_nl *nl, const struct vsw_backend *filter, struct list *list,
			struct err *err);
int vsw_nl_publish_dump(struct vsw_nl *nl, struct list *list, struct err *err);
int vsw_nl_nat_dump(struct vsw_nl *nl, struct list *list, struct err *err);
int vsw_nl_shape_dump(struct vsw_nl *nl, struct list *list, struct err *err);
int vsw_nl_connection_dump(struct vsw_nl *nl, const struct vsw_connection *filter,
			   struct list *list, struct err *err);

#endif
