// SPDX-License-Identifier: GPL-2.0
/* Words for the values of fields that have some. */
#include "flow_private.h"

#define ANY	VSWITCH_FLOW_FRAG_ANY
#define LATER	VSWITCH_FLOW_FRAG_LATER

const struct flow_bits_word flow_fragment_words[] = {
	{ "no", ANY | LATER, 0 },
	{ "first", ANY | LATER, ANY },
	{ "later", ANY | LATER, ANY | LATER },
	{ "yes", ANY, ANY },
	{ "not_later", LATER, 0 },
	{}
};

const struct flow_bits_word flow_tcp_flag_words[] = {
	{ "fin", 0, 0x001 },
	{ "syn", 0, 0x002 },
	{ "rst", 0, 0x004 },
	{ "psh", 0, 0x008 },
	{ "ack", 0, 0x010 },
	{ "urg", 0, 0x020 },
	{ "ece", 0, 0x040 },
	{ "cwr", 0, 0x080 },
	{ "ns", 0, 0x100 },
	{}
};

const struct flow_bits_word flow_ct_state_words[] = {
	{ "new", 0, VSWITCH_FLOW_CT_NEW },
	{ "est", 0, VSWITCH_FLOW_CT_ESTABLISHED },
	{ "rel", 0, VSWITCH_FLOW_CT_RELATED },
	{ "rpl", 0, VSWITCH_FLOW_CT_REPLY },
	{ "inv", 0, VSWITCH_FLOW_CT_INVALID },
	{ "trk", 0, VSWITCH_FLOW_CT_TRACKED },
	{ "snat", 0, VSWITCH_FLOW_CT_SNAT },
	{ "dnat", 0, VSWITCH_FLOW_CT_DNAT },
	{}
};
