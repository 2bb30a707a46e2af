"""Tests of the dashboards: generated from code, correct by the rules of Grafana's dashboard-linter, only with existing metrics."""

import json
import re
import sys
import unittest

import promql_parser as promql
from grafana_foundation_sdk.models.dashboard import Dashboard

from boards import FOREIGN, boards, catalogue, fill, metric_names, nodes, panels, queries, selectors
from stack import ROOT, jsonnet, run
from test_rules import alerts

MIXIN = "(import 'mixin.libsonnet')"
# Units of @grafana/data that the dashboards use.
UNITS = {"none", "percent", "percentunit", "celsius", "humidity", "massg", "dBm", "s", "dthms", "dtdhms", "bytes", "Bps", "reqps",
         "cps", "dateTimeAsIso", "dateTimeFromNow", "time:HH:mm", "kwatth"}

# The printer counts these since the part was new, so the panel shows the value itself.
LIFETIMES = {"bambu_nozzle_print_seconds_total", "bambu_hotend_print_seconds_total"}


def metrics() -> dict[str, set[str]]:
    return catalogue() | {name: labels | {"job", "instance", "__name__"} for name, labels in FOREIGN.items()}


def recorded() -> set[str]:
    return {rule["record"] for group in jsonnet(f"{MIXIN}.prometheusRules.groups") for rule in group["rules"]}


class GeneratedTests(unittest.TestCase):
    def test_committed_files_are_what_the_code_generates(self):
        run(sys.executable, ROOT / "grafana/generate", "--check")

    def test_the_oldest_grafana_is_stated_everywhere(self):
        for name, board in boards().items():
            oldest = board["__requires"][0]["version"].removesuffix(".0")
            self.assertIn(f"Grafana {oldest} or newer", board["description"], name)
            for page in "README.md", "docs/dashboards.md":
                self.assertIn(f"Grafana {oldest} or newer", " ".join((ROOT / page).read_text().split()), page)
            pinned = re.search(r"grafana/grafana:(\d+)\.(\d+)", (ROOT / "examples/compose.yaml").read_text())
            self.assertGreaterEqual(tuple(map(int, pinned.groups())), tuple(map(int, oldest.split("."))))

    def test_the_typed_model_reads_them_without_loss(self):
        for name, board in boards().items():
            read = Dashboard.from_json(json.loads(json.dumps(board)))
            self.assertEqual(len(read.panels), len(board["panels"]), name)

    def test_thresholds_are_those_of_the_rules(self):
        limits = jsonnet("(import 'config.libsonnet')._config")
        found = {}
        for board in boards().values():
            for panel in panels(board):
                steps = panel.get("fieldConfig", {}).get("defaults", {}).get("thresholds", {}).get("steps", [])
                found[panel.get("title")] = [step["value"] for step in steps if step.get("value") is not None]
        self.assertEqual(found["Humidity"], list(limits["humidityPercent"].values())[::-1])  # warning, critical
        self.assertEqual(found["Temperature in the AMS"], [limits["amsCelsius"]])
        self.assertEqual(found["Nozzle"], [limits["nozzle"]["celsius"]])
        self.assertEqual(found["Bed"], [limits["bed"]["celsius"]])
        self.assertEqual(found["Spools"], [10, 20])
        self.assertEqual(limits["filamentPercent"]["low"], 10)
        rules = {(a["alert"], a["labels"]["severity"]): a["expr"] for a in alerts()}
        self.assertIn("< 10", rules["BambuFilamentLow", "info"])
        self.assertIn("> 40", rules["BambuAMSHumidityHigh", "warning"])
        self.assertIn("> 60", rules["BambuAMSHumidityHigh", "critical"])


class CatalogueTests(unittest.TestCase):
    def everything(self):
        for board in boards().values():
            for name, target in queries(board):
                yield name, fill(target["expr"])
        for alert in alerts():
            yield alert["alert"], alert["expr"]
        for group in jsonnet(f"{MIXIN}.prometheusRules.groups"):
            for rule in group["rules"]:
                yield rule["record"], rule["expr"]

    def test_every_metric_and_label_is_in_the_catalogue(self):
        known, own = metrics(), recorded()
        for name, expression in self.everything():
            for selector in selectors(expression):
                for metric in metric_names(selector):
                    if metric in own:
                        continue
                    self.assertIn(metric, known, name)
                    for matcher in selector.matchers.matchers:
                        self.assertIn(matcher.name, known[metric] | {"printer"} if metric == "ALERTS" else known[metric], f"{name}: {metric}")

    def test_every_metric_is_shown_or_it_is_said_why_not(self):
        shown = {metric for board in boards().values() for _, target in queries(board)
                 for selector in selectors(fill(target["expr"])) for metric in metric_names(selector)}
        text = (ROOT / "docs/dashboards.md").read_text()
        excused = set(re.findall(r"^\| `(\w+)` \|", text.split("## Not on a panel")[1], re.M))
        everything = set(catalogue())
        self.assertEqual(everything - shown - excused, set(), "neither on a panel nor excused")
        self.assertEqual(excused & shown, set(), "excused, and shown all the same")
        self.assertEqual(excused - everything, set(), "excused, and no metric")


