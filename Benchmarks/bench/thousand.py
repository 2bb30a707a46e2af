"""A thousand printers over TLS, each with a full report of 11 kB a second."""

from __future__ import annotations

from fleet import Exporter, Fleet, load
from machine import WORK
from table import goal, table


def report_of_11_kilobytes() -> str:
    import reports

    path = WORK / "report-11k.json"
    text = reports.write()["full, X1C, four AMS"].read_text()
    path.write_text(text)
    return str(path)


def run(count: int = 1000, seconds: float = 25) -> str:
    with Fleet(f"--count={count}", f"--play={report_of_11_kilobytes()}", "--loop") as fleet:
        with Exporter(fleet.configuration) as exporter:
            exporter.until_up(count)
            found = load(seconds, exporter)
    text = table(f"{count} printers over TLS, a full report a second each", list(found), [list(found.values())])
    return text + "\n" + "\n".join([
        goal("3 % of a core", found["% of a core"] <= 3, f"{found['% of a core']:.1f} %"),
        goal("80 MB", found["MB"] <= 80, f"{found['MB']:.0f} MB"),
        goal("a scrape below 100 ms at p99", found["scrape p99 ms"] < 100, f"{found['scrape p99 ms']:.0f} ms"),
    ]) + "\n"
