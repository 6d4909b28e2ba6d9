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

/*
 * Only who has CAP_NET_ADMIN in the user namespace of the network namespace may join
 * @group; since 6.7, and in stable trees. False: this kernel lets anybody.
 */
static inline bool vsw_genl_group_needs_admin(struct genl_multicast_group *group)
{
#ifdef VSW_HAVE_GENL_MCAST_CAP
	group->flags |= GENL_MCAST_CAP_NET_ADMIN;
	return true;
#else
	return false;
#endif
}

#endif /* _VSW_COMPAT_NET_GENETLINK_H */
