/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What bridge(8) can say of a port. The numbers are part of the protocol, so that tools
 * that are newer than the kernel say them all the same.
 */
#ifndef _VSW_COMPAT_LINUX_IF_BRIDGE_H
#define _VSW_COMPAT_LINUX_IF_BRIDGE_H

#include_next <linux/if_bridge.h>
#include <linux/if_link.h>

/* 6.2 */
#ifndef VSW_HAVE_BRPORT_MAB
#define IFLA_BRPORT_MAB			(IFLA_BRPORT_LOCKED + 1)
#endif

/* 6.3 */
#ifndef VSW_HAVE_BRPORT_MCAST_MAX_GROUPS
#define IFLA_BRPORT_MCAST_N_GROUPS	(IFLA_BRPORT_LOCKED + 2)
#define IFLA_BRPORT_MCAST_MAX_GROUPS	(IFLA_BRPORT_LOCKED + 3)
#undef IFLA_BRPORT_MAX
#define IFLA_BRPORT_MAX			IFLA_BRPORT_MCAST_MAX_GROUPS
#endif

#endif /* _VSW_COMPAT_LINUX_IF_BRIDGE_H */
