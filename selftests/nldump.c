// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps the objects of one kind of this network namespace in the smallest parts
 * that the kernel makes, and looks whether it is all there.
 *
 *   nldump [-c COMMAND] [-s SWITCH] switch|port|fdb|binding|mirror|mdb|vlan|flow
 *   nldump [-c COMMAND] service|backend|publish|nat|connection|class
 *
 *	-c	run this, which should change something, after the first part
 *	-s	of this switch, which flows need to have said
 *
 * Prints "objects N again D parts P interrupted 0|1": D objects came more than
 * once.
 */
#include <linux/vrouter.h>
#include <linux/vswitch.h>

#include "request.h"

/* A part is as big as the reader's buffer, but never smaller than a page. */
#define PART	4096

/* What tells objects of a kind apart, by up to six attributes. */
static const struct kind {
	const char *name;
	uint8_t cmd;
	uint8_t key[6];
} kinds[] = {
	{ "switch", VSWITCH_CMD_SWITCH_GET, { VSWITCH_A_SWITCH_IFINDEX } },
	{ "port", VSWITCH_CMD_PORT_GET,
	  { VSWITCH_A_PORT_SWITCH_IFINDEX, VSWITCH_A_PORT_NUMBER } },
	{ "fdb", VSWITCH_CMD_FDB_GET,
	  { VSWITCH_A_FDB_SWITCH_IFINDEX, VSWITCH_A_FDB_ADDRESS, VSWITCH_A_FDB_VLAN } },
	{ "binding", VSWITCH_CMD_BINDING_GET,
	  { VSWITCH_A_BINDING_SWITCH_IFINDEX, VSWITCH_A_BINDING_PORT_NUMBER,
	    VSWITCH_A_BINDING_MAC, VSWITCH_A_BINDING_VLAN, VSWITCH_A_BINDING_IP,
	    VSWITCH_A_BINDING_PREFIX_LEN } },
	{ "mirror", VSWITCH_CMD_MIRROR_GET,
	  { VSWITCH_A_MIRROR_SWITCH_IFINDEX, VSWITCH_A_MIRROR_NAME } },
	{ "mdb", VSWITCH_CMD_MDB_GET,
	  { VSWITCH_A_MDB_SWITCH_IFINDEX, VSWITCH_A_MDB_PORT_NUMBER, VSWITCH_A_MDB_GROUP,
	    VSWITCH_A_MDB_VLAN } },
	{ "vlan", VSWITCH_CMD_VLAN_GET,
	  { VSWITCH_A_VLAN_SWITCH_IFINDEX, VSWITCH_A_VLAN_VLAN } },
	/* Many in one message; no two of the test have one cookie. */
	{ "flow", VSWITCH_CMD_FLOW_GET, { VSWITCH_A_FLOW_ENTRY_COOKIE } },
}, router_kinds[] = {
	{ "service", VROUTER_CMD_SERVICE_GET, { VROUTER_A_SERVICE_NAME } },
	{ "backend", VROUTER_CMD_BACKEND_GET,
	  { VROUTER_A_BACKEND_SERVICE, VROUTER_A_BACKEND_ADDRESS, VROUTER_A_BACKEND_PORT } },
	{ "publish", VROUTER_CMD_PUBLISH_GET,
	  { VROUTER_A_PUBLISH_PROTOCOL, VROUTER_A_PUBLISH_PORT, VROUTER_A_PUBLISH_ADDRESS } },
	{ "nat", VROUTER_CMD_NAT_GET, { VROUTER_A_NAT_ID } },
	{ "connection", VROUTER_CMD_CONNECTION_GET,
	  { VROUTER_A_CONNECTION_PROTOCOL, VROUTER_A_CONNECTION_SOURCE,
	    VROUTER_A_CONNECTION_SOURCE_PORT, VROUTER_A_CONNECTION_DESTINATION,
	    VROUTER_A_CONNECTION_DESTINATION_PORT } },
	{ "class", VROUTER_CMD_SHAPE_GET, { VROUTER_A_SHAPE_NAME } },
};

struct key {
	uint8_t value[6][16];
};

static const struct kind *kind;
static bool is_of_router;
static struct key *keys;
static unsigned long count, room;

