// SPDX-License-Identifier: GPL-2.0
/*
 * Kills a program when it enters or leaves a system call for the Nth time, to
 * see what it leaves behind at that moment.
 *
 *   container_killnth N COMMAND...
 *
 * Exit status 0 when it was killed, 3 when it ended before: then it prints
 * "COUNT STATUS", how often it could have been killed and its wait status.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_STOP	(SIGTRAP | 0x80)
#define BEFORE_THAT	3
#define FAILED		2

static void run(char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) < 0 || raise(SIGSTOP))
		_exit(FAILED);
	execvp(argv[0], argv);
	_exit(127);
}

static int follow(pid_t pid, long nth)
{
	int status, deliver = 0;
	long count = 0;

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) < 0)
		return FAILED;
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, deliver) < 0 && errno != ESRCH)
			return FAILED;
		if (waitpid(pid, &status, 0) != pid)
			return FAILED;
		if (!WIFSTOPPED(status)) {
			printf("%ld %d\n", count, status);
			return BEFORE_THAT;
		}
		deliver = WSTOPSIG(status);
		if (deliver == SIGTRAP)
			deliver = 0;	/* it executed a program */
		if (deliver != SYSCALL_STOP)
			continue;
		deliver = 0;
		if (++count == nth) {
			kill(pid, SIGKILL);
			return waitpid(pid, &status, 0) == pid ? 0 : FAILED;
		}
	}
}

int main(int argc, char **argv)
{
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: container_killnth N COMMAND...\n");
		return FAILED;
	}
	pid = fork();
	if (pid < 0)
		return FAILED;
	if (!pid)
		run(argv + 2);
	return follow(pid, atol(argv[1]));
}
