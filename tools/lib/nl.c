// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "flow.h"
#include "module.h"
#include "nl.h"
#include "nl_codec.h"
#include "nl_private.h"
#include "status.h"

#define DUMP_TRIES	5
#define LISTEN_BUFFER	(4 << 20)
#define SEND_BUFFER	(2 << 20)

static const struct nl_family vswitch = { VSWITCH_FAMILY_NAME, VSWITCH_FAMILY_VERSION };

static const char * const group_names[N_GROUPS] = {
	VSWITCH_MCGRP_SWITCH, VSWITCH_MCGRP_PORT, VSWITCH_MCGRP_FDB, VSWITCH_MCGRP_MIRROR,
	VSWITCH_MCGRP_BINDING,
	VSWITCH_MCGRP_DROP, VSWITCH_MCGRP_MDB, VSWITCH_MCGRP_FLOW, VSWITCH_MCGRP_PACKET_IN
};

/* ---- one request, its answers ------------------------------------------- */

void vsw_nl_begin(struct vsw_nl *nl, struct nlmsghdr *request, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(request);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = nl ? nl->family : 0;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = nl ? nl->of->version : vswitch.version;
}

/*
 * One message.  1: it was the last, 0: go on, -1: err is set.  What follows one
 * that is damaged is read, too: a dump that is left half way keeps its socket
 * from the next.
 */
static int take_message(const struct nlmsghdr *request, const struct nlmsghdr *nlh,
			struct answer *answer, struct err *err)
{
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_OVERRUN:
		return err_set(err, STATUS_SYSTEM, "the kernel's answer was lost: overrun");
	case NLMSG_ERROR:
	case NLMSG_DONE:
		if (answer->damaged)
			return -1;
		if (!vsw_nl_refusal(nlh, request, answer->kind, err))
			return 1;
		answer->offset = vsw_nl_refusal_offset(nlh);
		return -1;
	}
	if (answer->take && !answer->damaged)
		answer->damaged = answer->take(nlh, answer->arg, err) < 0;
	return 0;
}

static int receive(struct vsw_nl *nl, const struct nlmsghdr *request, struct answer *answer,
		   struct err *err)
{
	unsigned int portid = mnl_socket_get_portid(nl->socket);

	for (;;) {
		const struct nlmsghdr *nlh = (const void *)nl->buf;
		ssize_t len = mnl_socket_recvfrom(nl->socket, nl->buf, sizeof(nl->buf));
		int rest = len, ret;

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && answer->damaged)
			return -1;
		if (len < 0)
			return err_set_errno(err, STATUS_SYSTEM, errno, "the kernel's answer was lost");
		for (; mnl_nlmsg_ok(nlh, rest); nlh = mnl_nlmsg_next(nlh, &rest)) {
			/* An answer to a request that was given up on. */
			if (!mnl_nlmsg_seq_ok(nlh, nl->seq) || !mnl_nlmsg_portid_ok(nlh, portid))
				continue;
			ret = take_message(request, nlh, answer, err);
			if (ret)
				return ret < 0 ? -1 : 0;
		}
	}
}

/* Who makes long requests knows how long they may be from vsw_nl_send_room(). */
int vsw_nl_talk(struct vsw_nl *nl, struct nlmsghdr *request, struct answer *answer,
		struct err *err)
{
	ssize_t ret;

	request->nlmsg_seq = ++nl->seq;
	do
		ret = mnl_socket_sendto(nl->socket, request, request->nlmsg_len);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't ask the kernel");
	return receive(nl, request, answer, err);
}

size_t vsw_nl_send_room(struct vsw_nl *nl)
{
	int fd = mnl_socket_get_fd(nl->socket), size = SEND_BUFFER;
	socklen_t len = sizeof(size);

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &len) < 0)
		return NL_CODEC_MAX;
	/* The kernel doubles it for what a message costs it, and takes a bit of it. */
	return size / 2;
}

/* ---- family ------------------------------------------------------------- */

static void take_group(struct vsw_nl *nl, const struct nlattr *nest)
{
	const struct nlattr *attr;
	const char *name = NULL;
	uint32_t id = 0;
	int i;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
			name = mnl_attr_get_str(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
			 mnl_attr_validate(attr, MNL_TYPE_U32) == 0)
			id = mnl_attr_get_u32(attr);
	}
	for (i = 0; name && i < N_GROUPS; i++)
		if (!strcmp(name, group_names[i]))
			nl->groups[i] = id;
}

