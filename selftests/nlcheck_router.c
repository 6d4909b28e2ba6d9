// SPDX-License-Identifier: GPL-2.0
/*
 * Sends every operation of the family vrouter with one thing wrong at a time, as nlcheck
 * does with those of the family vswitch: wrong lengths and values, attributes that the
 * operation does not take or that contradict each other, what it needs left out, bytes that
 * trail, objects that are not there. Each must be refused with a message, and with the
 * attribute where one is at fault; nothing may have changed. Runs in the scene of
 * valid_router.h.
 *
 * Prints "CHECKED WRONG" and a line for each wrong one. Exit status 1 when one was wrong.
 */
#include <linux/rtnetlink.h>

#include "contract_router.h"
#include "state_router.h"
#include "valid_router.h"
#include "nlcheck.h"

static void wrong_address(const struct target *t, unsigned int type)
{
	static const uint8_t bytes[32] = { 10 };

	replaced(t, type, bytes, 0, "no value");
	replaced(t, type, bytes, 3, "3 bytes");
	replaced(t, type, bytes, 5, "5 bytes");
	replaced(t, type, bytes, 8, "8 bytes");
	replaced(t, type, bytes, 15, "15 bytes");
	replaced(t, type, bytes, 17, "17 bytes");
	replaced(t, type, bytes, 32, "32 bytes");
	replaced(t, type | NLA_F_NESTED, bytes, 4, "a nested address");
}

static void wrong_bytes(const struct target *t, unsigned int type, const struct rule *rule)
{
	static const uint8_t bytes[64] = { 0x20, 1 };

	replaced(t, type, bytes, 0, "no value");
	replaced(t, type, bytes, 4, "4 bytes");
	replaced(t, type, bytes, rule->min - 1, "a value too short");
	replaced(t, type, bytes, rule->max + 1, "a value too long");
	replaced(t, type | NLA_F_NESTED, bytes, rule->min, "nested bytes");
}

static void wrong_protocol(const struct target *t, unsigned int type)
{
	static const uint8_t none[] = { 0, 1, 33, 58, 136, 255 }, tcp = IPPROTO_TCP;
	unsigned int i;

	replaced(t, type, none, 0, "no value");
	replaced(t, type, none, 2, "a value too long");
	replaced(t, type | NLA_F_NESTED, &tcp, 1, "a nested protocol");
	for (i = 0; i < sizeof(none); i++)
		replaced(t, type, &none[i], 1, "a protocol that is not for it");
}

/* An attribute that is not taken, with a value that one of its kind might have. */
static void not_taken(const struct target *t, unsigned int type, const struct rule *rule)
{
	static const uint32_t value = 1;
	static const char what[] = "an attribute it does not take";

	switch (rule ? rule->kind : U32) {
	case TEXT:
		replaced(t, type, "s0", 3, what);
		break;
	case ADDRESS:
		replaced(t, type, VALID_VIP, 4, what);
		break;
	case BYTES:
		replaced(t, type, VALID_VIP6, 16, what);
		break;
	default:
		replaced(t, type, &value, rule && rule->kind ? rule_length(rule) : 4, what);
		break;
	}
}

static void wrong_attributes(const struct target *t)
{
	const struct operation *op = &operations[t->cmd];
	static const uint32_t value = 1;
	const struct rule *rule;
	unsigned int type;

	for (type = 0; type <= op->set->max + 3; type++) {
		rule = type <= op->set->max ? &op->set->rules[type] : NULL;
		if (!(op->allowed & HAS(type)) || (t->dump && (op->no_dump & HAS(type)))) {
			not_taken(t, type, rule);
			continue;
		}
		switch (rule->kind) {
		case TEXT: wrong_text(t, type, rule); break;
		case ADDRESS: wrong_address(t, type); break;
		case BYTES: wrong_bytes(t, type, rule); break;
		case PROTOCOL: wrong_protocol(t, type); break;
		case U64: wrong_number64(t, type); break;
		default: wrong_number(t, type, rule); break;
		}
	}
	replaced(t, 0x3fff, &value, 4, "an unknown attribute");
}

/* Right alone, and wrong with what else is there: any of them may be at fault. */
static void contradicts(const struct target *t, uint16_t type, const void *value,
			unsigned int len, const char *what)
{
	replaced_some(t, type, value, len, what, false);
}

#include "nlcheck_router_objects.h"

static void wrong_requests(const struct target *t)
{
	wrong_attributes(t);
	wrong_framing(t);
	twice(t);
	if (t->dump)
		return;
	missing(t);
	wrong_service(t);
	wrong_backend(t);
	wrong_publish(t);
	wrong_nat(t);
	wrong_connection(t);
	wrong_shape(t);
}

int main(void)
{
	setlinebuf(stdout);
	nl_open_family(&nl, VROUTER_FAMILY_NAME);
	nl_open(&route, NETLINK_ROUTE);
	done_has_offset = find_done_offset();
	valid_open(&nl);
	valid_restore(&nl);
	check_commands();
	printf("%u %u\n", checked, wrong);
	return wrong != 0;
}
