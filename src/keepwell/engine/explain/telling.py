"""The parts of a change in words."""

from __future__ import annotations

import numpy as np

from keepwell.definitions.measures import Percentile
from keepwell.engine.explain.changes import Part
from keepwell.engine.explain.explanation import ByHandExplanation, OverrideExplanation
from keepwell.engine.explain.overriding import explain_by_hand, explain_overrides
from keepwell.engine.explain.sources import counted_source
from keepwell.engine.explain.subject import Placed, Subject
from keepwell.engine.explain.wording import listed, rounded, said, share


def data_part(old: Subject, new: Subject, name: str, change: float) -> Part:
    """What one measure's score moved: its data, or, where its value stayed, its peers."""
    before, after = old.placed, new.placed
    j0, j1 = before.by_measure[name], after.by_measure[name]
    sources = counted_source(before, j0), counted_source(after, j1)
    measure = after.card.card.measures[name]
    moved = moved_words(before.scores[j0], after.scores[j1], before.weights[j0])
    if sources != ("metric", "metric"):
        return Part("data", change, f"{_sources_words(*sources)}: {moved}", name)
    metric = measure.metric or name
    values = old.metric(metric), new.metric(metric)
    if values[0] == values[1] and isinstance(measure.score, Percentile):
        stayed = f"{metric} stayed at {said(values[0])} while its place among its peers moved"
        return Part("peers", change, f"{stayed}: {moved}", name)
    return Part("data", change, f"{metric} went from {said(values[0])} to {said(values[1])}: {moved}", name)


def _sources_words(old: str | None, new: str | None) -> str:
    """Of scores that are there: no source means that one stood in."""
    if old == new:
        return f"the {old} score changed" if old else "another score stands in"
    return f"from {old or 'a stand-in'} to {new or 'a stand-in'}"


def moved_words(old: float, new: float, weight: float) -> str:
    return f"it scores {rounded(new)} instead of {rounded(old)}, at {share(weight)} of the weight"


def weight_part(old: Placed, new: Placed, name: str, change: float) -> Part:
    """What the weight of one measure moved, by freshness, by missing scores, or because others count more or less."""
    return Part("freshness", change, _weight_words(old, new, name), name)


def _weight_words(old: Placed, new: Placed, name: str) -> str:
    if name not in old.by_measure or name not in new.by_measure:
        return card_words(old, new, name)
    j0, j1 = old.by_measure[name], new.by_measure[name]
    if np.isnan(old.scores[j0]):
        stands_in = ", which stands in" if bool(new.of_measure("imputed", j1)) else ""
        return f"it has a score again, {rounded(new.scores[j1])}{stands_in}"
    if np.isnan(new.scores[j1]):
        dropped = ": it is stale, and left out" if bool(new.of_measure("stale", j1)) else ""
        return f"it has no score any more{dropped}"
    if old.freshness[j0] != new.freshness[j1]:
        return f"it counts for {share(new.freshness[j1])} of its weight instead of {share(old.freshness[j0])}"
    others = "less" if new.weights[j1] > old.weights[j0] else "more"
    return f"{_weights(old.weights[j0], new.weights[j1])}, since others count {others}"


def card_part(old: Placed, new: Placed, name: str, change: float) -> Part:
    """What one measure moved where the same data are scored by two definitions."""
    return Part("definition", change, card_words(old, new, name), name)


def card_words(old: Placed, new: Placed, name: str) -> str:
    j0, j1 = old.by_measure.get(name), new.by_measure.get(name)
    return definition_words_of(
        None if j0 is None else (old.scores[j0], old.weights[j0]),
        None if j1 is None else (new.scores[j1], new.weights[j1]),
    )


def definition_words_of(old: tuple[float, float] | None, new: tuple[float, float] | None) -> str:
    """From score and weight of a measure under two definitions; None: not on the card, NaN: no score."""
    if old is None:
        assert new is not None
        return f"it is new on the card and scores {rounded(new[0])} at {share(new[1])} of the weight"
    if new is None:
        return f"it is no longer on the card, where it scored {rounded(old[0])} at {share(old[1])} of the weight"
    told = []
    if not (old[0] == new[0] or (np.isnan(old[0]) and np.isnan(new[0]))):
        told.append(f"it scores {rounded(new[0])} instead of {rounded(old[0])}")
    if abs(old[1] - new[1]) > 1e-9:
        told.append(_weights(old[1], new[1]))
    return " and ".join(told) or "it counts as before"


def _weights(old: float, new: float) -> str:
    return f"it has {share(new)} of the weight instead of {share(old)}"


def override_part(old: Subject, new: Subject, change: float) -> Part:
    """What overrides, of the card and by hand, do now that they did not do before."""
    before, after = _holding(old), _holding(new)
    told = [f"{listed(names)} {what}" for names, what in _told(before, after) if names]
    return Part("overrides", change, "; ".join(told) or "overrides start from another computed score")


def _told(before: list[str], after: list[str]) -> list[tuple[list[str], str]]:
    still = [name for name in after if name in before]
    return [
        ([name for name in after if name not in before], "now moves the score"),
        ([name for name in before if name not in after], "no longer moves the score"),
        (still, "still moves it, from another computed score"),
    ]


def _holding(subject: Subject) -> list[str]:
    """Overrides that moved the score, with their effect."""
    placed = subject.placed
    overrides = explain_overrides(subject, placed)
    by_hand = explain_by_hand(subject, placed, overrides[-1].after if overrides else placed.computed)
    every: list[OverrideExplanation | ByHandExplanation] = [*overrides, *by_hand]
    return [f"{_name(one)} ({one.effect})" for one in every if one.moved]


def _name(one: OverrideExplanation | ByHandExplanation) -> str:
    return one.name if isinstance(one, OverrideExplanation) else "an override by hand"


def assignment_words(old: Placed, new: Placed) -> str:
    return f"scorecard {new.card.scorecard} instead of {old.card.scorecard}"
