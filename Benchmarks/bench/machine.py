"""Processor time and memory of processes, and other functions that all benchmarks need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".build/bench"
PROGRAMS = Path(os.environ.get("PROGRAMS", ROOT / ".build/release"))
PYTHON = sys.executable

# Servers on free ports, shared with the tests of rules and dashboards.
sys.path.insert(0, str(ROOT / "Tests/monitoring"))
from stack import Server, answers, free_port, get  # noqa: E402, F401

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def output(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def describe() -> str:
    """A description of the machine in one line."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "unknown processor")
    return f"{os.cpu_count()} cores of {model}, Linux {os.uname().release}"
