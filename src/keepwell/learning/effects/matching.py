"""Matched accounts: for each treated one a few that looked alike the day before, each used once.

Near in the chance to be treated (within a caliper, Rosenbaum and Rubin 1985), and among these nearest in the score, the
column that is looked at, and how they had moved and stood (Mahalanobis distance; Rubin and Thomas 2000). The hardest to
match choose first. Nobody is used twice, so that drawing whole matched sets anew gives valid intervals; with accounts
that are used over again it would not (Abadie and Imbens 2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from keepwell.learning.effects.covariates import Covariates
from keepwell.learning.effects.propensity import Propensity
from keepwell.learning.effects.units import Units
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Floats

CALIPER = 0.1
"""In standard deviations of the log odds. Half of what Austin (2011) advises: with his, the treated stayed a little
sicker than their matches (benchmarks/effects.py), and a tenth of them without a match is the smaller harm."""
MOST = 3
"""At most so many for each treated account: more make the comparison hardly surer, and less alike."""
_CHAINED = 0.5


@dataclass(frozen=True)
class Matched:
    """Pairs: rows of the units. A treated account stands in as many as it has matches."""

    treated: Codes
    compared: Codes

    def __len__(self) -> int:
        return len(self.treated)


def matched(units: Units, known: Covariates, chance: Propensity) -> Matched:
    """Everybody's nearest first, then second nearest, and so on."""
    own = np.flatnonzero(units.treated)
    own = own[np.argsort(-chance.logit[own], kind="stable")]
    drawn = _by_risk_set(units)
    spread = float(chance.logit.std())
    places = _scaled(known, chance)
    free = np.ones(int(units.code.max(initial=0)) + 1, np.bool_)
    found: list[tuple[int, int]] = []
    for _ in range(_rounds(units)):
        for row in own:
            others = drawn[units.risk_set[row]]
            others = others[free[units.code[others]] & (units.code[others] != units.code[row])]
            others = others[np.abs(chance.logit[others] - chance.logit[row]) <= CALIPER * spread]
            if len(others):
                nearest = others[np.argmin(((places[others] - places[row]) ** 2).sum(axis=1))]
                free[units.code[nearest]] = False
                found.append((int(row), int(nearest)))
    pairs = np.array(found, np.int64).reshape(-1, 2)
    return Matched(pairs[:, 0], pairs[:, 1])


def _rounds(units: Units) -> int:
    """Fewer where many of the others are treated later: sets would hang together in long chains."""
    others = np.unique(units.code[~units.treated])
    if not len(others):
        return 1
    later = float(np.isin(others, units.code[units.treated]).mean())
    return int(np.clip(_CHAINED / max(later, 1e-9), 1, MOST))


def _by_risk_set(units: Units) -> list[Codes]:
    rows = np.flatnonzero(~units.treated)
    rows = rows[np.argsort(units.risk_set[rows], kind="stable")]
    edges = np.searchsorted(units.risk_set[rows], np.arange(int(units.risk_set.max(initial=-1)) + 2))
    return [rows[first:last] for first, last in pairwise(edges)]


def _scaled(known: Covariates, chance: Propensity) -> Floats:
    """[n, m] places whose squared distance is Mahalanobis's, in the key columns and the log odds."""
    places = np.column_stack([known.of_key, chance.logit])
    spread = np.atleast_2d(np.cov(places, rowvar=False)) + 1e-6 * np.eye(places.shape[1])
    found: Floats = np.linalg.solve(np.linalg.cholesky(spread), (places - places.mean(axis=0)).T).T
    return found
