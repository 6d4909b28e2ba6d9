# SPDX-License-Identifier: GPL-2.0
"""Packets as fields, and as bytes, for flow_ovs.py.

A packet is a dict of fields named as in ovs-fields(7), each a number, and "kind", one of
KINDS. Fields that it does not have are ignored.
"""
import struct

from packet import crc32c, fold

KINDS = {	# kind: (EtherType, protocol)
	"other": (None, None), "arp": (0x0806, None),
	"ip": (0x0800, 99), "tcp": (0x0800, 6), "udp": (0x0800, 17), "sctp": (0x0800, 132),
	"icmp": (0x0800, 1),
	"ipv6": (0x86dd, 99), "tcp6": (0x86dd, 6), "udp6": (0x86dd, 17), "sctp6": (0x86dd, 132),
	"icmp6": (0x86dd, 58), "nd": (0x86dd, 58),
}


def put(data, at, value):
    return data[:at] + value + data[at + len(value):]


def summed(data, at, pseudo):
    """The data with its checksum at this offset; 0 is written as all ones."""
    return put(data, at, struct.pack("!H", 0xffff - fold(pseudo + data) or 0xffff))


def neighbour(p):
    """ND: target and options."""
    option = {135: (1, "nd_sll"), 136: (2, "nd_tll")}[p["icmp_type"]]
    data = struct.pack("!BBHI", p["icmp_type"], p["icmp_code"], 0, 0)
    data += p["nd_target"].to_bytes(16, "big")
    if p["nd_option"]:
        data += bytes([option[0], 1]) + p[option[1]].to_bytes(6, "big")
    return data


def transport(p, payload, pseudo):
    """The header and what is behind it."""
    kind, proto = p["kind"], KINDS[p["kind"]][1]
    ports = struct.pack("!HH", p["tp_src"], p["tp_dst"])
    if proto == 6:
        flags = 5 << 12 | p["tcp_flags"]
        return summed(ports + struct.pack("!IIHHHH", 1, 2, flags, 512, 0, 0) + payload, 16,
                      pseudo(20 + len(payload)))
    if proto == 17:
        data = ports + struct.pack("!HH", 8 + len(payload), 0) + payload
        if p["no_checksum"] and kind == "udp":
            return data
        return summed(data, 6, pseudo(len(data)))
    if proto == 132:
        # A chunk of data has 16 bytes before it, and is padded.
        size, fill = 16 + len(payload), bytes(-len(payload) % 4)
        data = ports + struct.pack("!IIBBHIHHI", 7, 0, 0, 3, size, 1, 2, 3, 4) + payload + fill
        return put(data, 8, struct.pack("<I", crc32c(data)))
    if kind == "icmp":
        return summed(struct.pack("!BBHHH", p["icmp_type"], p["icmp_code"], 0, 1, 2) + payload, 2,
                      b"")
    if kind == "icmp6":
        data = struct.pack("!BBHHH", p["icmp_type"], p["icmp_code"], 0, 1, 2) + payload
        return summed(data, 2, pseudo(len(data)))
    if kind == "nd":
        # An option that nobody knows
        data = neighbour(p) + bytes([253, (len(payload) + 9) // 8]) + payload
        data += bytes(-len(data) % 8)
        return summed(data, 2, pseudo(len(data)))
    return payload


def fragment(p, data):
    """Which part of it is sent, as (offset in units of 8 bytes, more, data)."""
    frag = p["ip_frag"]
    if frag == 1:
        return 0, 1, data[:len(data) // 8 * 8]
    if frag == 3:
        return 5, p["more"], data
    return 0, 0, data


def ipv4(p, payload):
    proto = KINDS[p["kind"]][1]
    proto = p["nw_proto"] if p["kind"] == "ip" else proto
    addresses = p["nw_src"].to_bytes(4, "big") + p["nw_dst"].to_bytes(4, "big")
    pseudo = lambda size: addresses + struct.pack("!HH", proto, size)
    offset, more, data = fragment(p, transport(p, payload, pseudo))
    options = bytes([1] * p["options"])
    size = 20 + len(options)
    head = struct.pack("!BBHHHBBH", 0x40 | size // 4, p["tos"], size + len(data), 0x1234,
                       more << 13 | offset, p["nw_ttl"], proto, 0) + addresses + options
    return summed(head, 10, b"") + data


def ipv6(p, payload):
    proto = KINDS[p["kind"]][1]
    proto = p["nw_proto"] if p["kind"] == "ipv6" else proto
    addresses = p["ipv6_src"].to_bytes(16, "big") + p["ipv6_dst"].to_bytes(16, "big")
    pseudo = lambda size: addresses + struct.pack("!II", size, proto)
    offset, more, data = fragment(p, transport(p, payload, pseudo))
    extensions, first = b"", proto
    if p["ip_frag"]:
        extensions = struct.pack("!BBHI", first, 0, offset << 3 | more, 0x1234)
        first = 44
    if p["options"]:	# options for the destination, or for each hop
        extensions = bytes([first, 0, 1, 4, 0, 0, 0, 0]) + extensions
        first = 60 if p["options"] > 4 else 0
    data = extensions + data
    word = 6 << 28 | p["tos"] << 20 | p["ipv6_label"]
    return struct.pack("!IHBB", word, len(data), first, p["nw_ttl"]) + addresses + data


def arp(p, payload):
    return (struct.pack("!HHBBH", 1, 0x0800, 6, 4, p["arp_op"]) +
            p["arp_sha"].to_bytes(6, "big") + p["nw_src"].to_bytes(4, "big") +
            p["arp_tha"].to_bytes(6, "big") + p["nw_dst"].to_bytes(4, "big") + payload)


def build(p, payload):
    """The bytes of a packet."""
    kind = KINDS[p["kind"]][0] or p["dl_type"]
    inside = {0x0800: ipv4, 0x86dd: ipv6, 0x0806: arp}.get(kind, lambda _, data: data)
    data = inside(p, payload)
    if p["spoiled"]:
        data = spoil(p, data)
    tags = b"".join(struct.pack("!HH", proto, tci & ~0x1000) for proto, tci in p["tags"])
    return (p["dl_dst"].to_bytes(6, "big") + p["dl_src"].to_bytes(6, "big") + tags +
            struct.pack("!H", kind) + data)


def spoil(p, data):
    """A header that lies. What is behind it stays, as that says whose packet it is.

    Not of the version, at which Open vSwitch does not look; nor of IP's length, at which
    its daemon looks and its kernel does not; nor of extension headers that are cut off, for
    which it forgets the addresses.
    """
    which, kind = p["spoiled"] % 4, KINDS[p["kind"]][0]
    if kind == 0x0800:
        return put(data, 0, [b"\x44", b"\x4f"][which % 2])
    if kind == 0x86dd:
        return put(data, 6, b"\x3b")
    if kind == 0x0806:
        return [put(data, 1, b"\x02"), put(data, 2, b"\x86\xdd"), put(data, 4, b"\x08"),
                put(data, 6, b"\x01")][which]
    return data
