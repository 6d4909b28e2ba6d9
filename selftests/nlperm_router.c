// SPDX-License-Identifier: GPL-2.0
/*
 * Sends every operation of the family vrouter that not everybody may do, valid but for the
 * privileges of the sender. Each must be refused with EPERM and a message, whatever it names;
 * a dump too. Then all others, which must work. Prints "N refused M open".
 */
#include "contract_router.h"
#include "valid_router_requests.h"

static struct nl nl;
static unsigned int wrong, refused, open_to_all;

static void ask(uint8_t cmd, bool dump, unsigned int way)
{
	char buf[REQUEST_MAX];
	int error = nl_request(&nl, valid_request(&nl, buf, cmd, dump, way), NULL, NULL);

	if (is_open(cmd) ? !error : error == EPERM && nl.message[0]) {
		*(is_open(cmd) ? &open_to_all : &refused) += 1;
		return;
	}
	wrong++;
	printf("# %s%s: %s, message '%s'\n", operations[cmd].name, dump ? " dump" : "",
	       error ? strerror(error) : "accepted", nl.message);
}

int main(void)
{
	unsigned int cmd, way;

	nl_open_family(&nl, VROUTER_FAMILY_NAME);
	for (cmd = 1; cmd <= VROUTER_CMD_MAX; cmd++) {
		for (way = 0; way < valid_ways(cmd, false); way++)
			ask(cmd, false, way);
		for (way = 0; operations[cmd].dump && way < valid_ways(cmd, true); way++)
			ask(cmd, true, way);
	}
	printf("%u refused %u open\n", refused, open_to_all);
	return wrong != 0;
}
