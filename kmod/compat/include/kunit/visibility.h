/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_KUNIT_VISIBILITY_H
#define _VSW_COMPAT_KUNIT_VISIBILITY_H

/* Since 6.2, and in stable trees; without it there are no unit tests. */
#ifdef VSW_HAVE_KUNIT_VISIBILITY
#include_next <kunit/visibility.h>
#else
#define EXPORT_SYMBOL_IF_KUNIT(symbol)
#endif

#endif /* _VSW_COMPAT_KUNIT_VISIBILITY_H */
