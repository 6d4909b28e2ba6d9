# SPDX-License-Identifier: GPL-2.0
"""Packets as bytes, with all their checksums, for tests. Addresses are texts."""
import socket
import struct


def fold(data):
    """The sum of the Internet, RFC 1071, which is written with its bits turned over."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def with_sum(src, dst, proto, segment, at, partial=False):
    """SEGMENT, whose checksum is at AT, with that of it and the addresses."""
    pseudo = address(src) + address(dst) + struct.pack("!II", proto, len(segment))
    if partial:
        value = fold(pseudo)
    else:
        value = 0xffff - fold(pseudo + segment)
        if proto == 17 and not value:
            value = 0xffff
    return segment[:at] + struct.pack("!H", value) + segment[at + 2:]


def tcp(src, dst, sport, dport, payload=b"some bytes", partial=False):
    segment = struct.pack("!HHIIHHHH", sport, dport, 1, 2, 0x5018, 1000, 0, 0) + payload
    return with_sum(src, dst, 6, segment, 16, partial)


def udp(src, dst, sport, dport, payload=b"some more bytes", partial=False, none=False):
    segment = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
    return segment if none else with_sum(src, dst, 17, segment, 6, partial)


def sctp(sport, dport, payload=b"chunk" * 7, tag=77):
    head = struct.pack("!HHI", sport, dport, tag)
    return head + struct.pack("<I", crc32c(head + bytes(4) + payload)) + payload


def icmp(kind, code, payload=b"echo echo"):
    head = bytes([kind, code])
    value = 0xffff - fold(head + bytes(2) + payload)
    return head + struct.pack("!H", value) + payload


def icmp6(src, dst, kind, payload):
    return with_sum(src, dst, 58, bytes([kind, 0, 0, 0]) + payload, 2)


def ipv4(src, dst, proto, payload, tos=0, ttl=64, frag=0, options=b""):
    head = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, tos,
                       20 + len(options) + len(payload), 77, frag, ttl, proto, 0)
    head += address(src) + address(dst) + options
    value = 0xffff - fold(head)
    return head[:10] + struct.pack("!H", value) + head[12:] + payload


def with_v4_id(packet, number):
    """The same packet of IPv4 without options, by another number."""
    head = packet[:4] + struct.pack("!H", number & 0xffff) + packet[6:10] + packet[12:20]
    value = 0xffff - fold(head)
    return head[:10] + struct.pack("!H", value) + head[10:] + packet[20:]


def ipv6(src, dst, proto, payload, tos=0, ttl=64, label=0, extension=b""):
    return struct.pack("!IHBB", 6 << 28 | tos << 20 | label, len(extension) + len(payload),
                       proto, ttl) + address(src) + address(dst) + extension + payload


def arp(op, sha, spa, tha, tpa):
    return (struct.pack("!HHBBH", 1, 0x0800, 6, 4, op) + sha + address(spa) + tha +
            address(tpa))
