/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_GSO_H
#define _VSW_COMPAT_NET_GSO_H

/* Split from linux/skbuff.h and linux/netdevice.h in 6.5. */
#ifdef VSW_HAVE_NET_GSO_H
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif /* _VSW_COMPAT_NET_GSO_H */
