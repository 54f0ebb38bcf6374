"""Lagged correlation: how well the value of some time before the observation still tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from keepwell.engine.columns import numbers
from keepwell.learning.correlation.curves import area_of
from keepwell.learning.figures.figure import numbers as counted
from keepwell.learning.figures.judging import too_few
from keepwell.learning.observations import Observations
from keepwell.learning.optimizer.study import Study
from keepwell.learning.samples import Sample
from keepwell.learning.sampling import Sampling

LAGS = (30, 60, 90)


@dataclass(frozen=True)
class Lag:
    """AUC of the value `days` (or a little more) before the observation date; `auc` None: `reason` says why."""

    days: int
    observations: int
    auc: float | None
    low: float | None
    high: float | None
    reason: str | None = None


def lags(study: Study) -> Mapping[str, tuple[Lag, ...]]:
    """By metric with numbers. Values are taken at the last date of the study that lies far enough before each
    observation, so that earlier dates need no more queries; where there is none an observation does not count."""
    if study.observations.way == "at_one_date":
        return {}
    earlier = {days: _earlier(study.observations, days) for days in LAGS}
    samplings = {days: Sampling(study.project, one) for days, one in earlier.items() if len(one)}
    dates = sorted({day.astype(date) for days in samplings for day in earlier[days].dates})
    for values in study.dated.at(dates):
        for sampling in samplings.values():
            sampling.add(values)
    found: dict[str, list[Lag]] = {}
    for days, sampling in samplings.items():
        sample = sampling.sample()
        for name in sample.metrics.column_names:
            found.setdefault(name, []).append(_lag(days, name, sample))
    return {name: tuple(one) for name, one in found.items()}


def _earlier(observations: Observations, days: int) -> Observations:
    dates = observations.dates
    place = np.searchsorted(dates, observations.as_of - np.timedelta64(days, "D"), side="right") - 1
    there = np.flatnonzero(place >= 0)
    shifted = replace(observations, as_of=dates[np.maximum(place, 0)])
    return shifted.take(there)


def _lag(days: int, name: str, sample: Sample) -> Lag:
    values = numbers(sample.metrics[name])
    known = ~np.isnan(values)
    lost, codes = sample.observations.lost[known], sample.observations.codes[known]
    reason = too_few(counted(codes, lost)) if known.any() else "it has no value that early"
    if reason is not None:
        return Lag(days, int(known.sum()), None, None, None, reason)
    return Lag(days, int(known.sum()), *area_of(values[known], lost, codes))
