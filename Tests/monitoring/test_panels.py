"""Runs every query of every panel on real servers: with all printers, with one, and with none."""

import json
import re
import time
import unittest
from pathlib import Path

import hasty
from boards import boards, fill, queries
from stack import ROOT, SERVERS, Printers, Prometheus, eventually, folder

# A fleet with data for every panel, at 600 times the normal speed.
FLEET = ["--speed=600", "--rate=200ms", "--seed=6",
         "--printer=X1C:ams,ams_2_pro@studio", "--printer=P1S:ams@garage", "--printer=H2D:ams,ams_ht@loft",
         "--printer=A1 mini:ams_lite@desk", "--printer=P1S:ams@attic", "--account-printer=P1S:ams@cellar",
         "--fault=wet@garage", "--fault=low-filament@garage", "--fault=refuse@attic,after=6s",
         "--fault=failed-print@loft,after=8s,for=1s", "--fault=garbage@studio"]
# One printer is always out of filament: at this speed a new spool is inserted after a second.
FLEET += ["--printer=P1P:ams@barn"] + [f"--fault=ran-out@barn,after={second}s" for second in range(3, 300, 3)]
# Twelve hours of drying take 72 seconds; a unit must be drying all the time.
FLEET += [f"--fault=drying@studio,after={second}s" for second in range(0, 300, 60)]

# A rack of hotends.
FLEET += ["--printer=H2C:ams@annex"]

PRINTERS = ("studio", "garage", "loft", "desk", "attic", "barn", "cellar", "annex")


# What codes mean, in the shape of the maker's catalogue; the words are made up.
WORDS = {"result": 0, "ver": 1, "data": {
    "device_hms": {"en": [{"ecode": f"0700{slot}0000020001", "intro": "A slot is empty."} for slot in range(20, 24)]},
    "device_error": {"en": [{"ecode": "07008011", "intro": "The spool has ended."}]}}}


class PanelTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = folder()
        cls.addClassCleanup(place.cleanup)
        path = Path(place.name)
        words = path / "words.json"
        words.write_text(json.dumps(WORDS))
        settings = f'{{\n  telemetry: {{ stale_after: "5s" }},\n  fault_texts: {{ file: "{words}" }},\n'
        cls.printers = Printers(path, *FLEET, adjust=lambda text: text.replace("{\n", settings, 1))
        cls.addClassCleanup(cls.printers.stop)
        cls.stacks = []
        for number, binaries in enumerate(SERVERS):
            part = path / str(number)
            part.mkdir()
            prometheus = hasty.prometheus(part, cls.printers.address, None, binaries)
            cls.addClassCleanup(prometheus.stop)
            cls.stacks.append(prometheus)

    def ask(self, prometheus: Prometheus, target: dict, printer: str) -> list:
        expression = fill(target["expr"], printer=printer)
        if target.get("instant"):
            return prometheus.query(expression)
        now = time.time()
        return prometheus.range(expression, now - 60, now, 1)

    def missing(self, wanted: dict, has_data, within: float = 75) -> list[str]:
        """The names of queries without data, after repeated attempts."""
        end = time.monotonic() + within
        while True:
            wanted = {name: what for name, what in wanted.items() if not has_data(what)}
            if not wanted or time.monotonic() > end:
                return sorted(wanted)
            time.sleep(0.5)

    def test_every_query_returns_data_with_all_printers_and_with_one(self):
        # Every exporter of this stack is up, so the panel about exporters that are down is empty.
        asked = {name: target for board in boards().values() for name, target in queries(board) if "Exporters that are down" not in name}
        for prometheus in self.stacks:
            self.assertEqual(self.missing(asked, lambda target: self.ask(prometheus, target, ".+")), [])
            # Some data exists for only one printer: a second nozzle, a rack of hotends, a dryer, a refused code.
            self.assertEqual(self.missing(asked, lambda target: any(
                self.ask(prometheus, target, name) for name in PRINTERS)), [])

    def test_complaints_are_shown_in_words(self):
        panel = next(target for _, target in queries(boards()["bambu-printer"]) if "bambu_hms_message_active" in target["expr"])
        shown = set()

        def look() -> bool:
            shown.update(series["metric"].get("text", "") for series in self.ask(self.stacks[0], panel, "barn"))
            return {"A slot is empty.", "The spool has ended."} <= shown

        eventually("a message and an error are shown in words", look)

    def test_one_printer_is_one_printer(self):
        prometheus = self.stacks[0]
        for board in boards().values():
            for name, target in queries(board):
                for series in self.ask(prometheus, target, "garage"):
                    self.assertEqual(series["metric"].get("printer", "garage"), "garage", name)

    def test_every_recipe_gives_data(self):
        text = (ROOT / "docs/queries.md").read_text()
        recipes = re.findall(r"^### (.*?)\n.*?```promql\n(.*?)```", text, re.M | re.S)
        self.assertGreaterEqual(len(recipes), 20)
        self.assertEqual(len(recipes), text.count("```promql"))
        for prometheus in self.stacks:
            for _, expression in recipes:
                prometheus.query(expression)
            # A month has a step every five minutes; this stack is younger than one.
            recipes = [(title, text.replace("[30d:5m]", "[10m:1s]")) for title, text in recipes]
            self.assertEqual(self.missing(dict(recipes), prometheus.query), [])

    def test_nothing_errors_with_no_printer_and_with_no_data(self):
        for prometheus in self.stacks:
            for board in boards().values():
                for _, target in queries(board):
                    self.ask(prometheus, target, "no such printer")
                    now = time.time()
                    prometheus.range(fill(target["expr"], job="nothing", instance="nothing"), now - 60, now, 30)


if __name__ == "__main__":
    unittest.main()
