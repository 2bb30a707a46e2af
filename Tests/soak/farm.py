"""Two hundred simulated printers in groups; each group is a simulator with one broker and its own ports."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from base import PROGRAMS, Server

_MODELS = ["X1C", "P1S", "A1", "A1 mini", "P2S", "H2D", "X1E", "P1P"]


def free_block(count: int) -> int:
    """The first of `count` free ports in a row, below those that the kernel assigns."""
    for _ in range(200):
        first = random.SystemRandom().randrange(10_000, 32_000 - count)
        sockets = []
        try:
            for port in range(first, first + count):
                sockets.append(probe := socket.socket())
                probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
        finally:
            for probe in sockets:
                probe.close()
    raise RuntimeError(f"no {count} free ports in a row")


class Group:
    """Printers that share a simulator and a broker.

    After a restart they have the same ports, serial numbers, access codes and certificates.
    """

    def __init__(self, folder: Path, name: str, count: int, number: int, port: int, *, verify: str = "tofu",
                 flags: Sequence[str] = (), prefix: Sequence[str] = (), host: str = "127.0.0.1",
                 cameras: int = 0):
        self.folder, self.name, self.port, self.host, self.verify = folder / name, name, port, host, verify
        self.folder.mkdir()
        self.names = [f"{name}-{index + 1:02}" for index in range(count)]
        self.camera_names = self.names[:cameras]
        self._prefix = list(prefix)
        self._flags = [f"--port={port}", f"--seed={number}", f"--first-number={number}", *flags]
        self._flags += [f"--printer={_MODELS[i % len(_MODELS)]}@{each}" for i, each in enumerate(self.names)]
        self._starts = 0
        self.told: dict[str, dict] = {}
        # Since when every printer of the group has been up, and the longest first wait of the next outage.
        self.up_since = 0.0
        self.next_wait = 1.0
        self.start()

    def start(self, *flags: str, directory: str = "printers") -> None:
        """Starts the simulator, and returns when every printer listens.

        With another directory the same printers get other certificates.
        """
        self._starts += 1
        log = self.folder / f"simulator-{self._starts}.log"
        self.server = Server(*self._prefix, PROGRAMS / "bambu_simulator", *self._flags,
                             f"--directory={self.folder / directory}", *flags, log=log)
        self.server.until(f"{self.name} is ready", lambda: "\nready" in log.read_text(errors="replace"))
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        # Keep the first ports of the cameras, because the configuration must not change.
        self.told = self.told or {line["name"]: line for line in lines}

    def stop(self) -> None:
        self.server.stop()

    def brokers(self) -> list[int]:
        """The mosquitto processes that the simulator of this group has started."""
        found = []
        for children in Path(f"/proc/{self.server.process.pid}/task").glob("*/children"):
            found += [int(pid) for pid in children.read_text().split()]
        return found

    def signal_brokers(self, number: signal.Signals) -> None:
        for pid in self.brokers():
            os.kill(pid, number)

    def kill(self) -> None:
        """Kills the simulator; the kernel then kills its broker."""
        brokers = self.brokers()
        self.server.process.kill()
        self.server.process.wait()
        self._bury(brokers)

    def kill_broker(self) -> None:
        """Kills the broker; the simulator then ends by itself."""
        brokers = self.brokers()
        self.signal_brokers(signal.SIGKILL)
        self.server.process.wait(20)
        self._bury(brokers)

    @staticmethod
    def _bury(pids: list[int]) -> None:
        end = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < end:
            time.sleep(0.05)

    def entries(self, rename: Callable[[str], str] = lambda name: name) -> list[dict]:
        """The printers' entries in the exporter's configuration."""
        found = []
        for name in self.names:
            told = self.told[name]
            camera = {"enabled": False}
            if name in self.camera_names:
                camera = {"port": told["camera_port"], "interval": "20s", "window": "7s"}
            tls = {"verify": "ca", "ca_file": told["ca_file"]} if self.verify == "ca" else {"verify": "tofu"}
            found.append({
                "name": rename(name), "serial": told["serial"], "host": self.host, "mqtt_port": told["port"],
                "access_code": told["access_code"], "camera": camera, "tls": tls})
        return found
