"""Who expanded: adoption and advocacy against expansion, as patterns show them against leaving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow.compute as pc

from keepwell.engine.columns import numbers
from keepwell.learning.correlation.patterns import FEWEST, THIRDS, advocacy_metrics, thirds_of
from keepwell.learning.correlation.rates import Rate, RateDifference, difference, rate
from keepwell.learning.optimizer.study import Study, known_outcomes
from keepwell.learning.outcomes import KINDS, Flags, read_outcomes

YEAR_DAYS = 365
"""An expansion counts within so many days after the observation."""


@dataclass(frozen=True)
class Slope:
    """One metric against leaving and expanding. `rows`: by its thirds, or without and with any of it.

    `expanded` None: outcomes hold no expansions, or no observation lies a year back. `difference`: of expanding, the
    last row less the first; None where too few accounts are on either side.
    """

    what: Literal["adoption", "advocacy"]
    metric: str
    rows: tuple[SlopeRow, ...]
    difference: RateDifference | None
    words: str


@dataclass(frozen=True)
class SlopeRow:
    name: str
    left: Rate
    expanded: Rate | None


def slopes(study: Study, adoption: str | None) -> tuple[Slope, ...]:
    """Of the metric that stands for adoption, and of each of advocacy; none where outcomes have no days."""
    if study.observations.way == "at_one_date":
        return ()
    return tuple(_slopes(study, adoption))


def _slopes(study: Study, adoption: str | None) -> Iterator[Slope]:
    metrics, expanded = study.sample.metrics, _expanded(study)
    if adoption is not None:
        thirds = thirds_of(numbers(metrics[adoption]))
        parts = [(f"{name} third", thirds == number) for number, name in enumerate(THIRDS)]
        yield _slope(study, "adoption", adoption, parts, expanded)
    for name in advocacy_metrics(study.project):
        if name in metrics.column_names:
            has = numbers(metrics[name]) > 0
            yield _slope(study, "advocacy", name, [("none", ~has), ("some", has)], expanded)


def _slope(
    study: Study,
    what: Literal["adoption", "advocacy"],
    metric: str,
    parts: list[tuple[str, Flags]],
    expanded: tuple[Flags, Flags] | None,
) -> Slope:
    lost, codes = study.observations.lost, study.observations.codes
    rows = []
    for name, here in parts:
        grown = rate(expanded[0][here & expanded[1]], codes[here & expanded[1]]) if expanded else None
        rows.append(SlopeRow(name, rate(lost[here], codes[here]), grown))
    first, last = rows[0].expanded, rows[-1].expanded
    found = difference(last, first) if first and last and min(first.accounts, last.accounts) >= FEWEST else None
    return Slope(what, metric, tuple(rows), found, _words(what, metric, found, expanded is not None))


def _expanded(study: Study) -> tuple[Flags, Flags] | None:
    """[n] each: the account expanded within a year after the observation; that year has passed. None: nobody knows."""
    outcomes = known_outcomes(read_outcomes(study.original, study.source), study.original, study.request.as_of)
    is_one = outcomes.kind == KINDS.index("expanded")
    observed = study.observations
    passed = observed.as_of + np.timedelta64(YEAR_DAYS, "D") <= np.datetime64(study.request.as_of, "D")
    if not is_one.any() or not passed.any():
        return None
    ids = pc.unique(observed.account).sort()
    code = pc.index_in(outcomes.account, value_set=ids)
    there = is_one & code.is_valid().to_numpy(zero_copy_only=False)
    codes = np.asarray(code.fill_null(-1), np.int64)[there]
    return _within_a_year(codes, outcomes.decided_on[there].astype(np.int64), study), passed


def _within_a_year(codes: np.ndarray, days: np.ndarray, study: Study) -> Flags:
    """Accounts with a day of theirs in (as_of, as_of + a year]: days of all accounts stand on one line, far apart."""
    observed, far = study.observations, 10**7
    line = np.sort(codes * far + days)
    begin = observed.codes * far + observed.as_of.astype("datetime64[D]").astype(np.int64)
    found: Flags = np.searchsorted(line, begin + YEAR_DAYS, "right") > np.searchsorted(line, begin, "right")
    return found


def _words(what: str, metric: str, found: RateDifference | None, is_known: bool) -> str:
    if not is_known:
        return "outcomes hold no expansion with a whole year after an observation, so only leaving is shown"
    if found is None:
        return f"{FEWEST} accounts on either side are needed to compare"
    side = "most" if what == "adoption" else "any"
    often = f"{abs(100 * found.value):.1f} points {'more' if found.value > 0 else 'less'} often"
    chance = "" if found.is_clear else ", which may be chance"
    return (
        f"Accounts with {side} {metric} expand {often} within a year{chance}. That does not say that it makes them "
        "expand: accounts that grow use more and speak more, whatever made them grow. Comparing accounts that were "
        "alike before, or asking by lot, comes nearer to what it does"
    )
