"""Where an added measure belongs: the group whose measures move with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwell.definitions.scorecards import Scorecard
from keepwell.learning.optimizer.shaping import Shaped

ELSEWHERE = "other_signals"
"""The group of additions that move with no group."""
_ALONE = 0.2


def groups_of(card: Scorecard, lines: Sequence[Shaped]) -> list[str]:
    """The group of each line: its own, or that with the highest mean correlation of scores, or ELSEWHERE."""
    return [one.line.group or _nearest(card, one, lines) for one in lines]


def _nearest(card: Scorecard, one: Shaped, lines: Sequence[Shaped]) -> str:
    likeness = {name: _likeness(one, [other for other in lines if other.line.group == name]) for name in card.groups}
    best = max(likeness, key=lambda name: likeness[name])
    return best if likeness[best] >= _ALONE or len(card.groups) == 1 else ELSEWHERE


def _likeness(one: Shaped, members: Sequence[Shaped]) -> float:
    found = [_correlation(one, other) for other in members]
    return max(found, default=0.0)


def _correlation(one: Shaped, other: Shaped) -> float:
    a, b = one.scores - one.scores.mean(), other.scores - other.scores.mean()
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / norm if norm > 0 else 0.0
