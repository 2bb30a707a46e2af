"""Faults of the exporter itself. No printer may go down because of them."""

from __future__ import annotations

import fcntl
import subprocess
import time

from base import PROGRAMS, Server, answers, free_port, get, processor_seconds
from stage import Chance, Outcome, Stage


def reload(stage: Stage, chance: Chance) -> None:
    """Removes and renames printers; the others must keep their connections."""
    outcome = Outcome("reload", "moved", None, None, [])
    moved = stage.groups["moved"]
    gone = set(chance.sample(moved.names, 5))
    renamed = {name: f"{name}-renamed" for name in chance.sample(sorted(set(moved.names) - gone), 5)}
    entries = [e for group in stage.groups.values() for e in group.entries(lambda name: renamed.get(name, name))
               if e["name"] not in gone]
    names = {entry["name"] for entry in entries}
    before = stage.watch.last
    start = time.monotonic()
    stage.subject.reload(entries)
    if not stage.watch.until(
            lambda look: set(look.up) == names and look.are_up(list(renamed.values())), time.monotonic(), 10):
        outcome.problems.append("10 s later the printers were not those of the configuration, or the renamed ones were not up")
    time.sleep(chance.between(2, 8))
    stage.subject.reload(stage.entries)
    every = {entry["name"] for entry in stage.entries}
    look = stage.watch.until(
        lambda look: set(look.up) == every and look.are_up(moved.names), time.monotonic(), 10)
    if look is None:
        outcome.problems.append("10 s after the configuration was restored, not every printer was up")
    else:
        kept = set(moved.names) - gone - set(renamed) | set(stage.groups["calm"].names)
        if lost := [name for name in kept if look.connects[name] != before.connects[name]]:
            outcome.problems.append(f"these printers lost their connections: {lost}")
    stage.windows.append(("moved", start, time.monotonic() + 1))
    outcome.note = f"5 printers removed and back, 5 renamed and back, in {time.monotonic() - start:.0f} s"
    stage.conclude(outcome)


def clock_step(stage: Stage, chance: Chance) -> None:
    outcome = Outcome("clock step", "exporter", None, None, [])
    seconds = int(chance.choice([-1, 1]) * chance.between(60, 12 * 3600))
    outcome.note = f"{seconds:+} s and back"
    calm = stage.groups["calm"].names
    for offset in (seconds, 0):
        stage.subject.step_clock(offset)
        look = stage.watch.until(
            lambda look: all(abs(look.reported.get(name, 0) - time.time() - offset) < 20 for name in calm),
            time.monotonic(), 20)
        if look is None:
            outcome.problems.append(f"20 s after the step, the time stamps of reports do not have the offset {offset:+} s")
        time.sleep(chance.between(3, 8))
    stage.conclude(outcome)


def disk_full(stage: Stage, chance: Chance) -> None:
    """Adds a printer while its certificate cannot be written; the certificate must be written once there is space."""
    outcome = Outcome("disk full", "state_dir", None, None, [])
    spare = stage.spare
    name, subject = spare.names[0], stage.subject
    serial = spare.told[name]["serial"]
    subject.fill_disk()
    try:
        complaints = subject.says_times("Cannot update the known certificates")
        subject.reload(stage.entries + spare.entries())
        if not stage.watch.until(lambda look: look.are_up([name]), time.monotonic(), 15):
            outcome.problems.append("the new printer is not up")
        end = time.monotonic() + 15
        while subject.says_times("Cannot update the known certificates") == complaints and time.monotonic() < end:
            time.sleep(0.5)
        if subject.says_times("Cannot update the known certificates") == complaints:
            outcome.problems.append("the log does not say that the certificates cannot be written")
        if serial in subject.known():
            outcome.problems.append("the disk was not full")
    finally:
        subject.free_disk()
    spare.kill()
    spare.start()
    stage.watch.until(lambda look: look.connects.get(name, 0) >= 2 and look.are_up([name]), time.monotonic(), 20)
    end = time.monotonic() + 20
    while serial not in subject.known() and time.monotonic() < end:
        time.sleep(0.5)
    if serial not in subject.known():
        outcome.problems.append("20 s after there was space, the certificate was not written")
    subject.forget(name)
    subject.reload(stage.entries)
    outcome.note = "reported the error, continued, and wrote the certificate when there was space"
    stage.conclude(outcome)


