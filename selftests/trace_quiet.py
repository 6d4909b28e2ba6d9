#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# trace_quiet.py VSW SWITCH_NETNS HOST_NETNS...: traces what each line of standard input
# describes, and prints what anybody hears of it: the hosts, on eth0, who listens to psample
# and to what vswitch tells. That there is somebody who listens is said by one line at the end.

import os
import select
import socket
import subprocess
import sys

from flow_more import enter, genl_listen

GROUPS = ("switch", "port", "fdb", "mirror", "binding", "drop", "mdb", "flow", "packet-in")


def packets(netns):
    enter(netns)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind(("eth0", 3))
    return sock


def group(family, name):
    try:
        return genl_listen(family, name)
    except OSError:
        return None


def heard(socks, seconds):
    """What came that is no chatter of a host's own."""
    while True:
        ready = select.select(list(socks), [], [], seconds)[0]
        if not ready:
            return
        for sock in ready:
            data = sock.recv(65536)
            if sock.family != socket.AF_PACKET or data[6:12] != sock.getsockname()[4]:
                print(f"{socks[sock]}: {data[:64].hex()}")


def main():
    vsw, switch, hosts = sys.argv[1], sys.argv[2], sys.argv[3:]
    socks = {packets(host): host for host in hosts}
    enter(switch)
    for family, names in (("psample", ("packets",)), ("vswitch", GROUPS)):
        for name in names:
            sock = group(family, name)
            if sock:
                socks[sock] = f"{family} {name}"
    # What the hosts said when they came up.
    for sock in socks:
        sock.setblocking(False)
        try:
            while True:
                sock.recv(65536)
        except BlockingIOError:
            pass
    told = set()
    for line in sys.stdin:
        said = subprocess.run([vsw, "trace", "vs0", line.strip()], stdout=subprocess.PIPE,
                              check=True, text=True).stdout
        told |= {text.strip() for text in said.splitlines() if "listen" in text}
    heard(socks, 0.5)
    print(f"told: {', '.join(sorted(told))}")


main()
