/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSW_LIB_MODULE_H
#define VSW_LIB_MODULE_H

/* Run modprobe(8) once, quietly.  0 if it says that the module is loaded. */
int module_load(const char *name);

#endif
