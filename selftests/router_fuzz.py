#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Random packets through two routers that differ in nothing but the fast path: what comes out
# of one has to come out of the other.
#
#   router_fuzz.py NETNS PACKETS SEED
#
# In NETNS the devices ca and ba are client and backend of the router whose fast path is on, cb
# and bb those of the other, see router_fuzz_test.sh. Nobody else is there: client and backend
# are this program. It establishes connections of all kinds, until the fast path carries them,
# sends their packets on with things changed in them, and begins again with those that ended.
#
# Of what the fast path carries nobody looks at checksums, lengths and flags of the transport
# header: such packets are sent, but what becomes of them is not compared (Packet.is_odd()).
#
# Prints "SENT CAME DIFFERENT", after a line for each that was different.

import os
import random
import struct
import sys
import time

import packet
from wire import Device, enter

CLIENT_MAC, BACKEND_MAC = "020000000009", "020000000001"
ROUTER_MAC = {"c": "020000000209", "b": "020000000201"}
MARK_ID = 0x7e57
ESTABLISHED = 12	# packets each way until a connection is carried

# Where from, to which address and port, protocol; who has it is asked of the routers.
KINDS = [
    ("c", "203.0.113.1", 80, 6), ("c", "203.0.113.1", 53, 17),
    ("c", "2001:db8:ff::1", 80, 6), ("c", "2001:db8:ff::1", 53, 17),
    ("c", "10.0.9.254", 8080, 6), ("c", "2001:db8:9::fe", 5000, 17),
    ("c", "203.0.113.1", 90, 132),
    ("c", "10.0.1.1", 7000, 6), ("c", "2001:db8:1::1", 7000, 17),
    ("b", "10.0.9.1", 9000, 6), ("b", "10.0.9.1", 9000, 17), ("b", "2001:db8:9::1", 9000, 6),
]
HERE = {"c": {4: "10.0.9.1", 6: "2001:db8:9::1"}, "b": {4: "10.0.1.1", 6: "2001:db8:1::1"}}
OTHER = {"c": "b", "b": "c"}


class Packet:
    """One of TCP, UDP or SCTP, before it is bytes; what is wrong with it is in here, too."""

    def __init__(self, version, proto, src, dst, sport, dport):
        self.version, self.proto = version, proto
        self.src, self.dst, self.sport, self.dport = src, dst, sport, dport
        self.payload = b"some bytes"
        self.ttl, self.tos, self.ident, self.frag, self.label = 64, 0, 0, 0x4000, 0
        self.options = self.extension = b""
        self.seq, self.ack, self.flags, self.doff, self.tcp_options = 1, 1, 0x18, None, b""
        self.sum_xor = self.ip_sum_xor = 0
        self.udp_length = self.length = self.cut = None
        self.no_sum = False

    def transport(self):
        if self.proto == 6:
            doff = 5 + len(self.tcp_options) // 4 if self.doff is None else self.doff
            head = struct.pack("!HHIIBBHHH", self.sport, self.dport, self.seq & 0xffffffff,
                               self.ack & 0xffffffff, doff << 4, self.flags, 4000, 0, 0)
            data, at = head + self.tcp_options + self.payload, 16
        elif self.proto == 17:
            length = 8 + len(self.payload) if self.udp_length is None else self.udp_length
            data, at = struct.pack("!HHHH", self.sport, self.dport, length, 0) + self.payload, 6
        else:
            # An INIT (RFC 9260 8.5.1) has no tag.
            return packet.sctp(self.sport, self.dport, self.payload,
                               0 if self.payload[:1] == b"\1" else 77)
        if self.no_sum and self.proto == 17:
            return data
        data = packet.with_sum(self.src, self.dst, self.proto, data, at)
        value = struct.unpack_from("!H", data, at)[0] ^ self.sum_xor
        return data[:at] + struct.pack("!H", value) + data[at + 2:]

    def is_odd(self):
        """Conntrack does not take it for a packet of its connection, the fast path does."""
        return (self.sum_xor or self.doff is not None or self.udp_length is not None or
                self.cut is not None or self.length is not None or
                (self.proto == 6 and self.flags & 0x3f not in (0x10, 0x18, 0x11, 0x19, 0x30, 0x38)))

    def ends(self):
        return self.proto == 6 and self.flags & 7

    def bytes(self):
        data = self.transport()
        if self.version == 4:
            head = struct.pack("!BBHHHBBH", 0x45 + len(self.options) // 4, self.tos,
                               20 + len(self.options) + len(data), self.ident, self.frag,
                               self.ttl, self.proto, 0)
            head += packet.address(self.src) + packet.address(self.dst) + self.options
            if self.length is not None:
                head = head[:2] + struct.pack("!H", self.length) + head[4:]
            value = (0xffff - packet.fold(head)) ^ self.ip_sum_xor
            data = head[:10] + struct.pack("!H", value) + head[12:] + data
        else:
            proto = self.extension[0] if self.extension else self.proto
            inner = self.extension[1:] + data
            length = len(inner) if self.length is None else self.length
            data = (struct.pack("!IHBB", 6 << 28 | self.tos << 20 | self.label, length, proto,
                                self.ttl) +
                    packet.address(self.src) + packet.address(self.dst) + inner)
        return data if self.cut is None else data[:self.cut]


