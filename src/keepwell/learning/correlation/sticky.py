"""Sticky features: those whose adoption separates accounts that stay from those that leave, and by when.

Adoption is no treatment that was dealt out: accounts that take to a product also use more of it. What is shown is who
stays, not what makes them stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.values import Days
from keepwell.learning.correlation.rates import Rate, RateDifference, difference, rate
from keepwell.learning.correlation.uses import STRETCH_DAYS, Uses
from keepwell.learning.observations import Codes, Observations
from keepwell.learning.outcomes import Flags
from keepwell.learning.reading import Lifetimes

TENURES = (14, 30, 60, 90, 180, 365)
"""Days after the start of the account by which a feature is taken up or not."""
FEWEST = 20
"""So many accounts on either side, for a comparison to mean anything."""


@dataclass(frozen=True)
class ByTenure:
    """Accounts that had taken up the feature `days` after they started, against those that had not."""

    days: int
    adopted: Rate
    others: Rate
    difference: RateDifference | None  # adopted - others: below 0 where adopters leave less


@dataclass(frozen=True)
class Sticky:
    """One feature. `using`, `not_using`: observations by use in four weeks before; `difference`: using - not_using.

    `by_tenure`: of accounts whose start lies within the facts. `by_when`: the tenure by which taking it up separates
    them most clearly, None where it never does. `is_sticky`: users leave less, beyond what chance would do.
    """

    feature: str
    using: Rate
    not_using: Rate
    difference: RateDifference | None
    by_tenure: tuple[ByTenure, ...]
    by_when: int | None

    @property
    def is_sticky(self) -> bool:
        return self.difference is not None and self.difference.high < 0


def sticky_features(observations: Observations, uses: Uses, lifetimes: Lifetimes) -> tuple[Sticky, ...]:
    """The stickiest first. Use counts where it lies in a whole stretch of 28 days before the observation date."""
    return tuple(sorted(_features(observations, uses, lifetimes), key=_order))


def _features(observations: Observations, uses: Uses, lifetimes: Lifetimes) -> Iterator[Sticky]:
    newcomers = _newcomers(observations, uses, lifetimes)
    ids = pc.unique(observations.account).sort()
    of_use = pc.fill_null(pc.index_in(uses.account, value_set=ids), -1).to_numpy(zero_copy_only=False)
    wanted = _stretches(observations, uses.anchor)
    for feature in sorted(str(one) for one in pc.unique(uses.feature).to_pylist()):
        here = (of_use >= 0) & pc.equal(uses.feature, feature).to_numpy(zero_copy_only=False)
        is_used = _is_used(of_use[here], uses.stretch[here], observations.codes, wanted)
        first = np.full(len(ids), np.datetime64("2262-01-01", "D"))
        np.minimum.at(first, of_use[here], uses.first_day[here])
        yield _feature(feature, observations, is_used, first, newcomers)


def _feature(feature: str, observations: Observations, is_used: Flags, first: Days, newcomers: _Newcomers) -> Sticky:
    lost, codes = observations.lost, observations.codes
    using, others = rate(lost[is_used], codes[is_used]), rate(lost[~is_used], codes[~is_used])
    by_tenure = tuple(newcomers.by_tenure(first))
    clear = [one for one in by_tenure if one.difference is not None and one.difference.high < 0]
    best = min(clear, key=lambda one: one.difference.high, default=None)  # type: ignore[union-attr]
    return Sticky(feature, using, others, _compared(using, others), by_tenure, best.days if best is not None else None)


@dataclass(frozen=True)
class _Newcomers:
    """Accounts that started within the facts: codes in the observations, start, last observation, whether ever lost."""

    codes: Codes
    started_on: Days
    last_seen: Days
    lost: Flags

    def by_tenure(self, first: Days) -> Iterator[ByTenure]:
        for days in TENURES:
            length = np.timedelta64(days, "D")
            there = self.last_seen >= self.started_on + length
            codes, lost = self.codes[there], self.lost[there]
            adopted = first[codes] < self.started_on[there] + length
            yes, no = rate(lost[adopted], codes[adopted]), rate(lost[~adopted], codes[~adopted])
            yield ByTenure(days, yes, no, _compared(yes, no))


def _newcomers(observations: Observations, uses: Uses, lifetimes: Lifetimes) -> _Newcomers:
    """Before the facts begin nobody knows what was taken up when, so accounts from before are left out."""
    ids = pc.unique(observations.account).sort()
    place = pc.fill_null(pc.index_in(ids, value_set=lifetimes.account), -1).to_numpy(zero_copy_only=False)
    started = np.append(lifetimes.started_on, np.datetime64("NaT", "D"))[place]
    begin = uses.first_day.min() if len(uses.first_day) else np.datetime64("NaT", "D")
    last_seen = np.full(len(ids), np.datetime64("1900-01-01", "D"))
    np.maximum.at(last_seen, observations.codes, observations.as_of)
    lost = np.zeros(len(ids), np.bool_)
    lost[observations.codes[observations.lost]] = True
    there = np.flatnonzero(started >= begin)
    return _Newcomers(there.astype(np.int64), started[there], last_seen[there], lost[there])


def _stretches(observations: Observations, anchor: np.datetime64) -> Codes:
    """[n] the last stretch that lies wholly before or on the observation date."""
    behind = (anchor - observations.as_of).astype(np.int64)
    return np.asarray(-(-behind // STRETCH_DAYS), np.int64)


def _is_used(accounts: Codes, stretches: Codes, codes: Codes, wanted: Codes) -> Flags:
    """[n] whether the account of each observation has a use in the stretch that is wanted of it."""
    width = int(max(stretches.max(initial=0), wanted.max(initial=0))) + 1
    inside = stretches >= 0
    used = pa.array(accounts[inside] * width + stretches[inside])
    found: Flags = pc.is_in(pa.array(codes * width + wanted), value_set=used).to_numpy(zero_copy_only=False)
    return found


def _compared(one: Rate, other: Rate) -> RateDifference | None:
    return difference(one, other) if min(one.accounts, other.accounts) >= FEWEST else None


def _order(one: Sticky) -> tuple[bool, float, str]:
    value = one.difference.value if one.difference is not None else 0.0
    return (not one.is_sticky, value, one.feature)
