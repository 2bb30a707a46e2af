"""Draws a dashboard's JSON with real query results as a page. Queries, units, texts, thresholds and layout are those of the
dashboard; Grafana's own drawing looks different."""

from __future__ import annotations

import html
import itertools
import json
from collections.abc import Callable

from frames import color, config, from_query, legend, mapped, shown, transformed

CELL, GAP, WIDTH = 30, 8, 1240
COLUMN = (WIDTH - GAP) / 24
PALETTE = ["#73BF69", "#F2CC0C", "#8AB8FF", "#FF780A", "#F2495C", "#5794F2", "#B877D9", "#96D98D", "#FFB357", "#C0D8FF",
           "#E0B400", "#CA95E5", "#FA6400", "#37872D", "#1F60C4"]
STYLE = """
body { margin: 0; background: #111217; color: #ccccdc; font: 13px/1.35 'DejaVu Sans', sans-serif; width: 1240px; position: relative }
.head { height: 44px; padding: 0 14px; display: flex; align-items: center; gap: 18px; font-size: 15px }
.head span { color: #8e8e99; font-size: 12px } .head i { margin-left: auto; font-style: normal; color: #8e8e99; font-size: 11px }
.panel { position: absolute; background: #181b1f; border: 1px solid #25272c; border-radius: 3px; overflow: hidden }
.panel > b { display: block; padding: 6px 10px 2px; font-size: 12.5px; font-weight: 600; white-space: nowrap }
.body { position: absolute; inset: 27px 8px 8px }
.row { position: absolute; padding: 6px 10px; font-size: 14px; font-weight: 600 }
.stats { display: flex; gap: 6px; height: 100%; flex-wrap: wrap }
.stat { flex: 1 1 auto; min-width: 64px; display: flex; flex-direction: column; justify-content: center; align-items: center; border-radius: 3px;
  font-weight: 600; text-align: center } .stat small { font-weight: 400; font-size: 11px; opacity: .85 }
table { width: 100%; border-collapse: collapse; font-size: 12px } th { text-align: left; color: #6e9fff; font-weight: 600; padding: 3px 8px }
td { padding: 3.2px 8px; border-top: 1px solid #25272c; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 330px }
.pill { display: inline-block; padding: 1px 8px; border-radius: 8px; font-size: 11px }
.gauge { display: flex; align-items: center; gap: 8px } .gauge i { display: block; height: 12px; border-radius: 2px } .gauge u { flex: 1; background: #25272c;
  height: 12px; border-radius: 2px; text-decoration: none; overflow: hidden }
.bar { display: grid; grid-template-columns: 250px 1fr 86px; gap: 8px; align-items: center; font-size: 12px } .bar span { text-align: right; overflow: hidden;
  white-space: nowrap; text-overflow: ellipsis } .bar u { background: #25272c; height: 72%; text-decoration: none; border-radius: 2px; overflow: hidden }
.bar i { display: block; height: 100%; border-radius: 2px; box-shadow: inset 0 0 0 1px rgba(255,255,255,.25) }
.empty { display: flex; height: 100%; align-items: center; justify-content: center; color: #8e8e99 }
.line { display: grid; grid-template-columns: 130px 1fr; align-items: center; gap: 8px; font-size: 12px } .line span { text-align: right; overflow: hidden;
  white-space: nowrap; text-overflow: ellipsis } .track { position: relative; height: 84% } .track i { position: absolute; top: 0; bottom: 0; font-style: normal;
  font-size: 11px; overflow: hidden; white-space: nowrap; display: flex; align-items: center; padding-left: 4px; box-sizing: border-box; color: #fff }
.key { font-size: 11px; color: #ccccdc; display: flex; gap: 12px; flex-wrap: wrap } .key i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 4px }
"""


def esc(text: object) -> str:
    return html.escape(str(text))


def ink(background: str) -> str:
    """Black or white, whichever is readable on the colour."""
    if not background.startswith("#"):
        return "#ccccdc"
    r, g, b = (int(background[i:i + 2], 16) for i in (1, 3, 5))
    return "#111217" if 0.299 * r + 0.587 * g + 0.114 * b > 140 else "#ffffff"


