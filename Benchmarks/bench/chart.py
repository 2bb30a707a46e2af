"""Draws a line chart as SVG, with the straight line that fits best."""

from __future__ import annotations

import math

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 340, 64, 48, 44, 24


def _steps(highest: float) -> list[float]:
    rough = highest / 5
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return [step * index for index in range(int(highest / step) + 2)]


def chart(title: str, across: str, up: str, points: list[tuple[float, float]]) -> str:
    columns, rows = _steps(max(x for x, _ in points)), _steps(max(y for _, y in points))
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        return _LEFT + x / columns[-1] * width, _TOP + height - y / rows[-1] * height

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12">', '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22" font-size="15" fill="#222">{title}</text>',
    ]
    for y in rows:
        (left, level), (right, _) = at(0, y), at(columns[-1], y)
        parts.append(f'<path d="M{left:.1f} {level:.1f}H{right:.1f}" stroke="#ddd"/>'
                     f'<text x="{left - 8:.1f}" y="{level + 4:.1f}" text-anchor="end" fill="#555">{y:g}</text>')
    for x in columns:
        place, floor = at(x, 0)
        parts.append(f'<text x="{place:.1f}" y="{floor + 18:.1f}" text-anchor="middle" fill="#555">{x:,.0f}</text>')
    slope, start = _fit(points)
    (x1, y1), (x2, y2) = at(0, max(0, start)), at(points[-1][0], start + slope * points[-1][0])
    parts.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#999" stroke-dasharray="4 4"/>')
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in points))
    parts.append(f'<polyline points="{path}" fill="none" stroke="#1f6feb" stroke-width="2"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#1f6feb"/>' for x, y in (at(*point) for point in points)]
    parts.append(f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 10}" text-anchor="end" fill="#222">{across}</text>'
                 f'<text x="{_LEFT}" y="38" fill="#222">{up}; dashed: {start:.3g} and {slope:.3g} for each</text></svg>\n')
    return "\n".join(parts)


def _fit(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The slope and the intercept of the least-squares line."""
    count = len(points)
    x, y = sum(p[0] for p in points) / count, sum(p[1] for p in points) / count
    spread = sum((p[0] - x) ** 2 for p in points)
    slope = sum((p[0] - x) * (p[1] - y) for p in points) / spread if spread else 0
    return slope, y - slope * x
