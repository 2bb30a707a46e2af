"""Tests of the table that scripts/migrate.py prints for a scrape of another exporter."""

from __future__ import annotations

import re
import sys
import tempfile
import unittest
from pathlib import Path

from stack import ROOT, run

sys.path.insert(0, str(ROOT / "scripts"))
import migrate  # noqa: E402

SCRIPT = ROOT / "scripts/migrate.py"


class Migration(unittest.TestCase):
    def found(self, name: str) -> str:
        answer = migrate.answers(f"# TYPE {name} gauge\n{name}{{printer=\"x\"}} 1\n")[name]
        return answer.ours if answer else ""

    def test_a_name_is_found_by_the_printers_field_in_it(self):
        for name, ours in {
            "old_mc_percent": "bambu_print_progress_percent",
            "mc_remaining_time_metric": "bambu_print_remaining_seconds",
            "x_nozzle_temper": "bambu_nozzle_temperature_celsius",
            "x_big_fan1_speed": "bambu_fan_speed_percent",
            "x_wifi_signal": "bambu_wifi_signal_dbm",
            "x_gcode_state": "bambu_printer_state",
            "amsTray_Color": "bambu_ams_tray_info",
        }.items():
            with self.subTest(name):
                self.assertIn(ours, self.found(name))

    def test_every_metric_of_a_known_exporter_is_found_by_name(self):
        known = migrate.peers()
        self.assertEqual(sum(map(len, known.values())), 319)
        marks = {"evanofslack": "device", "TheBlackBush": "printer_name", "bambuddy": "printer_id"}
        for exporter, metrics in known.items():
            label = marks.get(exporter, "printer")
            scrape = "".join(f'{name}{{{label}="x"}} 1\n' for name in metrics)
            with self.subTest(exporter):
                self.assertEqual(migrate.peer(known, scrape), exporter)
                self.assertEqual(migrate.answers(scrape), metrics)

    def test_every_known_metric_has_ours_or_a_reason(self):
        catalogue = set(migrate.catalogue()) | {"bambu_exporter_build_info"}
        for exporter, metrics in migrate.peers().items():
            for name, answer in metrics.items():
                with self.subTest(f"{exporter} {name}"):
                    ours = re.findall(r"bambu_[a-z0-9_]+", answer.ours)
                    self.assertTrue(ours or answer.ours.startswith("none: "), answer.ours)
                    self.assertLessEqual(set(ours), catalogue)

    def test_notes_on_known_metrics_are_true_of_ours(self):
        known = migrate.peers()["TheBlackBush"]
        runtime = known["bambulab_hotend_rack_hotend_runtime_minutes"]
        self.assertTrue(runtime.ours.startswith("none: it is no time but the highest temperature"))
        self.assertIn("bambu_hotend_info", known["bambulab_hotend_rack_hotend_info"].ours)
        self.assertIn("bambu_sdcard_state", known["bambulab_sdcard_status_info"].ours)
        self.assertIn("100 * bambu_print_layer / bambu_print_layers", known["bambulab_print_layer_progress_percent"].ours)
        self.assertIn("absent while it says", known["bambulab_work_light_on"].note)
        for exporter, metrics in migrate.peers().items():
            for name, answer in metrics.items():
                with self.subTest(f"{exporter} {name}"):
                    self.assertNotRegex(answer.note, r"field\.md|not read here|ours says|ours is")

    def test_a_scrape_of_goozoons_exporter_gives_a_warning_of_shared_names(self):
        scrape = 'bambu_printer_state{printer="x"} 1\nbambu_current_layer{printer="x"} 3\nbambu_online{printer="x"} 1\n'
        done = run(sys.executable, SCRIPT, input=scrape)
        self.assertIn("ten of its metrics have the same names as ours but another meaning", done.stderr)
        self.assertIn("| `bambu_current_layer` | `bambu_print_layer` | goozoon's own name |", done.stdout)

    def test_the_longest_field_name_wins(self):
        self.assertIn("bambu_nozzle_target_temperature_celsius", self.found("x_nozzle_target_temper"))

    def test_another_name_is_found_by_similar_words(self):
        for name, ours in {
            # From TheBlackBush's exporter.
            "bambulab_print_layer_total": "`bambu_print_layers`",
            "bambulab_queue_total": "none: 0 in every recording",
            "printer_bed_temp_target": "`bambu_bed_target_temperature_celsius`",
            "hotend_temperature": "`bambu_nozzle_temperature_celsius`",
            "current_layer": "`bambu_print_layer`",
            "lid_open": "`bambu_lid_open`",
            "chamber_light": "`bambu_light_on`",
            "something_else_entirely": "",
        }.items():
            with self.subTest(name):
                self.assertEqual(self.found(name), ours)

    def test_metrics_of_the_process_are_left_out(self):
        scrape = "# HELP go_threads x\ngo_threads 1\nprocess_open_fds 3\npython_info 1\nx_mc_percent 4\n"
        self.assertEqual(list(migrate.answers(scrape)), ["x_mc_percent"])

    def test_it_prints_a_table_with_notes_and_marks_what_it_did_not_find(self):
        with tempfile.TemporaryDirectory() as folder:
            scrape = Path(folder) / "scrape.txt"
            scrape.write_text("x_mc_remaining_time 4\nqueue 3\n")
            lines = run(sys.executable, SCRIPT, scrape).stdout.splitlines()
        self.assertEqual(lines[0], "| old metric | new metric | found by | note |")
        self.assertRegex(lines[2], r"^\| `x_mc_remaining_time` \| `bambu_print_remaining_seconds` \| `mc_remaining_time` \| seconds: .* \|$")
        self.assertRegex(lines[3], r"^\| `queue` \| \| nothing; ")

    def test_input_without_metrics_is_an_error(self):
        done = run(sys.executable, SCRIPT, input="<html>\n", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("The input has no metrics.", done.stderr)

    def test_every_metric_of_the_table_is_ours(self):
        catalogue = migrate.catalogue()
        self.assertGreater(len(catalogue), 60)
        for name in migrate.notes():
            self.assertIn(name, catalogue)
        self.assertGreater(len(migrate.rows()), 20)


if __name__ == "__main__":
    unittest.main()
