/* SPDX-License-Identifier: GPL-2.0 */
/* Bits of fields, of which the lowest is bit 0, whatever the byte order of the field is. */
#ifndef _VSWITCH_FIELD_BITS_H
#define _VSWITCH_FIELD_BITS_H

#include <linux/minmax.h>

#include "key.h"

/* The byte of @field with its bit @bit. */
static inline unsigned int vsw_field_byte(const struct vsw_field *field, unsigned int bit)
{
	if (field->is_network || IS_ENABLED(CONFIG_CPU_BIG_ENDIAN))
		return field->size - 1 - bit / 8;
	return bit / 8;
}

/*
 * @left bits of @source, a value of @from, from bit @src on, become those of @value, one of
 * @to, from bit @dst on.
 */
static inline void vsw_field_copy(u8 *value, const struct vsw_field *to, unsigned int dst,
				  const u8 *source, const struct vsw_field *from,
				  unsigned int src, unsigned int left)
{
	unsigned int bits;
	u8 *at, mask, piece;

	for (; left; left -= bits, src += bits, dst += bits) {
		/* as many as are in one byte, here and there */
		bits = min3(8 - src % 8, 8 - dst % 8, left);
		mask = GENMASK(bits - 1, 0);
		piece = source[vsw_field_byte(from, src)] >> src % 8 & mask;
		at = &value[vsw_field_byte(to, dst)];
		*at = (*at & ~(mask << dst % 8)) | piece << dst % 8;
	}
}

/* The number that @bits bits of field @number are, 32 at most, from bit @offset on. */
static inline u32 vsw_field_number(const struct vsw_key *key, unsigned int number,
				   unsigned int offset, unsigned int bits)
{
	static const struct vsw_field plain = { .size = sizeof(u32), .bits = 32 };
	const struct vsw_field *from = vsw_field(number);
	u32 value = 0;

	vsw_field_copy((u8 *)&value, &plain, 0, (const u8 *)key + from->offset, from, offset,
		       bits);
	return value;
}

#endif /* _VSWITCH_FIELD_BITS_H */
