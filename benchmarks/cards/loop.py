"""The same card as a plain Python loop over accounts, as one would write it first: a score at a time, no arrays.

What it needs to look up (entries by account, sorted peers) is prepared before the clock starts, in its favour.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log10
from typing import Any

import numpy as np

from keepwell.definitions.measures import Imputed, Levels, Linear, Measure, Percentile, ScoreFormula, Steps
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Scorecard
from keepwell.engine.values import EntityValues

Shape = Callable[[int], float | None]
Account = Mapping[str, Any]

FORMULAS: dict[str, Callable[[float], float]] = {
    "api_calls": lambda value: 20 * log10(1 + value),
    "data_quality": lambda value: 100 * (1 - (1 - value) ** 2),
    "roi": lambda value: 100 / (1 + exp((1 - value) * 2)),
}


def urgent_tickets(see: Callable[[str], Any]) -> bool:
    return (see("open_urgent") or 0) >= 3


def silent(see: Callable[[str], Any]) -> bool:
    change = see("measure.usage_change")
    return (see("days_since_login") or 0) > 35 and change is not None and change < 50


def renewal_near(see: Callable[[str], Any]) -> bool:
    days, support = see("days_to_renewal"), see("group.support")
    return days is not None and days < 30 and see("overall") > 60 and support is not None and support < 40


def reference(see: Callable[[str], Any]) -> bool:
    return bool(see("reference_customer")) and see("segment") == "enterprise" and (see("nps") or 0) >= 9


def leaving(see: Callable[[str], Any]) -> bool:
    growth = see("arr_growth")
    return growth is not None and growth < -45 and (see("contacts") or 0) < 1


CONDITIONS = {one.__name__: one for one in (urgent_tickets, silent, renewal_near, reference, leaving)}


@dataclass
class Scored:
    """What the loop gives of each account."""

    computed: float | None
    final: float | None
    label: str
    groups: list[float | None]
    contributions: list[float | None]


class Loop:
    """The first `rows` accounts of `values`, as lists of Python values."""

    def __init__(self, card: Scorecard, scheme: Scheme, values: EntityValues, as_of: date, rows: int) -> None:
        self.card, self.scheme, self.as_of, self.rows = card, scheme, as_of, rows
        first = values.metrics.slice(0, rows)
        columns = {name: first[name].to_pylist() for name in first.column_names}
        columns |= {name: values.attributes[name].slice(0, rows).to_pylist() for name in values.attributes.column_names}
        self.columns: dict[str, list[Any]] = columns
        self.days = {name: np.asarray(days[:rows]).tolist() for name, days in values.observed.items()}
        self.entries = {
            (one["entity"], one["measure"]): one for one in values.entries.to_pylist() if one["entity"] < rows
        }
        self.by_hand = {one["entity"]: one for one in values.overrides.to_pylist() if one["entity"] < rows}
        self.shapes = {name: self._shape(name, one, values) for name, one in card.measures.items()}

    def run(self) -> list[Scored]:
        return [self._account(i) for i in range(self.rows)]

    def _account(self, i: int) -> Scored:
        groups: list[float | None] = []
        terms: list[list[float]] = []
        scores: dict[str, float | None] = {}
        sums, weights, coverage = 0.0, 0.0, 0.0
        for group in self.card.groups.values():
            total, counted, observed, every, parts = 0.0, 0.0, 0.0, 0.0, []
            for name, measure in group.measures.items():
                score, freshness, seen = self._settled(i, name, measure)
                scores[name] = score
                part = 0.0 if score is None else measure.weight * freshness * score
                parts.append(part)
                total += part
                counted += measure.weight * freshness
                observed += measure.weight * seen
                every += measure.weight
            groups.append(total / counted if counted else None)
            terms.append([part * group.weight / counted if counted else 0.0 for part in parts])
            coverage += group.weight * observed / every
            if counted:
                sums += group.weight * total / counted
                weights += group.weight
        enough = (
            coverage / sum(group.weight for group in self.card.groups.values()) >= self.card.minimum_coverage - 1e-9
        )
        computed = sums / weights if weights and enough else None
        contributions = [None if computed is None else part / weights for parts in terms for part in parts]
        final = self._final(i, computed, groups, scores)
        return Scored(computed, final, self._label(final), groups, contributions)

    def _settled(self, i: int, name: str, measure: Measure) -> tuple[float | None, float, float]:
        """Score, freshness and observed share."""
        score, day, expired = self._observed(i, name, measure)
        freshness = 1.0
        if day is not None and measure.valid_for is not None:
            age = (self.as_of - day).days
            if measure.when_stale == "drop" and (expired or age > measure.valid_for):
                score = None
            elif measure.when_stale == "decay":
                freshness = min(1.0, max(0.0, 2 - age / measure.valid_for))
        if score is not None:
            return score, freshness, freshness
        if isinstance(measure.when_missing, Imputed):
            return measure.when_missing.score, 1.0, 0.0
        return None, 0.0, 0.0

    def _observed(self, i: int, name: str, measure: Measure) -> tuple[float | None, date | None, bool]:
        entry = self.entries.get((i, name))
        entered = None if entry is None else entry["score"]
        if not measure.reads_metric:
            return (None, None, False) if entered is None else (entered, entry["occurred_on"], entry["expired"])
        if entered is not None and not entry["expired"]:
            return entered, None, False
        score = self.shapes[name](i)
        days = self.days.get(name)
        return (entered if score is None else score), None if days is None else days[i], False

    def _final(
        self, i: int, computed: float | None, groups: Sequence[float | None], scores: Mapping[str, float | None]
    ) -> float | None:
        final = computed
        if final is not None and self.card.overrides:
            seen = {f"group.{name}": score for name, score in zip(self.card.groups, groups, strict=True)}

            def see(name: str) -> Any:
                if name == "overall":
                    return computed
                kind, _, rest = name.partition(".")
                return scores[rest] if kind == "measure" else seen[name] if rest else self.columns[name][i]

            for override in self.card.overrides:
                if CONDITIONS[override.name](see):
                    final = self._moved(final, override.effect.kind, override.effect.value)
        hand = self.by_hand.get(i)
        if hand is None:
            return final
        value = hand["value"] if hand["value"] in self.scheme.labels else float(hand["value"])
        return self._moved(final, hand["effect"], value)

    def _moved(self, score: float | None, kind: str, value: float | str) -> float | None:
        lower, upper = self.scheme.edges(value) if isinstance(value, str) else (value, value)
        middle = (lower + upper) / 2
        if score is None:
            return middle if kind == "set" else None
        if kind == "at_most":
            return min(score, upper)
        if not isinstance(value, str):
            return value if kind == "set" else max(score, value)
        below = score <= lower and lower > 0
        if kind == "at_least":
            return min(lower + 1, middle) if below else score
        return middle if below or score > upper else score

    def _label(self, score: float | None) -> str:
        if score is None:
            return "unknown"
        return next(band.label for band in self.scheme.bands if score <= band.up_to)

    def _shape(self, name: str, measure: Measure, values: EntityValues) -> Shape:
        shape = measure.score
        if shape is None:
            return lambda _: None
        column = self.columns[name]
        if isinstance(shape, Percentile):
            return self._percentile(name, shape, values)
        if isinstance(shape, Linear):
            return _filled(column, lambda value: _linear(shape.linear, value))
        if isinstance(shape, Steps):
            return _filled(column, lambda value: _step(shape, value))
        if isinstance(shape, Levels):
            levels = {level.lower() if level in {"True", "False"} else level: s for level, s in shape.levels.items()}
            rest = shape.otherwise
            return _filled(
                column, lambda value: levels.get(str(value).lower() if value in {True, False} else value, rest)
            )
        assert isinstance(shape, ScoreFormula)
        formula = FORMULAS[name]
        return _filled(column, lambda value: min(max(formula(value), 0.0), 100.0))

    def _percentile(self, name: str, shape: Percentile, values: EntityValues) -> Shape:
        """Sorted peers of the whole population are made before the clock starts."""
        column, within, descending = self.columns[name], shape.percentile.within, shape.percentile.descending
        everyone = values.metrics[name].to_pylist()
        keys = [""] * len(everyone) if within is None else values.attributes[str(within)].to_pylist()
        peers: dict[str, list[float]] = defaultdict(list)
        for key, value in zip(keys, everyone, strict=True):
            if key is not None and value is not None:
                peers[key].append(value)
        for of_key in peers.values():
            of_key.sort()

        def score(i: int) -> float | None:
            value, key = column[i], keys[i]
            if value is None or key is None:
                return None
            of_key = peers[key]
            n, below, upto = len(of_key), bisect_left(of_key, value), bisect_right(of_key, value)
            outside = n - upto if descending else below
            return 50.0 if n == 1 else 100 * (outside + (upto - below - 1) / 2) / (n - 1)

        return score


def _filled(column: Sequence[Any], score: Callable[[Any], float | None]) -> Shape:
    return lambda i: None if column[i] is None else score(column[i])


def _linear(knots: Sequence[tuple[float, float]], value: float) -> float:
    left, low = knots[0]
    if value <= left:
        return low
    for right, high in knots[1:]:
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
        left, low = right, high
    return low


def _step(shape: Steps, value: float) -> float | None:
    return next((step.score for step in shape.steps if step.up_to is None or value <= step.up_to), None)
