"""Effects where people decided whom to treat: two ways of comparing with accounts that looked alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from keepwell.learning.effects.balance import balance, far_told, overlap
from keepwell.learning.effects.covariates import Covariates, covariates
from keepwell.learning.effects.differences import differences
from keepwell.learning.effects.doubly_robust import doubly_robust, weighing
from keepwell.learning.effects.estimate import Estimate, Way, refused, too_few
from keepwell.learning.effects.facts import Facts
from keepwell.learning.effects.findings import BalanceRow, Overlap
from keepwell.learning.effects.matching import matched
from keepwell.learning.effects.propensity import propensity
from keepwell.learning.effects.targets import Target, followed, unknown_told
from keepwell.learning.effects.units import Units
from keepwell.learning.figures.bootstrap import DRAWS
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

_WAYS: tuple[Way, ...] = ("matched", "doubly_robust")


@dataclass(frozen=True)
class Observational:
    """Both estimates, and whether there was anybody to compare with."""

    estimates: tuple[Estimate, ...]
    overlap: Overlap | None = None
    balance: tuple[BalanceRow, ...] = ()


def observational(facts: Facts, every: Units, target: Target, draws: int = DRAWS, seed: int = 0) -> Observational:
    """`every`: the treated and those drawn for them; the ones with a known result are compared."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):  # many small fits: threads would wait for each other more than they work
        return _observational(facts, every, _Question(target, draws, seed))


def _observational(facts: Facts, every: Units, asked: _Question) -> Observational:
    target = asked.target
    found = followed(facts, target, every.code, every.day)
    known, notes = found.is_known, tuple(unknown_told(every.treated, found))
    units, change = every.take(known), found.change[known]
    if reason := _nothing_to_learn(units, change):
        treated, compared = _accounts(units)
        return Observational(tuple(refused(way, target, treated, compared, reason, notes) for way in _WAYS))
    return _compared(units, covariates(facts, units, target), change, replace(asked, notes=notes))


@dataclass(frozen=True)
class _Question:
    target: Target
    draws: int
    seed: int
    notes: tuple[str, ...] = ()


def _compared(units: Units, known: Covariates, change: Floats, asked: _Question) -> Observational:
    chance = propensity(units, known, asked.seed)
    pairs, weighed = matched(units, known, chance), weighing(units, chance)
    rows = balance(units, known, pairs, weighed)
    near = differences(units, known, change, pairs, asked.target, asked.draws, asked.seed)
    all_of_them = doubly_robust(units, known, change, chance, asked.target, asked.seed)
    return Observational(
        (
            replace(near, notes=(*asked.notes, *near.notes, *far_told(rows))),
            replace(all_of_them, notes=(*asked.notes, *all_of_them.notes)),
        ),
        overlap(units, pairs, chance, weighed),
        rows,
    )


def _nothing_to_learn(units: Units, change: Floats) -> str | None:
    if reason := too_few(*_accounts(units)):
        return reason
    return "nothing moved at all, on either side" if (change == change[0]).all() else None


def _accounts(units: Units) -> tuple[int, int]:
    return _distinct(units.code, units.treated), _distinct(units.code, ~units.treated)


def _distinct(code: Codes, among: Flags) -> int:
    return len(set(code[among].tolist()))
