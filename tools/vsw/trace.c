// SPDX-License-Identifier: GPL-2.0
/* "vsw trace": what a switch would do with a packet. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "lib/parse.h"
#include "lib/trace.h"

static const char help[] =
"Usage: vsw trace SWITCH in_port=PORT[,FIELD]...\n"
"       vsw trace SWITCH in_port=PORT -r FILE [ packet N ]\n"
"FIELD := dl_dst=MAC | dl_vlan=VID | tcp | nw_src=ADDRESS | tp_dst=PORT | ...\n"
"         as in a flow, but without a mask\n"
"\n"
"  Walk a packet through the switch without sending it, and show each step: the\n"
"  state of the port, its VLAN, the guard, the flow of each table that matched\n"
"  and up to three that nearly did, actions, groups, meters, where its MAC leads,\n"
"  and the ports by which it would leave or why it would be dropped. Nothing is\n"
"  counted, learned or changed.\n"
"  What is not described is as most packets have it. PORT 'local' is the host.\n"
"  -r       the packet is one of a file of tcpdump(8) or vsw-capture(8)\n"
"  packet   which of them, 1 unless given\n"
"\n"
"Examples:\n"
"  vsw trace vs0 in_port=eth1,tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=80\n"
"  vsw trace vs0 in_port=eth1,dl_vlan=10,arp -j\n"
"  vsw trace vs0 in_port=eth1 -r traffic.pcap packet 7\n";

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw port show' and 'vsw switch show'." },
	{ EOPNOTSUPP, "This module is older than vsw: load that of the same release." },
	{}
};

/* What the words say. */
struct asked {
	struct vsw_trace req;
	const char *file;
	uint32_t packet;		/* 0: not said */
};

/* Options may stand before or behind the description. */
static int take_file(char **words, struct asked *asked, struct err *err)
{
	char **to = words, **w;
	uint64_t number;

	for (w = words; *w; w++) {
		if (!strcmp(*w, "-r")) {
			if (!w[1])
				return err_set(err, STATUS_USAGE, "the file behind '-r' is missing");
			asked->file = *++w;
		} else if (!strcmp(*w, "packet")) {
			if (!w[1])
				return err_set(err, STATUS_USAGE,
					       "the number behind 'packet' is missing");
			if (flow_parse_number("packet", *++w, UINT32_MAX, &number, err) < 0)
				return -1;
			if (!number)
				return err_set(err, STATUS_USAGE, "packets count from 1");
			asked->packet = number;
		} else {
			*to++ = *w;
		}
	}
	*to = NULL;
	if (asked->packet && !asked->file)
		return err_set(err, STATUS_USAGE, "'packet' is one of a file: '-r FILE' is missing");
	return 0;
}

/* The field is the packet's, but not of the frame. */
static bool take_number(struct flow_match *match, unsigned int field, uint32_t *number)
{
	const struct flow_term *term = flow_match_find(match, field);

	if (!term)
		return false;
	*number = flow_number(field, term->value);
	return true;
}

static int describe(struct asked *asked, const struct vsw_flow_request *described,
		    struct frame *frame, struct err *err)
{
	struct flow_match match = described->match;
	struct vsw_trace *req = &asked->req;

	if (!take_number(&match, VSWITCH_A_MATCH_IN_PORT, &req->port_number))
		return err_set(err, STATUS_USAGE, "the port by which it comes is missing: add 'in_port=PORT'");
	req->has |= HAS(VSWITCH_A_TRACE_PORT_NUMBER);
	if (take_number(&match, VSWITCH_A_MATCH_MARK, &req->mark))
		req->has |= HAS(VSWITCH_A_TRACE_MARK);
	if (!asked->file)
		return frame_build(&match, frame, err);
	if (match.n > 1 + !!(req->has & HAS(VSWITCH_A_TRACE_MARK)))
		return err_set(err, STATUS_USAGE,
			       "the packet is that of the file: only in_port and pkt_mark are said beside it");
	return frame_read(asked->file, asked->packet ?: 1, frame, err);
}

static int show(struct vsw *vsw, const struct vsw_trace *req, const struct frame *frame,
		struct switch_ports *of, struct err *err)
{
	struct vsw_trace trace = {};
	int ret;

	if (vsw_connect(vsw, err) < 0)
		return -1;
	ret = vsw_nl_trace(vsw->nl, req, frame, &trace, err);
	if (ret < 0)
		explain(hints, err, "switch '%s'", req->switch_name);
	else
		ret = output_trace(&vsw->out, &trace, &of->ports, err);
	object_clear(&kind_trace, &trace);
	return ret;
}

/* The words behind the options and the switch. */
static int trace(struct vsw *vsw, char **words, struct asked *asked, struct err *err)
{
	struct vsw_flow_request described = {};
	char *text = flow_join(words, err);
	struct switch_ports of;
	struct frame *frame;
	int ret;

	frame = malloc(sizeof(*frame));
	if (!text || !frame) {
		free(text);
		free(frame);
		return err_set(err, STATUS_SYSTEM, "out of memory");
	}
	switch_ports_init(&of, vsw, asked->req.switch_name);
	ret = flow_parse_request(text, &of.ports, FLOW_USE_PACKET, &described, err);
	if (!ret)
		ret = describe(asked, &described, frame, err);
	if (!ret)
		ret = show(vsw, &asked->req, frame, &of, err);
	object_clear(&kind_flow_request, &described);
	switch_ports_free(&of);
	free(frame);
	free(text);
	return ret;
}

static int run(struct vsw *vsw, char **words, struct err *err)
{
	struct options options = {
		.colour_when = vsw->out.colour ? COLOUR_ALWAYS : COLOUR_NEVER,
	};
	struct asked asked = { .req.has = HAS(VSWITCH_A_TRACE_SWITCH_NAME) };

	if (take_file(words, &asked, err) < 0 || options_filter(words, &options, err) < 0)
		return -1;
	if (options.help) {
		output_text(help);
		return 0;
	}
	options_apply(&options, vsw);
	if (flow_take_switch(&words, asked.req.switch_name, err) < 0)
		return -1;
	return trace(vsw, words, &asked, err);
}

const struct object object_trace = {
	.name = "trace", .help = help, .run = run, .own_options = true,
};
