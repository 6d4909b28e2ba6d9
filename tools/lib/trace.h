/* SPDX-License-Identifier: GPL-2.0 */
/* A packet that is traced, and what a switch would do with it. */
#ifndef VSW_LIB_TRACE_H
#define VSW_LIB_TRACE_H

#include "flow.h"
#include "nl.h"
#include "output.h"

/* A flow that nearly matched. */
struct vsw_trace_near {
	uint64_t has;			/* VSWITCH_A_TRACE_NEAR_* */
	struct vsw_flow flow;
	bool is_long;			/* the flow's actions are left out */
	uint32_t matching;		/* fields */
	struct flow_match differs;	/* what the packet has in the others */
};

struct vsw_trace_step {
	uint64_t has;			/* VSWITCH_A_TRACE_STEP_* */
	uint8_t kind;			/* enum vswitch_trace_kind */
	uint8_t depth, table;
	uint32_t port_number;
	char *state, *reason, *label;	/* owned, or NULL */
	uint16_t vlan, tag;
	uint8_t tag_protocol;		/* enum vswitch_vlan_protocol */
	struct vsw_flow flow;
	bool is_long;
	uint8_t miss;			/* enum vswitch_flow_miss */
	struct list near;		/* of struct vsw_trace_near */
	struct flow_actions action;
	struct flow_match changed;
	uint32_t group, bucket, meter, length;
	uint8_t group_type, metered, destination, shut_reason;
	uint8_t effect;			/* enum vswitch_trace_effect */
	char *name;			/* owned, or NULL */
};

struct vsw_trace {
	uint64_t has;			/* VSWITCH_A_TRACE_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t port_number, mark;
	uint32_t outputs, drops;
	struct list steps;		/* of struct vsw_trace_step */
	bool cut, near_cut;
};

extern const struct kind kind_trace, kind_trace_step, kind_trace_near;

/* frame.c: frames as they come by a port */
struct frame {
	uint8_t data[VSWITCH_TRACE_FRAME_MAX];
	size_t n;
};

/*
 * The shortest frame that match describes, with what it does not say as most packets have
 * it. -1: no one packet is described, or what is described is no part of a frame. in_port
 * and pkt_mark are the caller's.
 */
int frame_build(const struct flow_match *match, struct frame *frame, struct err *err);

/* Of the packet capture's packets the one of this number, from 1 on. filter.c */
int frame_read(const char *file, unsigned int number, struct frame *frame, struct err *err);

/* nl_trace.c: req names switch, port and mark; reply is an empty one. */
int vsw_nl_trace(struct vsw_nl *nl, const struct vsw_trace *req, const struct frame *frame,
		 struct vsw_trace *reply, struct err *err);

/* output_trace.c */
int output_trace(const struct output *out, const struct vsw_trace *trace,
		 struct flow_ports *ports, struct err *err);

#endif
