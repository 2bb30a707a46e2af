#!/usr/bin/env python3
"""Reads an OpenMetrics exposition from standard input and prints its faults; no output means that it is valid.

Beyond the strict parser of prometheus_client: no timestamps, no exemplars, no sample twice, the labels of a family's
samples the same, and the parser's reading written out again must be the samples that were read.
"""

import io
import sys

from prometheus_client.openmetrics.parser import text_fd_to_metric_families


def findings(text: str):
    if not text.endswith("# EOF\n"):
        yield "the text does not end in # EOF"
    if "\r" in text:
        yield "there is a carriage return"
    samples = 0
    seen = set()
    try:
        # newline="\n", because a carriage return in a label's value does not end a line.
        for family in text_fd_to_metric_families(io.StringIO(text, newline="\n")):
            labels = None
            if not family.documentation:
                yield f"{family.name}: no HELP"
            if family.type not in ("gauge", "counter"):
                yield f"{family.name}: of type {family.type}"
            for sample in family.samples:
                samples += 1
                key = (sample.name, tuple(sorted(sample.labels.items())))
                if key in seen:
                    yield f"{sample.name}{sample.labels}: there twice"
                seen.add(key)
                if labels is None:
                    labels = list(sample.labels)
                if list(sample.labels) != labels:
                    yield f"{sample.name}: labels {list(sample.labels)} beside {labels}"
                if sample.timestamp is not None or sample.exemplar is not None:
                    yield f"{sample.name}: a timestamp or an exemplar"
                if sample.value != sample.value:
                    yield f"{sample.name}: not a number"
    except ValueError as error:
        yield f"the strict parser refuses it: {error}"
    lines = sum(1 for line in text.split("\n") if line and not line.startswith("#"))
    if samples != lines:
        yield f"{lines} lines are samples, but the parser reads {samples}"


def main() -> int:
    text = sys.stdin.buffer.read().decode("utf-8")
    wrong = list(findings(text))
    for finding in wrong:
        print(finding)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
