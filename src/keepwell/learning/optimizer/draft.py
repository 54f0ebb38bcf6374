"""The card of a proposal: what was learned, written as a person would write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keepwell.definitions.expressions import names_in
from keepwell.definitions.measures import Imputed, Measure
from keepwell.definitions.scorecards import Group, Scorecard
from keepwell.learning.optimizer.fitting import Fitted
from keepwell.learning.optimizer.shaping import Shaped

_PLACEHOLDER = 1.0
"""The weight within a group that weighs nothing: a group must have one."""


def draft_card(card: Scorecard, fitted: Fitted, scheme: str) -> Scorecard:
    """Weights are whole points of 100: a measure's is its share of the card, a group's the sum of its measures.

    Measures that an override names stay with a weight of 0 where nothing was learned for them.
    """
    groups = {}
    for name in (*card.groups, *dict.fromkeys(group for group in fitted.groups if group not in card.groups)):
        group = _group(card, fitted, name)
        if group is not None:
            groups[name] = group
    return card.model_copy(update={"scheme": scheme, "groups": groups})


def kept(fitted: Fitted) -> Iterator[tuple[Shaped, str, int]]:
    """Lines that are in the draft, each with its group and points."""
    for j, (line, group, points) in enumerate(zip(fitted.lines, fitted.groups, fitted.points, strict=True)):
        if points > 0 or fitted.conditions.is_needed(j):
            yield line, group, points


def _group(card: Scorecard, fitted: Fitted, name: str) -> Group | None:
    old: Mapping[str, Measure] = card.groups[name].measures if name in card.groups else {}
    learned = {one.line.name: (one, points) for one, group, points in kept(fitted) if group == name}
    named = _named_by_overrides(card)
    measures = {}
    for key, measure in old.items():
        if key in learned:
            measures[key] = _measure(*learned[key])
        elif key in named or name in named:
            measures[key] = measure.model_copy(update={"weight": 0.0})
    added = sorted((one for one in learned.items() if one[0] not in old), key=lambda one: (-one[1][1], one[0]))
    measures |= {key: _measure(*one) for key, one in added}
    if not measures:
        return None
    weight = float(sum(measure.weight for measure in measures.values()))
    if weight == 0:
        measures = {key: one.model_copy(update={"weight": _PLACEHOLDER}) for key, one in measures.items()}
    if name in card.groups:
        return card.groups[name].model_copy(update={"weight": weight, "measures": measures})
    return Group(weight=weight, measures=measures)


def _measure(one: Shaped, points: int) -> Measure:
    line = one.line
    metric = None if line.metric == line.name else line.metric
    old = line.measure or Measure(weight=float(points), metric=metric, score=one.shape)
    changes: dict[str, object] = {"weight": float(points)}
    if one.shape is not None:
        changes["score"] = one.shape
    if one.missing is not None and not line.is_fixed:
        changes["when_missing"] = Imputed(score=one.missing)
    return old.model_copy(update=changes)


def _named_by_overrides(card: Scorecard) -> frozenset[str]:
    """Measures and groups, as in `measure.sponsor` and `group.adoption`."""
    parts = (name.parts for override in card.overrides for name in names_in(override.when))
    return frozenset(two[1] for two in parts if len(two) > 1 and two[0] in ("measure", "group"))
