"""Limits on shares as conditions on the slopes of a fit, and on whole points of a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from keepwell.definitions.scorecards import Scorecard
from keepwell.learning.optimizer.limits import Limits, Share
from keepwell.learning.optimizer.lines import Line
from keepwell.learning.optimizer.rounding import percent
from keepwell.learning.optimizer.weights import Bounds
from keepwell.learning.outcomes import Floats

_WHOLE = 1e-4
"""A share this close to a whole per cent is meant to be it."""


@dataclass(frozen=True)
class Conditions:
    """What limits ask of lines in this order; shares are in per cent of the card."""

    ranges: tuple[Share, ...]  # [m]
    fixed: tuple[float | None, ...]  # [m] the share that must stay
    groups: Mapping[str, float]  # least share by group
    group_of: tuple[str, ...]  # [m]

    def is_needed(self, j: int) -> bool:
        """It must be in the proposal, whatever it weighs."""
        if self.fixed[j] is not None or self.ranges[j].at_least > 0:
            return True
        group = self.group_of[j]
        return self.groups.get(group, 0) > 0 and self.group_of.count(group) == 1

    def bounds(self) -> Bounds:
        m = len(self.ranges)
        every, one = np.ones(m), np.eye(m)
        rows = [one[j] - share.at_least / 100 * every for j, share in enumerate(self.ranges) if share.at_least > 0]
        rows += [share.at_most / 100 * every - one[j] for j, share in enumerate(self.ranges) if share.at_most < 100]
        for group, least in self.groups.items():
            members = np.array([name == group for name in self.group_of], np.float64)
            if least > 0 and members.any():
                rows.append(members - least / 100 * every)
        equal = [one[j] - share / 100 * every for j, share in enumerate(self.fixed) if share is not None]
        return Bounds(_stacked(rows, m), _stacked(equal, m))

    def points(self, shares: Sequence[float]) -> list[int]:
        """Whole points that sum to 100 and keep to the ranges where whole points can."""
        found = percent(shares)
        for j, fixed in enumerate(self.fixed):
            if fixed is not None:
                _move(found, j, round(fixed), self._may_give)
        for j, share in enumerate(self.ranges):
            least, most = ceil(share.at_least - _WHOLE), floor(share.at_most + _WHOLE)
            _move(found, j, min(max(found[j], least), most), self._may_give)
        for group, wanted in self.groups.items():
            members = [j for j, name in enumerate(self.group_of) if name == group and self.fixed[j] is None]
            short = ceil(wanted - _WHOLE) - sum(
                p for p, name in zip(found, self.group_of, strict=True) if name == group
            )
            if members and short > 0:
                largest = max(members, key=lambda j: found[j])
                _move(found, largest, found[largest] + short, lambda j: self._may_give(j) and j not in members)  # noqa: B023
        return found

    def _may_give(self, j: int) -> bool:
        return self.fixed[j] is None


def conditions(limits: Limits, card: Scorecard, lines: Sequence[Line], groups: Sequence[str]) -> Conditions:
    """`groups`: the group of each line in the proposal."""
    current = current_shares(card)
    return Conditions(
        ranges=tuple(limits.weights.get(line.name, Share()) for line in lines),
        fixed=tuple(current[line.name] if line.is_fixed else None for line in lines),
        groups={name: least.at_least for name, least in limits.groups.items()},
        group_of=tuple(groups),
    )


def current_shares(card: Scorecard) -> dict[str, float]:
    """Per cent of the card that each measure has where all are observed."""
    whole = sum(group.weight for group in card.groups.values())
    return {
        name: 100 * group.weight / whole * measure.weight / sum(one.weight for one in group.measures.values())
        for group in card.groups.values()
        for name, measure in group.measures.items()
    }


def _stacked(rows: list[Floats], m: int) -> Floats:
    return np.stack(rows) if rows else np.empty((0, m))


def _move(points: list[int], j: int, wanted: int, may_give: object) -> None:
    """Gives `j` its points, and takes the difference from (or gives it to) the largest others that may."""
    assert callable(may_give)
    missing = wanted - points[j]
    points[j] = wanted
    while missing != 0:
        others = [i for i in range(len(points)) if i != j and may_give(i) and (missing < 0 or points[i] > 0)]
        if not others:
            points[j] -= missing
            return
        other = max(others, key=lambda i: points[i])
        step = 1 if missing > 0 else -1
        points[other] -= step
        missing -= step
