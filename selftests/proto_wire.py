#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# As router_wire.py, and what proto_test.sh asks for beside that. KEY names a flow of UDP, of
# which the sockets of both ends are here; SIDE is one of them: client or server.
#
#   flow KEY NETNS ADDRESS PORT NETNS ADDRESS PORT
#                       the client in the first NETNS asks this ADDRESS and PORT, and the server
#                       at the others hears it. "ok"
#   chat KEY            what both say is heard at the other end, several times. "ok"
#   error KEY SIDE [TTL]
#                       SIDE sends, until an error of ICMP comes back:
#                       "ERRNO TYPE CODE FROM about ADDRESS PORT"
#   shut KEY SIDE       closes its socket. "ok"
#   mtu KEY SIDE SIZE   SIDE sends SIZE bytes that must not be fragmented: the MTU it is told
#   sizes KEY SIZE...   datagrams of these sizes, there and back. "whole"
#   options KEY SIDE    SIDE sends with options of IP, which have 8 bytes. "ok"
#   ports KEY NETNS ADDRESS PORT FIRST-LAST
#                       a datagram from each of these ports, and its answer: "ANSWERED as SEEN",
#                       the last the ports that the servers saw, "same" if these are they
#   ends KEY NETNS ADDRESS PORT SPORT N SIDE
#                       N connections of TCP from one port, one after the other, each of which
#                       SIDE ends by a reset: who answered, one after the other
#   sctp NETNS ADDRESS PORT NETNS ADDRESS PORT
#                       as flow, by SCTP: messages there and back, and an end. "whole"
#   ftpd NETNS ADDRESS PORT             a server of FTP. "ok"
#   ftp NETNS ADDRESS PORT active|passive [FROM]
#                       gets a file and stores it: "whole PEER", with whom the client has its
#                       connections for data

import errno
import ftplib
import os
import select
import socket
import struct
import sys
import time

import ftp_server
import router_wire
from wire import enter

IP_RECVERR, IP_MTU_DISCOVER, IP_TRANSPARENT = 11, 10, 19
IPV6_RECVERR, IPV6_MTU_DISCOVER, IPV6_TRANSPARENT = 25, 23, 75
PMTUDISC_WANT, PMTUDISC_DO = 1, 2
WAIT = float(os.environ.get("WAIT", "60"))
NOPS = bytes([1] * 8)
HOP_BY_HOP = bytes([0, 0, 1, 4, 0, 0, 0, 0])


def udp(netns, address, port=0):
    enter(netns)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        # Longer ones are cut by the sender then, as its path says.
        made.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_WANT)
    else:
        made.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    made.bind((address if port else "", port))
    return made


