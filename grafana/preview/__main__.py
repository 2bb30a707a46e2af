"""Draws previews of the dashboards into docs/images: python3 grafana/preview [FOLDER_OF_A_WEEK]"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import plotly

import week
from page import WIDTH, page

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/monitoring"))
import hasty  # noqa: E402
from boards import boards  # noqa: E402
from stack import ROOT, Printers, Prometheus, run  # noqa: E402

IMAGES = ROOT / "docs/images"
# The maximum height of a picture, so that it stays small.
TALLEST = 2050
# The printers and the time range of each picture.
VIEWS = {"bambu-fleet": (".+", 86400), "bambu-printer": ("garage", 43200), "bambu-ams": (".+", 7 * 86400),
         "bambu-usage": (".+", 7 * 86400)}


def filled(expression: str, printer: str, step: float) -> str:
    for name, value in (("$__rate_interval", f"{max(4 * step, 4):.0f}s"), ("$__interval", f"{step:.0f}s"), ("$job", ".+"),
                        ("$instance", ".+"), ("$printer", printer),
                        ("$price_per_kg", "20"), ("$maintenance_hours", "500"), ("$price_per_kwh", "0.30"),
                        ("${energy_kwh:raw}", "smart_plug_energy_kwh_total")):
        expression = expression.replace(name, value)
    return expression


def draw(prometheus: Prometheus, board: dict, printer: str, end: float, span: float, finest: float, folder: Path) -> None:
    step = max(1, round(span / 400 / finest)) * finest
    start = end - span

    def ask(target: dict) -> list:
        # A panel of days has a value a day, whatever the range of the dashboard.
        each, begin = (86400, end - 6 * 86400) if target.get("interval") == "1d" else (step, start)
        target["step"] = each
        expression = filled(target["expr"], printer, step)
        if "ALERTS" in expression:
            return prometheus.query(expression)
        return prometheus.query(expression, time=end) if target.get("instant") else prometheus.range(expression, begin, end, each)

    marks = []
    for annotation in board["annotations"]["list"]:
        if board["uid"] != "bambu-printer":
            continue
        for series in prometheus.range(filled(annotation["expr"], printer, step), start, end, step):
            last = 0.0
            for at, _ in series["values"]:
                if at - last > 5 * step:
                    marks.append((at, annotation["iconColor"]))
                last = at
    names = {3600: "hour", 86400: "24 hours", 43200: "12 hours", 7 * 86400: "7 days"}
    title = f"{'all printers' if printer == '.+' else printer} · last {names.get(int(span), f'{span:.0f} seconds')}"
    script = Path(plotly.__file__).parent / "package_data/plotly.min.js"
    text, height = page(board, ask, start, end, marks, title, script.as_uri(), TALLEST)
    file = folder / f"{board['uid']}.html"
    file.write_text(text)
    picture = IMAGES / f"{board['uid'].removeprefix('bambu-')}.png"
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WIDTH},{height}",
        "--virtual-time-budget=8000", f"--user-data-dir={folder / 'chromium'}", f"--screenshot={picture}", file.as_uri(), timeout=120)
    print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1024} kB")


def history(folder: Path, kept: Path | None) -> None:
    """Draws the pictures of the week that has just ended."""
    if kept and kept.exists():
        answers = pickle.loads(kept.read_bytes())
    else:
        print(f"Simulating a week takes {week.LASTING:.0f} s")
        answers = week.simulate(folder)
        if kept:
            kept.write_bytes(pickle.dumps(answers))
    end = time.time()
    print(f"{week.blocks(answers, end, folder, folder / 'tsdb')} samples")
    prometheus = hasty.prometheus(folder, None, None, data=folder / "tsdb", lookback=f"{week.STEP - 1}s",
                                  # The rules did not run when a printer was lost, so they look for that moment.
                                  changes="{ lostWithin: '1d' }")
    try:
        time.sleep(6)  # for the rules
        for uid, (printer, span) in VIEWS.items():
            draw(prometheus, boards()[uid], printer, end, span, week.STEP, folder)
    finally:
        prometheus.stop()


def present(folder: Path, lasting: float = 75) -> None:
    """Draws the picture of the exporter itself, which must run in real time."""
    printers = Printers(folder, "--speed=60", "--seed=6", "--printer=X1C:ams,ams@studio", "--printer=P1S:ams@garage",
                        "--printer=A1 mini@desk", "--printer=H2D@workshop", "--account-printer=A1:ams_lite@cellar", "--cloud-port=0", "--fault=garbage@garage,after=20s,for=10s",
                        "--fault=disconnect@desk,after=30s,for=12s", "--fault=refuse@workshop,after=45s")
    try:
        prometheus = hasty.prometheus(folder, printers.address, None)
        try:
            time.sleep(lasting)
            draw(prometheus, boards()["bambu-exporter"], ".+", time.time(), lasting, 1, folder)
        finally:
            prometheus.stop()
    finally:
        printers.stop()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    for part in (lambda f: history(f, kept), present):
        with tempfile.TemporaryDirectory(prefix="bambu", ignore_cleanup_errors=True) as place:
            part(Path(place))


if __name__ == "__main__":
    main()
