"""Tests of the rules: rendered from the mixin, valid, each with cases and a runbook."""

import json
import re
import sys
import textwrap
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stack import DEBIAN, ROOT, SERVERS, folder, jsonnet, run

ALERTS = ROOT / "alerts"
RULES = ALERTS / "bambu.rules.yml"
TESTS = ALERTS / "bambu.rules.test.yml"
# Cases that last longer than a day; promtool takes twice as long for them as for all others together.
DAY_TESTS = ALERTS / "bambu.day.test.yml"
OPTIONAL_TESTS = ALERTS / "bambu.optional.test.yml"

NAMES = """BambuExporterDown BambuExporterMissing BambuExporterConfigReloadFailed BambuPrinterOffline
BambuPrinterLostWhilePrinting BambuTelemetryStale BambuPrinterUnauthorized BambuCertificateExpiresSoon BambuPrintFailed
BambuPrintPaused BambuPrintError BambuHMSMessage BambuNozzleOvertemperature BambuBedOvertemperature BambuAMSHumidityHigh
BambuAMSHumidityIndexLow BambuAMSTemperatureHigh BambuAMSDesiccantExhausted BambuAMSDryingFinished BambuFilamentLow
BambuFilamentLowInUse BambuFilamentRunsOutBeforeEnd BambuCameraDown BambuCameraFrozen BambuCameraSlow
BambuCloudTokenExpiresSoon BambuCloudTokenExpired BambuCloudUnreachable BambuExporterRestarting BambuPrintersLostTogether
BambuReportsRejected BambuSDCardFault BambuPrintFinished BambuPrintStalled BambuAMSVanished
BambuFirmwareUpdateAvailable""".split()
RUNBOOKS = "https://github.com/bambu-exporter/bambu_exporter/blob/main/docs/runbooks.md#"
OPTIONAL = ["BambuCertificateExpiresSoon", "BambuFirmwareUpdateAvailable"]
EVERY = "((import 'mixin.libsonnet') { _config+:: { optional: { certificates: true, firmwareUpdates: true } } })"


def alerts(mixin: str = "(import 'mixin.libsonnet')") -> list[dict]:
    return [rule for group in jsonnet(f"{mixin}.prometheusAlerts.groups") for rule in group["rules"]]


