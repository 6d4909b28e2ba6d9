#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# What flow_rewrite_test.sh needs to know of packets:
#
#   flow_rewrite.py cases
#	a line for each: NAME|MATCH|ACTIONS|SENT|ARRIVING|CHECKSUM. SENT and ARRIVING are
#	frames in hexadecimal, made here with all their checksums; CHECKSUM is START:OFFSET
#	of one that is still to be made in SENT, or empty.
#   flow_rewrite.py serve ADDRESS PORT
#	take one connection, and say the digest of what came
#   flow_rewrite.py send ADDRESS PORT SOURCE_PORT BYTES
#	its other end: exits 0 if the digest is that of what was sent

import hashlib
import socket
import struct
import sys

from packet import address, arp, fold, icmp, icmp6, ipv4, ipv6, sctp, tcp, udp

DST = bytes.fromhex("020000bb0001")
NEW_MAC = bytes.fromhex("020000dd0001")


def source(number):
    """The MAC by which a case's flow knows its packet."""
    return bytes([2, 0, 0, 0xcc, number >> 8, number & 255])


def mac(address):
    return ":".join(f"{byte:02x}" for byte in address)


class Cases:
    """Numbers them, and builds the frames around what they are about."""

    def __init__(self):
        self.number = 0

    def add(self, name, match, actions, kind, before, after, **more):
        """BEFORE and AFTER are behind the EtherType KIND, and the tags."""
        self.number += 1
        src = source(self.number)
        sent = self.frame(DST, src, more.get("tags", []), kind, before)
        arriving = self.frame(more.get("to", DST), more.get("sender", src),
                              more.get("new_tags", more.get("tags", [])), kind, after)
        print("|".join([name, f"dl_src={mac(src)}{',' if match else ''}{match}", actions,
                        sent.hex(), arriving.hex(), more.get("checksum", "")]))

    @staticmethod
    def frame(dst, src, tags, kind, payload):
        head = b"".join(struct.pack("!HH", *tag) for tag in tags)
        return dst + src + head + struct.pack("!H", kind) + payload

    def same(self, name, match, actions, kind, payload, **more):
        self.add(name, match, actions, kind, payload, payload, **more)


V4, V6, ARP = 0x0800, 0x86dd, 0x0806
A, B, C = "192.0.2.1", "192.0.2.2", "198.51.100.77"
A6, B6, C6 = "2001:db8:1::1", "2001:db8:1::2", "2001:db8:5::abcd"


def ethernet_cases(cases):
    packet = ipv4(A, B, 6, tcp(A, B, 1, 2))
    cases.same("MACs", "", f"mod_dl_dst:{mac(NEW_MAC)},mod_dl_src:02:00:00:00:00:77", V4, packet,
               to=NEW_MAC, sender=bytes.fromhex("020000000077"))
    cases.same("part of a MAC", "", "set_field:00:00:00:00:dd:00/00:00:00:00:ff:00->dl_dst", V4,
               packet, to=bytes.fromhex("020000bbdd01"))


def vlan_cases(cases):
    packet = ipv4(A, B, 17, udp(A, B, 1, 2))
    q, ad = 0x8100, 0x88a8
    cases.same("a tag for a frame without", "", "mod_vlan_vid:10", V4, packet,
               new_tags=[(q, 10)])
    cases.same("another VLAN in the tag", "", "mod_vlan_vid:20", V4, packet,
               tags=[(q, 0xa00a)], new_tags=[(q, 0xa014)])
    cases.same("another priority in the tag", "", "mod_vlan_pcp:3", V4, packet,
               tags=[(ad, 0xa00a)], new_tags=[(ad, 0x600a)])
    cases.same("a tag off", "", "strip_vlan", V4, packet, tags=[(q, 10)], new_tags=[])
    cases.same("no tag off", "", "strip_vlan", V4, packet)
    cases.same("the outer tag off", "", "pop_vlan", V4, packet, tags=[(ad, 10), (q, 20)],
               new_tags=[(q, 20)])
    cases.same("two tags off", "", "pop_vlan,pop_vlan", V4, packet,
               tags=[(ad, 10), (q, 20)], new_tags=[])
    cases.same("a provider's tag on", "", "push_vlan:0x88a8,mod_vlan_vid:30", V4, packet,
               tags=[(q, 10)], new_tags=[(ad, 30), (q, 10)])
    cases.same("two tags on", "", "push_vlan:0x8100,mod_vlan_vid:7,push_vlan:0x88a8,mod_vlan_vid:8",
               V4, packet, new_tags=[(ad, 8), (q, 7)])
    changed = ipv4(A, C, 17, udp(A, C, 1, 2), ttl=63)
    cases.add("behind tags that come and go", "ip", f"pop_vlan,mod_nw_dst:{C},"
              "push_vlan:0x88a8,push_vlan:0x8100,mod_vlan_vid:9,dec_ttl", V4, packet, changed,
              tags=[(q, 10), (q, 11)], new_tags=[(q, 9), (ad, 0), (q, 11)])


