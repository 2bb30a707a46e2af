"""What the Debian package puts into /usr/share/doc/bambu-exporter."""

import json
import unittest
from pathlib import Path

import yaml

from links import broken
from stack import DEBIAN, ROOT, folder, run

INSTALLED = "/usr/share/doc/bambu-exporter"


class DocumentTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = folder()
        cls.addClassCleanup(place.cleanup)
        cls.root = Path(place.name)
        run(ROOT / "scripts/documents.sh", cls.root)

    def test_every_link_leads_somewhere(self):
        self.assertGreater(len(list(self.root.rglob("*.md"))), 15)
        self.assertEqual(broken(self.root), [])
        self.assertEqual([file for file in self.root.rglob("*") if not file.exists()], [], "links of the file system")

    def test_nothing_is_compressed(self):
        self.assertEqual(list(self.root.rglob("*.gz")), [])

    def test_grafana_finds_the_dashboards_and_prometheus(self):
        provisioning = self.root / "grafana/provisioning"
        path = yaml.safe_load((provisioning / "dashboards/bambu.yaml").read_text())["providers"][0]["options"]["path"]
        boards = list((self.root / Path(path).relative_to(INSTALLED)).glob("*.json"))
        self.assertEqual(len(boards), 5)
        for board in boards:
            json.loads(board.read_text())
        source = yaml.safe_load((provisioning / "datasources/prometheus.yaml").read_text())["datasources"][0]
        self.assertEqual(source["url"], "http://localhost:9090")
        self.assertTrue((provisioning / "alerting/bambu.yaml").exists())

    def test_prometheus_and_alertmanager_take_what_is_for_them(self):
        run(DEBIAN / "promtool", "check", "rules", self.root / "alerts/bambu.rules.yml")
        run(DEBIAN / "amtool", "check-config", self.root / "alerts/alertmanager.yml")

    def test_the_migration_script_runs_where_it_is_installed(self):
        table = run("/usr/bin/python3", "-S", self.root / "scripts/migrate.py", input="# TYPE bambulab_nozzle_temp gauge\nbambulab_nozzle_temp 210\n").stdout
        self.assertIn("bambu_nozzle_temperature_celsius", table)


if __name__ == "__main__":
    unittest.main()
