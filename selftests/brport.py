#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Attributes of a bridge's port by their numbers, as bridge(8) of any version says them.

  brport.py set DEV TYPE:SIZE:VALUE...	IFLA_BRPORT_TYPE is to be VALUE
  brport.py get DEV TYPE:SIZE...	prints the values

SIZE is u8, u16 or u32. What the kernel says against it goes to standard error.
"""
import socket
import struct
import sys

RTM_GETLINK, RTM_SETLINK = 18, 19
NLMSG_ERROR, NLMSG_DONE = 2, 3
REQUEST, ACK, DUMP = 1, 4, 0x300
IFLA_PROTINFO = 12
NESTED, TYPE = 0x8000, 0x3fff
FORMATS = {"u8": "=B", "u16": "=H", "u32": "=I"}


def attribute(kind, data):
    return struct.pack("=HH", len(data) + 4, kind) + data + bytes(-len(data) % 4)


def attributes(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        yield kind & TYPE, data[4:size]
        data = data[(size + 3) & ~3:]


def ask(kind, flags, ifindex, data):
    header = struct.pack("=BxHiII", socket.AF_BRIDGE, 0, ifindex, 0, 0)
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.setsockopt(270, 11, 1)  # SOL_NETLINK, NETLINK_EXT_ACK
    size = 16 + len(header) + len(data)
    sock.send(struct.pack("=IHHII", size, kind, REQUEST | flags, 1, 0) + header + data)
    while True:
        heard = sock.recv(1 << 17)
        while heard:
            size, kind, flags = struct.unpack_from("=IHH", heard)
            yield kind, flags, heard[16:size]
            heard = heard[(size + 3) & ~3:]


def said(flags, body):
    """The sentence of an error."""
    skip = 20 if flags & 0x100 else 4 + struct.unpack_from("=I", body, 4)[0]
    for kind, data in attributes(body[skip:]) if flags & 0x200 else ():
        if kind == 1:
            return data.rstrip(b"\0").decode()
    return "no reason was given"


def change(ifindex, words):
    nest = b""
    for word in words:
        kind, size, value = word.split(":")
        nest += attribute(int(kind), struct.pack(FORMATS[size], int(value)))
    for kind, flags, body in ask(RTM_SETLINK, ACK, ifindex,
                                 attribute(IFLA_PROTINFO | NESTED, nest)):
        if kind == NLMSG_ERROR:
            err = struct.unpack_from("=i", body)[0]
            if err:
                sys.exit("error %d: %s" % (-err, said(flags, body)))
            return


def show(ifindex, words):
    for kind, _, body in ask(RTM_GETLINK, DUMP, 0, b""):
        if kind in (NLMSG_ERROR, NLMSG_DONE):
            sys.exit("no such port")
        if struct.unpack_from("=i", body, 4)[0] != ifindex:
            continue
        nest = dict(attributes(dict(attributes(body[16:]))[IFLA_PROTINFO]))
        for word in words:
            kind, size = word.split(":")
            print(struct.unpack(FORMATS[size], nest[int(kind)])[0])
        return


if len(sys.argv) < 4:
    sys.exit(__doc__)
{"set": change, "get": show}[sys.argv[1]](socket.if_nametoindex(sys.argv[2]), sys.argv[3:])
