/* SPDX-License-Identifier: GPL-2.0 */
/* VLAN ids and sets of them, as the kernel and as people write them. */
#ifndef VSW_LIB_VLAN_H
#define VSW_LIB_VLAN_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/vswitch.h>

#include "err.h"

struct vlan_set {
	uint8_t bytes[VSWITCH_VLAN_SET_LEN];	/* as on the wire */
};

/* Which VLAN a tag outside of a port stands for; as on the wire. */
struct vlan_pair {
	uint16_t outside, inside;
};

struct vlan_map {
	struct vlan_pair pair[VSWITCH_VLAN_MAP_MAX];
	uint32_t n;
};

/* A VLAN that is part of another, on the wire and here. */
struct private_vlan {
	uint16_t primary, secondary;
	uint16_t type;			/* enum vswitch_private_vlan */
};

struct private_vlans {
	struct private_vlan pair[VSWITCH_PRIVATE_VLANS_MAX];
	uint32_t n;
};

void vlan_set_add(struct vlan_set *set, unsigned int vid);
bool vlan_set_has(const struct vlan_set *set, unsigned int vid);

/* Is vid the only one in it?  0: is it empty? */
bool vlan_set_is(const struct vlan_set *set, unsigned int vid);

void vlan_set_join(struct vlan_set *set, const struct vlan_set *others);
struct vlan_set vlan_set_without(const struct vlan_set *set, const struct vlan_set *others);

/* VLANs of a set in a row, all of them in another set too or none of them. */
struct vlan_run {
	unsigned int first, last;
	bool marked;
};

/*
 * The longest run behind run, which begins as {}; false when there is none.
 * marks may be NULL.
 */
bool vlan_run_next(const struct vlan_set *set, const struct vlan_set *marks, struct vlan_run *run);

/* Each names the thing that it parses in its error.  0, or -1 with err set. */
int vlan_parse_vid(const char *what, const char *text, uint16_t *vid, struct err *err);
/* "10,20-30", "all" or "none"; into an empty set. */
int vlan_parse_set(const char *what, const char *text, struct vlan_set *set, struct err *err);

/* "100:10,200:20" or "none"; into an empty map. */
int vlan_parse_map(const char *what, const char *text, struct vlan_map *map, struct err *err);
/* "802.1Q" or "802.1ad": an enum vswitch_vlan_protocol. */
int vlan_parse_protocol(const char *what, const char *text, uint8_t *protocol, struct err *err);
const char *vlan_protocol_name(unsigned int protocol);	/* "?" for an unknown one */

/* "isolated" or "community": an enum vswitch_private_vlan. */
int vlan_parse_private(const char *what, const char *text, uint16_t *type, struct err *err);
const char *vlan_private_name(unsigned int type);	/* "?" for an unknown one */

/* The words that vlan_parse_map() would make the map of. */
#define VLAN_MAP_TEXT_SIZE	(VSWITCH_VLAN_MAP_MAX * sizeof("4094:4094"))
const char *vlan_map_text(char text[VLAN_MAP_TEXT_SIZE], const struct vlan_map *map);

/* The words that vlan_parse_set() would make the set of. */
#define VLAN_TEXT_SIZE	(VSWITCH_MAX_VID / 2 * sizeof("4094"))
const char *vlan_text(char text[VLAN_TEXT_SIZE], const struct vlan_set *set);

#endif