static int take_family(const struct nlmsghdr *nlh, void *arg, struct err *err)
{
	const struct nlattr *attr, *group;
	struct vsw_nl *nl = arg;

	(void)err;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			if (mnl_attr_validate(attr, MNL_TYPE_U16) == 0)
				nl->family = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			mnl_attr_for_each_nested(group, attr)
				take_group(nl, group);
			break;
		}
	}
	return 0;
}

/* The kernel itself tries to load the module for a family it does not know. */
static int find_family(struct vsw_nl *nl, struct err *err)
{
	struct answer answer = { .take = take_family, .arg = nl };

	vsw_nl_begin(nl, &nl->request, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	nl->request.nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_strz(&nl->request, CTRL_ATTR_FAMILY_NAME, nl->of->name);
	if (vsw_nl_talk(nl, &nl->request, &answer, err) < 0)
		return -1;
	if (!nl->family)
		return err_set(err, STATUS_SYSTEM, "the kernel gave no id of the family '%s'",
			       nl->of->name);
	return 0;
}

static int find_or_load_family(struct vsw_nl *nl, struct err *err)
{
	struct utsname uts = { .release = "?" };

	if (find_family(nl, err) == 0)
		return 0;
	if (err->errnum != ENOENT)
		return err_prefix(err, "can't look up the family '%s'", nl->of->name);
	if (module_load(nl->of->name) == 0 && find_family(nl, err) == 0) {
		*err = (struct err)ERR_INIT;
		return 0;
	}
	uname(&uts);
	return err_set(err, STATUS_NO_MODULE,
		       "the module %s is not loaded in this kernel (%s), and loading it failed. Run 'modprobe %s' as root; if it is not installed, 'make dkms-install' first",
		       nl->of->name, uts.release, nl->of->name);
}

struct vsw_nl *vsw_nl_open_family(const struct nl_family *of, struct err *err)
{
	struct vsw_nl *nl = calloc(1, sizeof(*nl));
	int on = 1;

	if (!nl) {
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	nl->of = of;
	nl->seq = time(NULL);
	nl->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->socket || mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		err_set_errno(err, STATUS_SYSTEM, errno, "can't open a netlink socket");
		goto fail;
	}
	if (mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on)) < 0 ||
	    mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &on, sizeof(on)) < 0 ||
	    mnl_socket_setsockopt(nl->socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on)) < 0) {
		err_set_errno(err, STATUS_SYSTEM, errno, "can't set up a netlink socket");
		goto fail;
	}
	if (find_or_load_family(nl, err) < 0)
		goto fail;
	return nl;
fail:
	vsw_nl_close(nl);
	return NULL;
}

struct vsw_nl *vsw_nl_open(struct err *err)
{
	return vsw_nl_open_family(&vswitch, err);
}

void vsw_nl_close(struct vsw_nl *nl)
{
	if (!nl)
		return;
	if (nl->socket)
		mnl_socket_close(nl->socket);
	free(nl);
}

/* ---- calls -------------------------------------------------------------- */

static int take_object(const struct nlmsghdr *nlh, void *arg, struct err *err)
{
	struct reply *reply = arg;
	void *object = reply->object;

	if (reply->list) {
		object = list_grow(reply->list, reply->kind);
		if (!object)
			return err_set(err, STATUS_SYSTEM, "out of memory");
	}
	return vsw_nl_decode(nlh, reply->kind, object, err);
}

int vsw_nl_call(struct vsw_nl *nl, uint8_t cmd, const struct kind *kind, const void *req,
		void *object, struct err *err)
{
	struct reply reply = { .kind = kind, .object = object };
	struct answer answer = { .kind = kind, .take = object ? take_object : NULL, .arg = &reply };

	vsw_nl_begin(nl, &nl->request, cmd, NLM_F_ACK);
	vsw_nl_encode(&nl->request, kind, req);
	return vsw_nl_talk(nl, &nl->request, &answer, err);
}

