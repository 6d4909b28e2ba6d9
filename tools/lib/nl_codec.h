/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects of the model <-> netlink attributes, by the table of their kind; and
 * what the kernel says about a request that it refuses -> a sentence.
 */
#ifndef VSW_LIB_NL_CODEC_H
#define VSW_LIB_NL_CODEC_H

#include <linux/netlink.h>

#include "err.h"
#include "model.h"

/*
 * Append the attributes that has of the object names.  The message must have
 * room for NL_CODEC_MAX bytes: no object of a request is larger, but for what
 * nl_flow_codec.h has a size for.
 */
#define NL_CODEC_MAX 4096
void vsw_nl_encode(struct nlmsghdr *nlh, const struct kind *kind, const void *object);

/* Read the attributes behind the genl header into an empty object. */
int vsw_nl_decode(const struct nlmsghdr *nlh, const struct kind *kind, void *object,
		  struct err *err);

/* The same of a nest: 0, -EBADMSG or -ENOMEM. */
int vsw_nl_decode_nest(const struct nlattr *nest, const struct kind *kind, void *object);

/* Which byte of the request a refusal points at; 0: at none. */
uint32_t vsw_nl_refusal_offset(const struct nlmsghdr *nlh);

/*
 * Set err from a message NLMSG_ERROR, or NLMSG_DONE that carries an error: the
 * extack sentence, or without one the error's text, and the attribute of the
 * request (an object of kind, which may be NULL) that is at fault; err keeps
 * the errno, too.  Returns it, positive; 0 (and err untouched) if the message says success.
 */
int vsw_nl_refusal(const struct nlmsghdr *nlh, const struct nlmsghdr *request,
		   const struct kind *kind, struct err *err);

#endif