class RuleTests(unittest.TestCase):
    def test_rendered_files_are_the_mixin(self):
        run(sys.executable, ALERTS / "render.py", "--check")

    def test_promtool_accepts_the_rules_and_every_case_holds(self):
        with ThreadPoolExecutor() as side:
            long = side.submit(run, SERVERS[-1] / "promtool", "test", "rules", DAY_TESTS)
            for binaries in SERVERS:
                run(binaries / "promtool", "check", "rules", "--lint=all", "--lint-fatal", RULES)
                run(binaries / "promtool", "test", "rules", TESTS)
            long.result()

    def test_names_are_the_fixed_ones(self):
        self.assertEqual({a["alert"] for a in alerts(EVERY)}, set(NAMES))
        self.assertEqual({a["alert"] for a in alerts()}, set(NAMES) - set(OPTIONAL))

    def test_the_cases_of_the_optional_alerts_hold(self):
        with folder() as place:
            self.cases(Path(place), OPTIONAL_TESTS.read_text(), jsonnet(f"{EVERY}.prometheusAlerts.groups"))

    def test_alerts_keep_every_label_of_their_target(self):
        """If every series has a label namespace, every alert and every recorded series has it too."""
        def labelled(text: str) -> str:
            text = re.sub(r"exp_labels: \{(?! severity: \"critical\" \})", 'exp_labels: { namespace: "lab",', text)
            return re.sub(r"\{(?=job=)", '{namespace="lab",', text)

        groups = jsonnet(f"{EVERY}.prometheusRules.groups + {EVERY}.prometheusAlerts.groups")
        with folder() as place:
            self.cases(Path(place), labelled(TESTS.read_text()), groups)

    @staticmethod
    def cases(place: Path, text: str, groups: list[dict]) -> None:
        """Runs cases with promtool against other rules than the rendered ones."""
        (place / "bambu.rules.yml").write_text(json.dumps({"groups": groups}))
        (place / "cases.yml").write_text(text)
        run(DEBIAN / "promtool", "test", "rules", place / "cases.yml")

    def test_every_alert_has_cases_that_fire_and_cases_that_do_not(self):
        text = TESTS.read_text() + DAY_TESTS.read_text() + OPTIONAL_TESTS.read_text()
        for name in NAMES:
            silent = re.findall(rf"alertname: {name}, eval_time: \w+, exp_alerts: \[\]", text)
            self.assertGreaterEqual(len(silent), 2, f"{name}: before its time, and after the cause")
            firing = re.findall(rf"alertname: {name}\n(?:    .*\n)*", text)
            count = max(block.count("exp_labels") for block in firing)
            self.assertGreaterEqual(count, 1 if name == "BambuExporterMissing" else 2, f"{name}: series at once")

    def test_every_alert_says_how_bad_it_is_and_what_to_do(self):
        for alert in alerts(EVERY):
            self.assertIn(alert["labels"]["severity"], ("critical", "warning", "info"))
            self.assertEqual(set(alert["annotations"]), {"summary", "description", "runbook_url"})
            if alert["alert"] in ("BambuPrinterLostWhilePrinting", "BambuFilamentLowInUse", "BambuFilamentRunsOutBeforeEnd"):
                self.assertNotEqual(alert["labels"]["severity"], "info")

    def test_runbooks_and_alerts_are_the_same(self):
        headings = re.findall(r"^## (Bambu\w+)$", (ROOT / "docs/runbooks.md").read_text(), re.M)
        self.assertEqual(sorted(headings), sorted(NAMES))
        for alert in alerts(EVERY):
            self.assertEqual(alert["annotations"]["runbook_url"], f"{RUNBOOKS}{alert['alert'].lower()}")
        moved = alerts("((import 'mixin.libsonnet') { _config+:: { runbooks: 'https://wiki.example/' } })")
        self.assertIn("https://wiki.example/bambuexporterdown", [a["annotations"]["runbook_url"] for a in moved])

    def test_a_cluster_label_is_added_in_one_place(self):
        changed = alerts("((import 'mixin.libsonnet') { _config+:: { exporterLabels: ['cluster', 'job', 'instance'] } })")
        for before, after in zip(alerts(), changed):
            joins = re.findall(r"\bon \(job, instance", before["expr"])
            self.assertEqual(len(re.findall(r"\bon \(cluster, job, instance", after["expr"])), len(joins))
            self.assertNotRegex(after["expr"], r"(on|by) \(job")
        with folder() as place:
            file = Path(place) / "rules.json"
            file.write_text(json.dumps({"groups": [{"name": "x", "rules": changed}]}))
            run(DEBIAN / "promtool", "check", "rules", file)

    def test_thresholds_are_tuned_in_one_place(self):
        changed = alerts("((import 'mixin.libsonnet') { _config+:: { humidityPercent+: { warning: 35 } } })")
        expressions = [a["expr"] for a in changed if a["alert"] == "BambuAMSHumidityHigh"]
        self.assertTrue(any("> 35\n" in e for e in expressions) and not any("> 40\n" in e for e in expressions))

    def test_the_cases_can_fail(self):
        """Without its `for`, each alert fires too early, and its case fails."""
        mixin = "(import 'mixin.libsonnet')"
        groups = jsonnet(f"{mixin}.prometheusRules.groups + {mixin}.prometheusAlerts.groups")
        hasty = {rule["alert"] for group in groups for rule in group["rules"] if rule.pop("for", None)}
        self.assertGreater(len(hasty), 20)
        with folder() as place:
            cases = Path(place) / "bambu.rules.test.yml"
            cases.write_text(TESTS.read_text())
            (Path(place) / "bambu.rules.yml").write_text(json.dumps({"groups": groups}))
            failed = run(DEBIAN / "promtool", "test", "rules", cases, check=False)
            # Its cases last longer than a day.
            hasty.remove("BambuAMSDesiccantExhausted")
            self.assertEqual(hasty, set(re.findall(r"alertname: (\w+), time", failed.stdout + failed.stderr)))


class AlertmanagerTests(unittest.TestCase):
    FILE = ALERTS / "alertmanager.yml"

    def route(self, **labels: str) -> str:
        return run(DEBIAN / "amtool", "config", "routes", "test", f"--config.file={self.FILE}",
                   *(f"{k}={v}" for k, v in labels.items())).stdout.strip()

    def test_amtool_accepts_the_example(self):
        for binaries in SERVERS:
            run(binaries / "amtool", "check-config", self.FILE)

    def test_humidity_and_filament_go_to_receivers_of_their_own(self):
        for name in NAMES:
            for severity in ("critical", "warning", "info"):
                expected = ("humidity" if name.startswith("BambuAMS") else "filament" if name.startswith("BambuFilament")
                            else "night" if severity == "critical" else "workshop")
                if name in ("BambuAMSHumidityHigh", "BambuFilamentLow", "BambuPrintFailed", "BambuPrinterLostWhilePrinting"):
                    self.assertEqual(self.route(alertname=name, severity=severity), expected)