int vsw_nl_dump_by(struct vsw_nl *nl, uint8_t cmd, const struct kind *kind, const void *filter,
		   vsw_nl_take_fn *take, struct reply *reply, struct err *err)
{
	int try;

	for (try = 1; ; try++) {
		struct answer answer = { .kind = kind, .take = take, .arg = reply };

		vsw_nl_begin(nl, &nl->request, cmd, NLM_F_DUMP);
		if (filter)
			vsw_nl_encode(&nl->request, kind, filter);
		if (vsw_nl_talk(nl, &nl->request, &answer, err) < 0) {
			list_free(reply->list, reply->kind);
			return -1;
		}
		if (!answer.interrupted)
			return 0;
		if (try == DUMP_TRIES)
			return 1;
		list_free(reply->list, reply->kind);
	}
}

int vsw_nl_dump(struct vsw_nl *nl, uint8_t cmd, const struct kind *kind, const void *filter,
		struct list *list, struct err *err)
{
	struct reply reply = { .kind = kind, .list = list };

	return vsw_nl_dump_by(nl, cmd, kind, filter, take_object, &reply, err);
}

int vsw_nl_switch_new(struct vsw_nl *nl, const struct vsw_switch *req, struct vsw_switch *reply,
		      struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_SWITCH_NEW, &kind_switch, req, reply, err);
}

int vsw_nl_switch_set(struct vsw_nl *nl, const struct vsw_switch *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_SWITCH_SET, &kind_switch, req, NULL, err);
}

int vsw_nl_switch_del(struct vsw_nl *nl, const struct vsw_switch *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_SWITCH_DEL, &kind_switch, req, NULL, err);
}

int vsw_nl_switch_get(struct vsw_nl *nl, const struct vsw_switch *req, struct vsw_switch *reply,
		      struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_SWITCH_GET, &kind_switch, req, reply, err);
}

int vsw_nl_switch_dump(struct vsw_nl *nl, struct list *list, struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_SWITCH_GET, &kind_switch, NULL, list, err);
}

int vsw_nl_port_new(struct vsw_nl *nl, const struct vsw_port *req, struct vsw_port *reply,
		    struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_PORT_NEW, &kind_port, req, reply, err);
}

int vsw_nl_port_set(struct vsw_nl *nl, const struct vsw_port *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_PORT_SET, &kind_port, req, NULL, err);
}

int vsw_nl_port_del(struct vsw_nl *nl, const struct vsw_port *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_PORT_DEL, &kind_port, req, NULL, err);
}

int vsw_nl_port_get(struct vsw_nl *nl, const struct vsw_port *req, struct vsw_port *reply,
		    struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_PORT_GET, &kind_port, req, reply, err);
}

int vsw_nl_port_dump(struct vsw_nl *nl, const struct vsw_port *filter, struct list *list,
		     struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_PORT_GET, &kind_port, filter, list, err);
}

int vsw_nl_fdb_new(struct vsw_nl *nl, const struct vsw_fdb *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_FDB_NEW, &kind_fdb, req, NULL, err);
}

int vsw_nl_fdb_set(struct vsw_nl *nl, const struct vsw_fdb *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_FDB_SET, &kind_fdb, req, NULL, err);
}

int vsw_nl_fdb_del(struct vsw_nl *nl, const struct vsw_fdb *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_FDB_DEL, &kind_fdb, req, NULL, err);
}

int vsw_nl_fdb_get(struct vsw_nl *nl, const struct vsw_fdb *req, struct vsw_fdb *reply,
		   struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_FDB_GET, &kind_fdb, req, reply, err);
}

int vsw_nl_fdb_flush(struct vsw_nl *nl, const struct vsw_fdb *req, uint32_t *flushed,
		     struct err *err)
{
	struct vsw_fdb reply = {};

	if (vsw_nl_call(nl, VSWITCH_CMD_FDB_FLUSH, &kind_fdb, req, &reply, err) < 0)
		return -1;
	*flushed = reply.flushed;
	return 0;
}

int vsw_nl_fdb_dump(struct vsw_nl *nl, const struct vsw_fdb *filter, struct list *list,
		    struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_FDB_GET, &kind_fdb, filter, list, err);
}

