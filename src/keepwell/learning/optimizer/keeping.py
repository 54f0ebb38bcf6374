"""Whether a draft keeps to the limits; where it cannot, there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from keepwell.definitions.names import listed
from keepwell.errors import RequestRefused
from keepwell.learning.optimizer.draft import kept
from keepwell.learning.optimizer.fitting import Fitted, fitted
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.lines import Material

_ROUNDING = 1.0
"""Points of a card that whole numbers may cost."""


def refuse_unmet(limits: Limits, learned: Fitted, dropped: Mapping[str, str]) -> None:
    """Raises RequestRefused with every limit that the card in `learned` does not keep to, and why."""
    problems = [*_of_measures(limits, learned, dropped), *_of_groups(limits, learned), *_of_number(limits, learned)]
    if problems:
        raise RequestRefused(*problems)


def refuse_blocked(material: Material, limits: Limits) -> None:
    """Raises RequestRefused where nothing but ranges of shares keeps measures out of a card."""
    free = limits.model_copy(update={"weights": {}, "groups": {}})
    if free == limits:
        return
    learned = fitted(material, np.arange(len(material)), free)
    names = [one.line.name for one, _, points in kept(learned) if points]
    if names:
        raise RequestRefused(
            f"the ranges under 'weights' and 'groups' of the limits leave no card; without them {listed(names)} would "
            "be in it. Widen the ranges, or let other measures in"
        )


def _of_measures(limits: Limits, learned: Fitted, dropped: Mapping[str, str]) -> Iterator[str]:
    points = {one.line.name: share for one, _, share in kept(learned)}
    for name, asked in limits.weights.items():
        has = points.get(name, 0)
        if asked.at_least > 0 and name not in points:
            why = dropped.get(name, "nothing was learned of it")
            yield f"the limits give '{name}' at least {asked.at_least:g} per cent of the card, but {why}"
        elif not asked.at_least - _ROUNDING < has < asked.at_most + _ROUNDING:
            range_ = f"{asked.at_least:g} to {asked.at_most:g}"
            yield (
                f"the limits give '{name}' {range_} per cent of the card, but with what else they ask for, and the "
                f"measures that are left, it has {has}; widen its range, or let other measures in"
            )


def _of_groups(limits: Limits, learned: Fitted) -> Iterator[str]:
    for name, asked in limits.groups.items():
        has = sum(points for _, group, points in kept(learned) if group == name)
        if has <= asked.at_least - _ROUNDING:
            yield (
                f"the limits give group '{name}' at least {asked.at_least:g} per cent of the card, but what can be "
                f"learned of its measures is worth {has}; lower it, or fix a measure of the group"
            )


def _of_number(limits: Limits, learned: Fitted) -> Iterator[str]:
    count = len(list(kept(learned)))
    if limits.most_measures is not None and count > limits.most_measures:
        yield f"the limits allow {limits.most_measures} measures and ask for {count}; allow more, or ask for fewer"
