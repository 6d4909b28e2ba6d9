// SPDX-License-Identifier: GPL-2.0
/*
 * The order of things.  What was made is removed in the reverse order, however
 * far it came; a vsw that can't do that any more is followed by reap.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "container.h"
#include "units.h"

#define REMOVE_SECONDS	30	/* for all that is in its cgroup to end */

/* A directory that is inherited would be a way out of the root. */
int create_check_files(struct err *err)
{
	struct stat st;
	int fd;

	for (fd = 0; fd <= 2; fd++) {
		if (!fstat(fd, &st) && S_ISDIR(st.st_mode))
			return err_set(err, CONTAINER_FAILED, "start: descriptor %d is a directory",
				       fd);
	}
	return 0;
}

/* Everything that can be known to fail, before anything is made. */
static int check(struct container *c, struct err *err)
{
	if (caps_check(err) < 0 || create_check_files(err) < 0 ||
	    terminal_check(c->spec->terminal, c->spec->interactive && !c->spec->supervision,
			   err) < 0)
		return -1;
	if (rootfs_isolate(err) < 0 || rootfs_open(c, err) < 0)
		return -1;
	c->rootfs_path = realpath(c->spec->rootfs ?: c->spec->layers[0], NULL);
	if (network_check_switch(c, err) < 0 || cgroup_check(c->spec, err) < 0)
		return -1;
	if (seccomp_build(c->filters, err) < 0)
		return -1;
	return monitor_block_signals(c, err);
}

/* The child waits in its namespaces and its cgroup; fill them. */
static int furnish(struct container *c, struct err *err)
{
	if (state_save(c, "creating", err) < 0 || namespaces_map_ids(c, err) < 0 ||
	    oom_score_reset(c, err) < 0 || ulimit_apply(c, err) < 0)
		return -1;
	if (network_create(c, err) < 0 || rate_create(c, err) < 0 ||
	    publish_create(c, err) < 0 || rootfs_build(c, err) < 0)
		return -1;
	if (sync_send(c->sync_fd, SYNC_START, c->tree_fd) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: call the child");
	close_fd(&c->tree_fd);
	return 0;
}

static int launch(struct container *c, struct err *err)
{
	if (monitor_expect(c, SYNC_READY, err) < 0 || state_save(c, "running", err) < 0)
		return -1;
	terminal_begin(&c->terminal, c->spec->interactive);
	if (sync_send(c->sync_fd, SYNC_GO, -1) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: let the child go");
	if (monitor_exec(c, err) < 0)
		return -1;
	if (c->spec->supervision)
		c->spec->supervision->started(c->spec->supervision, c);
	return 0;
}

static int create(struct container *c, struct err *err)
{
	int pair[2];
	pid_t pid;

	if (state_take(c, err) < 0 || cgroup_create(c, err) < 0)
		return -1;
	/* before anything can be in the cgroup */
	if (state_save(c, "creating", err) < 0 ||
	    (!c->spec->supervision && keeper_start(c, err) < 0) || sync_pair(pair, err) < 0)
		return -1;
	c->sync_fd = pair[0];
	pid = namespaces_clone(c, err);
	if (!pid)
		init_main(c, pair[1]);
	/* only the child holds the other end: its death closes it */
	close(pair[1]);
	return pid < 0 ? -1 : 0;
}

/*
 * The limit is reached: say so.  A command that was killed itself, or passed
 * on that status of a child, ended by it; one that carried on did not.
 */
static void tell_oom(struct container *c, uint64_t kills, uint64_t bytes, container_note *note)
{
	char text[160], limit[UNITS_TEXT_SIZE];

	units_format_bytes(limit, bytes);
	if (c->exit_status == CONTAINER_SIGNALED + SIGKILL)
		snprintf(text, sizeof(text), "killed: memory limit %s reached (oom_kill %" PRIu64 ")",
			 limit, kills);
	else
		snprintf(text, sizeof(text),
			 "processes were killed: memory limit %s reached (oom_kill %" PRIu64 ")",
			 limit, kills);
	note(c->spec->name, text);
}

static int run(struct container *c, container_note *note, struct err *err)
{
	uint64_t kills, limit = 0;
	int ret;

	if (create(c, err) < 0)
		return -1;
	ret = furnish(c, err);
	if (ret < 0)
		monitor_ask(c, err);
	if (!ret && c->spec->userns && !c->idmapped)
		note(c->spec->name,
		     "files of the rootfs keep their owners: its file system has no id-mapped mounts");
	if (!ret)
		ret = launch(c, err);
	if (!ret)
		ret = monitor_wait(c, err);
	kills = cgroup_oom_kills(c, &limit);
	if (kills && c->reaped) {
		tell_oom(c, kills, limit, note);
		/* killed on its way to exec: that is how it ended, not a failure */
		if (ret < 0 && c->exit_status == CONTAINER_SIGNALED + SIGKILL)
			ret = 0;
	}
	return ret < 0 ? -1 : c->exit_status;
}

/* Everything is tried; what fails is told, the first one is not hidden by it. */
static void destroy(struct container *c, container_note *note)
{
	struct err err = ERR_INIT;
	bool keep = false;

	terminal_end(&c->terminal);
	/* removing needs some descriptors of its own */
	close_fd(&c->sync_fd);
	close_fd(&c->tree_fd);
	close_fd(&c->cgroup_fd);
	close_fd(&c->signal_fd);
	rootfs_close(c);
	if (publish_remove(c, &err) < 0)
		note(c->spec->name, err.msg);
	monitor_kill(c);
	lease_end(c);
	keeper_end(c);
	close_fd(&c->pid_fd);
	if (network_remove(c, &err) < 0) {
		note(c->spec->name, err.msg);
		keep = true;
	}
	if (c->cgroup[0] &&
	    cgroup_remove(c->spec->name, c->cgroup_id, REMOVE_SECONDS, &err) < 0) {
		note(c->spec->name, err.msg);
		keep = true;
	}
	if (state_release(c, keep, &err) < 0)
		note(c->spec->name, err.msg);
	seccomp_free(c->filters);
	free(c->rootfs_path);
}

int container_run(struct spec *spec, container_note *note, struct err *err)
{
	struct container c = {
		.spec = spec,
		.state = { .base_fd = -1, .dir_fd = -1, .lock_fd = -1 },
		.tree_fd = -1, .cgroup_fd = -1, .keeper_fd = -1, .pid_fd = -1,
		.sync_fd = -1, .signal_fd = -1, .command_fd = -1, .publish_netns = -1,
		.terminal = TERMINAL_NONE,
		.lease = { .fd = -1, .netns = -1 },
	};
	int ret;

	umask(022);
	ret = check(&c, err);
	if (!ret)
		ret = run(&c, note, err);
	destroy(&c, note);
	if (ret < 0)
		err_prefix(err, "container '%s'", spec->name);
	return ret;
}
