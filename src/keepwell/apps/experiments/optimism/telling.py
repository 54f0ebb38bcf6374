"""Optimism in words and rows."""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.telling import counted


def headline(found: Found) -> str:
    """The measure that lies furthest off beyond chance."""
    if found["reason"]:
        return f"Whether entered scores are too high cannot be said: {found['reason']}"
    if not found["measures"]:
        return "No measure has enough entered scores with a known outcome to be judged"
    beyond = [one for one in found["measures"] if not one["low"] <= 0 <= one["high"]]
    if not beyond:
        return "Entered scores mean what they say, as far as chance lets one see"
    one = max(beyond, key=lambda each: abs(each["points"]))
    high = "high" if one["points"] > 0 else "low"
    name = one["measure"].replace("_", " ").capitalize()
    span = f"{_points(one['low'])} to {_points(one['high'])}"
    return f"{name} is entered {abs(one['points']):.0f} points too {high} ({span})"


def rows(ones: list[Found]) -> list[dict[str, Any]]:
    return [
        {"measure": one["measure"], "author": one["author"], "decisions": one["decisions"], "lost": one["lost"],
         "foretold": f"{one['foretold']:.1f}", "points": _points(one["points"]),
         "span": f"{_points(one['low'])} to {_points(one['high'])}", "beyond": not one["low"] <= 0 <= one["high"],
         "words": one["words"]}
        for one in ones
    ]  # fmt: skip


def left_out(found: Found) -> list[str]:
    """Who is not judged, counted by measure: a figure on so few would be gossip."""
    return [
        f"{measure.replace('_', ' ').capitalize()}: {counted(count, 'person', 'people')} with too few decisions or "
        "losses to judge"
        for measure, count in found["left_out"].items()
    ]


def _points(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−")
