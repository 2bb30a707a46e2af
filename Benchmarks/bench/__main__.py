"""Measures this program and others in one run, and prints tables of ratios.

    make bench                 everything, about 25 minutes
    make bench ONLY="ingest render"

Figures are medians of rounds that alternate between the contestants. What is printed also goes to .build/bench/tables.md.
"""

from __future__ import annotations

import datetime
import importlib
import sys
import time

from machine import PROGRAMS, WORK, describe, output

_ALL = ["ingest", "message", "render", "scrape", "thousand", "start", "cameras", "growth", "instructions", "clients"]


def main() -> None:
    wanted = sys.argv[1:] or _ALL
    if unknown := set(wanted) - set(_ALL):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(_ALL)}.")
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / "tables.md", "w") as file:
        def tell(text: str) -> None:
            print(text, flush=True)
            file.write(text + "\n")

        tell(f"Measured on {datetime.date.today()}, {describe()}.\n")
        for name in wanted:
            print(f"... {name}", file=sys.stderr, flush=True)
            start = time.monotonic()
            if name == "cameras":
                tell("### Cameras\n\n```\n" + output(PROGRAMS / "bambu_benchmark", "look") + "```\n")
            else:
                tell(importlib.import_module(name).run())
            print(f"... {name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
