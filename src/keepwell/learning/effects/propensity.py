"""The chance to be treated, learned on other accounts than those it is told of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from keepwell.learning.effects.covariates import Covariates
from keepwell.learning.effects.units import Units
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

FOLDS, REPEATS = 5, 2
_PENALTY = 1.0  # ridge of the standardised coefficients; C of scikit-learn is its inverse
HIGHEST = 0.95
"""Whoever is likelier to be treated than this has hardly anybody to be compared with, and is left out."""


@dataclass(frozen=True)
class Propensity:
    """[n] the odds of being treated, as if as many were treated as not."""

    odds: Floats

    @property
    def chance(self) -> Floats:
        """[n] between 0 and 1 (Rosenbaum and Rubin 1983)."""
        return self.odds / (1 + self.odds)

    @property
    def logit(self) -> Floats:
        found: Floats = np.log(self.odds)
        return found

    @property
    def overlaps(self) -> Flags:
        """[n] there are others like it that were not treated."""
        return self.chance <= HIGHEST

    def take(self, rows: Flags | Codes) -> Propensity:
        return Propensity(self.odds[rows])


def propensity(units: Units, known: Covariates, seed: int) -> Propensity:
    """Logistic regression with a small ridge, crossed over five folds of accounts."""
    from sklearn.linear_model import LogisticRegression

    treated = units.treated
    balance = treated.sum() / max((~treated).sum(), 1)

    def fitted(train: Codes, test: Codes) -> Floats:
        if not known.values.shape[1]:
            return np.full(len(test), treated[train].mean())
        model = LogisticRegression(C=1 / _PENALTY, solver="newton-cholesky").fit(known.values[train], treated[train])
        chance: Floats = model.predict_proba(known.values[test])[:, 1]
        return chance

    chance = np.clip(crossed(units.code, treated, seed, fitted), 1e-9, 1 - 1e-9)
    return Propensity(chance / (1 - chance) / balance)


def crossed(code: Codes, treated: Flags, seed: int, fitted: Callable[[Codes, Codes], Floats]) -> Floats:
    """[n] what `fitted(train, test)` tells of each fold from the others (Chernozhukov and others 2018).

    On average over several ways to make folds: which accounts fall together is chance, and should decide little.
    """
    found = np.zeros(len(code))
    for repeat in range(REPEATS):
        for train, test in folds(code, treated, seed + repeat):
            found[test] += fitted(train, test)
    return found / REPEATS


def folds(code: Codes, treated: Flags, seed: int) -> Iterator[tuple[Codes, Codes]]:
    """Rows to learn from and rows to tell of. An account is never on both sides; the treated are spread evenly."""
    random = np.random.default_rng((seed, 1))
    fold = np.zeros(int(code.max(initial=0)) + 1, np.int64)
    own = np.unique(code[treated])
    for accounts in (own, np.setdiff1d(code, own)):
        fold[random.permutation(accounts)] = np.arange(len(accounts)) % FOLDS
    for number in range(FOLDS):
        is_test = fold[code] == number
        yield np.flatnonzero(~is_test), np.flatnonzero(is_test)
