"""Judges scores by what became of the accounts: every figure with its interval, or with the reason why there is none.

Questions are gathered first and answered together, so that all of them share the same draws of accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from keepwell.learning.figures.bootstrap import Counts, Draws, exact_edge, interval
from keepwell.learning.figures.figure import Figure, Numbers, numbers, unknown
from keepwell.learning.figures.ranking import Ranked, Ranking, ranked, ranking
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

RankedName = Literal["auc", "average_precision", "top_decile_lift"]
RANKED: tuple[RankedName, ...] = ("auc", "average_precision", "top_decile_lift")

FEWEST = 10
"""So many accounts must have left, and so many observations stayed, for a figure about telling them apart."""

Answer = Callable[[], Figure]


@dataclass
class Judge:
    """Questions about observations of `draws.accounts` accounts, answered by `Answers`.

    `codes`: [n] the account of each observation, from 0 to `draws.accounts` - 1. `lost`: [n]. `blind`: why no score can
    tell anybody apart, which then answers every question about scores.
    """

    codes: Codes
    lost: Flags
    draws: Draws
    blind: str | None = None
    _ranked: dict[str, _Ranked] = field(default_factory=dict)
    _ratios: dict[str, _Ratio] = field(default_factory=dict)
    _given_up: dict[str, Figure] = field(default_factory=dict)

    def rank(self, key: str, score: Floats, among: Flags | None = None) -> None:
        """Asks for the figures of RANKED. `score`: [n], NaN for none; `among`: [n] only these."""
        rows = np.flatnonzero(~np.isnan(score) & (True if among is None else among))
        counted = numbers(self.codes[rows], self.lost[rows])
        found = ranking(score[rows], self.lost[rows])
        some_unscored = len(rows) < (len(score) if among is None else int(among.sum()))
        reason = _no_ranking(counted, found, some_unscored) or self.blind
        if reason:
            self._given_up |= {f"{key}.{name}": unknown(counted, reason) for name in RANKED}
        else:
            self._ranked[key] = _Ranked.of(found, self.codes[rows], self.draws.accounts, counted)

    def share(self, key: str, hits: Flags, among: Flags) -> None:
        """Asks which share of `among` are `hits`; [n] each."""
        self.share_of(key, self.codes[among], hits[among], self.lost[among])

    def share_of(self, key: str, codes: Codes, hits: Flags, lost: Flags, sizes: Floats | None = None) -> None:
        """The same for rows that are no observations: their accounts, whether each is a hit, whether each was lost.

        `sizes` weighs rows, with money for instance.
        """
        counted = numbers(codes, lost)
        weights = np.ones(len(codes)) if sizes is None else sizes
        if not weights.sum() > 0:
            self._given_up[key] = unknown(counted, "there is nobody to count")
            return
        above, below = self._sums(codes, hits * weights), self._sums(codes, weights)
        self._ratios[key] = _Ratio(above, below, counted, is_share=True)

    def mean(self, key: str, values: Floats, among: Flags) -> None:
        """Asks for the mean of `values` over `among`; [n] each."""
        codes = self.codes[among]
        counted = numbers(codes, self.lost[among])
        reason = too_few(counted)
        if reason:
            self._given_up[key] = unknown(counted, reason)
        else:
            above, below = self._sums(codes, values[among]), self._sums(codes, np.ones(len(codes)))
            self._ratios[key] = _Ratio(above, below, counted, is_share=False)

    def give_up(self, key: str, codes: Codes, lost: Flags, reason: str) -> None:
        """Answers with a reason instead of a number."""
        self._given_up[key] = unknown(numbers(codes, lost), reason)

    def answers(self) -> Answers:
        """Draws accounts once for all questions."""
        layout = _Layout(self._ranked, self._ratios)
        values = self.draws.of(layout.statistic)
        point = layout.statistic(np.ones((self.draws.accounts, 1), np.int32))[:, 0]
        return Answers(layout.places, values, point, {**self._ranked_numbers(), **self._ratios}, dict(self._given_up))

    def _ranked_numbers(self) -> dict[str, _Ranked]:
        return {f"{key}.{name}": one for key, one in self._ranked.items() for name in RANKED}

    def _sums(self, codes: Codes, values: Floats) -> Floats:
        found: Floats = np.bincount(codes, weights=values, minlength=self.draws.accounts).astype(np.float64)
        return found


@dataclass(frozen=True)
class Answers:
    """`draws`: [figures, draws], `point`: [figures], `places`: the row of each key."""

    places: Mapping[str, int]
    draws: Floats
    point: Floats
    about: Mapping[str, _Ranked | _Ratio]
    given_up: Mapping[str, Figure]

    def figure(self, key: str) -> Figure:
        """Keys of rankings are "key.auc" and so on, those of shares and means as they were asked."""
        if key in self.given_up:
            return self.given_up[key]
        about, at = self.about[key], self.places[key]
        value = float(self.point[at])
        if isinstance(about, _Ratio) and about.is_share and value in (0.0, 1.0):
            edge = exact_edge(about.numbers.accounts)
            low, high = (0.0, edge) if value == 0 else (1 - edge, 1.0)
            return Figure(value, low, high, about.numbers)
        return _with_interval(value, interval(self.draws[at]), about.numbers)

    def difference(self, key: str, other: str) -> Figure:
        """How much higher the figure of `key` is than that of `other`, both of the same draws of accounts."""
        for one in (key, other):
            if one in self.given_up:
                return self.given_up[one]
        at, beside = self.places[key], self.places[other]
        between = interval(self.draws[at] - self.draws[beside])
        return _with_interval(float(self.point[at] - self.point[beside]), between, self.about[key].numbers)

    def skill(self, brier: str, rate: str) -> Figure:
        """How much closer than always guessing the rate: 1 - Brier / (rate (1 - rate)); 0 is no better."""
        for one in (brier, rate):
            if one in self.given_up:
                return self.given_up[one]
        at, beside = self.places[brier], self.places[rate]

        def skill_of(scores: Floats, rates: Floats) -> Floats:
            return 1 - scores / (rates * (1 - rates))

        with np.errstate(divide="ignore", invalid="ignore"):
            point = skill_of(self.point[at : at + 1], self.point[beside : beside + 1])[0]
            spread = interval(skill_of(self.draws[at], self.draws[beside]))
        return _with_interval(float(point), spread, self.about[brier].numbers)


@dataclass(frozen=True)
class _Ranked:
    """How often each account stands in each stretch and at each threshold: times counts, the weights of draws."""

    kept: Any  # [stretches, accounts] sparse
    lost: Any  # [thresholds, accounts] sparse
    numbers: Numbers

    @staticmethod
    def of(found: Ranking, codes: Codes, accounts: int, counted: Numbers) -> _Ranked:
        return _Ranked(
            _tally(found.stretch, codes[found.kept_rows], (found.stretches, accounts)),
            _tally(found.threshold, codes[found.lost_rows], (found.thresholds, accounts)),
            counted,
        )

    def drawn(self, counts: Counts) -> Ranked:
        return ranked(self.kept @ counts, self.lost @ counts)


@dataclass(frozen=True)
class _Ratio:
    above: Floats  # [accounts] sums of what is counted
    below: Floats  # [accounts] and of what it is counted among
    numbers: Numbers
    is_share: bool


class _Layout:
    """Where each figure stands in a draw: rankings first, then ratios."""

    def __init__(self, ranked: Mapping[str, _Ranked], ratios: Mapping[str, _Ratio]) -> None:
        names = [f"{key}.{name}" for key in ranked for name in RANKED]
        self.places = {name: at for at, name in enumerate([*names, *ratios])}
        self._ranked = tuple(ranked.values())
        self._above = np.array([one.above for one in ratios.values()])
        self._below = np.array([one.below for one in ratios.values()])

    def statistic(self, counts: Counts) -> Floats:
        found = [np.array(one.drawn(counts)) for one in self._ranked]
        if len(self._above):
            drawn = counts.astype(np.float64)
            with np.errstate(divide="ignore", invalid="ignore"):
                found.append((self._above @ drawn) / (self._below @ drawn))
        return np.concatenate(found) if found else np.empty((0, counts.shape[1]))


def _tally(rows: Codes, columns: Codes, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(rows), np.int32), (rows, columns)), shape=shape)


def _with_interval(value: float, between: tuple[float, float] | None, counted: Numbers) -> Figure:
    if between is None:
        return Figure(value, None, None, counted, "too few accounts for an interval")
    return Figure(value, *between, counted)


def _no_ranking(counted: Numbers, found: Ranking, some_unscored: bool) -> str | None:
    if not counted.observations:
        return "none of the observations has a score" if some_unscored else "there is nobody to count"
    return too_few(counted) or ("everybody has the same score, which tells nobody apart" if found.is_flat else None)


def too_few(counted: Numbers) -> str | None:
    """Why lost and kept cannot be told apart; None where they can."""
    if not counted.observations:
        return "there is nobody to count"
    if not counted.lost:
        return "nobody left, so nothing shows whether the score would have told"
    if not counted.kept:
        return "everybody left, so nothing shows whether the score tells them from those who stay"
    if counted.accounts_lost < FEWEST:
        return f"only {_accounts(counted.accounts_lost)} left; below {FEWEST} a figure would be chance"
    if counted.kept < FEWEST:
        return f"only {counted.kept:,} observations of accounts that stayed; below {FEWEST} a figure would be chance"
    return None


def _accounts(count: int) -> str:
    return f"{count:,} account{'s' if count != 1 else ''}"
