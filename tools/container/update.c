// SPDX-License-Identifier: GPL-2.0
/* Other limits for a container that another vsw runs. */
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "container.h"
#include "status.h"

int container_update(const struct spec *spec, struct err *err)
{
	cleanup_close int netns = -1, cgroup = -1;
	bool has_interface;
	int ret;

	if (rate_check(spec, err) < 0)
		return -1;
	netns = container_find_netns(spec->name, &has_interface, err);
	if (netns < 0)
		return -1;
	/* without eth0 there is nothing that a rate could be of */
	if (spec->rate && !has_interface)
		return err_set(err, STATUS_USAGE,
			       "rate: container '%s' has no interface, see --switch of vsw-run(8)",
			       spec->name);
	cgroup = container_find_cgroup(spec->name, err);
	if (cgroup < 0)
		return -1;
	ret = rate_change(netns, spec, err) ?: cgroup_change(cgroup, spec, err);
	if (ret < 0) {
		err_prefix(err, "container '%s'", spec->name);
		err->status = STATUS_REFUSED;
	}
	return ret;
}
