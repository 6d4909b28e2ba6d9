// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a pair of netkit devices, which ip(8) of 6.1 does not know how to.
 *
 *   netkit NAME MAC PEER-NETNS PEER-NAME PEER-MAC
 *
 * Both pass everything, as Ethernet devices; PEER-NETNS is a name below
 * /run/netns. Exit status 4 when this kernel has no netkit.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <unistd.h>

/* Newer than the headers of the oldest distribution that builds this. */
#define NETKIT_PEER_INFO	1
#define NETKIT_MODE		5
#define NETKIT_MODE_L2		0

#define STATUS_NO_NETKIT	4

static void put_mac(struct nlmsghdr *nlh, const char *text)
{
	struct ether_addr *mac = ether_aton(text);

	if (!mac)
		errx(1, "%s: not a MAC", text);
	mnl_attr_put(nlh, IFLA_ADDRESS, sizeof(*mac), mac);
}

static void put_peer(struct nlmsghdr *nlh, char **argv)
{
	struct nlattr *peer = mnl_attr_nest_start(nlh, NETKIT_PEER_INFO);
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", argv[0]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, fd);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, argv[1]);
	put_mac(nlh, argv[2]);
	mnl_attr_nest_end(nlh, peer);
}

int main(int argc, char **argv)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlattr *info, *data;
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	int len;

	if (argc != 6)
		errx(1, "usage: netkit NAME MAC PEER-NETNS PEER-NAME PEER-MAC");
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = RTM_NEWLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, argv[1]);
	put_mac(nlh, argv[2]);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "netkit");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put_u32(nlh, NETKIT_MODE, NETKIT_MODE_L2);
	put_peer(nlh, argv + 3);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);

	nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!nl || mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		err(1, "rtnetlink");
	len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (len < 0)
		err(1, "rtnetlink");
	if (mnl_cb_run(buf, len, 0, mnl_socket_get_portid(nl), NULL, NULL) < 0) {
		int missing = errno == EOPNOTSUPP;

		warn("netkit %s", argv[1]);
		return missing ? STATUS_NO_NETKIT : 1;
	}
	return 0;
}
