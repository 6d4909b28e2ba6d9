#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Both sides of connections, in one process: a socket stays in the network namespace in which
# it was made.
#
#   flow_ct.py TIMEOUT COMMAND ARG... [, COMMAND ARG...]...
#
#   tcp FROM TO ADDRESS PORT LISTEN [SPORT]   prints whom the server saw, or "none"
#   udp FROM TO ADDRESS PORT LISTEN [SPORT]   likewise
#   refused FROM ADDRESS PORT                 UDP to a port of nobody: "refused" or "none"
#   stream FROM TO ADDRESS PORT LISTEN BYTES  "whole" if all of it came, as it was
#   longest FROM TO DEV ADDRESS LENGTH PORT   a datagram of LENGTH bytes, and how long the
#                                             longest IP packet of it was: "LENGTH LONGEST"
#   apart FROM TO DEV ADDRESS MAC             datagrams of two fragments with tags: how many
#                                             packets arrive if both have one, or two, if only
#                                             the first has two, the last, or their VLANs differ
#   ftp FROM TO ADDRESS active|passive        a transfer by a small server and client
#   reset FROM TO ADDRESS PORT                open, a RST out of window, data: "open" or "gone"

import hashlib
import os
import re
import select
import socket
import struct
import sys

from packet import fold, ipv4, with_v4_id
from wire import enter

timeout = float(sys.argv[1])


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def make(ns, family, kind, proto=0):
    enter(ns)
    made = socket.socket(family, kind, proto)
    made.settimeout(timeout)
    return made


def listener(ns, family, port):
    made = make(ns, family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("", port))
    made.listen()
    return made


def connected(source, to, address, port, listen, sport=0):
    family = family_of(address)
    server = listener(to, family, listen)
    client = make(source, family, socket.SOCK_STREAM)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    client.bind(("", sport))
    try:
        client.connect((address, port))
        other, peer = server.accept()
        other.settimeout(timeout)
    except OSError:
        return None
    finally:
        server.close()
    return client, other, peer


def tcp(source, to, address, port, listen, sport="0"):
    pair = connected(source, to, address, int(port), int(listen), int(sport))
    if not pair:
        return "none"
    client, other, peer = pair
    client.sendall(b"there")
    there = other.recv(5)
    other.sendall(b"back")
    back = client.recv(4)
    # The side that closes first keeps the port for a while: that is the server.
    other.close()
    client.close()
    return f"{peer[0]} {peer[1]}" if (there, back) == (b"there", b"back") else "garbled"


def udp(source, to, address, port, listen, sport="0"):
    family = family_of(address)
    server = make(to, family, socket.SOCK_DGRAM)
    server.bind(("", int(listen)))
    client = make(source, family, socket.SOCK_DGRAM)
    client.bind(("", int(sport)))
    try:
        client.connect((address, int(port)))
        client.send(b"there")
        data, peer = server.recvfrom(9)
        server.sendto(b"back", peer)
        back = client.recv(9)
    except OSError:
        return "none"
    return f"{peer[0]} {peer[1]}" if (data, back) == (b"there", b"back") else "garbled"


def refused(source, address, port):
    client = make(source, family_of(address), socket.SOCK_DGRAM)
    client.connect((address, int(port)))
    try:
        client.send(b"anybody")
        client.recv(9)
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        pass
    return "none"


def stream(source, to, address, port, listen, size):
    pair = connected(source, to, address, int(port), int(listen))
    if not pair:
        return "none"
    client, other, _ = pair
    data = os.urandom(int(size))
    sent, got = 0, b""
    while len(got) < len(data):
        wants = [client] if sent < len(data) else []
        ready = select.select([other], wants, [], timeout)
        if not ready[0] and not ready[1]:
            return f"stuck at {len(got)}"
        if ready[1]:
            sent += client.send(data[sent:sent + 65536])
        if ready[0]:
            got += other.recv(65536)
    return "whole" if hashlib.sha1(got).digest() == hashlib.sha1(data).digest() else "garbled"


