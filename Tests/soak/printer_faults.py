"""Faults of printers, one group at a time."""

from __future__ import annotations

import signal
import time

from farm import Group
from stage import LONGEST_WAIT, SLACK, Chance, Outcome, Stage
from subject import STALE_AFTER

# At this rate 25 printers send more than a thousand messages a second, even if some are silent at times.
_FLOOD = "15ms"


def broker_killed(stage: Stage, group: Group, chance: Chance) -> None:
    with stage.outage("broker killed", group):
        group.kill_broker()
        time.sleep(chance.between(1, 15))
        group.start()


def machine_killed(stage: Stage, group: Group, chance: Chance) -> None:
    with stage.outage("printers killed", group):
        group.kill()
        time.sleep(chance.between(5, 25))
        group.start()


def broker_stopped(stage: Stage, group: Group, chance: Chance) -> None:
    """Stops the brokers for longer than keepalive and stale_after: connections stay open, and nothing arrives."""
    with stage.outage("broker stopped", group, hangs=True) as outcome:
        group.signal_brokers(signal.SIGSTOP)
        try:
            _stay_silent(stage, group, chance.between(32, 45), outcome)
        finally:
            group.signal_brokers(signal.SIGCONT)


def network_cut(stage: Stage, group: Group, chance: Chance) -> None:
    at_our_end = chance.choice([True, False])
    end = "this end" if at_our_end else "their end"
    with stage.outage(f"network cut at {end}", group, hangs=not at_our_end) as outcome:
        stage.network.cut(at_our_end)
        try:
            _stay_silent(stage, group, chance.between(25, 45), outcome)
        finally:
            stage.network.restore(at_our_end)


def _stay_silent(stage: Stage, group: Group, seconds: float, outcome: Outcome) -> None:
    """Waits, and checks that every printer is down after stale_after without a report."""
    start, patience = time.monotonic(), STALE_AFTER + 5
    if not stage.watch.until(lambda look: not any(look.up.get(name) for name in group.names), start, patience):
        outcome.problems.append(f"a printer was up {patience} s after the last report")
    time.sleep(max(0, start + seconds - time.monotonic()))


def certificates_changed(stage: Stage, group: Group, chance: Chance) -> None:
    """Uses other certificates for the same printers: none may be trusted until the old ones are back."""
    with stage.outage("certificates changed", group) as outcome:
        group.stop()
        group.start(directory="impostors")
        time.sleep(0.1)
        # A printer may be in the longest wait.
        stage.watch.until(
            lambda look: all(look.reason.get(name) == "certificate" for name in group.names), time.monotonic(),
            LONGEST_WAIT + SLACK)
        refused = [name for name in group.names if stage.watch.last.reason.get(name) == "certificate"]
        if len(refused) < len(group.names):
            outcome.problems.append(f"only {len(refused)} of {len(group.names)} were refused for their certificates")
        end = time.monotonic() + chance.between(3, 10)
        while time.monotonic() < end:
            stage.watch.until(lambda look: True, time.monotonic(), 5)
            if trusted := [name for name in group.names if stage.watch.last.up.get(name)]:
                outcome.problems.append(f"trusted with another certificate: {trusted}")
                break
        group.stop()
        group.start()


def flood(stage: Stage, group: Group, chance: Chance) -> None:
    with stage.outage("restarted to flood", group):
        group.stop()
        group.start(f"--rate={_FLOOD}")
    look, sample = stage.watch.last, stage.watch.samples[-1]
    time.sleep(chance.between(12, 20))
    later, now = stage.watch.last, stage.watch.samples[-1]
    seconds = later.at - look.at
    rate = sum(later.messages[name] - look.messages[name] for name in group.names) / seconds
    load = (now.processor - sample.processor) / (now.at - sample.at) * 100
    fallen = [name for name, at in stage.watch.falls if name in group.names and look.at < at <= later.at]
    with stage.outage("flood", group) as outcome:
        outcome.note = f"{rate:.0f} messages a second for {seconds:.0f} s, the exporter took {load:.0f} % of a core"
        if fallen:
            outcome.problems.append(f"went down in the flood: {fallen}")
        if rate < 1000:
            outcome.problems.append("it was less than a thousand messages a second")
        group.stop()
        group.start()


def _all(kind: str, group: Group) -> list[str]:
    return [f"--fault={kind}@{name}" for name in group.names]


def subscriptions_denied(stage: Stage, group: Group, chance: Chance) -> None:
    """Brokers that answer SUBSCRIBE with 0x80. The other printers stay up, and these are down for `auth`."""
    with stage.outage("subscriptions denied", group, longest=True) as outcome:
        group.stop()
        group.start(*_all("deny-subscription", group))
        look = stage.watch.until(
            lambda look: all(look.reason.get(name) == "auth" for name in group.names), time.monotonic(),
            LONGEST_WAIT + SLACK)
        if look is None:
            reasons = {name: stage.watch.last.reason.get(name) for name in group.names}
            outcome.problems.append(f"not all are down for auth: {reasons}")
        group.stop()
        group.start()


def sessions_kicked(stage: Stage, group: Group, chance: Chance) -> None:
    """Brokers that accept a session and end it. One outage of a printer must cause only one warning."""
    before = {name: stage.subject.warnings(name) for name in group.names}
    with stage.outage("sessions kicked", group, longest=True) as outcome:
        group.stop()
        group.start(*_all("kick", group))
        time.sleep(chance.between(20, 40))
        loud = [name for name in group.names if stage.subject.warnings(name) > before[name] + 1]
        if loud:
            outcome.problems.append(f"more than one warning: {loud}")
        group.stop()
        group.start()


def late_reports(stage: Stage, group: Group, chance: Chance) -> None:
    """Printers that answer no request, and report exactly when they count as silent."""
    with stage.outage("reports at the deadline", group, hangs=True, longest=True):
        group.stop()
        group.start(f"--rate={STALE_AFTER}s", *_all("deaf", group))
        time.sleep(chance.between(3, 5) * STALE_AFTER)
        group.stop()
        group.start()


def cameras_closed(stage: Stage, group: Group, chance: Chance) -> None:
    """Cameras that close after the TLS handshake. Every probe must fail, and the printers must stay up."""
    before = {name: stage.watch.last.camera_failures.get(name, 0) for name in group.camera_names}
    with stage.outage("restarted with cameras that close", group):
        group.stop()
        group.start(*(f"--fault=camera-close@{name}" for name in group.camera_names))
    look = stage.watch.until(
        lambda look: all(look.camera_failures.get(name, 0) > before[name] for name in group.camera_names),
        time.monotonic(), 60)
    with stage.outage("cameras closed", group) as outcome:
        if look is None:
            outcome.problems.append("not every probe failed")
        group.stop()
        group.start()
