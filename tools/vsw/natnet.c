// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/container.h"
#include "lib/parse.h"
#include "natnet/natnet.h"
#include "router.h"

static const char help[] =
"Usage: vsw natnet add NAME subnet PREFIX [ dhcp ONOFF ] [ limit N ] [ ipv6 PREFIX ]\n"
"       vsw natnet delete NAME\n"
"       vsw natnet [ show [ NAME ] ]\n"
"\n"
"  A network behind this host's addresses, in one command: a switch NAME, the first\n"
"  address of PREFIX on it as gateway, forwarding, masquerade, and a dnsmasq that\n"
"  answers DNS and DHCP there. Its ports are those of 'vsw port add DEV switch NAME'\n"
"  for virtual machines and of 'vsw run --network NAME' for containers.\n"
"  subnet  IPv4, with 8 to 29 bits\n"
"  dhcp    addresses for who asks [on]\n"
"  limit   to so many hosts at a time are addresses leased, from the highest ones on;\n"
"          those below are for addresses that are said [half of the subnet]\n"
"  ipv6    also this prefix of 64 bits, with router advertisements if 'dhcp on'\n"
"  delete  all of it; who is in the switch stays without\n"
"\n"
"Examples:\n"
"  vsw natnet add lab subnet 192.168.100.0/24 dhcp on limit 50\n"
"  vsw natnet add lab6 subnet 10.9.0.0/24 ipv6 fd00:9::/64\n"
"  vsw natnet delete lab\n";

#define LIMIT_MAX	65536	/* of dnsmasq's table, which is kept in memory */

/* ---- words ------------------------------------------------------------------------------ */

static bool is_plain(const char *word)
{
	for (; *word; word++)
		if (!isalnum((unsigned char)*word) && !strchr("-_.", *word))
			return false;
	return true;
}

static int read_name(char ***words, char *name, struct err *err)
{
	const char *word;

	if (router_take(words, "name of the network", &word, err) < 0 ||
	    parse_name("name", word, name, err) < 0)
		return -1;
	/* it is a device's, a directory's and a word of dnsmasq */
	if (!is_plain(word) || *word == '.' || *word == '-')
		return err_set(err, STATUS_USAGE,
			       "name: '%s' has something else than letters, digits, '-', '_' and '.' in it",
			       word);
	return 0;
}

static uint32_t number(const struct prefix *address)
{
	uint32_t value;

	memcpy(&value, address->bytes, 4);
	return ntohl(value);
}

static void set_number(struct prefix *address, uint32_t value, uint8_t bits)
{
	*address = (struct prefix){ .len = 4, .bits = bits };
	value = htonl(value);
	memcpy(address->bytes, &value, 4);
}

static int read_subnet(struct vsw_natnet *net, const char *text, struct err *err)
{
	uint32_t host;

	if (parse_prefix("subnet", text, &net->subnet, err) < 0)
		return -1;
	if (net->subnet.len != 4 || net->subnet.bits < 8 || net->subnet.bits > 29)
		return err_set(err, STATUS_USAGE,
			       "subnet: '%s' is no prefix of IPv4 with 8 to 29 bits%s", text,
			       net->subnet.len == 16 ? "; one of IPv6 is said by 'ipv6'" : "");
	host = number(&net->subnet) & (UINT32_MAX >> net->subnet.bits);
	if (host)
		return err_set(err, STATUS_USAGE,
			       "subnet: '%s' is an address in it, the prefix has zeros behind its bits",
			       text);
	set_number(&net->gateway, number(&net->subnet) + 1, net->subnet.bits);
	return 0;
}

static int read_ipv6(struct vsw_natnet *net, const char *text, struct err *err)
{
	static const uint8_t zeros[8];

	if (parse_prefix("ipv6", text, &net->ipv6, err) < 0)
		return -1;
	if (net->ipv6.len != 16 || net->ipv6.bits != 64 || memcmp(net->ipv6.bytes + 8, zeros, 8))
		return err_set(err, STATUS_USAGE,
			       "ipv6: '%s' is no prefix of IPv6 with 64 bits, like fd00:1::/64",
			       text);
	net->ipv6_gateway = net->ipv6;
	net->ipv6_gateway.bytes[15] = 1;
	return 0;
}

