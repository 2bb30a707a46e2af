"""Runs the exporter with two hundred simulated printers and two Prometheus servers through half an hour of faults.

    make soak                      half an hour
    make soak MINUTES=5            shorter, at least 3
    make soak SEED=7               the same faults in the same order as in an earlier run

docs/endurance.md describes the faults and the checks. Namespaces and mounts need root; without it, the start of the output
says which faults are left out.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import exporter_faults
import printer_faults
from base import Prometheus, describe, run, table
from farm import Group, free_block
from findings import Findings
from network import Network
from stage import Chance, Stage
from subject import Subject
from watch import Watch
from witness import Witness

_SIZE = 25
_SENDERS = 3
# The printers, the printer that is added while the disk is full, and the network that can be cut.
Farm = tuple[dict[str, Group], Group, Network | None]
_VICTIMS = ["one", "two", "three", "four"]
# Seconds without faults, at the beginning and at the end.
_PEACE = 20
# No fault begins in the last seconds, so that the run does not wait long for its end.
_LAST_FAULT = 60


def prometheuses(folder: Path, subject: Subject) -> tuple[Prometheus, Prometheus]:
    """Starts one server that scrapes all printers at once, and one that scrapes each printer separately."""
    every = {"scrape_interval": "5s", "scrape_timeout": "5s"}
    jobs = {
        "whole": {"static_configs": [{"targets": [subject.url[7:]]}]},
        "single": {"http_sd_configs": [{"url": f"{subject.url}/sd", "refresh_interval": "5s"}]},
    }
    found = []
    for name, job in jobs.items():
        (folder / name).mkdir()
        found.append(Prometheus(folder / name, {"global": every, "scrape_configs": [{"job_name": "bambu", **job}]}))
    return tuple(found)


def farm(folder: Path, cleanup: contextlib.ExitStack, may_isolate: bool) -> Farm:
    """Starts all printers; they end with `cleanup`."""
    names = ["calm", "garbage", "moved", *_VICTIMS, "far"]
    base = free_block((len(names) + 1) * _SIZE)
    groups: dict[str, Group] = {}
    network = None
    for index, name in enumerate(names):
        number, port = index * _SIZE + 1, base + index * _SIZE
        options: dict = {"verify": "tofu" if index % 2 else "ca"}
        if name == "calm" or name in _VICTIMS:
            options["cameras"] = 4
        if name == "garbage":
            options["flags"] = [f"--fault=garbage@garbage-{sender + 1:02},after=5s" for sender in range(_SENDERS)]
        if name == "far" and may_isolate:
            network = Network(folder, port, _SIZE)
            cleanup.callback(network.stop)
            options |= {"prefix": network.prefix, "host": network.address}
        groups[name] = Group(folder, name, _SIZE, number, port, **options)
        cleanup.callback(groups[name].stop)
    spare = Group(folder, "spare", 1, len(names) * _SIZE + 1, base + len(names) * _SIZE)
    cleanup.callback(spare.stop)
    return groups, spare, network


class Lane:
    """A thread that runs one fault after the other."""

    def __init__(self, stage: Stage, seed: int, deadline: float, work: Callable[[Chance], None]):
        self._stage, self._chance, self._deadline, self._work = stage, Chance(seed, []), deadline, work
        self.error: str | None = None
        self.thread = threading.Thread(target=self._go, daemon=True)
        self.thread.start()

    def _go(self) -> None:
        try:
            time.sleep(self._chance.between(1, 4))
            while time.monotonic() < self._deadline:
                self._work(self._chance)
                time.sleep(self._chance.between(2, 6))
        except Exception:
            self.error = traceback.format_exc()
            self._stage.tell(self.error)


def lanes(stage: Stage, seed: int, deadline: float, may_isolate: bool) -> list[Lane]:
    """Two lanes for faults of printer groups, and one for faults of the exporter."""
    kinds = [printer_faults.broker_killed, printer_faults.machine_killed, printer_faults.broker_stopped,
             printer_faults.certificates_changed, printer_faults.flood, printer_faults.subscriptions_denied,
             printer_faults.sessions_kicked, printer_faults.late_reports, printer_faults.cameras_closed]
    if may_isolate:
        kinds.append(printer_faults.network_cut)
    bag = Chance(seed, kinds)
    free, lock = set(_VICTIMS + ["far"]), threading.Lock()

    def printers(chance: Chance) -> None:
        with lock:
            kind = bag.next(lambda kind: kind is not printer_faults.network_cut or "far" in free)
            if kind is None:
                return
            # The group that has been up longest, so that some backoffs start at one second and others do not.
            name = min(free - {"far"}, key=lambda name: (stage.groups[name].up_since, name))
            if kind is printer_faults.network_cut:
                name = "far"
            free.discard(name)
        try:
            kind(stage, stage.groups[name], chance)
        finally:
            with lock:
                free.add(name)

    own = [exporter_faults.reload, exporter_faults.clock_step, exporter_faults.few_descriptors,
           exporter_faults.blocked_log]
    if may_isolate:
        own.append(exporter_faults.disk_full)
    order = Chance(seed + 1, own)
    return [Lane(stage, seed + 2, deadline, printers), Lane(stage, seed + 3, deadline, printers),
            Lane(stage, seed + 4, deadline, lambda chance: order.next()(stage, chance))]


def soak(minutes: float, seed: int, folder: Path, cleanup: contextlib.ExitStack) -> Findings:
    # Root in a container may have neither right.
    may_isolate = run("unshare", "--net", "--mount", "true", check=False).returncode == 0
    if not may_isolate:
        print("Namespaces and mounts need root and are not allowed here: the faults \"network cut\" and \"disk full\" are left out.")
    groups, spare, network = farm(folder, cleanup, may_isolate)
    subject = Subject(folder, [e for g in groups.values() for e in g.entries()], has_small_disk=may_isolate)
    cleanup.callback(subject.stop)
    watch = Watch(subject)
    cleanup.callback(watch.stop)
    stage = Stage(subject, watch, groups, spare, network, folder, minutes)
    names = [entry["name"] for entry in stage.entries]
    if watch.until(lambda look: look.are_up(names), 0, 60) is None:
        raise AssertionError(f"not all printers came up: {watch.last.reason}")
    servers = prometheuses(folder, subject)
    for server in servers:
        cleanup.callback(server.stop)
    witnesses = [Witness(groups["garbage"], name) for name in groups["garbage"].names[:_SENDERS]]
    for witness in witnesses:
        cleanup.callback(witness.stop)
    before = {witness.name: witness.compare(subject) for witness in witnesses}
    watch.is_settled = True
    start = time.monotonic()
    stage.tell(f"{len(names)} printers are up; {minutes:g} minutes, seed {seed}, files in {folder}")
    time.sleep(_PEACE)
    running = lanes(stage, seed, start + minutes * 60 - _LAST_FAULT, may_isolate)
    for lane in running:
        lane.thread.join()
    time.sleep(max(_PEACE, start + minutes * 60 - time.monotonic()))
    return judge(stage, watch, servers, witnesses, before, running, time.monotonic() - start)


def judge(stage: Stage, watch: Watch, servers: tuple[Prometheus, Prometheus], witnesses: list[Witness], before: dict,
          running: list[Lane], seconds: float) -> Findings:
    findings = Findings(stage)
    differences = {}
    for witness in witnesses:
        # Messages from before the witness started do not count.
        for _ in range(10):
            difference = witness.compare(stage.subject)
            difference.subtract(before[witness.name])
            if not any(difference.values()):
                break
        differences[witness.name] = difference
    watch.stop()
    findings.faults()
    for lane in running:
        if lane.error:
            findings.add("the soak itself", False, lane.error.strip().splitlines()[-1])
    findings.undisturbed(watch.falls)
    findings.usage(watch.samples)
    findings.series(servers[0], seconds)
    findings.scrapes(*servers, seconds)
    findings.garbage(differences, {w.name: dict(w.count) for w in witnesses}, servers[0])
    is_same = stage.subject.server.process.poll() is None
    findings.process(is_same, stage.subject.stop(), stage.subject.log, watch.failures)
    return findings


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10_000))
    folder = Path(tempfile.mkdtemp(prefix="bambu-soak-"))
    # Exit normally, so that `cleanup` ends the processes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with contextlib.ExitStack() as cleanup:
        findings = soak(minutes, seed, folder, cleanup)
    print(f"\n{datetime.date.today()}, {describe()}; {minutes:g} minutes, seed {seed}.\n")
    print(table("Endurance", ["", "what", "found"], findings.rows))
    print("Everything is ok." if findings.are_ok else f"Not everything is ok; logs are in {folder}.")
    if findings.are_ok:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if findings.are_ok else 1


if __name__ == "__main__":
    sys.exit(main())