static struct key *new_key(void)
{
	struct key *key;

	if (count == room) {
		room = room ? 2 * room : 1024;
		keys = realloc(keys, room * sizeof(*keys));
		if (!keys)
			err(2, "realloc");
	}
	key = &keys[count++];
	memset(key, 0, sizeof(*key));
	return key;
}

static void add_value(struct key *key, const struct nlattr *attr)
{
	unsigned int i;

	for (i = 0; i < 6 && kind->key[i]; i++)
		if (kind->key[i] == mnl_attr_get_type(attr) &&
		    mnl_attr_get_payload_len(attr) <= sizeof(key->value[i]))
			memcpy(key->value[i], mnl_attr_get_payload(attr),
			       mnl_attr_get_payload_len(attr));
}

static void add_flows(const struct nlmsghdr *nlh)
{
	const struct nlattr *entry, *attr;
	struct key *key;

	mnl_attr_for_each(entry, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(entry) != VSWITCH_A_FLOW_ENTRY)
			continue;
		key = new_key();
		mnl_attr_for_each_nested(attr, entry)
			add_value(key, attr);
	}
}

static void add_key(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;
	struct key *key;

	if (kind->cmd == VSWITCH_CMD_FLOW_GET && !is_of_router) {
		add_flows(nlh);
		return;
	}
	key = new_key();
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		add_value(key, attr);
}

static void find_kind(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(name, kinds[i].name))
			kind = &kinds[i];
	for (i = 0; i < sizeof(router_kinds) / sizeof(*router_kinds); i++) {
		if (strcmp(name, router_kinds[i].name))
			continue;
		kind = &router_kinds[i];
		is_of_router = true;
	}
	if (!kind)
		errx(2, "no kind of objects: %s", name);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct key));
}

static unsigned long duplicates(void)
{
	unsigned long i, n = 0;

	qsort(keys, count, sizeof(*keys), compare);
	for (i = 1; i < count; i++)
		n += !compare(&keys[i - 1], &keys[i]);
	return n;
}

int main(int argc, char **argv)
{
	unsigned int parts = 0, interrupted = 0;
	const char *command = NULL, *name = NULL;
	char buf[PART];
	const struct nlmsghdr *nlh;
	struct nlmsghdr *request;
	struct nl nl, family;
	int opt, len;
	ssize_t n;

	while ((opt = getopt(argc, argv, "c:s:")) != -1) {
		switch (opt) {
		case 'c': command = optarg; break;
		case 's': name = optarg; break;
		default: return 2;
		}
	}
	if (optind == argc)
		errx(2, "usage: nldump [-c COMMAND] [-s SWITCH] KIND");
	find_kind(argv[optind]);

	/* On a socket of its own: this one shall not know a bigger buffer. */
	nl_open_family(&family, is_of_router ? VROUTER_FAMILY_NAME : VSWITCH_FAMILY_NAME);
	nl_open(&nl, NETLINK_GENERIC);
	nl.family = family.family;
	if (setsockopt(nl.fd, SOL_SOCKET, SO_RCVBUF, &(int){ 1 }, sizeof(int)))
		err(2, "SO_RCVBUF");
	request = nl_command(&nl, buf, kind->cmd, NLM_F_DUMP);
	if (name)
		mnl_attr_put_strz(request, VSWITCH_A_FLOW_SWITCH_NAME, name);
	if (send(nl.fd, request, request->nlmsg_len, 0) < 0)
		err(2, "send");
	for (;;) {
		n = recv(nl.fd, buf, sizeof(buf), MSG_TRUNC);
		if (n < 0)
			err(1, "receive");
		if ((size_t)n > sizeof(buf))
			errx(1, "a part of %zd bytes", n);
		parts++;
		len = n;
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = 1;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				errx(1, "%s", strerror(nl_acknowledged(&nl, nlh)));
			if (nlh->nlmsg_type == NLMSG_DONE)
				goto done;
			add_key(nlh);
		}
		if (parts == 1 && command && system(command))
			errx(2, "'%s' failed", command);
	}
done:
	printf("objects %lu again %lu parts %u interrupted %u\n", count, duplicates(), parts,
	       interrupted);
	return 0;
}
