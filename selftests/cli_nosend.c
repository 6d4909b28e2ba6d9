// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a command in which no request of LENGTH bytes can be sent, to see what it
 * leaves behind of what it did before. From 1000 on it is LENGTH bytes or more.
 *
 *   cli_nosend LENGTH COMMAND...
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <seccomp.h>

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	unsigned long length;
	int ret;

	if (argc < 3)
		errx(125, "usage: cli_nosend LENGTH COMMAND...");
	if (!filter)
		errx(125, "no filter");
	length = strtoul(argv[1], NULL, 0);
	ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOBUFS), SCMP_SYS(sendto), 1,
			       SCMP_A2(length < 1000 ? SCMP_CMP_EQ : SCMP_CMP_GE, length, 0));
	if (!ret)
		ret = seccomp_load(filter);
	if (ret)
		errx(125, "seccomp: error %d", -ret);
	execvp(argv[2], argv + 2);
	err(125, "%s", argv[2]);
}
