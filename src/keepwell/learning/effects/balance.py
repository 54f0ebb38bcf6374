"""Whether treated and compared were alike before, and whether there were enough of the same kind."""

from __future__ import annotations

import numpy as np

from keepwell.learning.effects.covariates import Covariates
from keepwell.learning.effects.doubly_robust import Weighing
from keepwell.learning.effects.findings import BalanceRow, Overlap
from keepwell.learning.effects.matching import Matched
from keepwell.learning.effects.propensity import Propensity
from keepwell.learning.effects.units import Units
from keepwell.learning.outcomes import Floats

FAR = 0.25
"""Standardised differences above this are more than regression should mend (Rubin 2001)."""
_BINS = 10
_LEAST_SPREAD = 1e-9


def balance(units: Units, known: Covariates, pairs: Matched, weighed: Weighing) -> tuple[BalanceRow, ...]:
    """Standardised differences of every column (Austin 2009), the largest first."""
    values, own = known.values, units.treated
    spread = values[own].std(axis=0) if own.any() else np.zeros(values.shape[1])
    every = _apart(values[own], values[~own], spread)
    number, count = np.unique(pairs.treated, return_inverse=True, return_counts=True)[1:]
    near = _apart(values[np.unique(pairs.treated)], values[pairs.compared], spread, 1 / count[number])
    kept = own & weighed.kept
    likened = _apart(values[kept], values, spread, weighed.weights)
    rows = zip(known.names, every, near, likened, strict=True)
    found = [BalanceRow(name, *(_known(one) for one in apart)) for name, *apart in rows]
    return tuple(sorted(found, key=lambda row: -abs(row.all_compared or 0)))


def overlap(units: Units, pairs: Matched, chance: Propensity, weighed: Weighing) -> Overlap:
    """How many have others like them, and how chances to be treated are spread on both sides."""
    return Overlap(
        treated=int(units.treated.sum()),
        compared=len(np.unique(units.code[~units.treated])),
        matched=len(np.unique(pairs.treated)),
        trimmed=weighed.trimmed,
        effective=weighed.effective or None,
        bins=tuple(zip(_spread(chance.chance[units.treated]), _spread(chance.chance[~units.treated]), strict=True)),
    )


def far_told(rows: tuple[BalanceRow, ...]) -> tuple[str, ...]:
    """A note on columns that still lie far apart after matching."""
    far = [row.covariate for row in rows if row.matched is not None and abs(row.matched) > FAR]
    if not far:
        return ()
    named = ", ".join(f"'{name}'" for name in far[:3]) + (f" and {len(far) - 3} more" if len(far) > 3 else "")
    return (
        f"matched accounts still lie more than {FAR} standard deviations apart in {named}; regression takes it out",
    )


def _apart(treated: Floats, compared: Floats, spread: Floats, weights: Floats | None = None) -> Floats:
    """[k] difference of means in standard deviations of the treated; NaN where that is none, or nobody is there."""
    total = len(compared) if weights is None else weights.sum()
    if not len(treated) or not total:
        return np.full(len(spread), np.nan)
    difference = treated.mean(axis=0) - np.average(compared, axis=0, weights=weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(spread > _LEAST_SPREAD, difference / spread, np.nan)
    return found


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _spread(chance: Floats) -> list[float]:
    counts = np.histogram(chance, bins=_BINS, range=(0, 1))[0]
    shares: list[float] = (counts / max(counts.sum(), 1)).tolist()
    return shares
