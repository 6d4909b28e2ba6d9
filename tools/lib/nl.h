/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Generic Netlink family "vswitch", as typed calls on plain structs; nl_router.h has
 * those of the family "vrouter". A struct vsw_nl serves one family.
 *
 * All return 0, or -1 with err set: STATUS_REFUSED and the kernel's own
 * sentence when the kernel said no (err->errnum has the number then), anything
 * else when it was not asked or did not answer.
 */
#ifndef VSW_LIB_NL_H
#define VSW_LIB_NL_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "model.h"

struct vsw_nl;

/* Open a socket in this network namespace.  Loads the module if it must; err is not NULL here. */
struct vsw_nl *vsw_nl_open(struct err *err);
void vsw_nl_close(struct vsw_nl *nl);	/* NULL is allowed */

/*
 * Requests: "has" of req says what is sent.  A reply may be NULL if nobody
 * wants it; else it is an empty object, the caller's to clear.
 */
int vsw_nl_switch_new(struct vsw_nl *nl, const struct vsw_switch *req, struct vsw_switch *reply,
		      struct err *err);
int vsw_nl_switch_set(struct vsw_nl *nl, const struct vsw_switch *req, struct err *err);
int vsw_nl_switch_del(struct vsw_nl *nl, const struct vsw_switch *req, struct err *err);
int vsw_nl_switch_get(struct vsw_nl *nl, const struct vsw_switch *req, struct vsw_switch *reply,
		      struct err *err);

int vsw_nl_port_new(struct vsw_nl *nl, const struct vsw_port *req, struct vsw_port *reply,
		    struct err *err);
int vsw_nl_port_set(struct vsw_nl *nl, const struct vsw_port *req, struct err *err);
int vsw_nl_port_del(struct vsw_nl *nl, const struct vsw_port *req, struct err *err);
int vsw_nl_port_get(struct vsw_nl *nl, const struct vsw_port *req, struct vsw_port *reply,
		    struct err *err);

int vsw_nl_fdb_new(struct vsw_nl *nl, const struct vsw_fdb *req, struct err *err);
int vsw_nl_fdb_set(struct vsw_nl *nl, const struct vsw_fdb *req, struct err *err);
int vsw_nl_fdb_del(struct vsw_nl *nl, const struct vsw_fdb *req, struct err *err);
int vsw_nl_fdb_get(struct vsw_nl *nl, const struct vsw_fdb *req, struct vsw_fdb *reply,
		   struct err *err);
int vsw_nl_fdb_flush(struct vsw_nl *nl, const struct vsw_fdb *req, uint32_t *flushed,
		     struct err *err);

int vsw_nl_mirror_new(struct vsw_nl *nl, const struct vsw_mirror *req, struct vsw_mirror *reply,
		      struct err *err);
int vsw_nl_mirror_set(struct vsw_nl *nl, const struct vsw_mirror *req, struct err *err);
int vsw_nl_mirror_del(struct vsw_nl *nl, const struct vsw_mirror *req, struct err *err);
int vsw_nl_binding_new(struct vsw_nl *nl, const struct vsw_binding *req, struct err *err);
int vsw_nl_binding_del(struct vsw_nl *nl, const struct vsw_binding *req, struct err *err);
int vsw_nl_mdb_new(struct vsw_nl *nl, const struct vsw_mdb *req, struct err *err);
int vsw_nl_mdb_del(struct vsw_nl *nl, const struct vsw_mdb *req, struct err *err);
int vsw_nl_mdb_get(struct vsw_nl *nl, const struct vsw_mdb *req, struct vsw_mdb *reply,
		   struct err *err);
int vsw_nl_mdb_flush(struct vsw_nl *nl, const struct vsw_mdb *req, uint32_t *flushed,
		     struct err *err);

/*
 * All objects that match filter (NULL: all), into an empty list that is the
 * caller's to free.  1 instead of 0: the table kept changing while it was
 * read, so what came or went meanwhile may be missing or still be there.
 */
int vsw_nl_switch_dump(struct vsw_nl *nl, struct list *list, struct err *err);
int vsw_nl_port_dump(struct vsw_nl *nl, const struct vsw_port *filter, struct list *list,
		     struct err *err);
int vsw_nl_fdb_dump(struct vsw_nl *nl, const struct vsw_fdb *filter, struct list *list,
		    struct err *err);
int vsw_nl_mirror_dump(struct vsw_nl *nl, const struct vsw_mirror *filter, struct list *list,
		       struct err *err);
int vsw_nl_mdb_dump(struct vsw_nl *nl, const struct vsw_mdb *filter, struct list *list,
		    struct err *err);

int vsw_nl_binding_dump(struct vsw_nl *nl, const struct vsw_binding *filter, struct list *list,
			struct err *err);

/* Of what is counted by VLAN; filter names a switch, or is NULL. */
int vsw_nl_vlan_dump(struct vsw_nl *nl, const struct vsw_vlan_stats *filter, struct list *list,
		     struct err *err);

#define NL_GROUP_SWITCH	0x1
#define NL_GROUP_PORT	0x2
#define NL_GROUP_FDB	0x4
#define NL_GROUP_MIRROR	0x8
#define NL_GROUP_BINDING	0x10
#define NL_GROUP_DROP	0x20		/* needs CAP_NET_ADMIN */
#define NL_GROUP_MDB	0x40
#define NL_GROUP_FLOW	0x80
#define NL_GROUP_PACKET_IN	0x100	/* needs CAP_NET_ADMIN */
#define NL_GROUP_ALL	(0xff & ~NL_GROUP_DROP)

struct vsw_nl_event {
	const char *name;		/* "fdb-new"; "lost": the socket was full */
	const struct kind *kind;	/* of the object, or NULL */
	const void *object;		/* valid until the callback returns */
};

typedef int vsw_nl_event_fn(const struct vsw_nl_event *event, void *arg, struct err *err);

/*
 * The three that vsw_nl_listen() is made of, for who waits for other things, too:
 * join the groups; the descriptor to poll; take what is there without waiting,
 * until the callback returns something else than 0, which is returned.
 */
int vsw_nl_subscribe(struct vsw_nl *nl, unsigned int groups, struct err *err);
int vsw_nl_fd(const struct vsw_nl *nl);
int vsw_nl_take_events(struct vsw_nl *nl, vsw_nl_event_fn *event, void *arg, struct err *err);

/*
 * Call back for each event until the callback returns something else than 0,
 * which is returned, or the socket fails (-1).  The socket serves nothing else
 * from then on.
 */
int vsw_nl_listen(struct vsw_nl *nl, unsigned int groups,
		  vsw_nl_event_fn *event, void *arg, struct err *err);

#endif
