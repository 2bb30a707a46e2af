"""Tables for the terminal, which are also Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence


def median_of(rounds: int, contestants: dict[str, Callable[[], dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Lets the contestants measure in turn, round by round, so that other load on the machine affects all of them.

    Returns the median of each of their figures.
    """
    found: dict[str, list[dict[str, float]]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            found[name].append(measure())
    return {
        name: {key: statistics.median(each[key] for each in all_rounds) for key in all_rounds[0]}
        for name, all_rounds in found.items()
    }


def number(value: float | None) -> str:
    """Formats with three significant digits; as an integer from 100 on."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Formats title, columns and rows; numbers are right-aligned."""
    cells = [list(columns)] + [[c if isinstance(c, str) else number(c) for c in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    isText = [all(isinstance(row[i], str) for row in rows) for i in range(len(columns))]

    def line(row: Sequence[str]) -> str:
        return "| " + " | ".join(
            text.ljust(width) if left else text.rjust(width) for text, width, left in zip(row, widths, isText)) + " |"

    rule = "|" + "|".join("-" * (w + 1) + ("-" if left else ":") for w, left in zip(widths, isText)) + "|"
    return "\n".join([f"### {title}", "", line(cells[0]), rule, *map(line, cells[1:])]) + "\n"


def goal(text: str, isMet: bool, found: str) -> str:
    return f"{'met' if isMet else 'NOT MET'}: {text}; found {found}"
