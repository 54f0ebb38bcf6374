"""A card scored slowly, in fractions, written from the text of the definition reference and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

Number = Fraction | None


@dataclass
class Expected:
    measures: dict[str, Number] = field(default_factory=dict)
    imputed: dict[str, bool] = field(default_factory=dict)
    groups: dict[str, Number] = field(default_factory=dict)
    contributions: dict[str, Number] = field(default_factory=dict)
    coverage: Number = None
    computed: Number = None
    final: Number = None
    label: str = "unknown"
    fired: list[str] = field(default_factory=list)


def score(card: Mapping[str, Any], scheme: Mapping[str, Any], row: Mapping[str, Any]) -> Expected:
    """`card` and `scheme` as written in YAML; overrides are conditions `METRIC > NUMBER`. `row` holds metrics."""
    found = Expected()
    shares = {}
    for group_name, group in card["groups"].items():
        shares[group_name] = _group(group_name, group, row, found)
    _overall(card, shares, found)
    found.final = found.computed
    for override in card.get("overrides", ()) if found.computed is not None else ():
        metric, limit = override["when"].split(" > ")
        if row.get(metric) is not None and row[metric] > float(limit):
            found.fired.append(override["name"])
            found.final = _effect(found.final, override["effect"], scheme)  # type: ignore[arg-type]
    found.label = _label(found.final, scheme)
    return found


def _group(name: str, group: Mapping[str, Any], row: Mapping[str, Any], found: Expected) -> dict[str, Fraction]:
    """The share of each measure in its group's score; coverage is added up over groups."""
    weights, observed = {}, Fraction(0)
    for measure_name, measure in group["measures"].items():
        value = shape(measure["score"], row.get(measure_name))
        stand_in = measure.get("when_missing", "skip")
        imputed = value is None and stand_in != "skip"
        value = Fraction(stand_in["score"]) if imputed else value
        found.measures[measure_name], found.imputed[measure_name] = value, imputed
        weight = Fraction(measure["weight"])
        weights[measure_name] = weight if value is not None else Fraction(0)
        observed += weight if value is not None and not imputed else 0
    total = sum(weights.values(), Fraction(0))
    every = sum((Fraction(measure["weight"]) for measure in group["measures"].values()), Fraction(0))
    found.coverage = (found.coverage or 0) + Fraction(group["weight"]) * observed / every
    shares = {one: weight / total if total else Fraction(0) for one, weight in weights.items()}
    found.groups[name] = (
        sum((shares[one] * (found.measures[one] or 0) for one in shares), Fraction(0)) if total else None
    )
    return shares


def _overall(card: Mapping[str, Any], shares: Mapping[str, Mapping[str, Fraction]], found: Expected) -> None:
    weights = {name: Fraction(group["weight"]) for name, group in card["groups"].items()}
    assert found.coverage is not None
    found.coverage = Fraction(found.coverage) / sum(weights.values())
    left = sum((weight for name, weight in weights.items() if found.groups[name] is not None), Fraction(0))
    if left and found.coverage >= Fraction(card.get("minimum_coverage", 0)):
        found.computed = sum((weights[name] * (found.groups[name] or 0) for name in weights), Fraction(0)) / left
    for group, measures in shares.items():
        for name, share in measures.items():
            counted = weights[group] / left * share * (found.measures[name] or 0) if left else None
            found.contributions[name] = counted if found.computed is not None else None


def shape(score: Mapping[str, Any], value: Any) -> Number:
    if value is None:
        return None
    if "levels" in score:
        level = score["levels"].get(value, score.get("else"))
        return None if level is None else Fraction(level)
    at = Fraction(value)
    if "steps" in score:
        return next((Fraction(one["score"]) for one in score["steps"] if one.get("up_to", at) >= at), None)
    knots = [(Fraction(x), Fraction(y)) for x, y in score["linear"]]
    if at <= knots[0][0]:
        return knots[0][1]
    for (left, low), (right, high) in pairwise(knots):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return knots[-1][1]


def _effect(score: Fraction, effect: Mapping[str, Any], scheme: Mapping[str, Any]) -> Fraction:
    ((kind, value),) = effect.items()
    if not isinstance(value, str):
        bound = Fraction(value)
        return {"set": bound, "at_most": min(score, bound), "at_least": max(score, bound)}[kind]
    labels = [band["label"] for band in scheme["bands"]]
    place, here = labels.index(value), labels.index(_label(score, scheme))
    if here == place or (kind == "at_most" and here < place) or (kind == "at_least" and here > place):
        return score
    lower = Fraction(scheme["bands"][place - 1]["up_to"]) if place else Fraction(0)
    upper = Fraction(scheme["bands"][place]["up_to"])
    middle = (lower + upper) / 2
    return {"set": middle, "at_most": upper, "at_least": min(lower + 1, middle)}[kind]


def _label(score: Number, scheme: Mapping[str, Any]) -> str:
    if score is None:
        return "unknown"
    return str(next(band["label"] for band in scheme["bands"] if score <= band["up_to"]))
