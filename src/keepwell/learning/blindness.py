"""Data of which so little is known that a score says only whose facts are there."""

from __future__ import annotations

import numpy as np

from keepwell.learning.figures.figure import numbers
from keepwell.learning.figures.judging import too_few
from keepwell.learning.observations import Observations
from keepwell.learning.outcomes import Floats


def blindness(observations: Observations, shown: Floats) -> str | None:
    """Why scores tell nobody apart although they differ: they only say of whom any fact was known.

    So where all accounts without facts have one and the same score, and too few of those with facts left. `shown`: [n],
    NaN for none.
    """
    scored = ~np.isnan(shown)
    known, unheard = scored & observations.has_history, scored & ~observations.has_history
    if observations.first_fact is None or not unheard.any() or np.ptp(shown[unheard]) > 0:
        return None
    found, every = (numbers(observations.codes[rows], observations.lost[rows]) for rows in (known, scored))
    if too_few(every) or not too_few(found):
        return None
    return (
        f"facts were known of {found.accounts:,} of {every.accounts:,} accounts, and of {found.accounts_lost:,} of the "
        f"{every.accounts_lost:,} that left; all others have the same score, so it tells only of whom facts were known"
    )
