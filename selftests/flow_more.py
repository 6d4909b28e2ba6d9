#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# What flow_more_test.sh sends and waits for. NS are names of network namespaces, in which
# eth0 is meant:
#
#   flow_more.py reject NS
#	packets of all kinds, and what has to come back for each, byte for byte
#   flow_more.py flood NS COUNT
#	so many that are to be refused; says how many answers came
#   flow_more.py sample NS SWITCH_NS GROUP LEN
#	packets, and what psample tells of them there
#
# Exits 0 if all is as it should be, and else says what is not.

import socket
import struct
import sys
import time

from packet import fold, icmp, icmp6, ipv4, ipv6, tcp, udp, with_sum
from wire import ETH_P_ALL, PACKET_AUXDATA, SOL_PACKET, enter, with_tag

PACKET_OUTGOING = 4

ME = bytes.fromhex("020000000001")
THEM = bytes.fromhex("020000bb0001")


class Wire:
    """eth0 of a namespace."""

    def __init__(self, name):
        enter(name)
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.sock.bind(("eth0", ETH_P_ALL))
        self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)

    def send(self, frame):
        self.sock.send(frame)

    def receive(self, seconds):
        """The next frame to us that came in, with its tag; None: there is none."""
        end = time.monotonic() + seconds
        while True:
            self.sock.settimeout(max(0.001, end - time.monotonic()))
            try:
                frame, extra, _, source = self.sock.recvmsg(65536, 256)
            except TimeoutError:
                return None
            if source[2] == PACKET_OUTGOING or frame[:6] != ME:
                continue
            return with_tag(frame, extra)


def ethernet(kind, payload, dst=THEM, src=ME, tags=b""):
    return (dst + src + tags + struct.pack("!H", kind) + payload).ljust(60, b"\0")


def segment(src, dst, sport, dport, seq, ack, flags):
    data = struct.pack("!HHIIHHHH", sport, dport, seq, ack, 0x5000 | flags, 0, 0, 0)
    return with_sum(src, dst, 6, data, 16)


A4, B4 = "10.1.2.3", "10.9.8.7"
A6, B6 = "fd00::1", "fd00::99"


def answer4(proto, payload):
    """What netfilter makes of an answer in IPv4: with DF, without a number."""
    head = ipv4(B4, A4, proto, payload, frag=0x4000)
    head = head[:4] + b"\0\0" + head[6:10] + b"\0\0" + head[12:20]
    return head[:10] + struct.pack("!H", 0xffff - fold(head)) + head[12:] + payload


def back(kind, payload, tags=b""):
    return ME + THEM + tags + struct.pack("!H", kind) + payload


def unreachable4(packet):
    return answer4(1, icmp(3, 3, bytes(4) + packet[:536]))


def unreachable6(packet):
    return ipv6(B6, A6, 58, with_sum(B6, A6, 58, bytes([1, 4, 0, 0, 0, 0, 0, 0]) +
                                     packet[:1220], 2))


def damaged(packet, at=-1):
    data = bytearray(packet)
    data[at] ^= 1
    return bytes(data)


def reject_cases():
    """(name, frame, what comes back or None)"""
    syn = ipv4(A4, B4, 6, segment(A4, B4, 1000, 80, 41, 0, 2))
    rst = answer4(6, segment(B4, A4, 80, 1000, 0, 42, 0x14))
    data = ipv4(A4, B4, 6, tcp(A4, B4, 1000, 80))
    rst_of_data = answer4(6, segment(B4, A4, 80, 1000, 2, 0, 4))
    datagram = ipv4(A4, B4, 17, udp(A4, B4, 1000, 53, b"a question" * 80))
    sumless = ipv4(A4, B4, 17, udp(A4, B4, 1000, 53, none=True))
    echo = ipv4(A4, B4, 1, icmp(8, 0))
    syn6 = ipv6(A6, B6, 6, segment(A6, B6, 1000, 80, 41, 0, 2))
    rst6 = ipv6(B6, A6, 6, segment(B6, A6, 80, 1000, 0, 42, 0x14))
    datagram6 = ipv6(A6, B6, 17, udp(A6, B6, 1000, 53, b"a question" * 140))
    tag = bytes.fromhex("81000014")
    tags = bytes.fromhex("88a800148100000a")
    return [
        ("TCP's SYN, with padding", ethernet(0x800, syn), back(0x800, rst)),
        ("TCP's data", ethernet(0x800, data), back(0x800, rst_of_data)),
        ("UDP", ethernet(0x800, datagram), back(0x800, unreachable4(datagram))),
        ("UDP without a checksum", ethernet(0x800, sumless),
         back(0x800, unreachable4(sumless))),
        ("ICMP's echo", ethernet(0x800, echo), back(0x800, unreachable4(echo))),
        ("TCP's SYN of IPv6", ethernet(0x86dd, syn6), back(0x86dd, rst6)),
        ("UDP of IPv6", ethernet(0x86dd, datagram6), back(0x86dd, unreachable6(datagram6))),
        ("with a tag", ethernet(0x800, syn, tags=tag), back(0x800, rst, tag)),
        ("with two tags", ethernet(0x86dd, syn6, tags=tags), back(0x86dd, rst6, tags)),
        ("UDP behind a tag", ethernet(0x800, datagram, tags=tag),
         back(0x800, unreachable4(datagram), tag)),
        ("a reset", ethernet(0x800, ipv4(A4, B4, 6, segment(A4, B4, 1, 80, 1, 0, 4))), None),
        ("a reset of IPv6",
         ethernet(0x86dd, ipv6(A6, B6, 6, segment(A6, B6, 1, 80, 1, 0, 4))), None),
        ("an error of ICMP",
         ethernet(0x800, ipv4(A4, B4, 1, icmp(11, 0, bytes(4) + syn[:28]))), None),
        ("an error of ICMPv6",
         ethernet(0x86dd, ipv6(A6, B6, 58, icmp6(A6, B6, 3, bytes(4) + syn6))), None),
        ("a later fragment", ethernet(0x800, ipv4(A4, B4, 17, b"x" * 64, frag=8)), None),
        ("a later fragment of IPv6",
         ethernet(0x86dd, ipv6(A6, B6, 44, b"x" * 64,
                               extension=struct.pack("!BBHI", 17, 0, 8 << 3, 7))), None),
        ("to all", ethernet(0x800, syn, dst=b"\xff" * 6), None),
        ("to a group", ethernet(0x800, ipv4(A4, "224.0.0.9", 17,
                                            udp(A4, "224.0.0.9", 1, 2))), None),
        ("to a group of IPv6", ethernet(0x86dd, ipv6(A6, "ff02::9", 17,
                                                     udp(A6, "ff02::9", 1, 2))), None),
        ("from nobody", ethernet(0x800, ipv4("0.0.0.0", B4, 17,
                                             udp("0.0.0.0", B4, 1, 2))), None),
        ("with TCP's checksum wrong", ethernet(0x800, damaged(data)), None),
        ("with UDP's checksum wrong", ethernet(0x800, damaged(datagram)), None),
        ("with UDP's checksum of IPv6 wrong", ethernet(0x86dd, damaged(datagram6)), None),
        ("with IP's checksum wrong", ethernet(0x800, damaged(syn, 8)), None),
        ("cut off", ethernet(0x800, datagram[:200]), None),
        ("no IP", ethernet(0x806, b"\0" * 46), None),
    ]