int vsw_nl_mirror_new(struct vsw_nl *nl, const struct vsw_mirror *req, struct vsw_mirror *reply,
		      struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_MIRROR_NEW, &kind_mirror, req, reply, err);
}

int vsw_nl_mirror_set(struct vsw_nl *nl, const struct vsw_mirror *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_MIRROR_SET, &kind_mirror, req, NULL, err);
}

int vsw_nl_mirror_del(struct vsw_nl *nl, const struct vsw_mirror *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_MIRROR_DEL, &kind_mirror, req, NULL, err);
}

int vsw_nl_mirror_dump(struct vsw_nl *nl, const struct vsw_mirror *filter, struct list *list,
		       struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_MIRROR_GET, &kind_mirror, filter, list, err);
}

int vsw_nl_binding_new(struct vsw_nl *nl, const struct vsw_binding *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_BINDING_NEW, &kind_binding, req, NULL, err);
}

int vsw_nl_binding_del(struct vsw_nl *nl, const struct vsw_binding *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_BINDING_DEL, &kind_binding, req, NULL, err);
}

int vsw_nl_binding_dump(struct vsw_nl *nl, const struct vsw_binding *filter, struct list *list,
			struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_BINDING_GET, &kind_binding, filter, list, err);
}

int vsw_nl_mdb_new(struct vsw_nl *nl, const struct vsw_mdb *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_MDB_NEW, &kind_mdb, req, NULL, err);
}

int vsw_nl_mdb_del(struct vsw_nl *nl, const struct vsw_mdb *req, struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_MDB_DEL, &kind_mdb, req, NULL, err);
}

int vsw_nl_mdb_get(struct vsw_nl *nl, const struct vsw_mdb *req, struct vsw_mdb *reply,
		   struct err *err)
{
	return vsw_nl_call(nl, VSWITCH_CMD_MDB_GET, &kind_mdb, req, reply, err);
}

int vsw_nl_mdb_flush(struct vsw_nl *nl, const struct vsw_mdb *req, uint32_t *flushed,
		     struct err *err)
{
	struct vsw_mdb reply = {};

	if (vsw_nl_call(nl, VSWITCH_CMD_MDB_FLUSH, &kind_mdb, req, &reply, err) < 0)
		return -1;
	*flushed = reply.flushed;
	return 0;
}

int vsw_nl_mdb_dump(struct vsw_nl *nl, const struct vsw_mdb *filter, struct list *list,
		    struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_MDB_GET, &kind_mdb, filter, list, err);
}

int vsw_nl_vlan_dump(struct vsw_nl *nl, const struct vsw_vlan_stats *filter, struct list *list,
		     struct err *err)
{
	return vsw_nl_dump(nl, VSWITCH_CMD_VLAN_GET, &kind_vlan_stats, filter, list, err);
}

/* ---- events ------------------------------------------------------------- */

static const struct {
	const char *name;
	const struct kind *kind;
} event_of[] = {
	[VSWITCH_CMD_SWITCH_NEW_NTF] = { "switch-new", &kind_switch },
	[VSWITCH_CMD_SWITCH_SET_NTF] = { "switch-set", &kind_switch },
	[VSWITCH_CMD_SWITCH_DEL_NTF] = { "switch-del", &kind_switch },
	[VSWITCH_CMD_PORT_NEW_NTF] = { "port-new", &kind_port },
	[VSWITCH_CMD_PORT_SET_NTF] = { "port-set", &kind_port },
	[VSWITCH_CMD_PORT_DEL_NTF] = { "port-del", &kind_port },
	[VSWITCH_CMD_FDB_NEW_NTF] = { "fdb-new", &kind_fdb },
	[VSWITCH_CMD_FDB_DEL_NTF] = { "fdb-del", &kind_fdb },
	[VSWITCH_CMD_MIRROR_NEW_NTF] = { "mirror-new", &kind_mirror },
	[VSWITCH_CMD_MIRROR_SET_NTF] = { "mirror-set", &kind_mirror },
	[VSWITCH_CMD_MIRROR_DEL_NTF] = { "mirror-del", &kind_mirror },
	[VSWITCH_CMD_BINDING_NEW_NTF] = { "binding-new", &kind_binding },
	[VSWITCH_CMD_BINDING_DEL_NTF] = { "binding-del", &kind_binding },
	[VSWITCH_CMD_DROP_NTF] = { "drop", &kind_dropped },
	[VSWITCH_CMD_FDB_REFUSED_NTF] = { "fdb-refused", &kind_fdb },
	[VSWITCH_CMD_MDB_NEW_NTF] = { "mdb-new", &kind_mdb },
	[VSWITCH_CMD_MDB_DEL_NTF] = { "mdb-del", &kind_mdb },
	[VSWITCH_CMD_FLOW_DEL_NTF] = { "flow-del", &kind_flow_request },
	[VSWITCH_CMD_PACKET_IN_NTF] = { "packet-in", &kind_packet_in },
};

