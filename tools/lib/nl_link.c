// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch_link.h>

#include "netns.h"
#include "nl_codec.h"
#include "nl_link.h"
#include "status.h"

#define REQUEST_SIZE	512
#define RECV_SIZE	32768
#define KIND		"vnic"

/* Addresses that others should not rely on. */
#define UNSTABLE	(IFA_F_SECONDARY | IFA_F_DEPRECATED | IFA_F_DADFAILED)

union request {
	struct nlmsghdr nlh;
	char room[REQUEST_SIZE];
};

/* Begin a request, with a header of len bytes behind netlink's. */
static void *begin(union request *req, uint16_t type, uint16_t flags, size_t len)
{
	memset(req, 0, sizeof(*req));
	mnl_nlmsg_put_header(req);
	req->nlh.nlmsg_type = type;
	req->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	return mnl_nlmsg_put_extra_header(&req->nlh, len);
}

/* What to do with an answer that is no error; may be NULL. */
typedef void take_fn(const struct nlmsghdr *nlh, void *arg);

static int receive(struct mnl_socket *socket, const union request *req, take_fn *take, void *arg,
		   struct err *err)
{
	static char buf[RECV_SIZE] __attribute__((aligned(8)));
	const struct nlmsghdr *nlh = (const void *)buf;
	ssize_t len;
	int rest;

	for (;;) {
		len = mnl_socket_recvfrom(socket, buf, sizeof(buf));
		if (len < 0 && errno != EINTR)
			return err_set_errno(err, STATUS_SYSTEM, errno,
					     "the kernel's answer was lost");
		for (rest = len, nlh = (const void *)buf; mnl_nlmsg_ok(nlh, rest);
		     nlh = mnl_nlmsg_next(nlh, &rest)) {
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
				return vsw_nl_refusal(nlh, &req->nlh, NULL, err) ? -1 : 0;
			if (take)
				take(nlh, arg);
		}
	}
}

static int talk(struct mnl_socket *socket, const union request *req, take_fn *take, void *arg,
		struct err *err)
{
	ssize_t ret;

	do
		ret = mnl_socket_sendto(socket, req, req->nlh.nlmsg_len);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't ask the kernel");
	return receive(socket, req, take, arg, err);
}

/* Leaves it in *arg, or NULL. */
static void open_socket(void *arg)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC), **opened = arg;
	int on = 1;

	*opened = socket;
	if (!socket ||
	    (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	     mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, sizeof(on)) == 0 &&
	     mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof(on)) == 0))
		return;
	mnl_socket_close(socket);
	*opened = NULL;
}

struct mnl_socket *link_open(int netns, struct err *err)
{
	struct mnl_socket *socket = NULL;

	if (netns < 0)
		open_socket(&socket);
	else if (netns_call(netns, open_socket, &socket, err) < 0)
		return NULL;
	if (!socket)
		err_set_errno(err, STATUS_SYSTEM, errno, "can't open a netlink socket");
	return socket;
}

void link_close(struct mnl_socket *socket)
{
	if (socket)
		mnl_socket_close(socket);
}

int link_set_up(struct mnl_socket *socket, uint32_t ifindex, bool up, struct err *err)
{
	union request req;
	struct ifinfomsg *link = begin(&req, RTM_NEWLINK, 0, sizeof(*link));
	struct mnl_socket *own = socket ? NULL : link_open(-1, err);
	int ret = -1;

	link->ifi_index = ifindex;
	link->ifi_change = IFF_UP;
	link->ifi_flags = up ? IFF_UP : 0;
	if (socket || own)
		ret = talk(socket ?: own, &req, NULL, NULL, err);
	link_close(own);
	if (ret < 0)
		err_prefix(err, "can't set the device %s", up ? "up" : "down");
	return ret;
}

int link_rename(struct mnl_socket *socket, uint32_t ifindex, const char *name, struct err *err)
{
	union request req;
	struct ifinfomsg *link = begin(&req, RTM_NEWLINK, 0, sizeof(*link));

	link->ifi_index = ifindex;
	mnl_attr_put_strz(&req.nlh, IFLA_IFNAME, name);
	return talk(socket, &req, NULL, NULL, err);
}

int link_delete(struct mnl_socket *socket, const char *name, uint32_t ifindex, struct err *err)
{
	union request req;
	struct ifinfomsg *link = begin(&req, RTM_DELLINK, 0, sizeof(*link));

	if (name)
		mnl_attr_put_strz(&req.nlh, IFLA_IFNAME, name);
	else
		link->ifi_index = ifindex;
	return talk(socket, &req, NULL, NULL, err);
}

int link_add_vnic(struct mnl_socket *socket, uint32_t switch_ifindex,
		  const struct vsw_device *device, int netns, struct err *err)
{
	union request req;
	struct ifinfomsg *link = begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(*link));
	struct nlattr *info;

	link->ifi_index = device->ifindex;
	mnl_attr_put_strz(&req.nlh, IFLA_IFNAME, device->name);
	mnl_attr_put_u32(&req.nlh, IFLA_LINK, switch_ifindex);
	if (netns >= 0)
		mnl_attr_put_u32(&req.nlh, IFLA_NET_NS_FD, netns);
	if (device->has & HAS(DEVICE_MTU))
		mnl_attr_put_u32(&req.nlh, IFLA_MTU, device->mtu);
	if (device->has & HAS(DEVICE_ADDRESS))
		mnl_attr_put(&req.nlh, IFLA_ADDRESS, sizeof(device->address), device->address);
	info = mnl_attr_nest_start(&req.nlh, IFLA_LINKINFO);
	mnl_attr_put_str(&req.nlh, IFLA_INFO_KIND, KIND);
	mnl_attr_nest_end(&req.nlh, info);
	return talk(socket, &req, NULL, NULL, err);
}

