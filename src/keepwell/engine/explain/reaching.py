"""What would bring a score into a better band: the cheapest changes, each checked by scoring with it.

A change costs the points by which it moves a measure's own score. A measure without a score starts at what it counts
as now: the score of its group, else the overall one. Overrides are respected: where one holds the score down whatever
the measures do, a way says that it has to end, and what it looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np

from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.explain.explanation import Value
from keepwell.engine.explain.overriding import explain_by_hand, explain_overrides
from keepwell.engine.explain.reachable import Option, options
from keepwell.engine.explain.sources import counted_source
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import Subject, null_or, subject
from keepwell.engine.explain.trials import Changes, Floats, Released, Trials
from keepwell.engine.explain.wording import number, said
from keepwell.engine.scoring.bands import label_of
from keepwell.errors import RequestRefused

STEPS_AT_MOST = 6
"""A way of more changes than this is no advice."""


@dataclass(frozen=True)
class Change:
    """One thing that has to become otherwise. `before` and `after` are scores of a measure, None of an override."""

    kind: Literal["measure", "override", "by_hand"]
    name: str
    title: str
    words: str  # what it has to become: "at least 8", "entered as Champion", "open_urgent >= 2 no longer holds"
    now: str  # what it is: "5", "null", "at most red"
    before: float | None = None
    after: float | None = None
    cost: float = 0.0


@dataclass(frozen=True)
class Way:
    """Changes that together reach the band. `final` and `label` are those that scoring gives with them."""

    changes: tuple[Change, ...]
    cost: float
    final: float
    label: str


@dataclass(frozen=True)
class Reaching:
    """The ways into a band, cheapest first; none where it is `reached` already, or for `reason`."""

    label: str
    now: float | None
    reached: bool
    ways: tuple[Way, ...] = ()
    reason: str | None = None


def reach(state: State, entity_id: str, label: str, entity_kind: EntityKind = "account", *, limit: int = 5) -> Reaching:
    """At most `limit` ways for one entity into the band `label`, or a better one.

    No single change of one measure that reaches it is cheaper than the first way (in whole points, or in what steps and
    levels give). Changes of several measures are made only where none alone is enough; each of them reaches the band,
    and they need not be the cheapest. Raises RequestRefused for a label that the scheme does not have, and for an
    entity that is not in the population.
    """
    one = subject(state, entity_kind, entity_id)
    if one.place is None:
        return Reaching(label, None, False, reason="no scorecard applies to it")
    scheme = one.place.card.scheme
    if label not in scheme.labels:
        raise RequestRefused(f"'{label}' is no band of this card; its bands are {', '.join(scheme.labels) or 'none'}")
    search = _Search(one, label, scheme.labels.index(label))
    if search.good(np.array([one.place.final if one.place.final is not None else np.nan]))[0]:
        return Reaching(label, one.place.final, True)
    ways = search.ways()[:limit]
    reason = None if ways else "no change of its measures reaches it, even with every override ended"
    return Reaching(label, one.place.final, False, tuple(ways), reason)


@dataclass(frozen=True)
class _Search:
    subject: Subject
    label: str
    place: int  # of the band among all

    def good(self, finals: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """[n] whether a score is in the band or a better one."""
        lower = self.subject.placed.card.scheme.edges(self.label)[0]
        return ~np.isnan(finals) & ((finals > lower) | (self.place == 0))

    def ways(self) -> list[Way]:
        """With as few overrides ended as it takes."""
        for released in self._releases():
            if self._reaches({}, released):
                return [self._way({}, released)]
            singles = self._singles({}, released)
            if singles:
                return [self._way(changes, released) for changes in singles]
            best = {j: found[-1] for j, found in self._options.items()}
            if self._reaches(best, released):
                return [self._way(changes, released) for changes in self._several(released)]
        return []

    def _releases(self) -> Iterator[Released]:
        """Nothing, each override that can hold a score down, each two of them, all."""
        card = [one.name for one in self.subject.placed.card.card.overrides if one.effect.kind != "at_least"]
        hand = self.subject.ledger(self.subject.values.overrides)["effect"].to_pylist()
        holding: list[str | int] = [*card, *(at for at, effect in enumerate(hand) if effect != "at_least")]
        for size in sorted({0, 1, 2, len(holding)}):
            yield from (frozenset(chosen) for chosen in combinations(holding, size))

    @cached_property
    def trials(self) -> Trials:
        return Trials(self.subject)

    @cached_property
    def _options(self) -> Mapping[int, list[Option]]:
        """By measure what it could become; measures that weigh nothing are left out."""
        placed, project = self.subject.placed, self.subject.state.project
        found = {}
        for j, (name, measure) in enumerate(placed.card.card.measures.items()):
            metric = measure.metric or name if measure.reads_metric else None
            source = counted_source(placed, j)
            entered = metric is None or source not in (None, "metric")
            value = self.subject.metric(metric) if metric else None
            definition = project.metrics[metric] if metric else None
            better = options(measure, definition, value, null_or(placed.scores[j]), entered=entered)
            if better and placed.card.whole_weights[j] > 0:
                found[j] = better
        return found

    def _reaches(self, changes: Changes, released: Released) -> bool:
        return bool(self.good(self.trials.finals([changes], released)[1])[0])

    def _singles(self, fixed: Changes, released: Released) -> list[Changes]:
        """For each further measure the least change that reaches the band beside what is fixed; cheapest first."""
        tried = [(j, {**fixed, j: option}) for j, found in self._options.items() if j not in fixed for option in found]
        if not tried:
            return []
        good = self.good(self.trials.finals([changes for _, changes in tried], released)[1])
        least: dict[int, Changes] = {}
        for (j, changes), reaches in zip(tried, good, strict=True):
            if reaches and (j not in least or self._cost(changes) < self._cost(least[j])):
                least[j] = changes
        return sorted(least.values(), key=self._cost)

    def _several(self, released: Released) -> list[Changes]:
        """The measures that carry most go as far as they can, until one more is enough; begun with each of three."""
        order = self._by_gain(released)
        found = []
        for first in order[:3]:
            fixed: dict[int, Option] = {}
            for j in [first, *(other for other in order if other != first)][: STEPS_AT_MOST - 1]:
                fixed[j] = self._options[j][-1]
                last = self._singles(fixed, released)
                if last:
                    found.append(last[0])
                    break
        unique = {frozenset(changes): changes for changes in sorted(found, key=self._cost, reverse=True)}
        return sorted(unique.values(), key=self._cost)

    def _by_gain(self, released: Released) -> list[int]:
        """Measures by how much the computed score gains when they alone become as good as they can."""
        measures = list(self._options)
        computed, _ = self.trials.finals([{j: self._options[j][-1]} for j in measures], released)
        gains = np.nan_to_num(computed, nan=-1.0)
        return [measures[at] for at in np.argsort(-gains, kind="stable")]

    def _cost(self, changes: Changes) -> float:
        return sum(max(0.0, option.score - self._start[j]) for j, option in changes.items())

    @cached_property
    def _start(self) -> Sequence[float]:
        placed = self.subject.placed
        overall = placed.computed if placed.computed is not None else 0.0
        groups = np.nan_to_num(placed.card.group_scores[:, placed.at], nan=overall)[placed.card.group_of]
        return [float(score) for score in np.where(np.isnan(placed.scores), groups, placed.scores)]

    def _way(self, changes: Changes, released: Released) -> Way:
        _, final = self.trials.finals([changes], released)
        measures = [self._change(j, option) for j, option in changes.items()]
        label = label_of(float(final[0]), self.subject.placed.card.scheme)
        return Way((*self._ended(released), *measures), self._cost(changes), float(final[0]), label)

    def _change(self, j: int, option: Option) -> Change:
        placed = self.subject.placed
        name = placed.card.measures[j]
        measure = placed.card.card.measures[name]
        before = null_or(placed.scores[j])
        entered = option.words.startswith("entered")
        now = _short(before if entered else self.subject.metric(measure.metric or name))
        cost = self._cost({j: option})
        title = measure.title or name.replace("_", " ")
        return Change("measure", name, title, option.words, now, before, option.score, cost)

    def _ended(self, released: Released) -> Iterator[Change]:
        placed = self.subject.placed
        overrides = explain_overrides(self.subject, placed)
        for one in overrides:
            if one.name in released:
                saw = ", ".join(f"{name} is {said(value)}" for name, value in one.saw.items())
                title = one.reason or one.name.replace("_", " ")
                yield Change("override", one.name, title, f"{one.condition} no longer holds", saw)
        for place, hand in enumerate(explain_by_hand(self.subject, placed, overrides[-1].after if overrides else None)):
            if place in released:
                end = f"withdrawn, or over at {hand.until:%d %b %Y}" if hand.until else "withdrawn"
                yield Change("by_hand", "by_hand", hand.reason or "Set by hand", end, hand.effect)


def _short(value: Value) -> str:
    """A value in words, a number with three figures that count."""
    if isinstance(value, float):
        return number(value if value == int(value) else float(f"{value:.3g}") if abs(value) < 100 else round(value))
    return said(value)