class Flow:
    """A connection; self.ends[side] are (src, dst, sport, dport) of what SIDE sends."""

    def __init__(self, fuzz, kind):
        side, dst, dport, self.proto = kind
        self.version = 6 if ":" in dst else 4
        self.first, self.fuzz = side, fuzz
        fuzz.port += 1
        self.ends = {side: (HERE[side][self.version], dst, fuzz.port, dport)}
        self.seq = {"c": 1000, "b": 5000}
        self.open()

    def packet(self, side):
        made = Packet(self.version, self.proto, *self.ends[side])
        made.seq, made.ack = self.seq[side], self.seq[OTHER[side]]
        return made

    def send(self, side, made, advance=None):
        self.seq[side] += len(made.payload) if advance is None else advance
        return self.fuzz.exchange(side, made)

    def open(self):
        """Until it is carried; where it goes is seen by its first packet."""
        first, then = self.first, OTHER[self.first]
        made = self.packet(first)
        if self.proto == 6:
            made.flags, made.payload = 2, b""
        elif self.proto == 132:		# INIT
            made.payload = struct.pack("!BBHIIHHI", 1, 0, 20, 1, 60000, 1, 1, 1)
        out = self.send(first, made, 1)
        came = [data for side, data in out if side == then]
        if not came:
            raise SystemExit(f"nothing came out for {made.__dict__}")
        self.ends[then] = self.seen(came[0])
        if self.proto == 6:
            made = self.packet(then)
            made.flags, made.payload = 0x12, b""
            self.send(then, made, 1)
        for _ in range(ESTABLISHED):
            for side in (first, then):
                self.send(side, self.packet(side))

    def seen(self, data):
        size = 16 if self.version == 6 else 4
        at = 8 if self.version == 6 else 12
        src, dst = data[at:at + size], data[at + size:at + 2 * size]
        ports = struct.unpack_from("!HH", data, at + 2 * size)
        return text(dst), text(src), ports[1], ports[0]


def text(address):
    return packet.socket.inet_ntop(packet.socket.AF_INET if len(address) == 4 else
                                   packet.socket.AF_INET6, address)


def mutate(any_, made):
    """Changes one thing of MADE."""
    v4 = made.version == 4
    options = [b"\1" * 4, b"\x07\x07\x04\0\0\0\0\0", b"\x44\x0c\x05\0" + bytes(8), b"\x83\x03\x20\0",
               b"\x94\x04\0\0", b"\x07\x30\x04\0", b"\xff" * 8, b"\1" * 40]
    extensions = [bytes([0, made.proto, 0, 1, 4, 0, 0, 0, 0]),
                  bytes([60, made.proto, 0, 1, 4, 0, 0, 0, 0]),
                  bytes([43, made.proto, 0, 4, 0, 0, 0, 0, 0]),
                  bytes([43, made.proto, 2, 0, 1]) + bytes(20),
                  bytes([44, made.proto, 0, 0, 0, 0, 0, 0, 9]),
                  bytes([44, made.proto, 0, 0, 1, 0, 0, 0, any_.randrange(9)]),
                  bytes([60, made.proto, 9, 1, 4, 0, 0, 0, 0]),
                  bytes([0, 60, 0, 5, 2, 0, 0, 1, 0, made.proto, 0, 1, 4, 0, 0, 0, 0])]

    def change(**what):
        made.__dict__.update(what)

    choices = [
        lambda: change(ttl=any_.choice([0, 1, 2, 3, 255])),
        lambda: change(tos=any_.randrange(256)),
        lambda: change(payload=any_.randbytes(any_.choice([0, 1, 2, 3, 7, 500, 1300, 1380]))),
        lambda: change(payload=any_.randbytes(any_.randrange(1380))),
        lambda: change(sum_xor=any_.choice([1, 0x8000, 0xffff])),
        lambda: change(cut=any_.randrange(80)),
        lambda: change(length=any_.choice([0, 1, 19, 20, 21, 27, 28, 40, 60, 2000, 65535])),
    ]
    if v4:
        choices += [
            lambda: change(ident=any_.randrange(65536), frag=any_.choice([0, 0x4000])),
            lambda: change(frag=any_.choice([0x2000, 0x2001, 1, 0x1fff, 0x8000, 0x6000])),
            lambda: change(options=any_.choice(options)),
            lambda: change(ip_sum_xor=any_.choice([1, 0x100, 0xffff])),
        ]
    else:
        choices += [
            lambda: change(label=any_.randrange(1 << 20)),
            lambda: change(extension=any_.choice(extensions)),
        ]
    if made.proto == 6:
        choices += [
            lambda: change(flags=any_.choice([0x10, 0x18, 0x11, 0x14, 4, 2, 0x12, 0, 0x29, 0xff,
                                              0x30, 0x38, 0x98, 0xd0])),
            lambda: change(doff=any_.randrange(16)),
            lambda: change(tcp_options=any_.choice([b"\1\1\x08\x0a" + bytes(8), b"\2\4\5\xb4",
                                                    b"\x05\x0a" + bytes(10), b"\xff\0\0\0"])),
            lambda: change(seq=made.seq + any_.choice([-1, 1, -100000, 1 << 31])),
            lambda: change(ack=made.ack + any_.choice([-1, 1, 1 << 31])),
        ]
    elif made.proto == 17:
        choices += [
            lambda: change(udp_length=any_.choice([0, 7, 8, 9, 2000, 65535])),
            lambda: change(no_sum=True),
        ]
    any_.choice(choices)()


