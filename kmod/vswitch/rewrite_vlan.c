// SPDX-License-Identifier: GPL-2.0
/*
 * VLAN tags. The outermost one is beside the packet when there is one there, else in it,
 * where skb->data is; the network header is there too, as for all frames here.
 */
#include <linux/if_vlan.h>
#include <kunit/visibility.h>

#include "rewrite_part.h"

/* In the frame; more than anybody needs, and what comes round in a loop gets no longer. */
#define MAX_TAGS	16
#define KEY_PRESENT	htons(VSWITCH_FLOW_VLAN_PRESENT)
/* That bit is the key's own; in a tag there is something else. */
#define TAG_BITS	(VLAN_PRIO_MASK | VLAN_VID_MASK)

static void move_headers(struct vsw_key_layout *layout, int bytes)
{
	if (layout->network)
		layout->network += bytes;
	if (layout->transport)
		layout->transport += bytes;
	if (layout->nd_options)
		layout->nd_options += bytes;
}

static __be16 key_tci(u16 tci)
{
	return htons(tci) | KEY_PRESENT;
}

/* Of the first tag in the frame, or 0. */
static __be16 key_tci_in_frame(const struct sk_buff *skb)
{
	const struct vlan_hdr *tag;
	struct vlan_hdr room;

	if (!eth_type_vlan(skb->protocol))
		return 0;
	tag = skb_header_pointer(skb, 0, sizeof(room), &room);
	return tag ? tag->h_vlan_TCI | KEY_PRESENT : 0;
}

static bool is_full(const struct sk_buff *skb)
{
	__be16 type = skb->protocol;
	const struct vlan_hdr *tag;
	struct vlan_hdr room;
	unsigned int i;

	for (i = 0; i < MAX_TAGS && eth_type_vlan(type); i++) {
		tag = skb_header_pointer(skb, i * VLAN_HLEN, sizeof(room), &room);
		if (!tag)
			return false;
		type = tag->h_vlan_encapsulated_proto;
	}
	return i == MAX_TAGS;
}

/* The tag beside @skb goes into the frame. False: no memory, or no room. */
static bool push_into_frame(struct sk_buff *skb, struct vsw_key_layout *layout)
{
	int err;

	if (is_full(skb))
		return false;
	__skb_push(skb, ETH_HLEN);
	err = __vlan_insert_tag(skb, skb->vlan_proto, skb_vlan_tag_get(skb));
	if (!err)
		skb->protocol = skb->vlan_proto;
	__skb_pull(skb, ETH_HLEN);
	if (err)
		return false;
	skb_postpush_rcsum(skb, skb->data, VLAN_HLEN);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	layout->tags++;
	move_headers(layout, VLAN_HLEN);
	return true;
}

static bool push(const struct vsw_rewrite *rw, __be16 proto, u16 tci)
{
	if (skb_vlan_tag_present(rw->skb) && !push_into_frame(rw->skb, rw->layout))
		return false;
	rw->key->vlan2_tci = key_tci_in_frame(rw->skb);
	rw->key->vlan_tci = key_tci(tci);
	__vlan_hwaccel_put_tag(rw->skb, proto, tci);
	return true;
}

bool vsw_rewrite_push_vlan(struct sk_buff *skb, struct vsw_key *key,
			   struct vsw_key_layout *layout, u16 ethertype)
{
	const struct vsw_rewrite rw = { skb, key, layout };

	return push(&rw, htons(ethertype), 0);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_rewrite_push_vlan);

/* Take the first tag out of the frame, which is within reach, and put it beside. */
static void pull_beside(struct sk_buff *skb, struct vsw_key_layout *layout)
{
	const struct vlan_hdr *tag = (const void *)skb->data;
	__be16 proto = skb->protocol;
	u16 tci = ntohs(tag->h_vlan_TCI);
	u8 *mac = skb_mac_header(skb);

	vlan_set_encap_proto(skb, (struct vlan_hdr *)skb->data);
	skb_postpull_rcsum(skb, skb->data, VLAN_HLEN);
	memmove(mac + VLAN_HLEN, mac, 2 * ETH_ALEN);
	skb->mac_header += VLAN_HLEN;
	__skb_pull(skb, VLAN_HLEN);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	__vlan_hwaccel_put_tag(skb, proto, tci);
	if (layout->tags)
		layout->tags--;
	move_headers(layout, -VLAN_HLEN);
}

/*
 * The next tag, if there is one, is beside the frame then: who asks for its VLAN need not
 * look into it.
 */
static int reach_tag(struct sk_buff *skb)
{
	/* vlan_set_encap_proto() looks at two bytes behind it. */
	return eth_type_vlan(skb->protocol) ?
	       vsw_rewrite_reach(skb, VLAN_HLEN + sizeof(u16)) : VSW_REWRITE_ABSENT;
}

bool vsw_rewrite_pop_vlan(struct sk_buff *skb, struct vsw_key *key,
			  struct vsw_key_layout *layout)
{
	/* The key has two of them, and there are more. */
	bool shows_more = eth_type_vlan(key->eth_type);
	int ret = reach_tag(skb);

	if (ret < 0)
		return false;
	if (!skb_vlan_tag_present(skb)) {
		if (ret != VSW_REWRITE_DONE)
			return true;
		pull_beside(skb, layout);
		ret = reach_tag(skb);
		if (ret < 0)
			return false;
	}
	__vlan_hwaccel_clear_tag(skb);
	key->vlan_tci = 0;
	if (ret == VSW_REWRITE_DONE) {
		pull_beside(skb, layout);
		key->vlan_tci = key_tci(skb_vlan_tag_get(skb));
	}
	key->vlan2_tci = key_tci_in_frame(skb);
	if (unlikely(shows_more))
		vsw_key_extract_again(key, layout, skb);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_rewrite_pop_vlan);

/* The outermost tag, where it is, gets another VLAN and priority. */
static int put_tci(struct sk_buff *skb, u16 tci)
{
	__be16 in_frame;
	int ret;

	if (skb_vlan_tag_present(skb)) {
		skb->vlan_tci = (skb->vlan_tci & ~TAG_BITS) | tci;
		return VSW_REWRITE_DONE;
	}
	ret = vsw_rewrite_reach(skb, VLAN_HLEN);
	if (ret != VSW_REWRITE_DONE)
		return ret;
	memcpy(&in_frame, skb->data, sizeof(in_frame));
	in_frame = (in_frame & ~htons(TAG_BITS)) | htons(tci);
	vsw_rewrite_put(skb, skb->data, &in_frame, sizeof(in_frame));
	return VSW_REWRITE_DONE;
}

/*
 * The outermost tag becomes @tci, as a key has it: a frame without one gets one (of
 * 802.1Q) if it says that there is one, one with a tag loses it if it says that not.
 */
int vsw_rewrite_tci(const struct vsw_rewrite *rw, __be16 tci)
{
	bool has_tag = rw->key->vlan_tci & KEY_PRESENT;
	u16 bits = ntohs(tci) & TAG_BITS;
	int ret = VSW_REWRITE_ABSENT;

	if (!(tci & KEY_PRESENT)) {
		if (has_tag && !vsw_rewrite_pop_vlan(rw->skb, rw->key, rw->layout))
			ret = -ENOMEM;
		return ret;
	}
	if (!has_tag)
		return push(rw, htons(ETH_P_8021Q), bits) ? VSW_REWRITE_DONE : -ENOMEM;
	ret = put_tci(rw->skb, bits);
	if (ret == VSW_REWRITE_DONE)
		rw->key->vlan_tci = tci;
	return ret;
}
