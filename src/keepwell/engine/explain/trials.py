"""What one entity would score if some of its measures scored otherwise: rolled up and overridden as scoring does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.expressions import names_in
from keepwell.definitions.scorecards import Override
from keepwell.engine.columns import Column, nullable
from keepwell.engine.explain.reachable import Option
from keepwell.engine.explain.subject import Placed, Subject
from keepwell.engine.scoring.overrides import apply_by_hand, apply_overrides
from keepwell.engine.scoring.rollup import RollUp, roll_up, whole

Floats = npt.NDArray[np.float64]
Changes = Mapping[int, Option]
"""What changes in one trial: by the index of the measure in the card."""
Released = frozenset[str | int]
"""Overrides that are taken to hold no longer: the card's by name, those by hand by their place."""


@dataclass(frozen=True)
class Trials:
    """A measure that changes is observed anew: it counts in full. All else stays as it was scored."""

    subject: Subject

    def finals(self, trials: Sequence[Changes], released: Released = frozenset()) -> tuple[Floats, Floats]:
        """Computed and final score [n] of each trial, NaN where there is none."""
        scores, rolled = self._rolled(trials)
        kept = [one for one in self.placed.card.card.overrides if one.name not in released]
        final = self._overridden(kept, trials, scores, rolled)
        return rolled.overall, self._by_hand(final, released)

    @property
    def placed(self) -> Placed:
        return self.subject.placed

    def _rolled(self, trials: Sequence[Changes]) -> tuple[Floats, RollUp]:
        card, n = self.placed.card, len(trials)
        scores, fresh, observed = (np.repeat(one[:, None], n, axis=1) for one in self._as_scored)
        for i, trial in enumerate(trials):
            for j, option in trial.items():
                scores[j, i], fresh[j, i], observed[j, i] = option.score, 1.0, 1.0
        weights = whole([group.weight for group in card.card.groups.values()])
        minimum = card.card.minimum_coverage
        return scores, roll_up(
            scores, list(fresh), list(observed), card.whole_weights, card.group_of, weights, minimum,
            contributions=False, threads=1,
        )  # fmt: skip

    @cached_property
    def _as_scored(self) -> tuple[Floats, Floats, Floats]:
        """[m] each: scores, freshness, and how much of them was observed."""
        imputed = [bool(self.placed.of_measure("imputed", j)) for j in range(len(self.placed.scores))]
        return self.placed.scores, self.placed.freshness, np.where(imputed, 0.0, self.placed.freshness)

    def _overridden(
        self, kept: Sequence[Override], trials: Sequence[Changes], scores: Floats, rolled: RollUp
    ) -> Floats:
        if not kept:
            return rolled.overall.copy()
        conditions = {one.name: one.when for one in kept}
        used = {name.dotted for condition in conditions.values() for name in names_in(condition)}
        rows = np.full(len(trials), self.subject.row)
        extra = self._seen(used, trials, scores, rolled)
        evaluated = self.subject.entities.evaluate(conditions, rows, extra, where="override '{}'")
        effects = [(one.effect.kind, one.effect.value) for one in kept]
        truths = [evaluated.truth(one.name) for one in kept]
        return apply_overrides(rolled.overall, effects, truths, self.placed.card.scheme).final

    def _seen(self, used: set[str], trials: Sequence[Changes], scores: Floats, rolled: RollUp) -> dict[str, Column]:
        """What conditions see otherwise than before: parts of the card, and the metrics of measures that change."""
        card = self.placed.card
        computed: dict[str, Floats] = {"overall": rolled.overall}
        computed |= {f"measure.{name}": scores[j] for j, name in enumerate(card.measures)}
        computed |= {f"group.{name}": rolled.groups[g] for g, name in enumerate(card.groups)}
        found: dict[str, Column] = {name: nullable(column) for name, column in computed.items() if name in used}
        for j, (name, measure) in enumerate(card.card.measures.items()):
            metric = measure.metric or name
            if metric in used and any(j in trial and trial[j].value is not None for trial in trials):
                found[metric] = self._metric(metric, j, trials)
        return found

    def _metric(self, metric: str, j: int, trials: Sequence[Changes]) -> Column:
        now = self.subject.metric(metric)
        there = [trial[j].value if j in trial else None for trial in trials]
        return pa.array([now if value is None else value for value in there])

    def _by_hand(self, final: Floats, released: Released) -> Floats:
        table = self.subject.ledger(self.subject.values.overrides)
        table = table.take(np.array([place for place in range(len(table)) if place not in released], np.int64))
        if not len(table):
            return final
        n, size = len(final), len(table)
        every = pa.concat_tables([table] * n).set_column(0, "entity", pa.array(np.repeat(np.arange(n), size)))
        ids = pa.array([self.subject.entity_id] * n)
        return apply_by_hand(final, np.arange(n), ids, every, self.placed.card.scheme).final
