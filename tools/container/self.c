// SPDX-License-Identifier: GPL-2.0
/*
 * The child that becomes a container runs this program inside of it for a
 * moment.  An image whose command is "#!/proc/self/exe" makes it run there for
 * longer, and could then open /proc/PID/exe for writing once the file is no
 * longer busy: the vsw of the host, next time run by its root.  So vsw runs from
 * a mount of its file that is read-only and is nowhere attached; the link in
 * /proc leads through that mount.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>

#include "cleanup.h"
#include "container.h"

#define SELF	"/proc/self/exe"
#define MARK	"VSW_RUNS_FROM_COPY"

/* The second run; the mark alone proves nothing. */
static int verify(struct err *err)
{
	struct statvfs fs;

	if (statvfs(SELF, &fs) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "self: look at " SELF);
	if (!(fs.f_flag & ST_RDONLY))
		return err_set(err, CONTAINER_FAILED,
			       "self: %s is set, but vsw does not run from a read-only mount",
			       MARK);
	unsetenv(MARK);
	/* the kernel names a program without a path after its descriptor */
	prctl(PR_SET_NAME, "vsw");
	return 0;
}

int self_protect(char *const argv[], struct err *err)
{
	cleanup_close int exe = -1;

	if (getenv(MARK))
		return verify(err);
	exe = open_tree(AT_FDCWD, SELF, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (exe < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "self: bind " SELF);
	if (mount_set(exe, MOUNT_ATTR_RDONLY) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "self: make " SELF " read-only");
	if (setenv(MARK, "1", 1) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "self: setenv");
	fflush(NULL);
	execveat(exe, "", argv, environ, AT_EMPTY_PATH);
	unsetenv(MARK);
	return err_set_errno(err, CONTAINER_FAILED, errno, "self: run again");
}
