"""Processes query results as Grafana does before it draws a panel: tables, transformations, mappings, units."""

from __future__ import annotations

import math
import re
import time

Row = dict[str, object]


def table(targets: list[tuple[str, list[dict]]]) -> list[tuple[str, list[Row]]]:
    """Instant results as rows: the labels, and `Value`, with the query's name if there are several queries."""
    value = lambda ref: f"Value #{ref}" if len(targets) > 1 else "Value"
    return [(ref, [{k: v for k, v in s["metric"].items() if k != "__name__"} | {value(ref): float(s["value"][1])} for s in result])
            for ref, result in targets]


def transformed(panel: dict, targets: list[tuple[str, list[dict]]]) -> tuple[list[str], list[Row]]:
    """The columns and rows of a table panel."""
    frames = table(targets)
    for step in panel.get("transformations", []):
        if step["id"] == "configFromData":
            frames = [(ref, frame) for ref, frame in frames if ref != step["options"]["configRefId"]]
    columns, rows = None, [row for _, frame in frames for row in frame]
    for step in panel.get("transformations", []):
        options = step["options"]
        if step["id"] == "joinByField":
            joined: dict[str, Row] = {}
            for _, frame in frames:
                for row in frame:
                    if options["byField"] in row:
                        mine = joined.setdefault(str(row[options["byField"]]), {})
                        for key, value in row.items():
                            mine.setdefault(key, value)
            rows = list(joined.values())
        if step["id"] == "organize":
            hidden = {k for k, v in options["excludeByName"].items() if v}
            order = options["indexByName"]
            if columns is None:
                columns = sorted({k for row in rows for k in row} - hidden | set(order), key=lambda k: (order.get(k, 99), k))
                rows.sort(key=lambda row: str(row.get(columns[0], "")))
            columns = [c for c in columns if c not in hidden]
            names = options["renameByName"]
            rows = [{names.get(c, c): row[c] for c in columns if c in row} for row in rows]
            columns = [names.get(c, c) for c in columns]
        if step["id"] == "sortBy":
            by = options["sort"][0]
            rows.sort(key=lambda row: row.get(by["field"], 0), reverse=by.get("desc", False))
    return columns if columns is not None else sorted({k for row in rows for k in row}), rows


def from_query(panel: dict, targets: list[tuple[str, list[dict]]]) -> dict[str, dict]:
    """Config from query results: the value mappings from one query for a column, by the shown name of the column."""
    made: dict[str, dict] = {}
    names = {k: v for step in panel.get("transformations", []) if step["id"] == "organize" for k, v in step["options"]["renameByName"].items()}
    for step in panel.get("transformations", []):
        if step["id"] == "configFromData":
            options = step["options"]
            by = {m["handlerKey"]: m["fieldName"] for m in options["mappings"]}
            labels = [series["metric"] for ref, result in targets if ref == options["configRefId"] for series in result]
            column = options["applyTo"]["options"]
            made[names.get(column, column)] = {"mappings": [{"type": "value", "options": {
                row[by["mappings.value"]]: {"color": row[by["mappings.color"]]} for row in labels if by["mappings.value"] in row}}]}
    return made


def legend(target: dict, metric: dict) -> str:
    text = target.get("legendFormat", "")
    if text in ("", "__auto"):
        return ", ".join(f"{v}" for k, v in metric.items() if k != "__name__") or "Value"
    return re.sub(r"\{\{(\w+)\}\}", lambda m: metric.get(m[1], ""), text).strip()


def config(panel: dict, name: str = "", ref: str = "") -> dict:
    """The configuration of one field: the panel's defaults, and the overrides for its name or its query."""
    field = panel.get("fieldConfig", {})
    made = dict(field.get("defaults", {}))
    for override in field.get("overrides", []):
        kind, wanted = override["matcher"]["id"], override["matcher"].get("options")
        if (kind == "byName" and wanted == name) or (kind == "byFrameRefID" and wanted == ref):
            for p in override["properties"]:
                if p["id"].startswith("custom."):
                    made["custom"] = made.get("custom", {}) | {p["id"][7:]: p["value"]}
                else:
                    made[p["id"]] = p["value"]
    return made


def mapped(value: object, field: dict) -> tuple[str, str | None] | None:
    """The text for a value, with its colour; `None` if no mapping matches."""
    for mapping in field.get("mappings") or []:
        if mapping["type"] == "value":
            key = f"{value:g}" if isinstance(value, float) else str(value)
            if key in mapping["options"]:
                found = mapping["options"][key]
                return found.get("text") or key, found.get("color")
    return None


def color(value: float, field: dict) -> str:
    fixed = (field.get("color") or {}).get("fixedColor")
    if fixed:
        return fixed
    chosen = "#CCCCDC"
    for step in (field.get("thresholds") or {}).get("steps", []):
        if step.get("value") is None or value >= step["value"]:
            chosen = step["color"]
    return chosen


def number(value: float, decimals: int | None = None) -> str:
    if decimals is None:
        decimals = 0 if value == round(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(value: float, steps: list[tuple[float, str]], decimals: int | None) -> str:
    for factor, name in steps:
        if abs(value) >= factor:
            return f"{number(value / factor, decimals)} {name}"
    return f"{number(value, decimals)} {steps[-1][1]}"


def shown(value: object, field: dict) -> str:
    """A value with its unit, as Grafana shows it."""
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return field.get("noValue", "-")
    unit, decimals = field.get("unit"), field.get("decimals")
    if unit in ("percent", "humidity"):
        return number(value, decimals if decimals is not None else 0 if value == round(value) else 1) + "%"
    if unit == "percentunit":
        return number(value * 100, 1) + "%"
    if unit == "celsius":
        return number(value, decimals if decimals is not None else 0 if abs(value) >= 100 else 1) + " °C"
    if unit == "massg":
        return scaled(value, [(1000, "kg"), (1, "g")], decimals)
    if unit == "bytes":
        return scaled(value, [(2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B")], decimals)
    if unit == "Bps":
        return scaled(value, [(1e6, "MB/s"), (1e3, "kB/s"), (1, "B/s")], decimals)
    if unit == "s":
        return scaled(value, [(86400, "days"), (3600, "hours"), (60, "min"), (1, "s"), (0.001, "ms")], decimals)
    if unit in ("dthms", "dtdhms"):
        days, rest = divmod(int(value), 86400) if unit == "dtdhms" else (0, int(value))
        clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
        return f"{days} d {clock}" if days else clock
    if unit == "dateTimeFromNow":
        ago = time.time() - value / 1000
        return "now" if ago < 60 else scaled(ago, [(86400, "days ago"), (3600, "hours ago"), (60, "min ago")], 0)
    if unit == "time:HH:mm":
        return time.strftime("%H:%M", time.gmtime(value / 1000))
    if unit == "dateTimeAsIso":
        return time.strftime("%Y-%m-%d", time.gmtime(value / 1000))
    return number(value, decimals) + {"dBm": " dBm", "kwatth": " kWh", "reqps": " req/s", "cps": " c/s"}.get(unit, "")
