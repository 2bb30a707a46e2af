#!/usr/bin/env python3
"""Reads a scrape of another exporter of Bambu Lab printers, and prints which of our metrics replaces each of its metrics.

Usage: curl -s http://localhost:9101/metrics | scripts/migrate.py
       scripts/migrate.py scrape.txt

The script knows the metrics of seven exporters by name (scripts/peers.tsv). It finds any other metric by the printer's field in its
name, or else by similar words, which is a guess: compare both metrics before you rely on it.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
PEERS = Path(__file__).with_name("peers.tsv")
# Metrics of the process itself, which every exporter has.
OF_ITS_OWN = ("go_", "process_", "python_", "promhttp_", "scrape_", "nodejs_")
# Words that name the same thing; the last one of each line is ours.
SAME = {
    word: line.split()[-1]
    for line in """
        temp temper temperatures temperature
        heatbed bed
        extruder hotend nozzle
        remain left eta remaining
        humid humidity
        fans fan
        rssi signal wifi
        online up
        status gcode state
        subtask task job
        errors fail failure error
        lights lamp led light
        lid door
        colour color
        filament slot spool tray
        cam camera
        fps frames
    """.strip().splitlines()
    for word in line.split()
}
# Words that do not distinguish metrics.
EMPTY = set(
    """bambu bambulab bambulabs lab printer print metric total info current value gauge is on of the in
    celsius percent minutes minute seconds""".split()
)


@dataclass(frozen=True)
class Answer:
    ours: str
    how: str
    note: str = ""


def snake(name: str) -> str:
    """`trayColor` as `tray_color`."""
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def words(name: str) -> list[str]:
    # "total layers" and "layers total" are the number of layers.
    split = re.sub(r"layers?_total|total_layers?", "layers", snake(name))
    return [SAME.get(word, word) for word in re.split(r"[^a-z]+", split) if word]


def rows() -> list[tuple[list[str], str, str]]:
    """Fields, our metrics and the note of each line of the table in docs/migration.md."""
    table = (DOCS / "migration.md").read_text().split("| subject | field of the report | metric here | note |\n", 1)[1]
    found = []
    for line in table.splitlines()[1:]:
        if not line.startswith("| "):
            break
        _, keys, ours, note = (cell.strip() for cell in line.strip("|").split(" | "))
        found.append((re.findall(r"`([^`]+)`", keys), ours, note.rstrip(" |")))
    return found


def catalogue() -> dict[str, str]:
    """Our metrics and their meaning, from docs/metrics.md."""
    lines = re.findall(r"^\| `(bambu_\w+)` \|.*\| ([^|]+) \|$", (DOCS / "metrics.md").read_text(), re.M)
    return {name: meaning for name, meaning in lines if not name.startswith("bambu_exporter_")}


def notes() -> dict[str, str]:
    """The note on each of our metrics."""
    return {name: note for _, ours, note in rows() for name in re.findall(r"`(bambu_\w+)", ours)}


def by_key() -> dict[str, Answer]:
    """Our metric for each field of a report."""
    found = {}
    remarks = notes()
    for name, meaning in catalogue().items():
        for keys in re.findall(r"\(MQTT ([^)]*)\)", meaning):
            for key in re.findall(r"[a-z][a-z0-9_.]*_[a-z0-9_]+", keys):
                found.setdefault(key, Answer(f"`{name}`", f"`{key}`", remarks.get(name, "")))
    for keys, ours, note in rows():
        for key in keys:
            # A single word may be part of any name; leave it to the search by words.
            if "_" in key and key not in found:
                found[key] = Answer(ours, f"`{key}`", note)
    return found


class Guess:
    """Finds our metric that shares the rarest words with a name."""

    def __init__(self) -> None:
        self.ours = {name: set(words(name)) - EMPTY for name in catalogue()}
        self.counts = Counter(word for name in self.ours.values() for word in name)

    def weight(self, of: set[str]) -> float:
        return sum(math.log(1 + len(self.ours) / self.counts[word]) for word in of if self.counts[word])

    def find(self, name: str) -> str | None:
        asked = set(words(name)) - EMPTY
        known = {word for word in asked if self.counts[word]}
        # If most words of a name are unknown, the known ones mean something else.
        if not known or len(known) * 2 < len(asked):
            return None

        def score(ours: str) -> tuple[float, int]:
            shared = self.ours[ours] & asked
            return self.weight(shared) - self.weight(self.ours[ours] ^ asked) / 2, -len(ours)

        best = max(self.ours, key=score)
        return best if score(best)[0] > 0 else None


def names(scrape: str) -> list[str]:
    """The metric families of a scrape, in order."""
    found: dict[str, None] = {}
    for line in scrape.splitlines():
        if name := re.match(r"(?:# (?:TYPE|HELP) )?([a-zA-Z_:][a-zA-Z0-9_:]*)", line):
            found.setdefault(re.sub(r"_(bucket|created)$", "", name[1]))
    return [name for name in found if not name.startswith(OF_ITS_OWN)]


def peers() -> dict[str, dict[str, Answer]]:
    """The metrics of known exporters: exporter, its metric, and our answer."""
    found: dict[str, dict[str, Answer]] = {}
    for line in PEERS.read_text().splitlines():
        if not line.startswith("#"):
            exporter, name, ours, note = line.split("\t")
            found.setdefault(exporter, {})[name] = Answer(ours, f"{exporter}'s own name", note)
    return found


def peer(known: dict[str, dict[str, Answer]], scrape: str) -> str | None:
    """The exporter that wrote the scrape: the one with most of the names; None if no name is known.

    If exporters share names, their labels decide.
    """
    present = names(scrape)
    counts = {exporter: sum(name in metrics for name in present) for exporter, metrics in known.items()}
    labels = set(re.findall(r"[{,]([a-z_]+)=\"", scrape))
    marks = {"evanofslack": "device", "TheBlackBush": "printer_name", "bambuddy": "printer_id"}
    best = max(counts, key=lambda exporter: (counts[exporter], marks.get(exporter) in labels))
    return best if counts[best] else None


def answers(scrape: str) -> dict[str, Answer | None]:
    known = peers()
    exact = known.get(peer(known, scrape) or "", {})
    keys, guess, remarks = by_key(), Guess(), notes()
    found: dict[str, Answer | None] = {}
    for name in names(scrape):
        if answer := exact.get(name) or exact.get(re.sub(r"_total$", "", name)):
            found[name] = answer
            continue
        inside = [key for key in keys if re.search(rf"(^|_){re.escape(key)}(_|$)", snake(name))]
        if inside:
            found[name] = keys[max(inside, key=len)]
        elif ours := guess.find(name):
            found[name] = Answer(f"`{ours}`", "similar words: compare both", remarks.get(ours, ""))
        else:
            found[name] = None
    return found


def main() -> int:
    scrape = Path(sys.argv[1]).read_text() if len(sys.argv) > 1 else sys.stdin.read()
    found = answers(scrape)
    if not found:
        print("The input has no metrics. Is it the text from /metrics of the old exporter?", file=sys.stderr)
        return 1
    exporter = peer(peers(), scrape)
    if exporter:
        print(f"These are metrics of the exporter by {exporter}.", file=sys.stderr)
    if exporter == "goozoon":
        print("WARNING: ten of its metrics have the same names as ours but another meaning. Read the warning in docs/migration.md first.",
              file=sys.stderr)
    print("| old metric | new metric | found by | note |\n|---|---|---|---|")
    for name, answer in found.items():
        if answer:
            print(f"| `{name}` | {answer.ours} | {answer.how} | {answer.note} |")
        else:
            print(f"| `{name}` | | nothing; look up its subject in docs/migration.md | |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
