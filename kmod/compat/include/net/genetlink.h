/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_GENETLINK_H
#define _VSW_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/* The attributes of a dump request; they stand in a genl_info since 6.6. */
static inline struct nlattr **vsw_genl_dump_attrs(struct netlink_callback *cb)
{
#ifdef VSW_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* _VSW_COMPAT_NET_GENETLINK_H */
