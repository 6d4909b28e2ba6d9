#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Connections between network namespaces, for acl_test.sh:
#
#   acl_wire.py tcp FROM TO ADDRESS PORT
#	open, refused, or none if nothing came back
#   acl_wire.py udp FROM TO ADDRESS PORT
#	open if a datagram was answered, refused by ICMP, or none
#   acl_wire.py hold FROM TO ADDRESS PORT COMMAND...
#	open a connection, run the command; whether the connection is alive both ways, and
#	what a new one is

import ctypes
import os
import socket
import subprocess
import sys

CLONE_NEWNET = 0x40000000
WAIT = 0.7

libc = ctypes.CDLL(None, use_errno=True)


def enter(name):
    fd = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), f"setns {name}")
    os.close(fd)


def make(name, kind, address):
    enter(name)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.settimeout(WAIT)
    return sock


def listen(name, address, port):
    sock = make(name, socket.SOCK_STREAM, address)
    sock.bind((address, port))
    sock.listen()
    return sock


def connect(name, address, port):
    sock = make(name, socket.SOCK_STREAM, address)
    try:
        sock.connect((address, port))
    except ConnectionRefusedError:
        return None, "refused"
    except OSError:
        return None, "none"
    return sock, "open"


def tcp(source, target, address, port):
    with listen(target, address, port):
        return connect(source, address, port)[1]


def udp(source, target, address, port):
    server = make(target, socket.SOCK_DGRAM, address)
    server.bind((address, port))
    client = make(source, socket.SOCK_DGRAM, address)
    client.connect((address, port))
    try:
        client.send(b"question")
        data, back = server.recvfrom(100)
    except OSError:
        try:
            client.setblocking(False)
            client.recv(100)
        except ConnectionRefusedError:
            return "refused"
        except OSError:
            pass
        return "none"
    server.sendto(data, back)
    try:
        client.recv(100)
    except OSError:
        return "no answer"
    return "open"


def alive(one, other):
    try:
        one.send(b"x")
        other.recv(1)
        other.send(b"y")
        one.recv(1)
    except OSError:
        return "dead"
    return "alive"


def hold(source, target, address, port, command):
    server = listen(target, address, port)
    client, result = connect(source, address, port)
    if not client:
        return result
    peer = server.accept()[0]
    peer.settimeout(WAIT)
    enter(source)
    subprocess.run(command, check=True)
    return alive(client, peer) + " " + connect(source, address, port)[1]


def main(what, source, target, address, port, *command):
    if what == "hold":
        return hold(source, target, address, int(port), command)
    return {"tcp": tcp, "udp": udp}[what](source, target, address, int(port))


print(main(*sys.argv[1:]))
