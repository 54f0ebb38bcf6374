"""What was known of the accounts before: the columns that treated and compared are made alike in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keepwell.learning.effects.facts import Facts
from keepwell.learning.effects.panel import NONE
from keepwell.learning.effects.targets import SCORE, Target
from keepwell.learning.effects.units import PAST_DAYS, TREND_DAYS, Units
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

_SKEWED = 2.0
"""Above this skewness a column without negative values is taken in logarithms."""
_EDGES = (0.01, 0.99)
"""Values beyond these quantiles are drawn in: one account of a thousand seats decides nothing."""
_SOME = 0.01
"""Where more than this share is missing, being missing is a column of its own."""


@dataclass(frozen=True)
class Covariates:
    """[n, k] columns of mean 0 and standard deviation 1 over all units, without gaps; `key`: those that matter most
    for the target, which matching looks at one by one."""

    names: tuple[str, ...]
    values: Floats
    key: tuple[int, ...]

    def take(self, rows: Flags | Codes) -> Covariates:
        return Covariates(self.names, self.values[rows], self.key)

    @property
    def of_key(self) -> Floats:
        return self.values[:, list(self.key)]


def covariates(facts: Facts, units: Units, target: Target) -> Covariates:
    """Every column as it was known the day before, and of the score and the target's column how it had moved and where
    it had stood on average: one look may lie off by chance, and whoever treats knows more than that look."""
    names, columns = [], []
    for name, column in _columns(facts, units, target):
        for part, values in _whole(name, column):
            names.append(part)
            columns.append(values)
    matrix = np.column_stack(columns) if columns else np.empty((len(units), 0))
    wanted = {name for one in _moving(facts, target) for name in (one, _trend(one), _average(one))}
    return Covariates(tuple(names), matrix, tuple(at for at, name in enumerate(names) if name in wanted))


def _moving(facts: Facts, target: Target) -> list[str]:
    named = [SCORE, *([target.column] if target.column else [])]
    return [name for name in dict.fromkeys(named) if name in facts.panel.columns]


def _trend(name: str) -> str:
    return f"{name}, change in {TREND_DAYS} days"


def _average(name: str) -> str:
    return f"{name}, average of {PAST_DAYS} days"


def _columns(facts: Facts, units: Units, target: Target) -> Iterator[tuple[str, Floats]]:
    panel = facts.panel
    for name in panel.columns:
        yield name, panel.values(name, units.row)
    looks = [panel.rows(units.code, units.day - 1 - back) for back in range(TREND_DAYS, PAST_DAYS + 1, TREND_DAYS)]
    earlier = [np.where(rows < units.row, rows, NONE) for rows in looks]
    for name in _moving(facts, target):
        past = np.stack([panel.values(name, rows) for rows in (units.row, *earlier)])
        yield _trend(name), past[0] - past[1]
        yield _average(name), _mean(past)


def _mean(rows: Floats) -> Floats:
    """[n] of what is known; NaN where nothing is."""
    known = ~np.isnan(rows)
    count = known.sum(axis=0)
    found: Floats = np.where(count > 0, np.where(known, rows, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
    return found


def _whole(name: str, column: Floats) -> Iterator[tuple[str, Floats]]:
    """The column with its gaps filled by the average, and the gaps themselves where there are some."""
    missing = np.isnan(column)
    if missing.all():
        return
    known = column[~missing]
    shaped = _shaped(column, known)
    average = float(shaped[~missing].mean())
    for part, values in ((name, np.where(missing, average, shaped)), (f"{name} is missing", missing.astype(float))):
        spread = float(values.std())
        if spread > 1e-9 and (part == name or missing.mean() > _SOME):
            yield part, (values - values.mean()) / spread


def _shaped(column: Floats, known: Floats) -> Floats:
    spread = float(known.std())
    skewness = float((((known - known.mean()) / spread) ** 3).mean()) if spread > 1e-9 else 0.0
    if skewness > _SKEWED and known.min() >= 0 and len(np.unique(known)) > 2:
        column, known = np.log1p(column), np.log1p(known)
    if len(np.unique(known)) <= 2:
        return column
    low, high = np.quantile(known, _EDGES)
    found: Floats = np.clip(column, low, high) if high > low else column
    return found
