"""Tests that Prometheus evaluates every rule without an error, in each way to scrape, with two exporters."""

import json
import unittest
from pathlib import Path

import hasty
from stack import PROGRAMS, SERVERS, Printers, Prometheus, Server, folder

FLEET = ["--speed=600", "--rate=200ms", "--seed=4", "--printer=X1C:ams,ams_2_pro@studio", "--printer=P1S:ams@garage",
         "--printer=H2D:ams,ams_ht@loft", "--printer=A1 mini:ams_lite@desk", "--printer=X1C:ams@attic",
         "--fault=wet@garage", "--fault=low-filament@garage"]
# One printer comes and goes; an X1C sends everything at once when it is back.
FLEET += [f"--fault=disconnect@attic,after={second}s,for=7s" for second in range(8, 300, 15)]


class RuleHealthTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = folder()
        cls.addClassCleanup(place.cleanup)
        cls.path = Path(place.name)
        fast = lambda text: text.replace("{\n", "{\n  telemetry: { stale_after: \"3s\" },\n", 1)
        printers = Printers(cls.path, *FLEET, adjust=fast)
        cls.addClassCleanup(printers.stop)
        cls.shards = [cls.shard(index) for index in range(2)]

    @classmethod
    def shard(cls, index: int) -> str:
        """Starts one of two exporters that share the printers, and returns its address."""
        exporter = Server(
            PROGRAMS / "bambu_exporter", f"--config.file={cls.path / 'config.json5'}", f"--shard.index={index}",
            "--shard.count=2", "--web.listen-address=127.0.0.1:0", log=cls.path / f"shard{index}.log")
        cls.addClassCleanup(exporter.stop)
        exporter.says('msg="Listening"')
        return exporter.log.read_text().split('Listening" address=')[1].split()[0]

    def check(self, name: str, scrape: dict) -> None:
        for number, binaries in enumerate(SERVERS):
            part = self.path / f"{name}{number}"
            part.mkdir()
            (part / "rules.json").write_text(json.dumps(hasty.rules()))
            prometheus = Prometheus(part, {
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                "rule_files": [str(part / "rules.json")], "scrape_configs": [{"job_name": "bambu", **scrape}],
            }, binaries)
            try:
                prometheus.server.until("a printer is unreachable, and its humidity is remembered", lambda: prometheus.query(
                    'bambu:ams_humidity_raw_percent:held and on (printer) bambu_up == 0'), 60)
                prometheus.server.until("an alert fires", lambda: prometheus.query(
                    'ALERTS{alertname="BambuAMSHumidityHigh", alertstate="firing"}'), 60)
                self.assertEqual(len(prometheus.query("bambu_up")), 5)
                rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
                self.assertGreater(len(rules), 40)
                self.assertEqual([(r["name"], r.get("lastError")) for r in rules if r["health"] != "ok"], [])
            finally:
                prometheus.stop()

    def test_every_rule_is_healthy_over_metrics_of_two_shards(self):
        self.check("metrics", {"static_configs": [{"targets": self.shards}]})

    def test_every_rule_is_healthy_with_a_target_for_each_printer(self):
        self.check("discovery", {"http_sd_configs": [
            {"url": f"http://{shard}/sd", "refresh_interval": "1s"} for shard in self.shards]})


if __name__ == "__main__":
    unittest.main()
