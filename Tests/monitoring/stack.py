"""Real servers on free ports of loopback, for the tests of rules and dashboards."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import random
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("PROGRAMS", ROOT / ".build/debug"))
PROMETHEUS_3 = ROOT / ".build/prometheus-3/root/usr/bin"
DEBIAN = Path("/usr/bin")

# The Prometheus of this machine, and the one of `make prometheus-3` if it exists.
SERVERS = [DEBIAN] + ([PROMETHEUS_3] if (PROMETHEUS_3 / "prometheus").exists() else [])


def run(*command: object, check: bool = True, **options) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end; if it fails, raises an error with its output."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


@functools.cache
def _manifest(code: str) -> str:
    return run("jsonnet", "-J", ROOT / "alerts", "-e", code).stdout


def jsonnet(code: str) -> Any:
    return json.loads(_manifest(code))


def free_port() -> int:
    """A free port below those of outgoing connections, which would occupy the port of a server that restarts."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port := random.SystemRandom().randrange(10_000, 32_768)))
            return port


def get(url: str, timeout: float = 20) -> str:
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read().decode()


def eventually(what: str, look: Callable[[], Any], within: float = 30) -> Any:
    """Waits until `look` returns something true, and returns that."""
    end = time.monotonic() + within
    while True:
        if found := look():
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(0.1)


class Server:
    """A program that runs until it is stopped."""

    def __init__(self, *command: object, log: Path):
        self.log = log
        with open(log, "wb") as sink:
            self.process = subprocess.Popen([str(c) for c in command], stdout=sink, stderr=subprocess.STDOUT)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def until(self, what: str, look: Callable[[], object], within: float = 30):
        def look_at_it():
            if self.process.poll() is not None:
                raise AssertionError(f"{self.process.args[0]} ended")
            return look()

        try:
            return eventually(what, look_at_it, within)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text(errors='replace')[-2000:]}") from None

    def says(self, text: str) -> None:
        self.until(f"{self.log.name} has {text}", lambda: text in self.log.read_text(errors="replace"))


def answers(url: str) -> bool:
    try:
        get(url)
        return True
    except (urllib.error.URLError, ConnectionError):
        return False


class Prometheus:
    def __init__(self, folder: Path, configuration: dict, binaries: Path = DEBIAN, data: Path | None = None,
                 lookback: str = "5m"):
        self.url = f"http://127.0.0.1:{free_port()}"
        file = folder / "prometheus.json"
        file.write_text(json.dumps(configuration))
        self.server = Server(
            binaries / "prometheus", f"--config.file={file}", f"--web.listen-address={self.url[7:]}",
            f"--storage.tsdb.path={data or folder / 'tsdb'}", "--storage.tsdb.retention.time=10y",
            f"--query.lookback-delta={lookback}", log=folder / "prometheus.log")
        self.server.until("Prometheus is ready", lambda: answers(f"{self.url}/-/ready"))

    def ask(self, path: str, **parameters: object) -> dict:
        return json.loads(get(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"))["data"]

    def query(self, expression: str, **parameters: object) -> list[dict]:
        """The series of an instant query; raises an error if the query fails."""
        try:
            return self.ask("query", query=expression, **parameters)["result"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}\n{error.read().decode()}") from None

    def range(self, expression: str, start: float, end: float, step: float) -> list[dict]:
        try:
            return self.ask("query_range", query=expression, start=start, end=end, step=step)["result"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}\n{error.read().decode()}") from None

    def stop(self) -> None:
        self.server.stop()


class Webhook:
    """A receiver that records notifications: time, path and body."""

    def __init__(self):
        self.notes: list[tuple[float, str, dict]] = []
        notes = self.notes

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                notes.append((time.time(), self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def find(self, status: str, **labels: str) -> tuple[float, str, dict] | None:
        """The first delivery of an alert with these labels: time, path and alert."""
        for when, path, body in list(self.notes):
            for alert in body["alerts"]:
                if alert["status"] == status and labels.items() <= alert["labels"].items():
                    return when, path, alert
        return None

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()


class Printers:
    """Simulated printers and the exporter that reads them."""

    def __init__(self, folder: Path, *flags: str, adjust: Callable[[str], str] = lambda text: text):
        configuration = folder / "config.json5"
        self.simulator = Server(
            PROGRAMS / "bambu_simulator", "--port=0", f"--directory={folder / 'printers'}",
            f"--config-out={configuration}", *flags, log=folder / "simulator.log")
        self.simulator.says("\nready")
        self.start = time.time()
        configuration.write_text(adjust(configuration.read_text()))
        self.exporter = Server(
            PROGRAMS / "bambu_exporter", f"--config.file={configuration}", "--web.listen-address=127.0.0.1:0",
            log=folder / "exporter.log")
        self.exporter.says('msg="Listening"')
        self.address = self.exporter.log.read_text().split("Listening\" address=")[1].split()[0]

    def stop(self) -> None:
        self.exporter.stop()
        self.simulator.stop()


def folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="bambu")
