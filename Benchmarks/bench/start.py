"""Measures the time until the first answer, the usage when idle, and the size."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from fleet import Exporter, Fleet
from machine import PROGRAMS, free_port, output, resident_megabytes
from table import goal, median_of, table


def run(rounds: int = 15) -> str:
    with Fleet("--printer=P1S@garage") as fleet:
        found = median_of(rounds, {"this": lambda: _start(fleet.configuration)})["this"]
        with Exporter(fleet.configuration) as exporter:
            exporter.until_up(1)
            time.sleep(10)
            found["MB, one printer"] = resident_megabytes(exporter.pid)
    binary = PROGRAMS / "bambu_exporter"
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / "stripped"
        subprocess.run(["strip", "-o", stripped, binary], check=True)
        found["binary, MB"] = binary.stat().st_size / 1e6
        found["stripped, MB"] = stripped.stat().st_size / 1e6
    found |= _image()
    text = table("Start, rest and size", list(found), [list(found.values())])
    return text + "\n" + "\n".join([
        goal("at most 15 ms from exec to the first good scrape", found["ms to a scrape"] <= 15,
             f"{found['ms to a scrape']:.0f} ms"),
        goal("at most 20 MB with one printer", found["MB, one printer"] <= 20, f"{found['MB, one printer']:.1f} MB"),
    ]) + "\n"


def _start(configuration: Path) -> dict[str, float]:
    port = free_port()
    begin = time.monotonic()
    process = subprocess.Popen(
        [PROGRAMS / "bambu_exporter", f"--config.file={configuration}", f"--web.listen-address=127.0.0.1:{port}",
         "--log.level=error"])
    found: dict[str, float] = {}
    try:
        while len(found) < 2:
            if time.monotonic() - begin > 30:
                raise RuntimeError("it did not start")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/metrics")
                body = connection.getresponse().read()
            except ConnectionError:
                time.sleep(0.0005)
                continue
            elapsed = (time.monotonic() - begin) * 1000
            found.setdefault("ms to a scrape", elapsed)
            if b'bambu_up{printer="garage"} 1' in body:
                found["ms to the printer"] = elapsed
    finally:
        process.terminate()
        process.wait()
    return found


def _image() -> dict[str, float]:
    """The size of the image that `make image` built, if it exists."""
    store = PROGRAMS.parent / "image"
    if not shutil.which("buildah") or not (store / "root").exists():
        return {}
    listed = output(
        "buildah", "--storage-driver", "vfs", "--root", store / "root", "--runroot", store / "run", "images",
        "--format", "{{.Name}} {{.Size}}")
    for line in listed.splitlines():
        name, size, unit = line.split()
        if name.endswith("/bambu_exporter"):
            return {"image, MB": float(size) * {"MB": 1, "GB": 1000}[unit]}
    return {}
