"""Measures the cost of a sample if every value has changed, compared with copying the finished bytes."""

from __future__ import annotations

import reports
from machine import PROGRAMS, output
from table import goal, median_of, table


def run(rounds: int = 5) -> str:
    files = reports.write()
    rows = []
    worst = 0.0
    for name in [name for name in files if name.startswith("full")]:
        def measure(name: str = name) -> dict[str, float]:
            values = [float(word) for word in output(PROGRAMS / "bambu_benchmark", "render", files[name]).split()]
            return dict(zip(["samples", "bytes", "render", "assemble", "copy"], values))

        found = median_of(rounds, {"this": measure})["this"]
        worst = max(worst, found["render"])
        rows.append([name, found["samples"], found["render"], found["assemble"], found["copy"],
                     (found["render"] + found["assemble"]) / found["copy"]])
    text = table(
        "Rendering 50 printers of which everything changed, ns a sample",
        ["report", "samples", "render", "put together", "copy of the bytes", "times the copy"], rows)
    return text + "\n" + goal("at most 70 ns a sample to render", worst <= 70, f"{worst:.0f} ns at most") + "\n"
