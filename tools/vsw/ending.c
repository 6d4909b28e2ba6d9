// SPDX-License-Identifier: GPL-2.0
/* What ends a capture from outside, and the time of day. */
#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "lib/status.h"

static const int endings[N_ENDINGS] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

static int ended_fd;	/* an eventfd, of the signal handler */

static void on_ending(int signal)
{
	const uint64_t one = 1;
	int saved = errno;
	ssize_t told = write(ended_fd, &one, sizeof(one));

	(void)signal;
	(void)told;	/* if it is full, it was told before */
	errno = saved;
}

/* Those that were ignored stay so. */
int endings_catch(struct endings *to, struct err *err)
{
	struct sigaction action = { .sa_handler = on_ending, .sa_flags = SA_RESETHAND };
	size_t i;

	ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ended_fd < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't wait for signals");
	to->fd = ended_fd;
	for (i = 0; i < N_ENDINGS; i++) {
		sigaction(endings[i], NULL, &to->was[i]);
		if (endings[i] == SIGPIPE)	/* write() says it as well */
			action.sa_handler = SIG_IGN;
		if (to->was[i].sa_handler != SIG_IGN)
			sigaction(endings[i], &action, NULL);
	}
	return 0;
}

void endings_restore(const struct endings *from)
{
	size_t i;

	for (i = 0; i < N_ENDINGS; i++)
		sigaction(endings[i], &from->was[i], NULL);
	close(from->fd);
}

uint64_t time_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}
