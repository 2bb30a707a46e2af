"""Usage: hours printed, success, filament, energy and their cost, and hours of nozzles against their maintenance."""

from grafana_foundation_sdk.builders.dashboard import Row

from parts import *

PRINTING = m("bambu_printer_state_seconds_total", 'state="running"')
USED = m("bambu_filament_used_grams_total")
PRICE, INTERVAL = "price_per_kg", "maintenance_hours"
# The counter of a smart plug in kWh: the exporter does not measure energy.
ENERGY, ENERGY_PRICE = "energy_kwh", "price_per_kwh"


def ended(how: str) -> str:
    return f"sum(increase({m(f'bambu_prints_{how}_total')}[7d]))"


def build() -> dict:
    panels = [
        big("Hours printed in 7 days", "Time that all printers spent printing.", 6, f"sum(increase({PRINTING}[7d])) / 3600", "hours", decimals=1, thresholds=steps(BLUE)),
        big("Utilisation in 7 days", "Share of the time that the printers spent printing.", 6, f"avg(increase({PRINTING}[7d])) / 604800", "share", unit="percentunit", thresholds=steps(BLUE)),
        big("Success rate in 7 days", "Finished prints divided by finished and failed ones. Cancelled prints are not counted.", 6,
            f"{ended('finished')}\n/ (({ended('finished')} + {ended('failed')}) > 0)", "success", unit="percentunit", empty="no print ended",
            thresholds=steps(RED, (0.8, YELLOW), (0.95, GREEN))),
        big("Filament cost in 7 days", "Filament used from tracked spools, at the price per kilogram above.", 6,
            f"sum(increase({USED}[7d])) / 1000 * ${PRICE}", "cost", decimals=2, empty="no spool is tracked", thresholds=steps(BLUE)),
        lines("Hours printed per day", "By printer, on each of the last seven days.", 12, 9, q(f"sum by (printer) (increase({PRINTING}[1d])) / 3600", "{{printer}}").interval("1d"),
              unit="none", low=0, stack=True, bars=True, empty="no printer"),
        lines("Filament per day", "By material, on each of the last seven days.", 12, 9, q(f"sum by (type) (increase({USED}[1d]))", "{{type}}").interval("1d"),
              unit="massg", low=0, stack=True, bars=True, empty="no spool is tracked"),
        rows("Filament by material in 7 days", "Weight, and cost at the price per kilogram above.", 12, 8,
             q(f"sum by (type) (increase({USED}[7d]))", as_table=True),
             q(f"sum by (type) (increase({USED}[7d])) / 1000 * ${PRICE}", as_table=True),
             joined="type", order=["type", "Value #A", "Value #B"], renamed={"type": "Material", "Value #A": "Weight", "Value #B": "Cost"}, empty="no spool is tracked",
             overrides=[("Weight", {"unit": "massg"}), ("Cost", {"decimals": 2})]),
        big("Energy in 7 days", "As measured by your smart plugs. Put the name of their counter, in kWh, into the variable above.", 6,
            f"sum(increase(${{{ENERGY}:raw}}[7d]))", "energy", h=8, unit="kwatth", decimals=1, empty="set the variable Energy", thresholds=steps(BLUE)),
        big("Energy cost in 7 days", "The energy of these 7 days, at the price per kWh above.", 6,
            f"sum(increase(${{{ENERGY}:raw}}[7d])) * ${ENERGY_PRICE}", "cost", h=8, decimals=2, empty="set the variable Energy", thresholds=steps(BLUE)),
        Row("Maintenance"),
        big("Nozzles", "Hours of each installed nozzle, as a share of the maintenance interval above.", 12,
            f"max by (printer, nozzle) ({m('bambu_nozzle_print_seconds_total')}) / 3600 / ${INTERVAL}", "{{printer}} {{nozzle}}", h=8, unit="percentunit",
            empty="no nozzle counts its hours", thresholds=steps(GREEN, (0.8, YELLOW), (1, RED))),
        big("Hotends", "Hours of each hotend in a rack, as a share of the maintenance interval above.", 12,
            f"max by (printer, hotend) ({m('bambu_hotend_print_seconds_total')}) / 3600 / ${INTERVAL}", "{{printer}} {{hotend}}", h=8, unit="percentunit",
            empty="no hotend counts its hours", thresholds=steps(GREEN, (0.8, YELLOW), (1, RED))),
    ]
    return board("bambu-usage", "Hours, success, filament and its cost, and maintenance.", "now-7d", panels,
                 numbers=[(PRICE, "Price per kg", "20"), (INTERVAL, "Maintenance after hours", "500"),
                          (ENERGY, "Energy (counter in kWh)", "smart_plug_energy_kwh_total"), (ENERGY_PRICE, "Price per kWh", "0.30")])