static int read_option(struct vsw_natnet *net, const char *word, const char *value,
		       struct err *err)
{
	static const struct {
		const char *word;
		unsigned int attr;
	} options[] = {
		{ "subnet", NATNET_SUBNET }, { "dhcp", NATNET_DHCP }, { "limit", NATNET_LIMIT },
		{ "ipv6", NATNET_IPV6 },
	};
	size_t i = 0;

	while (i < 4 && strcmp(options[i].word, word))
		i++;
	if (i == 4)
		return err_set(err, STATUS_USAGE, "'%s' is not an option of this command", word);
	if (!value)
		return err_set(err, STATUS_USAGE, "'%s' lacks its value", word);
	if (net->has & HAS(options[i].attr))
		return err_set(err, STATUS_USAGE, "'%s' was given before", word);
	net->has |= HAS(options[i].attr);
	switch (options[i].attr) {
	case NATNET_SUBNET:
		return read_subnet(net, value, err);
	case NATNET_IPV6:
		return read_ipv6(net, value, err);
	case NATNET_DHCP:
		return parse_on_off(word, value, &net->dhcp, err);
	}
	return parse_u32(word, value, &net->limit, err);
}

/* Leases are the highest addresses, but for the last one, which is everybody's. */
static int settle_limit(struct vsw_natnet *net, struct err *err)
{
	uint32_t size = 1u << (32 - net->subnet.bits), most = size - 3;
	uint32_t broadcast = number(&net->subnet) + size - 1;

	if (!net->dhcp)
		return !(net->has & HAS(NATNET_LIMIT)) ? 0 :
		       err_set(err, STATUS_USAGE,
			       "'limit' is one of leases, and needs 'dhcp on'");
	if (most > LIMIT_MAX)
		most = LIMIT_MAX;
	if (!(net->has & HAS(NATNET_LIMIT)))
		net->limit = size / 2 - 1 < most ? size / 2 - 1 : most;
	if (!net->limit || net->limit > most)
		return err_set(err, STATUS_USAGE, "limit: it is between 1 and %u in this subnet",
			       most);
	set_number(&net->first, broadcast - net->limit, 32);
	set_number(&net->last, broadcast - 1, 32);
	return 0;
}

static int read_words(char **words, struct vsw_natnet *net, struct err *err)
{
	net->dhcp = true;
	if (read_name(&words, net->name, err) < 0)
		return -1;
	for (; *words; words += 2)
		if (read_option(net, words[0], words[1], err) < 0)
			return -1;
	if (!net->subnet.len)
		return err_set(err, STATUS_USAGE, "'subnet PREFIX' is missing");
	return settle_limit(net, err);
}

/* ---- commands --------------------------------------------------------------------------- */

static int connect_both(struct vsw *vsw, struct err *err)
{
	return vsw_connect(vsw, err) < 0 ? -1 : router_connect(vsw, err);
}

/* One that nobody works on and that is not whole was left by a vsw that was killed. */
static bool is_half_made(const struct natnet *natnet)
{
	return natnet->status != NATNET_RUNNING;
}

/* Of this network namespace, and of others as far as nothing of them is elsewhere. */
static bool is_ours(const struct natnet *natnet)
{
	return natnet->netns == natnet_netns() || !natnet->made;
}

