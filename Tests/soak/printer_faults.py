"""What befalls printers: a group of them at a time."""

from __future__ import annotations

import signal
import time

from farm import Group
from stage import LONGEST_WAIT, SLACK, Chance, Outcome, Stage
from subject import STALE_AFTER

# 25 printers send more than a thousand messages a second at this rate, though some say nothing now and then.
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
    """Stopped in its tracks, for longer than keepalive and stale_after: connections stand, and nothing comes."""
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
            stage.network.mend(at_our_end)


def _stay_silent(stage: Stage, group: Group, seconds: float, outcome: Outcome) -> None:
    """Waits so long, and sees that everybody is down once nothing has come for stale_after."""
    start, patience = time.monotonic(), STALE_AFTER + 5
    if not stage.watch.until(lambda look: not any(look.up.get(name) for name in group.names), start, patience):
        outcome.problems.append(f"somebody was up {patience} s after the last report")
    time.sleep(max(0, start + seconds - time.monotonic()))


def certificates_changed(stage: Stage, group: Group, chance: Chance) -> None:
    """Other certificates for the same printers: nobody may be let in until the old ones are back."""
    with stage.outage("certificates changed", group) as outcome:
        group.stop()
        group.start(directory="impostors")
        time.sleep(0.1)
        # Somebody may be in the longest wait.
        stage.watch.until(
            lambda look: all(look.reason.get(name) == "certificate" for name in group.names), time.monotonic(),
            LONGEST_WAIT + SLACK)
        refused = [name for name in group.names if stage.watch.last.reason.get(name) == "certificate"]
        if len(refused) < len(group.names):
            outcome.problems.append(f"{len(refused)} of {len(group.names)} were refused for their certificates")
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
            outcome.problems.append("that is no flood of a thousand")
        group.stop()
        group.start()
