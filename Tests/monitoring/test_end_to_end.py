"""Tests of the whole chain from the cause to the webhook: simulated printers, exporter, Prometheus, Alertmanager."""

import base64
import json
import os
import re
import signal
import time
import unittest
from pathlib import Path

import hasty
from stack import SERVERS, Printers, Webhook, folder

# The longest time from the cause to the notification.
LIMIT = 30


class EndToEndTests(unittest.TestCase):
    """One stack for all tests: each cause has its own printer."""

    CAUSE = 20  # seconds after the printers are ready; by then Prometheus scrapes, on a busy machine too
    LASTING = 12
    CAMERA = 25  # a camera is looked at every 20 s

    @classmethod
    def setUpClass(cls):
        # At normal speed a print does not end during the test; with this seed attic prints from the start.
        when = f"after={cls.CAUSE}s,for={cls.LASTING}s"
        place = folder()
        cls.addClassCleanup(place.cleanup)
        path = Path(place.name)
        cls.webhook = Webhook()
        cls.addClassCleanup(cls.webhook.stop)
        cls.configuration = path / "config.json5"
        cls.printers = Printers(
            path, "--speed=1", "--rate=200ms", "--seed=6",
            "--printer=P1S:ams@garage", "--printer=X1C:ams,ams@studio", "--printer=P1S:ams@attic", "--printer=A1@loft",
            "--printer=P1S:ams@barn", "--account-printer=A1@cellar", "--cloud-port=0", f"--fault=camera-off@barn,for={cls.CAMERA}s",
            f"--fault=wet@garage,{when}", f"--fault=low-filament@studio,{when}", f"--fault=silence@attic,{when}",
            f"--fault=failed-print@loft,{when}",
            adjust=lambda text: text.replace("{\n", "{\n  telemetry: { stale_after: \"3s\" },\n", 1))
        cls.addClassCleanup(cls.printers.stop)
        cls.stacks = []
        for number, binaries in enumerate(SERVERS):
            part = path / str(number)
            part.mkdir()
            alertmanager = hasty.Alertmanager(part, cls.webhook.address, binaries)
            cls.addClassCleanup(alertmanager.stop)
            prometheus = hasty.prometheus(part, cls.printers.address, alertmanager.address, binaries)
            cls.addClassCleanup(prometheus.stop)
            cls.stacks.append(prometheus)

    def fired(self, receiver: str, cause: float, **labels: str) -> dict:
        """Waits for the notification of an alert, and returns it."""
        when, path, alert = self.printers.exporter.until(
            f"{labels} is delivered", lambda: self.webhook.find("firing", **labels), self.CAUSE + LIMIT + 5)
        delay = when - cause
        self.assertGreater(delay, -0.5, "it fired before its cause")
        self.assertLess(delay, LIMIT)
        self.assertEqual(path, f"/{receiver}")
        print(f"{labels['alertname']}: {delay:.1f} s from the cause to the webhook")
        return alert

    def gone(self, end: float, more: float = 0, **labels: str) -> None:
        """Waits for the notification that an alert is resolved. `more`: how much longer than its cause it may last."""
        when, _, _ = self.printers.exporter.until(
            f"{labels} is resolved", lambda: self.webhook.find("resolved", **labels), max(0, end - time.time()) + more + LIMIT)
        print(f"{labels['alertname']}: gone {when - end:.1f} s after the cause was")

    def delivered(self, receiver: str, more: float = 0, **labels: str) -> dict:
        """Waits for both notifications of an alert whose cause is a fault; returns the first."""
        cause = self.printers.start + self.CAUSE
        alert = self.fired(receiver, cause, **labels)
        self.gone(cause + self.LASTING, more, **labels)
        return alert

    def test_humidity(self):
        alert = self.delivered("humidity", alertname="BambuAMSHumidityHigh", printer="garage", ams="0", severity="critical")
        # The simulated air varies by a percent.
        self.assertRegex(alert["annotations"]["summary"], r"^AMS A of garage is at 6[4-7] % humidity$")
        self.assertEqual(alert["labels"], {
            "alertname": "BambuAMSHumidityHigh", "severity": "critical", "printer": "garage", "ams": "0", "job": "bambu",
            "instance": self.printers.address})

    def test_low_filament(self):
        alert = self.delivered("filament", alertname="BambuFilamentLow", printer="studio", ams="0", tray="0")
        self.assertEqual(alert["labels"]["slot"], "A1")
        self.assertEqual(alert["labels"]["type"], "PLA")
        self.assertEqual(alert["annotations"]["summary"], "A1 (PLA Basic) of studio has 8 % left")

    def test_a_printer_lost_while_printing(self):
        alert = self.delivered("night", alertname="BambuPrinterLostWhilePrinting", printer="attic")
        self.assertRegex(alert["annotations"]["summary"], r"^attic was lost while printing, at \d+ %$")
        self.assertEqual(alert["labels"]["severity"], "critical")

    def test_a_failed_print(self):
        alert = self.delivered("workshop", 8, alertname="BambuPrintFailed", printer="loft")
        self.assertRegex(alert["annotations"]["summary"], r"^A print failed on loft(: .+)?$")
        self.assertIn("0300_8003", alert["annotations"]["description"])

    def test_a_camera_that_is_down(self):
        labels = {"alertname": "BambuCameraDown", "printer": "barn"}
        alert = self.fired("workshop", self.printers.start, **labels)
        self.assertTrue(alert["annotations"]["summary"].startswith("The camera of barn sends no picture"))
        self.gone(self.printers.start + self.CAMERA, 15, **labels)

    def test_a_token_that_ends_soon(self):
        file = Path(re.search(r'"token_file":"([^"]+)"', self.configuration.read_text())[1])
        token, soon = file.read_text(), time.time() + 5 * 86400
        claims = base64.urlsafe_b64encode(json.dumps({"exp": int(soon), "username": "u_1234567"}).encode()).decode().rstrip("=")
        labels = {"alertname": "BambuCloudTokenExpiresSoon"}
        cause = time.time()
        self.put_token(file, f"eyJhbGciOiJub25lIn0.{claims}.c2ln")
        alert = self.fired("workshop", cause, **labels)
        self.assertRegex(alert["annotations"]["summary"], r"^The cloud token of 127\.0\.0\.1:\d+ expires in 5\.0 days$")
        self.assertNotIn("printer", alert["labels"])
        self.put_token(file, token)
        self.gone(time.time(), **labels)

    def put_token(self, file: Path, text: str) -> None:
        """Writes another token into the file, and waits until the exporter reads it."""
        draft = file.with_suffix(".new")
        draft.touch(0o600)
        draft.write_text(text)
        draft.replace(file)
        os.kill(self.printers.exporter.process.pid, signal.SIGHUP)

    def test_nothing_fires_for_printers_that_have_nothing(self):
        """Every delivered alert is about the printer that had the cause, and no rule failed."""
        expected = {"garage": "BambuAMS", "studio": "BambuFilament", "attic": "BambuPrinter", "loft": "BambuPrint",
                    "barn": "BambuCamera", "": "BambuCloud"}
        self.delivered("humidity", alertname="BambuAMSHumidityHigh", printer="garage", severity="critical")
        for _, _, body in self.webhook.notes:
            for alert in body["alerts"]:
                printer = alert["labels"].get("printer", "")
                self.assertTrue(alert["labels"]["alertname"].startswith(expected.get(printer, "-")), alert["labels"])
        for prometheus in self.stacks:
            groups = prometheus.ask("rules")["groups"]
            broken = [r["lastError"] for g in groups for r in g["rules"] if r.get("lastError")]
            self.assertEqual(broken, [])


if __name__ == "__main__":
    unittest.main()
