/* SPDX-License-Identifier: GPL-2.0 */
/* Between the nl*.c files. */
#ifndef VSW_LIB_NL_PRIVATE_H
#define VSW_LIB_NL_PRIVATE_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "nl.h"
#include "nl_codec.h"

/* As large as a message can be that has a flow with all actions that one may have. */
#define RECV_SIZE	(128 << 10)
#define N_GROUPS	9

/* A family of ours: its module has the same name. */
struct nl_family {
	const char *name;
	uint8_t version;
};

struct vsw_nl {
	const struct nl_family *of;
	struct mnl_socket *socket;
	uint16_t family;		/* its number in this kernel */
	uint32_t groups[N_GROUPS];
	uint32_t seq;
	union {				/* aligned for netlink headers */
		struct nlmsghdr request;
		char request_room[MNL_ALIGN(NLMSG_HDRLEN) + GENL_HDRLEN + NL_CODEC_MAX];
	};
	char buf[RECV_SIZE] __attribute__((aligned(8)));
};

typedef int vsw_nl_take_fn(const struct nlmsghdr *nlh, void *arg, struct err *err);

/* What to do with a message that is an answer and not an error. */
struct answer {
	const struct kind *kind;	/* of the request, for errors; may be NULL */
	vsw_nl_take_fn *take;		/* or NULL */
	void *arg;
	bool interrupted;		/* out: NLM_F_DUMP_INTR was seen */
	bool damaged;			/* out: take failed, and set err */
	uint32_t offset;		/* out: of what was refused in the request; 0: unknown */
};

/* Where answers go: an object, or a list. */
struct reply {
	const struct kind *kind;
	void *object;
	struct list *list;
};

/* nl.c: a socket for a family, whose module is loaded if it must */
struct vsw_nl *vsw_nl_open_family(const struct nl_family *of, struct err *err);
/* The headers of a request of the family; without nl of one that can't be sent */
void vsw_nl_begin(struct vsw_nl *nl, struct nlmsghdr *request, uint8_t cmd, uint16_t flags);
/* Send it, and take all of the answer. */
int vsw_nl_talk(struct vsw_nl *nl, struct nlmsghdr *request, struct answer *answer,
		struct err *err);
/* Have the socket take long requests. How long they may be. */
size_t vsw_nl_send_room(struct vsw_nl *nl);
/* A request with an object of kind; the reply, if there is one, has one of the same. */
int vsw_nl_call(struct vsw_nl *nl, uint8_t cmd, const struct kind *kind, const void *req,
		void *object, struct err *err);
int vsw_nl_dump(struct vsw_nl *nl, uint8_t cmd, const struct kind *kind, const void *filter,
		struct list *list, struct err *err);
/* Likewise with take for each message, which fills reply->list. */
int vsw_nl_dump_by(struct vsw_nl *nl, uint8_t cmd, const struct kind *kind, const void *filter,
		   vsw_nl_take_fn *take, struct reply *reply, struct err *err);

#endif
