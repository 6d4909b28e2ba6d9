// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>

#include <netlink/netlink.h>
#include <netlink/route/link.h>

#include "rtnl.h"
#include "status.h"

int link_set_up(uint32_t ifindex, bool up, struct err *err)
{
	struct rtnl_link *link = rtnl_link_alloc();
	struct nl_sock *socket = nl_socket_alloc();
	int ret = -NLE_NOMEM;

	if (!link || !socket)
		goto out;
	ret = nl_connect(socket, NETLINK_ROUTE);
	if (ret < 0)
		goto out;
	rtnl_link_set_ifindex(link, ifindex);
	if (up)
		rtnl_link_set_flags(link, IFF_UP);
	else
		rtnl_link_unset_flags(link, IFF_UP);
	ret = rtnl_link_change(socket, link, link, 0);
out:
	nl_socket_free(socket);
	if (link)
		rtnl_link_put(link);
	if (ret < 0)
		return err_set(err, ret == -NLE_NOMEM ? STATUS_SYSTEM : STATUS_REFUSED,
			       "can't set the device %s: %s", up ? "up" : "down", nl_geterror(ret));
	return 0;
}