static int reap(struct vsw *vsw, struct err *err)
{
	struct natnet natnet;
	char **names;
	size_t n, i;
	int ret = 0;

	if (natnet_names(&names, &n, err) < 0)
		return -1;
	for (i = 0; i < n && !ret; i++) {
		if (natnet_open(&natnet, names[i], false, NULL) < 0)
			continue;
		if (!is_half_made(&natnet) || !is_ours(&natnet))
			natnet_close(&natnet);
		else if (natnet_destroy(vsw->nl, vsw->router, &natnet, err) < 0)
			ret = err_prefix(err, "remove what is left of network '%s'", names[i]);
	}
	natnet_free_names(names, n);
	return ret;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_natnet net = {};

	if (read_words(words, &net, err) < 0 || connect_both(vsw, err) < 0 ||
	    reap(vsw, err) < 0)
		return -1;
	return natnet_create(vsw->nl, vsw->router, &net, err) < 0 ?
	       explain(NULL, err, "network '%s'", net.name) : 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	char name[MODEL_NAME_SIZE];
	struct natnet natnet;

	if (read_name(&words, name, err) < 0 || router_end(words, err) < 0 ||
	    connect_both(vsw, err) < 0 || natnet_open(&natnet, name, true, err) < 0)
		return -1;
	/* Without its dnsmasq nothing says where the others of a network namespace are. */
	if (!is_ours(&natnet) && dnsmasq_find(&natnet)) {
		natnet_close(&natnet);
		return err_set(err, STATUS_REFUSED,
			       "network '%s' is in another network namespace: say it by 'vsw -n NETNS'",
			       name);
	}
	if (!is_ours(&natnet))
		natnet.made = 0;
	return natnet_destroy(vsw->nl, vsw->router, &natnet, err) < 0 ?
	       explain(NULL, err, "network '%s'", name) : 0;
}

/* What the record says, and how it is. */
static int describe(struct natnet *natnet, struct vsw_natnet *net)
{
	pid_t pid = dnsmasq_find(natnet);

	*net = natnet->net;
	net->has = HAS(NATNET_NAME) | HAS(NATNET_STATE) | HAS(NATNET_SUBNET) |
		   HAS(NATNET_SUBNET_LEN) | HAS(NATNET_GATEWAY) | HAS(NATNET_DHCP);
	net->state = strdup(is_half_made(natnet) ? "half-made" : pid ? "running" : "no-dnsmasq");
	if (net->ipv6.len)
		net->has |= HAS(NATNET_IPV6) | HAS(NATNET_IPV6_LEN) | HAS(NATNET_IPV6_GATEWAY);
	if (net->dhcp) {
		net->has |= HAS(NATNET_LIMIT) | HAS(NATNET_FIRST) | HAS(NATNET_LAST) |
			    HAS(NATNET_LEASES);
		net->leases = dnsmasq_leases(natnet);
	}
	if (pid) {
		net->pid = pid;
		net->has |= HAS(NATNET_PID);
	}
	return net->state ? 0 : -1;
}

/* wanted: NULL for all of this network namespace. */
static int collect(const char *name, bool wanted, struct list *list, struct err *err)
{
	struct vsw_natnet *net;
	struct natnet natnet;
	int ret = 0;

	/* one that is worked on is none yet, or none any more */
	if (natnet_open(&natnet, name, wanted, wanted ? err : NULL) < 0)
		return wanted ? -1 : 0;
	if (wanted || natnet.netns == natnet_netns()) {
		net = list_grow(list, &kind_natnet);
		if (!net || describe(&natnet, net) < 0)
			ret = err_set(err, STATUS_SYSTEM, "out of memory");
	}
	natnet_close(&natnet);
	return ret;
}

static int by_name(const void *one, const void *other)
{
	return strcmp(((const struct vsw_natnet *)one)->name,
		      ((const struct vsw_natnet *)other)->name);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	char name[MODEL_NAME_SIZE], **names = NULL;
	struct list list = {};
	size_t n = 0, i;
	int ret = 0;

	if (*words) {
		if (read_name(&words, name, err) < 0 || router_end(words, err) < 0)
			return -1;
		ret = collect(name, true, &list, err);
	} else {
		ret = natnet_names(&names, &n, err);
		for (i = 0; i < n && !ret; i++)
			ret = collect(names[i], false, &list, err);
	}
	if (names)
		natnet_free_names(names, n);
	if (ret < 0) {
		list_free(&list, &kind_natnet);
		return -1;
	}
	return router_show_list(vsw, &kind_natnet, &list, by_name, 0, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "delete", do_delete, true },
	{}
};

const struct object object_natnet = { "natnet", help, commands, NULL, false };
