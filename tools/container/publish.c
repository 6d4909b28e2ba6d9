// SPDX-License-Identifier: GPL-2.0
/*
 * Ports of the host that lead to a container.  The kernel takes them away when the
 * container's network namespace goes, which may be a moment after the container has
 * ended; so that they can be had again at once they are taken away here, too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "container.h"
#include "nl.h"
#include "nl_router.h"

static int failed(struct err *err, const char *text)
{
	err_prefix(err, "publish: '%s'", text);
	err->status = CONTAINER_FAILED;
	return -1;
}

/* ---- the option --------------------------------------------------------------------- */

/* What is before "PORT", if that is an address: the rest follows. */
static int take_address(char **text, struct prefix *address, struct err *err)
{
	size_t len = **text == '[' ? strcspn(*text, "]") + 1 : strcspn(*text, ":");
	char *end = *text + len, *dot = strchr(*text, '.');
	struct endpoint host;

	if (**text != '[' && (!dot || dot > end))
		return 0;
	if (len > strlen(*text) || *end != ':')
		return err_set(err, CONTAINER_FAILED, "the port is missing");
	*end = '\0';
	if (endpoint_parse_one("address", *text, &host, err) < 0)
		return -1;
	*address = host.first;
	*text = end + 1;
	return 0;
}

/* "PORTS" or "PORTS:PORTS" */
static int take_ports(char *text, struct spec_publish *publish, struct err *err)
{
	char *colon = strchr(text, ':');
	uint16_t last;

	if (colon)
		*colon = '\0';
	if (endpoint_parse_ports("port", text, &publish->port, &publish->port_last, err) < 0)
		return -1;
	publish->to_port = publish->port;
	if (!colon)
		return 0;
	if (endpoint_parse_ports("port", colon + 1, &publish->to_port, &last, err) < 0)
		return -1;
	if (last != publish->to_port &&
	    last - publish->to_port != publish->port_last - publish->port)
		return err_set(err, CONTAINER_FAILED, "'%s' and '%s' are not as many ports", text,
			       colon + 1);
	return 0;
}

static int parse(char *copy, struct spec_publish *publish, struct err *err)
{
	if (endpoint_take_protocol("protocol", copy, &publish->protocol, err) < 0 ||
	    take_address(&copy, &publish->address, err) < 0)
		return -1;
	return take_ports(copy, publish, err);
}

int spec_add_publish(struct spec *spec, const char *text, struct err *err)
{
	struct spec_publish publish = { .text = text };
	cleanup_free char *copy = strdup(text);

	if (!copy)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "publish");
	if (parse(copy, &publish, err) < 0)
		return failed(err, text);
	if (spec->n_publishes == SPEC_PUBLISHES_MAX)
		return err_set(err, CONTAINER_FAILED, "publish: more than %d ports or ranges",
			       SPEC_PUBLISHES_MAX);
	spec->publishes[spec->n_publishes++] = publish;
	return 0;
}

/* ---- the container ------------------------------------------------------------------- */

/* What names it. */
static struct vsw_publish begin(const struct spec_publish *wanted)
{
	struct vsw_publish req = {
		.has = HAS(VROUTER_A_PUBLISH_PROTOCOL) | HAS(VROUTER_A_PUBLISH_PORT) |
		       HAS(VROUTER_A_PUBLISH_PORT_LAST),
		.protocol = wanted->protocol,
		.port = wanted->port, .port_last = wanted->port_last,
		.address = wanted->address,
	};

	if (wanted->address.len)
		req.has |= HAS(VROUTER_A_PUBLISH_ADDRESS);
	return req;
}

/* The first address of a family, unless what is published is of the other one. */
static bool find_address(const struct spec *spec, const struct spec_publish *wanted, int family,
			 struct prefix *to)
{
	size_t i;

	to->len = family == AF_INET ? 4 : 16;
	if (wanted->address.len && wanted->address.len != to->len)
		return false;
	for (i = 0; i < spec->n_addrs; i++) {
		const struct spec_addr *addr = &spec->addrs[i];

		if (addr->family != family ||
		    (family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&addr->v6)))
			continue;
		memcpy(to->bytes, addr->bytes, to->len);
		return true;
	}
	return false;
}

static int create_one(struct vsw_nl *nl, const struct container *c,
		      const struct spec_publish *wanted, struct err *err)
{
	struct vsw_publish req = begin(wanted);

	if (find_address(c->spec, wanted, AF_INET, &req.to_ipv4))
		req.has |= HAS(VROUTER_A_PUBLISH_TO_IPV4);
	if (find_address(c->spec, wanted, AF_INET6, &req.to_ipv6))
		req.has |= HAS(VROUTER_A_PUBLISH_TO_IPV6);
	req.to_port = wanted->to_port;
	req.netns_fd = c->publish_netns;
	req.label = (char *)c->spec->name;
	req.has |= HAS(VROUTER_A_PUBLISH_TO_PORT) | HAS(VROUTER_A_PUBLISH_NETNS_FD) |
		   HAS(VROUTER_A_PUBLISH_LABEL);
	req.obey_firewall = c->spec->obey_firewall;
	if (req.obey_firewall)
		req.has |= HAS(VROUTER_A_PUBLISH_OBEY_FIREWALL);
	return vsw_nl_publish_new(nl, &req, err);
}

int publish_create(struct container *c, struct err *err)
{
	const struct spec *spec = c->spec;
	struct vsw_nl *nl;
	int ret = 0;

	if (!spec->n_publishes)
		return 0;
	/* held to the end, so that what is published stays ours */
	c->publish_netns = namespaces_open(c, "net");
	if (c->publish_netns < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "publish: open the container's namespace");
	nl = vsw_nl_open_router(err);
	if (!nl)
		return failed(err, spec->publishes[0].text);
	for (; !ret && c->n_published < spec->n_publishes; c->n_published += !ret)
		ret = create_one(nl, c, &spec->publishes[c->n_published], err);
	vsw_nl_close(nl);
	return ret < 0 ? failed(err, spec->publishes[c->n_published].text) : 0;
}

int publish_remove(struct container *c, struct err *err)
{
	const struct spec_publish *wanted = c->spec->publishes;
	struct vsw_nl *nl = NULL;
	int ret = 0;

	if (c->n_published)
		nl = vsw_nl_open_router(err);
	if (c->n_published && !nl)
		ret = failed(err, wanted[0].text);
	while (nl && c->n_published) {
		struct vsw_publish req = begin(&wanted[--c->n_published]);

		/* somebody may have deleted it */
		if (vsw_nl_publish_del(nl, &req, err) < 0 && err->errnum != ENOENT)
			ret = failed(err, wanted[c->n_published].text);
	}
	vsw_nl_close(nl);
	close_fd(&c->publish_netns);
	return ret;
}
