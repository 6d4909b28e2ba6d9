// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/container.h"
#include "publish.h"
#include "router.h"

static const char help[] =
"Usage: vsw publish add PORTS to TARGET [ netns NETNS ] [ obey-firewall ONOFF ]\n"
"       vsw publish set PORTS [ to TARGET ] [ netns NETNS ] [ obey-firewall ONOFF ]\n"
"       vsw publish delete PORTS\n"
"       vsw [ -s ] publish [ show [ PORTS ] ]\n"
"       vsw publish explain PORT [ from ADDRESS ]\n"
"PORTS  := [ ADDRESS: ]PORT[-LAST][/tcp | /udp | /sctp]\n"
"TARGET := CONTAINER[:PORT] | ADDRESS[:PORT][,ADDRESS[:PORT]]\n"
"\n"
"  Publishes ports of this host: who connects to them gets to a container of\n"
"  'vsw run', or to an address; two addresses are one of IPv4 and one of IPv6.\n"
"  Without an address of its own it is for all that the host has, 127.0.0.1 and\n"
"  ::1 among them. In a range all ports keep their distance; PORT of the target is\n"
"  that of the lowest. An IPv6 address before a port stands in []. The ports are\n"
"  taken on the host, too; it is refused if somebody has one of them.\n"
"  What leads to a container ends with it; 'netns' says the same of a network\n"
"  namespace, as -n takes it.\n"
"  obey-firewall  the host's filter rules apply to it [off]\n"
"  set            connections to where it led before are cut\n"
"  explain        what a packet to it meets at the hooks of netfilter, ours and the\n"
"                 host's own, and where it goes; from another host, or from ADDRESS\n"
"\n"
"Examples:\n"
"  vsw publish add 80 to web:8080\n"
"  vsw publish add 127.0.0.1:5353/udp to 10.0.0.2:53\n"
"  vsw publish add 8000-8999 to web\n"
"  vsw publish show\n";

static const struct keyword keywords[] = {
	{ "to", KEYWORD_VALUE, PUBLISH_SAID_TO, 0 },
	{ "netns", KEYWORD_VALUE, PUBLISH_SAID_NETNS, 0 },
	{ "obey-firewall", KEYWORD_VALUE, VROUTER_A_PUBLISH_OBEY_FIREWALL, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENOENT, "See 'vsw publish show'." },
	{ EEXIST, "'vsw publish set' changes it." },
	{}
};

struct request {
	struct vsw_publish publish;
	const char *word;		/* its ports, as they were said */
};

static int refused(const struct request *req, struct err *err)
{
	return explain(hints, err, "published port '%s'", req->word);
}

/* What names it. */
static int read_ports(char ***words, struct request *req, struct err *err)
{
	struct vsw_publish *publish = &req->publish;
	struct endpoint end;
	char *copy;
	int ret;

	if (router_take(words, "port", &req->word, err) < 0)
		return -1;
	copy = strdup(req->word);
	if (!copy)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	ret = endpoint_take_protocol("port", copy, &publish->protocol, err);
	if (!ret)
		ret = endpoint_parse_local("port", copy, &end, err);
	free(copy);
	if (ret < 0)
		return -1;
	publish->has = HAS(VROUTER_A_PUBLISH_PROTOCOL) | HAS(VROUTER_A_PUBLISH_PORT);
	publish->port = end.port;
	publish->port_last = end.port_last;
	if (end.port_last != end.port)
		publish->has |= HAS(VROUTER_A_PUBLISH_PORT_LAST);
	publish->address = end.first;
	if (end.first.len)
		publish->has |= HAS(VROUTER_A_PUBLISH_ADDRESS);
	return 0;
}

static int set_port(struct vsw_publish *publish, uint16_t port, struct err *err)
{
	if (!port)
		return 0;
	if (publish->has & HAS(VROUTER_A_PUBLISH_TO_PORT) && publish->to_port != port)
		return err_set(err, STATUS_USAGE, "to: the port is %u and %u", publish->to_port,
			       port);
	publish->to_port = port;
	publish->has |= HAS(VROUTER_A_PUBLISH_TO_PORT);
	return 0;
}

static void set_address(struct vsw_publish *publish, const struct prefix *address)
{
	if (address->len == 4) {
		publish->to_ipv4 = *address;
		publish->has |= HAS(VROUTER_A_PUBLISH_TO_IPV4);
	} else if (address->len == 16) {
		publish->to_ipv6 = *address;
		publish->has |= HAS(VROUTER_A_PUBLISH_TO_IPV6);
	}
}

/* One of the addresses that it leads to. */
static int to_address(struct vsw_publish *publish, const char *text, struct err *err)
{
	uint64_t had = publish->has;
	struct endpoint end;

	if (endpoint_parse_one("to", text, &end, err) < 0)
		return -1;
	if (end.port_last != end.port)
		return err_set(err, STATUS_USAGE,
			       "to: '%s': a range of ports is said where it is published; here is the lowest",
			       text);
	set_address(publish, &end.first);
	if (publish->has == had)
		return err_set(err, STATUS_USAGE,
			       "to: two addresses are one of IPv4 and one of IPv6");
	return set_port(publish, end.port, err);
}

