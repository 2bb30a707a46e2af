"""Measures the cost of a scrape: of this exporter, and of the same series from other libraries.

The others are Go's VictoriaMetrics/metrics and client_golang, and Python's prometheus_client. node_exporter serves its own few hundred series.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path

from fleet import Exporter, Fleet
from machine import PYTHON, ROOT, WORK, Server, answers, free_port, get, processor_seconds, resident_megabytes
from table import goal, median_of, table

# The simulated printers, and the approximate number of their series.
_SIZES = [(["--printer=P1P@garage"], "100"), (["--count=8"], "1 000"), (["--count=92"], "10 000"),
          (["--count=930"], "100 000")]
# Long enough for the slowest server to answer.
_SECONDS = {"100": 2, "1 000": 2, "10 000": 3, "100 000": 8}
_WAYS = [("identity", 1), ("identity", 16), ("gzip", 1), ("gzip", 16)]
_OTHERS = ("VictoriaMetrics/metrics", "client_golang", "prometheus_client")


class Target:
    def __init__(self, name: str, url: str, pid: int):
        self.name, self.url, self.pid = name, url, pid
        get(url, timeout=60)
        self.idle = resident_megabytes(pid)

    def measure(self, encoding: str, connections: int, seconds: int) -> dict[str, float]:
        """One round of wrk: processor time per scrape, latency, and the memory afterwards."""
        used = processor_seconds(self.pid)
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout=60s", "--latency",
             "-H", f"Accept-Encoding: {encoding}",
             "-H", "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.3", self.url],
            capture_output=True, text=True, check=True).stdout
        # The server continues for a while with answers that wrk no longer waits for.
        while True:
            before = processor_seconds(self.pid)
            time.sleep(0.2)
            if processor_seconds(self.pid) - before < 0.05:
                break
        used = processor_seconds(self.pid) - used
        requests = int(re.search(r"(\d+) requests in", done).group(1)) + connections
        latency = dict(re.findall(r"(50|99)%\s+([\d.]+[a-z]+)", done))
        return {"cpu": used * 1000 / requests, "p50": _milliseconds(latency["50"]),
                "p99": _milliseconds(latency["99"]), "rss": resident_megabytes(self.pid)}


def _milliseconds(text: str) -> float:
    value, unit = re.match(r"([\d.]+)(\w+)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def run(rounds: int = 3) -> str:
    text = ""
    rows, goals = [], []
    for flags, size in _SIZES:
        with Fleet(*flags, "--rate=15s") as fleet, Exporter(fleet.configuration) as exporter:
            exporter.until_up(fleet.count)
            with tempfile.NamedTemporaryFile("w", suffix=".prom") as series:
                series.write(get(exporter.url, timeout=60))
                series.flush()
                count = sum(1 for line in Path(series.name).read_text().splitlines() if not line.startswith("#"))
                found = _contest(exporter, series.name, rounds, _SECONDS[size], with_python=count < 50_000)
        this, go = found["this"], found["client_golang"]
        for way, figures in this.items():
            row = [f"{size} ({count})", *way, figures["cpu"]]
            row += [found[name][way]["cpu"] / figures["cpu"] if name in found else None for name in _OTHERS]
            rows.append(row + [figures["p50"], figures["p99"], go[way]["p50"], go[way]["p99"]])
            name = f"{size} series, {way[0]}, {way[1]} connections"
            victoria = found["VictoriaMetrics/metrics"][way]["cpu"]
            goals.append(goal(f"{name}: a quarter of VictoriaMetrics/metrics' processor time", figures["cpu"] * 4 <= victoria,
                              f"{figures['cpu'] / victoria:.2f} of it"))
            goals.append(goal(f"{name}: p99 below its median", figures["p99"] < go[way]["p50"],
                              f"{figures['p99']:.3g} ms and {go[way]['p50']:.3g} ms"))
        growth = {name: max(each["rss"] for each in ways.values()) - found["idle", name]
                  for name, ways in found.items() if isinstance(name, str)}
        goals.append(goal(f"{size} series: memory grows less under load than client_golang's",
                          growth["this"] < growth["client_golang"],
                          f"{growth['this']:.1f} MB and {growth['client_golang']:.1f} MB"))
        text += _memory(size, found, growth)
    head = table(
        "A scrape: processor time in ms, as multiples of it what others need, and latency",
        ["series", "encoding", "connections", "this, ms", *(f"{name}, times" for name in _OTHERS), "p50, ms", "p99, ms",
         "client_golang p50, ms", "client_golang p99, ms"], rows)
    return head + "\n" + text + "\n" + "\n".join(goals) + "\n\n" + _node_exporter(rounds)


def _contest(exporter: Exporter, series: str, rounds: int, seconds: int, with_python: bool) -> dict:
    ports = [free_port() for _ in _OTHERS]
    log = Path(series + ".log")
    servers = [Server(WORK / program, series, f"127.0.0.1:{port}", log=log) for program, port in zip(("victoria", "scrape"), ports)]
    if with_python:
        servers.append(Server(PYTHON, ROOT / "Benchmarks/peers/scrape.py", series, ports[2], log=log))
    try:
        targets = [Target("this", exporter.url, exporter.pid)]
        for name, port, server in zip(_OTHERS, ports, servers):
            server.until(f"{name} answers", lambda: answers(f"http://127.0.0.1:{port}/metrics"), within=60)
            targets.append(Target(name, f"http://127.0.0.1:{port}/metrics", server.process.pid))
        found: dict = {("idle", target.name): target.idle for target in targets}
        for way in _WAYS:
            measured = median_of(
                rounds, {target.name: lambda target=target: target.measure(*way, seconds) for target in targets})
            for name, figures in measured.items():
                found.setdefault(name, {})[way] = figures
        return found
    finally:
        for server in servers:
            server.stop()
        log.unlink(missing_ok=True)


def _memory(size: str, found: dict, growth: dict) -> str:
    return table(f"Memory with {size} series, MB", ["", "before", "growth under load"],
                 [[name, found["idle", name], growth[name]] for name in growth])


def _node_exporter(rounds: int) -> str:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = Server("prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}",
                        log=Path(folder) / "node_exporter.log")
        try:
            url = f"http://127.0.0.1:{port}/metrics"
            server.until("node_exporter answers", lambda: answers(url))
            target = Target("node_exporter", url, server.process.pid)
            count = sum(1 for line in get(url).splitlines() if not line.startswith("#"))
            rows = []
            for way in _WAYS:
                figures = median_of(rounds, {"node_exporter": lambda: target.measure(*way, 2)})["node_exporter"]
                rows.append([*way, figures["cpu"], figures["p50"], figures["p99"], target.idle, figures["rss"]])
        finally:
            server.stop()
    return table(f"node_exporter with its own {count} series",
                 ["encoding", "connections", "processor time, ms", "p50, ms", "p99, ms", "before, MB", "after, MB"], rows)