struct vnic {
	uint32_t ifindex, number;	/* 0: not seen */
};

static void take_vnic(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *info, *data;
	struct vnic *vnic = arg;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*link))
		return;
	vnic->ifindex = link->ifi_index;
	mnl_attr_for_each(attr, nlh, sizeof(*link)) {
		if (mnl_attr_get_type(attr) != IFLA_LINKINFO)
			continue;
		mnl_attr_for_each_nested(info, attr) {
			if (mnl_attr_get_type(info) != IFLA_INFO_DATA)
				continue;
			mnl_attr_for_each_nested(data, info)
				if (mnl_attr_get_type(data) == IFLA_VNIC_PORT_NUMBER &&
				    mnl_attr_validate(data, MNL_TYPE_U32) == 0)
					vnic->number = mnl_attr_get_u32(data);
		}
	}
}

int link_get_vnic(struct mnl_socket *socket, const char *name, uint32_t *ifindex,
		  uint32_t *number, struct err *err)
{
	union request req;
	struct vnic vnic = {};

	begin(&req, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(&req.nlh, IFLA_IFNAME, name);
	mnl_attr_put_u32(&req.nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	if (talk(socket, &req, take_vnic, &vnic, err) < 0)
		return -1;
	*ifindex = vnic.ifindex;
	*number = vnic.number;
	return vnic.number ? 0 : err_set(err, STATUS_SYSTEM, "the kernel gave no number of the port");
}

struct addresses {
	struct prefix *ipv4, *ipv6;
};

static void take_address(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *msg = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *address = NULL, *local = NULL;
	struct addresses *all = arg;
	struct prefix *prefix;
	uint32_t flags;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*msg) || msg->ifa_scope != RT_SCOPE_UNIVERSE)
		return;
	flags = msg->ifa_flags;
	mnl_attr_for_each(attr, nlh, sizeof(*msg)) {
		if (mnl_attr_get_type(attr) == IFA_LOCAL)
			local = attr;
		else if (mnl_attr_get_type(attr) == IFA_ADDRESS)
			address = attr;
		else if (mnl_attr_get_type(attr) == IFA_FLAGS &&
			 mnl_attr_validate(attr, MNL_TYPE_U32) == 0)
			flags = mnl_attr_get_u32(attr);
	}
	/* of a pair of addresses IFA_ADDRESS is the other end's */
	address = local ? local : address;
	prefix = msg->ifa_family == AF_INET ? all->ipv4 : all->ipv6;
	if (!address || prefix->len || flags & UNSTABLE ||
	    mnl_attr_get_payload_len(address) != (msg->ifa_family == AF_INET ? 4 : 16))
		return;
	prefix->len = mnl_attr_get_payload_len(address);
	prefix->bits = prefix->len * 8;
	memcpy(prefix->bytes, mnl_attr_get_payload(address), prefix->len);
}

int link_addresses(struct mnl_socket *socket, struct prefix *ipv4, struct prefix *ipv6,
		   struct err *err)
{
	struct addresses all = { ipv4, ipv6 };
	union request req;

	*ipv4 = (struct prefix){};
	*ipv6 = (struct prefix){};
	begin(&req, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg));
	return talk(socket, &req, take_address, &all, err);
}

int link_add_address(struct mnl_socket *socket, uint32_t ifindex, const struct prefix *address,
		     struct err *err)
{
	union request req;
	struct ifaddrmsg *msg = begin(&req, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*msg));

	msg->ifa_family = address->len == 4 ? AF_INET : AF_INET6;
	msg->ifa_prefixlen = address->bits;
	msg->ifa_index = ifindex;
	mnl_attr_put(&req.nlh, IFA_LOCAL, address->len, address->bytes);
	mnl_attr_put(&req.nlh, IFA_ADDRESS, address->len, address->bytes);
	if (address->len == 16)
		mnl_attr_put_u32(&req.nlh, IFA_FLAGS, IFA_F_NODAD);
	return talk(socket, &req, NULL, NULL, err);
}

static void take_number(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;
	int32_t *number = arg;

	mnl_attr_for_each(attr, nlh, sizeof(struct rtgenmsg))
		if (mnl_attr_get_type(attr) == NETNSA_NSID &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) == 0)
			*number = mnl_attr_get_u32(attr);
}

int link_netns_number(struct mnl_socket *socket, int netns, int32_t *number, struct err *err)
{
	union request req;

	*number = NETNSA_NSID_NOT_ASSIGNED;
	begin(&req, RTM_GETNSID, 0, sizeof(struct rtgenmsg));
	mnl_attr_put_u32(&req.nlh, NETNSA_FD, netns);
	return talk(socket, &req, take_number, number, err);
}
