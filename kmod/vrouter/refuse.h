/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Refusals of cores, which know no message.
 */
#ifndef _VROUTER_REFUSE_H
#define _VROUTER_REFUSE_H

#include <linux/netlink.h>

/*
 * @attr, by its number (VROUTER_A_*), is at fault: the codec points at it in the request, or
 * says that it is missing there. Returns @err. @extack may be NULL.
 */
static inline int vrt_refuse(struct netlink_ext_ack *extack, int attr, int err, const char *what)
{
	if (extack) {
		extack->_msg = what;
		extack->miss_type = attr;
	}
	return err;
}

#endif /* _VROUTER_REFUSE_H */
