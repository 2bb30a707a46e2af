"""Compares an exporter for arm64 under emulation with one for this machine: both read the same simulated printers and must export
the same series.

Usage: arm64_test.py ROOT PROGRAM; scripts/arm64.sh makes both.
"""

from __future__ import annotations

import re
import signal
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "monitoring"))
from stack import PROGRAMS, Server, eventually, get, run  # noqa: E402

PRINTERS = ["--printer=X1C:ams,ams@studio", "--printer=P1S:ams@garage", "--printer=A1 mini:ams_lite@desk",
            "--account-printer=P2S:ams_2_pro@attic"]
# Series that differ between processes, because they depend on when a process scraped, counted or polled the account.
OF_ITS_OWN = re.compile(r"^(process_|bambu_exporter_|bambu_camera_|bambu_cloud_|bambu_.*_(timestamp_seconds|total|seconds_(sum|count|bucket))\b)")


def step(what: str) -> None:
    print(f"  {what}", flush=True)


class Exporter:
    def __init__(self, name: str, folder: Path, *command: object):
        self.server = Server(*command, f"--config.file={folder / 'config.json5'}", "--web.listen-address=127.0.0.1:0",
                             log=folder / f"{name}.log")
        self.server.says('msg="Listening"')
        self.url = "http://" + re.search(r'msg="Listening" address=(\S+)', self.server.log.read_text())[1]

    def samples(self) -> dict[str, float]:
        lines = [line for line in get(f"{self.url}/metrics").splitlines() if not line.startswith("#")]
        return {series: float(value) for series, value in (line.rsplit(" ", 1) for line in lines)}

    def sees(self, *names: str) -> bool:
        samples = self.samples()
        return all(any(series.startswith(name) and value > 0 for series, value in samples.items()) for name in names)


def series(samples: dict[str, float]) -> set[str]:
    return {s for s in samples if not OF_ITS_OWN.match(s)}


def compare(native: Exporter, emulated: Exporter) -> None:
    def alike() -> bool:
        ours, theirs = native.samples(), emulated.samples()
        if series(ours) != series(theirs):
            return False
        return all(abs(ours[s] - theirs[s]) <= max(2, abs(ours[s]) * 0.05) for s in series(ours))

    try:
        eventually("both see the same", alike, 60)
    except AssertionError:
        ours, theirs = native.samples(), emulated.samples()
        for name in sorted(series(ours) ^ series(theirs)):
            print(f"only {'native' if name in ours else 'arm64'}: {name}", file=sys.stderr)
        for name in sorted(series(ours) & series(theirs)):
            if abs(ours[name] - theirs[name]) > 2:
                print(f"{name}: native {ours[name]}, arm64 {theirs[name]}", file=sys.stderr)
        raise
    step(f"{len(series(native.samples()))} series of four printers, over TLS and through an account, are the same as those of the exporter for this machine")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    root, program = Path(sys.argv[1]), Path(sys.argv[2])
    arm64 = ["qemu-aarch64-static", "-L", root, program]
    begin = time.monotonic()
    running: list[Server] = []
    with tempfile.TemporaryDirectory(prefix="bambu") as name:
        folder = Path(name)
        try:
            kind = run("readelf", "--file-header", program).stdout
            assert "AArch64" in kind, kind
            step(f"{run(*arm64, '--version').stdout.strip()}: {program.stat().st_size / 1e6:.0f} MB, stripped")

            simulator = Server(PROGRAMS / "bambu_simulator", "--port=0", f"--directory={folder / 'printers'}",
                               f"--config-out={folder / 'config.json5'}", *PRINTERS, log=folder / "simulator.log")
            running.append(simulator)
            simulator.says("\nready")
            native = Exporter("native", folder, PROGRAMS / "bambu_exporter")
            running.append(native.server)
            emulated = Exporter("arm64", folder, *arm64)
            running.append(emulated.server)
            for exporter in (native, emulated):
                exporter.server.until("every printer reports", lambda: sum(
                    value for s, value in exporter.samples().items() if s.startswith("bambu_up{")) == 4, 60)
            compare(native, emulated)

            # A JPEG camera serves one viewer at a time.
            native.server.stop()
            emulated.server.until("pictures are counted", lambda: emulated.sees(
                'bambu_camera_frames_per_second{printer="studio"', 'bambu_camera_frames_per_second{printer="garage"'), 60)
            step("pictures are counted, of RTSP and of JPEG over TLS")

            request = urllib.request.Request(f"{emulated.url}/metrics", headers={
                "Accept": "application/openmetrics-text; version=1.0.0", "Accept-Encoding": "gzip"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.headers["Content-Encoding"] == "gzip" and "openmetrics" in answer.headers["Content-Type"], answer.headers
            assert "studio" in get(f"{emulated.url}/")
            step("it serves OpenMetrics through gzip, and its page")

            emulated.server.process.send_signal(signal.SIGHUP)
            emulated.server.says("Configuration reloaded")
            emulated.server.process.send_signal(signal.SIGTERM)
            assert emulated.server.process.wait(20) == 0
            log = emulated.server.log.read_text()
            assert "level=error" not in log, log
            step("it reloads on SIGHUP, and ends on SIGTERM without an error in its log")
        finally:
            for server in reversed(running):
                server.stop()
    print(f"arm64 under emulation tested in {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
