// SPDX-License-Identifier: GPL-2.0
/*
 * How fast a container may send and get: a class of all packets in its own network
 * namespace. It goes with that, which nobody in the container can enter a request in.
 */
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "container.h"
#include "lib/netns.h"
#include "nl.h"
#include "nl_router.h"
#include "units.h"

#define CLASS	"container"

static int parse_rate(const char *what, const char *text, uint64_t *rate, struct err *err)
{
	if (units_parse_rate(what, text, rate, CONTAINER_FAILED, err) < 0)
		return -1;
	if (!*rate)
		return err_set(err, CONTAINER_FAILED, "%s: '%s' is no rate", what, text);
	return 0;
}

int spec_set_rate(struct spec *spec, const char *text, struct err *err)
{
	return parse_rate("rate", text, &spec->rate, err);
}

int spec_set_ceil(struct spec *spec, const char *text, struct err *err)
{
	return parse_rate("ceil", text, &spec->ceil, err);
}

int rate_check(const struct spec *spec, struct err *err)
{
	if (spec->ceil && !spec->rate)
		return err_set(err, CONTAINER_FAILED, "ceil: it needs a --rate");
	if (spec->ceil && spec->ceil < spec->rate)
		return err_set(err, CONTAINER_FAILED, "ceil: it is below the rate");
	return 0;
}

struct opening {
	struct vsw_nl *nl;
	struct err *err;
};

static void open_router(void *arg)
{
	struct opening *opening = arg;

	opening->nl = vsw_nl_open_router(opening->err);
}

static struct vsw_shape class_of(const struct spec *spec)
{
	struct vsw_shape class = {
		.has = HAS(VROUTER_A_SHAPE_NAME) | HAS(VROUTER_A_SHAPE_RATE) |
		       HAS(VROUTER_A_SHAPE_CEIL),
		.name = (char *)CLASS,
		.rate = spec->rate,
		.ceil = spec->ceil ?: spec->rate,
	};

	return class;
}

static int add_class(struct vsw_nl *nl, const struct spec *spec, struct err *err)
{
	struct vsw_shape class = class_of(spec);

	class.label = (char *)spec->name;
	class.has |= HAS(VROUTER_A_SHAPE_LABEL);
	return vsw_nl_shape_new(nl, &class, err);
}

/* If there is none, it was not limited before, or somebody has deleted it. */
static int change_class(struct vsw_nl *nl, const struct spec *spec, struct err *err)
{
	struct vsw_shape class = class_of(spec);
	int ret;

	if (spec->rate == SPEC_UNLIMITED) {
		class.has = HAS(VROUTER_A_SHAPE_NAME);
		ret = vsw_nl_shape_del(nl, &class, err);
		return ret < 0 && err->errnum == ENOENT ? 0 : ret;
	}
	ret = vsw_nl_shape_set(nl, &class, err);
	if (ret < 0 && err->errnum == ENOENT)
		ret = add_class(nl, spec, err);
	return ret;
}

typedef int change_fn(struct vsw_nl *nl, const struct spec *spec, struct err *err);

static int in_netns(int netns, const struct spec *spec, change_fn *change, struct err *err)
{
	struct opening opening = { .err = err };
	int ret = netns_call(netns, open_router, &opening, err);

	if (!ret)
		ret = opening.nl ? change(opening.nl, spec, err) : -1;
	vsw_nl_close(opening.nl);
	if (ret < 0) {
		err_prefix(err, "rate");
		err->status = CONTAINER_FAILED;
	}
	return ret;
}

int rate_create(const struct container *c, struct err *err)
{
	cleanup_close int netns = -1;

	if (!c->spec->rate)
		return 0;
	netns = namespaces_open(c, "net");
	if (netns < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "rate: open the container's namespace");
	return in_netns(netns, c->spec, add_class, err);
}

int rate_change(int netns, const struct spec *spec, struct err *err)
{
	return spec->rate ? in_netns(netns, spec, change_class, err) : 0;
}
