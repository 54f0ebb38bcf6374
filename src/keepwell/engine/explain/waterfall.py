"""The waterfall: from 0 by the contributions of the measures to the computed score, by overrides to the final one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain.explanation import (
    ByHandExplanation,
    MeasureExplanation,
    OverrideExplanation,
    Step,
)
from keepwell.engine.scoring.bands import display_score
from keepwell.engine.scoring.overrides import BY_HAND
from keepwell.engine.scoring.rounding import shown_parts


def waterfall(
    measures: Iterable[MeasureExplanation],
    computed: float | None,
    overrides: Sequence[OverrideExplanation],
    by_hand: Sequence[ByHandExplanation],
    scheme: Scheme,
) -> tuple[Step, ...]:
    """Measures by contribution, largest first (equals in the card's order), then each override that moved the score.

    Measures that do not count have no step. Empty without a final score; a score set by hand where none was computed
    starts from 0. The changes sum to the final score within 1e-9, what is shown sums to what is shown of it exactly.
    """
    steps = [] if computed is None else _contributions(measures, computed, scheme)
    for override in overrides:
        if override.moved and override.before is not None and override.after is not None:
            title = override.reason or override.name
            steps.append(_moved("override", override.name, title, override.before, override.after, scheme))
    for one in by_hand:
        if one.moved and one.after is not None:
            steps.append(_moved("by_hand", BY_HAND, one.reason or one.effect, one.before, one.after, scheme))
    return tuple(steps)


def _contributions(measures: Iterable[MeasureExplanation], computed: float, scheme: Scheme) -> list[Step]:
    counting = [(one, one.contribution) for one in measures if one.effective_weight and one.contribution is not None]
    counting.sort(key=lambda pair: -pair[1])  # stable: equals stay in the order of the card
    shown = shown_parts([change for _, change in counting], str(display_score(computed, scheme)))
    steps, before = [], 0.0
    for place, ((measure, change), part) in enumerate(zip(counting, shown, strict=True)):
        after = computed if place == len(counting) - 1 else min(before + change, computed)
        steps.append(Step("measure", measure.name, measure.title, before, after, change, part))
        before = after
    return steps


def _moved(kind: str, name: str, title: str, before: float | None, after: float, scheme: Scheme) -> Step:
    shown = _shown(after, scheme) - (_shown(before, scheme) if before is not None else Decimal(0))
    start = before or 0.0
    return Step(kind, name, title, start, after, after - start, shown)  # type: ignore[arg-type]


def _shown(score: float, scheme: Scheme) -> Decimal:
    return Decimal(str(display_score(score, scheme)))
