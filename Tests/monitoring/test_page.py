"""What a browser shows of the status page with thirty printers."""

from __future__ import annotations

import unittest
from pathlib import Path

import stack
import thirty
from browser import PROGRAM, Browser


@unittest.skipUnless(PROGRAM, "apt-get install chromium")
class StatusPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = stack.folder()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.printers = thirty.Thirty(Path(cls.folder.name))
        cls.addClassCleanup(cls.printers.stop)
        cls.url = cls.printers.url
        stack.eventually("every printer reports", lambda: "30 of 30 printers report" in stack.get(cls.url))
        cls.printers.silent.add(thirty.LOST)
        stack.eventually("one is lost", lambda: "1 down" in stack.get(cls.url))

    def browser(self, *size: int) -> Browser:
        browser = Browser(*size)
        self.addCleanup(browser.close)
        browser.open(self.url)
        return browser

    def test_thirty_printers_fit_two_screens_and_five_of_a_phone(self):
        for width, height, screens in ((1280, 800, 2), (390, 844, 5)):
            with self.subTest(width=width):
                browser = self.browser(width, height)
                self.assertLessEqual(browser.evaluate("document.documentElement.scrollHeight"), screens * height)
                self.assertEqual(browser.evaluate("document.documentElement.scrollWidth"), width, "it scrolls sideways")

    def test_thirty_printers_that_print_fit_two_screens_and_five_of_a_phone_too(self):
        place = stack.folder()
        self.addCleanup(place.cleanup)
        printers = stack.Printers(Path(place.name), "--count=30", "--rate=1s")
        self.addCleanup(printers.stop)
        url = f"http://{printers.address}/"
        stack.eventually("every printer reports", lambda: "30 of 30 printers report" in stack.get(url), 60)
        for width, height, screens in ((1280, 800, 2), (390, 844, 5)):
            with self.subTest(width=width):
                browser = self.browser(width, height)
                browser.open(url)
                self.assertLessEqual(browser.evaluate("document.documentElement.scrollHeight"), screens * height)
                self.assertEqual(browser.evaluate("document.documentElement.scrollWidth"), width, "it scrolls sideways")

    def test_a_refresh_keeps_the_scroll_position(self):
        browser = self.browser(390, 844)
        browser.evaluate("scrollTo(0, 1234)")
        loaded = browser.evaluate("performance.timeOrigin")
        browser.events.clear()
        browser.wait_for_load()
        stack.eventually("the position is restored", lambda: browser.evaluate("scrollY") == 1234, 5)
        self.assertNotEqual(browser.evaluate("performance.timeOrigin"), loaded)

    def test_the_title_counts_and_the_policy_allows_the_icon(self):
        browser = self.browser(1280, 800)
        self.assertEqual(browser.evaluate("document.title"), "4 printing, 1 failed, 1 down, 2 finished")
        self.assertEqual(browser.complaints(), [])

    def test_the_worst_problem_comes_first(self):
        browser = self.browser(1280, 800)
        names = browser.evaluate("[...document.querySelectorAll('.entry h3 a')].map(a => a.textContent)")
        self.assertEqual(names, [thirty.name(n) for n in (thirty.LOST, thirty.FAILED, thirty.DAMP)])


if __name__ == "__main__":
    unittest.main()
