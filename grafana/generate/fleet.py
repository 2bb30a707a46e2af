"""Fleet: one row for each printer, with its problems."""

from grafana_foundation_sdk.builders.dashboard import Row

from parts import *


def first_of(*alternatives: tuple[str, str, str, str]) -> str:
    """The first problem of a printer, as the label `wrong`: expression, its label, a pattern for that label, the text."""
    parts = [f'max by ({BY}, wrong) (label_replace({expr}, "wrong", "{shown}", "{label}", "{pattern}"))'
             for expr, label, pattern, shown in alternatives]
    return f"\nor on ({BY}) ".join(parts)


MESSAGES = f'level=~"fatal|serious", code!~"{"|".join(LIMITS["hmsIgnored"])}"'
WRONG = first_of(
    (m("bambu_down_reason_info"), "reason", "(.*)", "unreachable: $1"),
    (f"topk by ({BY}) (1, {ERRORS})", "code", "(.*)", "error $1"),
    (f"topk by ({BY}) (1, {m('bambu_hms_message_active', MESSAGES)})", "code", "(.*)", "$1"),
    (m("bambu_printer_state", 'state="failed"') + " == 1", "state", ".*", "print failed"),
    (m("bambu_printer_state", 'state="pause"') + " == 1", "state", ".*", "paused"),
    (f"{m('bambu_ams_humidity_raw_percent')} > {LIMITS['humidityPercent']['warning']}", "ams", ".*", "AMS is damp"),
    (f"{m('bambu_ams_tray_remaining_percent')} < {LIMITS['filamentPercent']['low']}", "ams", ".*", "filament is low"),
)

PROGRESS = f"max by (printer) ({m('bambu_print_progress_percent')} and on ({BY}) {m('bambu_print_remaining_seconds')})"


# Without the rules, an exporter that has never answered counts if another one of its job has.
GONE = (f"{m('up', printer=False)} == 0\n"
        f"and on (job) last_over_time({m('bambu_exporter_build_info', printer=False)}[{LIMITS['exporterMemory']}])\n"
        f"unless on (job, instance) {m('bambu:printer_targets:held', printer=False)}\n"
        "or on (job, instance) " + m("ALERTS", 'alertname="BambuExporterDown", alertstate="firing"', printer=False) + " - 1")


def count(expr: str) -> str:
    return f"count({expr}) or vector(0)"


def firing(severity: str) -> str:
    """The firing alerts of one severity. Those of the exporter and of the cloud have no printer, and some have no instance; they are included."""
    return (f'max by (severity, alertname, printer, slot) (ALERTS{{alertstate="firing", alertname=~"Bambu.*", severity="{severity}", '
            f'job=~"$job|", instance=~"$instance|", printer=~"$printer|"}})')