/* name is a copy, which is cut. */
static int to_container(struct vsw_publish *publish, char *name, struct err *err)
{
	struct container_found found;
	uint16_t port = 0, last;
	char *colon = strchr(name, ':');

	if (colon) {
		*colon = '\0';
		if (endpoint_parse_ports("to", colon + 1, &port, &last, err) < 0)
			return -1;
		if (last != port)
			return err_set(err, STATUS_USAGE,
				       "to: '%s': here is the lowest port only", colon + 1);
	}
	if (container_find(name, &found, err) < 0)
		return err_prefix(err, "to");
	publish->netns_fd = found.netns;
	publish->label = strdup(name);
	publish->has |= HAS(VROUTER_A_PUBLISH_NETNS_FD) | HAS(VROUTER_A_PUBLISH_LABEL);
	if (!publish->label)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	set_address(publish, &found.ipv4);
	set_address(publish, &found.ipv6);
	if (!found.ipv4.len && !found.ipv6.len)
		return err_set(err, STATUS_USAGE, "to: container '%s' has no address", name);
	return set_port(publish, port, err);
}

/* What is published at one address is of that one's family. */
static void leave_other_family(struct vsw_publish *publish)
{
	if (publish->address.len == 4)
		publish->has &= ~HAS(VROUTER_A_PUBLISH_TO_IPV6);
	if (publish->address.len == 16)
		publish->has &= ~HAS(VROUTER_A_PUBLISH_TO_IPV4);
}

/* What can be an address is one, whatever containers are called. */
static bool is_address(const char *text)
{
	const char *colon = strchrnul(text, ':');
	struct endpoint end;
	char host[64];

	if (strchr(text, ',') || *text == '[' || (*colon && strchr(colon + 1, ':')))
		return true;
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	return endpoint_parse("to", host, &end, NULL) == 0;
}

static int read_target(struct vsw_publish *publish, struct err *err)
{
	char *copy, *rest, *text;
	int ret = 0;

	publish->has &= ~HAS(PUBLISH_SAID_TO);
	if (!publish->said_to)
		return 0;
	copy = strdup(publish->said_to);
	if (!copy)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	rest = copy;
	if (is_address(copy)) {
		while (!ret && (text = strsep(&rest, ",")))
			ret = to_address(publish, text, err);
	} else {
		ret = to_container(publish, copy, err);
		leave_other_family(publish);
	}
	free(copy);
	return ret;
}

static int find_netns(struct vsw_publish *publish, struct err *err)
{
	publish->has &= ~HAS(PUBLISH_SAID_NETNS);
	if (!publish->said_netns)
		return 0;
	if (publish->has & HAS(VROUTER_A_PUBLISH_NETNS_FD))
		return err_set(err, STATUS_USAGE, "a container is in its own network namespace");
	if (router_find_netns(NULL, publish->said_netns, &publish->netns_fd, NULL, err) < 0)
		return -1;
	publish->has |= HAS(VROUTER_A_PUBLISH_NETNS_FD);
	return 0;
}

static int read_words(char **words, struct request *req, struct err *err)
{
	if (read_ports(&words, req, err) < 0 ||
	    keywords_read(&kind_publish, keywords, words, &req->publish, NULL, err) < 0)
		return -1;
	return 0;
}

static int find_target(struct vsw_publish *publish, struct err *err)
{
	if (read_target(publish, err) < 0)
		return -1;
	return find_netns(publish, err);
}

/* What a request owns is freed behind it. */
static void clear_request(struct request *req)
{
	if (req->publish.has & HAS(VROUTER_A_PUBLISH_NETNS_FD))
		close(req->publish.netns_fd);
	object_clear(&kind_publish, &req->publish);
}

#define cleanup_request __attribute__((cleanup(clear_request)))

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};

	if (read_words(words, &req, err) < 0)
		return -1;
	if (!req.publish.said_to)
		return err_set(err, STATUS_USAGE, "'to TARGET' is missing");
	if (find_target(&req.publish, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_publish_new(vsw->router, &req.publish, err) < 0 ? refused(&req, err) : 0;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};
	struct vsw_publish *publish = &req.publish;

	if (read_words(words, &req, err) < 0)
		return -1;
	if (!publish->said_to && !publish->said_netns &&
	    !(publish->has & HAS(VROUTER_A_PUBLISH_OBEY_FIREWALL)))
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (find_target(publish, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_publish_set(vsw->router, publish, err) < 0 ? refused(&req, err) : 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};

	if (read_ports(&words, &req, err) < 0 || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_publish_del(vsw->router, &req.publish, err) < 0 ? refused(&req, err) : 0;
}

static int show_one(struct vsw *vsw, const struct request *req, struct err *err)
{
	struct vsw_publish reply = {};
	int ret = vsw_nl_publish_get(vsw->router, &req->publish, &reply, err);

	if (ret < 0)
		refused(req, err);
	return router_show_object(vsw, &kind_publish, &reply, ret, err);
}

static int by_port(const void *one, const void *other)
{
	const struct vsw_publish *a = one, *b = other;

	return a->port - b->port ?: a->protocol - b->protocol ?:
	       router_order_addresses(&a->address, &b->address);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};
	struct list list = {};
	int ret;

	if ((*words && read_ports(&words, &req, err) < 0) || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	if (req.word)
		return show_one(vsw, &req, err);
	ret = vsw_nl_publish_dump(vsw->router, &list, err);
	if (ret < 0)
		explain(hints, err, "published ports");
	return router_show_list(vsw, &kind_publish, &list, by_port, ret, err);
}

static int do_explain(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};

	if (read_ports(&words, &req, err) < 0)
		return -1;
	return publish_explain(vsw, words, &req.publish, req.word, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_set, true },
	{ "change", do_set, true },
	{ "delete", do_delete, true },
	{ "explain", do_explain, false },
	{}
};

const struct object object_publish = { "publish", help, commands, NULL, false };
