// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a program for which one system call fails, in itself and in all that it
 * starts.
 *
 *   container_deny SYSCALL[:ARG:VALUE] ERRNO COMMAND...
 *
 * With :ARG:VALUE only if that argument (0 is the first) has the value.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int deny(char *what, int error)
{
	char *arg = strchr(what, ':'), *value = arg ? strchr(arg + 1, ':') : NULL;
	struct scmp_arg_cmp same = { .op = SCMP_CMP_EQ };
	scmp_filter_ctx ctx;
	int nr, ret;

	if (arg && !value)
		return -EINVAL;
	if (arg) {
		*arg = '\0';
		same.arg = strtoul(arg + 1, NULL, 0);
		same.datum_a = strtoull(value + 1, NULL, 0);
	}
	nr = seccomp_syscall_resolve_name(what);
	if (nr == __NR_SCMP_ERROR)
		return -ENOENT;
	ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (!ctx)
		return -ENOMEM;
	/* the program shall be as it is without us */
	ret = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	if (!ret)
		ret = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(error), nr, arg ? 1 : 0, &same);
	if (!ret)
		ret = seccomp_load(ctx);
	seccomp_release(ctx);
	return ret;
}

int main(int argc, char **argv)
{
	int ret;

	if (argc < 4) {
		fprintf(stderr, "usage: container_deny SYSCALL[:ARG:VALUE] ERRNO COMMAND...\n");
		return 2;
	}
	ret = deny(argv[1], atoi(argv[2]));
	if (ret < 0) {
		fprintf(stderr, "container_deny: %s: %s\n", argv[1], strerror(-ret));
		return 2;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 2;
}
