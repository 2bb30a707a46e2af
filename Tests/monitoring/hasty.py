"""The shipped rules and the shipped example for Alertmanager with short waits: the same expressions, seconds instead of minutes."""

from __future__ import annotations

import json
from pathlib import Path

from stack import DEBIAN, ROOT, Prometheus, Server, answers, free_port, jsonnet

# Time windows that decide how long an alert lasts after its cause.
WINDOWS = "{ gap: '1m', memory: '10m', memorySeconds: 600, failedWindow: '8s', finishedWindow: '8s', dryingFinishedWindow: '8s' }"


def rules(changes: str = "{}") -> dict:
    """The rules, with changes to their configuration."""
    mixin = f"((import 'mixin.libsonnet') {{ _config+:: {WINDOWS} + {changes} }})"
    groups = jsonnet(f"{mixin}.prometheusRules.groups + {mixin}.prometheusAlerts.groups")
    for group in groups:
        group["interval"] = "1s"
        for rule in group["rules"]:
            if "for" in rule:
                rule["for"] = "1s"
            if "keep_firing_for" in rule:
                rule["keep_firing_for"] = "2s"
    return {"groups": groups}


def prometheus(folder: Path, exporter: str | None, alertmanager: str | None, binaries: Path = DEBIAN, path: str = "/metrics",
               data: Path | None = None, lookback: str = "5m", changes: str = "{}") -> Prometheus:
    file = folder / "rules.json"
    file.write_text(json.dumps(rules(changes)))
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(file)],
        "scrape_configs": [{"job_name": "bambu", "metrics_path": path, "static_configs": [{"targets": [exporter] if exporter else []}]}],
    }
    if alertmanager:
        configuration["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]}
    return Prometheus(folder, configuration, binaries, data, lookback)


class Alertmanager:
    """The shipped example with shorter waits and with `webhook` as receiver."""

    def __init__(self, folder: Path, webhook: str, binaries: Path = DEBIAN):
        text = (ROOT / "alerts/alertmanager.yml").read_text()
        for shipped, hasty in (("127.0.0.1:9099", webhook), ("group_wait: 30s", "group_wait: 0s"),
                               ("group_interval: 5m", "group_interval: 1s")):
            assert shipped in text, shipped
            text = text.replace(shipped, hasty)
        file = folder / "alertmanager.yml"
        file.write_text(text)
        self.address = f"127.0.0.1:{free_port()}"
        self.server = Server(
            binaries / "prometheus-alertmanager", f"--config.file={file}", f"--web.listen-address={self.address}",
            f"--storage.path={folder / 'alertmanager'}", "--cluster.listen-address=", log=folder / "alertmanager.log")
        self.server.until("Alertmanager is ready", lambda: answers(f"http://{self.address}/-/ready"))

    def stop(self) -> None:
        self.server.stop()