def nothing(panel: dict) -> str:
    return f'<div class="empty">{esc(panel["fieldConfig"]["defaults"].get("noValue", "No data"))}</div>'


def stat(panel: dict, results: list[tuple[dict, list[dict]]]) -> str:
    cells = []
    count = sum(len(r) for _, r in results)
    several = count > 1
    room = panel["gridPos"]["w"] * COLUMN / max(1, count)
    size = 27 if not several else 24 if room > 110 and panel["gridPos"]["h"] > 4 else 17
    for target, result in results:
        for series in result:
            value, name = float(series["value"][1]), legend(target, series["metric"])
            field = config(panel, name, target["refId"])
            words = mapped(value, field)
            text, tint = words if words and words[0] else (shown(value, field), None)
            tint = tint or color(value, field)
            if panel["options"].get("textMode") == "name":
                text, name = name, ""
            style = f"background:{tint};color:{ink(tint)}" if panel["options"]["colorMode"] == "background" else f"color:{tint}"
            if panel["options"]["colorMode"] != "background" and tint == "#6E7178":
                style = "color:#9fa3ad"
            small = f"<small>{esc(name)}</small>" if several and name else ""
            cells.append(f'<div class="stat" style="{style};font-size:{size}px">{small}{esc(text)}</div>')
    return f'<div class="stats">{"".join(cells)}</div>' if cells else nothing(panel)


def cell(value: object, field: dict) -> str:
    words = mapped(value, field)
    text, tint = words if words else (shown(value, field), None)
    kind = field.get("custom", {}).get("cellOptions", {}).get("type")
    if kind == "gauge" and isinstance(value, float) and not words:
        share = max(0.0, min(100.0, 100 * value / field.get("max", 100)))
        tint = color(value, field)
        return f'<div class="gauge"><u><i style="width:{share:.0f}%;background:{tint}"></i></u>{esc(text)}</div>'
    if kind == "color-background" and tint:
        return f'<span class="pill" style="background:{tint};color:{ink(tint)};border:1px solid #444">{esc(text)}</span>'
    if kind == "color-text":
        tint = tint or (color(value, field) if isinstance(value, float) else (field.get("color") or {}).get("fixedColor"))
    if field.get("links"):
        tint = tint or "#6e9fff"
    return f'<span style="color:{tint}">{esc(text)}</span>' if tint else esc(text)


def rows(panel: dict, results) -> str:
    targets = [(t["refId"], r) for t, r in results]
    columns, body = transformed(panel, targets)
    queried = from_query(panel, targets)
    if not body:
        return nothing(panel)
    out = ["<table><tr>" + "".join(f"<th>{esc(c)}</th>" for c in columns) + "</tr>"]
    for row in body:
        cells = []
        for name in columns:
            field = config(panel, name) | queried.get(name, {})
            absent = f'<span style="color:#6e7178">{esc(field.get("noValue", "-"))}</span>'
            width = field.get("custom", {}).get("width")
            style = f' style="width:{width * 0.8:.0f}px"' if width else ""
            cells.append(f"<td{style}>{cell(row[name], field) if row.get(name) not in (None, '') else absent}</td>")
        out.append("<tr>" + "".join(cells) + "</tr>")
    return "".join(out) + "</table>"


def bars(panel: dict, results, height: float) -> str:
    found = [(s["metric"], float(s["value"][1])) for _, r in results for s in r]
    if not found:
        return nothing(panel)
    field = config(panel)
    each = min(34.0, height / len(found))
    out = []
    for metric, value in found:
        words = mapped(value, field)
        text = words[0] if words else shown(value, field)
        tint = metric.get("color", "#5794F2")
        dim = "color:#8e8e99" if words else ""
        out.append(f'<div class="bar" style="height:{each:.1f}px"><span>{esc(metric.get("spool", ""))}</span>'
                   f'<u><i style="width:{max(0, value):.0f}%;background:{tint}"></i></u><div style="{dim}">{esc(text)}</div></div>')
    return "".join(out)


