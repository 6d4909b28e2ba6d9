/* SPDX-License-Identifier: GPL-2.0 */
/* Frames, and what is wanted of the extractor of keys, for the suites that test it. */
#ifndef _VSWITCH_KEY_FRAME_H
#define _VSWITCH_KEY_FRAME_H

#include <kunit/test.h>

#include "key.h"
#include "vswitch.h"

#define KEY_FRAME_MAX	1600
#define KEY_FRAME_PORT	0x1234
#define KEY_FRAME_MARK	0xcafe

/* A frame, and what lies beside it. */
struct key_frame {
	u8 bytes[KEY_FRAME_MAX];
	unsigned int len;		/* what is behind it is not the frame's */
	bool is_tagged;
	u16 tci;			/* of the tag beside it */
	bool is_gso;
};

/* How a packet lies in memory: @head bytes of it, the rest in pages of @piece bytes. */
struct key_shape {
	unsigned int head, piece;
	bool listed;			/* in packets instead */
};

extern const struct key_shape key_shapes[6];

/* The words that flows ask for mostly, and rarely. */
extern const vsw_key_map key_maps[15];

/* Data is behind the Ethernet header. NULL: no memory. */
struct sk_buff *key_frame_packet(const struct key_frame *f, const struct key_shape *shape);
/* All words that are the frame's, by the second extractor. */
void key_frame_read(const struct key_frame *f, struct vsw_key *key,
		    struct vsw_key_layout *layout);
/*
 * Extract the frame in all ways, all words and those in @map, and compare with what is
 * wanted. False: the test has failed.
 */
bool key_frame_compare(struct kunit *test, const struct key_frame *f,
		       const struct key_shape *shape, vsw_key_map map,
		       const struct vsw_key *wanted, const struct vsw_key_layout *where);
/* Likewise with what key_frame_read() says. */
bool key_frame_check(struct kunit *test, const struct key_frame *f,
		     const struct key_shape *shape, vsw_key_map map);

#endif /* _VSWITCH_KEY_FRAME_H */
