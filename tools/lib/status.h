/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exit statuses of vsw.  "vsw run" passes the status of its command through
 * and has 125, 126, 127 and 128 + signal for its own, as other container
 * tools do; all other commands end with one of these.
 */
#ifndef VSW_LIB_STATUS_H
#define VSW_LIB_STATUS_H

enum status {
	STATUS_OK = 0,
	STATUS_USAGE = 1,	/* bad words; the kernel was not asked */
	STATUS_REFUSED = 2,	/* the kernel said no */
	STATUS_NO_MODULE = 3,	/* the kernel lacks the module, and it can't be loaded */
	STATUS_SYSTEM = 4,	/* vsw itself failed: output, memory, a file, a netns */
	STATUS_INCONSISTENT = 5, /* shown, but the table kept changing meanwhile */
};

#endif
