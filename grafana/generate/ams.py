"""AMS & filament: the filament left in every slot, and its humidity."""

from grafana_foundation_sdk.builders.dashboard import Row

from parts import *

INFO = m("bambu_ams_tray_info", 'ams!="external"')
LEFT = m("bambu_ams_tray_remaining_percent")
NAMES = f"* on ({SLOT}) group_left (slot, type, name, color) {INFO}"
# A spool that the printer does not track has -1 here, which is shown as "not tracked".
KNOWN_OR_NOT = f"({LEFT}\n  or on ({SLOT}) {INFO} * 0 - 1)\n{NAMES}"
GRAMS = m("bambu_ams_tray_remaining_grams")


def bar_names(expr: str) -> str:
    # The material if the spool has no name.
    named = f'label_replace({expr}, "name", "$1", "type", "(.+)")'
    named = f'label_replace({expr}, "shown", "$1", "type", "(.*)")'
    named = f'label_replace({named}, "shown", "$1", "name", "(.+)")'
    return (f'sort_desc(label_replace(label_join({named}, "spool", "  ", "printer", "slot", "shown"), '
            f'"color", "#$1", "color", "(.+)"))')


def hashed(expr: str) -> str:
    """Adds # to the colour, as Grafana requires."""
    return f'label_replace({expr}, "color", "#$1", "color", "(.+)")'


def spools(w: int, h: int):
    """A table of the filled slots, with the colour of each spool and a mark on the one in use."""
    low, mark = LIMITS["filamentPercent"]["low"], LIMITS["filamentPercent"]["dashboard"]
    return rows(
        "Spools", f"Yellow below {mark} %; red below {low} %, the threshold of the alert.", w, h,
        q(f'label_join(max by (printer, ams, tray, slot, type, name, color) ({hashed(KNOWN_OR_NOT)}), "place", " ", "printer", "slot")', as_table=True),
        q(f'label_join(max by (printer, slot) ({GRAMS} * on ({SLOT}) group_left (slot) {INFO}), "place", " ", "printer", "slot")', as_table=True),
        q(f'label_join(max by (printer, slot) ({m("bambu_ams_tray_active")} * on ({SLOT}) group_left (slot) {INFO}), "place", " ", "printer", "slot")', as_table=True),
        q(f'max by (color, paint) (label_replace({hashed(INFO)}, "paint", "$1", "color", "(.+)"))', as_table=True),
        before=[painted("D")], joined="place", order=["place", "color", "type", "name", "Value #A", "Value #B", "Value #C"],
        hidden=["ams", "tray", "slot", "printer", "printer 1", "printer 2", "printer 3", "slot 1", "slot 2", "slot 3"],
        renamed={"place": "Slot", "color": "Colour", "type": "Material", "name": "Name", "Value #A": "Left", "Value #B": "Grams", "Value #C": "In use"},
        empty="-", thresholds=FILAMENT_STEPS,
        overrides=[
            ("Slot", {"custom.width": 110}),
            ("Colour", {**cell("color-background", mode="basic"), "custom.width": 90}),
            ("Material", {"custom.width": 100}),
            ("Left", {"unit": "percent", "min": 0, "max": 100, "mappings": [{"type": "value", "options": {"-1": {"text": "not tracked", "color": GREY}}}],
                      "color": {"mode": "thresholds"}, **cell("gauge", mode="basic", valueDisplayMode="color"), "custom.width": 190}),
            ("Grams", {"unit": "massg", "decimals": 0, "custom.width": 80}),
            ("In use", {"mappings": [{"type": "value", "options": {"0": {"text": "-"}, "1": {"text": "yes", "color": GREEN}}}], "custom.width": 70}),
        ])


