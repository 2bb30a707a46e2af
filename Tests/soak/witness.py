"""An independent client, mosquitto_sub, that receives the invalid messages of a printer, and checks them with Python's parser."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections import Counter

from base import eventually
from farm import Group
from subject import Subject

_LIMIT = 1 << 20


def verdict(payload: bytes) -> str | None:
    """Why the exporter must reject a message; None if it must not."""
    if len(payload) > _LIMIT:
        return "oversize"
    try:
        message = json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        return "json"
    sections = list(message.values()) if isinstance(message, dict) else []
    return None if sections and all(isinstance(section, dict) for section in sections) else "shape"


class Witness:
    def __init__(self, group: Group, name: str):
        self.name = name
        self.count: Counter[str] = Counter()
        told = group.told[name]
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(told["port"]), "-u", "bblp", "-P", told["access_code"],
             "--cafile", told["ca_file"], "--insecure", "-t", f"device/{told['serial']}/report", "-F", "%x"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self._listen, daemon=True).start()
        eventually(f"{name} is heard", lambda: self.count["messages"])

    def _listen(self) -> None:
        for line in self.process.stdout:
            payload = bytes.fromhex(line.decode().strip())
            if reason := verdict(payload):
                self.count[reason] += 1
            self.count["bytes"] += len(payload)
            self.count["messages"] += 1

    def _exporters(self, subject: Subject) -> Counter[str]:
        text = subject.probe(self.name)

        def value(metric: str, more: str = "") -> int:
            series = rf'^bambu_mqtt_{metric}\{{printer="{self.name}"{more}\}} (\S+)$'
            return int(float(re.search(series, text, re.M).group(1)))

        count = Counter({"messages": value("messages_total"), "bytes": value("message_bytes_total")})
        for reason in ("json", "oversize", "shape"):
            count[reason] = value("messages_rejected_total", f',reason="{reason}"')
        return count

    def compare(self, subject: Subject) -> Counter[str]:
        """The exporter's counts minus the witness' counts, by kind, at a moment when no message is in transit."""
        while True:
            before = Counter(self.count)
            time.sleep(0.25)
            theirs = self._exporters(subject)
            if before == self.count:
                break
        theirs.subtract(before)
        return theirs

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
