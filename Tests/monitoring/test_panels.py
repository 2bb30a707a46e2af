"""Every query of every panel against running servers: with all printers, with one, and with none."""

import re
import time
import unittest
from pathlib import Path

import hasty
from boards import boards, fill, queries
from stack import ROOT, SERVERS, Printers, Prometheus, folder
from test_dashboards import PENDING

# A fleet that has something for every panel. Its time goes 600 times as fast.
FLEET = ["--speed=600", "--rate=200ms", "--seed=6",
         "--printer=X1C:ams,ams_2_pro@studio", "--printer=P1S:ams@garage", "--printer=H2D:ams,ams_ht@loft",
         "--printer=A1 mini:ams_lite@desk", "--printer=P1S:ams@attic",
         "--fault=wet@garage", "--fault=low-filament@garage", "--fault=drying@studio", "--fault=refuse@attic,after=6s",
         "--fault=failed-print@loft,after=8s,for=1s", "--fault=garbage@studio"]

# Empty with good reason, though the stack is complete.
MAY_BE_EMPTY = {
    "bambu-printer: Health messages and errors: A": "only while a printer complains",
}
RECIPES_MAY_BE_EMPTY = {"What do printers complain of?", "Does the nozzle's target fit the filament?"}


class PanelTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = folder()
        cls.addClassCleanup(place.cleanup)
        path = Path(place.name)
        cls.printers = Printers(
            path, *FLEET, adjust=lambda text: text.replace("{\n", "{\n  telemetry: { stale_after: \"5s\" },\n", 1))
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

    def pending(self, expression: str) -> bool:
        return any(re.search(rf"\b{name}\b", expression) for name in PENDING)

    def test_every_query_returns_data_with_all_printers_and_with_one(self):
        for prometheus in self.stacks:
            for board in boards().values():
                for name, target in queries(board):
                    if self.pending(target["expr"]):
                        self.ask(prometheus, target, ".+")
                        continue
                    with self.subTest(query=name):
                        if name in MAY_BE_EMPTY:
                            self.ask(prometheus, target, ".+")
                            continue
                        self.printers.exporter.until(f"{name} has data:\n{fill(target['expr'])}", lambda: self.ask(prometheus, target, ".+"), 40)
                        # Some things only one printer has: a second nozzle, a dryer, a refused code.
                        self.printers.exporter.until(f"{name} has data with one printer", lambda: any(
                            self.ask(prometheus, target, p) for p in ("studio", "garage", "loft", "desk", "attic")), 40)

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
            for title, expression in recipes:
                if self.pending(expression) or title in RECIPES_MAY_BE_EMPTY:
                    prometheus.query(expression)
                    continue
                with self.subTest(recipe=title):
                    self.printers.exporter.until(f"{title} has data", lambda: prometheus.query(expression), 40)

    def test_nothing_errors_with_no_printer_and_with_no_data(self):
        for prometheus in self.stacks:
            for board in boards().values():
                for _, target in queries(board):
                    self.ask(prometheus, target, "nobody")
                    now = time.time()
                    prometheus.range(fill(target["expr"], job="nothing", instance="nothing"), now - 60, now, 30)


if __name__ == "__main__":
    unittest.main()
