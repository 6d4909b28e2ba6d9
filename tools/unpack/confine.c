// SPDX-License-Identifier: GPL-2.0
/*
 * libarchive is told to follow no link and no "..", and then the kernel is told to see to it
 * (Landlock, with REFER, Linux 5.19).  A kernel that has it not, or switched off, leaves the first.
 */
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unpack.h"

#define CHANGES	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
		 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | \
		 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | \
		 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | \
		 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | \
		 LANDLOCK_ACCESS_FS_REFER)

void confine(void)
{
	struct landlock_ruleset_attr rules = {
		/* nor is anything executed */
		.handled_access_fs = CHANGES | LANDLOCK_ACCESS_FS_EXECUTE,
	};
	struct landlock_path_beneath_attr here = { .allowed_access = CHANGES };
	int set = syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);

	if (set < 0)
		return;
	here.parent_fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (here.parent_fd < 0 ||
	    syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &here, 0) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_landlock_restrict_self, set, 0))
		fail("the unpacker can't be confined: %m");
	close(here.parent_fd);
	close(set);
}
