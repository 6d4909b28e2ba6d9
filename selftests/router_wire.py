#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Servers and clients in many network namespaces, in one process: a socket stays in the network
# namespace in which it was made. Reads commands from standard input, a line each, and answers
# each with a line.
#
#   serve NAME NETNS PORT[-LAST]...   TCP and UDP, IPv4 and IPv6; a server says its NAME and
#                                     whom it sees. "ok"
#   serve_at ADDRESS NAME NETNS PORT[-LAST]...   the same, of one address of the host's. "ok"
#   silent NETNS PORT                 TCP that accepts and never says anything. "ok"
#   stop NAME                         closes its servers and their connections. "ok"
#   ask NETNS tcp|udp ADDRESS PORT [N] [OPTION]...
#                       N new connections (1), one after the other: who answered how often,
#                       as "b1=2 b2=1", in the order of names; of those who did not answer,
#                       why: refused, reset, closed, unreachable, none
#   order ...           the same: who answered, one after the other: "b1 b2 b1"
#   peers ...           the same: whom the servers saw, each once: "192.0.2.1 192.0.2.2"
#   pairs ...           the same: which address went to whom: "192.0.2.1=b1 192.0.2.2=b2"
#   hold KEY ...        the same as ask, and the connections stay
#   again KEY           what those say when they are asked again
#   bulk KEY BYTES      so many over the first of them, there and back: "whole" or why not
#   alive KEY SECONDS   they ask every so often whether the other end is there; 0: no more. "ok"
#   close KEY           ends them (TCP: FIN). "ok"
#   abort KEY           ends them with RST. "ok"
#   scatter NETNS ADDRESS FIRST-LAST   a datagram to each of these ports, from one. "ok"
#   load KEY NETNS ADDRESS PORT        begins to ask by HTTP, a new connection each time. "ok"
#   loaded KEY          ends that, and says who answered how often, as ask does
#   longest ...         the same as ask with UDP and size=: "SENT HEARD"
#   stream FROM TO ADDRESS SECONDS STREAM...    see send() of shape.py
#
# OPTIONs: from=ADDRESS[-ADDRESS] are the clients' addresses, by turns; sport=PORT; wait=SECONDS
# until "none" (30: what is lost is sent again after 1, 3, 7 and 15); abort=1: they end with RST,
# so that the port can be had again, and have ended when the next one begins; size=BYTES of a
# question by UDP (the answer has as many); ttl=HOPS; polite=1: they end when the server has
# closed, too.

import http.client
import ipaddress
import os
import selectors
import socket
import struct
import sys
import threading

import shape
from wire import enter

IPV6_FREEBIND = 78
WHY = {ConnectionRefusedError: "refused", ConnectionResetError: "reset",
       BrokenPipeError: "reset", socket.timeout: "none"}


def plain(address):
    """Without what it looks like in a socket for both families."""
    return address[7:] if address.startswith("::ffff:") else address


def reason(error):
    for kind, text in WHY.items():
        if isinstance(error, kind):
            return text
    return {101: "unreachable", 113: "unreachable"}.get(error.errno, str(error).replace(" ", "-"))