def reject(ns):
    wire, wrong = Wire(ns), []
    cases = reject_cases()
    for name, frame, want in cases:
        wire.send(frame)
        if not want:
            continue
        got = wire.receive(5)
        if got != want:
            wrong.append(f"{name}: {got.hex() if got else None}, and not {want.hex()}")
    # All others have been answered in their order: what is still there is too much.
    while (got := wire.receive(0.3)):
        wrong.append(f"answered: {got.hex()}")
    # Each was counted once, also those without an answer.
    print(len(cases))
    for line in wrong:
        print(line, file=sys.stderr)
    return not wrong


def flood(ns, count):
    wire, answers = Wire(ns), 0
    frame = ethernet(0x800, ipv4(A4, B4, 17, udp(A4, B4, 1000, 53)))
    begin = time.monotonic()
    for _ in range(int(count)):
        wire.send(frame)
    seconds = time.monotonic() - begin
    while wire.receive(0.3):
        answers += 1
    most = 50 + 1000 * seconds + 60
    print(f"{answers} answers in {seconds:.3f} s, {most:.0f} at most")
    return 50 <= answers <= most and answers < int(count)


# ---- generic netlink, as much as is needed ------------------------------------


def attributes(data):
    found, at = {}, 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        found[kind & 0x3fff] = data[at + 4:at + length]
        at += (length + 3) & ~3
    return found


def genl_listen(family, group):
    """A socket that gets what is sent to GROUP of FAMILY."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
    sock.bind((0, 0))
    name = family.encode() + b"\0"
    attr = struct.pack("=HH", 4 + len(name), 2) + name
    attr += bytes(-len(attr) % 4)
    body = struct.pack("=BBH", 3, 1, 0) + attr
    sock.send(struct.pack("=IHHII", 16 + len(body), 16, 1, 1, 0) + body)
    reply = sock.recv(65536)
    groups = attributes(attributes(reply[20:])[7])
    for nest in groups.values():
        one = attributes(nest)
        if one[1].rstrip(b"\0") == group.encode():
            sock.setsockopt(270, 1, struct.unpack("=I", one[2])[0])
            return sock
    raise OSError(f"{family} has no group {group}")


# PSAMPLE_ATTR_*
ORIGSIZE, GROUP, RATE, DATA = 2, 3, 5, 6


def sample(ns, switch_ns, group, most):
    wire = Wire(ns)
    enter(switch_ns)
    sock = genl_listen("psample", "packets")
    sock.settimeout(5)
    frame = ethernet(0x800, ipv4(A4, B4, 17, udp(A4, B4, 1000, 53, b"sampled" * 30)))
    for _ in range(5):
        wire.send(frame)
    for _ in range(5):
        told = attributes(sock.recv(65536)[20:])
        if (told[DATA] != frame[:int(most)] or
                struct.unpack("=I", told[GROUP])[0] != int(group) or
                struct.unpack("=I", told[ORIGSIZE])[0] != len(frame) or
                struct.unpack("=I", told[RATE])[0] != 1):
            print(f"told {told}")
            return False
    return True


def sampled(ns, switch_ns, count):
    """How many of COUNT packets psample tells of."""
    wire, told = Wire(ns), 0
    enter(switch_ns)
    sock = genl_listen("psample", "packets")
    sock.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)
    frame = ethernet(0x800, ipv4(A4, B4, 17, udp(A4, B4, 1000, 53)))
    for _ in range(int(count)):
        wire.send(frame)
    sock.settimeout(0.3)
    try:
        while sock.recv(65536):
            told += 1
    except TimeoutError:
        pass
    print(told)
    return True


if __name__ == "__main__":
    todo = {"reject": reject, "flood": flood, "sample": sample, "sampled": sampled}
    sys.exit(0 if todo[sys.argv[1]](*sys.argv[2:]) else 1)
