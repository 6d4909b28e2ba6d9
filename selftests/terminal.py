#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""terminal.py ROWSxCOLUMNS COMMAND...: runs a command on a terminal of that size and prints what
it shows, then what became of it, in a line "status N", of the terminal, "restored" or "changed",
and of what was waited for in vain. Standard input says what happens there, a line each:

expect REGEX    wait until this has been shown behind what was expected before
type TEXT       with the escapes of Python
size ROWSxCOLUMNS
signal NUMBER   to the command
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

SECONDS = 60


class Terminal:
    def __init__(self, size, command):
        self.master, self.slave = os.openpty()
        self.resize(size)
        self.before = termios.tcgetattr(self.slave)
        self.shown = ""
        self.seen = 0
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, size):
        rows, columns = map(int, size.split("x"))
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Take what is shown; False: nothing in that time."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.shown += os.read(self.master, 65536).decode(errors="replace")
        return True

    def expect(self, regex):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            found = re.search(regex, self.shown[self.seen:])
            if found:
                self.seen += found.end()
                return True
            if self.process.poll() is not None and not self.read(0):
                return False
            self.read(0.1)
        return False

    def step(self, line):
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "expect":
            return self.expect(rest)
        if word == "type":
            os.write(self.master, rest.encode().decode("unicode_escape").encode("latin-1"))
        elif word == "size":
            self.resize(rest)
        elif word == "signal":
            os.kill(self.process.pid, int(rest))
        else:
            sys.exit(f"terminal.py: '{word}'?")
        return True

    def end(self):
        end = time.monotonic() + SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        while self.read(0):
            pass
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        return self.process.wait()


def main():
    terminal = Terminal(sys.argv[1], sys.argv[2:])
    missing = ""
    for line in sys.stdin:
        if not terminal.step(line):
            missing = line
            break
    status = terminal.end()
    print(terminal.shown.replace("\r", ""), end="")
    print(f"status {status if status >= 0 else 128 - status}")
    same = termios.tcgetattr(terminal.slave) == terminal.before
    print("restored" if same else "changed")
    if missing:
        print(f"in vain: {missing}", end="")


main()
