// SPDX-License-Identifier: GPL-2.0
/* What requests about routes and about rules have in common. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>
#include <netlink/msg.h>
#include <netlink/route/link.h>
#include <netlink/route/link/vrf.h>

#include "nl_route_private.h"
#include "status.h"

struct nl_sock *route_open(struct err *err)
{
	struct nl_sock *socket = nl_socket_alloc();
	int on = 1, ret;

	if (!socket) {
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	ret = nl_connect(socket, NETLINK_ROUTE);
	if (ret < 0) {
		err_set(err, STATUS_SYSTEM, "can't open a netlink socket: %s", nl_geterror(ret));
		nl_socket_free(socket);
		return NULL;
	}
	/* Without them the kernel says only a number; every kernel of ours knows them. */
	setsockopt(nl_socket_get_fd(socket), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(socket), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return socket;
}

void route_close(struct nl_sock *socket)
{
	if (socket)
		nl_socket_free(socket);
}

/* The kernel's sentence in a refusal, or that of its errno. */
static const char *sentence(struct nlmsgerr *refusal)
{
	struct nlmsghdr *nlh = (void *)((char *)refusal - NLMSG_HDRLEN);
	size_t head = sizeof(*refusal);
	struct nlattr *text;

	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		head += NLMSG_ALIGN(refusal->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || (size_t)nlmsg_datalen(nlh) < head)
		return strerror(-refusal->error);
	text = nlmsg_find_attr(nlh, head, NLMSGERR_ATTR_MSG);
	if (!text || nla_len(text) < 2 || nla_get_string(text)[nla_len(text) - 1])
		return strerror(-refusal->error);
	return nla_get_string(text);
}

static int take_refusal(struct sockaddr_nl *from, struct nlmsgerr *refusal, void *arg)
{
	struct fib_talk *talk = arg;
	const char *text = sentence(refusal);
	int len = strlen(text);

	(void)from;
	while (len > 1 && (text[len - 1] == '.' || text[len - 1] == '\n'))
		len--;
	err_set(talk->err, STATUS_REFUSED, "%.*s", len, text);
	if (talk->err)
		talk->err->errnum = -refusal->error;
	talk->refused = true;
	return NL_STOP;
}

void fib_ask(struct fib_talk *talk, struct nl_sock *socket, struct err *err)
{
	*talk = (struct fib_talk){ .socket = socket, .err = err };
	nl_socket_modify_err_cb(socket, NL_CB_CUSTOM, take_refusal, talk);
}

int fib_answered(struct fib_talk *talk, int ret)
{
	nl_socket_modify_err_cb(talk->socket, NL_CB_DEFAULT, NULL, NULL);
	if (talk->refused)
		return -1;
	if (ret == -NLE_DUMP_INTR)
		return 1;
	if (ret < 0)
		return err_set(talk->err, STATUS_SYSTEM, "the request can't be made: %s",
			       nl_geterror(ret));
	return 0;
}

/* ---- dumps ------------------------------------------------------------------------- */

#define ATTEMPTS	5	/* of a dump during which the table changes */

struct dumping {
	const struct fib_dump *dump;
	struct nlmsghdr *nlh;
	int family;
	bool failed;
};

static void take_object(struct nl_object *object, void *arg)
{
	struct dumping *dumping = arg;

	if (dumping->dump->take(object, dumping->nlh, dumping->dump->list) < 0)
		dumping->failed = true;
}

/* Who has no IPv6 is asked for all families by that, and answers with them. */
static int take_message(struct nl_msg *msg, void *arg)
{
	struct dumping *dumping = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (!nlmsg_valid_hdr(nlh, dumping->dump->head) ||
	    *(const uint8_t *)nlmsg_data(nlh) != dumping->family)
		return NL_OK;
	dumping->nlh = nlh;
	nl_msg_parse(msg, take_object, dumping);
	return NL_OK;
}

static int dump_once(struct nl_sock *socket, struct dumping *dumping, struct err *err)
{
	char head[32] = { [0] = dumping->family };
	struct fib_talk talk;
	int ret;

	fib_ask(&talk, socket, err);
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_message, dumping);
	ret = nl_send_simple(socket, dumping->dump->type, NLM_F_DUMP, head, dumping->dump->head);
	if (ret >= 0)
		ret = nl_recvmsgs_default(socket);
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_DEFAULT, NULL, NULL);
	return fib_answered(&talk, ret);
}

