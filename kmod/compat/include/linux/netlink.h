/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_LINUX_NETLINK_H
#define _VSW_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/*
 * Sentences with numbers came in 6.2. Before, one is kept for each place that has it:
 * of two requests that are refused there at once, both may show the numbers of one.
 */
#ifndef VSW_HAVE_NL_SET_ERR_MSG_FMT
#include <linux/kernel.h>

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	static char vsw_sentence[80];					\
	struct netlink_ext_ack *vsw_extack = (extack);			\
									\
	snprintf(vsw_sentence, sizeof(vsw_sentence), fmt, ##args);	\
	if (vsw_extack)							\
		vsw_extack->_msg = vsw_sentence;			\
} while (0)
#endif

#endif /* _VSW_COMPAT_LINUX_NETLINK_H */
