# SPDX-License-Identifier: GPL-2.0
"""A small server of FTP (RFC 959, and EPRT and EPSV of RFC 2428), which keeps files in memory."""
import io
import socket
import threading

from wire import enter

Source = io.BytesIO


class Session(threading.Thread):
    """One control connection and its connections for data."""

    def __init__(self, server, control):
        super().__init__(daemon=True)
        self.server, self.control = server, control
        self.connect = None
        self.start()

    def say(self, text):
        self.control.sendall(text.encode() + b"\r\n")

    def run(self):
        enter(self.server.netns)
        self.say("220 here")
        with self.control, self.control.makefile("r", newline="\r\n") as lines:
            for line in lines:
                word, _, rest = line.strip().partition(" ")
                handler = getattr(self, "on_" + word.lower(), None)
                if handler:
                    handler(rest)
                else:
                    self.say("502 not known")

    def on_user(self, _name):
        self.say("331 and the password")

    def on_pass(self, _word):
        self.say("230 come in")

    def on_type(self, _kind):
        self.say("200 ok")

    def on_quit(self, _nothing):
        self.say("221 bye")

    def to(self, address, port):
        """From the port below the control connection's, as the standard has it."""
        made = socket.socket(self.control.family)
        made.settimeout(self.server.wait)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((self.control.getsockname()[0], self.server.port - 1))
        made.connect((address, port))
        return made

    def on_port(self, numbers):
        words = numbers.split(",")
        address, port = ".".join(words[:4]), int(words[4]) * 256 + int(words[5])
        self.connect = lambda: self.to(address, port)
        self.say("200 ok")

    def on_eprt(self, text):
        _, _, address, port, _ = text.split(text[0])
        self.connect = lambda: self.to(address, int(port))
        self.say("200 ok")

    def listen(self):
        made = socket.socket(self.control.family)
        made.settimeout(self.server.wait)
        made.bind((self.control.getsockname()[0], 0))
        made.listen(1)

        def accept():
            with made:
                return made.accept()[0]
        self.connect = accept
        return made.getsockname()[1]

    def on_pasv(self, _nothing):
        port = self.listen()
        host = self.control.getsockname()[0].replace(".", ",")
        self.say(f"227 Entering Passive Mode ({host},{port // 256},{port % 256}).")

    def on_epsv(self, _nothing):
        self.say(f"229 Entering Extended Passive Mode (|||{self.listen()}|)")

    def transfer(self, work):
        self.say("150 it comes")
        try:
            with self.connect() as data:
                work(data)
            self.say("226 done")
        except OSError as error:
            self.say(f"425 {error}")

    def on_retr(self, name):
        self.transfer(lambda data: data.sendall(self.server.files[name]))

    def on_stor(self, name):
        def store(data):
            with data.makefile("rb") as stream:
                self.server.files[name] = stream.read()
        self.transfer(store)


class Server(threading.Thread):
    def __init__(self, netns, address, port, wait):
        super().__init__(daemon=True)
        enter(netns)
        self.netns, self.port, self.wait = netns, port, wait
        self.files = {}
        self.listening = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listening.bind((address, port))
        self.listening.listen(5)
        self.start()

    def run(self):
        while True:
            Session(self, self.listening.accept()[0])
