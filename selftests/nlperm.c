// SPDX-License-Identifier: GPL-2.0
/*
 * Sends every operation of the family vswitch that changes something, valid but
 * for the privileges of the sender. Each must be refused with EPERM and a
 * message, whatever it names. Prints "N refused".
 */
#include "contract.h"
#include "valid.h"

int main(void)
{
	unsigned int cmd, wrong = 0, count = 0;
	char buf[REQUEST_MAX];
	struct nl nl;
	int error;

	nl_open_family(&nl, VSWITCH_FAMILY_NAME);
	for (cmd = 1; cmd <= VSWITCH_CMD_FDB_FLUSH; cmd++) {
		if (operations[cmd].dump)
			continue;
		error = nl_request(&nl, valid_request(&nl, buf, cmd, false), NULL, NULL);
		count++;
		if (error == EPERM && nl.message[0])
			continue;
		wrong++;
		printf("%s: %s, message '%s'\n", operations[cmd].name,
		       error ? strerror(error) : "accepted", nl.message);
	}
	printf("%u refused\n", count - wrong);
	return wrong != 0;
}
