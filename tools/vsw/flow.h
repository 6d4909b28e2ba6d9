/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of "vsw flow", "vsw group" and "vsw meter": flow.c has the commands about flows,
 * flow_file.c files of them, flow_table.c "flow table", snoop.c "flow snoop"; flow_port.c
 * and flow_word.c are of all.
 */
#ifndef VSW_FLOW_H
#define VSW_FLOW_H

#include "lib/flow.h"
#include "lib/nl_flow.h"
#include "lib/output_flow.h"
#include "vsw.h"

/* flow_port.c: the ports of a switch, asked for once, when the first name comes. */
struct switch_ports {
	struct flow_ports ports;
	struct vsw *vsw;
	const char *switch_name;
};

void switch_ports_init(struct switch_ports *of, struct vsw *vsw, const char *switch_name);
void switch_ports_free(struct switch_ports *of);

/* flow_word.c */
/* The name of the switch, which comes first; it is needed. *words moves behind it. */
int flow_take_switch(char ***words, char name[MODEL_NAME_SIZE], struct err *err);
/* Is this the next word? Then *words moves behind it. */
bool flow_take_word(char ***words, const char *word);
/* All that is left, as one text that is the caller's to free; NULL without memory. */
char *flow_join(char **words, struct err *err);
/* Explain what the kernel refused of the switch. */
int flow_refused(const char *switch_name, struct err *err);
/* The switches that there are, or the one that is named. */
int flow_switches(struct vsw *vsw, const char *name, struct list *switches, struct err *err);

/* flow_file.c */
int flow_load(struct vsw *vsw, char **words, struct err *err);
int flow_check(struct vsw *vsw, char **words, struct err *err);
int flow_replace(struct vsw *vsw, char **words, struct err *err);

/* flow_table.c: "flow table" */
int flow_table_run(struct vsw *vsw, char **words, struct err *err);

/* snoop.c: "flow snoop" */
int flow_snoop(struct vsw *vsw, char **words, struct err *err);

#endif
