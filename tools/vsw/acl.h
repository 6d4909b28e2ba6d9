/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of "vsw acl": acl.c has the commands, acl_words.c reads what they are about,
 * acl_switch.c what is in a switch, and writes it.
 */
#ifndef VSW_ACL_H
#define VSW_ACL_H

#include "flow.h"
#include "lib/acl.h"

/* What a command says. */
struct acl_words {
	const char *target;		/* a container or port; NULL: none is named */
	char switch_name[MODEL_NAME_SIZE];	/* "": none is named */
	bool has_mac;
	uint8_t mac[MODEL_MAC_SIZE];
	uint16_t number;		/* of the rule that is meant; 0: the acl says which */
	struct vsw_acl acl;
};

/* acl_words.c */
/* TARGET in|out ACTION PROTOCOL [PORTS] [from|to NET] [switch SW] [mac MAC] */
int acl_read_rule(char **words, struct acl_words *to, struct err *err);
/* TARGET in|out allow|deny [switch SW] [mac MAC] */
int acl_read_policy(char **words, struct acl_words *to, struct err *err);
/* [TARGET] [switch SW] */
int acl_read_target(char **words, struct acl_words *to, struct err *err);
/* N [switch SW], or a rule. */
int acl_read_meant(char **words, struct acl_words *to, struct err *err);

/* acl_switch.c: what is there of them in a switch */
struct acl_switch {
	struct vsw *vsw;
	char name[MODEL_NAME_SIZE];
	struct list ports;		/* struct vsw_port */
	struct list acls;		/* policies have the number 0 */
	bool framed;
	uint16_t last;			/* number of a rule */
	bool inconsistent;		/* while it was read it changed */
};

/* Into one that is {}. */
int acl_switch_read(struct acl_switch *sw, struct vsw *vsw, const char *name, struct err *err);
void acl_switch_free(struct acl_switch *sw);
/*
 * The switch that has the target, or the only one if none is named; target is then its
 * port in acl. The switch is read.
 */
int acl_switch_find(struct acl_switch *sw, struct vsw *vsw, struct acl_words *words,
		    struct err *err);
/* Flows for a rule, or with a policy word that alone; in one message. */
int acl_switch_add(struct acl_switch *sw, struct acl_words *words, bool policy, struct err *err);
/* Flows with these bits in their cookies go. */
int acl_switch_delete(struct acl_switch *sw, uint64_t cookie, uint64_t mask, struct err *err);
struct vsw_acl *acl_switch_policy(struct acl_switch *sw, const struct vsw_acl *of);

#endif
