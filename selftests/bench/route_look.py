#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# route_look.py nat|direct CLIENT-NETNS MAC ROUTER-MAC SERVICE:PORT \
#               SERVER-NETNS MAC ROUTER-MAC BACKEND:PORT
#
# Sends a UDP packet from the client 10.0.0.1:20000 to the service, and one from the backend to
# the client, by the eth0 of both: each must come out translated, all else in it as it was but
# for the TTL. direct: the packet must come as it is, and there is no answer.

import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from packet import ipv4, udp  # noqa: E402 pylint: disable=wrong-import-position
from wire import Device, enter  # noqa: E402 pylint: disable=wrong-import-position

CLIENT = ("10.0.0.1", 20000)


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def frame(macs, source, to, ttl):
    packet = ipv4(source[0], to[0], 17, udp(source[0], to[0], source[1], to[1]), ttl=ttl)
    return b"".join(bytes.fromhex(mac.replace(":", "")) for mac in macs) + b"\x08\0" + packet


def device(netns):
    enter(netns)
    return Device("eth0")


def passes(sender, sent, receiver, wanted):
    sender.send(sent)
    end = time.monotonic() + 10
    came = b""
    while time.monotonic() < end:
        got = receiver.receive()
        if not got:
            time.sleep(0.01)
            continue
        came = got
        if got[:len(wanted)] == wanted:
            return
    sys.exit(f"{sent.hex()}\nwas to come as\n{wanted.hex()}\nand not as\n{came.hex()}")


def main():
    kind, client_ns, client_mac, ra, service, server_ns, server_mac, rb, backend = sys.argv[1:]
    direct = kind == "direct"
    client, server = device(client_ns), device(server_ns)
    service, backend = place(service), place(backend)
    passes(client, frame((ra, client_mac), CLIENT, service, 64),
           server, frame((server_mac, rb), CLIENT, service if direct else backend, 63))
    if not direct:
        passes(server, frame((rb, server_mac), backend, CLIENT, 64),
               client, frame((client_mac, ra), service, CLIENT, 63))


main()
