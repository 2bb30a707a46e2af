"""Measures how cost grows: processor time, memory and the time of a scrape against the number of printers."""

from __future__ import annotations

from chart import chart
from fleet import Exporter, Fleet, load
from machine import ROOT
from table import table
from thousand import full_report

_COUNTS = [1, 100, 250, 500, 750, 1000]


def run(seconds: float = 10) -> str:
    rows = []
    for count in _COUNTS:
        with Fleet(f"--count={count}", f"--play={full_report()}", "--loop") as fleet:
            with Exporter(fleet.configuration) as exporter:
                exporter.until_up(count)
                found = load(seconds, exporter)
        rows.append({"printers": count, **found})
    for across, key, name, title, unit in [
        ("printers", "% of a core", "growth-cpu", "Processor time, a full report of 12 kB a second each", "% of a core"),
        ("printers", "MB", "growth-memory", "Resident memory", "MB"),
        ("series", "scrape p50 ms", "growth-scrape", "A scrape with gzip, everything changed since the last", "ms, median"),
    ]:
        points = [(row[across], row[key]) for row in rows]
        (ROOT / f"docs/images/{name}.svg").write_text(chart(title, across, unit, points))
    return table("Cost as work grows", list(rows[0]), [list(row.values()) for row in rows])