static int dump_family(struct nl_sock *socket, int family, const struct fib_dump *dump,
		       struct err *err)
{
	struct dumping dumping = { .dump = dump, .family = family };
	size_t before = dump->list->n;
	int attempt, ret = 1;

	for (attempt = 0; ret == 1 && attempt < ATTEMPTS; attempt++) {
		while (dump->list->n > before)
			object_clear(dump->kind, list_at(dump->list, dump->kind,
							 --dump->list->n));
		ret = dump_once(socket, &dumping, err);
	}
	if (ret >= 0 && dumping.failed)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	return ret;
}

int fib_dump(struct nl_sock *socket, int family, const struct fib_dump *dump, struct err *err)
{
	int ret, other;

	if (family != AF_UNSPEC)
		return dump_family(socket, family, dump, err);
	ret = dump_family(socket, AF_INET, dump, err);
	other = ret < 0 ? ret : dump_family(socket, AF_INET6, dump, err);
	return other < 0 ? other : ret | other;
}

/* ---- addresses, devices, VRFs --------------------------------------------------------- */

struct nl_addr *fib_address(const struct prefix *prefix)
{
	struct nl_addr *address = nl_addr_build(prefix->len == 4 ? AF_INET : AF_INET6,
						prefix->bytes, prefix->len);

	if (address)
		nl_addr_set_prefixlen(address, prefix->bits);
	return address;
}

bool fib_prefix(struct prefix *prefix, struct nl_addr *address)
{
	int family = address ? nl_addr_get_family(address) : AF_UNSPEC;
	unsigned int len = address ? nl_addr_get_len(address) : 0;

	if ((family != AF_INET && family != AF_INET6) || len > sizeof(prefix->bytes))
		return false;
	*prefix = (struct prefix){ .len = family == AF_INET ? 4 : 16 };
	/* of a default route libnl keeps no bytes */
	memcpy(prefix->bytes, nl_addr_get_binary_addr(address), len);
	prefix->bits = nl_addr_get_prefixlen(address);
	return true;
}

uint32_t fib_device(const char *name, struct err *err)
{
	uint32_t ifindex = if_nametoindex(name);

	if (!ifindex)
		err_set(err, STATUS_REFUSED, "there is no device '%s' in this network namespace",
			name);
	return ifindex;
}

int fib_vrfs(struct nl_sock *socket, struct fib_vrfs *vrfs, struct err *err)
{
	struct nl_cache *links;
	struct nl_object *object;
	struct fib_vrf *vrf;
	int ret = rtnl_link_alloc_cache(socket, AF_UNSPEC, &links);

	*vrfs = (struct fib_vrfs){};
	if (ret < 0)
		return err_set(err, STATUS_SYSTEM, "can't read the devices: %s", nl_geterror(ret));
	for (object = nl_cache_get_first(links); object; object = nl_cache_get_next(object)) {
		struct rtnl_link *link = (void *)object;
		uint32_t table;

		if (!rtnl_link_is_vrf(link) || rtnl_link_vrf_get_tableid(link, &table) < 0)
			continue;
		vrf = reallocarray(vrfs->vrf, vrfs->n + 1, sizeof(*vrf));
		if (!vrf)
			break;
		vrfs->vrf = vrf;
		vrf[vrfs->n].table = table;
		snprintf(vrf[vrfs->n++].name, MODEL_NAME_SIZE, "%s", rtnl_link_get_name(link));
	}
	nl_cache_free(links);
	return object ? err_set(err, STATUS_SYSTEM, "out of memory") : 0;
}

void fib_vrfs_free(struct fib_vrfs *vrfs)
{
	free(vrfs->vrf);
	*vrfs = (struct fib_vrfs){};
}

const char *fib_vrf_name(const struct fib_vrfs *vrfs, uint32_t table)
{
	size_t i;

	for (i = 0; i < vrfs->n; i++)
		if (vrfs->vrf[i].table == table)
			return vrfs->vrf[i].name;
	return "";
}

int route_vrf_table(struct nl_sock *socket, const char *name, uint32_t *table, struct err *err)
{
	struct rtnl_link *link = NULL;
	bool found = rtnl_link_get_kernel(socket, 0, name, &link) == 0 &&
		     rtnl_link_is_vrf(link) && rtnl_link_vrf_get_tableid(link, table) == 0;

	if (link)
		rtnl_link_put(link);
	return found ? 0 : err_set(err, STATUS_REFUSED,
				   "there is no VRF '%s' in this network namespace", name);
}
