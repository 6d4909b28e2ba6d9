// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "module.h"

/* Not by PATH: whoever starts vsw with privilege may not have chosen it. */
static const char * const modprobe_paths[] = {
	"/sbin/modprobe", "/usr/sbin/modprobe", "/bin/modprobe", "/usr/bin/modprobe"
};

static void exec_modprobe(const char *name)
{
	char *argv[] = { "modprobe", "-q", "--", (char *)name, NULL };
	int fd = open("/dev/null", O_RDWR);
	unsigned int i;

	if (fd >= 0) {
		dup2(fd, 0);
		dup2(fd, 1);
		dup2(fd, 2);
		if (fd > 2)
			close(fd);
	}
	/* more words for modprobe, from whoever starts vsw */
	unsetenv("MODPROBE_OPTIONS");
	for (i = 0; i < sizeof(modprobe_paths) / sizeof(modprobe_paths[0]); i++)
		execv(modprobe_paths[i], argv);
	_exit(127);
}

int module_load(const char *name)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return -1;
	if (!pid)
		exec_modprobe(name);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
}
