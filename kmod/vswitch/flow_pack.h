/* SPDX-License-Identifier: GPL-2.0 */
/* A flow's match, packed: the words that its mask has; and what two of them have in common. */
#ifndef _VSWITCH_FLOW_PACK_H
#define _VSWITCH_FLOW_PACK_H

#include "flow_table.h"

int vsw_flow_slab_create(void);
void vsw_flow_slab_destroy(void);

/* The mask of all that is no range, words in flow->map. */
static inline const u64 *vsw_flow_mask(const struct vsw_flow *flow)
{
	return flow->node.word + flow->words;
}

static inline size_t vsw_flow_range_size(const struct vsw_flow *flow)
{
	/* Behind its words is the mask of the ports. */
	return sizeof(struct vsw_flow_node) + (flow->words + 1) * sizeof(u64);
}

static inline struct vsw_flow_node *vsw_flow_node(const struct vsw_flow *flow, unsigned int i)
{
	if (likely(!flow->ranges))
		return (struct vsw_flow_node *)&flow->node;
	return (void *)flow->ranges + i * vsw_flow_range_size(flow);
}

void vsw_flow_node_mask(const struct vsw_flow *flow, const struct vsw_flow_node *node, u64 *mask);
/* The words and the mask of the first node of a flow of @match, and which they are. */
vsw_key_map vsw_flow_pack_first(const struct vsw_match *match, u64 *word, u64 *mask);
/* The same match; the priority is not asked. */
bool vsw_flow_is_like(const struct vsw_flow *a, const struct vsw_flow *b);
/* Whether one packet can match both. */
bool vsw_flow_overlaps(const struct vsw_flow *a, const struct vsw_flow *b);
/* At once: no packet has it. */
void vsw_flow_release(struct vsw_flow *flow);

#endif /* _VSWITCH_FLOW_PACK_H */
