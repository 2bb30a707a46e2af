"""Tests of the simulator with third-party clients: they must read the same values as the exporter.

bambu-printer-manager 1.0.3 is not among them: it ends its session if it cannot fetch the job's file by FTP, which is not
simulated.
"""

import json
import re
import tempfile
import unittest
from pathlib import Path

from bambulab import BambuAuthenticator, BambuClient
from bambulabs_api.camera_client import PrinterCamera
from bambulabs_api.mqtt_client import PrinterMQTTClient
from stack import Printers, eventually, folder, get


class ClientTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = folder()
        cls.addClassCleanup(place.cleanup)
        path = Path(place.name)
        cls.printers = Printers(
            path, "--speed=1", "--rate=200ms", "--seed=6", "--sign-in=code",
            "--printer=P1S:ams@garage", "--printer=X1C:ams,ams@studio", "--account-printer=A1:ams_lite@cellar")
        cls.addClassCleanup(cls.printers.stop)
        lines = (path / "simulator.log").read_text().splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        cls.told = {line["name"]: line for line in told if "name" in line}
        cls.account = next(line for line in told if "api_url" in line)
        for name in ("garage", "studio"):
            eventually(f"{name} is up", lambda: cls.value("bambu_up", printer=name) == 1)

    @classmethod
    def value(cls, metric: str, **labels: str) -> float | None:
        """The value of the one series with that name and, among others, these labels."""
        for line in get(f"http://{cls.printers.address}/metrics").splitlines():
            if re.match(rf"{metric}[{{ ]", line) and all(f'{key}="{value}"' in line for key, value in labels.items()):
                return float(line.rsplit(" ", 1)[1])
        return None

    def agree(self, what: str, read, metric: str, tolerance: float = 0, **labels: str) -> None:
        """Waits until a client and the exporter have the same value at about the same time."""
        seen = []

        def look() -> bool:
            theirs, ours = read(), self.value(metric, **labels)
            seen[:] = [theirs, ours]
            return theirs is not None and ours is not None and abs(float(theirs) - ours) <= tolerance

        try:
            eventually(what, look)
        except AssertionError:
            self.fail(f"{what}: the client reads {seen[0]}, {metric} is {seen[1]}")

    def test_bambulabs_api_reads_the_reports(self):
        for name, units in (("garage", 1), ("studio", 2)):
            told = self.told[name]
            client = PrinterMQTTClient("127.0.0.1", told["access_code"], told["serial"], port=told["port"])
            client.connect()
            client.start()
            self.addCleanup(client.stop)
            eventually("it has a report", client.ready)
            self.agree("the bed", client.get_bed_temperature, "bambu_bed_temperature_celsius", 0.6, printer=name)
            self.agree("the nozzle", client.get_nozzle_temperature, "bambu_nozzle_temperature_celsius", 0.6, printer=name)
            self.agree("the percent", client.get_last_print_percentage, "bambu_print_progress_percent", 1, printer=name)
            state = client.get_printer_state().name.lower()
            self.assertEqual(self.value("bambu_printer_state", printer=name, state=state), 1)
            client.process_ams()
            hub = client.ams_hub
            for unit in range(units):
                self.assertEqual(
                    int(hub[unit].humidity), self.value("bambu_ams_humidity_index", printer=name, ams=str(unit)))
                for slot in range(4):
                    tray = hub[unit].get_filament_tray(slot)
                    labels = {"printer": name, "ams": str(unit), "tray": str(slot)}
                    # An X1C sends no "n"; this client skips a tray without it.
                    if name == "garage":
                        self.assertEqual(tray is not None, self.value("bambu_ams_tray_present", **labels) == 1)
                    if tray is not None:
                        labels |= {"type": tray.tray_type, "color": tray.tray_color[:6], "profile": tray.tray_info_idx}
                        self.assertEqual(self.value("bambu_ams_tray_info", **labels), 1)

    def test_bambulabs_api_gets_pictures(self):
        told = self.told["garage"]
        camera = PrinterCamera("127.0.0.1", told["access_code"], port=told["camera_port"])
        camera.start()
        self.addCleanup(camera.stop)
        frame = eventually("a picture comes", lambda: camera.last_frame)
        self.assertEqual(bytes(frame[:4]), b"\xff\xd8\xff\xe0")
        self.assertEqual(bytes(frame[-2:]), b"\xff\xd9")

    def test_bambu_lab_cloud_api_signs_in_and_lists_the_devices(self):
        with tempfile.TemporaryDirectory() as home:
            authenticator = BambuAuthenticator(token_file=f"{home}/token")
            authenticator.base_url = self.account["api_url"]
            token = authenticator.login(
                self.account["account"], self.account["password"], lambda: self.account["mailed_code"])
        client = BambuClient(token)
        client.BASE_URL = self.account["api_url"]
        devices = client.get_devices()
        self.assertEqual(len(devices), 1)
        serial = devices[0]["dev_id"]
        self.assertEqual(
            self.value("bambu_printer_info", serial=serial, name=devices[0]["name"], transport="cloud"), 1)
        self.assertEqual([device["dev_id"] for device in client.get_device_versions()["devices"]], [serial])
        self.assertEqual([device["dev_id"] for device in client.get_device_version(serial)["devices"]], [serial])
        online = eventually("the account was asked", lambda: self.value("bambu_cloud_printer_online"))
        self.assertEqual(float(devices[0]["online"]), online)


if __name__ == "__main__":
    unittest.main()
