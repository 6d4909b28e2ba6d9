// SPDX-License-Identifier: GPL-2.0
/* Which backends a watch has, and what becomes of them. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "watch.h"

#define LOOK_INTERVAL	1000		/* milliseconds */
#define LATER		100

static const struct hint hints[] = {
	{ ENOENT, "See 'vsw service show'." },
	{}
};

/* ---- which ones -------------------------------------------------------------------- */

/* Those of other protocols take no connection of TCP, but elsewhere maybe. */
static bool can_be_asked(const struct watch *watch, const struct vsw_service *service)
{
	return service->protocol == IPPROTO_TCP || watch->port ||
	       watch->config.kind == PROBE_EXEC;
}

static bool is_meant(const struct watch *watch, const struct vsw_service *service)
{
	size_t i;

	for (i = 0; i < watch->n_names; i++)
		if (!strcmp(watch->names[i], service->name))
			break;
	return (!watch->n_names || i < watch->n_names) && can_be_asked(watch, service);
}

int watch_check(struct watch *watch, struct err *err)
{
	size_t i;
	int ret;

	for (i = 0; i < watch->n_names; i++) {
		const struct vsw_service ask = {
			.has = HAS(VROUTER_A_SERVICE_NAME), .name = watch->names[i]
		};
		struct vsw_service service = {};

		ret = vsw_nl_service_get(watch->vsw->router, &ask, &service, err);
		if (ret < 0)
			explain(hints, err, "service '%s'", ask.name);
		else if (!can_be_asked(watch, &service))
			ret = err_set(err, STATUS_USAGE,
				      "service '%s' is not of TCP: say a 'port' that is, or 'exec'",
				      ask.name);
		object_clear(&kind_service, &service);
		if (ret < 0)
			return -1;
	}
	return 0;
}

static struct watched *find(const struct watch *watch, const struct vsw_backend *backend)
{
	size_t i;

	for (i = 0; i < watch->n; i++) {
		struct watched *w = watch->item[i];

		if (w->port == backend->port && !strcmp(w->target.service, backend->service) &&
		    !router_order_addresses(&w->target.address, &backend->address))
			return w;
	}
	return NULL;
}

static int grow(struct watch *watch)
{
	size_t size = watch->size ? 2 * watch->size : 16;
	struct watched **item;

	if (watch->n < watch->size)
		return 0;
	item = reallocarray(watch->item, size, sizeof(*item));
	if (!item)
		return -1;
	watch->item = item;
	watch->size = size;
	return 0;
}

static struct watched *add(struct watch *watch, const struct vsw_service *service,
			   const struct vsw_backend *backend)
{
	struct watched *w = grow(watch) < 0 ? NULL : calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->target.service = strdup(backend->service);
	if (!w->target.service) {
		free(w);
		return NULL;
	}
	w->target.address = backend->address;
	w->target.port = watch->port ?: backend->port ?: service->port;
	w->port = backend->port;
	w->probe = (struct probe)PROBE_INIT;
	watch->item[watch->n++] = w;
	return w;
}

static void drop(struct watched *w)
{
	probe_end(&w->probe);
	free((char *)w->target.service);
	free(w);
}

static int look_at(struct watch *watch, const struct vsw_service *service, struct err *err)
{
	const struct vsw_backend filter = {
		.has = HAS(VROUTER_A_BACKEND_SERVICE), .service = service->name
	};
	struct list list = {};
	size_t i;
	int ret;

	ret = vsw_nl_backend_dump(watch->vsw->router, &filter, &list, err);
	/* It may just have gone. */
	if (ret < 0 && err->errnum == ENOENT) {
		*err = (struct err)ERR_INIT;
		ret = 0;
	}
	for (i = 0; ret >= 0 && i < list.n; i++) {
		const struct vsw_backend *backend = list_at(&list, &kind_backend, i);
		struct watched *w = find(watch, backend) ?: add(watch, service, backend);

		if (!w) {
			ret = err_set(err, STATUS_SYSTEM, "out of memory");
			break;
		}
		w->seen = true;
		w->up = backend->up;
	}
	list_free(&list, &kind_backend);
	return ret;
}

