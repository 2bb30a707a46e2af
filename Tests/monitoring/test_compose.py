"""The examples for Docker Compose: taken by docker-compose, with every file that they mount, and one name for each image."""

import re
import unittest
from pathlib import Path

import yaml

from stack import DEBIAN, ROOT, run

EXAMPLES = ROOT / "examples"
FILES = ("compose.yaml", "compose.demo.yaml")


def configured(file: str) -> dict:
    """What docker-compose makes of a file."""
    return yaml.safe_load(run("docker-compose", "--file", EXAMPLES / file, "config").stdout)


class ComposeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = {file: configured(file) for file in FILES}

    def services(self):
        for file, content in self.files.items():
            for name, service in content["services"].items():
                with self.subTest(file=file, service=name):
                    yield name, service

    def test_one_command_starts_everything(self):
        for file, content in self.files.items():
            self.assertLessEqual({"exporter", "prometheus", "alertmanager", "grafana"}, set(content["services"]), file)
            # A profile would have to be named.
            self.assertFalse(any("profiles" in service for service in content["services"].values()), file)

    def test_what_is_ours_is_built_and_what_is_not_is_pinned(self):
        stages = set(re.findall(r"^FROM \S+ AS (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
        for _, service in self.services():
            if service["image"].startswith("localhost/"):
                self.assertEqual(Path(service["build"]["context"]), ROOT)
                self.assertEqual(service["pull_policy"], "build")
                self.assertIn(service["build"].get("target", "exporter"), stages)
            else:
                self.assertRegex(service["image"], r"^docker\.io/.+:v?\d+\.\d+\.\d+$")

    def test_every_mounted_file_exists(self):
        for _, service in self.services():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                if source.startswith("/"):
                    self.assertTrue(Path(source).exists(), source)

    def test_prometheus_finds_the_exporter_and_its_rules(self):
        scrape = yaml.safe_load((EXAMPLES / "compose/prometheus.yml").read_text())
        self.assertEqual(scrape["scrape_configs"][0]["static_configs"][0]["targets"], ["exporter:10883"])
        run(DEBIAN / "promtool", "check", "config", "--syntax-only", EXAMPLES / "compose/prometheus.yml")
        for content in self.files.values():
            self.assertLessEqual(
                {f"{ROOT}/alerts/bambu.rules.yml:/etc/prometheus/bambu.rules.yml:ro",
                 f"{EXAMPLES}/compose/prometheus.yml:/etc/prometheus/prometheus.yml:ro"},
                set(content["services"]["prometheus"]["volumes"]))

    def test_simulated_printers_have_no_place_in_the_history_of_real_ones(self):
        names = self.files["compose.demo.yaml"]["volumes"]
        for volume in ("prometheus", "grafana"):
            self.assertNotEqual(names[volume].get("name"), (self.files["compose.yaml"]["volumes"][volume] or {}).get("name"))

    def test_the_image_has_one_name_everywhere(self):
        found = set()
        for file in ("README.md", "docs/install.md", "scripts/image.sh", "examples/unraid/bambu_exporter.xml", *(f"examples/{f}" for f in FILES)):
            text = (ROOT / file).read_text().replace("bambu_$target", "bambu_exporter")
            names = re.findall(r"(?:-t\s+|image: |docker save |<Repository>|TAG:-|^ +)((?:[\w.-]+/)?bambu_exporter(?::[\w.]+)?)(?=[\s<}]|$)", text, re.MULTILINE)
            self.assertTrue(names, file)
            found |= set(names)
        self.assertEqual(found, {"localhost/bambu_exporter:latest"})


if __name__ == "__main__":
    unittest.main()