def ipv4_cases(cases):
    set_both = f"mod_nw_src:{C},mod_nw_dst:{B}"
    for name, proto, segment in (
            ("TCP", 6, lambda s, d: tcp(s, d, 1000, 2000)),
            ("TCP of odd length", 6, lambda s, d: tcp(s, d, 1000, 2000, b"odd")),
            ("UDP", 17, lambda s, d: udp(s, d, 1000, 2000)),
            ("UDP without checksum", 17, lambda s, d: udp(s, d, 1000, 2000, none=True)),
            ("SCTP", 132, lambda s, d: sctp(1000, 2000)),
            ("ICMP", 1, lambda s, d: icmp(8, 0))):
        cases.add(f"addresses of IPv4, {name}", "ip", set_both, V4,
                  ipv4(A, "203.0.113.9", proto, segment(A, "203.0.113.9")),
                  ipv4(C, B, proto, segment(C, B)))
    cases.add("part of an address", "ip", "set_field:0.0.3.0/0.0.255.0->nw_dst", V4,
              ipv4(A, B, 6, tcp(A, B, 1, 2)),
              ipv4(A, "192.0.3.2", 6, tcp(A, "192.0.3.2", 1, 2)))
    cases.add("TOS, hops and options", "ip", "mod_nw_tos:184,mod_nw_ecn:1,mod_nw_ttl:9", V4,
              ipv4(A, B, 6, tcp(A, B, 1, 2), tos=2, options=b"\1\1\1\0"),
              ipv4(A, B, 6, tcp(A, B, 1, 2), tos=185, ttl=9, options=b"\1\1\1\0"))
    whole = tcp(A, B, 1, 2, b"x" * 100)
    changed = tcp(C, B, 1, 99, b"x" * 100)
    cases.add("the first fragment", "tcp", f"mod_nw_src:{C},mod_tp_dst:99", V4,
              ipv4(A, B, 6, whole[:48], frag=0x2000), ipv4(C, B, 6, changed[:48], frag=0x2000))
    cases.add("a later fragment", "ip", f"mod_nw_src:{C}", V4,
              ipv4(A, B, 6, whole[48:], frag=6), ipv4(C, B, 6, whole[48:], frag=6))
    cases.add("from the packet to it", "ip",
              "move:NXM_OF_IP_SRC[]->NXM_NX_REG0[],move:NXM_OF_IP_DST[]->NXM_OF_IP_SRC[],"
              "move:NXM_NX_REG0[]->NXM_OF_IP_DST[]", V4,
              ipv4(A, C, 17, udp(A, C, 1, 2)), ipv4(C, A, 17, udp(C, A, 1, 2)))


def port_cases(cases):
    ports = "mod_tp_src:3000,mod_tp_dst:4000"
    cases.add("ports of TCP", "tcp", ports, V4, ipv4(A, B, 6, tcp(A, B, 1, 2)),
              ipv4(A, B, 6, tcp(A, B, 3000, 4000)))
    cases.add("ports of UDP", "udp", ports, V4, ipv4(A, B, 17, udp(A, B, 1, 2)),
              ipv4(A, B, 17, udp(A, B, 3000, 4000)))
    cases.add("ports of UDP without checksum", "udp", ports, V4,
              ipv4(A, B, 17, udp(A, B, 1, 2, none=True)),
              ipv4(A, B, 17, udp(A, B, 3000, 4000, none=True)))
    cases.add("ports of SCTP, with padding", "sctp", ports, V4,
              ipv4(A, B, 132, sctp(1, 2)) + bytes(9),
              ipv4(A, B, 132, sctp(3000, 4000)) + bytes(9))
    cases.add("ports of TCP over IPv6", "tcp6", ports, V6, ipv6(A6, B6, 6, tcp(A6, B6, 1, 2)),
              ipv6(A6, B6, 6, tcp(A6, B6, 3000, 4000)))
    # What sums up to nothing is sent as all ones (RFC 768).
    zero = 0xffff - (fold(ipv4(A, B, 17, b"")[12:] + struct.pack("!HHHHHH", 17, 10, 7, 0, 10, 0)))
    payload = struct.pack("!H", zero)
    cases.add("a checksum that becomes zero", "udp", "mod_tp_src:7,mod_tp_dst:0", V4,
              ipv4(A, B, 17, udp(A, B, 1, 2, payload)), ipv4(A, B, 17, udp(A, B, 7, 0, payload)))


def partial_cases(cases):
    """Checksums that are made only when the frame leaves."""
    actions = f"mod_nw_src:{C},mod_nw_dst:{B},mod_tp_dst:99"
    cases.add("TCP's checksum yet to be made", "tcp", actions, V4,
              ipv4(A, C, 6, tcp(A, C, 1, 2, partial=True)), ipv4(C, B, 6, tcp(C, B, 1, 99)),
              checksum="34:16")
    cases.add("UDP's checksum yet to be made", "udp", actions, V4,
              ipv4(A, C, 17, udp(A, C, 1, 2, partial=True)), ipv4(C, B, 17, udp(C, B, 1, 99)),
              checksum="34:6")
    actions = f"set_field:{C6}->ipv6_src,mod_tp_dst:99,push_vlan:0x8100,push_vlan:0x8100"
    cases.add("the same over IPv6, with tags", "tcp6", actions, V6,
              ipv6(A6, B6, 6, tcp(A6, B6, 1, 2, partial=True)),
              ipv6(C6, B6, 6, tcp(C6, B6, 1, 99)), checksum="54:16",
              new_tags=[(0x8100, 0), (0x8100, 0)])