def build() -> dict:
    low, mark = LIMITS["filamentPercent"]["low"], LIMITS["filamentPercent"]["dashboard"]
    wet, soaked = LIMITS["humidityPercent"]["warning"], LIMITS["humidityPercent"]["critical"]
    by_unit = f"max by (printer, unit) ({{}})"
    panels = [
        bars("Filament left", "Every slot as a bar in the colour of its spool. The printer does not track spools without the maker's tag.", 12, 17,
             q(bar_names(KNOWN_OR_NOT), as_table=True), name="spool", unit="percent", low=0, high=100, mappings=TRACKED,
             thresholds=steps(BLUE), empty="no slot is filled"),
        spools(12, 17),
        lines("Humidity", f"Relative humidity in each AMS. The lines are the thresholds of the alerts, {wet} and {soaked} %.", 12, 9,
              q(by_unit.format(unit_name(m("bambu_ams_humidity_raw_percent"))), "{{printer}} {{unit}}"), unit="humidity", low=0, high=80,
              limits=[(wet, ORANGE), (soaked, RED)], empty="no unit sends a percentage"),
        lines("Temperature in the AMS", f"The line is the threshold of the alert, {LIMITS['amsCelsius']} °C. A unit that is drying is hotter.", 12, 9,
              q(by_unit.format(unit_name(m("bambu_ams_temperature_celsius"))), "{{printer}} {{unit}}"), unit="celsius",
              limits=[(LIMITS["amsCelsius"], RED)], empty="no unit has a sensor"),
        big("Humidity index", "The unit's own scale: 5 is the driest, 1 the wettest.", 8,
            by_unit.format(unit_name(m("bambu_ams_humidity_index"))), "{{printer}} {{unit}}", h=7, background=True, unit="none",
            mappings=words({"1": ("1 wet", RED), "2": ("2 damp", ORANGE), "3": ("3 fair", YELLOW), "4": ("4 dry", GREEN), "5": ("5 driest", GREEN)}),
            empty="no unit has a sensor"),
        timeline("Drying", "Whether a unit is drying its filament.", 8, 7, q(by_unit.format(unit_name(m("bambu_ams_drying_active"))), "{{printer}} {{unit}}"),
                 mappings=words({"0": ("no", "#2F323A"), "1": ("drying", ORANGE)}), empty="no unit"),
        big("Drying ends in", "Time left of drying, and its target temperature.", 8,
            by_unit.format(unit_name(m("bambu_ams_drying_remaining_seconds") + " > 0")), "{{printer}} {{unit}}", h=7, unit="dthms",
            empty="no unit is drying", thresholds=steps(ORANGE))
        .with_target(q(by_unit.format(unit_name(m("bambu_ams_drying_target_temperature_celsius"))), "{{printer}} {{unit}} set", instant=True, ref="B"))
        .override_by_query("B", [dm.DynamicConfigValue(id_val="unit", value="celsius")]),
        Row("How long the filament lasts"),
        rows("Days until empty", "The filament left of each material, divided by the average use per day over the last seven days.", 8, 8,
             q(f"sum by (type) ({GRAMS} * on ({SLOT}) group_left (type) {INFO})", as_table=True),
             q(f"sum by (type) (increase({m('bambu_filament_used_grams_total')}[7d])) / 7 > 1", as_table=True),
             q(f"sum by (type) ({GRAMS} * on ({SLOT}) group_left (type) {INFO})\n/ (sum by (type) (increase({m('bambu_filament_used_grams_total')}[7d])) / 7 > 1)", as_table=True),
             joined="type", order=["type", "Value #A", "Value #B", "Value #C"],
             renamed={"type": "Material", "Value #A": "Left", "Value #B": "Per day", "Value #C": "Days"}, empty="-",
             overrides=[("Left", {"unit": "massg", "decimals": 0}), ("Per day", {"unit": "massg", "decimals": 0}),
                        ("Days", {"decimals": 0, "color": {"mode": "thresholds"}, **cell("color-text"),
                                  "thresholds": {"mode": "absolute", "steps": [{"value": None, "color": RED}, {"value": 3, "color": YELLOW}, {"value": 10, "color": GREEN}]}})]),
        lines("Filament per day", "Filament used from tracked spools in the last 24 hours, by material.", 8, 8,
              q(f"sum by (type) (increase({m('bambu_filament_used_grams_total')}[1d]))", "{{type}}"),
              unit="massg", low=0, stack=True, fill=40, empty="no spool is tracked"),
        rows("Filament that the job still needs", "The planned grams of each slot times the rest of the job, and the grams on the spool. The plan comes from the cloud account.", 8, 8,
             q(f'label_join(max by (printer, slot) (({m("bambu_cloud_task_tray_grams")} * on ({BY}) group_left () (1 - {m("bambu_print_progress_percent")} / 100)) * on ({SLOT}) group_left (slot) {INFO}), "place", " ", "printer", "slot")', as_table=True),
             q(f'label_join(max by (printer, slot) (({GRAMS} and on ({SLOT}) {m("bambu_cloud_task_tray_grams")}) * on ({SLOT}) group_left (slot) {INFO}), "place", " ", "printer", "slot")', as_table=True),
             joined="place", order=["place", "Value #A", "Value #B"], hidden=["printer", "slot", "printer 1", "printer 2", "slot 1", "slot 2"],
             renamed={"place": "Slot", "Value #A": "Needs", "Value #B": "Has"}, unit="massg", decimals=0, empty="no plan"),
        lines("Filament left over time", "Each tracked spool. If a line jumps up, the spool was replaced.", 24, 9,
              q(f"max by (printer, slot) ({LEFT} {NAMES})", "{{printer}} {{slot}}"), unit="percent", low=0, high=100,
              limits=[(low, RED), (mark, YELLOW)], empty="no spool is tracked", aside=True),
        rows("Units", "Model, serial number and firmware of each AMS, and the nozzle that it feeds.", 24, 7,
             q(f"max by (printer, unit, model, serial, firmware, nozzle) ({unit_name(m('bambu_ams_info'))})", as_table=True),
             order=["printer", "unit", "model", "nozzle", "firmware", "serial"], hidden=["Value"],
             renamed={"printer": "Printer", "unit": "AMS", "model": "Model", "nozzle": "Nozzle", "firmware": "Firmware", "serial": "Serial"}, empty="no unit"),
    ]
    return board("bambu-ams", "Filament and AMS units.", "now-7d", panels, ANNOTATIONS[:0])
