"""The trend of a score as a line of 80 by 20, drawn on the server; what is unknown is a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

_WIDTH, _HEIGHT = 80, 20
_Y = [f"{1 + (_HEIGHT - 2) * (100 - score) / 100:.1f}" for score in range(101)]


def sparkline(trend: Sequence[float | None] | None) -> Markup:
    """`trend`: scores from 0 to 100, oldest first. Its words say where it began and where it stands."""
    known = [score for score in trend or () if score is not None]
    if not trend or not known:
        return Markup('<span class="muted">–</span>')
    step = _WIDTH / max(len(trend) - 1, 1)
    lines = "".join(f'<polyline points="{points}"/>' for points in _lines(trend, step))
    words = f"from {known[0]:.0f} to {known[-1]:.0f} in {len(trend) - 1} weeks"
    return Markup(
        f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        f'aria-label="{words}"><title>{words}</title>{lines}</svg>'
    )


def _lines(trend: Sequence[float | None], step: float) -> Iterator[str]:
    """The points of each stretch without a gap; a single week is a short stroke."""
    stretch: list[str] = []
    for place, score in enumerate([*trend, None]):
        if score is not None:
            stretch.append(f"{place * step:.0f},{_Y[min(max(round(score), 0), 100)]}")
        elif stretch:
            yield " ".join(stretch if len(stretch) > 1 else stretch * 2)
            stretch = []
