"""The checks at the end of a run: of Prometheus' data, of the process' usage, and of the witnesses."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from base import Prometheus
from stage import Stage
from watch import Sample

# The first fifth of the run is not judged, because caches and allocators fill in it.
_WARM = 0.2
# Groups that are removed from the configuration during the run.
_LEAVING = ("moved-", "spare-")
# From this number of minutes on, the slope is meaningful.
_LONG = 20
_CRASHES = ("Fatal error", "Segmentation", "Assertion", "Illegal instruction", "dumped", "*** ")


class Findings:
    def __init__(self, stage: Stage):
        self._stage = stage
        self.rows: list[list[str]] = []

    def add(self, what: str, is_ok: bool, figures: str) -> None:
        self.rows.append(["ok" if is_ok else "NOT OK", what, figures])

    @property
    def are_ok(self) -> bool:
        return all(row[0] == "ok" for row in self.rows)

    def usage(self, samples: list[Sample]) -> None:
        # Compare only samples with all printers up, because each has a connection.
        calm = [sample for sample in samples if sample.up == len(self._stage.entries)]
        self._flat("memory", " MB", samples, lambda s: s.megabytes, an_hour=1, at_most=1.5)
        self._flat("descriptors", "", calm, lambda s: s.descriptors, an_hour=6, at_most=4)
        self._flat("threads", "", calm, lambda s: s.threads, an_hour=0.5, at_most=0)
        first, last = samples[0], samples[-1]
        load = (last.processor - first.processor) / (last.at - first.at) * 100
        self.add("processor time", load < 50, f"{load:.1f} % of a core on average")

    def _flat(self, what: str, unit: str, samples: list[Sample], value: Callable[[Sample], float], *,
              an_hour: float, at_most: float) -> None:
        begin, end = samples[0].at, samples[-1].at
        kept = [sample for sample in samples if sample.at >= begin + (end - begin) * _WARM]
        values = [value(sample) for sample in kept]
        fifth = len(samples) // 5
        early = statistics.median(value(sample) for sample in samples[fifth:2 * fifth])
        late = statistics.median(value(sample) for sample in samples[-fifth:])
        text = f"{min(values):.4g} to {max(values):.4g}{unit}; " \
               f"second fifth {early:.4g}, last {late:.4g}, {at_most} more allowed"
        is_flat = late - early <= at_most
        if self._stage.minutes >= _LONG:
            # The slope is checked in addition to the medians, because its error may be large.
            slope, error = _slope([sample.at for sample in kept], values)
            is_flat = is_flat and slope - 2 * error <= an_hour
            text += f"; {slope:+.2f} ± {2 * error:.2f} an hour, {an_hour} allowed"
        self.add(f"{what} flat", is_flat, text)

    def faults(self) -> None:
        for fault in sorted({outcome.fault for outcome in self._stage.outcomes}):
            those = [outcome for outcome in self._stage.outcomes if outcome.fault == fault]
            problems = [problem for outcome in those for problem in outcome.problems]
            waits = [outcome.recovery for outcome in those if outcome.recovery is not None]
            figures = [f"{len(those)} ×"]
            if waits:
                allowed = _span([outcome.allowed for outcome in those], ".0f")
                figures.append(f"all up again after {_span(waits, '.1f')} s, {allowed} s allowed")
            if note := those[-1].note:
                figures.append(note)
            self.add(fault, not problems, "; ".join(figures + problems))

    def undisturbed(self, falls: list[tuple[str, float]]) -> None:
        """Checks that printers go down only during faults of their own group."""
        strays = [name for name, at in falls if not name.startswith("spare-") and not any(
            name.startswith(f"{group}-") and begin <= at <= end for group, begin, end in self._stage.windows)]
        self.add("no printer down without a fault", not strays,
                 f"printers went down {len(falls)} times, {len(strays)} unexplained" + "".join(f", {name}" for name in strays[:5]))

    def scrapes(self, whole: Prometheus, single: Prometheus, seconds: float) -> None:
        window = f"[{int(seconds)}s]"
        failed = [s for s in whole.query(f"up{window}") if any(v == "0" for _, v in s["values"])]
        count = sum(len(s["values"]) for s in whole.query(f"up{window}"))
        self.add("no failed scrape of /metrics", count > 0 and not failed, f"{count} scrapes")
        targets = single.query(f"up{window}")
        count = sum(len(series["values"]) for series in targets)
        # A printer that was removed from the configuration is scraped until the next request to /sd.
        failed = {s["metric"]["instance"] for s in targets if any(v == "0" for _, v in s["values"])}
        others = {name for name in failed if not name.startswith(_LEAVING)}
        self.add("no failed scrape by /sd", count > 0 and not others,
                 f"{count} scrapes of {len(targets)} targets" + "".join(f", not {name}" for name in sorted(others)[:5]))
        for name, server, limit in (("/metrics", whole, 1), ("/probe", single, 1)):
            values = [float(v) for s in server.query(f"scrape_duration_seconds{window}") for _, v in s["values"]]
            values.sort()
            self.add(f"duration of scrapes of {name}", bool(values) and values[-1] < limit,
                     f"median {values[len(values) // 2] * 1000:.0f} ms, longest {values[-1] * 1000:.0f} ms")

    def series(self, whole: Prometheus, seconds: float) -> None:
        """Compares the number of samples at the beginning and at the end, at moments when every printer is configured and up."""
        count = len(self._stage.entries)
        step = max(5, int(seconds / 500))
        end = time.time()
        found = whole.range(f"scrape_samples_scraped and on (instance) (sum by (instance) (bambu_up) == {count})",
                            end - seconds, end, step)
        values = [float(v) for series in found for _, v in series["values"]]
        if not values:
            return self.add("series flat", False, "no scrape with all printers up")
        # The run begins and ends without faults.
        early, late = statistics.median(values[:3]), statistics.median(values[-3:])
        self.add("series flat", abs(late - early) <= early * 0.03,
                 f"{min(values):.0f} to {max(values):.0f}; {early:.0f} at the start, {late:.0f} at the end, 3 % difference allowed")
        names = whole.query('count(count by (printer) ({job="bambu",printer!=""}))')
        found = int(names[0]["value"][1]) if names else 0
        self.add("no series of removed printers", found == count,
                 f"{found} printers in the last scrape, {count} configured")
        # The series of a printer's connection exist in every state.
        link = whole.range('count({__name__=~"bambu_mqtt_.*|bambu_up|bambu_printer_info"})'
                           f" and on () (count(bambu_up) == {count})", end - seconds, end, step)
        numbers = {float(v) for series in link for _, v in series["values"]}
        self.add("series of connections the same", len(numbers) == 1, ", ".join(f"{n:.0f}" for n in sorted(numbers)))

    def garbage(self, differences: dict[str, dict], counts: dict[str, dict], whole: Prometheus) -> None:
        rejected = sum(sum(c[k] for k in ("json", "oversize", "shape")) for c in counts.values())
        total, size = (sum(c[k] for c in counts.values()) for k in ("messages", "bytes"))
        off = {name: dict(d) for name, d in differences.items() if any(d.values())}
        self.add("invalid messages counted", rejected > 0 and not off,
                 f"{total} messages of {size} bytes, {rejected} of them rejected; the same numbers from another client"
                 + (f"; different: {off}" if off else ""))
        names = "|".join(counts)
        others = whole.query(f'sum(bambu_mqtt_messages_rejected_total{{printer!~"{names}"}})')
        value = float(others[0]["value"][1]) if others else -1
        self.add("no message of other printers rejected", value == 0, f"{value:.0f}")

    def process(self, is_same: bool, code: int, log: Path, failures: list[str]) -> None:
        text = log.read_text(errors="replace")
        crashes = [word for word in _CRASHES if word in text]
        self.add("one process from start to end", is_same and code == 0 and not crashes,
                 f"exit code {code}, {text.count(chr(10))} log lines, {', '.join(crashes) or 'no crash'} in them")
        self.add("no failed scrape of the test itself, one a second", not failures, "; ".join(failures[:3]) or "none")


def _span(values: list[float], format: str) -> str:
    low, high = f"{min(values):{format}}", f"{max(values):{format}}"
    return low if low == high else f"{low} to {high}"


def _slope(times: list[float], values: list[float]) -> tuple[float, float]:
    """The least-squares slope per hour and its standard error, of medians of 30 s, because neighbouring samples are not independent."""
    begin = times[0]
    bins: dict[int, list[float]] = {}
    for at, value in zip(times, values):
        bins.setdefault(int((at - begin) // 30), []).append(value)
    xs = [key / 120 for key in bins]
    ys = [statistics.median(each) for each in bins.values()]
    line = statistics.linear_regression(xs, ys)
    mean = statistics.fmean(xs)
    rest = sum((y - line.slope * x - line.intercept) ** 2 for x, y in zip(xs, ys))
    spread = sum((x - mean) ** 2 for x in xs)
    return line.slope, (rest / max(1, len(xs) - 2) / spread) ** 0.5
