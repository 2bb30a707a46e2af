"""The exporter under test: its configuration, its clock, and the disk for its certificates."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from base import PROGRAMS, Server, answers, free_port, get, run

STALE_AFTER = 20


class Subject:
    def __init__(self, folder: Path, entries: list[dict], has_small_disk: bool):
        self.folder = folder
        self.configuration = folder / "config.json5"
        self.state = folder / "state"
        self.state.mkdir()
        self.has_small_disk = has_small_disk
        if has_small_disk:
            run("mount", "-t", "tmpfs", "-o", "size=96k", "soak", self.state)
        self.configure(entries)
        self.offset = folder / "clock"
        self.step_clock(0)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "exporter.log"
        library = folder / "clock.so"
        run("clang", "-shared", "-fPIC", "-O2", "-o", library, Path(__file__).with_name("clock.c"))
        self.server = Server(
            "env", f"LD_PRELOAD={library}", f"CLOCK_OFFSET={self.offset}",
            PROGRAMS / "bambu_exporter", f"--config.file={self.configuration}",
            f"--web.listen-address=127.0.0.1:{port}", log=self.log)
        self.pid = self.server.process.pid
        self.server.until("the exporter answers", lambda: answers(f"{self.url}/-/healthy"))

    def configure(self, entries: list[dict], file: Path | None = None) -> None:
        text = {"printers": entries, "telemetry": {"stale_after": f"{STALE_AFTER}s"}, "state_dir": str(self.state)}
        path = file or self.configuration
        path.with_suffix(".new").write_text(json.dumps(text, indent=1))
        path.with_suffix(".new").rename(path)

    def reload(self, entries: list[dict]) -> None:
        """Reloads, and returns when the new configuration is in use."""
        before = self.says_times("Configuration reloaded")
        self.configure(entries)
        os.kill(self.pid, signal.SIGHUP)
        self.server.until("it has reloaded", lambda: self.says_times("Configuration reloaded") > before)

    def says_times(self, text: str) -> int:
        return self.log.read_text(errors="replace").count(text)

    def warnings(self, name: str) -> int:
        """The number of warnings in the log that a printer is down."""
        lines = self.log.read_text(errors="replace").splitlines()
        return sum(" level=warn " in line and f"Printer is down\" printer={name} " in line for line in lines)

    def step_clock(self, seconds: int) -> None:
        # Write in place, because the file is mapped.
        with open(self.offset, "r+b" if self.offset.exists() else "w+b") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))

    def fill_disk(self) -> None:
        with open(self.state / "filler", "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                pass

    def free_disk(self) -> None:
        (self.state / "filler").unlink(missing_ok=True)

    def known(self) -> Iterable[str]:
        """The serial numbers whose certificates are on the disk."""
        file = self.state / "known-certificates"
        lines = file.read_text().splitlines() if file.exists() else []
        return {line.split()[0] for line in lines if not line.startswith("#")}

    def forget(self, name: str) -> None:
        run(PROGRAMS / "bambu_exporter", "forget", name, f"--config.file={self.configuration}")

    def probe(self, name: str) -> str:
        return get(f"{self.url}/probe?target={name}")

    def stop(self) -> int:
        """Ends the exporter and returns its exit code."""
        self.server.stop()
        if self.has_small_disk:
            # The simulators do not use the disk, and the exporter has ended.
            for _ in range(20):
                if run("umount", self.state, check=False).returncode == 0:
                    break
                time.sleep(0.2)
        return self.server.process.returncode