def longest(source, to, dev, address, length, port):
    family = family_of(address)
    tap = make(to, socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    tap.bind((dev, 3))
    tap.setblocking(False)
    server = make(to, family, socket.SOCK_DGRAM)
    server.bind(("", int(port)))
    client = make(source, family, socket.SOCK_DGRAM)
    data = os.urandom(int(length))
    client.sendto(data, (address, int(port)))
    try:
        got = server.recv(65535)
    except OSError:
        got = b""
    most = 0
    while True:
        try:
            most = max(most, len(tap.recv(65535)))
        except BlockingIOError:
            break
    return f"{len(got) if got == data else 0} {most}"


def fragments(address, n):
    """A datagram in two fragments; n makes it another one."""
    data = struct.pack("!HHHH", 1000, 1000, 80, 0) + b"f" * 72
    for offset, end in ((0, 64), (64, 80)):
        packet = ipv4("192.0.2.1", address, 17, data[offset:end],
                      frag=offset >> 3 | (0x2000 if end < 80 else 0))
        yield with_v4_id(packet, 0x4000 + n)


def apart(source, to, dev, address, mac):
    sends = make(source, socket.AF_PACKET, socket.SOCK_RAW)
    sends.bind((dev, 3))
    tap = make(to, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    tap.bind((dev, 3))
    tap.settimeout(0.2)
    tag, other = b"\x81\0\0\5", b"\x81\0\0\6"
    said = []
    for n, tags in enumerate(((tag, tag), (tag + tag, tag + tag), (tag + tag, tag),
                              (tag, tag + tag), (tag, other))):
        for packet, before in zip(fragments(address, n), tags):
            sends.send(bytes.fromhex(mac.replace(":", "")) + b"\2\0\0\0\0\1" + before +
                       b"\x08\0" + packet)
        came = "0"
        try:
            while True:
                if b"f" * 8 in tap.recv(2000):
                    came = "1"
        except OSError:
            said.append(came)
    return " ".join(said)


def line(made):
    text = b""
    while not text.endswith(b"\r\n"):
        more = made.recv(1)
        if not more:
            raise OSError("closed")
        text += more
    return text.decode().strip()


def numbers(text):
    return [int(n) for n in re.search(r"(\d+(,\d+){5})", text).group(1).split(",")]


def listed(address, port):
    return ",".join(address.split(".") + [str(port >> 8), str(port & 255)])


def ftp(source, to, address, how):
    pair = connected(source, to, address, 21, 21)
    if not pair:
        return "none"
    client, other, _ = pair
    receives, sends = (other, client) if how == "passive" else (client, other)
    try:
        # The helper looks at lines that follow one which it has seen the end of.
        other.sendall(b"220 hello\r\n")
        line(client)
        client.sendall(b"USER me\r\n")
        line(other)
        if how == "passive":
            waits = listener(to, socket.AF_INET, 0)
            client.sendall(b"PASV\r\n")
            line(other)
            said = "227 Entering Passive Mode (%s).\r\n"
            said = said % listed(other.getsockname()[0], waits.getsockname()[1])
            other.sendall(said.encode())
            n = numbers(line(client))
            data = make(source, socket.AF_INET, socket.SOCK_STREAM)
        else:
            waits = listener(source, socket.AF_INET, 0)
            said = "PORT %s\r\n"
            said = said % listed(client.getsockname()[0], waits.getsockname()[1])
            client.sendall(said.encode())
            n = numbers(line(other))
            data = make(to, socket.AF_INET, socket.SOCK_STREAM)
        where = ".".join(map(str, n[:4]))
        waits.settimeout(timeout)
        data.connect((where, n[4] * 256 + n[5]))
        end, _ = waits.accept()
        data.sendall(b"file")
        if end.recv(4) != b"file":
            return "garbled"
        # What is said after a translation that changed its length must arrive, too.
        sends.sendall(b"200 and on\r\n")
        return f"{where} {line(receives)}"
    except OSError as err:
        return f"no data: {err}"


def reset(source, to, address, port):
    pair = connected(source, to, address, int(port), int(port))
    if not pair:
        return "none"
    client, other, _ = pair
    src, sport = client.getsockname()
    raw = make(source, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    head = struct.pack("!HHIIBBH", sport, int(port), 0x12345678, 0, 0x50, 4, 0)
    pseudo = socket.inet_aton(src) + socket.inet_aton(address) + struct.pack("!HH", 6, 20)
    raw.sendto(head + struct.pack("!HH", 0xffff - fold(pseudo + head + b"\0\0\0\0"), 0),
               (address, 0))
    try:
        client.sendall(b"there")
        return "open" if other.recv(5) == b"there" else "gone"
    except OSError:
        return "gone"


def main():
    commands = [tcp, udp, refused, stream, longest, apart, ftp, reset]
    args = []
    for arg in sys.argv[2:] + [","]:
        if arg != ",":
            args.append(arg)
            continue
        print({c.__name__: c for c in commands}[args[0]](*args[1:]), flush=True)
        args = []


main()
