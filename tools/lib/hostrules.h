/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the host's own firewall stands: base chains of nftables, as nft(8) tells them, and
 * tables of the old iptables, as the kernel does.
 */
#ifndef VSW_LIB_HOSTRULES_H
#define VSW_LIB_HOSTRULES_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

#define HOSTRULES_NAME_SIZE	128

struct hostrules_chain {
	char name[HOSTRULES_NAME_SIZE];	/* "nft inet filter input", "iptables-legacy nat" */
	char hook[16];			/* "prerouting", "input", ... */
	char type[16];			/* "filter", "nat", "route" */
	char policy[16];		/* "accept", "drop"; "": not known */
	int32_t priority;
	uint32_t rules;			/* its own, not those of chains that it goes to */
	bool counted;			/* rules is known */
};

struct hostrules {
	struct hostrules_chain *chain;	/* owned */
	size_t n;
	bool no_nft;			/* there is no nft(8) to ask */
};

/* Those of a family, AF_INET or AF_INET6, in this network namespace. 0, or -1 with err set. */
int hostrules_read(int family, struct hostrules *rules, struct err *err);
void hostrules_free(struct hostrules *rules);

#endif
