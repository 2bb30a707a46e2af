"""`make demo` and `make demo-stack`, as a person sees them."""

import os
import re
import unittest
from pathlib import Path

from stack import PROGRAMS, ROOT, folder, run
from terminal import COLUMNS, Terminal

# Both promise to end within a second; a busy machine gets another one.
END = 2


def clocks(lines: list[str]) -> list[str]:
    return [line for line in lines if re.fullmatch(r"\d\d:\d\d:\d\d", line)]


class DemoTests(unittest.TestCase):
    def setUp(self):
        place = folder()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)

    def test_a_terminal_shows_one_table_that_is_redrawn_in_place(self):
        demo = Terminal(ROOT / "scripts/demo.sh", PROGRAMS, TMPDIR=str(self.place))
        self.addCleanup(demo.stop)
        demo.until("three tables are drawn", lambda: len(clocks(demo.lines)) >= 3)
        self.assertEqual(len(clocks(demo.seen)), 1, demo.seen)
        self.assertEqual(len(demo.screen.history.top), 0, "it scrolled")
        self.assertLessEqual(max(map(len, demo.lines)), COLUMNS, demo.lines)
        for printer in ("studio", "garage", "desk", "attic"):
            # One row of the printer, and one for each AMS.
            self.assertGreaterEqual(len([row for row in demo.seen if row.startswith(printer)]), 2, demo.seen)
        self.assertLess(demo.interrupt(), END)
        self.assertEqual(list(self.place.iterdir()), [])
        self.assertFalse(demo.screen.cursor.hidden)
        self.assertIn(b"\x1b[?7h", demo.bytes, "line wrap stays off")

    def test_elsewhere_lines_are_appended_without_control_sequences(self):
        done = run(ROOT / "scripts/demo.sh", PROGRAMS, env=os.environ | {"ROUNDS": "2", "TMPDIR": str(self.place)})
        self.assertNotIn("\x1b", done.stdout)
        self.assertEqual(len(clocks(done.stdout.splitlines())), 2)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), COLUMNS)
        self.assertEqual(list(self.place.iterdir()), [])


class TargetTests(unittest.TestCase):
    def test_builds_leave_no_temporary_folder(self):
        for target in ("demo", "demo-stack"):
            plan = run("make", "--dry-run", "--directory", ROOT, target).stdout.splitlines()
            builds = [line for line in plan if "swift build" in line]
            self.assertEqual(len(builds), 2)
            for line in builds:
                self.assertIn(f"TMPDIR={ROOT}/.build/tmp ", line)

    def test_the_stack_installs_only_what_it_uses(self):
        plan = run("make", "--dry-run", "--directory", ROOT, "demo-stack").stdout
        for other in ("pip", "ffmpeg", "gstreamer", "victoria", "nginx"):
            self.assertNotIn(other, plan)


class DemoStackTests(unittest.TestCase):
    def test_it_says_what_happens_to_which_printer_before_the_alert_comes(self):
        place = folder()
        self.addCleanup(place.cleanup)
        # No packages but Python's own.
        demo = Terminal("/usr/bin/python3", "-S", ROOT / "scripts/demo_stack.py", TMPDIR=place.name, PROGRAMS=str(PROGRAMS))
        self.addCleanup(demo.stop)
        demo.until("an alert fires", lambda: any("firing" in line for line in demo.lines), 60)
        firing = next(number for number, line in enumerate(demo.lines) if "firing" in line)
        before = "\n".join(demo.lines[:firing])
        self.assertRegex(before, r"\d\d:\d\d:\d\d  +garage: the air in its AMS gets humid")
        self.assertLessEqual(max(map(len, demo.lines)), COLUMNS, demo.lines)
        self.assertLess(demo.interrupt(), END)
        self.assertEqual(list(Path(place.name).iterdir()), [])
        self.assertNotIn("Traceback", "\n".join(demo.lines))


if __name__ == "__main__":
    unittest.main()
