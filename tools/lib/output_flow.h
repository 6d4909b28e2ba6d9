/* SPDX-License-Identifier: GPL-2.0 */
/* What output.h is for other objects, for flows: they need the names of ports. */
#ifndef VSW_LIB_OUTPUT_FLOW_H
#define VSW_LIB_OUTPUT_FLOW_H

#include "flow.h"
#include "output.h"

/* ports: by number where it is NULL. */
int output_flows(const struct output *out, const struct list *flows, struct flow_ports *ports,
		 struct err *err);
int output_groups(const struct output *out, const struct list *groups, struct flow_ports *ports,
		  struct err *err);
int output_meters(const struct output *out, const struct list *meters, struct err *err);
/* One a line, to be read again. */
int output_flow_texts(const struct list *flows, struct err *err);
/* "3 flows deleted" */
int output_flow_count(const struct output *out, uint32_t count, const char *done,
		      struct err *err);
/* As a line. */
void output_packet_in(const struct vsw_packet_in *packet);

#endif
