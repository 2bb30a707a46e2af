"""What clients of the listener cost at a thousand printers: TLS, many at once, slow readers, and more than `--web.max-requests`.

The printers report through one mosquitto, which the exporters read as their `broker`.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from fleet import Exporter
from machine import ROOT, Server, free_port, get, processor_seconds, resident_megabytes
from table import median_of, table

_PRINTERS = 1000
_SECONDS = 5
_SLOW_READERS = 100


def _certificate(folder: Path) -> Path:
    """A certificate for the listener, and the `--web.config.file` that names it."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out", folder / "crt.pem"], check=True, capture_output=True)
    file = folder / "web.json"
    file.write_text(json.dumps({"tls_server_config": {"cert_file": "crt.pem", "key_file": "key.pem"}}))
    return file


class _Farm:
    """A mosquitto, and printers that report a recorded full report through it every five seconds."""

    def __init__(self, folder: Path):
        self.port = free_port()
        file = folder / "mosquitto.conf"
        file.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self.server = Server("mosquitto", "-c", file, log=folder / "mosquitto.log")
        self.server.until("mosquitto listens", lambda: "running" in self.server.log.read_text(), within=20)
        lines = (ROOT / "Tests/Fixtures/x1c-printing-four-ams-ht.jsonl").read_text().splitlines()
        # The largest is the full report.
        self.report = max(lines, key=len)
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._report, daemon=True)
        self.thread.start()

    def _report(self) -> None:
        import paho.mqtt.client as mqtt

        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        while not self.done.is_set():
            for number in range(_PRINTERS):
                client.publish(f"device/00M00A{number:09}/report", self.report)
                if number % 20 == 19 and self.done.wait(0.1):
                    break
        client.loop_stop()

    def stop(self) -> None:
        self.done.set()
        self.thread.join()
        self.server.stop()


class _SlowReaders:
    """Clients that ask for everything and read a kilobyte a second."""

    def __init__(self, port: int, count: int):
        self.sockets = []
        for _ in range(count):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            client.setblocking(False)
            self.sockets.append(client)
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        while not self.done.wait(1):
            for client in list(self.sockets):
                try:
                    isOver = not client.recv(1024)
                except BlockingIOError:
                    isOver = False
                except ConnectionError:
                    isOver = True
                if isOver:
                    self.sockets.remove(client)
                    client.close()

    def stop(self) -> None:
        self.done.set()
        self.thread.join()
        for client in self.sockets:
            client.close()


def _wrk(exporter: Exporter, scheme: str, connections: int, encoding: str = "identity") -> dict[str, float]:
    """One round of scrapes that follow each other on every connection: latency, and processor time a scrape."""
    used = processor_seconds(exporter.pid)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{_SECONDS}s", "--timeout=60s", "--latency", "-H", f"Accept-Encoding: {encoding}",
         f"{scheme}://127.0.0.1:{exporter.port}/metrics"], capture_output=True, text=True, check=True).stdout
    time.sleep(0.5)
    used = processor_seconds(exporter.pid) - used
    scrapes = int(re.search(r"(\d+) requests in", done)[1])
    latency = dict(re.findall(r"(50|99)%\s+([\d.]+[a-z]+)", done))
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    return {"p50": _milliseconds(latency["50"]), "p99": _milliseconds(latency["99"]), "cpu": used * 1000 / max(1, scrapes),
            "refused": int(refused[1]) if refused else 0, "scrapes": scrapes}


