"""Counts instructions with valgrind, independent of other load on the machine: for a full report, and for the samples of a printer."""

from __future__ import annotations

import re
import subprocess

import reports
from machine import PROGRAMS, PYTHON, ROOT, WORK
from table import table

_FEW, _MANY = 50, 250


def run() -> str:
    path = reports.write()["full, X1C, four AMS"]
    # valgrind 3.19 cannot read the debug information of Swift.
    benchmark = WORK / "bambu_benchmark"
    subprocess.run(["strip", "-g", "-o", benchmark, PROGRAMS / "bambu_benchmark"], check=True)
    counted = {
        "this, merged into state": _each(benchmark, "repeat", "this", path),
        "this, one digit differs": _each(benchmark, "repeat", "one-digit", path),
        "JSONDecoder, 30 fields": _each(benchmark, "repeat", "JSONDecoder", path),
        "JSONSerialization": _each(benchmark, "repeat", "JSONSerialization", path),
        "Python json": _each(PYTHON, ROOT / "Benchmarks/peers/ingest.py", "--repeat", path),
        "this, a printer's samples rendered": _each(benchmark, "repeat", "render", path),
    }
    first = counted["this, one digit differs"]
    return table("Instructions for one X1C with four AMS", ["", "instructions", "times the second row"],
                 [[name, count, count / first] for name, count in counted.items()])


def _each(*command: object) -> float:
    """The cost of one run: the difference between many runs and few, so that the start is not counted."""
    few, many = (_count(*command, runs) for runs in (_FEW, _MANY))
    return (many - few) / (_MANY - _FEW)


def _count(*command: object) -> int:
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
        capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))
