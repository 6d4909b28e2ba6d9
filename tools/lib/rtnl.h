/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSW_LIB_RTNL_H
#define VSW_LIB_RTNL_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

/* Set a device administratively up or down ("ip link set DEV up"). */
int link_set_up(uint32_t ifindex, bool up, struct err *err);

#endif