union object {
	struct vsw_switch sw;
	struct vsw_port port;
	struct vsw_fdb fdb;
	struct vsw_mirror mirror;
	struct vsw_binding binding;
	struct vsw_mdb mdb;
	struct vsw_dropped dropped;
	struct vsw_flow_request flow;
	struct vsw_packet_in packet_in;
};

static int deliver(const struct nlmsghdr *nlh, vsw_nl_event_fn *event, void *arg, struct err *err)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	union object object = {};
	struct vsw_nl_event ev;
	int ret;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl) ||
	    genl->cmd >= sizeof(event_of) / sizeof(event_of[0]) || !event_of[genl->cmd].name)
		return 0;	/* a newer module's */
	ev.name = event_of[genl->cmd].name;
	ev.kind = event_of[genl->cmd].kind;
	ev.object = &object;
	ret = vsw_nl_decode(nlh, ev.kind, &object, err);
	if (!ret)
		ret = event(&ev, arg, err);
	object_clear(ev.kind, &object);
	return ret;
}

int vsw_nl_subscribe(struct vsw_nl *nl, unsigned int groups, struct err *err)
{
	int fd = mnl_socket_get_fd(nl->socket), size = LISTEN_BUFFER, i;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (i = 0; i < N_GROUPS; i++) {
		if (!(groups & 1u << i))
			continue;
		if (!nl->groups[i])
			return err_set(err, STATUS_REFUSED, "the module has no events of group '%s'",
				       group_names[i]);
		if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &nl->groups[i],
					  sizeof(nl->groups[i])) < 0) {
			err_set_errno(err, STATUS_REFUSED, errno,
				      "can't listen to the events of group '%s'",
				      group_names[i]);
			err->errnum = errno;
			return -1;
		}
	}
	return 0;
}

int vsw_nl_fd(const struct vsw_nl *nl)
{
	return mnl_socket_get_fd(nl->socket);
}

/* One datagram of them. */
static int take_events(struct vsw_nl *nl, vsw_nl_event_fn *event, void *arg, struct err *err)
{
	static const struct vsw_nl_event lost = { .name = "lost" };
	const struct nlmsghdr *nlh = (const void *)nl->buf;
	ssize_t len = mnl_socket_recvfrom(nl->socket, nl->buf, sizeof(nl->buf));
	int rest = len, ret = 0;

	if (len < 0 && errno == EINTR)
		return 0;
	if (len < 0 && errno != ENOBUFS)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't read events");
	if (len < 0)
		return event(&lost, arg, err);
	for (; !ret && mnl_nlmsg_ok(nlh, rest); nlh = mnl_nlmsg_next(nlh, &rest))
		if (nlh->nlmsg_type == nl->family)
			ret = deliver(nlh, event, arg, err);
	return ret;
}

int vsw_nl_take_events(struct vsw_nl *nl, vsw_nl_event_fn *event, void *arg, struct err *err)
{
	struct pollfd fd = { .fd = vsw_nl_fd(nl), .events = POLLIN };
	int ret = 0;

	while (!ret && poll(&fd, 1, 0) > 0)
		ret = take_events(nl, event, arg, err);
	return ret;
}

int vsw_nl_listen(struct vsw_nl *nl, unsigned int groups, vsw_nl_event_fn *event, void *arg,
		  struct err *err)
{
	int ret;

	if (vsw_nl_subscribe(nl, groups, err) < 0)
		return -1;
	do
		ret = take_events(nl, event, arg, err);
	while (!ret);
	return ret;
}
