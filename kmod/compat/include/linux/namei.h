/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_LINUX_NAMEI_H
#define _VSW_COMPAT_LINUX_NAMEI_H

#include_next <linux/namei.h>

/* 6.4 declares what was exported before. */
#ifndef VSW_HAVE_VFS_PATH_LOOKUP
int vfs_path_lookup(struct dentry *dentry, struct vfsmount *mnt, const char *name,
		    unsigned int flags, struct path *path);
#endif

#endif /* _VSW_COMPAT_LINUX_NAMEI_H */
