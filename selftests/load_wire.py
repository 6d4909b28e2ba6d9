#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# As router_wire.py, and a crowd of clients of HTTP.
#
#   crowd KEY NETNS PORT N ADDRESS...
#                       N clients begin to ask these addresses in turn, each one request after
#                       the other with a rest of 20 ms, up to 20 by a connection. Who waits asks
#                       each second if the connection is still there (SO_KEEPALIVE). "ok"
#   failed KEY          which requests have failed since it was asked last: how many, how many
#                       of one client at most, and who had answered before by the same
#                       connections ("new": nobody yet): "3 1 b1 new"; "0" if there are none
#   progress KEY        until each client has got an answer, twice. "ok", or who has not
#   dismiss KEY         ends it: how many requests were answered

import http.client
import itertools
import os
import socket
import sys
import threading
import time

import router_wire
from wire import enter

REQUESTS = 20
WAIT = float(os.environ.get("WAIT", "60"))


def connect(address, port):
    made = http.client.HTTPConnection(address, port, timeout=WAIT)
    made.connect()
    made.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
        made.sock.setsockopt(socket.IPPROTO_TCP, name, 1)
    made.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 60)
    return made


class Worker(threading.Thread):
    def __init__(self, netns, address, port):
        super().__init__(daemon=True)
        self.place = (netns, address, port)
        self.answered = 0
        self.failed = []
        self.ended = threading.Event()
        self.start()

    def run(self):
        netns, address, port = self.place
        enter(netns)
        while not self.ended.is_set():
            made, who = None, "new"
            try:
                made = connect(address, port)
                for number in range(REQUESTS):
                    if self.ended.is_set():
                        break
                    last = number == REQUESTS - 1
                    made.request("GET", "/", headers={"Connection": "close"} if last else {})
                    answer = made.getresponse()
                    body = answer.read()
                    if answer.status != 200:
                        raise http.client.HTTPException(answer.status)
                    who = body[:2].decode()
                    self.answered += 1
                    time.sleep(0.02)
            except (OSError, http.client.HTTPException) as error:
                sys.stderr.write(f"# a request failed: {who} {error!r}\n")
                self.failed.append(who)
                time.sleep(0.1)
            if made:
                made.close()


class Crowds(router_wire.Wire):
    def __init__(self):
        super().__init__()
        self.crowds = {}

    def crowd(self, key, netns, port, count, *addresses):
        turn = itertools.cycle(addresses)
        self.crowds[key] = [Worker(netns, next(turn), int(port))
                            for _ in range(int(count))]
        return "ok"

    def failed(self, key):
        failed = []
        for one in self.crowds[key]:
            mine, one.failed = one.failed, []
            failed.append(mine)
        names = sorted({name for mine in failed for name in mine})
        return " ".join([str(sum(map(len, failed))), str(max(map(len, failed)))] + names) \
            if names else "0"

    def progress(self, key):
        wanted = [one.answered + 2 for one in self.crowds[key]]
        while True:
            late = [number for number, (one, least) in enumerate(zip(self.crowds[key], wanted))
                    if one.answered < least]
            if not late:
                return "ok"
            time.sleep(0.02)

    def dismiss(self, key):
        crowd = self.crowds.pop(key)
        for one in crowd:
            one.ended.set()
        for one in crowd:
            one.join()
        return str(sum(one.answered for one in crowd))


if __name__ == "__main__":
    router_wire.main(Crowds(), router_wire.COMMANDS + ("crowd", "failed", "progress", "dismiss"))
