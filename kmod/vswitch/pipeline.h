/* SPDX-License-Identifier: GPL-2.0 */
/* The flow tables' part of the packet walk. */
#ifndef _VSWITCH_PIPELINE_H
#define _VSWITCH_PIPELINE_H

#include "flow_path.h"

/* Beside rx_handler_result_t: the walk goes on, as without flows. */
#define VSW_GOES_NORMAL	(-1)

int vsw_pipeline_init(void);
void vsw_pipeline_exit(void);

/*
 * The tables of @in's switch say what becomes of *@pskb, which came by @in, of VLAN @vid or
 * 0 if the switch does not filter by VLAN; nobody else has it. Takes it unless it returns
 * ANOTHER or VSW_GOES_NORMAL, and then it has its VLAN's tag beside it, if it filters.
 * Under RCU with BH off.
 */
int vsw_pipeline(struct vsw_port *in, struct sk_buff **pskb, u16 vid);

/* rx.c: the end of the walk, for packets that flows have copied */
rx_handler_result_t vsw_normal(struct vsw_port *in, struct sk_buff *skb, u16 vid);

#endif /* _VSWITCH_PIPELINE_H */
