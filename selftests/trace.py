#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# trace.py VSW SWITCH_NETNS HOST=NETNS...: for each line of standard input, NAME|HOST|FRAME in
# hexadecimal, has "vsw trace" say where the frame goes that HOST sends, then sends it, and
# compares: which hosts get it, with which VLAN tag, and for which reasons it is dropped. What
# answers it is left out.
# Prints a line for each, "NAME: PLACES" or "NAME: traced PLACES, really PLACES". A frame is
# known by its last 8 bytes, which are written here.

import ctypes
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time

SOL_PACKET, PACKET_AUXDATA, CLONE_NEWNET = 263, 8, 0x40000000
AUX_VLAN_VALID = 0x10
libc = ctypes.CDLL(None, use_errno=True)


def packet_socket(netns):
    """Of eth0 in the network namespace of this name."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{netns}", os.O_RDONLY)
    if libc.setns(there, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.bind(("eth0", 3))
    libc.setns(home, CLONE_NEWNET)
    os.close(home)
    os.close(there)
    return sock


def receive(sock, mark):
    """The tag of a frame that ends with mark, None if it has none; False: another frame."""
    data, control, _, address = sock.recvmsg(65536, 256)
    if not data.endswith(mark) or address[2] == socket.PACKET_OUTGOING:
        return False
    for level, kind, aux in control:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, tci = struct.unpack_from("I", aux)[0], struct.unpack_from("H", aux, 16)[0]
            if status & AUX_VLAN_VALID:
                return tci & 0xfff
    if data[12:14] in (b"\x81\x00", b"\x88\xa8"):
        return struct.unpack("!H", data[14:16])[0] & 0xfff
    return None


class Scene:
    def __init__(self, vsw, netns, hosts):
        self.vsw = [vsw, "-n", netns]
        self.hosts = {host: packet_socket(there) for host, there in hosts}
        ports = self.ask("port", "show")
        self.names = {port["number"]: port["name"] for port in ports}
        self.count = 0
        self.counted = self.drops()

    def ask(self, *words):
        return json.loads(subprocess.run([*self.vsw, "-j", *words], check=True,
                                         stdout=subprocess.PIPE).stdout)

    def drops(self):
        sums = {}
        for port in self.ask("-s", "port", "show"):
            for drop in port["stats"]["drop"]:
                key = (port["name"], drop["reason"])
                sums[key] = sums.get(key, 0) + drop["packets"]
        return sums

    def trace(self, host, frame):
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(struct.pack("IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
            file.write(struct.pack("IIII", 0, 0, len(frame), len(frame)) + frame)
            file.flush()
            return self.ask("trace", "vs0", f"in_port={host}", "-r", file.name)[0]["step"]

    def traced(self, host, frame):
        places = []
        is_answer = False
        for step in self.trace(host, frame):
            if is_answer and step["kind"] == "output":
                is_answer = False
                continue
            is_answer = is_answer or step.get("effect") == "reject"
            name = self.names.get(step.get("port-number"))
            if step["kind"] == "output" and name in self.hosts:
                tag = step.get("tag")
                places.append((name, str(None if tag is None else tag & 0xfff)))
            elif step["kind"] == "drop":
                places.append((name, step["reason"]))
        return sorted(places)

    def really(self, host, frame, mark, wanted):
        before = self.counted
        places = []
        self.hosts[host].send(frame)
        end = time.monotonic() + 5
        quiet = time.monotonic() + 0.15
        while time.monotonic() < (end if len(places) < wanted else quiet):
            for sock in select.select(list(self.hosts.values()), [], [], 0.02)[0]:
                tag = receive(sock, mark)
                if tag is not False:
                    name = next(h for h, s in self.hosts.items() if s is sock)
                    places.append((name, str(tag)))
                    quiet = time.monotonic() + 0.15
        after = self.counted = self.drops()
        for key, packets in after.items():
            places += [key] * (packets - before.get(key, 0))
        return sorted(places)

    def compare(self, name, host, frame):
        self.count += 1
        mark = struct.pack("!II", 0x7ac3ed00, self.count)
        frame = bytes.fromhex(frame)[:-8] + mark
        traced = self.traced(host, frame)
        wanted = sum(1 for place in traced if place[1] == "None" or place[1].isdigit())
        real = self.really(host, frame, mark, wanted)
        said = " ".join("=".join(place) for place in traced)
        if traced == real:
            print(f"{name}: {said}")
        else:
            print(f"{name}: traced {said}, really {' '.join('='.join(p) for p in real)}")


def main():
    hosts = [word.split("=") for word in sys.argv[3:]]
    scene = Scene(sys.argv[1], sys.argv[2], hosts)
    for line in sys.stdin:
        scene.compare(*line.strip().split("|"))


main()
