"""Draws the pictures of the status page into docs/images: thirty printers that report over a broker, the exporter, and Chromium.

Usage: make pictures
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/monitoring"))
from browser import Browser  # noqa: E402
from stack import eventually, get  # noqa: E402
from thirty import LOST, Thirty  # noqa: E402

IMAGES = ROOT / "docs/images"
# Width, whether it is dark, and how much of the page each picture shows.
PICTURES = {"wide": (1280, False, 1600), "dark": (1280, True, 800), "phone": (390, False, 1100)}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bambu", ignore_cleanup_errors=True) as folder:
        printers = Thirty(Path(folder))
        try:
            eventually("every printer reports", lambda: "30 of 30 printers report" in get(printers.url))
            printers.silent.add(LOST)
            eventually("one is lost", lambda: "1 down" in get(printers.url))
            for name, (width, dark, tallest) in PICTURES.items():
                browser = Browser(width, 800, dark)
                try:
                    browser.open(printers.url)
                    file = IMAGES / f"status-page-{name}.png"
                    browser.picture(file, tallest)
                    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} kB")
                finally:
                    browser.close()
        finally:
            printers.stop()


if __name__ == "__main__":
    main()
