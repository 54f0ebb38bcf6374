"""The amount at risk: annual recurring revenue, each account's times its chance to be lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.learning.calibration.chances import Chances, rows_of
from keepwell.learning.outcomes import Floats


@dataclass(frozen=True)
class AtRisk:
    """`expected`: with the 95 % interval `low`..`high` of what is not known about the chances. `spread`: by how much
    (one standard deviation) what is lost in the end will lie off it, were the chances exact: few large accounts weigh
    more than many small ones. `segment` None: all together."""

    segment: str | None
    accounts: int
    amount: float
    expected: float
    low: float
    high: float
    spread: float
    without_score: int  # accounts that are not in it: they have no score or no amount
    amount_without_score: float


def at_risk(learned: Chances, score: Floats, amount: Floats, segment: pa.StringArray) -> tuple[AtRisk, ...]:
    """All together, then each segment ([n] each; NaN: no score, no amount; null: no segment).

    The draws of all segments are added up draw by draw, as those of curves that are learned apart.
    """
    total = np.zeros(len(learned.overall.draws))
    parts, sums = [], []
    for name, rows in rows_of(segment).items():
        drawn, part = _of(learned, name, score[rows], amount[rows])
        total += np.resize(drawn, len(total))
        sums.append(part)
        if name is not None:
            parts.append(part)
    low, high = np.quantile(total, (0.025, 0.975)) if sums else (0.0, 0.0)
    whole = AtRisk(
        segment=None,
        accounts=sum(one.accounts for one in sums),
        amount=sum(one.amount for one in sums),
        expected=sum(one.expected for one in sums),
        low=float(low),
        high=float(high),
        spread=float(np.sqrt(sum(one.spread**2 for one in sums))),
        without_score=sum(one.without_score for one in sums),
        amount_without_score=sum(one.amount_without_score for one in sums),
    )
    return (whole, *parts)


def _of(learned: Chances, segment: str | None, score: Floats, amount: Floats) -> tuple[Floats, AtRisk]:
    """The amounts of every draw, and what comes of them."""
    known = ~np.isnan(score) & ~np.isnan(amount)
    curve, own = learned.of(segment), amount[known]
    chance = curve.chance(score[known])
    drawn: Floats = curve.drawn(score[known]) @ own
    low, high = np.quantile(drawn, (0.025, 0.975))
    found = AtRisk(
        segment=segment,
        accounts=int(known.sum()),
        amount=float(own.sum()),
        expected=float(chance @ own),
        low=float(low),
        high=float(high),
        spread=float(np.sqrt((own**2) @ (chance * (1 - chance)))),
        without_score=int((~known).sum()),
        amount_without_score=float(np.nansum(amount[~known])),
    )
    return drawn, found
