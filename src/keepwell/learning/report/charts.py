"""Charts as SVG that takes its colours from the page, light or dark; numbers stand in titles and in tables beside."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 420, 150, 36, 26, 8


def rate_bars(bars: Sequence[tuple[str, float | None, float | None, float | None]], base: float | None) -> str:
    """A bar for each label with its rate and interval (shares, not per cent); a dashed line at `base`."""
    known = [high if high is not None else value for _, value, _, high in bars if value is not None]
    top = max([*known, base or 0.0, 0.01])
    inner, plot = _WIDTH - _LEFT - 4, _HEIGHT - _TOP - _BOTTOM
    step = inner / max(len(bars), 1)

    def y(value: float) -> float:
        return _TOP + plot * (1 - value / top)

    parts = [_axis(top)]
    for place, (label, value, low, high) in enumerate(bars):
        x = _LEFT + place * step
        if value is not None:
            parts.append(
                f"<g><title>{escape(label)}: {_percent(value)}{_between(low, high)}</title>"
                f'<rect class="bar" x="{x + step * 0.15:.1f}" y="{y(value):.1f}" width="{step * 0.7:.1f}" '
                f'height="{max(y(0) - y(value), 0.5):.1f}"/>{_whisker(x + step / 2, y, low, high)}</g>'
            )
        parts.append(
            f'<text class="tick" x="{x + step / 2:.1f}" y="{_HEIGHT - 10}" text-anchor="middle">{place + 1}</text>'
        )
    if base is not None:
        parts.append(f'<line class="base" x1="{_LEFT}" x2="{_WIDTH - 4}" y1="{y(base):.1f}" y2="{y(base):.1f}"/>')
    return _svg("".join(parts), _WIDTH, _HEIGHT, f"Loss rate by {len(bars)} slices")


def score_lines(old: Sequence[tuple[float, float]], new: Sequence[tuple[float, float]]) -> str:
    """How values score now (dashed) and in the draft: knots of value and score, ascending."""
    values = [value for value, _ in (*old, *new)]
    edge = 0.06 * (max(values) - min(values)) or 1.0
    low, high = min(values) - edge, max(values) + edge
    span = high - low
    inner, plot = _WIDTH - _LEFT - 12, _HEIGHT - _TOP - _BOTTOM

    def point(value: float, score: float) -> str:
        return f"{_LEFT + inner * (value - low) / span:.1f},{_TOP + plot * (1 - score / 100):.1f}"

    def line(knots: Sequence[tuple[float, float]], kind: str) -> str:
        if not knots:
            return ""
        whole = [(low, knots[0][1]), *knots, (high, knots[-1][1])]
        return f'<polyline class="{kind}" points="{" ".join(point(*one) for one in whole)}"/>'

    dots = "".join(
        f'<circle class="dot" cx="{point(*one).split(",")[0]}" cy="{point(*one).split(",")[1]}" r="3">'
        f"<title>{one[0]:g} scores {one[1]:g}</title></circle>"
        for one in new
    )
    ends = "".join(
        f'<text class="tick" x="{point(value, 0).split(",")[0]}" y="{_HEIGHT - 10}" '
        f'text-anchor="middle">{value:g}</text>'
        for value in (min(values), max(values))
    )
    scale = "".join(
        f'<text class="tick" x="{_LEFT - 4}" y="{_TOP + plot * (1 - mark / 100) + 4:.1f}" '
        f'text-anchor="end">{mark}</text>'
        for mark in (0, 50, 100)
    )
    return _svg(
        scale + ends + line(old, "old") + line(new, "new") + dots, _WIDTH, _HEIGHT, "Score by value, now and draft"
    )


def share_ranges(rows: Sequence[tuple[str, float | None, float | None, float | None, float | None]]) -> str:
    """Shares of the card in per cent, a row for each measure: now (ring), draft (dot) and its interval (line)."""
    row, left, width = 22, 170, 560
    top = max([one for each in rows for one in each[1:] if one is not None] + [1.0])
    inner = width - left - 50

    def x(share: float) -> float:
        return left + inner * share / top

    parts = []
    for place, (name, old, new, low, high) in enumerate(rows):
        y = place * row + 14
        parts.append(f'<text class="name" x="{left - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        if low is not None and high is not None:
            parts.append(f'<line class="interval" x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y}" y2="{y}"/>')
        if old is not None:
            parts.append(
                f'<circle class="ring" cx="{x(old):.1f}" cy="{y}" r="5"><title>now {old:.0f} %</title></circle>'
            )
        if new is not None:
            parts.append(
                f'<circle class="dot" cx="{x(new):.1f}" cy="{y}" r="4"><title>draft {new:.0f} %</title></circle>'
            )
            parts.append(
                f'<text class="tick" x="{x(max(new, high or 0, old or 0)) + 10:.1f}" y="{y + 4}">{new:.0f} %</text>'
            )
    return _svg("".join(parts), width, len(rows) * row + 8, "Shares of the card, now and draft")


def _whisker(x: float, y: object, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    assert callable(y)
    return f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{y(low):.1f}" y2="{y(high):.1f}"/>'


def _axis(top: float) -> str:
    return (
        f'<text class="tick" x="{_LEFT - 4}" y="{_TOP + 8}" text-anchor="end">{_percent(top)}</text>'
        f'<text class="tick" x="{_LEFT - 4}" y="{_HEIGHT - _BOTTOM}" text-anchor="end">0</text>'
    )


def _svg(inner: str, width: int, height: int, label: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{escape(label)}">{inner}</svg>'


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f", {_percent(low)} to {_percent(high)}"
