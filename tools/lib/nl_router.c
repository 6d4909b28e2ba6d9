// SPDX-License-Identifier: GPL-2.0
#include "nl_private.h"
#include "nl_router.h"

static const struct nl_family vrouter = { VROUTER_FAMILY_NAME, VROUTER_FAMILY_VERSION };

struct vsw_nl *vsw_nl_open_router(struct err *err)
{
	return vsw_nl_open_family(&vrouter, err);
}

int vsw_nl_router_get(struct vsw_nl *nl, struct vsw_router *reply, struct err *err)
{
	const struct vsw_router req = {};

	return vsw_nl_call(nl, VROUTER_CMD_ROUTER_GET, &kind_router, &req, reply, err);
}

int vsw_nl_router_set(struct vsw_nl *nl, const struct vsw_router *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_ROUTER_SET, &kind_router, req, NULL, err);
}

int vsw_nl_router_flush(struct vsw_nl *nl, struct err *err)
{
	const struct vsw_router req = {};

	return vsw_nl_call(nl, VROUTER_CMD_ROUTER_FLUSH, &kind_router, &req, NULL, err);
}

int vsw_nl_service_new(struct vsw_nl *nl, const struct vsw_service *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SERVICE_NEW, &kind_service, req, NULL, err);
}

int vsw_nl_service_set(struct vsw_nl *nl, const struct vsw_service *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SERVICE_SET, &kind_service, req, NULL, err);
}

int vsw_nl_service_del(struct vsw_nl *nl, const struct vsw_service *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SERVICE_DEL, &kind_service, req, NULL, err);
}

int vsw_nl_service_get(struct vsw_nl *nl, const struct vsw_service *req, struct vsw_service *reply,
		       struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SERVICE_GET, &kind_service, req, reply, err);
}

int vsw_nl_backend_new(struct vsw_nl *nl, const struct vsw_backend *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_BACKEND_NEW, &kind_backend, req, NULL, err);
}

int vsw_nl_backend_set(struct vsw_nl *nl, const struct vsw_backend *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_BACKEND_SET, &kind_backend, req, NULL, err);
}

int vsw_nl_backend_del(struct vsw_nl *nl, const struct vsw_backend *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_BACKEND_DEL, &kind_backend, req, NULL, err);
}

int vsw_nl_backend_get(struct vsw_nl *nl, const struct vsw_backend *req, struct vsw_backend *reply,
		       struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_BACKEND_GET, &kind_backend, req, reply, err);
}

int vsw_nl_publish_new(struct vsw_nl *nl, const struct vsw_publish *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_PUBLISH_NEW, &kind_publish, req, NULL, err);
}

int vsw_nl_publish_set(struct vsw_nl *nl, const struct vsw_publish *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_PUBLISH_SET, &kind_publish, req, NULL, err);
}

int vsw_nl_publish_del(struct vsw_nl *nl, const struct vsw_publish *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_PUBLISH_DEL, &kind_publish, req, NULL, err);
}

int vsw_nl_publish_get(struct vsw_nl *nl, const struct vsw_publish *req, struct vsw_publish *reply,
		       struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_PUBLISH_GET, &kind_publish, req, reply, err);
}

int vsw_nl_nat_new(struct vsw_nl *nl, const struct vsw_nat *req, struct vsw_nat *reply,
		   struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_NAT_NEW, &kind_nat, req, reply, err);
}

int vsw_nl_nat_del(struct vsw_nl *nl, const struct vsw_nat *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_NAT_DEL, &kind_nat, req, NULL, err);
}

int vsw_nl_nat_get(struct vsw_nl *nl, const struct vsw_nat *req, struct vsw_nat *reply,
		   struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_NAT_GET, &kind_nat, req, reply, err);
}

int vsw_nl_shape_new(struct vsw_nl *nl, const struct vsw_shape *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SHAPE_NEW, &kind_shape, req, NULL, err);
}

int vsw_nl_shape_set(struct vsw_nl *nl, const struct vsw_shape *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SHAPE_SET, &kind_shape, req, NULL, err);
}

int vsw_nl_shape_del(struct vsw_nl *nl, const struct vsw_shape *req, struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SHAPE_DEL, &kind_shape, req, NULL, err);
}

int vsw_nl_shape_get(struct vsw_nl *nl, const struct vsw_shape *req, struct vsw_shape *reply,
		     struct err *err)
{
	return vsw_nl_call(nl, VROUTER_CMD_SHAPE_GET, &kind_shape, req, reply, err);
}

int vsw_nl_service_dump(struct vsw_nl *nl, struct list *list, struct err *err)
{
	return vsw_nl_dump(nl, VROUTER_CMD_SERVICE_GET, &kind_service, NULL, list, err);
}

int vsw_nl_backend_dump(struct vsw_nl *nl, const struct vsw_backend *filter, struct list *list,
			struct err *err)
{
	return vsw_nl_dump(nl, VROUTER_CMD_BACKEND_GET, &kind_backend, filter, list, err);
}

int vsw_nl_publish_dump(struct vsw_nl *nl, struct list *list, struct err *err)
{
	return vsw_nl_dump(nl, VROUTER_CMD_PUBLISH_GET, &kind_publish, NULL, list, err);
}

int vsw_nl_nat_dump(struct vsw_nl *nl, struct list *list, struct err *err)
{
	return vsw_nl_dump(nl, VROUTER_CMD_NAT_GET, &kind_nat, NULL, list, err);
}

int vsw_nl_shape_dump(struct vsw_nl *nl, struct list *list, struct err *err)
{
	return vsw_nl_dump(nl, VROUTER_CMD_SHAPE_GET, &kind_shape, NULL, list, err);
}

int vsw_nl_connection_dump(struct vsw_nl *nl, const struct vsw_connection *filter,
			   struct list *list, struct err *err)
{
	return vsw_nl_dump(nl, VROUTER_CMD_CONNECTION_GET, &kind_connection, filter, list, err);
}
