#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# batch.py FROM TO ADDRESS PORT cut|plain ROUNDS: datagrams with numbers from the network
# namespace FROM, by one UDP connection, to who listens at PORT in TO, whatever the address on
# the way. First some that are answered, then ROUNDS times: with "cut" three in one packet that
# the sender leaves to be cut (UDP_SEGMENT), and three of their own behind it; with "plain" 40,
# and some time. Says "N of M, K too early": how many came, and how many of those before one
# that was sent before them.

import socket
import struct
import sys
import time

from shape import socket_in

UDP_SEGMENT = 103
SO_RCVBUFFORCE = 33
SIZE = 400


def numbers(first, count):
    return b"".join(struct.pack("!I", first + i).ljust(SIZE, b".") for i in range(count))


def warm(source, sink):
    """Conntrack and the fast path have seen both directions."""
    for _ in range(4):
        source.send(numbers(0, 1))
        data, peer = sink.recvfrom(SIZE)
        sink.sendto(data, peer)
        source.recv(SIZE)


def send_cut(source, number):
    """How many that were."""
    source.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, SIZE)
    source.send(numbers(number, 3))
    source.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 0)
    for i in range(3, 6):
        source.send(numbers(number + i, 1))
    return 6


def send_plain(source, number):
    for i in range(40):
        source.send(numbers(number + i, 1))
    time.sleep(0.15)
    return 40


SEND = {"cut": send_cut, "plain": send_plain}


def received(sink, count):
    came = []
    try:
        while len(came) < count:
            came.append(struct.unpack("!I", sink.recv(SIZE)[:4])[0])
    except socket.timeout:
        pass
    return came


def main(sender, receiver, address, port, how, rounds):
    source, sink = socket_in(sender), socket_in(receiver)
    sink.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 23)
    for made in source, sink:
        made.settimeout(10)
    sink.bind(("", int(port)))
    source.connect((address, int(port)))
    warm(source, sink)
    number = 1
    for _ in range(int(rounds)):
        number += SEND[how](source, number)
    sent = number - 1
    came = received(sink, sent)
    early = sum(1 for a, b in zip(came, came[1:]) if a > b)
    print(f"{len(came)} of {sent}, {early} too early")


if __name__ == "__main__":
    main(*sys.argv[1:])
