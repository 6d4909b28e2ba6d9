/* SPDX-License-Identifier: GPL-2.0 */
/* In what words a contract says what a family may be asked: see contract.h. */
#ifndef SELFTESTS_CONTRACT_KINDS_H
#define SELFTESTS_CONTRACT_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A LABEL is the name of what is no device, PORTS are numbers of them, a PROTOCOL is one
 * that has ports. NEST is a guard, those from ENTRY on are nests, too.
 */
enum kind {
	U8 = 1, U16, U32, NAME, MAC, TEXT, SET, NEST, MAP, LABEL, PORTS, ADDRESS, GROUP, SOURCE,
	PRIVATE, U64, FLAG, FIELD, RANGE, BYTES, PROTOCOL,
	ENTRY, MATCH, ACTIONS, SET_FIELD, MOVE, RESUBMIT, CONTROLLER, BUCKET,
	CT, NAT, LEARN, LEARN_SPEC, SAMPLE, OUTPUT_FIELD,
};

/*
 * Bounds of a number, or of the characters of a text or of bytes. Of a FIELD its length, and
 * what it needs.
 */
struct rule {
	enum kind kind;
	uint32_t min, max;
};

#define ANY32	UINT32_MAX

#define HAS(attr)	(UINT64_C(1) << (attr))

/* A set of attributes, and those in it that name the switch and the port of a request. */
struct set {
	const struct rule *rules;
	unsigned int max;
	uint64_t switch_id, device;
	unsigned int number;		/* 0, no attribute */
};

#define MAX_NEEDED	5

/*
 * An operation takes @allowed attributes, and of each set in @needed at least
 * one. A dump takes those without @no_dump and needs nothing, but see is_of_switch().
 */
struct operation {
	const char *name;
	const struct set *set;
	bool dump;
	uint64_t allowed;
	uint64_t needed[MAX_NEEDED];
	uint64_t no_dump;
};

#endif
