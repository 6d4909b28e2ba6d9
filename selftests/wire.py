# SPDX-License-Identifier: GPL-2.0
"""Frames that tests send and receive, and network namespaces to do so in."""
import ctypes
import fcntl
import os
import socket
import struct

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
SO_RCVBUFFORCE = 33
CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454ca


def enter(name):
    """From now on, sockets and devices of this thread are of this network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{name}", "rb") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {name}")


def with_tag(frame, ancillary):
    """As it was on the wire: the outermost tag comes beside the frame."""
    for level, kind, data in ancillary:
        if level != SOL_PACKET or kind != PACKET_AUXDATA:
            continue
        status, tci, tpid = struct.unpack_from("=I12xHH", data)
        if status & 0x10:	# TP_STATUS_VLAN_VALID
            frame = frame[:12] + struct.pack("!HH", tpid or 0x8100, tci) + frame[12:]
    return frame


class Tap:
    """The far side of a tap. receive() never waits; None: there is nothing."""

    def __init__(self, name):
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), 0x1002))

    def send(self, frame):
        os.write(self.fd, frame)

    def receive(self):
        try:
            return os.read(self.fd, 4096)
        except BlockingIOError:
            return None


class Device:
    """A device, by a packet socket. Likewise; nothing in it if it is one that was sent."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                    socket.htons(ETH_P_ALL))
        self.socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        self.socket.bind((name, ETH_P_ALL))
        self.socket.setblocking(False)

    def send(self, frame):
        self.socket.send(frame)

    def receive(self):
        try:
            frame, ancillary, _, source = self.socket.recvmsg(4096, 256)
        except BlockingIOError:
            return None
        return b"" if source[2] == socket.PACKET_OUTGOING else with_tag(frame, ancillary)
