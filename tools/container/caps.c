// SPDX-License-Identifier: GPL-2.0
/*
 * Power.  What a container gets is what containers usually get: enough to be
 * root over its own files, users and ports, nothing that acts on the kernel.
 */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cleanup.h"
#include "container.h"

static const cap_value_t container_caps[] = {
	CAP_AUDIT_WRITE, CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_KILL,
	CAP_MKNOD, CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_SETFCAP, CAP_SETGID, CAP_SETPCAP,
	CAP_SETUID, CAP_SYS_CHROOT,
};

#define N_CONTAINER_CAPS (sizeof(container_caps) / sizeof(container_caps[0]))

static const struct {
	cap_value_t cap;
	const char *name;
} needed[] = {
	{ CAP_SYS_ADMIN, "CAP_SYS_ADMIN" },
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN" },
};

int caps_check(struct err *err)
{
	cap_t have = cap_get_proc();
	size_t i;

	if (!have)
		return err_set_errno(err, CONTAINER_FAILED, errno, "privileges: read them");
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		cap_flag_value_t value = CAP_CLEAR;

		cap_get_flag(have, needed[i].cap, CAP_EFFECTIVE, &value);
		if (value != CAP_SET)
			break;
	}
	cap_free(have);
	if (i < sizeof(needed) / sizeof(needed[0]))
		return err_set(err, CONTAINER_FAILED,
			       "privileges: %s is missing%s", needed[i].name,
			       geteuid() ? ": run it as root" : "");
	return 0;
}

static bool container_has(cap_value_t cap)
{
	size_t i;

	for (i = 0; i < N_CONTAINER_CAPS; i++) {
		if (container_caps[i] == cap)
			return true;
	}
	return false;
}

int caps_limit_bounding(struct err *err)
{
	cap_value_t cap;

	/* until the kernel knows no more, which may be more than our headers know */
	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if (container_has(cap))
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "capabilities: drop %d for good", cap);
	}
	return 0;
}

static int set_ids(const struct spec *spec, struct err *err)
{
	if (setgroups(0, NULL) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "user: drop groups");
	if (setresgid(spec->gid, spec->gid, spec->gid) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "user: become group %u",
				     spec->gid);
	/* with the last id of root go permitted and effective capabilities */
	if (setresuid(spec->uid, spec->uid, spec->uid) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "user: become user %u",
				     spec->uid);
	return 0;
}

/* Root has them, nobody else does; nothing is inheritable or ambient. */
int caps_apply(const struct spec *spec, struct err *err)
{
	cap_t caps = cap_init();
	int ret = -1;

	if (!caps)
		return err_set_errno(err, CONTAINER_FAILED, errno, "capabilities: allocate");
	if (!spec->uid &&
	    (cap_set_flag(caps, CAP_PERMITTED, N_CONTAINER_CAPS, container_caps, CAP_SET) < 0 ||
	     cap_set_flag(caps, CAP_EFFECTIVE, N_CONTAINER_CAPS, container_caps, CAP_SET) < 0))
		err_set_errno(err, CONTAINER_FAILED, errno, "capabilities: choose");
	else if (set_ids(spec, err) < 0)
		ret = -1;
	else if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
		 cap_set_proc(caps) < 0)
		err_set_errno(err, CONTAINER_FAILED, errno, "capabilities: set");
	/* until exec it is vsw's memory, and whoever is in the container now is its equal */
	else if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		err_set_errno(err, CONTAINER_FAILED, errno, "start: PR_SET_DUMPABLE");
	else
		ret = 0;
	cap_free(caps);
	return ret;
}
