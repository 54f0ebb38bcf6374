"""From observations to a card: thresholds, which measures, and their weights. This is the whole method in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keepwell.learning.figures.ranking import auc
from keepwell.learning.observations import Codes
from keepwell.learning.optimizer.conditions import Conditions, conditions
from keepwell.learning.optimizer.grouping import groups_of
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.lines import Line, Material
from keepwell.learning.optimizer.selection import Choosing, most_measures
from keepwell.learning.optimizer.shaping import Shaped, shaped
from keepwell.learning.optimizer.weights import Fit, certainty, fit
from keepwell.learning.outcomes import Flags, Floats

LEAST_SHARE = 0.015
"""A measure of a smaller share of the card is not worth a line."""
CERTAIN = 2.0
"""Standard errors by which the weight of an addition must lie above 0."""


@dataclass(frozen=True)
class Fitted:
    """m lines with whole points that sum to 100, from the observations at `rows`.

    `dropped`: every other line with the reason in words. Empty lines: nothing is worth a weight.
    """

    rows: Codes
    lines: tuple[Shaped, ...]
    groups: tuple[str, ...]
    points: tuple[int, ...]
    fit: Fit
    conditions: Conditions
    dropped: Mapping[str, str]

    @property
    def scores(self) -> Floats:
        """[n, m]"""
        return np.stack([one.scores for one in self.lines], axis=1)


def fitted(material: Material, rows: Codes, limits: Limits) -> Fitted:
    """Learns from the observations at `rows` alone."""
    lost, codes = material.observations.lost[rows], material.observations.codes[rows]
    lines, useless = _shapes(material.lines, rows, lost, limits)
    needed = frozenset(one.line.name for one in lines if _is_asked_for(one.line, limits)) | _of_groups(
        lines, lost, limits
    )
    choosing = Choosing(lines, lost, codes, needed)
    choosing.without_chance()
    choosing.without_twins()
    weighing = _Weighing(material, choosing, lost, limits)
    weighing.without_doubtful_additions()
    weighing.to_size(most_measures(limits.most_measures, len(np.unique(codes[lost]))))
    return weighing.fitted(rows, useless)


def _shapes(lines: tuple[Line, ...], rows: Codes, lost: Flags, limits: Limits) -> tuple[list[Shaped], dict[str, str]]:
    found, useless = [], {}
    for line in lines:
        direction = limits.direction.get(line.name) or limits.direction.get(line.metric or line.name)
        one = shaped(line, rows, lost, direction)
        if isinstance(one, str):
            useless[line.name] = one
        else:
            found.append(one)
    return found, useless


def _is_asked_for(line: Line, limits: Limits) -> bool:
    share = limits.weights.get(line.name)
    return line.is_fixed or (share is not None and share.at_least > 0)


def _of_groups(lines: list[Shaped], lost: Flags, limits: Limits) -> frozenset[str]:
    """Of each group that must have a share the measure that tells most."""
    asked = [name for name, least in limits.groups.items() if least.at_least > 0]
    members = [[one for one in lines if one.line.group == name] for name in asked]
    return frozenset(max(each, key=lambda one: auc(one.scores, lost)).line.name for each in members if each)


class _Weighing:
    """Weights for what is chosen, the least of it dropped until the card has its size."""

    def __init__(self, material: Material, choosing: Choosing, lost: Flags, limits: Limits) -> None:
        self._material = material
        self._choosing = choosing
        self._lost = lost
        self._limits = limits
        self._weigh()

    def without_doubtful_additions(self) -> None:
        """A card keeps what it has while it may be of use; what it does not have must show that it is."""
        while True:
            lines = self._choosing.lines
            doubtful = [j for j, one in enumerate(lines) if one.line.is_addition and not self._conditions.is_needed(j)]
            if not doubtful:
                return
            certain = certainty(np.stack([one.scores for one in lines], axis=1), self._lost, self._fit)
            least = min(doubtful, key=lambda j: certain[j])
            if certain[least] >= CERTAIN:
                return
            self._without(least, "beside the others it adds no more than chance would")

    def to_size(self, most: int) -> None:
        while len(self._choosing.lines):
            spare = [j for j in range(len(self._choosing.lines)) if not self._conditions.is_needed(j)]
            if not spare:
                return
            least = min(spare, key=lambda j: self._fit.slopes[j] * self._spread[j])
            share = self._fit.shares[least]
            if share < LEAST_SHARE:
                self._without(least, "beside the others it adds nothing")
            elif len(self._choosing.lines) > most:
                self._without(least, f"it adds least, and {most} measures are enough for so many outcomes")
            else:
                return

    def fitted(self, rows: Codes, useless: Mapping[str, str]) -> Fitted:
        return Fitted(
            rows=rows,
            lines=tuple(self._choosing.lines),
            groups=tuple(self._groups),
            points=tuple(self._conditions.points(list(self._fit.shares))),
            fit=self._fit,
            conditions=self._conditions,
            dropped={**useless, **self._choosing.dropped},
        )

    def _without(self, j: int, reason: str) -> None:
        self._choosing.drop(self._choosing.lines[j], reason)
        self._weigh(Fit(self._fit.intercept, np.delete(self._fit.slopes, j)))

    def _weigh(self, start: Fit | None = None) -> None:
        lines = self._choosing.lines
        self._groups = groups_of(self._material.card, lines)
        self._conditions = conditions(self._limits, self._material.card, [one.line for one in lines], self._groups)
        if not lines:
            self._fit, self._spread = Fit(0.0, np.empty(0)), np.empty(0)
            return
        scores = np.stack([one.scores for one in lines], axis=1)
        self._spread = scores.std(axis=0)
        self._fit = fit(scores, self._lost, self._conditions.bounds(), start=start)
