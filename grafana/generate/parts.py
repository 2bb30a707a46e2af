"""Building blocks of the dashboards: queries, panels, variables, colours, and the thresholds of the alerts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from grafana_foundation_sdk.builders import (
    bargauge, common as cb, dashboard as db, prometheus, stat, statetimeline, table, text, timeseries)
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as cm, dashboard as dm, prometheus as pm

ROOT = Path(__file__).resolve().parents[2]

# The thresholds of the alerts.
LIMITS = json.loads(subprocess.run(
    ["jsonnet", "-J", ROOT / "alerts", "-e", "(import 'config.libsonnet')._config"],
    capture_output=True, text=True, check=True).stdout)

GREEN, YELLOW, ORANGE, RED, BLUE, PURPLE, GREY = (
    "#56A64B", "#F2CC0C", "#FF9830", "#E02F44", "#3274D9", "#8F3BB8", "#6E7178")
SOURCE = dm.DataSourceRef(type_val="prometheus", uid="${datasource}")

STATES = {
    "idle": ("idle", GREY), "prepare": ("preparing", BLUE), "slicing": ("slicing", BLUE), "running": ("printing", GREEN),
    "pause": ("paused", YELLOW), "finish": ("finished", PURPLE), "failed": ("failed", RED), "init": ("starting", GREY),
    "offline": ("off", GREY), "unknown": ("unknown", "#4A4D55"), "unreachable": ("unreachable", ORANGE),
}
# States as numbers, because a timeline shows values and not labels.
NUMBERS = {name: number for number, name in enumerate(STATES, 1)}


def m(name: str, more: str = "", printer: bool = True) -> str:
    """A metric with matchers for the variables of the dashboard."""
    matchers = ['job=~"$job"', 'instance=~"$instance"'] + (['printer=~"$printer"'] if printer else []) + ([more] if more else [])
    return f"{name}{{{', '.join(matchers)}}}"


BY = "job, instance, printer"
SLOT = f"{BY}, ams, tray"

# Errors, as the alert counts them: no codes without a meaning, and not the last error of an idle printer.
ERRORS = (m("bambu_print_error_info", f'code!~"{"|".join(LIMITS["printErrorsIgnored"])}"')
          + f" unless on ({BY}) " + m("bambu_printer_state", 'state="idle"') + " == 1")


def state_numbers() -> str:
    """One series for each printer: the number of its state."""
    weighed = [f'{m("bambu_printer_state", f"state={json.dumps(s)}")} * {n}' for s, n in NUMBERS.items() if s != "unreachable"]
    total = "\n  or ".join(f"sum by ({BY}) ({w}) > 0" for w in weighed)
    return f"{total}\n  or (1 - {m('bambu_up')} > 0) * {NUMBERS['unreachable']}"


def unit_name(expression: str) -> str:
    """Adds the label `unit`: the name of the AMS on the printer's screen."""
    names = {"0": "A", "1": "B", "2": "C", "3": "D", "16": "A"} | {str(128 + i): f"HT-{c}" for i, c in enumerate("ABCDEFGH")}
    expression = f'label_replace({expression}, "unit", "$1", "ams", "(.*)")'
    for number, name in names.items():
        expression = f'label_replace({expression}, "unit", "{name}", "ams", "{number}")'
    return expression


def q(expr: str, legend: str = "", *, instant: bool = False, as_table: bool = False, ref: str = "A") -> prometheus.Dataquery:
    query = prometheus.Dataquery().expr(expr).ref_id(ref).datasource(SOURCE).legend_format(legend or "__auto")
    if instant or as_table:
        query = query.instant()
    else:
        query = query.range()
    return query.format(pm.PromQueryFormat.TABLE if as_table else pm.PromQueryFormat.TIME_SERIES)


def steps(base: str, *more: tuple[float, str]) -> db.ThresholdsConfig:
    return db.ThresholdsConfig().mode(dm.ThresholdsMode.ABSOLUTE).steps(
        [dm.Threshold(color=base)] + [dm.Threshold(value=v, color=c) for v, c in more])


def words(texts: dict[str, tuple[str, str | None]], missing: str | None = None) -> list:
    """Value mappings: the text and the colour of each value."""
    mappings: list = [dm.ValueMap(options={
        value: dm.ValueMappingResult(text=shown, color=color, index=i) for i, (value, (shown, color)) in enumerate(texts.items())})]
    if missing is not None:
        mappings.append(dm.SpecialValueMap(options=dm.DashboardSpecialValueMapOptions(
            match=dm.SpecialValueMatch.NULL_AND_NAN, result=dm.ValueMappingResult(text=missing, color=GREY))))
    return mappings


STATE_WORDS = words({str(NUMBERS[s]): shown for s, shown in STATES.items()})
YES_NO = words({"0": ("no", GREY), "1": ("yes", GREEN)})

