// SPDX-License-Identifier: GPL-2.0
/*
 * Power.  What a container gets, unless it is told otherwise, is what containers usually
 * get: enough to be root over its own files, users and ports, nothing that acts on the
 * kernel.
 */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cleanup.h"
#include "container.h"

#define CAP_BIT(cap)	(1ULL << (cap))

/* Docker's */
#define USUAL_CAPS (CAP_BIT(CAP_AUDIT_WRITE) | CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_DAC_OVERRIDE) | \
		    CAP_BIT(CAP_FOWNER) | CAP_BIT(CAP_FSETID) | CAP_BIT(CAP_KILL) |	\
		    CAP_BIT(CAP_MKNOD) | CAP_BIT(CAP_NET_BIND_SERVICE) |		\
		    CAP_BIT(CAP_NET_RAW) | CAP_BIT(CAP_SETFCAP) | CAP_BIT(CAP_SETGID) | \
		    CAP_BIT(CAP_SETPCAP) | CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SYS_CHROOT))

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

/* "NET_ADMIN", "cap_net_admin", "ALL" */
static int parse_cap(const char *what, const char *text, uint64_t *caps, struct err *err)
{
	char name[32];
	cap_value_t cap;

	if (!strcasecmp(text, "all")) {
		*caps = SPEC_ALL_CAPS;
		return 0;
	}
	snprintf(name, sizeof(name), "%s%.24s", strncasecmp(text, "cap_", 4) ? "cap_" : "",
		 text);
	if (cap_from_name(name, &cap) < 0)
		return err_set(err, CONTAINER_FAILED, "%s: there is no capability '%s'", what,
			       text);
	*caps |= CAP_BIT(cap);
	return 0;
}

int spec_add_cap(struct spec *spec, const char *text, struct err *err)
{
	return parse_cap("cap-add", text, &spec->caps_added, err);
}

int spec_drop_cap(struct spec *spec, const char *text, struct err *err)
{
	return parse_cap("cap-drop", text, &spec->caps_dropped, err);
}

/* What is said by name counts more than what is said by ALL. */
static uint64_t caps_of(const struct spec *spec)
{
	if (spec->caps_added == SPEC_ALL_CAPS)
		return spec->caps_dropped == SPEC_ALL_CAPS ? SPEC_ALL_CAPS : ~spec->caps_dropped;
	return (USUAL_CAPS & ~spec->caps_dropped) | spec->caps_added;
}

int caps_limit_bounding(const struct spec *spec, struct err *err)
{
	uint64_t caps = caps_of(spec);
	cap_value_t cap;

	/* until the kernel knows no more, which may be more than our headers know */
	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if (cap < 64 && caps & CAP_BIT(cap))
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "capabilities: drop %d for good", cap);
	}
	return 0;
}

/* Those that root in the container has, as far as there are such. */
static int choose(const struct spec *spec, cap_t caps)
{
	uint64_t wanted = caps_of(spec);
	cap_value_t cap;

	for (cap = 0; cap < 64 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if (wanted & CAP_BIT(cap) &&
		    (cap_set_flag(caps, CAP_PERMITTED, 1, &cap, CAP_SET) < 0 ||
		     cap_set_flag(caps, CAP_EFFECTIVE, 1, &cap, CAP_SET) < 0))
			return -1;
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
	if (!spec->uid && choose(spec, caps) < 0)
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
