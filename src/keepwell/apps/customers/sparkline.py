"""The trend of a score as a line of 80 by 20, drawn on the server; what is unknown is a gap."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

_WIDTH, _HEIGHT = 80, 20
_NOTHING = '<span class="muted">–</span>'


@lru_cache(maxsize=4096)
def sparkline_of(text: str | None) -> str:
    """The same for a trend as JSON."""
    return sparkline(json.loads(text)) if text else _NOTHING


def sparkline(trend: Sequence[float | None] | None, said: str = "") -> str:
    """HTML. `trend`: scores from 0 to 100, oldest first. Its words, unless `said`: where it began and where it is."""
    if not trend:
        return _NOTHING
    points = _points(len(trend))
    whole = [None if score is None else int(score + 0.5) for score in trend]
    known = [score for score in whole if score is not None]
    if not known:
        return _NOTHING
    words = said or f"from {known[0]} to {known[-1]} in {len(trend) - 1} weeks"
    drawn = [" " if score is None else points[place][score] for place, score in enumerate(whole)]
    return (
        f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        f'aria-label="{words}"><path d="{_path("".join(drawn))}"/></svg>'
    )


def _path(drawn: str) -> str:
    """Every stretch without a gap begins with a move; a single week is a short stroke."""
    return "".join(f"M{stretch[1:]}h1" if stretch.count("L") == 1 else f"M{stretch[1:]}" for stretch in drawn.split())


@lru_cache(maxsize=64)
def _points(weeks: int) -> list[list[str]]:
    """For each week, for each whole score, the line to its point."""
    step = _WIDTH / max(weeks - 1, 1)
    heights = [f"{1 + (_HEIGHT - 2) * (100 - score) / 100:.1f}" for score in range(101)]
    return [[f"L{week * step:.0f},{height}" for height in heights] for week in range(weeks)]
