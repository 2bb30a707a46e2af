"""Generates the plain manifests of the example from the chart. The chart's rules and dashboards are links to the shipped ones.

Usage: python3 scripts/kubernetes.py [--check]
"""

from __future__ import annotations

import contextlib
import functools
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import helm_python
import yaml

ROOT = Path(__file__).resolve().parents[1]
CHART = ROOT / "deploy/helm/bambu-exporter"
EXAMPLE = ROOT / "examples/kubernetes"
HEAD = "# Written by `make kubernetes` from the chart and values.yaml; a test fails when it is stale.\n"


# What needs Prometheus Operator is in a file of its own: a cluster without it refuses these kinds.
OPERATOR = {"serviceMonitor": {"enabled": True}, "prometheusRule": {"enabled": True}}
OPERATOR_KINDS = {"ServiceMonitor", "PrometheusRule"}


@contextlib.contextmanager
def without_links() -> Iterator[Path]:
    """A copy of the chart with files in place of links. Helm follows links too, and writes a line about each."""
    with tempfile.TemporaryDirectory(prefix="bambu") as folder:
        yield Path(shutil.copytree(CHART, Path(folder) / CHART.name))


@functools.cache
def chart() -> helm_python.Chart:
    with without_links() as folder:
        return helm_python.Chart.load(str(folder))


def _texts(values: dict) -> list[str]:
    """What the chart makes of values, a text for each file."""
    rendered = chart().render(values, name="bambu", namespace="default")
    return [text.strip() for path, text in sorted(rendered.items()) if path.endswith(".yaml") and text.strip()]


def objects(values: dict) -> list[dict]:
    """Every manifest that the chart makes of values."""
    return [manifest for text in _texts(values) for manifest in yaml.safe_load_all(text) if manifest]


def manifests(values: dict) -> dict[str, dict]:
    """The manifests that the chart renders from values, by kind; the last one of each."""
    return {manifest["kind"]: manifest for manifest in objects(values)}


def _example(values: dict, of_the_operator: bool) -> str:
    texts = [text for text in _texts(values) if (yaml.safe_load(text)["kind"] in OPERATOR_KINDS) == of_the_operator]
    lines = "\n---\n".join(texts).splitlines()
    # Helm's own labels mean nothing without Helm.
    return HEAD + "\n".join(line for line in lines if "helm.sh/chart" not in line and "managed-by" not in line) + "\n"


def main() -> int:
    values = yaml.safe_load((EXAMPLE / "values.yaml").read_text())
    wanted = {
        EXAMPLE / "bambu-exporter.yaml": _example(values, of_the_operator=False),
        EXAMPLE / "prometheus-operator.yaml": _example(values | OPERATOR, of_the_operator=True),
    }
    check = "--check" in sys.argv
    stale = 0
    for file, text in wanted.items():
        if file.exists() and file.read_text() == text:
            continue
        stale += 1
        if not check:
            file.write_text(text)
        print(f"{file.relative_to(ROOT)} {'is stale' if check else 'written'}")
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
