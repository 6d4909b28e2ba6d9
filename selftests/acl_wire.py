#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Connections between network namespaces, for acl_test.sh. It stays: each line of standard
# input asks for some of them, with commas between, all of which are tried at the same time.
# The line that answers has a word for each.
#
#   tcp FROM TO ADDRESS PORT
#	open, refused, or none if nothing came back
#   udp FROM TO ADDRESS PORT
#	open if a datagram was answered, refused by ICMP, none, or unanswered
#   hold FROM TO ADDRESS PORT
#	likewise as tcp, and the connection is kept
#   held
#	whether that connection is alive both ways; it is closed

import concurrent.futures
import socket
import sys

from wire import enter

WAIT = 0.7

kept = []


def make(name, kind, address):
    enter(name)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind)
    sock.settimeout(WAIT)
    return sock


def listen(name, address, port):
    sock = make(name, socket.SOCK_STREAM, address)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.listen()
    return sock


def connect(sock, address, port):
    try:
        sock.connect((address, port))
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "none"
    return "open"


def tcp(source, target, address, port):
    with listen(target, address, int(port)):
        with make(source, socket.SOCK_STREAM, address) as client:
            return connect(client, address, int(port))


def ask(client, server):
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
        return "unanswered"
    return "open"


def udp(source, target, address, port):
    with make(target, socket.SOCK_DGRAM, address) as server:
        server.bind((address, int(port)))
        with make(source, socket.SOCK_DGRAM, address) as client:
            client.connect((address, int(port)))
            return ask(client, server)


def hold(source, target, address, port):
    with listen(target, address, int(port)) as server:
        client = make(source, socket.SOCK_STREAM, address)
        result = connect(client, address, int(port))
        if result == "open":
            peer = server.accept()[0]
            peer.settimeout(WAIT)
            kept[:] = [client, peer]
        return result


def held():
    one, other = kept
    try:
        one.send(b"x")
        other.recv(1)
        other.send(b"y")
        one.recv(1)
    except OSError:
        return "dead"
    finally:
        one.close()
        other.close()
        kept.clear()
    return "alive"


def try_one(words):
    what, *rest = words.split()
    try:
        return {"tcp": tcp, "udp": udp, "hold": hold, "held": held}[what](*rest)
    except Exception as error:
        print(f"# {words}: {error!r}", file=sys.stderr)
        return "error"


def main():
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for line in sys.stdin:
            print(*pool.map(try_one, line.split(",")), flush=True)


main()