TRACKED = words({"-1": ("not tracked", GREY)})
# Yellow at 20 %, as in the published note; red at 10 %, where the alert fires.
FILAMENT_STEPS = steps(RED, (LIMITS["filamentPercent"]["low"], YELLOW), (LIMITS["filamentPercent"]["dashboard"], GREEN))


def dress(panel, title: str, description: str, w: int, h: int, *queries, unit=None, decimals=None, low=None, high=None,
          empty="no data", mappings=None, thresholds=None, color=None, transform=(), overrides=()):
    """Sets the options that all panels have."""
    panel = panel.title(title).description(description).datasource(SOURCE).span(w).height(h).no_value(empty)
    for number, query in enumerate(queries):
        panel = panel.with_target(query.ref_id("ABCDEFGH"[number]))
    panel = panel.unit(unit or "none")
    if decimals is not None:
        panel = panel.decimals(decimals)
    if low is not None:
        panel = panel.min(low)
    if high is not None:
        panel = panel.max(high)
    if mappings:
        panel = panel.mappings(mappings)
    if thresholds:
        panel = panel.thresholds(thresholds)
    if color:
        panel = panel.color_scheme(db.FieldColor().mode(color))
    for kind, options in transform:
        panel = panel.with_transformation(dm.DataTransformerConfig(id_val=kind, options=options))
    for name, properties in overrides:
        panel = panel.override_by_name(name, [dm.DynamicConfigValue(id_val=k, value=v) for k, v in properties.items()])
    return panel


def big(title, description, w, expr, legend="", *, background=False, name=False, h=4, **more):
    """A panel with one number, or one word."""
    panel = (stat.Panel().graph_mode(cm.BigValueGraphMode.NONE).orientation(cm.VizOrientation.AUTO)
             .color_mode(cm.BigValueColorMode.BACKGROUND if background else cm.BigValueColorMode.VALUE)
             .text_mode(cm.BigValueTextMode.NAME if name else cm.BigValueTextMode.AUTO)
             .reduce_options(cb.ReduceDataOptions().calcs(["lastNotNull"])))
    more.setdefault("thresholds", steps(GREEN))
    return dress(panel, title, description, w, h, q(expr, legend, instant=True), **more)


def lines(title, description, w, h, *queries, limits=(), stack=False, bars=False, fill=0, aside=False, **more):
    """Values over time; `limits` are the thresholds of alerts."""
    panel = (timeseries.Panel().line_width(1.5).fill_opacity(80 if bars else fill).show_points(cm.VisibilityMode.NEVER)
             .draw_style(cm.GraphDrawStyle.BARS if bars else cm.GraphDrawStyle.LINE).span_nulls(False)
             .legend(cb.VizLegendOptions().display_mode(cm.LegendDisplayMode.LIST).show_legend(True)
                     .placement(cm.LegendPlacement.RIGHT if aside else cm.LegendPlacement.BOTTOM))
             .tooltip(cb.VizTooltipOptions().mode(cm.TooltipDisplayMode.MULTI).sort(cm.SortOrder.DESCENDING)))
    if stack:
        panel = panel.stacking(cb.StackingConfig().mode(cm.StackingMode.NORMAL).group("A"))
    if limits:
        more["thresholds"] = steps("transparent", *limits)
        panel = panel.thresholds_style(cb.GraphThresholdsStyleConfig().mode(cm.GraphTresholdsStyleMode.DASHED))
    return dress(panel, title, description, w, h, *queries, **more)


def timeline(title, description, w, h, *queries, **more):
    panel = (statetimeline.Panel().show_value(cm.VisibilityMode.AUTO).merge_values(True).row_height(0.85).fill_opacity(85)
             .line_width(0).legend(cb.VizLegendOptions().display_mode(cm.LegendDisplayMode.LIST)
                                   .placement(cm.LegendPlacement.BOTTOM).show_legend(True)))
    return dress(panel, title, description, w, h, *queries, **more)


def rows(title, description, w, h, *queries, order: list[str], hidden=(), renamed=None, joined="printer", before=(), after=(), **more):
    """A table with these columns, in this order; queries are joined by `joined`. Other transformations come `before` and `after`."""
    hide = {name: True for name in ("Time", *(f"Time {n}" for n in range(1, 9)), *hidden)}
    transform = [*before]
    transform += [("joinByField", {"byField": joined, "mode": "outerTabular"})] if len(queries) > 1 else []
    transform.append(("organize", {
        "excludeByName": hide, "indexByName": {name: i for i, name in enumerate(order)}, "renameByName": renamed or {}}))
    transform += after
    return dress(table.Panel().cell_height(cm.TableCellHeight.SM).show_header(True), title, description, w, h, *queries,
                 transform=transform, **more)


def painted(ref: str) -> tuple[str, dict]:
    """Config from query results: query `ref` maps each text in `color` to the colour in `paint`, because no cell type reads a colour from its text."""
    return "configFromData", {"configRefId": ref, "applyTo": {"id": "byName", "options": "color"}, "mappings": [
        {"fieldName": "color", "handlerKey": "mappings.value"}, {"fieldName": "paint", "handlerKey": "mappings.color"},
        {"fieldName": f"Value #{ref}", "handlerKey": "__ignore"}, {"fieldName": "Time", "handlerKey": "__ignore"}]}


