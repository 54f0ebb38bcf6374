"""Scores: what scoring makes of values, kept as arrays by card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import EntityKind, Scorecard
from keepwell.engine.scoring.bands import labels_of
from keepwell.engine.scoring.overrides import BY_HAND
from keepwell.engine.scoring.sources import SOURCES
from keepwell.engine.scoring.validity import NO_SOURCE, Settled

__all__ = ["SOURCES", "CardScores", "EntityScores", "Floats", "Scores"]

Floats = npt.NDArray[np.float64]
"""float64; NaN stands for null in all arrays of scores."""


@dataclass(frozen=True)
class CardScores:
    """Scores of the n entities that one card applies to; m measures and G groups in the order of the card.

    Matrices are stored measure by measure: [m, n] and [G, n]. NaN is null. What most measures do not need (freshness,
    imputed, stale, source, observed, effective_weights) is kept small in `settled` and spread into a matrix when
    asked for first; of one measure, take it from `settled[j]` instead where memory counts.
    """

    scorecard: str
    version: str  # the card's content hash, which covers all it refers to
    card: Scorecard
    schemes: Mapping[str, Scheme]
    rows: npt.NDArray[np.int64]  # [n] row of each entity in the values, ascending
    measure_scores: Floats  # [m, n] after when_stale and when_missing, before weights
    settled: tuple[Settled, ...]  # [m]
    entered: Mapping[int, Floats]  # by measure: [n] entered scores where those counted, NaN where the metric did
    whole_weights: (
        Floats  # [m] the card's weights, in whole numbers of the same proportions within a group where possible
    )
    contributions: Floats  # [m, n] sum to the computed score: 0 where a measure does not count; null with the overall
    factors: Floats  # [G, n] effective weight of a measure = whole weight * freshness * factor of its group
    group_scores: Floats  # [G, n]
    group_coverage: Floats  # [G, n]
    coverage: Floats  # [n]
    computed: Floats  # [n]
    final: Floats  # [n] after the card's overrides and those by hand
    fired: npt.NDArray[np.bool_]  # [number of the card's overrides, n] the condition held and there was a score
    by_hand: npt.NDArray[np.int64]  # [n] how many overrides by hand applied

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(self.card.measures)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.card.groups)

    @cached_property
    def group_of(self) -> npt.NDArray[np.int64]:
        """[m] index of each measure's group."""
        return np.repeat(np.arange(len(self.card.groups)), [len(group.measures) for group in self.card.groups.values()])

    @property
    def scheme(self) -> Scheme:
        return self.schemes[self.card.scheme]

    def measure_scheme(self, j: int) -> Scheme:
        """The scheme that bands a measure: its own, else the card's."""
        return self.schemes[self.card.measures[self.measures[j]].scheme or self.card.scheme]

    @cached_property
    def freshness(self) -> Floats:
        """[m, n] f: 1 fresh, flagged or imputed; less where decayed; 0 where the score is null."""
        return self._matrix([one.freshness_or_one() for one in self.settled], np.float64)

    @cached_property
    def imputed(self) -> npt.NDArray[np.bool_]:
        """[m, n] when_missing stands in."""
        return self._matrix([one.imputed for one in self.settled], np.bool_)

    @cached_property
    def stale(self) -> npt.NDArray[np.bool_]:
        """[m, n] past valid_for, expired, or its dataset is silent; also where that is why the score was dropped."""
        return self._matrix([one.stale for one in self.settled], np.bool_)

    @cached_property
    def source(self) -> npt.NDArray[np.int8]:
        """[m, n] index into SOURCES; -1 where the score is null or imputed."""
        found = self._matrix([one.source for one in self.settled], np.int8)
        found[np.isnan(self.measure_scores)] = NO_SOURCE
        for j, one in enumerate(self.settled):
            if one.imputed is not False:
                found[j, one.imputed] = NO_SOURCE
        return found

    @cached_property
    def observed(self) -> npt.NDArray[np.datetime64]:
        """[m, n] datetime64[D] of the observation that counted or was dropped; NaT for none."""
        return self._matrix([one.observed for one in self.settled], "datetime64[D]")

    @cached_property
    def effective_weights(self) -> Floats:
        """[m, n] share in the overall, sums to 1; 0 for a measure that does not count, null where the overall is
        null.
        """
        return self.whole_weights[:, None] * self.freshness * self.factors[self.group_of]

    @cached_property
    def labels(self) -> npt.NDArray[np.object_]:
        """[n] str, of the final score; "unknown" where it is null; of a scheme without bands, the number as a page
        shows it.
        """
        return labels_of(self.final, self.scheme)

    @cached_property
    def overrides(self) -> npt.NDArray[np.object_]:
        """[n] tuples of the names that fired, in order; after the card's, one "by_hand" for each that applied by
        hand.
        """
        return self.overrides_at(np.arange(len(self.rows)))

    def overrides_at(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
        """The same of some entities, by their positions."""
        names = [override.name for override in self.card.overrides]
        fired_here, by_hand = self.fired[:, places], self.by_hand[places]
        found = np.empty(len(places), object)
        found.fill(())
        for i in np.flatnonzero(fired_here.any(axis=0) | (by_hand > 0)):
            card = (name for name, fired in zip(names, fired_here[:, i], strict=True) if fired)
            found[i] = (*card, *(BY_HAND,) * int(by_hand[i]))
        return found

    def _matrix(self, per_measure: list[npt.NDArray | np.generic | float], dtype: npt.DTypeLike) -> npt.NDArray:  # type: ignore[type-arg]
        matrix = np.empty(self.measure_scores.shape, dtype)
        for row, one in zip(matrix, per_measure, strict=True):
            row[...] = one
        return matrix


@dataclass(frozen=True)
class EntityScores:
    """Scores of one kind of entity: by card, with the entities that no card applies to."""

    entity_kind: EntityKind
    ids: pa.StringArray  # [n] as in the values
    accounts: pa.StringArray  # [n] the account of each relationship; of an account, itself
    cards: Mapping[str, CardScores]
    unassigned: npt.NDArray[np.int64]  # rows
    metrics: pa.Table  # [n rows] all metrics, those that rest on scores included

    @cached_property
    def finals(self) -> Floats:
        """[n] final scores by row of the values; NaN for null and for the unassigned."""
        found = np.full(len(self.ids), np.nan)
        for card in self.cards.values():
            found[card.rows] = card.final
        return found

    def place(self, row: int) -> tuple[CardScores, int] | None:
        """The card of an entity and its position there, by its row in the values; None if it is unassigned."""
        for card in self.cards.values():
            at = int(np.searchsorted(card.rows, row))
            if at < len(card.rows) and card.rows[at] == row:
                return card, at
        return None


@dataclass(frozen=True)
class Scores:
    """All scores of one date."""

    as_of: date
    known_at: datetime
    accounts: EntityScores
    relationships: EntityScores | None = None
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()  # errors in the data, such as a circle of parents
    peers_of: str | None = None  # the run whose peers percentiles were taken among, where it was not this one

    def of(self, entity_kind: EntityKind) -> EntityScores | None:
        """Scores of one kind of entity; None where the project has no relationships."""
        return self.accounts if entity_kind == "account" else self.relationships
