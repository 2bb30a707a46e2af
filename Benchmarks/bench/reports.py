"""The messages to read: those of the test fixtures, one per file."""

from __future__ import annotations

import json
from pathlib import Path

from machine import ROOT, WORK

# Name, fixture, line. Written by hand in the format and size that printers send.
_MESSAGES = [
    ("full, P1P, one AMS", "p1p-printing-spool-removed", 2),
    ("full, X1C, four AMS", "x1c-printing-four-ams-ht", 2),
    ("full, H2D, six AMS", "h2d-printing-six-units", 2),
    ("partial, A1", "a1-printing-lite-runs-out", 3),
    ("partial, X1C", "x1c-printing-four-ams-ht", 3),
]


def write() -> dict[str, Path]:
    """Writes the files; returns them by name, in the order of the tables."""
    folder = WORK / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for index, (name, fixture, line) in enumerate(_MESSAGES):
        text = (ROOT / f"Tests/Fixtures/{fixture}.jsonl").read_text().splitlines()[line]
        assert "print" in json.loads(text)
        files[name] = folder / f"{index}"
        files[name].write_text(text)
    return files


def scrambled(files: dict[str, Path]) -> dict[str, Path]:
    """For each report, another one of the same size with different numbers, colours and tags."""
    found = {}
    for name, file in files.items():
        found[name] = file.with_name(f"{file.name}-scrambled")
        report = json.loads(file.read_text())
        report["print"] = {key: value if key in _KEPT else _other(value) for key, value in report["print"].items()}
        found[name].write_text(json.dumps(report, separators=(",", ":")))
    return found


# Keys that decide the kind of message, and the units and slots.
_KEPT = {"command", "msg", "gcode_state", "print_error", "hms", "sequence_id"}
_NAMES = {"id", "ams_exist_bits", "tray_exist_bits", "info", "state", "snow", "spre", "star", "exist"}


def _other(value):
    if isinstance(value, dict):
        return {key: inner if key in _NAMES else _other(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_other(inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value + 1 if value % 10 < 9 else value - 1
    if isinstance(value, float):
        return value + 0.5
    # The last digit of numbers, colours and tags.
    return value[:-1] + ("1" if value[-1] != "1" else "2") if value[-1:].isdigit() else value
