"""The committed dashboards, their queries, and the metrics that expressions name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import promql_parser as promql

from stack import ROOT

FOLDER = ROOT / "grafana/dashboards"
CATALOGUE = ROOT / "docs/metrics.md"

# Prometheus creates these itself.
FOREIGN = {"up": set(), "ALERTS": {"alertname", "alertstate", "severity", "printer", "ams", "tray", "slot"},
           "scrape_duration_seconds": set()}


def boards() -> dict[str, dict]:
    return {file.stem: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))}


def panels(board: dict) -> Iterator[dict]:
    for panel in board["panels"]:
        yield panel
        yield from panel.get("panels", [])


def queries(board: dict) -> Iterator[tuple[str, dict]]:
    """Each query of a panel or an annotation, with a name for it."""
    for panel in panels(board):
        for target in panel.get("targets", []):
            yield f"{board['uid']}: {panel['title']}: {target['refId']}", target
    for annotation in board["annotations"]["list"]:
        yield f"{board['uid']}: annotation {annotation['name']}", {"expr": annotation["expr"], "annotation": True}


def fill(expression: str, printer: str = ".+", step: str = "30s", job: str = ".+", instance: str = ".+") -> str:
    """An expression with the variables replaced, as Grafana sends it."""
    for name, value in (("$__rate_interval", "1m"), ("$__interval", step), ("$job", job), ("$instance", instance), ("$printer", printer),
                        ("$price_per_kg", "20"), ("$maintenance_hours", "500"), ("$price_per_kwh", "0.3"),
                        # No smart plug is here: another counter stands in for its own.
                        ("${energy_kwh:raw}", f'process_cpu_seconds_total{{job=~"{job}", instance=~"{instance}"}}')):
        expression = expression.replace(name, value)
    assert "$" not in re.sub(r'"[^"]*"', "", expression), expression
    return expression


def nodes(expression: object, ranges: bool = True) -> Iterator[object]:
    """All parts of a parsed expression, with or without those in ranges."""
    yield expression
    if isinstance(expression, promql.MatrixSelector) and not ranges:
        return
    for name in ("expr", "lhs", "rhs", "param", "vector_selector"):
        part = getattr(expression, name, None)
        if isinstance(part, promql.Expr) or hasattr(part, "prettify"):
            yield from nodes(part, ranges)
    for argument in getattr(expression, "args", None) or []:
        yield from nodes(argument, ranges)


def selectors(expression: str) -> list[promql.VectorSelector]:
    return [n for n in nodes(promql.parse(expression)) if isinstance(n, promql.VectorSelector)]


def metric_names(selector: promql.VectorSelector) -> list[str]:
    if selector.name:
        return [selector.name]
    return [name for m in selector.matchers.matchers if m.name == "__name__" for name in m.value.split("|")]


def catalogue() -> dict[str, set[str]]:
    """Every metric of docs/metrics.md with its labels and those of the scrape."""
    found: dict[str, set[str]] = {}
    part = ""
    for line in CATALOGUE.read_text().splitlines():
        if line.startswith("## "):
            part = line[3:]
        if row := re.match(r"\| `(\w+)` \| \w+ \| (.*?) \|", line):
            labels = set(re.findall(r"`(\w+)`", row[2]))
            found[row[1]] = labels | {"job", "instance", "__name__"} | ({"printer"} if part.startswith("Printers") else set())
    return found