def timeline(panel: dict, results, start: float, end: float, height: float) -> str:
    series = [(legend(t, s["metric"]), config(panel, legend(t, s["metric"]), t["refId"]), s["values"]) for t, r in results for s in r]
    if not series:
        return nothing(panel)
    series.sort(key=lambda s: s[0])
    keys: dict[str, str] = {}
    each = min(40.0, (height - 22) / len(series))
    out = []
    for name, field, values in series:
        parts, step = [], (values[1][0] - values[0][0]) if len(values) > 1 else 60
        begin, current = values[0][0], values[0][1]
        times = values[1:] + [[values[-1][0] + step, None]]
        last = values[0][0]
        for at, value in times:
            if value != current or at - last > 2.5 * step:
                parts.append((begin, min(last + step, end), float(current)))
                begin, current = at, value
            last = at
        pieces = []
        for a, b, value in parts:
            words = mapped(value, field) or (shown(value, field), None)
            tint = words[1] or color(value, field)
            keys[words[0]] = tint
            share = 100 * (b - a) / (end - start)
            text = esc(words[0]) if share > 6 else ""
            pieces.append(f'<i style="left:{100 * (a - start) / (end - start):.2f}%;width:{share:.2f}%;background:{tint};color:{ink(tint)}">{text}</i>')
        out.append(f'<div class="line" style="height:{each:.1f}px"><span>{esc(name)}</span><div class="track">{"".join(pieces)}</div></div>')
    key = "".join(f'<span><i style="background:{c}"></i>{esc(k)}</span>' for k, c in keys.items())
    return "".join(out) + f'<div class="key" style="padding-left:138px;margin-top:4px">{key}</div>'


