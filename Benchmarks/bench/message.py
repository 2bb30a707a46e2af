"""Measures what one report costs on its way through TLS, MQTT and the state, beside a client that discards it.

A mosquitto sends the same reports to both over TLS. The exporter is not scraped meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import reports
from fleet import Exporter
from machine import WORK, Server, free_port, processor_seconds
from table import goal, median_of, table

_PRINTERS = 20
_A_SECOND = 400
_SECONDS = 8


def _certificates(folder: Path) -> None:
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run([*new, "-subj", "/CN=farm", "-keyout", "ca.key", "-out", "ca.crt"], cwd=folder, check=True, capture_output=True)
    subprocess.run(
        [*new, "-CA", "ca.crt", "-CAkey", "ca.key", "-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1",
         "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", "broker.key", "-out", "broker.crt"],
        cwd=folder, check=True, capture_output=True)


class _Broker:
    """A mosquitto with a port for TLS, and one without it for the publisher."""

    def __init__(self, folder: Path):
        _certificates(folder)
        self.tls, self.plain = free_port(), free_port()
        file = folder / "mosquitto.conf"
        file.write_text(
            f"listener {self.plain} 127.0.0.1\nallow_anonymous true\nlistener {self.tls} 127.0.0.1\nallow_anonymous true\n"
            f"certfile {folder}/broker.crt\nkeyfile {folder}/broker.key\nuser root\n")
        self.server = Server("mosquitto", "-c", file, log=folder / "mosquitto.log")
        self.server.until("mosquitto listens", lambda: "running" in self.server.log.read_text(), within=20)


class _Publisher:
    """Publishes one report after another, evenly, so that receivers wake up for each."""

    def __init__(self, port: int, texts: list[str]):
        import paho.mqtt.client as mqtt

        self.sent = 0
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.texts, self.done = texts, threading.Event()
        self.thread = threading.Thread(target=self._publish, daemon=True)
        self.thread.start()

    def _publish(self) -> None:
        begin = time.monotonic()
        while not self.done.is_set():
            serial = f"00M00A{self.sent % _PRINTERS:09}"
            self.client.publish(f"device/{serial}/report", self.texts[self.sent // _PRINTERS % len(self.texts)])
            self.sent += 1
            time.sleep(max(0, begin + self.sent / _A_SECOND - time.monotonic()))

    def stop(self) -> None:
        self.done.set()
        self.thread.join()
        self.client.loop_stop()


def run(rounds: int = 5) -> str:
    files = reports.write()
    others = reports.scrambled(files)
    cases = {
        "full, X1C, four AMS: everything differs": ("full, X1C, four AMS", True),
        "full, X1C, four AMS: repeated": ("full, X1C, four AMS", False),
        "partial, X1C": ("partial, X1C", False),
    }
    rows, goals = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broker = _Broker(folder)
        configuration = folder / "config.json5"
        configuration.write_text(json.dumps(
            {"broker": {"host": "127.0.0.1", "port": broker.tls, "tls": {"ca_file": f"{folder}/ca.crt"}}}))
        receiver = Server(WORK / "receiver", broker.tls, folder / "ca.crt", log=folder / "receiver.log")
        try:
            receiver.until("the receiver is subscribed", lambda: "subscribed" in receiver.log.read_text(), within=20)
            with Exporter(configuration) as exporter:
                for case, (report, differs) in cases.items():
                    texts = [files[report].read_text()] + ([others[report].read_text()] if differs else [])
                    # Printers are found by a full report.
                    publisher = _Publisher(broker.plain, texts)
                    try:
                        exporter.until_up(_PRINTERS)
                        found = median_of(rounds, {"": lambda: _each(publisher, exporter.pid, receiver.process.pid)})[""]
                    finally:
                        publisher.stop()
                    ratio = found["this"] / found["receiver"]
                    rows.append([f"{case} ({len(texts[0])} B)", found["this"], found["receiver"], ratio])
                    goals.append(goal(f"{case}: at most twice the bare client's time", ratio <= 2, f"{ratio:.2f} times"))
        finally:
            receiver.stop()
            broker.server.stop()
    return table(
        f"One report through TLS and MQTT, {_A_SECOND} a second, µs of processor time",
        ["report", "this, merged into state", "bare libmosquitto, discarded", "this, as a multiple"], rows) + "\n" + "\n".join(goals) + "\n"


def _each(publisher: _Publisher, *processes: int) -> dict[str, float]:
    """µs of processor time for each message, of both processes over the same messages."""
    sent, before = publisher.sent, [processor_seconds(pid) for pid in processes]
    time.sleep(_SECONDS)
    used = [processor_seconds(pid) - earlier for pid, earlier in zip(processes, before)]
    messages = publisher.sent - sent
    return {name: seconds * 1e6 / messages for name, seconds in zip(("this", "receiver"), used)}
