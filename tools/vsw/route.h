/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands about routes and about their rules share. */
#ifndef VSW_VSW_ROUTE_H
#define VSW_VSW_ROUTE_H

#include "lib/model_route.h"
#include "lib/nl_route.h"
#include "vsw.h"

/* Open the socket for routes unless it is open. */
int route_connect(struct vsw *vsw, struct err *err);

/* An address with or without a length, or "default", of a family that is not known yet. */
int route_read_net(const char *what, const char *text, struct prefix *net, struct err *err);
/* "default" is of this family. */
void route_net_family(struct prefix *net, int family);
/* An address without a length. */
int route_read_address(const char *what, const char *text, struct prefix *address,
		       struct err *err);
/* A number, or the name of one of the kernel's own. */
int route_read_table(const char *text, uint32_t *table, struct err *err);
/* A word of a type from FIELD_ROUTE_TYPE on, or, if it may be, a number. */
int route_read_word(const char *what, unsigned int type, const char *text, bool or_number,
		    uint8_t *value, struct err *err);
int route_read_family(const char *text, uint8_t *family, struct err *err);
int route_read_ip_protocol(const char *text, uint8_t *protocol, struct err *err);

/*
 * Words of a command, each with a reader for its value.  Those of ip(8) that can't be
 * said to libnl-route are in unsaid, and refused with a sentence of their own.
 */
struct route_word {
	const char *word;
	int (*read)(void *object, const char *word, const char *value, struct err *err);
	bool alone;			/* it has no value */
};

struct route_grammar {
	const struct route_word *words;	/* closed by {} */
	const char * const *unsaid;	/* closed by NULL; may be NULL */
	const char *instead;		/* the command of ip(8) that can */
};

int route_read_words(const struct route_grammar *grammar, char **words, void *object,
		     struct err *err);

/* route_words.c: a whole route.  dst is the first word, or behind the type. */
int route_read(struct vsw *vsw, char **words, struct vsw_route *route, struct err *err);

/* rule.c: "route rule" */
int rule_run(struct vsw *vsw, char **words, struct err *err);

#endif
