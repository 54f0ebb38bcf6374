"""Observations by quarter or month of their date."""

from __future__ import annotations

import numpy as np

from keepwell.learning.observations import Observations
from keepwell.learning.outcomes import Flags

_MANY_MONTHS = 18


def periods(observations: Observations) -> list[tuple[str, Flags]]:
    """Each period with its observations, in order: months, or quarters where there are many; nothing for one date."""
    months = observations.as_of.astype("datetime64[M]").astype(np.int64)  # since 1970-01
    if not len(months) or len(observations.dates) < 2:
        return []
    if months.max() - months.min() < _MANY_MONTHS:
        return [(str(np.datetime64(int(one), "M")), months == one) for one in np.unique(months)]
    quarters = months // 3
    return [(f"{1970 + one // 4} Q{one % 4 + 1}", quarters == one) for one in np.unique(quarters).tolist()]
