"""Measures the cost of reading a report, and the cost of parsing it as JSON with other libraries."""

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

    others = reports.scrambled(files)

    def alternating() -> dict[str, float]:
        """Each report, followed by one in which every AMS unit and tray differs."""
        return {file.name: float(output(benchmark, "ingest", "alternating", file, others[name]).split()[2])
                for name, file in files.items()}

    found = median_of(rounds, {
        "this, merged into state": timed(benchmark, "ingest", "this"),
        "this, one digit differs": timed(benchmark, "ingest", "one-digit"),
        "this, everything differs": alternating,
        "JSONDecoder, 30 fields": timed(benchmark, "ingest", "JSONDecoder"),
        "JSONSerialization": timed(benchmark, "ingest", "JSONSerialization"),
        "Go encoding/json, 30 fields": timed(WORK / "ingest", "typed"),
        "Go encoding/json, maps": timed(WORK / "ingest", "maps"),
        "Python json": timed(PYTHON, ROOT / "Benchmarks/peers/ingest.py", "json"),
        "orjson": timed(PYTHON, ROOT / "Benchmarks/peers/ingest.py", "orjson"),
        "yyjson, parse only": timed(PYTHON, ROOT / "Benchmarks/peers/ingest.py", "yyjson"),
        "simdjson DOM, parse only": timed(WORK / "simdjson"),
    })
    sizes = {name: file.stat().st_size for name, file in files.items()}
    rows = [[f"{name} ({size} B)"] + [found[way][files[name].name] / 1000 for way in found]
            for name, size in sizes.items()]
    text = table("Reading a report, µs of processor time", ["report", *found], rows)
    goals = {"this, everything differs": ("yyjson, parse only", 1.5), "this, one digit differs": ("yyjson, parse only", 1)}
    partial = {"this, merged into state": ("orjson", 1)}
    for name, file in files.items():
        for way, (other, most) in (goals if name.startswith("full") else partial).items():
            ratio = found[way][file.name] / found[other][file.name]
            text += "\n" + goal(f"{name}, {way}: at most {most} times {other}", ratio <= most, f"{ratio:.2f} times")
    return text + "\n"
