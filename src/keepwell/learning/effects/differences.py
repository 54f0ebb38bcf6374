"""Difference in differences on matched accounts: how the treated moved, less how those who looked like them did.

What still lies between matched accounts is taken out by regression on the same columns (Rubin 1973; Abadie and Imbens
2011). Intervals come from drawing whole matched sets anew; sets that share an account are drawn together, so that it is
accounts that are drawn (cluster bootstrap; Abadie and Spiess 2022 for regression after matching). Losses have no
before: of them it is the difference between matched accounts.
"""

from __future__ import annotations

import numpy as np

from keepwell.learning.effects.covariates import Covariates
from keepwell.learning.effects.estimate import Estimate, refused, too_few
from keepwell.learning.effects.matching import Matched
from keepwell.learning.effects.targets import Target
from keepwell.learning.effects.units import Units
from keepwell.learning.figures.bootstrap import Counts, Draws, interval
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Floats

LEAST_MATCHED = 0.5
"""Where fewer of the treated than this find anybody like them, what is left is another question."""
_ROWS_A_COLUMN = 15
"""Regression takes out all columns where there are so many matched rows for each, else the key ones."""
_RIDGE = 1e-6


def differences(
    units: Units, known: Covariates, change: Floats, pairs: Matched, target: Target, draws: int, seed: int
) -> Estimate:
    """`change`: [n] what became of each unit, all of them known."""
    asked = int(units.treated.sum())
    treated, compared = len(np.unique(pairs.treated)), len(np.unique(pairs.compared))
    notes = _of_unmatched(asked, treated)
    if reason := _no_overlap(asked, treated) or too_few(treated, compared):
        return refused("matched", target, treated, compared, reason, notes)
    rows, weights = _rows_of(pairs)
    sums = _sums(_design(units, known, rows), change[rows], weights, _sets(units, pairs, rows))
    effect = float(_effects(sums.sum(axis=0)[None])[0])
    drawn = Draws(len(sums), draws, seed).of(lambda counts: _drawn(sums, counts))
    edges = interval(drawn[0])
    if edges is None:
        return refused("matched", target, treated, compared, "too many draws of accounts have no effect", notes)
    low, high = (effect + (edge - effect) * _widened(treated, sums.shape[1]) for edge in edges)
    average = float(change[np.unique(pairs.treated)].mean())
    return Estimate("matched", target, effect, low, high, average, average - effect, treated, compared, None, notes)


def _widened(treated: int, columns: int) -> float:
    """Regression fits what it is judged by: residuals are too small by the columns that it takes out (MacKinnon and
    White 1985, their first correction, with the treated as the units)."""
    return float(np.sqrt(treated / max(treated - columns, treated / 2)))


def _rows_of(pairs: Matched) -> tuple[Codes, Floats]:
    """The treated, each once, and those matched to them, who share the weight of one."""
    own, number, count = np.unique(pairs.treated, return_inverse=True, return_counts=True)
    return np.concatenate([own, pairs.compared]), np.concatenate([np.ones(len(own)), 1 / count[number]])


def _design(units: Units, known: Covariates, rows: Codes) -> Floats:
    """[r, 2 + k]: 1, treated, and the columns that still have to be taken out."""
    every = known.values.shape[1] * _ROWS_A_COLUMN <= len(rows)
    values = (known.values if every else known.of_key)[rows]
    return np.column_stack([np.ones(len(rows)), units.treated[rows], values])


def _sets(units: Units, pairs: Matched, rows: Codes) -> Codes:
    """[r] the number of the cluster: accounts that are linked by a matched set, and by being in several of them."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    code = units.code
    size = int(code.max()) + 1
    links = coo_matrix((np.ones(len(pairs)), (code[pairs.treated], code[pairs.compared])), shape=(size, size))
    _, label = connected_components(links, directed=False)
    found: Codes = np.unique(label[code[rows]], return_inverse=True)[1].astype(np.int64)
    return found


def _sums(design: Floats, change: Floats, weights: Floats, sets: Codes) -> Floats:
    """[clusters, p, p + 1] what normal equations are made of, added up by cluster."""
    both = np.column_stack([design, change])
    order = np.argsort(sets, kind="stable")
    starts = np.searchsorted(sets[order], np.arange(int(sets.max()) + 1))
    products = (design * weights[:, None])[order][:, :, None] * both[order][:, None, :]
    found: Floats = np.add.reduceat(products, starts, axis=0)
    return found


def _drawn(sums: Floats, counts: Counts) -> Floats:
    """[1, draws] the effect of each draw of clusters."""
    flat = sums.reshape(len(sums), -1)
    return _effects((counts.T.astype(np.float64) @ flat).reshape(-1, *sums.shape[1:]))[None]


def _effects(equations: Floats) -> Floats:
    """[b] the coefficient of being treated, of b sets of normal equations [b, p, p + 1]."""
    left, right = equations[:, :, :-1], equations[:, :, -1:]
    ridge = _RIDGE * np.trace(left, axis1=1, axis2=2)[:, None, None] * np.eye(left.shape[1]) / left.shape[1]
    found: Floats = np.linalg.solve(left + ridge, right)[:, 1, 0]
    return found


def _no_overlap(asked: int, treated: int) -> str | None:
    if treated < LEAST_MATCHED * asked:
        return f"no overlap: only {treated:,} of {asked:,} treated find anybody like them who was not treated"
    return None


def _of_unmatched(asked: int, treated: int) -> tuple[str, ...]:
    if treated == asked:
        return ()
    without = f"{asked - treated:,} of {asked:,} treated are left out: nobody like them was not treated"
    return (f"{without}, so the effect is of the others",)
