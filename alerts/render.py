"""Writes the rules as readable YAML: keys in a natural order, expressions as blocks.

Usage: python3 alerts/render.py [--check]
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ALERTS = Path(__file__).resolve().parent
FILES = {
    "prometheus.jsonnet": ALERTS / "bambu.rules.yml",
    "provisioning.jsonnet": ALERTS.parent / "grafana/provisioning/alerting/bambu.yaml",
}
HEAD = "# Written by `make rules` from the mixin in alerts/; a test fails when it is stale.\n"
ORDER = """apiVersion name orgId folder interval uid title alert record refId datasourceUid relativeTimeRange condition data
type expr expression instant range for keep_firing_for keepFiringFor noDataState execErrState labels annotations
summary description""".split()


def scalar(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def lines(value: object, indent: str = "") -> Iterator[str]:
    """Returns the lines of a mapping or a list, each with its indent."""
    if isinstance(value, list):
        for item in value:
            first, *rest = lines(item, indent + "  ")
            yield indent + "- " + first.lstrip()
            yield from rest
        return
    keys = sorted(value, key=lambda k: (ORDER.index(k) if k in ORDER else len(ORDER), k))
    for key in keys:
        item = value[key]
        if isinstance(item, (dict, list)) and item:
            yield f"{indent}{key}:"
            yield from lines(item, indent if isinstance(item, list) else indent + "  ")
        elif isinstance(item, str) and item.endswith("\n"):
            yield f"{indent}{key}: |"
            yield from (f"{indent}  {line}" for line in item.splitlines())
        else:
            yield f"{indent}{key}: {scalar(item)}"


def render(source: str) -> str:
    rendered = subprocess.run(["jsonnet", ALERTS / source], capture_output=True, text=True, check=True).stdout
    return HEAD + "\n".join(lines(json.loads(rendered))) + "\n"


def main() -> int:
    stale = [file for source, file in FILES.items() if not file.exists() or file.read_text() != render(source)]
    for file in stale:
        if "--check" not in sys.argv:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(render(next(s for s, f in FILES.items() if f == file)))
        print(f"{file.relative_to(ALERTS.parent)} {'is stale' if '--check' in sys.argv else 'written'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
