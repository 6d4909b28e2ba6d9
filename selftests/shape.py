# SPDX-License-Identifier: GPL-2.0
"""
Streams of UDP between network namespaces, and what arrived of them: for router_wire.py.
"""
import ctypes
import os
import socket
import struct
import threading
import time

from wire import CLONE_NEWNET, enter

SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35
HEADERS = 28
LEAD = 0.2      # seconds until queues are full, which count for nothing


def socket_in(name):
    """And this thread stays where it is, for it would keep a network namespace."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    enter(name)
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ctypes.CDLL(None).setns(home, CLONE_NEWNET)
    os.close(home)
    return made


class Stream:
    def __init__(self, source, sink, address, text):
        port, self.kbit, self.size = (int(word) for word in text.split(":"))
        self.sink = socket_in(sink)
        self.sink.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 23)
        self.sink.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
        # When it came, not when this process had its turn.
        self.sink.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sink.bind(("", port))
        self.sink.settimeout(0.1)
        self.source = socket_in(source)
        self.source.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 2)
        self.source.connect((address, port))
        self.source.setblocking(False)
        self.sent = 0
        self.got = []
        self.marked = self.tos = 0
        self.over = False

    def send_due(self, elapsed):
        """As many as the rate has had time for."""
        due = int(elapsed * self.kbit * 125 / self.size)
        while self.sent < due:
            self.sent += 1
            now = struct.pack("d", time.time())
            try:
                self.source.send(now + bytes(self.size - HEADERS - len(now)))
            except (BlockingIOError, PermissionError, OSError):
                pass

    def receive(self):
        while True:
            try:
                data, extra, _, peer = self.sink.recvmsg(2048, 128)
            except socket.timeout:
                if self.over:
                    return
                continue
            came = {kind: value for _, kind, value in extra}
            seconds, nanoseconds = struct.unpack("ll", came[SO_TIMESTAMPNS])
            now = seconds + nanoseconds / 1e9
            if not self.got:
                # One that is answered can be carried by the fast path.
                self.sink.sendto(b"", peer)
            self.tos = came[socket.IP_TOS][0]
            self.marked += self.tos & 3 == 3
            self.got.append((now, now - struct.unpack_from("d", data)[0]))

    def summary(self, begin, end):
        counted = [(when, took) for when, took in self.got if begin <= when <= end]
        kbit = 0
        if len(counted) > 1:
            kbit = (len(counted) - 1) * self.size / 125 / (counted[-1][0] - counted[0][0])
        times = sorted(took for _, took in counted)
        longest = times[len(times) * 9 // 10] * 1000 if times else 0
        return f"{kbit:.0f} {longest:.1f} {self.sent} {len(self.got)} {self.marked} {self.tos}"


def send(source, sink, address, seconds, *texts):
    """
    TEXT is PORT:KBIT:SIZE: so many kbit/s, in IP packets of so many bytes. For each, behind
    one another with a ";": the rate in kbit/s that arrived, the time that nine of ten packets
    took at most in milliseconds, how many were sent, how many arrived, how many of them with
    congestion experienced, and the TOS of the last one. Packets are ECN-capable.
    """
    streams = [Stream(source, sink, address, text) for text in texts]
    threads = [threading.Thread(target=stream.receive) for stream in streams]
    for thread in threads:
        thread.start()
    begin = time.time()
    end = begin + LEAD + float(seconds)
    while (now := time.time()) < end:
        for stream in streams:
            stream.send_due(now - begin)
        time.sleep(0.002)
    for stream in streams:
        stream.over = True
    for thread in threads:
        thread.join()
    said = ";".join(stream.summary(begin + LEAD, end) for stream in streams)
    for stream in streams:
        stream.sink.close()
        stream.source.close()
    return said