class Fuzz:
    def __init__(self, seed):
        self.any = random.Random(seed)
        self.devices = {name: Device(name) for name in ("ca", "ba", "cb", "bb")}
        self.port = 1024
        self.mark = self.sent = self.came = self.different = 0
        # Not each kernel's conntrack knows SCTP.
        sctp = os.path.exists("/proc/sys/net/netfilter/nf_conntrack_sctp_timeout_established")
        self.kinds = [kind for kind in KINDS if sctp or kind[3] != 132]
        self.flows = [Flow(self, kind) for kind in self.kinds]

    def frame(self, side, data):
        mac = CLIENT_MAC if side == "c" else BACKEND_MAC
        kind = 0x86dd if data[:1] and data[0] >> 4 == 6 else 0x800
        return (bytes.fromhex(ROUTER_MAC[side]) + bytes.fromhex(mac) + struct.pack("!H", kind) +
                data)

    def outputs(self, router, mark):
        """[(side, packet)] of all that came until the marker did."""
        out, until = [], time.monotonic() + 60
        marked = False
        while True:
            quiet = True
            for side in "cb":
                while (frame := self.devices[side + router].receive()) is not None:
                    quiet = False
                    data = frame[14:]
                    if not frame or frame[0] & 1:
                        continue
                    if data[9:10] == b"\1" and data[24:26] == struct.pack("!H", MARK_ID):
                        marked |= data[26:28] == mark
                        continue
                    out.append((side, neutral(data)))
            if marked and quiet:
                return sorted(out)
            if time.monotonic() > until:
                raise SystemExit("a packet that has to come does not")

    def exchange(self, side, made):
        """Sends it into both routers; what came out of the one with the fast path."""
        frame = self.frame(side, made.bytes())
        self.mark = (self.mark + 1) & 0xffff
        mark = struct.pack("!H", self.mark)
        echo = packet.icmp(8, 0, struct.pack("!HH", MARK_ID, self.mark))
        marker = self.frame("c", packet.ipv4("10.0.9.1", "10.0.1.1", 1, echo))
        got = []
        for router in "ab":
            self.devices[side + router].send(frame)
            self.devices["c" + router].send(marker)
            got.append(self.outputs(router, mark))
        self.sent += 1
        self.came += len(got[0])
        if got[0] != got[1] and not made.is_odd():
            self.different += 1
            print("#", {k: v for k, v in made.__dict__.items() if v not in (None, 0, b"")})
            for name, out in zip(("on", "off"), got):
                print("#  ", name, [(where, data.hex()) for where, data in out])
        return got[0]

    def step(self):
        number = self.any.randrange(len(self.flows))
        flow = self.flows[number]
        side = self.any.choice("cb")
        made = flow.packet(side)
        for _ in range(self.any.choice([0, 1, 1, 1, 2, 3])):
            mutate(self.any, made)
        if made.cut is not None:
            made.cut = max(made.cut, 1)
        flow.send(side, made)
        if made.ends() or (made.proto == 132 and not self.any.randrange(50)):
            self.flows[number] = Flow(self, self.kinds[number])


def blank(data, at, size):
    return data[:at] + bytes(size) + data[at + size:]


def neutral(data, at=0):
    """Without what routers put in by chance, and its sums: an id of their own packets, a time."""
    if len(data) < at + 32 or data[at] >> 4 != 4:
        return data
    length = (data[at] & 15) * 4
    timed = data[at] == 0x48 and data[at + 20] == 0x44
    if timed:
        data = blank(blank(data, at + 10, 2), at + 24, 8)
    if data[at + 9] == 1 and not at:
        data = neutral(blank(blank(data, 4, 2), 10, 2), length + 8)
        if timed:
            data = blank(data, length + 2, 2)
    return data


def main():
    netns, packets, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.sched_setaffinity(0, {0})
    enter(netns)
    fuzz = Fuzz(seed)
    while fuzz.sent < packets:
        fuzz.step()
    print(fuzz.sent, fuzz.came, fuzz.different)


main()
