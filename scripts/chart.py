"""Packs the Helm chart into a folder. IMAGE=registry.example/bambu_exporter is the image that it names.

Usage: python3 scripts/chart.py FOLDER
"""

from __future__ import annotations

import os
import sys

import helm_python
from kubernetes import without_links


def main() -> None:
    with without_links() as chart:
        if image := os.environ.get("IMAGE"):
            values = chart / "values.yaml"
            text = values.read_text()
            assert "repository: bambu_exporter\n" in text
            values.write_text(text.replace("repository: bambu_exporter\n", f"repository: {image}\n"))
        print(helm_python.package(str(chart), destination=sys.argv[1]))


if __name__ == "__main__":
    main()
