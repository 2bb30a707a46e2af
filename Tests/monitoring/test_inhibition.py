"""Tests that Alertmanager delivers one notification for a power cut of a farm, not one for each printer."""

import json
import unittest
import urllib.request
from pathlib import Path

import hasty
from stack import SERVERS, Webhook, eventually, folder, get


class InhibitionTests(unittest.TestCase):
    def post(self, alertmanager: hasty.Alertmanager, alerts: list[dict[str, str]]) -> None:
        body = json.dumps([{"labels": labels} for labels in alerts]).encode()
        request = urllib.request.Request(
            f"http://{alertmanager.address}/api/v2/alerts", body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def setUp(self):
        place = folder()
        self.addCleanup(place.cleanup)
        self.path = Path(place.name)
        self.webhook = Webhook()
        self.addCleanup(self.webhook.stop)

    def deliver(self, alerts: list[dict[str, str]], source: dict[str, str] | None = None) -> list[tuple[str, list[str]]]:
        """Returns the receiver and the alert names of each notification; a last alert marks the end.

        The source of an inhibition is delivered first, because the test's groups wait only a moment, and Alertmanager processes
        sources in another thread.
        """
        alertmanager = hasty.Alertmanager(self.path, self.webhook.address, SERVERS[0])
        self.addCleanup(alertmanager.stop)
        if source:
            self.post(alertmanager, [source])
            eventually("the source is delivered", lambda: self.webhook.find("firing", alertname=source["alertname"]))
            alerts = [source, *alerts]
        self.post(alertmanager, alerts)
        muted = f"http://{alertmanager.address}/api/v2/alerts?active=true&inhibited=true"
        eventually("every alert is known", lambda: len(json.loads(get(muted))) == len(alerts))
        self.post(alertmanager, [{"alertname": "Last", "severity": "warning"}])
        eventually("the last alert is delivered", lambda: self.webhook.find("firing", alertname="Last"))
        return [(path, sorted(a["labels"]["alertname"] for a in body["alerts"])) for _, path, body in self.webhook.notes]

    def farm(self, *names: str, printers: int = 40) -> list[dict[str, str]]:
        return [{"alertname": name, "severity": "critical" if "Lost" in name else "info", "job": "bambu",
                 "instance": "farm:10883", "printer": f"p{n}"} for n in range(printers) for name in names]

    def test_a_power_cut_is_one_notification(self):
        together = {"alertname": "BambuPrintersLostTogether", "severity": "critical", "job": "bambu", "instance": "farm:10883"}
        notes = self.deliver(self.farm("BambuPrinterLostWhilePrinting", "BambuPrinterOffline"), source=together)
        self.assertIn(("/night", ["BambuPrintersLostTogether"]), notes)
        self.assertEqual({name for _, names in notes for name in names}, {"BambuPrintersLostTogether", "Last"})

    def test_a_power_cut_is_one_notification_with_a_target_for_each_printer(self):
        together = {"alertname": "BambuPrintersLostTogether", "severity": "critical", "job": "bambu"}
        alerts = [alert | {"instance": alert["printer"]}
                  for alert in self.farm("BambuPrinterLostWhilePrinting", "BambuPrinterOffline")]
        notes = self.deliver(alerts, source=together)
        self.assertEqual({name for _, names in notes for name in names}, {"BambuPrintersLostTogether", "Last"})

    def test_idle_printers_that_are_switched_off_are_one_notification(self):
        notes = self.deliver(self.farm("BambuPrinterOffline"))
        # The test's groups do not wait, so that the first notification may not have all printers yet.
        self.assertLessEqual(len([n for n in notes if "BambuPrinterOffline" in n[1]]), 2)

    def test_the_only_exporter_is_not_missing_in_addition_to_down(self):
        down = {"alertname": "BambuExporterDown", "severity": "critical", "job": "bambu", "instance": "farm:10883"}
        notes = self.deliver([{"alertname": "BambuExporterMissing", "severity": "critical"}], source=down)
        self.assertEqual({name for _, names in notes for name in names}, {"BambuExporterDown", "Last"})

    def test_two_lost_printers_are_one_notification_with_both(self):
        notes = self.deliver(self.farm("BambuPrinterLostWhilePrinting", printers=2))
        self.assertEqual([n for n in notes if n[0] == "/night"], [("/night", ["BambuPrinterLostWhilePrinting"] * 2)])


if __name__ == "__main__":
    unittest.main()
