"""Validity and missing values: how long an observation counts, and what stands in where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from keepwell.definitions.measures import Imputed, Measure

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]
NOT_A_DATE = np.datetime64("NaT", "D")
NO_SOURCE = -1


@dataclass(frozen=True)
class Observation:
    """What one measure goes by, for n entities, before validity and missing values are settled.

    Every array is [n] or a single value that holds for all. `scores` is NaN where there is none.
    """

    scores: Floats
    days: Dates | np.datetime64  # when it was observed, NaT for unknown
    stale: Bools | bool  # past valid_for, expired, or from a silent dataset
    source: npt.NDArray[np.int8] | int  # index into SOURCES; NO_SOURCE where there is no score


@dataclass(frozen=True)
class Settled:
    """One measure as the roll-up takes it. Arrays are [n] or a single value for all; `freshness` None: 1 where
    scored.
    """

    scores: Floats
    freshness: Floats | None
    imputed: Bools | bool
    stale: Bools | bool
    source: npt.NDArray[np.int8] | int  # of the observation; one that is imputed or null has none, whatever stands here
    observed: Dates | np.datetime64

    def freshness_or_one(self, part: slice = slice(None)) -> Floats:
        """f, of some entities or all: 0 where there is no score."""
        if self.freshness is not None:
            return self.freshness[part]
        return np.where(np.isnan(self.scores[part]), 0.0, 1.0)

    def observed_share(self) -> Floats | None:
        """o: f where observed, 0 where imputed; None where it equals f."""
        if self.imputed is False:
            return None
        return np.where(self.imputed, 0.0, self.freshness_or_one())


def ages(days: Dates | np.datetime64, as_of: date) -> Floats:
    """Days from the observation to `as_of`; NaN where it is unknown when."""
    age = (np.datetime64(as_of, "D") - np.asarray(days)).astype("timedelta64[D]")
    return np.where(np.isnat(age), np.nan, age.astype(np.float64))


def past(days: Dates | np.datetime64, valid_for: int | None, as_of: date) -> Bools | bool:
    """Older than `valid_for` days; never without it, nor where it is unknown when it was observed."""
    if valid_for is None:
        return False
    old = ages(days, as_of) > valid_for
    return bool(old) if old.ndim == 0 else old


def freshness_of(days: Dates | np.datetime64, valid_for: int, as_of: date) -> Floats:
    """f = min(1, max(0, 2 - a/N)): full at N days, nothing at 2 N, nor where nothing was ever observed."""
    return np.nan_to_num(np.clip(2.0 - ages(days, as_of) / valid_for, 0.0, 1.0), nan=0.0)


def settle(measure: Measure, observation: Observation, as_of: date) -> Settled:
    """Applies `when_stale`, then `when_missing`.

    A dropped score is missing but keeps the date of its observation and its mark as stale; a decayed one is never
    missing, even at freshness 0. An imputed one counts in full.
    """
    scores, freshness = observation.scores, None
    if measure.when_stale == "drop" and observation.stale is not False:
        scores = np.where(observation.stale, np.nan, scores)
    if measure.when_stale == "decay" and measure.valid_for is not None and observation.stale is not False:
        aged = np.where(observation.stale, freshness_of(observation.days, measure.valid_for, as_of), 1.0)
        freshness = np.where(np.isnan(scores), 0.0, aged)
    imputed: Bools | bool = False
    if isinstance(measure.when_missing, Imputed):
        scores, freshness, imputed = _imputed(scores, freshness, measure.when_missing.score)
    return Settled(scores, freshness, imputed, observation.stale, observation.source, observation.days)


def _imputed(scores: Floats, freshness: Floats | None, stand_in: float) -> tuple[Floats, Floats | None, Bools | bool]:
    missing = np.isnan(scores)
    if not missing.any():
        return scores, freshness, False
    full = None if freshness is None else np.where(missing, 1.0, freshness)
    return np.where(missing, stand_in, scores), full, missing