def _milliseconds(text: str) -> float:
    value, unit = re.match(r"([\d.]+)(\w+)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def _fresh(exporter: Exporter, isTLS: bool) -> dict[str, float]:
    """Scrapes that each make a connection of their own, as after a restart of Prometheus."""
    context = ssl._create_unverified_context()
    waits = []
    used, end = processor_seconds(exporter.pid), time.monotonic() + _SECONDS
    while time.monotonic() < end:
        begin = time.monotonic()
        connection = (http.client.HTTPSConnection("127.0.0.1", exporter.port, context=context) if isTLS
                      else http.client.HTTPConnection("127.0.0.1", exporter.port))
        connection.request("GET", "/metrics")
        connection.getresponse().read()
        connection.close()
        waits.append((time.monotonic() - begin) * 1000)
    used = processor_seconds(exporter.pid) - used
    waits.sort()
    return {"p50": waits[len(waits) // 2], "p99": waits[min(len(waits) - 1, len(waits) * 99 // 100)], "cpu": used * 1000 / len(waits)}


def _crowd(exporter: Exporter, count: int) -> tuple[Counter, list[float], list[float]]:
    """`count` scrapes that begin at one moment: their statuses, and the milliseconds of those served and those refused."""
    statuses, served, refused = Counter(), [], []
    start = threading.Barrier(count)

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=60)
        connection.connect()
        start.wait()
        begin = time.monotonic()
        connection.request("GET", "/metrics")
        try:
            answer = connection.getresponse()
            answer.read()
            status: int | str = answer.status
        except (http.client.HTTPException, ConnectionError):
            status = "cut"
        wait = (time.monotonic() - begin) * 1000
        statuses[status] += 1
        (served if status == 200 else refused).append(wait)

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, sorted(served), sorted(refused)


def run(rounds: int = 3) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        farm = _Farm(folder)
        try:
            configuration = folder / "config.json5"
            configuration.write_text(json.dumps({"broker": {"host": "127.0.0.1", "port": farm.port, "plain": True}}))
            with Exporter(configuration) as plain, Exporter(configuration, f"--web.config.file={_certificate(folder)}") as tls, \
                    Exporter(configuration, "--web.max-requests=4") as few:
                plain.until_up(_PRINTERS)
                # The others heard the same reports; the listener of one wants TLS.
                time.sleep(6)
                return _measure(plain, tls, few, rounds)
        finally:
            farm.stop()


def _measure(plain: Exporter, tls: Exporter, few: Exporter, rounds: int) -> str:
    ways: dict[str, Callable[[], dict[str, float]]] = {
        "plain": lambda: _wrk(plain, "http", 1),
        "gzip": lambda: _wrk(plain, "http", 1, "gzip"),
        "TLS": lambda: _wrk(tls, "https", 1),
        "TLS, gzip": lambda: _wrk(tls, "https", 1, "gzip"),
        "plain, a connection each": lambda: _fresh(plain, isTLS=False),
        "TLS, a connection each": lambda: _fresh(tls, isTLS=True),
        "plain, 20 clients": lambda: _wrk(plain, "http", 20),
        "TLS, 20 clients": lambda: _wrk(tls, "https", 20),
    }
    page = get(plain.url)
    series = sum(1 for line in page.splitlines() if not line.startswith("#"))
    found = median_of(rounds, ways)
    notes = ""
    for exporter, limit in (plain, 40), (few, 4):
        note, found[f"plain, {_SLOW_READERS} slow readers beside, at most {limit} answers"] = _beside_slow_readers(exporter)
        notes += f"\n--web.max-requests={limit}: {note}. {_describe_crowd(exporter, 100)}\n"
    base = found["plain"]
    rows = [[way, each["p50"] / base["p50"], each["p99"] / base["p50"], each["cpu"] / base["cpu"]] for way, each in found.items()]
    return table(
        f"{_PRINTERS} printers, {series} series, {len(page) / 1e6:.1f} MB: scrapes beside a plain one of "
        f"{base['p50']:.3g} ms (p50) and {base['cpu']:.3g} ms of processor time",
        ["", "p50 / plain p50", "p99 / plain p50", "processor time / plain"], rows) + notes


def _rejections(exporter: Exporter) -> Counter:
    """Requests that were refused (`busy`), and answers that were ended because their client read slowly (`slow_reader`)."""
    return Counter({reason: int(count) for reason, count in re.findall(
        r'^bambu_exporter_http_requests_rejected_total\{reason="(busy|slow_reader)"\} (\d+)', get(exporter.url), re.M)})


def _beside_slow_readers(exporter: Exporter) -> tuple[str, dict[str, float]]:
    before, rejected = resident_megabytes(exporter.pid), _rejections(exporter)
    slow = _SlowReaders(exporter.port, _SLOW_READERS)
    time.sleep(2)
    during = resident_megabytes(exporter.pid)
    figures = _wrk(exporter, "http", 1)
    during = max(during, resident_megabytes(exporter.pid))
    time.sleep(35)
    slow.stop()
    counts = _rejections(exporter) - rejected
    return (f"{_SLOW_READERS} slow readers: {before:.0f} MB before and {during:.0f} MB with them; rejected within {_SECONDS + 37} s: "
            f"{dict(counts)}; {figures['refused']:.0f} of {figures['scrapes']:.0f} other scrapes were refused"), figures


def _describe_crowd(exporter: Exporter, count: int) -> str:
    statuses, served, refused = _crowd(exporter, count)
    return f"{count} scrapes at one moment: {dict(statuses)}; served p50 {_middle(served)} ms, refused p50 {_middle(refused)} ms"



def _middle(values: list[float]) -> str:
    return f"{values[len(values) // 2]:.0f}" if values else "-"