def ipv6_cases(cases):
    both = f"set_field:{C6}->ipv6_src,set_field:{A6}->ipv6_dst"
    for name, proto, segment in (
            ("TCP", 6, lambda s, d: tcp(s, d, 1000, 2000)),
            ("UDP", 17, lambda s, d: udp(s, d, 1000, 2000)),
            ("SCTP", 132, lambda s, d: sctp(1000, 2000)),
            ("ICMP", 58, lambda s, d: icmp6(s, d, 128, b"echo echo "))):
        cases.add(f"addresses of IPv6, {name}", "ipv6", both, V6,
                  ipv6(A6, B6, proto, segment(A6, B6)), ipv6(C6, A6, proto, segment(C6, A6)))
    cases.add("class, label and hops", "ipv6",
              "mod_nw_tos:184,set_field:0x54321->ipv6_label,dec_ttl", V6,
              ipv6(A6, B6, 6, tcp(A6, B6, 1, 2), tos=3, label=0xfffff),
              ipv6(A6, B6, 6, tcp(A6, B6, 1, 2), tos=187, label=0x54321, ttl=63))
    # Its sum has the last address of the routing header, as long as there is one to go to.
    for left, final in ((1, C6), (0, None)):
        routing = bytes([6, 2, 2, left, 0, 0, 0, 0]) + address(C6)
        cases.add(f"a routing header with {left} to go to", "ipv6", f"set_field:{A6}->ipv6_dst", V6,
                  ipv6(A6, B6, 43, tcp(A6, final or B6, 1, 2), extension=routing),
                  ipv6(A6, A6, 43, tcp(A6, final or A6, 1, 2), extension=routing))


def neighbour_cases(cases):
    sha, tha = bytes.fromhex("020000000101"), bytes(6)
    cases.add("all of ARP", "arp", f"set_field:2->arp_op,set_field:{mac(NEW_MAC)}->arp_sha,"
              f"set_field:02:00:00:00:01:02->arp_tha,set_field:{C}->arp_spa,set_field:{A}->arp_tpa",
              ARP, arp(1, sha, A, tha, B),
              arp(2, NEW_MAC, C, bytes.fromhex("020000000102"), A))

    def solicitation(target, link):
        return icmp6(A6, B6, 135, bytes(4) + address(target) + bytes([1, 1]) + link)

    def advertisement(target, link):
        return icmp6(A6, B6, 136, bytes(4) + address(target) + bytes([2, 1]) + link)
    cases.add("a neighbour solicitation", "icmp6,icmp_type=135,icmp_code=0",
              f"set_field:{C6}->nd_target,set_field:{mac(NEW_MAC)}->nd_sll", V6,
              ipv6(A6, B6, 58, solicitation(B6, sha), ttl=255),
              ipv6(A6, B6, 58, solicitation(C6, NEW_MAC), ttl=255))
    cases.add("a neighbour advertisement", "icmp6,icmp_type=136,icmp_code=0",
              f"set_field:{C6}->nd_target,set_field:{mac(NEW_MAC)}->nd_tll", V6,
              ipv6(A6, B6, 58, advertisement(B6, sha), ttl=255),
              ipv6(A6, B6, 58, advertisement(C6, NEW_MAC), ttl=255))
    cases.add("a type of ICMP", "icmp,icmp_type=8", "set_field:0->icmp_type,set_field:3->icmp_code",
              V4, ipv4(A, B, 1, icmp(8, 0)), ipv4(A, B, 1, icmp(0, 3)))


def print_cases():
    cases = Cases()
    for part in (ethernet_cases, vlan_cases, ipv4_cases, port_cases, partial_cases, ipv6_cases,
                 neighbour_cases):
        part(cases)


def serve(where, port):
    server = socket.create_server((where, port), family=socket.AF_INET6 if ":" in where
                                  else socket.AF_INET)
    connection = server.accept()[0]
    digest = hashlib.sha256()
    while True:
        data = connection.recv(65536)
        if not data:
            break
        digest.update(data)
    connection.sendall(digest.digest())


def send(where, port, source_port, size):
    data = bytes(i * 7 & 255 for i in range(251)) * (size // 251 + 1)
    any_address = "::" if ":" in where else "0.0.0.0"
    with socket.create_connection((where, port), 30, (any_address, source_port)) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        if connection.recv(32, socket.MSG_WAITALL) != hashlib.sha256(data).digest():
            sys.exit("what came was not what was sent")


if __name__ != "__main__":
    pass
elif sys.argv[1] == "cases":
    print_cases()
elif sys.argv[1] == "serve":
    serve(sys.argv[2], int(sys.argv[3]))
else:
    send(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