def graph(panel: dict, results, start: float, end: float, marks: list, plots: list) -> str:
    traces, limits = [], []
    custom = panel["fieldConfig"]["defaults"].get("custom", {})
    unit = config(panel)
    stacked = custom.get("stacking", {}).get("mode") == "normal"
    tinted: dict[str, str] = {}
    for target, result in results:
        for s in sorted(result, key=lambda s: legend(target, s["metric"])):
            name = legend(target, s["metric"])
            own = config(panel, name, target["refId"]).get("custom", {})
            if own.get("hideFrom", {}).get("viz"):
                continue
            base = name.removesuffix(" set")
            tint = tinted.setdefault(base, PALETTE[len(tinted) % len(PALETTE)])
            step = target["step"]
            x, y, last = [], [], None
            for at, value in s["values"]:
                if last is not None and at - last > 1.5 * step and own.get("drawStyle") != "bars":
                    x.append(at * 1000 - 1)
                    y.append(None)
                x.append(at * 1000)
                y.append(float(value))
                last = at
            dashed = own.get("lineStyle", {}).get("fill") == "dash"
            trace = {"x": x, "y": y, "name": name, "connectgaps": False, "line": {"color": tint, "width": 1 if dashed else 1.5, "dash": "dash" if dashed else "solid"}}
            if own.get("drawStyle") == "bars":
                trace |= {"type": "bar", "marker": {"color": tint}}
            else:
                trace |= {"type": "scatter", "mode": "lines"}
                if stacked:
                    trace |= {"stackgroup": "a"}
                elif own.get("fillOpacity"):
                    trace |= {"fill": "tozeroy", "fillcolor": tint + "1c"}
            traces.append(trace)
    if not traces:
        return nothing(panel)
    for step in (unit.get("thresholds") or {}).get("steps", []):
        if step.get("value") is not None and custom.get("thresholdsStyle", {}).get("mode") == "dashed":
            limits.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": step["value"], "y1": step["value"],
                           "line": {"color": step["color"], "width": 1.2, "dash": "dash"}})
    top = max((v for t in traces for v in t["y"] if v is not None), default=0)
    # As in Grafana, a limit outside the range of the axis is not drawn.
    high = unit.get("max") or max(top * 1.08, 0.001)
    limits = [line for line in limits if line["y0"] <= high]
    for at, tint in marks:
        limits.append({"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at * 1000, "x1": at * 1000, "line": {"color": tint, "width": 1, "dash": "dot"}})
    aside = panel["options"].get("legend", {}).get("placement") == "right"
    span = end - start
    suffix = {"percent": "%", "humidity": "%", "celsius": "°", "massg": " g", "s": " s", "percentunit": "", "Bps": " B/s"}.get(unit.get("unit"), "")
    axis = {"gridcolor": "#25272c", "zeroline": False, "tickfont": {"size": 10.5}, "linecolor": "#25272c"}
    layout = {
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "font": {"color": "#ccccdc", "size": 11, "family": "DejaVu Sans"},
        "margin": {"l": 62 if suffix == " B/s" else 46, "r": 8, "t": 4, "b": 20}, "showlegend": True, "barmode": "stack",
        "legend": {"font": {"size": 10.5}} if aside else {"orientation": "h", "y": -0.14, "x": 0, "font": {"size": 10.5}, "yanchor": "top"},
        "xaxis": axis | {"type": "date", "range": [start * 1000, end * 1000], "tickangle": 0,
                         "nticks": max(2, panel["gridPos"]["w"] // 2),
                         "tickformat": "%b %d" if span > 3 * 86400 else "%H:%M" if span > 3600 else "%H:%M:%S"},
        "yaxis": axis | {"ticksuffix": suffix, "range": [unit.get("min") if unit.get("min") is not None else min((v for t in traces for v in t["y"] if v is not None)) * 0.95, high]},
        "shapes": limits,
    }
    if stacked and unit.get("max") is None:
        layout["yaxis"] |= {"range": None, "rangemode": "tozero", "autorange": True}
    if (unit.get("min"), unit.get("max")) == (0, 100):
        layout["yaxis"] |= {"tickvals": [0, 25, 50, 75, 100], "range": [0, 101]}
    if unit.get("unit") == "bytes":
        layout["yaxis"]["tickformat"] = ".3s"
    name = f"plot{len(plots)}"
    plots.append((name, traces, layout))
    return f'<div id="{name}" style="height:100%"></div>'


def page(board: dict, ask: Callable[[dict], list], start: float, end: float, marks: list, title: str, script: str, tallest: int) -> tuple[str, int]:
    """Returns the page as HTML, and its height, which is at most `tallest`: it ends above the first row of panels that does not fit.

    `ask` returns the result of a target.
    """
    out, plots, bottom = [], [], 0
    fitting = list(itertools.takewhile(
        lambda panel: 44 + (panel["gridPos"]["y"] + panel["gridPos"]["h"]) * (CELL + GAP) <= tallest, board["panels"]))
    # A title without its panels says nothing.
    while fitting[-1]["type"] == "row":
        fitting.pop()
    for panel in fitting:
        g = panel["gridPos"]
        x, y = GAP + g["x"] * COLUMN, 44 + g["y"] * (CELL + GAP)
        w, h = g["w"] * COLUMN - GAP, g["h"] * (CELL + GAP) - GAP
        bottom = max(bottom, int(y + h + GAP))
        place = f"left:{x:.0f}px;top:{y:.0f}px;width:{w:.0f}px;height:{h:.0f}px"
        if panel["type"] == "row":
            out.append(f'<div class="row" style="{place}">⌄ {esc(panel["title"])}</div>')
            continue
        results = [(t, ask(t)) for t in panel["targets"]]
        if panel["type"] == "stat":
            body = stat(panel, results)
        elif panel["type"] == "table":
            body = rows(panel, results)
        elif panel["type"] == "bargauge":
            body = bars(panel, results, h - 36)
        elif panel["type"] == "state-timeline":
            body = timeline(panel, results, start, end, h - 36)
        else:
            # The time range of a panel replaces that of the dashboard.
            days = int(panel["timeFrom"].removesuffix("d")) if "timeFrom" in panel else None
            body = graph(panel, results, end - days * 86400 if days else start, end, [] if days else marks, plots)
        out.append(f'<div class="panel" style="{place}"><b>{esc(panel["title"])}</b><div class="body">{body}</div></div>')
    draw = "".join(f"Plotly.newPlot({json.dumps(n)},{json.dumps(t)},{json.dumps(l)},{{staticPlot:true,responsive:true}});" for n, t, l in plots)
    head = f'<div class="head"><b>{esc(board["title"])}</b><span>{esc(title)}</span><i>preview of the committed JSON with simulated printers, not drawn by Grafana</i></div>'
    return (f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body style="height:{bottom}px">{head}{"".join(out)}'
            f'<script src="{script}"></script><script>{draw}</script></body>'), bottom
