"""Simulates a week for the previews: simulated printers at high speed, the real exporter, its answers with the times of the week,
and promtool, which writes them as blocks."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/monitoring"))
from stack import Printers  # noqa: E402

WEEK = 7 * 86400
SPEED = 7200
STEP = 300  # seconds of the week from one sample to the next
LASTING = WEEK / SPEED


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}ms"


FLEET = [
    f"--speed={SPEED}", "--rate=50ms", "--seed=11",
    "--printer=X1C:ams,ams_2_pro@studio", "--printer=P1S:ams@garage", "--printer=H2D:ams_2_pro,ams_ht@workshop",
    "--printer=A1 mini:ams_lite@desk", "--printer=P1S:ams@attic",
    f"--fault=drying@studio,after={ms(LASTING * 0.35)}", f"--fault=wet@garage,after={ms(LASTING * 0.86)}",
    f"--fault=disconnect@attic,after={ms(LASTING * 0.20)},for=3s", f"--fault=disconnect@attic,after={ms(LASTING * 0.62)},for=4s",
    f"--fault=low-filament@garage,after={ms(LASTING * 0.93)}", f"--fault=drying@workshop,after={ms(LASTING - 2)}",
    f"--fault=ran-out@workshop,after={ms(LASTING - 0.12)}", f"--fault=failed-print@desk,after={ms(LASTING - 0.12)}",
    f"--fault=disconnect@attic,after={ms(LASTING - 1.2)}",
]

SAMPLE = re.compile(rb"^([a-z_]+)(\{[^\n]*\})? ([^ \n]+)$", re.M)
# What the exporter measures with its own clock, which does not run at the simulation's speed.
MEASURED = re.compile(rb"^bambu_printer_state_seconds_total$")
# The end of a job is so many seconds of the printer's time after the report.
PLANNED = re.compile(rb"^bambu_print_end_timestamp_seconds$")
# Instants that are never long ago while a printer and its camera work.
RECENT = re.compile(rb"^bambu_(last_report|camera_last_frame)_timestamp_seconds$")
# What a smart plug measures, in kW.
PRINTING, IDLE = 0.12, 0.012
RUNNING = re.compile(rb'^bambu_printer_state\{[^\n]*state="running"\} 1$', re.M)
# Timestamps of the simulation, which must be moved with it.
INSTANT = re.compile(rb"^(?!bambu_printer_certificate|bambu_cloud_token)\w+_(timestamp_seconds|start_time_seconds)$")


def scrape(address: str) -> bytes:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
        return answer.read()


def simulate(folder: Path) -> list[tuple[float, bytes]]:
    """The exporter's answers of the week, each with the time of the clock."""
    printers = Printers(folder, *FLEET, adjust=lambda text: text.replace("{\n", "{\n  telemetry: { stale_after: \"2s\" },\n", 1))
    answers = []
    try:
        begin = printers.start
        while time.time() < begin + LASTING:
            answers.append((time.time(), scrape(printers.address)))
            time.sleep(max(0.0, begin + len(answers) * STEP / SPEED - time.time()))
    finally:
        printers.stop()
    return answers


def stamped(answers: list[tuple[float, bytes]], end: float):
    """The answers as OpenMetrics, with times in the week that ends at `end`."""
    last = answers[-1][0]
    energy = 0.0
    counters = {name for _, body in answers[-1:] for name in re.findall(rb"^# TYPE (\w+) counter$", body, re.M)}
    for number, (clock, body) in enumerate(answers):
        # Samples are on a grid. Blocks have no staleness markers, so the lookback must not cover two samples.
        at = end - (len(answers) - 1 - number) * STEP
        out = []
        if number == 0:
            out += [b"# TYPE %s counter" % name.removesuffix(b"_total") for name in sorted(counters)]
            out.append(b"# TYPE smart_plug_energy_kwh counter")
        running = len(RUNNING.findall(body))
        energy += (running * PRINTING + (body.count(b"\nbambu_up{") - running) * IDLE) * STEP / 3600
        out.append(b'smart_plug_energy_kwh_total{job="plugs"} %.3f %.3f' % (energy, at))
        for name, labels, value in SAMPLE.findall(body):
            if MEASURED.match(name):
                value = b"%.3f" % (float(value) * SPEED)
            elif PLANNED.match(name):
                value = b"%.3f" % (at + float(value) - clock)
            elif RECENT.match(name):
                value = b"%.3f" % at
            elif INSTANT.match(name):
                value = b"%.3f" % (end - (last - float(value)) * SPEED)
            labels = b'{job="bambu",instance="pi:10883"' + (b"," + labels[1:] if labels else b"}")
            out.append(b"%s%s %s %.3f" % (name, labels, value, at))
        yield at, b"\n".join(out) + b"\n"


def blocks(answers: list[tuple[float, bytes]], end: float, folder: Path, data: Path) -> int:
    """Writes the answers as data of Prometheus, day by day. Returns the number of samples."""
    samples = 0
    days: dict[int, list[bytes]] = {}
    for at, text in stamped(answers, end):
        days.setdefault(int(at // 86400), []).append(text)
        samples += text.count(b"\n")
    for day, texts in days.items():
        file = folder / f"{day}.om"
        file.write_bytes(b"".join(texts) + b"# EOF\n")
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", file, data], check=True, capture_output=True)
    return samples
