// SPDX-License-Identifier: GPL-2.0
/* A dropped frame as a line of text. */
#include <stdio.h>
#include <time.h>

#include "output_private.h"

#define NANOSECONDS	UINT64_C(1000000000)

/* Local time, as tcpdump has it. */
static void put_time(uint64_t time)
{
	time_t seconds = time / NANOSECONDS;
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	printf("%s.%06u ", text, (unsigned int)(time % NANOSECONDS / 1000));
}

static void put_header(const struct vsw_dropped *dropped)
{
	const uint8_t *frame = dropped->frame.data;
	char to[MAC_TEXT_SIZE], from[MAC_TEXT_SIZE];

	if (dropped->frame.n < 14) {
		printf(", length %u", dropped->length);
		return;
	}
	printf(", %s > %s, ethertype 0x%02x%02x, length %u", mac_text(from, frame + 6),
	       mac_text(to, frame), frame[12], frame[13], dropped->length);
}

void output_dropped(const struct vsw_dropped *dropped)
{
	put_time(dropped->time);
	put(false, COLOUR_NONE, "%s", dropped->port_name);
	if (dropped->direction != VSWITCH_DIRECTION_UNKNOWN)
		printf(" %s", direction_name(dropped->direction));
	put(false, COLOUR_NONE, " %s", dropped->reason ? dropped->reason : "?");
	if (dropped->vlan)
		printf(" vlan %u", dropped->vlan);
	if (dropped->length)
		put_header(dropped);
	putchar('\n');
}
