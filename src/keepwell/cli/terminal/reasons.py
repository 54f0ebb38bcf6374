"""Why a score is what it is, in one sentence: what bounds it, and what costs most points."""

from __future__ import annotations

from keepwell.cli.terminal.numbers import plain
from keepwell.cli.terminal.wording import joined, printable, sentence, titled, within
from keepwell.engine.explain import Explanation, MeasureExplanation
from keepwell.engine.explain.explanation import Value

_SMALL = 0.5
"""Points that are not worth a word."""


def reason_of(explanation: Explanation, most: int = 2) -> str:
    """What people read beside a score: overrides that moved it, and the `most` measures that cost it most points."""
    if explanation.final is None:
        return sentence(explanation.reason or "no score")
    parts = [*_bounds(explanation), *_costs(explanation, most)]
    return sentence("; ".join(parts)) or "Nothing costs it a point"


def _bounds(explanation: Explanation) -> list[str]:
    """Overrides that moved the final score."""
    card = [f"{one.reason or one.name} ({one.effect})" for one in explanation.overrides if one.moved]
    hand = [
        f"{one.reason or 'by hand'} ({one.effect}, {one.author or 'by hand'})"
        for one in explanation.by_hand
        if one.moved
    ]
    return [printable(text) for text in (*card, *hand)]


def _costs(explanation: Explanation, most: int) -> list[str]:
    costly = sorted(
        (measure for measure in explanation.measures if (measure.points_lost or 0) >= _SMALL),
        key=lambda measure: -(measure.points_lost or 0),
    )
    return [joined(_cost(measure) for measure in costly[:most])] if costly else []


def _cost(measure: MeasureExplanation) -> str:
    value = f" ({saw(measure)})" if saw(measure) else ""
    return f"{within(titled(measure.title, measure.name))}{value} costs {measure.points_lost:.0f}"


def saw(measure: MeasureExplanation) -> str:
    """What a measure went by, in words: an entered level, or the metric's value with its unit. Empty for nothing."""
    if measure.imputed:
        return "unknown"
    if measure.source not in (None, "metric"):
        return printable(measure.level.label) if measure.level else f"entered {plain(measure.score)}"
    return value_text(measure.value, measure.unit)


def value_text(value: Value, unit: str | None = None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return plain(float(value), unit)
    return printable(str(value), 40)