class LinterTests(unittest.TestCase):
    """The 17 rules of Grafana's dashboard-linter, by their names there; the linter is not available as a package."""

    def each(self, *types: str):
        for board in boards().values():
            for panel in panels(board):
                if not types or panel["type"] in types:
                    yield board, panel

    def variable(self, board: dict, name: str) -> dict:
        found = [v for v in board["templating"]["list"] if v["name"] == name]
        self.assertEqual(len(found), 1, f"{board['uid']}: {name}")
        return found[0]

    def targets(self):
        for board in boards().values():
            for _, target in queries(board):
                yield target, promql.parse(fill(target["expr"]))

    def test_template_datasource(self):
        for board in boards().values():
            sources = [v for v in board["templating"]["list"] if v["type"] == "datasource"]
            self.assertEqual([(v["name"], v["label"], v["query"]) for v in sources], [("datasource", "Data source", "prometheus")])

    def test_template_job_and_template_instance(self):
        for board in boards().values():
            for name, label in (("job", "Job"), ("instance", "Instance")):
                v = self.variable(board, name)
                self.assertEqual((v["type"], v["label"], v["multi"], v["allValue"]), ("query", label, True, ".+"))
                self.assertIn(v["datasource"]["uid"], ("$datasource", "${datasource}"))

    def test_template_label_promql(self):
        for board in boards().values():
            for v in board["templating"]["list"]:
                if v["type"] == "query":
                    inside = re.fullmatch(r"label_values\((.*), (\w+)\)", v["query"]["query"])
                    self.assertIsNotNone(inside, v["name"])
                    promql.parse(fill(inside[1]))

    def test_template_on_time_change_reload(self):
        for board in boards().values():
            for v in board["templating"]["list"]:
                self.assertTrue(v["type"] != "query" or v["refresh"] == 2)

    def test_panel_datasource(self):
        for _, panel in self.each("stat", "table", "timeseries", "bargauge", "state-timeline"):
            self.assertEqual(panel["datasource"]["uid"], "${datasource}")
            self.assertTrue(all(t["datasource"]["uid"] == "${datasource}" for t in panel["targets"]))

    def test_panel_title_description(self):
        for _, panel in self.each():
            if panel["type"] not in ("text", "row"):
                self.assertTrue(panel.get("title") and panel.get("description"))

    def test_panel_units(self):
        for _, panel in self.each("stat", "table", "timeseries", "bargauge", "state-timeline"):
            config = panel["fieldConfig"]
            self.assertIn(config["defaults"].get("unit"), UNITS)
            for override in config["overrides"]:
                for p in override["properties"]:
                    self.assertTrue(p["id"] != "unit" or p["value"] in UNITS, p)

    def test_panel_no_targets(self):
        for _, panel in self.each():
            self.assertTrue(panel["type"] in ("text", "row") or panel["targets"])

    def test_target_promql(self):
        self.assertGreater(len(list(self.targets())), 80)

    def test_target_rate_interval(self):
        """rate and similar functions use the dashboard's interval, unless the panel is about a fixed time such as a day or a week."""
        for target, _ in self.targets():
            for window in re.findall(r"\b(?:i?rate|increase|delta)\([^\[]*\[([^\]]+)\]", target["expr"]):
                self.assertIn(window, ("$__rate_interval", "1d", "7d"))

    def test_target_job_and_target_instance(self):
        for target, tree in self.targets():
            for selector in (n for n in nodes(tree) if isinstance(n, promql.VectorSelector)):
                given = {m.name: m.value for m in selector.matchers.matchers}
                # An alert may have neither, if no exporter is there.
                expected = ".+|" if 'alertname=~"Bambu.*"' in selector.prettify() else ".+"
                self.assertEqual((given.get("job"), given.get("instance")), (expected, expected), selector.prettify())
            self.assertNotIn('job="', target["expr"])

    def test_target_counter_agg(self):
        for target, tree in self.targets():
            for selector in nodes(tree, ranges=False):
                if isinstance(selector, promql.VectorSelector) and selector.name not in LIFETIMES:
                    self.assertFalse((selector.name or "").endswith("_total"), target["expr"])

    def test_target_logql_and_target_logql_auto(self):
        """There are no log queries: Prometheus is the source of every target."""
        for _, panel in self.each():
            self.assertTrue(all(t["datasource"]["type"] == "prometheus" for t in panel.get("targets", [])))

    def test_dashboards_are_editable_after_import(self):
        """The linter's rule uneditable-dashboard is not followed, because users adapt what they import."""
        for board in boards().values():
            self.assertIs(board["editable"], True)

    # Our own rules.

    def test_cells_show_colours_only_by_value_mappings(self):
        """Grafana's pill cell hashes text into a palette, so a pill does not show the colour that its text names."""
        for _, panel in self.each("table"):
            properties = [p for o in panel["fieldConfig"]["overrides"] for p in o["properties"] if p["id"] == "custom.cellOptions"]
            self.assertNotIn("pill", [p["value"]["type"] for p in properties], panel["title"])

    def test_spool_colours_come_from_a_query_of_the_panel(self):
        for uid in ("bambu-ams", "bambu-printer"):
            panel = next(p for p in panels(boards()[uid]) if p.get("title") == "Spools")
            step = panel["transformations"][0]
            self.assertEqual((step["id"], step["options"]["applyTo"]), ("configFromData", {"id": "byName", "options": "color"}))
            self.assertIn(step["options"]["configRefId"], [t["refId"] for t in panel["targets"]])
            handlers = {m["fieldName"]: m["handlerKey"] for m in step["options"]["mappings"]}
            self.assertEqual((handlers["color"], handlers["paint"]), ("mappings.value", "mappings.color"))

    def test_links_to_a_printer_keep_the_other_variables(self):
        links = [link["url"] for _, panel in self.each("table") for o in panel["fieldConfig"]["overrides"]
                 for p in o["properties"] if p["id"] == "links" for link in p["value"] if "/d/bambu-printer" in link["url"]]
        self.assertTrue(links)
        for url in links:
            for name in ("datasource", "job", "instance"):
                self.assertIn(f"${{{name}:queryparam}}", url)

    def test_progress_and_time_left_are_never_summed(self):
        for target, _ in self.targets():
            self.assertNotRegex(target["expr"], r"sum by \(printer\) \(bambu_print_(progress_percent|remaining_seconds)")

    def test_firing_alerts_include_those_without_a_printer(self):
        found = [t["expr"] for t, _ in self.targets() if 'alertname=~"Bambu.*"' in t["expr"]]
        self.assertTrue(found)
        self.assertTrue(all('printer=~".+|"' in fill(e) for e in found))

    def test_errors_are_those_of_the_alert(self):
        codes = "|".join(jsonnet("(import 'config.libsonnet')._config.printErrorsIgnored"))
        found = [t["expr"] for t, _ in self.targets() if "bambu_print_error_info" in t["expr"]]
        self.assertEqual(len(found), 2)
        for expression in found:
            self.assertIn(f'code!~"{codes}"', expression)
            self.assertIn('state="idle"', expression)

    def test_the_printer_dashboard_shows_one_printer_at_first(self):
        self.assertFalse(self.variable(boards()["bambu-printer"], "printer").get("includeAll", False))

    def test_every_panel_says_what_it_shows_when_there_is_nothing(self):
        for _, panel in self.each():
            if panel["type"] not in ("text", "row"):
                self.assertTrue(panel["fieldConfig"]["defaults"].get("noValue"))

    def test_dashboards_lead_to_each_other(self):
        for name, board in boards().items():
            self.assertEqual({link["url"][3:] for link in board["links"]}, set(boards()) - {name})
            self.assertTrue(all(link["includeVars"] and link["keepTime"] for link in board["links"]))

    def test_panels_fill_the_grid_and_do_not_overlap(self):
        for board, _ in zip(boards().values(), range(9)):
            taken = set()
            for panel in panels(board):
                g = panel["gridPos"]
                cells = {(x, y) for x in range(g["x"], g["x"] + g["w"]) for y in range(g["y"], g["y"] + g["h"])}
                self.assertFalse(cells & taken, f"{board['uid']}: {panel.get('title')}")
                self.assertLessEqual(g["x"] + g["w"], 24)
                taken |= cells


if __name__ == "__main__":
    unittest.main()
