"""Sources: which of a measure's sources counts, where people, rules, other systems and a metric may all score it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.columns import dates, instants, numbers, truths
from keepwell.engine.scoring.shapes import clamp
from keepwell.engine.scoring.validity import NO_SOURCE, NOT_A_DATE, Dates, Floats, Observation, past

SOURCES = ("manual", "rule", "api", "metric")
"""The places a score may come from; arrays hold the index."""

Instants = npt.NDArray[np.int64]
_DAWN = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Candidate:
    """What one source says of n entities. `scores` is NaN where it says nothing or has withdrawn what it said.

    `occurred` and `recorded` are microseconds. A metric's observation has a day and no time: it counts as the first
    thing of its day, so an entry of the same day came later.
    """

    source: str
    scores: Floats
    days: Dates
    stale: npt.NDArray[np.bool_]  # expired, past valid_for, or from a silent dataset
    occurred: Instants
    recorded: Instants


@dataclass(frozen=True)
class Entries:
    """The latest entries of one source for one measure, spread over the rows of the values."""

    scores: Floats
    days: Dates
    expired: npt.NDArray[np.bool_]
    occurred: Instants
    recorded: Instants

    def candidate(self, source: str, rows: npt.NDArray[np.int64], valid_for: int | None, as_of: date) -> Candidate:
        days = self.days[rows]
        stale = self.expired[rows] | past(days, valid_for, as_of)
        return Candidate(source, self.scores[rows], days, stale, self.occurred[rows], self.recorded[rows])


def entries_of(table: pa.Table, measure: str, source: str, n: int) -> Entries | None:
    """The entries of `values.ENTRIES` for a measure and source; None without any. Scores are held within 0..100."""
    chosen = table.filter(pc.and_(pc.equal(table["measure"], measure), pc.equal(table["source"], source)))
    if not chosen.num_rows:
        return None
    at = chosen["entity"].to_numpy()
    spread = Entries(
        np.full(n, np.nan), np.full(n, NOT_A_DATE), np.zeros(n, np.bool_), np.full(n, _DAWN), np.full(n, _DAWN)
    )
    spread.scores[at] = clamp(numbers(chosen["score"]).copy())
    spread.days[at] = dates(chosen["occurred_on"])
    spread.expired[at] = truths(chosen["expired"])
    spread.occurred[at] = instants(chosen["occurred_at"])
    spread.recorded[at] = instants(chosen["recorded_at"])
    return spread


def metric_candidate(scores: Floats, days: Dates | np.datetime64, stale: npt.NDArray[np.bool_] | bool) -> Candidate:
    """The metric as one of several sources. [n]"""
    n = len(scores)
    dawn = np.broadcast_to(np.int64(_DAWN), n)
    return Candidate("metric", scores, np.broadcast_to(days, n), np.broadcast_to(np.asarray(stale), n), dawn, dawn)


def arbitrate(candidates: Sequence[Candidate], arbitration: Literal["first", "latest"], n: int) -> Observation:
    """One observation for each entity. `candidates` come in the order of the measure's sources.

    `first`: the first live one; `latest`: the most recently observed live one. If none is live, the most recently
    observed one that has a score, as stale. Ties go to the earlier in the order. None at all: a null score.
    """
    chosen = _nothing(n)
    source = np.full(n, NO_SOURCE, np.int8)
    for candidate in candidates:
        wins = _wins(candidate, chosen, arbitration)
        source[wins] = SOURCES.index(candidate.source)
        chosen = _either(wins, candidate, chosen)
    return Observation(chosen.scores, chosen.days, chosen.stale, source)


def _wins(new: Candidate, old: Candidate, arbitration: str) -> npt.NDArray[np.bool_]:
    there, held = ~np.isnan(new.scores), ~np.isnan(old.scores)
    alike = new.stale == old.stale
    by_time = alike & _later(new, old) & (old.stale | (arbitration == "latest"))
    wins: npt.NDArray[np.bool_] = there & (~held | (old.stale & ~new.stale) | by_time)
    return wins


def _later(new: Candidate, old: Candidate) -> npt.NDArray[np.bool_]:
    """By day, then by time, then by when it was recorded. An unknown day is before all others."""
    later = np.zeros(len(new.scores), np.bool_)
    tied = np.ones(len(new.scores), np.bool_)
    for one, other in (
        (new.days.astype("datetime64[D]").view(np.int64), old.days.astype("datetime64[D]").view(np.int64)),
        (new.occurred, old.occurred),
        (new.recorded, old.recorded),
    ):
        later |= tied & (one > other)
        tied &= one == other
    return later


def _either(wins: npt.NDArray[np.bool_], new: Candidate, old: Candidate) -> Candidate:
    return Candidate(
        "",
        np.where(wins, new.scores, old.scores),
        np.where(wins, new.days, old.days),
        np.where(wins, new.stale, old.stale),
        np.where(wins, new.occurred, old.occurred),
        np.where(wins, new.recorded, old.recorded),
    )


def _nothing(n: int) -> Candidate:
    dawn = np.full(n, _DAWN)
    return Candidate("", np.full(n, np.nan), np.full(n, NOT_A_DATE), np.zeros(n, np.bool_), dawn, dawn)


ByMeasure = Mapping[tuple[str, str], Entries]
"""Entries by measure and source."""
