/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_NETLINK_H
#define _VSW_COMPAT_NET_NETLINK_H

#include_next <net/netlink.h>

/* Policies point to constant ranges since 6.5 or so; the generator makes them so. */
#ifndef VSW_HAVE_NLA_POLICY_CONST_RANGE
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, _range) {				\
	.type = NLA_ENSURE_UINT_OR_BINARY_TYPE(tp),			\
	.validation_type = NLA_VALIDATE_RANGE_PTR,			\
	.range = (struct netlink_range_validation *)(_range),		\
}
#endif

#endif /* _VSW_COMPAT_NET_NETLINK_H */
