"""From scores and outcomes to a report: which questions are asked, and how their answers are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from keepwell.definitions.schemes import UNKNOWN
from keepwell.learning.behind import rows_behind
from keepwell.learning.blindness import blindness
from keepwell.learning.figures.bootstrap import Draws
from keepwell.learning.figures.figure import Figure, numbers
from keepwell.learning.figures.judging import RANKED, Answers, Judge, too_few
from keepwell.learning.figures.probabilities import calibrated
from keepwell.learning.findings import (
    Asked,
    BacktestReport,
    BandRow,
    Calibrated,
    CalibrationBin,
    Part,
    PartKind,
    Ranks,
    VariantName,
    Versus,
    Warned,
    WarningRow,
)
from keepwell.learning.notes import notes_of
from keepwell.learning.observations import Codes, Observations
from keepwell.learning.outcomes import Flags, Floats
from keepwell.learning.periods import periods
from keepwell.learning.samples import Scored
from keepwell.learning.scoring import below_best
from keepwell.learning.splits import folds
from keepwell.learning.warning import WARNING_DAYS, Looks

_FOLDS, _BINS = 5, 10


@dataclass(frozen=True)
class Seen:
    """What definitions said. `shown` and `bare` (without what people entered; None: nothing is entered) score the
    observations first and the looks back after them; `segments` are of the observations. `within`: of both, those that
    are asked about (None: everybody)."""

    name: str
    scorecard: str | None
    shown: Scored
    bare: Scored | None
    segments: Mapping[str, Flags]
    notes: tuple[str, ...]
    has_overrides: bool
    within: Flags | None = None

    def score(self, variant: VariantName, rows: int) -> Floats:
        """[rows] of the first observations; NaN for those of other cards than the one that is judged."""
        scored = self.bare if variant in ("without_entered", "without_both") and self.bare is not None else self.shown
        plain = variant in ("without_overrides", "without_both")
        found = (scored.computed if plain else scored.final)[:rows].copy()
        found[~self.is_judged(scored)[:rows]] = np.nan
        return found

    def is_judged(self, scored: Scored) -> Flags:
        """The card is the one that is asked about; with none named, any card. So is the segment."""
        among = np.ones(len(scored.card), np.bool_) if self.within is None else self.within
        if self.scorecard is None:
            return among
        return among & (scored.card == scored.cards.index(self.scorecard))


class Judgement:
    """Asks every question of a report at once, and puts the answers together."""

    def __init__(self, observations: Observations, looks: Looks, draws: Draws) -> None:
        self._observations = observations
        self._looks = looks
        self._judge = Judge(observations.codes, observations.lost, draws)

    def report(
        self, asked: Asked, own: Seen, other: Seen | None, keep: Callable[[pa.Table], None] | None = None
    ) -> BacktestReport:
        """`keep` is handed what stands behind each cell; see `behind.rows_behind`."""
        observations, judge, n = self._observations, self._judge, len(self._observations)
        judge.blind = blindness(observations, own.score("as_shown", n))
        variants = list(_variants(own))
        for variant in variants:
            judge.rank(variant, own.score(variant, n))
        shown = own.score("as_shown", n)
        counted = own.is_judged(own.shown)[:n]
        parts = _Parts(observations, own, shown, counted)
        bands = _Bands(observations, own, counted, judge.blind)
        warned = _Warnings(observations, self._looks, own, counted, judge.blind)
        chances = _Chances(observations, shown, judge.blind)
        judge.share("loss_rate", observations.lost, counted)
        for asking in (parts, bands, warned, chances):
            asking.ask(judge)
        if other is not None:
            both = ~np.isnan(shown) & ~np.isnan(other.score("as_shown", n))
            judge.rank("own", shown, both)
            judge.rank("other", other.score("as_shown", n), both)
        answers = judge.answers()
        if keep is not None:
            cells = (*parts.cells(), *bands.cells(), *chances.cells())
            keep(rows_behind(observations, self._looks, own.shown, own.is_judged(own.shown), cells))
        found = numbers(observations.codes[counted], observations.lost[counted])
        return BacktestReport(
            asked=asked,
            observations=found.observations,
            accounts=found.accounts,
            lost=found.lost,
            accounts_lost=found.accounts_lost,
            unscored=int((np.isnan(shown) & counted).sum()),
            loss_rate=answers.figure("loss_rate"),
            amount_lost=_total(observations.amount[counted & observations.lost]),
            variants={variant: ranks(answers, variant) for variant in variants},
            bands=tuple(bands.rows(answers)),
            warned=warned.told(answers),
            calibrated=chances.told(answers),
            parts=tuple(parts.told(answers)),
            versus=_versus(answers, other) if other is not None else None,
            asides=observations.asides,
            notes=notes_of(observations, own.shown, counted, own.notes),
        )


def ranks(answers: Answers, key: str) -> Ranks:
    return Ranks(*(answers.figure(f"{key}.{name}") for name in RANKED))


def _versus(answers: Answers, other: Seen) -> Versus:
    differences = Ranks(*(answers.difference(f"other.{name}", f"own.{name}") for name in RANKED))
    return Versus(other.name, ranks(answers, "own"), ranks(answers, "other"), differences, other.notes)


def _variants(seen: Seen) -> Iterator[VariantName]:
    """Those that can differ: without overrides where there are any, without entries where people enter scores."""
    yield "as_shown"
    if seen.has_overrides:
        yield "without_overrides"
    if seen.bare is not None:
        yield "without_entered"
    if seen.has_overrides and seen.bare is not None:
        yield "without_both"


class _Parts:
    """The question of each scorecard, segment and period, and of accounts with and without facts."""

    def __init__(self, observations: Observations, own: Seen, shown: Floats, counted: Flags) -> None:
        self._lost = observations.lost
        self._shown = shown
        self._parts: list[tuple[PartKind, str, Flags]] = []
        scored = own.shown
        if own.scorecard is None and len(scored.cards) > 1:
            for number, name in enumerate(scored.cards):
                self._parts.append(("scorecard", name, (scored.card[: len(shown)] == number) & counted))
        self._parts += [("segment", name, flags & counted) for name, flags in own.segments.items()]
        self._parts += [("period", name, flags & counted) for name, flags in periods(observations)]
        if observations.first_fact is not None and not observations.has_history[counted].all():
            self._parts.append(("history", "accounts with facts by then", observations.has_history & counted))
            self._parts.append(("history", "accounts without any fact", ~observations.has_history & counted))

    def cells(self) -> Iterator[tuple[str, Flags]]:
        yield from ((f"{kind}:{name}", flags) for kind, name, flags in self._parts)

    def ask(self, judge: Judge) -> None:
        for kind, name, flags in self._parts:
            judge.rank(f"{kind} {name}", self._shown, flags)
            judge.share(f"{kind} {name} rate", self._lost, flags)

    def told(self, answers: Answers) -> Iterator[Part]:
        for kind, name, _ in self._parts:
            key = f"{kind} {name}"
            yield Part(kind, name, answers.figure(f"{key} rate"), ranks(answers, key))


class _Bands:
    """Losses by label, of each scheme from the worst band to the best, then those without a score."""

    def __init__(self, observations: Observations, own: Seen, counted: Flags, blind: str | None) -> None:
        self._observations = observations
        scored, n = own.shown, len(observations)
        self._cells: list[tuple[str, str, Flags]] = []
        names = [own.scorecard] if own.scorecard else list(scored.cards)
        for scheme in dict.fromkeys(scored.definitions[name].scheme for name in names):
            cards = [scored.cards.index(name) for name in names if scored.definitions[name].scheme == scheme]
            of_scheme = np.isin(scored.card[:n], cards) & counted
            bands = scored.schemes[scored.cards[cards[0]]].bands
            for index, band in enumerate(bands):
                self._cells.append((scheme, band.label, of_scheme & (scored.band[:n] == index)))
            if bands and (without := of_scheme & (scored.band[:n] < 0)).any():
                self._cells.append((scheme, UNKNOWN, without))
        if (unassigned := counted & (scored.card[:n] < 0)).any():
            self._cells.append(("", "no scorecard", unassigned))
        self._reason = too_few(numbers(observations.codes[counted], observations.lost[counted])) or blind

    def cells(self) -> Iterator[tuple[str, Flags]]:
        yield from ((f"band:{scheme}:{label}", flags) for scheme, label, flags in self._cells)

    def ask(self, judge: Judge) -> None:
        lost, codes = self._observations.lost, self._observations.codes
        for scheme, label, flags in self._cells:
            if self._reason:
                judge.give_up(f"band {scheme} {label}", codes[flags], lost[flags], self._reason)
            else:
                judge.share(f"band {scheme} {label}", lost, flags)

    def rows(self, answers: Answers) -> Iterator[BandRow]:
        for scheme, label, flags in self._cells:
            lost = self._observations.lost & flags
            amount = _total(self._observations.amount[lost])
            rate = answers.figure(f"band {scheme} {label}")
            yield BandRow(scheme, label, int(flags.sum()), int(lost.sum()), rate, amount)


class _Warnings:
    """What those who left looked like before, and how many of those who stayed looked the same."""

    def __init__(self, observations: Observations, looks: Looks, own: Seen, counted: Flags, blind: str | None) -> None:
        self._observations = observations
        self._blind = blind
        self._counted = counted
        self._looks = looks
        n, scored = len(observations), own.shown
        below, worst = below_best(scored)
        self._below, self._worst = below[:n], worst[:n]
        self._below_then, self._worst_then = below[n:], worst[n:]
        self._there = (scored.card[n:] >= 0) & own.is_judged(scored)[n:]
        self._has_bands = any(scheme.bands for scheme in scored.schemes.values())

    @property
    def _reason(self) -> str | None:
        if not self._has_bands:
            return "the scheme has no bands, so no label warns"
        few = numbers(self._observations.codes[self._counted], self._observations.lost[self._counted])
        return too_few(few) or self._blind

    def ask(self, judge: Judge) -> None:
        observed = self._observations
        kept, lost = self._counted & ~observed.lost, self._counted & observed.lost
        for key, hits in (("stayed below", self._below), ("stayed worst", self._worst)):
            self._share(judge, key, kept, hits)
        amount = np.nan_to_num(np.abs(observed.amount[lost]))
        codes = observed.codes[lost]
        if self._reason:
            judge.give_up("amount below", codes, observed.lost[lost], self._reason)
        else:
            judge.share_of("amount below", codes, self._below[lost], observed.lost[lost], amount)
        for days in WARNING_DAYS:
            rows = np.flatnonzero((self._looks.days == days) & self._there)
            codes, left = self._looks.codes[rows], np.ones(len(rows), np.bool_)
            reason = self._reason or _none_seen(rows)
            for key, hits in ((f"warned {days}", self._below_then), (f"worst {days}", self._worst_then)):
                if reason:
                    judge.give_up(key, codes, left, reason)
                else:
                    judge.share_of(key, codes, hits[rows], left)

    def _share(self, judge: Judge, key: str, among: Flags, hits: Flags) -> None:
        if self._reason:
            judge.give_up(key, self._observations.codes[among], self._observations.lost[among], self._reason)
        else:
            judge.share(key, hits, among)

    def told(self, answers: Answers) -> Warned | None:
        if self._observations.way == "at_one_date":
            return None
        rows = [
            WarningRow(days, answers.figure(f"warned {days}"), answers.figure(f"worst {days}")) for days in WARNING_DAYS
        ]
        stayed, worst = answers.figure("stayed below"), answers.figure("stayed worst")
        return Warned(tuple(rows), stayed, worst, answers.figure("amount below"))


def _none_seen(rows: Codes) -> str | None:
    return None if len(rows) else "none of those who left was known, and a customer, so long before"


class _Chances:
    """Chances of loss, each learned from the accounts of the other folds."""

    def __init__(self, observations: Observations, shown: Floats, blind: str | None) -> None:
        self._observations = observations
        self._blind = blind
        self._rows = np.flatnonzero(~np.isnan(shown))
        self._shown = shown

    @cached_property
    def _reason(self) -> str | None:
        scored = self._observations
        if not len(self._rows):
            return "none of the observations has a score"
        if np.ptp(self._shown[self._rows]) == 0:
            return "everybody has the same score, which tells nobody apart"
        return too_few(numbers(scored.codes[self._rows], scored.lost[self._rows])) or self._blind

    @cached_property
    def _foretold(self) -> Floats:
        """[n] NaN without a score."""
        found = np.full(len(self._observations), np.nan)
        some = self._observations.take(self._rows)
        score = self._shown[self._rows]
        for split in folds(some, min(_FOLDS, some.accounts)):
            curve = calibrated(score[split.train], some.lost[split.train])
            found[self._rows[split.test]] = curve.chance(score[split.test])
        return found

    @cached_property
    def _bins(self) -> list[Flags]:
        """Tenths of the scored observations by their chance, ties together."""
        chance = self._foretold
        edges = np.unique(np.nanquantile(chance, np.linspace(0, 1, _BINS + 1)[1:-1]))
        index = np.searchsorted(edges, chance, side="right")
        flags = ((index == number) & ~np.isnan(chance) for number in range(len(edges) + 1))
        return [one for one in flags if one.any()]

    def cells(self) -> Iterator[tuple[str, Flags]]:
        if not self._reason:
            yield from ((f"tenth:{number}", flags) for number, flags in enumerate(self._bins))

    def ask(self, judge: Judge) -> None:
        observed = self._observations
        if self._reason:
            for key in ("brier", "scored rate"):
                judge.give_up(key, observed.codes[self._rows], observed.lost[self._rows], self._reason)
            return
        among = ~np.isnan(self._foretold)
        judge.mean("brier", np.nan_to_num((self._foretold - observed.lost) ** 2), among)
        judge.share("scored rate", observed.lost, among)
        for number, flags in enumerate(self._bins):
            judge.share(f"bin {number}", observed.lost, flags)

    def told(self, answers: Answers) -> Calibrated:
        bins: tuple[CalibrationBin, ...] = ()
        if not self._reason:
            foretold = [float(self._foretold[flags].mean()) for flags in self._bins]
            bins = tuple(CalibrationBin(mean, answers.figure(f"bin {number}")) for number, mean in enumerate(foretold))
        skill: Figure = answers.skill("brier", "scored rate")
        return Calibrated(f"logistic, {_FOLDS} folds by account", answers.figure("brier"), skill, bins)


def _total(amounts: Floats) -> float | None:
    known = amounts[~np.isnan(amounts)]
    return float(np.abs(known).sum()) if len(known) else None
