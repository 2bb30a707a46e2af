"""Tests that VictoriaMetrics accepts every expression of the rules, and that vmalert accepts the file."""

import shutil
import unittest
import urllib.error
import urllib.parse
from pathlib import Path

from stack import DEBIAN, Server, answers, folder, free_port, get, jsonnet, run
from test_rules import EVERY, RULES


@unittest.skipUnless(shutil.which("victoria-metrics"), "VictoriaMetrics is not installed")
class VictoriaTests(unittest.TestCase):
    def test_it_takes_every_expression(self):
        rules = jsonnet(f"{EVERY}.prometheusRules.groups + {EVERY}.prometheusAlerts.groups")
        with folder() as place:
            address = f"127.0.0.1:{free_port()}"
            server = Server(DEBIAN / "victoria-metrics", f"-storageDataPath={place}/data", f"-httpListenAddr={address}",
                            log=Path(place) / "victoria.log")
            self.addCleanup(server.stop)
            server.until("VictoriaMetrics is ready", lambda: answers(f"http://{address}/health"))
            for rule in (rule for group in rules for rule in group["rules"]):
                with self.subTest(rule.get("alert") or rule["record"]):
                    try:
                        get(f"http://{address}/api/v1/query?{urllib.parse.urlencode({'query': rule['expr']})}")
                    except urllib.error.HTTPError as error:
                        self.fail(error.read().decode())
            server.stop()

    def test_its_rule_engine_takes_the_file(self):
        with folder() as place:
            file = Path(place) / "rules.yml"
            # vmalert supports keep_firing_for from version 1.92 on.
            lines = (line for line in RULES.read_text().splitlines(True) if "keep_firing_for:" not in line)
            file.write_text("".join(lines))
            run(DEBIAN / "vmalert", "-dryRun", f"-rule={file}")


if __name__ == "__main__":
    unittest.main()
