#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Fragments for flow_fragment_test.sh: sent as they are from eth0 of one network namespace,
# looked for by sockets in another one.
#
#   flow_fragment.py FROM TO cases
#	a line for each case: its name, and what came of its datagram by IPv4 and by IPv6:
#	"whole", "nothing", or "garbled"
#   flow_fragment.py FROM TO random SEED COUNT
#	so many of no sense, and behind them a whole datagram each: "whole whole"
#   flow_fragment.py FROM TO begun COUNT
#	so many long first ones of datagrams that are never ended
#   flow_fragment.py NS forget
#	all connections of a network namespace

import random
import select
import socket
import struct
import sys
import time

from packet import ipv4, ipv6, udp, with_v4_id
from wire import Device, enter

FROM4, TO4 = "192.0.2.1", "192.0.2.2"
FROM6, TO6 = "2001:db8:1::1", "2001:db8:1::2"
PORT = 7777
UDP, FRAGMENT = 17, 44
WAIT = 2
TINY = bytes(range(200))


class Hosts:
    def __init__(self, source, target):
        enter(target)
        self.servers = {}
        for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
            server = socket.socket(family, socket.SOCK_DGRAM)
            if version == 6:
                server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            server.bind(("", PORT))
            server.setblocking(False)
            self.servers[version] = server
        enter(source)
        self.wire = Device("eth0")
        self.number = 0

    def send(self, version, parts):
        """A datagram in parts: (offset in bytes, whether more follows, data)."""
        self.number += 1
        for offset, more, data in parts:
            self.wire.send(frame(version, self.number, offset, more, data))

    def received(self, version):
        """All that has come until a datagram of one part, which is sent for this."""
        mark = b"mark %d" % self.number
        self.send(version, [(0, False, datagram(version, mark))])
        server, found = self.servers[version], []
        while True:
            if not select.select([server], [], [], WAIT)[0]:
                return found + ["no mark"]
            data = server.recv(65536)
            if data == mark:
                return found
            found.append(data)


def datagram(version, payload):
    pair = (FROM4, TO4) if version == 4 else (FROM6, TO6)
    return udp(*pair, 1000, PORT, payload)


def frame(version, number, offset, more, data):
    head = bytes.fromhex("020000000002020000000001")
    if version == 4:
        packet = with_v4_id(ipv4(FROM4, TO4, UDP, data, frag=more << 13 | offset >> 3), number)
        return head + b"\x08\x00" + packet
    if not offset and not more:
        return head + b"\x86\xdd" + ipv6(FROM6, TO6, UDP, data)
    extension = struct.pack("!BBHI", UDP, 0, offset & 0xfff8 | more, number)
    return head + b"\x86\xdd" + ipv6(FROM6, TO6, FRAGMENT, data, extension=extension)


def cut(data, *places):
    """Into parts at these places."""
    places = [0, *places, len(data)]
    return [(a, b < len(data), data[a:b]) for a, b in zip(places, places[1:])]


def cases(version):
    """(name, parts)"""
    data = datagram(version, random.Random(version).randbytes(3600))
    parts = cut(data, 1280, 2560)
    first, middle, last = parts
    other = bytes(byte ^ 1 for byte in data)
    yield "in-order", parts
    yield "backwards", parts[::-1]
    yield "twice", [first, first, middle, middle, last]
    yield "overlapping", [first, (1272, True, data[1272:2560]), last]
    yield "overlapping-other", [first, (640, True, other[640:1920]), middle, last]
    yield "covering", [(640, True, data[640:1280]), (0, True, other[:1400]), first, middle, last]
    yield "tiny", cut(datagram(version, TINY), *range(8, len(TINY), 8))
    yield "small", cut(datagram(version, TINY), 48)
    yield "no-last", [first, middle]
    yield "no-first", [middle, last]
    yield "no-middle", [first, last]
    yield "two-ends", [last, (2560, False, data[2560:-8]), first, middle]
    yield "behind-the-end", [last, (len(data) + 7 & ~7, False, bytes(8)), first, middle]
    yield "more-behind-the-end", [last, (8000, True, bytes(1280)), first, middle]
    yield "odd-length", [(0, True, data[:1283]), middle, last]
    yield "empty", [(0, True, b""), (1280, True, b""), (2560, False, b"")]
    yield "beyond-64k", [first, middle, (65528, False, bytes(1280))]
    yield "too-many", cut(datagram(version, bytes(65000)), *range(32, 65000, 32))


def outcome(found, *wanted):
    if not found:
        return "nothing"
    return "whole" if len(found) == 1 and found[0] in wanted else "garbled"


def run_cases(hosts):
    results = {}
    for version in (4, 6):
        want = random.Random(version).randbytes(3600)
        for name, parts in cases(version):
            hosts.send(version, parts)
            results.setdefault(name, []).append(outcome(hosts.received(version), want, TINY))
    for name, result in results.items():
        print(name, *result)


def run_random(hosts, seed, count):
    rnd = random.Random(seed)
    data = rnd.randbytes(1400)
    for _ in range(count):
        version = rnd.choice((4, 6))
        number = rnd.randrange(1 << 15, (1 << 15) + 24)
        offset = rnd.choice((0, 8, 64, 1280, 8 * rnd.randrange(300), 8 * rnd.randrange(8192)))
        size = rnd.choice((0, 1, 7, 8, 64, 1280, 8 * rnd.randrange(170), rnd.randrange(1400)))
        hosts.wire.send(frame(version, number, offset, rnd.random() < 0.7, data[:size]))
    time.sleep(0.1)
    results = []
    for version in (4, 6):
        hosts.received(version)
        want = rnd.randbytes(3600)
        hosts.send(version, cut(datagram(version, want), 1280, 2560))
        results.append(outcome(hosts.received(version), want))
    print(*results)


def run_begun(hosts, count):
    data = bytes(1400)
    for number in range(count):
        for version in (4, 6):
            hosts.wire.send(frame(version, number, 0, True, data))


def forget(name):
    """ctnetlink: IPCTNL_MSG_CT_DELETE of all."""
    enter(name)
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
    sock.send(struct.pack("=IHHII4x", 20, 1 << 8 | 2, 5, 1, 0))
    error, = struct.unpack_from("=i", sock.recv(4096), 16)
    sys.exit(error and f"error {-error}")


def main():
    if sys.argv[2] == "forget":
        forget(sys.argv[1])
    hosts, command, more = Hosts(*sys.argv[1:3]), sys.argv[3], map(int, sys.argv[4:])
    {"cases": run_cases, "random": run_random, "begun": run_begun}[command](hosts, *more)


main()
