"""Simulated printers and the exporter that reads them, as separate processes."""

from __future__ import annotations

import gzip
import re
import tempfile
import time
import urllib.request
from pathlib import Path

from machine import PROGRAMS, Server, answers, free_port, get, processor_seconds, resident_megabytes


class Fleet:
    """Simulated printers on real brokers with TLS, and a configuration that reads them without their cameras."""

    def __init__(self, *flags: str):
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        written = folder / "config.json5"
        for attempt in range(3):
            self.server = Server(
                PROGRAMS / "bambu_simulator", "--port=0", f"--directory={folder / f'printers-{attempt}'}",
                f"--config-out={written}", *flags, log=folder / "simulator.log")
            try:
                self.server.until(
                    "the printers are ready", lambda: "\nready" in (folder / "simulator.log").read_text(), within=120)
                break
            except AssertionError as error:
                self.server.stop()
                # Another program may take the port after it was found to be free.
                if attempt == 2 or "Address already in use" not in str(error):
                    raise
        self.configuration = folder / "without-cameras.json5"
        self.configuration.write_text(
            re.sub(r'"camera":\{[^}]*\}', '"camera":{"enabled":false}', written.read_text()))
        self.count = self.configuration.read_text().count('"serial"')

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        self.folder.cleanup()


class Exporter:
    def __init__(self, configuration: Path, *flags: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/metrics"
        self.log = configuration.parent / f"exporter-{self.port}.log"
        self.server = Server(
            PROGRAMS / "bambu_exporter", f"--config.file={configuration}", f"--web.listen-address=127.0.0.1:{self.port}",
            "--log.level=warn", *flags, log=self.log)
        self.pid = self.server.process.pid

    def until_up(self, count: int) -> None:
        def isUp() -> bool:
            return answers(self.url) and len(re.findall(r"^bambu_up\{.*\} 1$", get(self.url), re.M)) >= count

        self.server.until(f"{count} printers are up", isUp, within=120)

    def __enter__(self) -> Exporter:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()


def scrape(url: str) -> bytes:
    """One scrape with gzip, as Prometheus does it."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def load(seconds: float, exporter: Exporter) -> dict[str, float]:
    """Measures the cost of reading; the cost of reading with a scrape every `seconds`, as by Prometheus; and the time of a scrape, with
    four scrapes a second, so that there are enough for a 99th percentile."""
    start, used = time.monotonic(), processor_seconds(exporter.pid)
    time.sleep(seconds)
    reading = (processor_seconds(exporter.pid) - used) / (time.monotonic() - start) * 100
    start, used = time.monotonic(), processor_seconds(exporter.pid)
    for _ in range(2):
        time.sleep(seconds)
        compressed = scrape(exporter.url)
    scraped = (processor_seconds(exporter.pid) - used) / (time.monotonic() - start) * 100
    time.sleep(1)
    resident = resident_megabytes(exporter.pid)
    waits = []
    end = time.monotonic() + 25
    while time.monotonic() < end:
        begin = time.monotonic()
        compressed = scrape(exporter.url)
        waits.append((time.monotonic() - begin) * 1000)
        time.sleep(max(0, 0.25 - (time.monotonic() - begin)))
    body = gzip.decompress(compressed)
    waits.sort()
    return {
        "% of a core": reading, "scraped too": scraped, "MB": resident, "scrape p50 ms": waits[len(waits) // 2],
        "scrape p99 ms": waits[min(len(waits) - 1, len(waits) * 99 // 100)], "MB a scrape": len(body) / 1e6,
        "gzip MB": len(compressed) / 1e6, "series": sum(1 for line in body.splitlines() if not line.startswith(b"#")),
    }
