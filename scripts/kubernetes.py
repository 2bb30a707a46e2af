"""Generates the chart's copy of the alert rules, and the plain manifests of the example.

Usage: python3 scripts/kubernetes.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import helm_python
import yaml

ROOT = Path(__file__).resolve().parents[1]
CHART = ROOT / "deploy/helm/bambu-exporter"
EXAMPLE = ROOT / "examples/kubernetes"
HEAD = "# Written by `make kubernetes` from the chart and values.yaml; a test fails when it is stale.\n"


def manifests(values: dict) -> dict[str, dict]:
    """The manifests that the chart renders from values, by kind."""
    rendered = helm_python.Chart.load(str(CHART)).render(values, name="bambu", namespace="default")
    found = (yaml.safe_load(text) for path, text in rendered.items() if path.endswith(".yaml"))
    return {manifest["kind"]: manifest for manifest in found if manifest}


def _text(values: dict) -> str:
    rendered = helm_python.Chart.load(str(CHART)).render(values, name="bambu", namespace="default")
    texts = [text.strip() for path, text in sorted(rendered.items()) if path.endswith(".yaml") and text.strip()]
    lines = "\n---\n".join(texts).splitlines()
    # Helm's own labels mean nothing without Helm.
    return HEAD + "\n".join(line for line in lines if "helm.sh/chart" not in line and "managed-by" not in line) + "\n"


def main() -> int:
    wanted = {
        CHART / "files/bambu.rules.yml": lambda: (ROOT / "alerts/bambu.rules.yml").read_text(),
        EXAMPLE / "bambu-exporter.yaml": lambda: _text(yaml.safe_load((EXAMPLE / "values.yaml").read_text())),
    }
    check = "--check" in sys.argv
    stale = 0
    # In this order, because the manifests contain the chart's rules.
    for file, make in wanted.items():
        text = make()
        if file.exists() and file.read_text() == text:
            continue
        stale += 1
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        print(f"{file.relative_to(ROOT)} {'is stale' if check else 'written'}")
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
