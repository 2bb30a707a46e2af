"""Observes the exporter while it runs: its scrapes show which printers are up, the kernel shows its usage."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from base import get, processor_seconds, resident_megabytes
from subject import Subject

_LINE = re.compile(
    r'^(bambu_up|bambu_down_reason_info|bambu_mqtt_connects_total|bambu_mqtt_messages_total'
    r'|bambu_last_report_timestamp_seconds|bambu_camera_probe_failures_total)\{printer="([^"]*)"(?:,reason="([^"]*)")?\} (\S+)$', re.M)


@dataclass
class Look:
    """One scrape."""
    at: float
    up: dict[str, bool] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)
    connects: dict[str, float] = field(default_factory=dict)
    messages: dict[str, float] = field(default_factory=dict)
    reported: dict[str, float] = field(default_factory=dict)
    camera_failures: dict[str, float] = field(default_factory=dict)
    # From its own metrics, because only root can read /proc/PID/fd of the process.
    descriptors: int = 0

    @classmethod
    def take(cls, url: str) -> Look:
        # The scrape describes a moment after this time.
        look = cls(time.monotonic())
        text = get(f"{url}/metrics", timeout=10)
        look.descriptors = int(re.search(r"^process_open_fds (\d+)", text, re.M).group(1))
        for name, printer, reason, value in _LINE.findall(text):
            match name:
                case "bambu_up": look.up[printer] = value == "1"
                case "bambu_down_reason_info": look.reason[printer] = reason
                case "bambu_mqtt_connects_total": look.connects[printer] = float(value)
                case "bambu_mqtt_messages_total": look.messages[printer] = float(value)
                case "bambu_camera_probe_failures_total":
                    look.camera_failures[printer] = look.camera_failures.get(printer, 0) + float(value)
                case _: look.reported[printer] = float(value)
        return look

    def are_up(self, names: list[str]) -> bool:
        return all(self.up.get(name) for name in names)


@dataclass
class Sample:
    """The usage of the process."""
    at: float
    megabytes: float
    descriptors: int
    threads: int
    processor: float
    up: int


class Watch:
    """Scrapes once a second, and records the usage of the process."""

    def __init__(self, subject: Subject):
        self._subject = subject
        self.samples: list[Sample] = []
        # Printers that went down: name, time.
        self.falls: list[tuple[str, float]] = []
        self.failures: list[str] = []
        self.last = Look(0)
        self.is_settled = False
        self._news = threading.Condition()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(1):
            try:
                self._note(Look.take(self._subject.url))
            except Exception as error:
                if not self._over.is_set():
                    self.failures.append(f"{type(error).__name__}: {error}")

    def _note(self, look: Look) -> None:
        with self._news:
            for name, is_up in look.up.items():
                if not is_up and self.last.up.get(name):
                    self.falls.append((name, look.at))
            self.last = look
            if self.is_settled:
                self.samples.append(self._sample(look))
            self._news.notify_all()

    def _sample(self, look: Look) -> Sample:
        pid = self._subject.pid
        status = Path(f"/proc/{pid}/status").read_text()
        return Sample(
            look.at, resident_megabytes(pid), look.descriptors,
            int(re.search(r"^Threads:\s+(\d+)", status, re.M).group(1)), processor_seconds(pid), sum(look.up.values()))

    def until(self, condition, since: float, within: float) -> Look | None:
        """The first scrape after `since` that fulfils the condition; None if none does in time."""
        end = time.monotonic() + within
        with self._news:
            while not (self.last.at > since and condition(self.last)):
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(left)
            return self.last

    def stop(self) -> None:
        self._over.set()
        self._thread.join()
