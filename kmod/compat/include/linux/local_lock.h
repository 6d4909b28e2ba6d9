/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Locks of a CPU's own data where BH are off. Until 6.11 there were none, as BH off was
 * enough, with PREEMPT_RT, too.
 */
#ifndef _VSW_COMPAT_LINUX_LOCAL_LOCK_H
#define _VSW_COMPAT_LINUX_LOCAL_LOCK_H

#include_next <linux/local_lock.h>

#ifndef VSW_HAVE_LOCAL_LOCK_NESTED_BH
#define local_lock_nested_bh(lock)	((void)(lock))
#define local_unlock_nested_bh(lock)	((void)(lock))
#endif

#endif /* _VSW_COMPAT_LINUX_LOCAL_LOCK_H */