class Servers:
    """All of them, by one thread; self.lock is held while it works on what came."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.lock = threading.Lock()
        self.sockets = {}
        self.peers = {}
        self.fewer = threading.Condition(self.lock)
        self.wake, woken = socket.socketpair()
        self.selector.register(woken, selectors.EVENT_READ, (self.drain, ""))
        threading.Thread(target=self.work, daemon=True).start()

    @staticmethod
    def drain(made, _name):
        made.recv(64)

    def work(self):
        while True:
            for key, _ in self.selector.select():
                with self.lock:
                    if key.fileobj.fileno() >= 0:
                        key.data[0](key.fileobj, key.data[1])

    def watch(self, made, handler, name):
        self.selector.register(made, selectors.EVENT_READ, (handler, name))
        self.sockets.setdefault(name, []).append(made)

    def forget(self, made, name):
        self.selector.unregister(made)
        self.sockets[name].remove(made)
        if self.peers.pop(made, None):
            self.fewer.notify_all()
        made.close()

    def wait_without(self, port, seconds):
        """Until nobody has a connection with a client's port; False: somebody still has."""
        with self.lock:
            return self.fewer.wait_for(lambda: port not in self.peers.values(), seconds)

    def add(self, name, netns, first, last, answering=True, address="::"):
        enter(netns)
        with self.lock:
            for port in range(first, last + 1):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)[:1 + answering]:
                    made = socket.socket(socket.AF_INET6, kind)
                    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    made.bind((address, port))
                    if kind == socket.SOCK_DGRAM:
                        self.watch(made, self.datagram, name)
                        continue
                    made.listen(256)
                    self.watch(made, self.accept if answering else self.keep, name)
        self.wake.send(b"x")

    def keep(self, made, name):
        self.sockets[name].append(made.accept()[0])

    def accept(self, made, name):
        one, peer = made.accept()
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.peers[one] = peer[1]
        self.watch(one, self.stream, name)

    def stream(self, made, name):
        """A line is a question; all else is for the one who sent it."""
        try:
            data = made.recv(65536)
            if not data:
                self.forget(made, name)
            elif data == b"who\n":
                made.sendall(self.answer(name, made.getpeername()))
            elif data == b"reset\n":
                made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.forget(made, name)
            elif data.startswith(b"GET "):
                made.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" %
                             (len(name), name.encode()))
                self.forget(made, name)
            else:
                made.sendall(data)
        except OSError:
            self.forget(made, name)

    def datagram(self, made, name):
        try:
            data, peer = made.recvfrom(65536)
            made.sendto(self.answer(name, peer).ljust(len(data)), peer)
        except OSError:
            pass

    @staticmethod
    def answer(name, peer):
        return f"{name} {plain(peer[0])} {peer[1]}\n".encode()

    def stop(self, name):
        with self.lock:
            for made in self.sockets.pop(name, []):
                self.peers.pop(made, None)
                try:
                    self.selector.unregister(made)
                except KeyError:
                    pass
                made.close()
        self.wake.send(b"x")


class Client:
    """Connections as the words of a command say."""

    def __init__(self, words):
        self.netns, proto, self.address, port, *more = words
        self.kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
        self.port = int(port)
        self.count = int(more.pop(0)) if more and more[0].isdigit() else 1
        options = dict(word.split("=") for word in more)
        self.wait = float(options.pop("wait", 30))
        self.sport = int(options.pop("sport", 0))
        self.size = int(options.pop("size", 0))
        self.ttl = int(options.pop("ttl", 0))
        self.abort = options.pop("abort", "") == "1"
        self.polite = options.pop("polite", "") == "1"
        first, _, last = options.pop("from", "").partition("-")
        self.sources = [first]
        if last:
            low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
            self.sources = [str(low + i) for i in range(int(high) - int(low) + 1)]
        if options:
            raise ValueError(f"no such option: {options}")

    def connect(self, number):
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        made = socket.socket(family, self.kind)
        made.settimeout(self.wait)
        # Where the kernel chooses the port, it is to be of nobody else: with this two sockets
        # that share an address may be given one, and an answer goes to either.
        if self.sport:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.kind == socket.SOCK_STREAM:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        if self.ttl:
            made.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, self.ttl)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, self.ttl)
        source = self.sources[number % len(self.sources)]
        try:
            if source or self.sport:
                made.bind((source, self.sport))
            made.connect((self.address, self.port))
        except OSError as error:
            made.close()
            return None, reason(error)
        return made, ""

    def all(self):
        """(socket, answer as words) of one after the other"""
        enter(self.netns)
        for number in range(self.count):
            made, why = self.connect(number)
            yield made, question(made, self.size) if made else [why]


def question(made, size=0):
    try:
        made.send(b"who\n".ljust(size, b"."))
        answer = made.recv(65536)
    except OSError as error:
        return [reason(error)]
    return answer.decode().split() + [str(len(answer))] if answer else ["closed"]


def end(made, abort=False):
    if abort:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    made.close()


def counted(answers):
    names = [answer[0] for answer in answers]
    return " ".join(f"{name}={names.count(name)}" for name in sorted(set(names)))


class Load(threading.Thread):
    """Requests, one after the other, until somebody says stop()."""

    def __init__(self, netns, address, port):
        super().__init__(daemon=True)
        self.place = (netns, address, int(port))
        self.answers = []
        self.ended = threading.Event()
        self.start()

    def run(self):
        netns, address, port = self.place
        enter(netns)
        while not self.ended.is_set():
            made = http.client.HTTPConnection(address, port, timeout=5)
            try:
                made.request("GET", "/")
                self.answers.append([made.getresponse().read().decode()])
            except OSError as error:
                self.answers.append([reason(error)])
            except http.client.HTTPException as error:
                self.answers.append([type(error).__name__])
            made.close()

    def stop(self):
        self.ended.set()
        self.join()
        return counted(self.answers)


