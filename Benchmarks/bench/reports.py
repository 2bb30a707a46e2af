"""Messages to read: those of the test fixtures, each in a file of its own."""

from __future__ import annotations

import json
from pathlib import Path

from machine import ROOT, WORK

# Name, fixture, line. Written by hand in the shapes and sizes that printers send.
_MESSAGES = [
    ("full, P1P, one AMS", "p1p-printing-spool-removed", 2),
    ("full, X1C, four AMS", "x1c-printing-four-ams-ht", 2),
    ("full, H2D, six AMS", "h2d-printing-six-units", 2),
    ("partial, A1", "a1-printing-lite-runs-out", 3),
    ("partial, X1C", "x1c-printing-four-ams-ht", 3),
]


def write() -> dict[str, Path]:
    """Writes the files; by name, in the order of the tables."""
    folder = WORK / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for index, (name, fixture, line) in enumerate(_MESSAGES):
        text = (ROOT / f"Tests/Fixtures/{fixture}.jsonl").read_text().splitlines()[line]
        assert "print" in json.loads(text)
        files[name] = folder / f"{index}"
        files[name].write_text(text)
    return files
