"""A program on a terminal of 80 columns and 24 rows, and what a person sees there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable

import pyte

COLUMNS, ROWS = 80, 24


class Terminal:
    def __init__(self, *command: object, **environment: str):
        self.screen = pyte.HistoryScreen(COLUMNS, ROWS)
        self.bytes = b""
        self._stream = pyte.ByteStream(self.screen)
        words = [str(word) for word in command]
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm", **environment})
            os.execvp(words[0], words)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    @property
    def seen(self) -> list[str]:
        return [row.rstrip() for row in self.screen.display]

    @property
    def lines(self) -> list[str]:
        """What was written, without control sequences and however long a line is."""
        return re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", self.bytes.decode()).replace("\r", "").split("\n")

    def until(self, what: str, look: Callable[[], object], within: float = 30) -> None:
        """Reads until `look` gives something true."""
        end = time.monotonic() + within
        while not look():
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"waited in vain until {what}:\n" + "\n".join(self.seen))

    def interrupt(self) -> float:
        """Presses Ctrl-C; gives how many seconds the program takes to end."""
        os.write(self._descriptor, b"\x03")
        begin = time.monotonic()
        while self._read():
            pass
        os.waitpid(self.pid, 0)
        self.pid = 0
        return time.monotonic() - begin

    def stop(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            while self._read():
                pass
            os.waitpid(self.pid, 0)
        os.close(self._descriptor)

    def _read(self) -> bool:
        if not select.select([self._descriptor], [], [], 0.1)[0]:
            return True
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:  # the program has closed its side
            return False
        self.bytes += data
        self._stream.feed(data)
        return bool(data)
