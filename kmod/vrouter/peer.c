// SPDX-License-Identifier: GPL-2.0
/* The switch's, built into this module as well: neither uses a symbol of the other. */
#include "../vswitch/peer.c"
