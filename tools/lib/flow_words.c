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
