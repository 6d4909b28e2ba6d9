#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# lease.py DEV SERVER ADDRESS MASK SECONDS: a DHCP server with one address, which wants its
# lease renewed each SECONDS. Says a line for each question: discover, request, renew (who has
# the address asks), release. The first renewal is not answered.

import socket
import struct
import sys

COOKIE = b"\x63\x82\x53\x63"
NAMES = {1: "discover", 3: "request", 7: "release"}
ANSWERS = {"discover": 2, "request": 5, "renew": 5}


def options(data):
    """As a dictionary of what is behind the cookie."""
    found, at = {}, 240
    while at < len(data) and data[at] != 255:
        found[data[at]] = data[at + 2:at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
    return found


def option(number, value):
    return bytes([number, len(value)]) + value


def main():
    dev, server, address, mask, seconds = sys.argv[1:]
    server, address, mask = map(socket.inet_aton, (server, address, mask))
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dev.encode())
    made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    made.bind(("", 67))
    ignored = False
    while True:
        data = made.recv(2048)
        if len(data) < 241 or data[0] != 1 or data[236:240] != COOKIE:
            continue
        said = options(data)
        name = NAMES.get(said[53][0], "other")
        if name == "request" and data[12:16] == address:
            name = "renew"
        print(name, flush=True)
        if name not in ANSWERS or (name == "renew" and not ignored):
            ignored = ignored or name == "renew"
            continue
        answer = bytearray(data[:240])
        answer[0] = 2
        answer[16:20] = address
        # of an option that nobody knows is more than there is room for, behind the end
        answer += (option(53, bytes([ANSWERS[name]])) + option(54, server) + b"\0\0" +
                   option(1, mask) + option(3, server) + option(51, struct.pack("!I", 600)) +
                   option(58, struct.pack("!I", int(seconds))) + b"\xff" + b"\xfe\xff")
        made.sendto(answer, ("255.255.255.255", 68))


main()
