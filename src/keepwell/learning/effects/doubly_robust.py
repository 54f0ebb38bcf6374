"""Doubly robust: two models, one of who is treated and one of what happens without, of which one must be right.

The effect on the treated by augmented inverse probability weighting (Robins, Rotnitzky and Zhao 1994; for the treated
Mercatanti and Li 2014), with models learned on other accounts (cross-fitting, Chernozhukov and others 2018):

    effect = mean over the treated of (y - m(x)) - weighted mean over the others of (y - m(x))

with weights e(x) / (1 - e(x)), where m is what happens without treatment and e the chance to be treated. The interval
comes from the influence function of this, added up by account, since an account may be compared with several others
(Liang and Zeger 1986).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.learning.effects.covariates import Covariates
from keepwell.learning.effects.estimate import FEWEST, Estimate, refused, too_few
from keepwell.learning.effects.propensity import HIGHEST, Propensity, crossed
from keepwell.learning.effects.targets import Target
from keepwell.learning.effects.units import Units
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

_RIDGE = 1.0
MOST_TRIMMED = 0.5
"""Where more of the treated than this have nobody like them, what is left is another question."""


@dataclass(frozen=True)
class Weighing:
    """How the others are weighed to look like the treated; `kept` [n]: who has others like it."""

    kept: Flags
    weights: Floats  # [n] of the others that are kept, adding up to the number of treated that are; 0 for the rest
    trimmed: int  # treated accounts that are left out
    effective: float  # accounts that the comparison is worth (Kish 1965)


def weighing(units: Units, chance: Propensity) -> Weighing:
    kept = chance.overlaps
    raw = np.where(kept & ~units.treated, chance.odds, 0.0)
    total, treated = raw.sum(), int((units.treated & kept).sum())
    weights = raw * (treated / total) if total > 0 else raw
    by_account = np.bincount(units.code, weights)
    squares = float((by_account**2).sum())
    effective = float(by_account.sum() ** 2 / squares) if squares > 0 else 0.0
    return Weighing(kept, weights, int((units.treated & ~kept).sum()), effective)


def doubly_robust(
    units: Units, known: Covariates, change: Floats, chance: Propensity, target: Target, seed: int
) -> Estimate:
    """`change`: [n] what became of each unit, all of them known."""
    weighed = weighing(units, chance)
    treated = int((units.treated & weighed.kept).sum())
    compared = len(np.unique(units.code[weighed.kept & ~units.treated]))
    notes = _of_trimming(weighed, int(units.treated.sum()))
    if reason := _no_overlap(weighed, int(units.treated.sum())) or too_few(treated, compared):
        return refused("doubly_robust", target, treated, compared, reason, notes)
    rest = change - _without(units, known, change, target, seed)
    effect, error, freedom = _effect(units, rest, weighed)
    if target.is_loss:
        error = float(np.sqrt(error**2 + _of_few(change, units, weighed)))
    reach = _quantile(freedom) * error
    average = float(change[units.treated & weighed.kept].mean())
    return Estimate(
        "doubly_robust",
        target,
        effect,
        effect - reach,
        effect + reach,
        average,
        average - effect,
        treated,
        compared,
        None,
        notes,
    )


def _without(units: Units, known: Covariates, change: Floats, target: Target, seed: int) -> Floats:
    """[n] what would happen without treatment, learned from others that were not treated."""
    from sklearn.linear_model import LogisticRegression, Ridge

    def fitted(train: Codes, test: Codes) -> Floats:
        own = train[~units.treated[train]]
        y = change[own]
        if not known.values.shape[1] or (y == y[0]).all():
            return np.full(len(test), y.mean())
        if target.is_loss:
            model = LogisticRegression(C=1 / _RIDGE, solver="newton-cholesky").fit(known.values[own], y > 0)
            foretold: Floats = model.predict_proba(known.values[test])[:, 1]
            return foretold
        line: Floats = Ridge(alpha=_RIDGE).fit(known.values[own], y).predict(known.values[test])
        return line

    return crossed(units.code, units.treated, seed, fitted)


def _effect(units: Units, rest: Floats, weighed: Weighing) -> tuple[float, float, float]:
    """The effect, its standard error, and the degrees of freedom of that."""
    own = units.treated & weighed.kept
    count = own.sum()
    of_treated = float(rest[own].mean())
    of_others = float((weighed.weights * rest).sum() / count)
    influence = np.where(own, rest - of_treated, -weighed.weights * (rest - of_others)) / count
    by_account = np.bincount(units.code, influence * weighed.kept)
    accounts = len(np.unique(units.code[weighed.kept]))
    error = float(np.sqrt((by_account**2).sum() * accounts / (accounts - 1)))
    return of_treated - of_others, error, min(float(count), weighed.effective) - 1


def _of_few(change: Floats, units: Units, weighed: Weighing) -> float:
    """What the variance lacks where losses are few: that of a loss and a stay more on each side (Agresti and Caffo
    2000), less that without them."""
    own = units.treated & weighed.kept
    sides = (
        (float(own.sum()), float(change[own].mean())),
        (weighed.effective, float(np.average(change, weights=weighed.weights))),
    )
    found = 0.0
    for n, share in sides:
        more = (share * n + 1) / (n + 2)
        found += max(more * (1 - more) - share * (1 - share), 0.0) / n
    return found


def _quantile(freedom: float) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, freedom))


def _no_overlap(weighed: Weighing, treated: int) -> str | None:
    if weighed.trimmed > MOST_TRIMMED * treated:
        return (
            f"no overlap: {weighed.trimmed:,} of {treated:,} treated have hardly anybody like them who was not treated"
        )
    if weighed.effective < FEWEST:
        return (
            f"hardly any overlap: the weighted comparison is worth {weighed.effective:.0f} accounts, and {FEWEST} are "
            "the least to say anything"
        )
    return None


def _of_trimming(weighed: Weighing, treated: int) -> tuple[str, ...]:
    if not weighed.trimmed:
        return ()
    without = (
        f"{weighed.trimmed:,} of {treated:,} treated are left out: their chance to be treated is above {HIGHEST:.0%}"
    )
    return (f"{without}, so the effect is of the others",)
