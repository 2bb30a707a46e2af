"""A Debian booted with systemd, in a container that shares the network of this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "monitoring"))
from stack import eventually  # noqa: E402


class Container:
    def __init__(self, root: Path):
        self.root = root
        self.log = root.with_suffix(".log")
        with open(self.log, "wb") as sink:
            # Do not register with machined, which may not run here. The container boots its own installation, independent of this machine.
            self.process = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe", "--directory", str(root), "--boot"],
                stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                # Boot with normal priority, even if the test runs with a low one.
                preexec_fn=lambda: os.setpriority(os.PRIO_PROCESS, 0, 0))
        self.leader = eventually("the container has a first process", self._leader)
        eventually("systemd has booted", lambda: self.run("systemctl", "is-system-running", check=False)[1] in ("running", "degraded"), 60)

    def _leader(self) -> str | None:
        if self.process.poll() is not None:
            raise AssertionError(f"the container ended:\n{self.log.read_text(errors='replace')}")
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return next((c for c in children if "systemd" in Path(f"/proc/{c}/cmdline").read_text()), None)

    def run(self, *command: str, check: bool = True) -> tuple[int, str]:
        """Runs a command in the container; returns its exit code and its output."""
        done = subprocess.run(
            ["nsenter", "--target", self.leader, "--all", "--", "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
             "DEBIAN_FRONTEND=noninteractive", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}")
        return done.returncode, done.stdout.strip()

    def says(self, *command: str) -> str:
        return self.run(*command)[1]

    def path(self, name: str) -> Path:
        return self.root / name.lstrip("/")

    def stop(self) -> None:
        # nspawn passes it on as a request to power off.
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