class GrafanaRuleTests(unittest.TestCase):
    """Grafana evaluates the same rules. Its templates cannot query, so the expression adds what they need as labels."""

    @staticmethod
    def rules() -> list[dict]:
        provisioned = jsonnet("(import 'mixin.libsonnet').grafanaAlerts")
        return [rule for group in provisioned["groups"] for rule in group["rules"]]

    def test_the_words_of_another_series_are_labels(self):
        """Evaluates each rule's expression in Prometheus: the label is there if the other series exists, and absent otherwise."""
        groups = [{"name": "grafana", "rules": [
            {"alert": rule["uid"], "expr": rule["data"][0]["model"]["expr"].replace("$$", "$")} for rule in self.rules()]}]
        case = """
            rule_files: [bambu.rules.yml]
            evaluation_interval: 1m
            tests:
            - interval: 1m
              input_series:
              - { series: 'bambu_up{job="b",instance="e",printer="garage"}', values: '0x9' }
              - { series: 'bambu_up{job="b",instance="e",printer="desk"}', values: '0x9' }
              - { series: 'bambu_down_reason_info{job="b",instance="e",printer="garage",reason="timeout"}', values: '1x9' }
              - { series: 'bambu_prints_failed_total{job="b",instance="e",printer="garage"}', values: '0x4 1x5' }
              - { series: 'bambu_print_job_info{job="b",instance="e",printer="garage",task="Vase",file="a"}', values: '1x5 stale' }
              - { series: 'bambu_print_job_info{job="b",instance="e",printer="garage",task="Lamp",file="a"}', values: '_x6 1x3' }
              - { series: 'bambu_printer_state{job="b",instance="e",printer="garage",state="failed"}', values: '0x4 1 0x3' }
              - { series: 'bambu_print_error_info{job="b",instance="e",printer="garage",code="0300_8008",text=""}', values: '1x9' }
              - { series: 'bambu_printer_state{job="b",instance="e",printer="barn",state="pause"}', values: '1x9' }
              - { series: 'bambu_print_progress_percent{job="b",instance="e",printer="barn"}', values: '43.4x9' }
              alert_rule_test:
              - alertname: bambuprinteroffline-info
                eval_time: 5m
                exp_alerts:
                - exp_labels: { job: "b", instance: "e", printer: "garage", reason: "timeout" }
                - exp_labels: { job: "b", instance: "e", printer: "desk" }
              - alertname: bambuprintfailed-warning
                eval_time: 7m
                exp_alerts:
                - exp_labels: { job: "b", instance: "e", printer: "garage", task: "Vase", code: "0300_8008" }
              - alertname: bambuprintpaused-warning
                eval_time: 7m
                exp_alerts:
                - exp_labels: { job: "b", instance: "e", printer: "barn", state: "pause", percent: "43" }
        """
        with folder() as place:
            RuleTests.cases(Path(place), textwrap.dedent(case), groups)
        shown = [json.dumps(rule["annotations"]) for rule in self.rules()]
        self.assertGreater(sum("with $$labels." in text for text in shown), 6)

    def test_the_rules_are_the_same(self):
        rules = self.rules()
        self.assertEqual(len(rules), len(alerts()))
        self.assertEqual(len({rule["uid"] for rule in rules}), len(rules))
        for ours, theirs in zip(alerts(), rules):
            self.assertLessEqual(len(theirs["uid"]), 40)
            # A rule that joins labels contains the expression.
            lines = [line.strip() for line in ours["expr"].splitlines()]
            self.assertLessEqual(set(lines), {line.strip() for line in theirs["data"][0]["model"]["expr"].splitlines()})
            self.assertEqual(theirs["for"], ours.get("for", "0s"))
            self.assertEqual(theirs.get("keepFiringFor"), ours.get("keep_firing_for"))
            self.assertEqual(theirs["labels"], ours["labels"])
            text = json.dumps(theirs["annotations"])
            self.assertNotIn("query", text)
            self.assertNotRegex(text, r"\$value\b")
            # A single dollar would be an environment variable.
            self.assertNotRegex(text.replace("$$", ""), r"\$")


if __name__ == "__main__":
    unittest.main()