class Wire:
    def __init__(self):
        self.servers = Servers()
        self.held = {}
        self.loads = {}

    def serve(self, name, netns, *ports):
        for port in ports:
            first, _, last = port.partition("-")
            self.servers.add(name, netns, int(first), int(last or first))
        return "ok"

    def serve_at(self, address, name, netns, *ports):
        mapped = address if ":" in address else f"::ffff:{address}"
        for port in ports:
            first, _, last = port.partition("-")
            self.servers.add(name, netns, int(first), int(last or first), address=mapped)
        return "ok"

    def silent(self, netns, port):
        self.servers.add(f"silent-{netns}-{port}", netns, int(port), int(port), False)
        return "ok"

    def stop(self, name):
        self.servers.stop(name)
        return "ok"

    def ask_all(self, words):
        answers = []
        client = Client(words)
        for made, answer in client.all():
            answers.append(answer + [plain(made.getsockname()[0])] if made else answer)
            if made and client.polite:
                made.shutdown(socket.SHUT_WR)
                made.recv(1)
            if made:
                end(made, client.abort)
                if client.abort and not self.servers.wait_without(client.sport, client.wait):
                    raise TimeoutError("a server has not seen the reset")
        return answers

    def ask(self, *words):
        return counted(self.ask_all(words))

    def order(self, *words):
        return " ".join(answer[0] for answer in self.ask_all(words))

    def peers(self, *words):
        return " ".join(sorted({answer[1] if len(answer) > 1 else answer[0]
                                for answer in self.ask_all(words)}))

    def pairs(self, *words):
        return " ".join(sorted({f"{answer[-1]}={answer[0]}" for answer in self.ask_all(words)}))

    def longest(self, *words):
        answer = self.ask_all(words)[0]
        return f"{Client(words).size} {answer[3] if len(answer) > 3 else answer[0]}"

    def hold(self, key, *words):
        pairs = list(Client(words).all())
        self.held.setdefault(key, []).extend(made for made, _ in pairs if made)
        return counted([answer for _, answer in pairs])

    def again(self, key):
        return counted([question(made) for made in self.held[key]])

    def bulk(self, key, size):
        made, left = self.held[key][0], int(size)
        try:
            while left > 0:
                part = os.urandom(min(left, 16384)) + b"\n"
                made.sendall(part)
                back = b""
                while len(back) < len(part):
                    more = made.recv(65536)
                    if not more:
                        return f"closed with {left} left"
                    back += more
                if back != part:
                    return "garbled"
                left -= 16384
        except OSError as error:
            return f"{reason(error)} with {left} left"
        return "whole"

    def alive(self, key, seconds):
        for made in self.held[key]:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, int(seconds) > 0)
            if int(seconds):
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, int(seconds))
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, int(seconds))
        return "ok"

    def load(self, key, *words):
        self.loads[key] = Load(*words)
        return "ok"

    def loaded(self, key):
        return self.loads.pop(key).stop()

    @staticmethod
    def scatter(netns, address, ports):
        enter(netns)
        first, last = ports.split("-")
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as made:
            for port in range(int(first), int(last) + 1):
                made.sendto(b"who\n", (address, port))
        return "ok"

    stream = staticmethod(shape.send)

    def close(self, key):
        for made in self.held.pop(key, []):
            made.close()
        return "ok"

    def abort(self, key):
        for made in self.held.pop(key, []):
            end(made, True)
        return "ok"


COMMANDS = ("serve", "serve_at", "silent", "stop", "ask", "order", "peers", "pairs", "longest",
            "hold", "again", "alive", "bulk", "close", "abort", "load", "loaded", "scatter",
            "stream")


def main(wire, names):
    """Until standard input ends."""
    commands = {name: getattr(wire, name) for name in names}
    for line in sys.stdin:
        name, *words = line.split()
        try:
            said = commands[name](*words)
        except (OSError, KeyError, TypeError, ValueError) as error:
            said = f"error: {name}: {error!r}"
        print(said, flush=True)


if __name__ == "__main__":
    main(Wire(), COMMANDS)