/* 1: there may be more than were seen. */
static int look_at_all(struct watch *watch, struct err *err)
{
	struct list list = {};
	int ret, more = 0;
	size_t i;

	ret = vsw_nl_service_dump(watch->vsw->router, &list, err);
	for (i = 0; ret >= 0 && i < list.n; i++) {
		const struct vsw_service *service = list_at(&list, &kind_service, i);

		more |= ret;
		if (is_meant(watch, service))
			ret = look_at(watch, service, err);
	}
	list_free(&list, &kind_service);
	return ret < 0 ? -1 : more | ret;
}

int watch_look(struct watch *watch, struct err *err)
{
	int64_t now = probe_now();
	size_t i, kept = 0;
	int ret;

	if (now < watch->next_look)
		return 0;
	watch->next_look = now + LOOK_INTERVAL;
	for (i = 0; i < watch->n; i++)
		watch->item[i]->seen = false;
	ret = look_at_all(watch, err);
	if (ret < 0)
		return explain(hints, err, "backends");
	for (i = 0; i < watch->n; i++) {
		if (watch->item[i]->seen || ret)
			watch->item[kept++] = watch->item[i];
		else
			drop(watch->item[i]);
	}
	watch->n = kept;
	return 0;
}

void watch_clear(struct watch *watch)
{
	size_t i;

	for (i = 0; i < watch->n; i++)
		drop(watch->item[i]);
	free(watch->item);
}

/* ---- what becomes of them ------------------------------------------------------------ */

static int say(const struct watch *watch, struct watched *w, struct err *err)
{
	const struct vsw_health health = {
		.has = HAS(HEALTH_SERVICE) | HAS(HEALTH_ADDRESS) | HAS(HEALTH_REASON) |
		       (w->port ? HAS(HEALTH_PORT) : 0),
		.service = (char *)w->target.service,
		.address = w->target.address,
		.port = w->port,
		.reason = w->probe.reason,
	};

	return output_event(&watch->vsw->out, w->up ? "backend-up" : "backend-down",
			    &kind_health, &health, NULL, err);
}

static int mark(const struct watch *watch, struct watched *w, bool up, struct err *err)
{
	const struct vsw_backend req = {
		.has = HAS(VROUTER_A_BACKEND_SERVICE) | HAS(VROUTER_A_BACKEND_ADDRESS) |
		       (w->port ? HAS(VROUTER_A_BACKEND_PORT) : 0) | HAS(VROUTER_A_BACKEND_UP) |
		       (!up && watch->cut ? HAS(VROUTER_A_BACKEND_CUT) : 0),
		.service = (char *)w->target.service,
		.address = w->target.address,
		.port = w->port,
		.up = up,
		.cut = !up,
	};

	if (vsw_nl_backend_set(watch->vsw->router, &req, err) < 0) {
		if (err->errnum != ENOENT)
			return explain(hints, err, "backend of service '%s'", w->target.service);
		/* The next look does not find it. */
		*err = (struct err)ERR_INIT;
		return 0;
	}
	w->up = up;
	return say(watch, w, err);
}

static int take(const struct watch *watch, struct watched *w, enum probe_result result,
		struct err *err)
{
	bool well = result == PROBE_WELL;

	if (result == PROBE_RUNNING)
		return 0;
	if (result == PROBE_LATER) {
		w->next = probe_now() + LATER;
		return 0;
	}
	if (w->row && w->well == well)
		w->row += w->row < UINT32_MAX;
	else
		w->row = 1;
	w->well = well;
	if (w->up == well || w->row < (well ? watch->rise : watch->fall))
		return 0;
	return mark(watch, w, well, err);
}

static int ask(const struct watch *watch, struct watched *w, struct err *err)
{
	int64_t now = probe_now();

	if (w->probe.fd >= 0)
		return !w->ready && now < w->probe.deadline ? 0 :
		       take(watch, w, probe_go_on(&w->probe), err);
	if (now < w->next)
		return 0;
	w->next = now + watch->interval;
	return take(watch, w, probe_begin(&w->probe, &watch->config, &w->target), err);
}

int watch_ask(struct watch *watch, int64_t *until, struct err *err)
{
	size_t i;

	*until = watch->next_look;
	for (i = 0; i < watch->n; i++) {
		struct watched *w = watch->item[i];
		int64_t due;

		if (ask(watch, w, err) < 0)
			return -1;
		due = w->probe.fd >= 0 ? w->probe.deadline : w->next;
		if (due < *until)
			*until = due;
	}
	return 0;
}
