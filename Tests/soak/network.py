"""A separate network: a namespace behind a virtual cable that can be cut."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from base import Server, run


class Network:
    """A namespace, a pair of virtual Ethernet devices that leads there, and a forwarder for the ports of a group."""

    def __init__(self, folder: Path, first_port: int, count: int):
        number = os.getpid() % 60_000
        self.name, self.near, self.distant = f"soak{number}", f"soak{number}a", f"soak{number}b"
        # From 198.18.0.0/15, which RFC 2544 reserves for tests.
        net = f"198.18.{number // 60 % 250}.{number % 60 * 4}"
        head, last = net.rsplit(".", 1)
        gateway, self.address = f"{head}.{int(last) + 1}", f"{head}.{int(last) + 2}"
        self.prefix = ["ip", "netns", "exec", self.name]
        self.forwarder: Server | None = None
        self._nowhere: list[str] = []
        run("ip", "netns", "add", self.name)
        try:
            run("ip", "link", "add", self.near, "type", "veth", "peer", "name", self.distant, "netns", self.name)
            run("ip", "address", "add", f"{gateway}/30", "dev", self.near)
            run("ip", "link", "set", self.near, "up")
            # Without the cable there must be no route, not even the default route.
            self._nowhere = ["unreachable", f"{net}/30", "metric", "4000"]
            run("ip", "route", "add", *self._nowhere)
            for command in (["address", "add", f"{self.address}/30", "dev", self.distant],
                            ["link", "set", self.distant, "up"], ["link", "set", "lo", "up"]):
                run(*self.prefix, "ip", *command)
            self.forwarder = Server(
                *self.prefix, sys.executable, Path(__file__).with_name("forwarder.py"), self.address, first_port, count,
                log=folder / "forwarder.log")
            self.forwarder.says("ready")
        except BaseException:
            self.stop()
            raise

    def cut(self, at_our_end: bool) -> None:
        """Takes the link down. At our end the route disappears; at their end all packets are lost."""
        self._set("down", at_our_end)

    def restore(self, at_our_end: bool) -> None:
        self._set("up", at_our_end)

    def _set(self, state: str, at_our_end: bool) -> None:
        if at_our_end:
            run("ip", "link", "set", self.near, state)
        else:
            run(*self.prefix, "ip", "link", "set", self.distant, state)

    def stop(self) -> None:
        if self.forwarder:
            self.forwarder.stop()
        run("ip", "route", "delete", *self._nowhere, check=False)
        run("ip", "link", "delete", self.near, check=False)
        run("ip", "netns", "delete", self.name, check=False)
