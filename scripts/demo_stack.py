"""Runs simulated printers, the exporter, Prometheus with the alert rules, Alertmanager, and Grafana if it is installed. It uses no
containers, and free ports of loopback. Prints each fault and every notification as it is delivered, until it is interrupted.

The rules are the shipped ones, with waits of seconds instead of minutes. The script needs no Python package.

Usage: make demo-stack
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/monitoring"))
import hasty  # noqa: E402
from stack import Printers, Server, Webhook, answers, free_port  # noqa: E402


@dataclass(frozen=True)
class Event:
    """A fault of the simulator, and what it does to the printer."""

    after: int  # seconds from the printers' start
    kind: str
    printer: str
    what: str
    lasts: int | None = None  # seconds

    @property
    def flag(self) -> str:
        return f"--fault={self.kind}@{self.printer},after={self.after}s" + (f",for={self.lasts}s" if self.lasts else "")

    def __str__(self) -> str:
        return f"{self.printer}: {self.what}" + (f", for {self.lasts} s" if self.lasts else "")


EVENTS = [
    Event(10, "wet", "garage", "the air in its AMS gets humid", lasts=60),
    Event(20, "low-filament", "studio", "a spool is almost empty", lasts=60),
    Event(30, "silence", "attic", "it stops answering, as after a power cut", lasts=40),
    Event(40, "failed-print", "desk", "its print fails"),
]
# With this seed no print fails by itself in the first minutes.
FLEET = ["--speed=10", "--seed=6", "--printer=X1C:ams,ams_2_pro@studio", "--printer=P1S:ams@garage", "--printer=A1 mini:ams_lite@desk",
         "--printer=P1S:ams@attic"]


def grafana(folder: Path, prometheus: str) -> tuple[Server, str] | None:
    """Starts Grafana with the dashboards, if it is installed."""
    program = shutil.which("grafana-server") or shutil.which("grafana")
    home = Path("/usr/share/grafana")
    if not program or not home.is_dir():
        return None
    provisioning = folder / "provisioning"
    source = {"name": "Prometheus", "uid": "prometheus", "type": "prometheus", "url": prometheus, "isDefault": True}
    boards = {"name": "bambu", "type": "file", "options": {"path": str(ROOT / "grafana/dashboards")}}
    for name, content in (("datasources", {"apiVersion": 1, "datasources": [source]}), ("dashboards", {"apiVersion": 1, "providers": [boards]})):
        (provisioning / name).mkdir(parents=True)
        (provisioning / name / "bambu.yaml").write_text(json.dumps(content))
    port = free_port()
    os.environ.update({
        "GF_SERVER_HTTP_ADDR": "127.0.0.1", "GF_SERVER_HTTP_PORT": str(port), "GF_PATHS_DATA": str(folder / "grafana"),
        "GF_PATHS_PROVISIONING": str(provisioning), "GF_AUTH_ANONYMOUS_ENABLED": "true"})
    command = [program] + (["server"] if Path(program).name == "grafana" else []) + [f"--homepath={home}"]
    server = Server(*command, log=folder / "grafana.log")
    server.until("Grafana answers", lambda: answers(f"http://127.0.0.1:{port}/api/health"), 60)
    return server, f"http://127.0.0.1:{port}/d/bambu-fleet"


def say(when: float, text: str) -> None:
    """Prints a line with its time, wrapped to the terminal's width."""
    columns = shutil.get_terminal_size().columns - 1
    clock = time.strftime("%H:%M:%S  ", time.localtime(when))
    print(textwrap.fill(text, columns, initial_indent=clock, subsequent_indent=" " * 20, break_on_hyphens=False), flush=True)


def tell(webhook: Webhook, start: float, seconds: float) -> None:
    """Prints the faults of the printers and the notifications, for this number of seconds."""
    told, coming, end = 0, list(EVENTS), time.monotonic() + seconds
    while time.monotonic() < end:
        while coming and time.time() >= start + coming[0].after:
            event = coming.pop(0)
            say(start + event.after, str(event))
            if not coming:
                say(time.time(), "That was the last one; the alerts resolve when their causes end.")
        for when, path, body in webhook.notes[told:]:
            for alert in body["alerts"]:
                severity, summary = alert["labels"]["severity"], alert["annotations"]["summary"]
                say(when, f"{alert['status']:8}  {summary} ({severity}, to {path[1:]})")
            told += 1
        time.sleep(0.2)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else float("inf")
    with tempfile.TemporaryDirectory(prefix="bambu", ignore_cleanup_errors=True) as place, contextlib.ExitStack() as running:
        folder = Path(place)
        webhook = Webhook()
        running.callback(webhook.stop)
        printers = Printers(folder, *FLEET, *(event.flag for event in EVENTS), adjust=lambda text: text.replace("{\n", "{\n  telemetry: { stale_after: \"5s\" },\n", 1))
        running.callback(printers.stop)
        alertmanager = hasty.Alertmanager(folder, webhook.address)
        running.callback(alertmanager.stop)
        prometheus = hasty.prometheus(folder, printers.address, alertmanager.address)
        running.callback(prometheus.stop)
        print(f"status page   http://{printers.address}/")
        print(f"Prometheus    {prometheus.url}/alerts")
        print(f"Alertmanager  http://{alertmanager.address}/")
        if found := grafana(folder, prometheus.url):
            running.callback(found[0].stop)
            print(f"Grafana       {found[1]}")
        else:
            print("Grafana       not installed; its dashboards are in grafana/dashboards")
        print("Four simulated printers print. Now things go wrong with them, one after the")
        print("other; each is announced, and its alert follows. Ctrl-C ends the demo.\n", flush=True)
        tell(webhook, printers.start, seconds)


def end_on_signals() -> None:
    endings = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(*_: object) -> None:
        # A second Ctrl-C must not leave the folder behind.
        for ending in endings:
            signal.signal(ending, signal.SIG_IGN)
        sys.exit(0)

    for ending in endings:
        signal.signal(ending, end)


if __name__ == "__main__":
    end_on_signals()
    main()
