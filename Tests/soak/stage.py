"""The context of all faults, and the time that printers may take to come back."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from farm import Group
from network import Network
from subject import Subject
from watch import Watch

# Added to the last wait: the handshakes of a group on a busy machine, the first report, and a second until the next scrape.
SLACK = 8
# Waits double up to 60 s, each a fifth longer or shorter.
LONGEST_WAIT = 60 * 1.2
# A connection that hangs when the fault ends runs into its own deadline first, and then waits once more.
_CONNECT_DEADLINE = 15
# The backoff resets after a session of this length.
_STABLE = 60


def allowance(outage: float, first_wait: float, hangs: bool) -> tuple[float, float]:
    """The longest that a printer may take to come back after an outage, and the longest first wait in the next.

    Waits double up to 60 s, each a fifth longer or shorter. The finished waits together are not longer than the outage, and each
    was at least four fifths of its nominal length. The running wait is as long as all of them and the first one together.
    """
    wait = outage / 0.8 + first_wait
    if not hangs:
        return 1.2 * min(wait, 60) + SLACK, min(2 * wait, 60)
    return 1.2 * min(2 * wait, 60) + _CONNECT_DEADLINE + SLACK, min(4 * wait, 60)


@dataclass
class Outcome:
    """One fault and its result."""
    fault: str
    target: str
    # Seconds from the end of the fault until every printer was up again; None if no printer goes down.
    recovery: float | None
    allowed: float | None
    problems: list[str]
    note: str = ""


class Stage:
    def __init__(self, subject: Subject, watch: Watch, groups: dict[str, Group], spare: Group,
                 network: Network | None, folder: Path, minutes: float):
        self.subject, self.watch, self.groups, self.spare = subject, watch, groups, spare
        self.network, self.folder = network, folder
        self.minutes = minutes
        self.outcomes: list[Outcome] = []
        # The times when a group may be down: name, from, to.
        self.windows: list[tuple[str, float, float]] = []
        self.begin = time.monotonic()
        self._lock = threading.Lock()
        self.entries = [entry for group in groups.values() for entry in group.entries()]

    def tell(self, text: str) -> None:
        with self._lock:
            seconds = int(time.monotonic() - self.begin)
            print(f"[{seconds // 60:02}:{seconds % 60:02}] {text}", flush=True)

    def conclude(self, outcome: Outcome) -> None:
        with self._lock:
            self.outcomes.append(outcome)
        times = "" if outcome.recovery is None else \
            f": all up again after {outcome.recovery:.1f} s, {outcome.allowed:.0f} s allowed"
        note = f" ({outcome.note})" if outcome.note else ""
        problems = "".join(f"\n        NOT OK: {problem}" for problem in outcome.problems)
        self.tell(f"{outcome.fault}, {outcome.target}{times}{note}{problems}")

    @contextlib.contextmanager
    def outage(self, fault: str, group: Group, hangs: bool = False, longest: bool = False) -> Iterator[Outcome]:
        """The body takes the group down; after it the cause is gone, and every printer must come back.

        With `longest` the printers may be in the longest wait, as after a refusal.
        """
        start = time.monotonic()
        first_wait = 1 if start - group.up_since >= _STABLE else group.next_wait
        self.tell(f"{fault}, {group.name}: begins")
        outcome = Outcome(fault, group.name, None, None, [])
        yield outcome
        end = time.monotonic()
        outcome.allowed, group.next_wait = allowance(end - start, first_wait, hangs)
        if longest:
            outcome.allowed, group.next_wait = LONGEST_WAIT + SLACK, 60
        look = self.watch.until(lambda look: look.are_up(group.names), end, outcome.allowed + 60)
        now = time.monotonic()
        outcome.recovery = now - end
        if look is None:
            down = {n: self.watch.last.reason.get(n, "?") for n in group.names if not self.watch.last.up.get(n)}
            outcome.problems.append(f"still down: {down}")
        elif outcome.recovery > outcome.allowed:
            outcome.problems.append(f"it took {outcome.recovery:.1f} s, more than {outcome.allowed:.1f} s")
        self.windows.append((group.name, start, now + 1))
        group.up_since = now
        self.conclude(outcome)


class Chance:
    """Draws faults at random; each one once before any again."""

    def __init__(self, seed: int, kinds: list):
        self._random = random.Random(seed)
        self._kinds = kinds
        self._bag: list = []

    def next(self, fits=lambda kind: True):
        """The next fault that fits; None if none of those left does."""
        if not self._bag:
            self._bag = self._random.sample(self._kinds, len(self._kinds))
        for kind in self._bag:
            if fits(kind):
                self._bag.remove(kind)
                return kind
        return None

    def choice(self, things: list):
        return self._random.choice(things)

    def sample(self, things: list, count: int) -> list:
        return self._random.sample(things, count)

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)
