// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "nl_private.h"
#include "status.h"
#include "trace.h"

static int take_trace(const struct nlmsghdr *nlh, void *arg, struct err *err)
{
	return vsw_nl_decode(nlh, &kind_trace, arg, err);
}

int vsw_nl_trace(struct vsw_nl *nl, const struct vsw_trace *req, const struct frame *frame,
		 struct vsw_trace *reply, struct err *err)
{
	struct answer answer = { .kind = &kind_trace, .take = take_trace, .arg = reply };
	struct nlmsghdr *request = malloc(NLMSG_HDRLEN + GENL_HDRLEN + NL_CODEC_MAX +
					  MNL_ALIGN(frame->n));
	int ret;

	if (!request)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	vsw_nl_send_room(nl);
	vsw_nl_begin(nl, request, VSWITCH_CMD_TRACE, NLM_F_ACK);
	vsw_nl_encode(request, &kind_trace, req);
	mnl_attr_put(request, VSWITCH_A_TRACE_FRAME, frame->n, frame->data);
	ret = vsw_nl_talk(nl, request, &answer, err);
	free(request);
	return ret;
}
