"""What it costs to take a report in, beside what it costs others to read it as JSON."""

from __future__ import annotations

import reports
from machine import PROGRAMS, PYTHON, ROOT, WORK, output
from table import goal, median_of, table


def run(rounds: int = 5) -> str:
    files = reports.write()
    benchmark = PROGRAMS / "bambu_benchmark"

    def timed(*command: object):
        def measure() -> dict[str, float]:
            lines = output(*command, *files.values()).split("\n")
            return {line.split()[0]: float(line.split()[2]) for line in lines if line}

        return measure

    found = median_of(rounds, {
        "this, merged into state": timed(benchmark, "ingest", "this"),
        "this, every report another": timed(benchmark, "ingest", "changing"),
        "JSONDecoder, 30 fields": timed(benchmark, "ingest", "JSONDecoder"),
        "JSONSerialization": timed(benchmark, "ingest", "JSONSerialization"),
        "Go encoding/json, 30 fields": timed(WORK / "ingest", "typed"),
        "Go encoding/json, maps": timed(WORK / "ingest", "maps"),
        "Python json": timed(PYTHON, ROOT / "Benchmarks/peers/ingest.py"),
    })
    sizes = {name: file.stat().st_size for name, file in files.items()}
    rows = [[f"{name} ({size} B)"] + [found[way][files[name].name] / 1000 for way in found]
            for name, size in sizes.items()]
    text = table("Reading a report, µs of processor time", ["report", *found], rows)
    for name in [name for name in files if name.startswith("full")]:
        each = {way: figures[files[name].name] for way, figures in found.items()}
        others = min(value for way, value in each.items() if not way.startswith("this"))
        for way in [way for way in each if way.startswith("this")]:
            speed = sizes[name] / each[way]
            text += "\n" + goal(
                f"{name}, {way}: 8 times the fastest other and 1 GB/s", others / each[way] >= 8 and speed >= 1,
                f"{others / each[way]:.1f} times and {speed:.2f} GB/s")
    return text + "\n"
