"""Tests that Prometheus evaluates every rule without an error, in each way to scrape, with two exporters."""

import json
import unittest
from pathlib import Path

import hasty
from stack import PROGRAMS, Printers, Prometheus, Server, folder

FLEET = ["--speed=600", "--rate=200ms", "--seed=4", "--printer=X1C:ams,ams_2_pro@studio", "--printer=P1S:ams@garage",
         "--printer=H2D:ams,ams_ht@loft", "--printer=A1 mini:ams_lite@desk", "--printer=X1C:ams@attic",
         "--fault=wet@garage", "--fault=low-filament@garage"]


class RuleHealthTests(unittest.TestCase):
    def setUp(self):
        place = folder()
        self.addCleanup(place.cleanup)
        self.path = Path(place.name)
        self.printers = Printers(
            self.path, *FLEET, adjust=lambda text: text.replace("{\n", "{\n  telemetry: { stale_after: \"3s\" },\n", 1))
        self.addCleanup(self.printers.stop)
        self.shards = [self.shard(index) for index in range(2)]

    def shard(self, index: int) -> str:
        """Starts one of two exporters that share the printers, and returns its address."""
        exporter = Server(
            PROGRAMS / "bambu_exporter", f"--config.file={self.path / 'config.json5'}", f"--shard.index={index}",
            "--shard.count=2", "--web.listen-address=127.0.0.1:0", log=self.path / f"shard{index}.log")
        self.addCleanup(exporter.stop)
        exporter.says('msg="Listening"')
        return exporter.log.read_text().split('Listening" address=')[1].split()[0]

    def check(self, scrape: dict) -> None:
        (self.path / "rules.json").write_text(json.dumps(hasty.rules()))
        prometheus = Prometheus(self.path, {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(self.path / "rules.json")], "scrape_configs": [{"job_name": "bambu", **scrape}],
        })
        self.addCleanup(prometheus.stop)
        prometheus.server.until("an alert fires", lambda: prometheus.query(
            'ALERTS{alertname="BambuAMSHumidityHigh", alertstate="firing"}'), 60)
        self.assertEqual(len(prometheus.query("bambu_up")), 5)
        self.healthy(prometheus)
        self.printers.simulator.stop()
        prometheus.server.until("humidity is remembered of unreachable printers", lambda: prometheus.query(
            "bambu:ams_humidity_raw_percent:held and on (printer) bambu_up == 0"), 60)
        self.healthy(prometheus)

    def healthy(self, prometheus: Prometheus) -> None:
        rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
        self.assertGreater(len(rules), 40)
        self.assertEqual([(r["name"], r.get("lastError")) for r in rules if r["health"] == "err"], [])

    def test_over_metrics_of_two_shards(self):
        self.check({"static_configs": [{"targets": self.shards}]})

    def test_with_a_target_for_each_printer(self):
        self.check({"http_sd_configs": [
            {"url": f"http://{shard}/sd", "refresh_interval": "1s"} for shard in self.shards]})


if __name__ == "__main__":
    unittest.main()
