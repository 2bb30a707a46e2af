"""Measures a thousand printers over TLS, each with a full report of 12 kB a second, which is more than real printers send."""

from __future__ import annotations

from fleet import Exporter, Fleet, load
from machine import WORK
from table import goal, table


def full_report() -> str:
    import reports

    path = WORK / "full-report.json"
    text = reports.write()["full, X1C, four AMS"].read_text()
    path.write_text(text)
    return str(path)


def run(count: int = 1000, seconds: float = 15) -> str:
    with Fleet(f"--count={count}", f"--play={full_report()}", "--loop") as fleet:
        with Exporter(fleet.configuration) as exporter:
            exporter.until_up(count)
            found = load(seconds, exporter)
    text = table(f"{count} printers over TLS, a full report of 12 kB a second each, scraped every {seconds:g} s", list(found), [list(found.values())])
    return text + "\n" + "\n".join([
        goal("3 % of a core", found["% of a core"] <= 3, f"{found['% of a core']:.1f} %"),
        goal("80 MB", found["MB"] <= 80, f"{found['MB']:.0f} MB"),
        goal("a scrape below 100 ms at p99", found["scrape p99 ms"] < 100, f"{found['scrape p99 ms']:.0f} ms"),
    ]) + "\n"