def build() -> dict:
    state = lambda states: m("bambu_printer_state", f'state=~"{states}"') + " == 1"
    alarm = lambda color: steps(GREEN, (1, color))
    panels = [
        big("Exporters that are down", "Exporters that Prometheus cannot scrape. Their printers have no data.", 24, GONE, "{{instance}} is down", background=True, name=True, h=2,
            thresholds=steps(RED), empty="every exporter answers"),
        big("Printers", "Printers that are configured.", 4, count(m("bambu_up")), thresholds=steps(BLUE)),
        big("Printing", "Printers that print or prepare a print.", 4, count(state("running|prepare")), thresholds=steps(GREY, (1, GREEN))),
        big("Need attention", "Printers that are paused, or whose print failed.", 4, count(state("pause|failed")), thresholds=alarm(YELLOW)),
        big("Unreachable", "Printers that do not report: switched off, or lost.", 4, count(m("bambu_up") + " == 0"), thresholds=alarm(ORANGE)),
        big("Health messages", "Active messages with the level fatal or serious.", 4,
            "sum(" + m("bambu_hms_messages", 'level=~"fatal|serious"') + ") or vector(0)", thresholds=alarm(RED)),
        big("Spools nearly empty", f"Tracked spools below {LIMITS['filamentPercent']['low']} %.", 4,
            count(f"{m('bambu_ams_tray_remaining_percent')} < {LIMITS['filamentPercent']['low']}"), thresholds=alarm(RED)),
        rows("Printers", "State, progress and problems of each printer. Click a name to open the printer.", 24, 7,
             q(f"max by (printer, state) ({m('bambu_printer_state')} == 1)\nor on (printer) "
               f"label_replace(max by (printer) ({m('bambu_up')} == 0), \"state\", \"unreachable\", \"\", \"\")", as_table=True),
             q(f"max by (printer, model) ({m('bambu_printer_info')})", as_table=True),
             q(PROGRESS, as_table=True),
             q(f"max by (printer) ({m('bambu_print_remaining_seconds')})", as_table=True),
             q(f"max by (printer, task) ({m('bambu_print_job_info')})", as_table=True),
             q(f"max by (printer, wrong) (\n{WRONG}\n)", as_table=True),
             order=["printer", "model", "state", "task", "Value #C", "Value #D", "wrong"],
             hidden=["Value #A", "Value #B", "Value #E", "Value #F"],
             renamed={"printer": "Printer", "model": "Model", "state": "State", "task": "Job", "Value #C": "Done",
                      "Value #D": "Time left", "wrong": "What is wrong"},
             empty="-",
             overrides=[
                 ("Printer", {"links": [{"title": "Printer", "url": "/d/bambu-printer?var-printer=${__value.text}&${datasource:queryparam}&${job:queryparam}&${instance:queryparam}&${__url_time_range}"}], "custom.width": 150}),
                 ("Model", {"custom.width": 100}),
                 ("State", {"mappings": [{"type": "value", "options": {s: {"text": t, "color": c, "index": i} for i, (s, (t, c)) in enumerate(STATES.items())}}],
                            **cell("color-background", mode="basic"), "custom.width": 120}),
                 ("Done", {"unit": "percent", "min": 0, "max": 100, "color": {"mode": "fixed", "fixedColor": BLUE},
                           **cell("gauge", mode="basic", valueDisplayMode="text"), "custom.width": 280}),
                 ("Time left", {"unit": "dthms", "custom.width": 130}),
                 ("What is wrong", {"noValue": "nothing", **cell("color-text"), "color": {"mode": "fixed", "fixedColor": ORANGE}}),
             ]),
        timeline("States", "The states of each printer over time.", 24, 7, q(state_numbers(), "{{printer}}"), mappings=STATE_WORDS, empty="no printer"),
        lines("Progress", "Progress of running prints.", 12, 8,
              q(f"{m('bambu_print_progress_percent')} and on ({BY}) {m('bambu_print_remaining_seconds')}", "{{printer}}"),
              unit="percent", low=0, high=100, empty="no print runs"),
        lines("Filament per day", "Filament used from tracked spools on each of the last seven days, by material.", 12, 8,
              q(f"sum by (type) (increase({m('bambu_filament_used_grams_total')}[1d]))", "{{type}}").interval("1d"),
              unit="massg", low=0, stack=True, bars=True, empty="no spool is tracked").time_from("7d"),
        Row("Prints and alerts"),
        big("Prints in 7 days", "Prints that ended, by result.", 8,
            f"sum(increase({m('bambu_prints_finished_total')}[7d])) or vector(0)", "finished", decimals=0)
        .with_target(q(f"sum(increase({m('bambu_prints_failed_total')}[7d])) or vector(0)", "failed", instant=True, ref="B"))
        .with_target(q(f"sum(increase({m('bambu_prints_cancelled_total')}[7d])) or vector(0)", "cancelled", instant=True, ref="C"))
        .override_by_name("failed", [dm.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": RED})])
        .override_by_name("cancelled", [dm.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": GREY})]).height(8),
        rows("Firing alerts", "Alerts that Prometheus evaluates. Alerts that Grafana evaluates are on its alerting page.", 16, 8,
             q(f"3 * {firing('critical')}\nor 2 * {firing('warning')}\nor {firing('info')}", as_table=True),
             order=["Value", "severity", "alertname", "printer", "slot"], after=[
                 ("sortBy", {"fields": {}, "sort": [{"field": "Value", "desc": True}]}),
                 ("organize", {"excludeByName": {"Value": True}, "indexByName": {}, "renameByName": {}})],
             renamed={"severity": "Severity", "alertname": "Alert", "printer": "Printer", "slot": "Slot"},
             empty="no alert fires",
             overrides=[("Printer", {"noValue": "-"}), ("Slot", {"noValue": "-"}), ("Severity", {"mappings": [{"type": "value", "options": {
                 "critical": {"text": "critical", "color": RED, "index": 0}, "warning": {"text": "warning", "color": ORANGE, "index": 1},
                 "info": {"text": "info", "color": BLUE, "index": 2}}}], **cell("color-background", mode="basic"), "custom.width": 110})]),
    ]
    return board("bambu-fleet", "All printers in one view.", "now-24h", panels, ANNOTATIONS[1:])
