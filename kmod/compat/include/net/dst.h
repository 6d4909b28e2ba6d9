/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_DST_H
#define _VSW_COMPAT_NET_DST_H

#include_next <net/dst.h>

/* Lost its argument for the first reference in 6.5. */
#ifdef VSW_HAVE_DST_INIT_REF
#define vsw_dst_init(dst, ops, dev, obsolete, flags) \
	dst_init(dst, ops, dev, 1, obsolete, flags)
#else
#define vsw_dst_init(dst, ops, dev, obsolete, flags) \
	dst_init(dst, ops, dev, obsolete, flags)
#endif

#endif /* _VSW_COMPAT_NET_DST_H */
