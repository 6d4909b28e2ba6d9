/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands about the virtual router share. */
#ifndef VSW_VSW_ROUTER_H
#define VSW_VSW_ROUTER_H

#include "lib/endpoint.h"
#include "lib/model_router.h"
#include "lib/nl_router.h"
#include "vsw.h"

/* Open the socket of the family "vrouter" unless it is open. */
int router_connect(struct vsw *vsw, struct err *err);

/* Take the word that must come first; what says what it is. */
int router_take(char ***words, const char *what, const char **word, struct err *err);
/* The same of a service's name, into a copy that is the caller's. */
int router_take_service(char ***words, char **name, struct err *err);
/* Nothing may be left. */
int router_end(char **words, struct err *err);

/*
 * Show a list in order, NULL: as it is, or say that it was not one picture: ret is what
 * its dump returned.  The list is freed.
 */
typedef int router_order(const void *a, const void *b);
int router_show_list(struct vsw *vsw, const struct kind *kind, struct list *list,
		     router_order *order, int ret, struct err *err);
/* Show what was asked for, unless ret, which asking returned, is -1.  It is freed. */
int router_show_object(struct vsw *vsw, const struct kind *kind, void *object, int ret,
		       struct err *err);
/* For lists: addresses, of IPv4 first; those that are none before all. */
int router_order_addresses(const struct prefix *a, const struct prefix *b);

/*
 * The network namespace of a container, or of one that is named as -n takes it, for a
 * request: its descriptor, which the kernel looks at once, and the container's name as
 * label.  Both words may be NULL.
 */
int router_find_netns(const char *container, const char *netns, uint32_t *fd, char **label,
		      struct err *err);

/* watch.c: "service watch" */
int service_watch(struct vsw *vsw, char **words, struct err *err);

/* nat.c: rules of one kind, or of any; kind -1 */
int nat_show(struct vsw *vsw, int kind, char **words, struct err *err);
int nat_add(struct vsw *vsw, struct vsw_nat *nat, struct err *err);
int nat_delete(struct vsw *vsw, uint32_t id, struct err *err);

#endif
