"""Runs simulated printers, the exporter, Prometheus with the alert rules, Alertmanager, and Grafana if it is installed. It uses no
containers, and free ports of loopback. Prints every notification as it is delivered, until it is interrupted.

The rules are the shipped ones, with waits of seconds instead of minutes.

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
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/monitoring"))
import hasty  # noqa: E402
from stack import Printers, Server, Webhook, answers, free_port  # noqa: E402

FLEET = [
    "--speed=60", "--printer=X1C:ams,ams_2_pro@studio", "--printer=P1S:ams@garage", "--printer=A1 mini:ams_lite@desk", "--printer=P1S:ams@attic",
    "--fault=wet@garage,after=15s,for=60s", "--fault=low-filament@studio,after=25s,for=60s", "--fault=silence@attic,after=35s,for=40s",
    "--fault=failed-print@desk,after=45s", "--fault=drying@studio,after=5s",
]


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


def tell(webhook: Webhook, seconds: float) -> None:
    """Prints notifications for this number of seconds."""
    told, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for when, path, body in webhook.notes[told:]:
            for alert in body["alerts"]:
                severity, summary = alert["labels"]["severity"], alert["annotations"]["summary"]
                clock = time.strftime("%H:%M:%S", time.localtime(when))
                print(f"{clock}  {alert['status']:8}  {severity:8}  to {path[1:]:8}  {summary}", flush=True)
            told += 1
        time.sleep(0.2)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else float("inf")
    with tempfile.TemporaryDirectory(prefix="bambu", ignore_cleanup_errors=True) as place, contextlib.ExitStack() as running:
        folder = Path(place)
        webhook = Webhook()
        running.callback(webhook.stop)
        printers = Printers(folder, *FLEET, adjust=lambda text: text.replace("{\n", "{\n  telemetry: { stale_after: \"5s\" },\n", 1))
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
        print("Four simulated printers run, and several faults follow. Ctrl-C ends the demo.\n", flush=True)
        tell(webhook, seconds)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        main()