def few_descriptors(stage: Stage, chance: Chance) -> None:
    """Runs a second exporter on the same printers with a limit of 64 open files."""
    outcome = Outcome("ulimit -n 64", "second exporter", None, None, [])
    folder = stage.folder / f"few-{len(stage.outcomes)}"
    folder.mkdir()
    stage.subject.configure(stage.entries, folder / "config.json5")
    url = f"http://127.0.0.1:{(port := free_port())}"
    seconds = min(60, stage.minutes * 10)
    server = Server(
        "prlimit", "--nofile=64:64", PROGRAMS / "bambu_exporter", f"--config.file={folder / 'config.json5'}",
        f"--web.listen-address=127.0.0.1:{port}", log=folder / "exporter.log")
    try:
        server.until("the second exporter answers", lambda: answers(f"{url}/-/healthy"), within=20)
        used, begin, waits, most = processor_seconds(server.process.pid), time.monotonic(), [], 0
        while time.monotonic() < begin + seconds:
            start = time.monotonic()
            most = max(most, _up(get(f"{url}/metrics", timeout=5)))
            waits.append(time.monotonic() - start)
            time.sleep(1)
        load = (processor_seconds(server.process.pid) - used) / (time.monotonic() - begin) * 100
        outcome.note = f"{most} printers up, {load:.1f} % of a core, slowest scrape {max(waits):.2f} s"
        if load > 30:
            outcome.problems.append("it takes more than 30 % of a core")
        if "limit of open files is too low" not in server.log.read_text(errors="replace"):
            outcome.problems.append("the log does not say that the limit is too low")
    except (OSError, AssertionError) as error:
        outcome.problems.append(f"a scrape failed: {error}")
    finally:
        server.stop()
    if server.process.returncode != 0:
        outcome.problems.append(f"its exit code is {server.process.returncode}")
    stage.conclude(outcome)


def blocked_log(stage: Stage, chance: Chance) -> None:
    """Runs a second exporter on the same printers, whose standard error is a pipe that is not read."""
    outcome = Outcome("standard error blocked", "second exporter", None, None, [])
    folder = stage.folder / f"blocked-{len(stage.outcomes)}"
    folder.mkdir()
    entries = stage.groups["calm"].entries()
    stage.subject.configure(entries, folder / "config.json5")
    url = f"http://127.0.0.1:{(port := free_port())}"
    exporter = subprocess.Popen(
        [PROGRAMS / "bambu_exporter", f"--config.file={folder / 'config.json5'}", "--log.level=debug",
         f"--web.listen-address=127.0.0.1:{port}"], stderr=subprocess.PIPE)
    # The smallest size of a pipe, which the first log lines fill.
    fcntl.fcntl(exporter.stderr, fcntl.F_SETPIPE_SZ, 4096)
    try:
        end, dropped, up = time.monotonic() + 60, 0.0, 0
        while time.monotonic() < end and up < len(entries):
            time.sleep(1)
            if not answers(f"{url}/-/healthy"):
                continue
            text = get(f"{url}/metrics", timeout=5)
            dropped, up = _value(text, "bambu_exporter_log_lines_dropped_total"), _up(text)
        outcome.note = f"{up} of {len(entries)} printers up, {dropped:.0f} lines dropped"
        if up < len(entries):
            outcome.problems.append("not all printers are up")
    finally:
        exporter.terminate()
    try:
        exporter.wait(10)
    except subprocess.TimeoutExpired:
        exporter.kill()
        outcome.problems.append("it did not end on SIGTERM")
    stage.conclude(outcome)


def _value(text: str, name: str) -> float:
    return next((float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} ")), 0.0)


def _up(text: str) -> int:
    return sum(line.startswith("bambu_up{") and line.endswith(" 1") for line in text.splitlines())
