"""Thirty printers with typical states, which report over an MQTT broker: four print, three need attention, the rest is idle."""

from __future__ import annotations

import json
import re
import socket
import threading
from pathlib import Path

from stack import PROGRAMS, Server, free_port

# Model, first part of the serial number, and the units with the number of their slots and the kind in `info`.
MODELS = [
    ("P1S", "01P00A", [(0, 4, "1001")]), ("X1C", "00M00A", [(0, 4, "1001"), (1, 4, "1003")]), ("A1", "03900A", [(0, 4, "1002")]),
    ("H2D", "09400A", [(0, 4, "1003"), (128, 1, "1004")]), ("A1 mini", "03000A", []), ("P2S", "22E00A", [(0, 4, "1003")]),
]
SPOOLS = [("PLA", "1C6E8CFF"), ("PETG", "E9B44CFF"), ("ABS", "2B2D2FFF"), ("PLA-CF", "8E7DBEFF"), ("TPU", "BC4B32FF"), ("ASA", "F2F0EBFF")]
TASKS = ["Gridfinity bin 3x2", "Spool holder", "Cable clip 12 mm", "Vase, spiral", "Bracket v7"]
PRINTING = {2: 64, 9: 12, 14: 88, 21: 37}
FINISHED = {5, 17}
FAILED, DAMP, LOST = 7, 11, 19
STALE = 12.0


def tray(number: int, slot: int) -> dict:
    if (number + slot) % 7 == 3:
        return {"id": str(slot), "state": 10}
    material, color = SPOOLS[(number * 3 + slot) % len(SPOOLS)]
    left = -1 if (number + slot) % 5 == 0 else 20 + (number * 37 + slot * 23) % 80
    return {"id": str(slot), "state": 11, "tray_type": material, "tray_color": color, "remain": left, "tag_uid": "5C3A18F6D4B2907E",
            "tray_weight": "1000"}


def climate(info: str, percent: int) -> dict:
    """An AMS Lite has no sensors."""
    if info == "1002":
        return {"humidity": "5", "humidity_raw": "0", "temp": "0.0"}
    return {"humidity": "4", "humidity_raw": str(percent), "temp": "24.0"}


def report(number: int) -> dict:
    model, _, units = MODELS[number % len(MODELS)]
    active = number in PRINTING or number == LOST
    state = "RUNNING" if active else "FAILED" if number == FAILED else "FINISH" if number in FINISHED else "IDLE"
    loaded = next((s for s in range(4) if "tray_type" in tray(number, s)), 255) if active and units else 255
    humidity = 66 if number == DAMP else 12 + number % 25
    ams = [{"id": str(unit), "info": info, "tray": [tray(number + unit, s) for s in range(slots)]} | climate(info, humidity if unit == 0 else 18)
           for unit, slots, info in units]
    inside = {
        "command": "push_status", "msg": 0, "sequence_id": "1", "gcode_state": state, "subtask_name": TASKS[number % len(TASKS)],
        "mc_percent": PRINTING.get(number, 100 if number in FINISHED else 54 if number in (FAILED, LOST) else 0),
        "mc_remaining_time": 25 + number * 11 if active else 0, "layer_num": 10 * number, "total_layer_num": 400, "stg_cur": 0,
        "nozzle_temper": 220 if active else 24, "nozzle_target_temper": 220 if active else 0,
        "bed_temper": 60 if active else 52 if number in FINISHED else 24, "bed_target_temper": 60 if active else 0,
        "print_error": 0x03008003 if number == FAILED else 0, "hms": [], "wifi_signal": f"-{40 + number}dBm",
        "ams": {"ams": ams, "tray_now": str(loaded)} if units else {},
    }
    if model == "H2D":
        snow = loaded if loaded < 4 else 0xFFFF
        inside["device"] = {"extruder": {"state": 2, "info": [
            {"id": 0, "temp": 220 << 16 | 220 if active else 24, "snow": snow}, {"id": 1, "temp": 24, "snow": 0xFFFF}]}}
    return {"print": inside}


def serial(number: int) -> str:
    return f"{MODELS[number % len(MODELS)][1]}{number + 1:09d}"


def name(number: int) -> str:
    return f"{MODELS[number % len(MODELS)][0].lower().replace(' ', '')}-{number + 1}"


def packet(kind: int, *parts: bytes) -> bytes:
    """An MQTT packet."""
    body = b"".join(parts)
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length += bytes([digit | (128 if rest else 0)])
        if not rest:
            return bytes([kind]) + length + body


def text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2) + value.encode()


class Thirty:
    """The printers, their broker, and the exporter that watches them; number LOST stops after its first reports."""

    def __init__(self, folder: Path):
        port = free_port()
        file = folder / "broker.conf"
        file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
        self.broker = Server("mosquitto", "-c", file, log=folder / "broker.log")
        self.link = self.broker.until("the broker listens", lambda: self.connect(port))
        self.link.sendall(packet(0x10, text("MQTT"), b"\x04\x02\x00\x00", text("printers")))
        self.silent: set[int] = set()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.send, daemon=True)
        self.thread.start()
        configuration = folder / "config.json5"
        configuration.write_text(json.dumps({
            "telemetry": {"stale_after": f"{STALE:.0f}s"}, "broker": {"host": "127.0.0.1", "port": port, "plain": True},
            "printers": [{"name": name(n), "serial": serial(n)} for n in range(30)]}))
        self.exporter = Server(
            PROGRAMS / "bambu_exporter", f"--config.file={configuration}", "--web.listen-address=127.0.0.1:0",
            log=folder / "exporter.log")
        self.exporter.says('msg="Listening"')
        found = re.search(r'Listening" address=(\S+)', self.exporter.log.read_text())
        self.url = f"http://{found[1]}/"

    @staticmethod
    def connect(port: int) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionError:
            return None

    def send(self) -> None:
        while not self.stopped.wait(2):
            for number in range(30):
                if number not in self.silent:
                    body = json.dumps(report(number)).encode()
                    self.link.sendall(packet(0x30, text(f"device/{serial(number)}/report"), body))

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()
        self.exporter.stop()
        self.link.close()
        self.broker.stop()
