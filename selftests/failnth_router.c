// SPDX-License-Identifier: GPL-2.0
/*
 * Lets the first, the second, the third ... allocation of every operation of the family
 * vrouter fail until one runs through, and looks each time at what is left, as failnth does
 * with the family vswitch. Needs a kernel with /proc/self/fail-nth, runs in the scene of
 * valid_router.h.
 *
 *   failnth_router [OPERATION [N]]
 *
 * An operation whose name begins with "first-" is the first one in a network namespace, where
 * all comes with it that the router has, and the namespace goes afterwards; one that begins
 * with "last-" takes the last object away. The first ones are run only when they are asked for
 * by name: nf_nat of the core keeps its own hooks for ever, which is a leak, when only the
 * first hook of somebody else could not be inserted.
 *
 * Prints a line for each operation, "NAME: N allocations failed", and "WRONG". Exit status 1
 * when one was wrong, 4 without fail-nth.
 */
#include <sched.h>

#include "contract_router.h"
#include "state_router.h"
#include "valid_router.h"
#include "failnth.h"

enum scene { FULL, EMPTY, ONE };

static enum scene scene;

static void open_again(void)
{
	nl_close(&nl);
	nl_open_family(&nl, VROUTER_FAMILY_NAME);
	be_patient(&nl);
}

static void flush(void)
{
	char buf[REQUEST_MAX];

	valid_try(&nl, nl_command(&nl, buf, VROUTER_CMD_ROUTER_FLUSH, 0), 0);
}

static void restore(void)
{
	switch (scene) {
	case FULL:
		valid_restore(&nl);
		break;
	case EMPTY:
		if (unshare(CLONE_NEWNET))
			err(2, "network namespace");
		open_again();
		break;
	case ONE:
		flush();
		valid_make(&nl, VROUTER_CMD_SERVICE_NEW, valid_service_there, 0);
		break;
	}
}

static void go_home(void)
{
	if (setns(valid_netns, CLONE_NEWNET))
		err(2, "network namespace");
	open_again();
}

/* One attribute, so that it has its own failures. */
static struct nlmsghdr *build_affinity(char *buf, unsigned int time)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VROUTER_CMD_SERVICE_SET, 0);

	mnl_attr_put_strz(nlh, VROUTER_A_SERVICE_NAME, "s0");
	mnl_attr_put_u32(nlh, VROUTER_A_SERVICE_AFFINITY, time);
	return nlh;
}

static struct nlmsghdr *build_scheduler(char *buf, unsigned int scheduler)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VROUTER_CMD_SERVICE_SET, 0);

	mnl_attr_put_strz(nlh, VROUTER_A_SERVICE_NAME, "s0");
	mnl_attr_put_u8(nlh, VROUTER_A_SERVICE_SCHEDULER, scheduler);
	return nlh;
}

static struct nlmsghdr *build_class(char *buf, unsigned int arg)
{
	struct nlmsghdr *nlh = nl_command(&nl, buf, VROUTER_CMD_SHAPE_NEW, 0);

	(void)arg;
	valid_shape_there(nlh, 0);
	return nlh;
}

/*
 * The core says of a port that it is in use when there is no memory for what it notes of
 * ports in use: inet_csk_get_port().
 */
