"""Scores: what scoring makes of values, kept as arrays by card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.scorecards import EntityKind

Floats = npt.NDArray[np.float64]
"""float64; NaN stands for null in all arrays of scores."""


@dataclass(frozen=True)
class CardScores:
    """Scores of the n entities that one card applies to; m measures and G groups in the order of the card.

    Matrices are stored measure by measure: [m, n] and [G, n]. NaN is null.
    """

    scorecard: str
    version: str
    rows: npt.NDArray[np.int64]  # [n] row of each entity in the values
    measure_scores: Floats  # [m, n] after when_missing, before weights
    freshness: Floats  # [m, n] f: 1 fresh, flagged or imputed; 0 where the score is null
    imputed: npt.NDArray[np.bool_]  # [m, n]
    stale: npt.NDArray[np.bool_]  # [m, n] past valid_for, or its dataset is silent
    source: npt.NDArray[np.int8]  # [m, n] index into SOURCES; -1 for none
    observed: npt.NDArray[np.datetime64]  # [m, n] datetime64[D], NaT for none
    effective_weights: Floats  # [m, n] share in the overall, sums to 1; null where the overall is null
    contributions: Floats  # [m, n] sum to the computed score
    group_scores: Floats  # [G, n]
    group_coverage: Floats  # [G, n]
    coverage: Floats  # [n]
    computed: Floats  # [n]
    final: Floats  # [n]
    fired: npt.NDArray[np.bool_]  # [number of the card's overrides, n]
    by_hand: npt.NDArray[np.bool_]  # [n] an override by hand changed the final score
    labels: tuple[str | None, ...] | npt.NDArray[np.object_] = ()  # [n] of the final score; "unknown" where it is null
    overrides: npt.NDArray[np.object_] | None = None  # [n] tuple of the names that fired, in order; by hand: "by_hand"


SOURCES = ("manual", "rule", "api", "metric")


@dataclass(frozen=True)
class EntityScores:
    """Scores of one kind of entity: by card, with the entities that no card applies to."""

    entity_kind: EntityKind
    ids: pa.StringArray  # [n] as in the values
    cards: Mapping[str, CardScores]
    unassigned: npt.NDArray[np.int64]  # rows
    metrics: pa.Table  # all metrics, those that rest on scores included


@dataclass(frozen=True)
class Scores:
    """All scores of one date."""

    as_of: date
    known_at: datetime
    accounts: EntityScores
    relationships: EntityScores | None = None
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())  # errors in the data, such as a circle of parents

    def of(self, entity_kind: EntityKind) -> EntityScores | None:
        return self.accounts if entity_kind == "account" else self.relationships