def bars(title, description, w, h, query, *, name: str, **more):
    """One bar for each row, in the colour that the row names."""
    panel = (bargauge.Panel().display_mode(cm.BarGaugeDisplayMode.BASIC).value_mode(cm.BarGaugeValueMode.TEXT)
             .orientation(cm.VizOrientation.HORIZONTAL).show_unfilled(True).min_viz_height(16)
             .reduce_options(cb.ReduceDataOptions().calcs(["lastNotNull"]).values(False)))
    transform = [("rowsToFields", {"mappings": [
        {"fieldName": name, "handlerKey": "field.name"}, {"fieldName": "Value", "handlerKey": "field.value"},
        {"fieldName": "color", "handlerKey": "color"}]})]
    return dress(panel, title, description, w, h, query, transform=transform, **more)


def note(w, h, content):
    return text.Panel().span(w).height(h).mode("markdown").content(content)


def cell(kind: str, **more) -> dict:
    return {"custom.cellOptions": {"type": kind, **more}}


LINKS = {"bambu-fleet": "Fleet", "bambu-printer": "Printer", "bambu-ams": "AMS & filament", "bambu-usage": "Usage", "bambu-exporter": "Exporter"}


def variable(name: str, label: str, query: str, *, all_first: bool = True) -> db.QueryVariable:
    made = (db.QueryVariable(name).label(label).datasource(dm.DataSourceRef(type_val="prometheus", uid="${datasource}"))
            .query({"query": query, "refId": "variable"}).multi(True)
            .refresh(dm.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(dm.VariableSort.ALPHABETICAL_ASC))
    if not all_first:
        return made.include_all(False)
    return (made.include_all(True).all_value(".+").current(dm.VariableOption(selected=True, text="All", value="$__all")))


# The first version that has everything used here: "Config from query results" can apply value mappings.
OLDEST_GRAFANA = "10.1"


def board(uid: str, description: str, since: str, panels: list, annotations=(), *, one_printer: bool = False, numbers=()) -> dict:
    """A dashboard as JSON; with `one_printer` it opens with the first printer instead of all."""
    known = '{__name__=~"bambu_up|bambu_exporter_build_info"'
    description += f" Needs Grafana {OLDEST_GRAFANA} or newer."
    builder = (db.Dashboard(f"Bambu: {LINKS[uid]}").uid(uid).description(description).tags(["bambu"]).editable()
               .timezone("browser").refresh("30s").time(since, "now").tooltip(dm.DashboardCursorSync.CROSSHAIR)
               .with_variable(db.DatasourceVariable("datasource").label("Data source").type("prometheus"))
               .with_variable(variable("job", "Job", f"label_values({known}}}, job)"))
               .with_variable(variable("instance", "Instance", f'label_values({known}, job=~"$job"}}, instance)'))
               .with_variable(variable("printer", "Printer", 'label_values(bambu_up{job=~"$job", instance=~"$instance"}, printer)', all_first=not one_printer)))
    for name, label, value in numbers:
        builder = builder.with_variable(db.TextBoxVariable(name).label(label).default_value(value)
                                        .current(dm.VariableOption(selected=True, text=value, value=value)))
    for target, name in LINKS.items():
        if target != uid:
            builder = builder.link(db.DashboardLink(name).type(dm.DashboardLinkType.LINK).url(f"/d/{target}")
                                   .include_vars(True).keep_time(True))
    for panel in panels:
        builder = builder.with_row(panel) if isinstance(panel, db.Row) else builder.with_panel(panel)
    made = json.loads(JSONEncoder(sort_keys=True).encode(builder.build()))
    made["id"] = None
    made["__requires"] = [{"type": "grafana", "id": "grafana", "name": "Grafana", "version": f"{OLDEST_GRAFANA}.0"}]
    made["schemaVersion"] = 39
    for number, panel in enumerate(made["panels"], 1):
        panel["id"] = number
    made["annotations"] = {"list": [
        {"name": name, "datasource": {"type": "prometheus", "uid": "${datasource}"}, "enable": True, "hide": False,
         "iconColor": color, "expr": expr, "step": "60s", "titleFormat": title, "textFormat": text_}
        for name, color, expr, title, text_ in annotations]}
    return made


WINDOW = "$__rate_interval"
ANNOTATIONS = [
    ("Prints", BLUE, f"increase({m('bambu_prints_started_total')}[{WINDOW}]) > 0", "print started", "{{printer}}"),
    ("Failed prints", RED, f"increase({m('bambu_prints_failed_total')}[{WINDOW}]) > 0", "print failed", "{{printer}}"),
    ("Health messages", ORANGE, m("bambu_hms_message_active", 'level=~"fatal|serious"') + " == 1", "{{code}}", "{{printer}}: {{level}}, {{module}}"),
]
