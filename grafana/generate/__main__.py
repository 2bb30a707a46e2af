"""Writes grafana/dashboards: python3 grafana/generate [--check]"""

import json
import sys

import ams
import exporter
import fleet
import printer
import usage
from parts import ROOT

FOLDER = ROOT / "grafana/dashboards"


def made() -> dict[str, str]:
    boards = (module.build() for module in (fleet, printer, ams, usage, exporter))
    return {f"{board['uid']}.json": json.dumps(board, indent=1, ensure_ascii=False) + "\n" for board in boards}


def main() -> int:
    stale = 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in made().items():
        file = FOLDER / name
        if file.exists() and file.read_text() == text:
            continue
        stale += 1
        if "--check" in sys.argv:
            print(f"{name} is stale: make dashboards")
        else:
            file.write_text(text)
            print(f"{name} written")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
