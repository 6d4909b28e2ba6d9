// SPDX-License-Identifier: GPL-2.0
/*
 * Sends every operation of the family vswitch that changes something, valid but
 * for the privileges of the sender. Each must be refused with EPERM and a
 * message, whatever it names. Prints "N refused".
 */
#include "contract.h"
#include "valid.h"

static struct nl nl;

/* Was it refused as it should be? */
static bool refused(uint8_t cmd, unsigned int way)
{
	char buf[REQUEST_MAX];
	int error = nl_request(&nl, valid_request(&nl, buf, cmd, false, way), NULL, NULL);

	if (error == EPERM && nl.message[0])
		return true;
	printf("%s: %s, message '%s'\n", operations[cmd].name,
	       error ? strerror(error) : "accepted", nl.message);
	return false;
}

int main(void)
{
	unsigned int cmd, way, wrong = 0, count = 0;

	nl_open_family(&nl, VSWITCH_FAMILY_NAME);
	for (cmd = 1; cmd <= VSWITCH_CMD_MAX; cmd++) {
		if (!operations[cmd].name || operations[cmd].dump)
			continue;
		for (way = 0; way < valid_ways(cmd, false); way++) {
			count++;
			wrong += !refused(cmd, way);
		}
	}
	printf("%u refused\n", count - wrong);
	return wrong != 0;
}