static const struct attempt attempts[] = {
	{ "router-get", &nl, build_genl, VROUTER_CMD_ROUTER_GET, 0 },
	{ "router-set-off", &nl, build_genl, VROUTER_CMD_ROUTER_SET, 0 },
	{ "router-set-on", &nl, build_genl, WAY(1, VROUTER_CMD_ROUTER_SET), 0 },
	{ "router-flush", &nl, build_genl, VROUTER_CMD_ROUTER_FLUSH, 0 },
	{ "service-new", &nl, build_genl, VROUTER_CMD_SERVICE_NEW, 0 },
	{ "service-new-udp6", &nl, build_genl, WAY(1, VROUTER_CMD_SERVICE_NEW), 0 },
	{ "service-set", &nl, build_genl, VROUTER_CMD_SERVICE_SET, 0 },
	{ "service-set-affinity", &nl, build_affinity, 60000, 0 },
	{ "service-set-scheduler", &nl, build_scheduler, VROUTER_SCHEDULER_MAGLEV, 0 },
	{ "service-del", &nl, build_genl, VROUTER_CMD_SERVICE_DEL, 0 },
	{ "service-del-udp6", &nl, build_genl, WAY(1, VROUTER_CMD_SERVICE_DEL), 0 },
	{ "service-get", &nl, build_genl, VROUTER_CMD_SERVICE_GET, 0 },
	{ "service-dump", &nl, build_dump, VROUTER_CMD_SERVICE_GET, 0 },
	{ "backend-new", &nl, build_genl, VROUTER_CMD_BACKEND_NEW, 0 },
	{ "backend-new-ipv6", &nl, build_genl, WAY(1, VROUTER_CMD_BACKEND_NEW), 0 },
	{ "backend-set", &nl, build_genl, VROUTER_CMD_BACKEND_SET, 0 },
	{ "backend-set-weight", &nl, build_genl, WAY(1, VROUTER_CMD_BACKEND_SET), 0 },
	{ "backend-del", &nl, build_genl, VROUTER_CMD_BACKEND_DEL, 0 },
	{ "backend-get", &nl, build_genl, VROUTER_CMD_BACKEND_GET, 0 },
	{ "backend-dump", &nl, build_dump, VROUTER_CMD_BACKEND_GET, 0 },
	{ "publish-new", &nl, build_genl, VROUTER_CMD_PUBLISH_NEW, EADDRINUSE },
	{ "publish-new-range", &nl, build_genl, WAY(1, VROUTER_CMD_PUBLISH_NEW), EADDRINUSE },
	{ "publish-set", &nl, build_genl, VROUTER_CMD_PUBLISH_SET, 0 },
	{ "publish-del", &nl, build_genl, VROUTER_CMD_PUBLISH_DEL, 0 },
	{ "publish-get", &nl, build_genl, VROUTER_CMD_PUBLISH_GET, 0 },
	{ "publish-dump", &nl, build_dump, VROUTER_CMD_PUBLISH_GET, 0 },
	{ "nat-new", &nl, build_genl, VROUTER_CMD_NAT_NEW, 0 },
	{ "nat-new-one-to-one", &nl, build_genl, WAY(1, VROUTER_CMD_NAT_NEW), 0 },
	{ "nat-del", &nl, build_genl, VROUTER_CMD_NAT_DEL, 0 },
	{ "nat-get", &nl, build_genl, VROUTER_CMD_NAT_GET, 0 },
	{ "nat-dump", &nl, build_dump, VROUTER_CMD_NAT_GET, 0 },
	{ "connection-get", &nl, build_genl, VROUTER_CMD_CONNECTION_GET, 0 },
	{ "connection-dump", &nl, build_dump, VROUTER_CMD_CONNECTION_GET, 0 },
	{ "shape-new", &nl, build_genl, VROUTER_CMD_SHAPE_NEW, 0 },
	{ "shape-new-child", &nl, build_genl, WAY(1, VROUTER_CMD_SHAPE_NEW), 0 },
	{ "shape-set", &nl, build_genl, VROUTER_CMD_SHAPE_SET, 0 },
	{ "shape-del", &nl, build_genl, VROUTER_CMD_SHAPE_DEL, 0 },
	{ "shape-get", &nl, build_genl, VROUTER_CMD_SHAPE_GET, 0 },
	{ "shape-dump", &nl, build_dump, VROUTER_CMD_SHAPE_GET, 0 },
};

static const struct attempt first_attempts[] = {
	{ "first-fast-path", &nl, build_genl, WAY(1, VROUTER_CMD_ROUTER_SET), 0 },
	{ "first-service", &nl, build_genl, VROUTER_CMD_SERVICE_NEW, 0 },
	{ "first-publish", &nl, build_genl, VROUTER_CMD_PUBLISH_NEW, EADDRINUSE },
	{ "first-nat", &nl, build_genl, VROUTER_CMD_NAT_NEW, 0 },
	{ "first-class", &nl, build_class, 0, 0 },
};

static const struct attempt last_attempts[] = {
	{ "last-service", &nl, build_genl, VROUTER_CMD_SERVICE_DEL, 0 },
	{ "last-flush", &nl, build_genl, VROUTER_CMD_ROUTER_FLUSH, 0 },
	{ "last-class-too", &nl, build_class, 0, 0 },
};

#define COUNT(all)	(sizeof(all) / sizeof(*(all)))

int main(int argc, char **argv)
{
	begin(VROUTER_FAMILY_NAME);
	valid_open(&nl);
	if (argc > 1) {
		scene = EMPTY;
		run_attempts(first_attempts, COUNT(first_attempts), argc, argv);
		go_home();
	}
	scene = ONE;
	run_attempts(last_attempts, COUNT(last_attempts), argc, argv);
	scene = FULL;
	run_attempts(attempts, COUNT(attempts), argc, argv);
	printf("%u\n", wrong);
	return wrong != 0;
}