def wait_readable(made, seconds):
    """False: nothing came."""
    poll = select.poll()
    poll.register(made, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def read_error(made):
    """What the first error in the queue says; None: there is none."""
    try:
        _, more, _, about = made.recvmsg(2048, 1024, socket.MSG_ERRQUEUE)
    except BlockingIOError:
        return None
    for _, _, data in more:
        number, origin, kind, code, info = struct.unpack_from("=IBBBxI", data)
        if origin == 2:
            sender = socket.inet_ntop(socket.AF_INET, data[20:24])
        elif origin == 3:
            sender = socket.inet_ntop(socket.AF_INET6, data[24:40])
        else:
            sender = "local"
        return {"name": errno.errorcode[number], "kind": kind, "code": code, "mtu": info,
                "from": sender, "about": f"{about[0]} {about[1]}"}
    return None


class Flow:
    def __init__(self, client, address, port, server, server_address, server_port):
        self.ends = {"server": udp(server, server_address, int(server_port)),
                     "client": udp(client, address)}
        self.ends["client"].connect((address, int(port)))
        end = time.monotonic() + WAIT
        while True:
            self.ends["client"].send(b"first")
            if wait_readable(self.ends["server"], 1):
                break
            if time.monotonic() > end:
                raise TimeoutError("nothing came to the server")
        self.ends["server"].connect(self.ends["server"].recvfrom(100)[1])

    def of(self, side):
        return self.ends[side], self.ends["server" if side == "client" else "client"]

    def say(self, side, data):
        """True: the other side heard it. UDP may lose it, and it is said again."""
        one, other = self.of(side)
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            try:
                one.send(data)
            except OSError as error:
                # Too long for what the path is now known to bear: it is cut the next time.
                if error.errno != errno.EMSGSIZE:
                    raise
            while wait_readable(other, 1):
                if other.recv(65536) == data:
                    return True
        return False

    def error(self, side, size=1):
        one, _ = self.of(side)
        poll = select.poll()
        poll.register(one, 0)
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            try:
                one.send(b"x" * size)
            except OSError:
                pass
            poll.poll(1000)
            said = read_error(one)
            while said and said["from"] == "local":
                said = read_error(one)
            if said:
                # Of later ones nobody wants to know.
                while read_error(one):
                    pass
                one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                return said
        return None


class Proto(router_wire.Wire):
    def __init__(self):
        super().__init__()
        self.flows = {}
        self.ftpds = []

    def flow(self, key, *words):
        self.flows[key] = Flow(*words)
        return "ok"

    def chat(self, key):
        flow = self.flows[key]
        for number in range(6):
            for side in ("client", "server"):
                if not flow.say(side, b"%d" % number):
                    return f"the {side} was not heard"
        return "ok"

    def error(self, key, side, ttl=""):
        flow = self.flows[key]
        one, _ = flow.of(side)
        level, name = (socket.IPPROTO_IP, socket.IP_TTL) if one.family == socket.AF_INET else \
            (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
        if ttl:
            one.setsockopt(level, name, int(ttl))
        said = flow.error(side)
        one.setsockopt(level, name, 64)
        return f'{said["name"]} {said["kind"]} {said["code"]} {said["from"]} ' \
            f'about {said["about"]}' if said else "none"

    def shut(self, key, side):
        self.flows[key].of(side)[0].close()
        return "ok"

    def mtu(self, key, side, size):
        flow = self.flows[key]
        one, _ = flow.of(side)
        level, name = (socket.IPPROTO_IP, IP_MTU_DISCOVER) if one.family == socket.AF_INET else \
            (socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER)
        one.setsockopt(level, name, PMTUDISC_DO)
        said = flow.error(side, int(size))
        one.setsockopt(level, name, PMTUDISC_WANT)
        return f'{said["name"]} {said["mtu"]}' if said else "none"

    def sizes(self, key, *sizes):
        for size in sizes:
            for side in ("client", "server"):
                if not self.flows[key].say(side, os.urandom(int(size))):
                    return f"{size} bytes of the {side} were not heard"
        return "whole"

    def options(self, key, side):
        flow = self.flows[key]
        one, _ = flow.of(side)
        level, name, data = (socket.IPPROTO_IP, socket.IP_OPTIONS, NOPS) \
            if one.family == socket.AF_INET else \
            (socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, HOP_BY_HOP)
        one.setsockopt(level, name, data)
        heard = flow.say(side, b"with options")
        one.setsockopt(level, name, b"")
        return "ok" if heard and flow.say(side, b"and without") else "not heard"

    def ports(self, netns, address, port, sports):
        first, last = (int(word) for word in sports.split("-"))
        answers = []
        for sport in range(first, last + 1):
            with udp(netns, address, 0) as unused:
                family = unused.family
            with socket.socket(family, socket.SOCK_DGRAM) as made:
                made.bind(("", sport))
                made.connect((address, int(port)))
                made.settimeout(WAIT)
                made.send(b"who\n")
                answers.append(made.recv(100).decode().split() + [str(sport)])
        return f"{router_wire.counted(answers)} " + \
            ("same" if all(answer[2] == answer[-1] for answer in answers) else "other")

    def ends(self, netns, address, port, sport, count, side):
        names = []
        for _ in range(int(count)):
            enter(netns)
            made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
            made.settimeout(WAIT)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.bind(("", int(sport)))
            made.connect((address, int(port)))
            said = {router_wire.question(made)[0] for _ in range(8)}
            names.append("+".join(said))
            if side == "client":
                router_wire.end(made, True)
            else:
                made.send(b"reset\n")
                try:
                    names.append("end" if made.recv(1) == b"" else "more")
                except ConnectionResetError:
                    pass
                made.close()
            if not self.servers.wait_without(int(sport), WAIT):
                return "a server still has it"
        return " ".join(names)

    @staticmethod
    def sctp(client, address, port, server, server_address, server_port):
        enter(server)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
        listening.bind((server_address, int(server_port)))
        listening.listen(5)
        enter(client)
        one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
        listening.settimeout(WAIT)
        one.settimeout(WAIT)
        with listening, one:
            one.connect((address, int(port)))
            other, _ = listening.accept()
            other.settimeout(WAIT)
            with other:
                for size in (1, 100, 1400, 5000, 60000):
                    for source, sink in ((one, other), (other, one)):
                        data, back = os.urandom(size), b""
                        source.sendall(data)
                        while len(back) < size:
                            back += sink.recv(65536)
                        if back != data:
                            return f"{size} bytes garbled"
                one.close()
                return "whole" if other.recv(1) == b"" else "more than was sent"

    def ftpd(self, netns, address, port):
        self.ftpds.append(ftp_server.Server(netns, address, int(port), WAIT))
        return "ok"

    @staticmethod
    def ftp(netns, address, port, how, source=""):
        enter(netns)
        peers = set()

        class Client(ftplib.FTP):
            trust_server_pasv_ipv4_address = True

            def ntransfercmd(self, cmd, rest=None):
                made, size = super().ntransfercmd(cmd, rest)
                peers.add(made.getpeername()[0])
                return made, size

        data, got = os.urandom(100000), []
        with Client(timeout=WAIT, source_address=(source, 0) if source else None) as one:
            one.connect(address, int(port))
            one.set_pasv(how == "passive")
            one.login("somebody", "nothing")
            for turn in range(2):
                one.storbinary(f"STOR file{turn}", ftp_server.Source(data))
                got = []
                one.retrbinary(f"RETR file{turn}", got.append)
                if b"".join(got) != data:
                    return "garbled"
        return " ".join(["whole"] + sorted(peers))


router_wire.main(Proto(), router_wire.COMMANDS + (
    "flow", "chat", "error", "shut", "mtu", "sizes", "options", "ports", "ends", "sctp",
    "ftpd", "ftp"))
