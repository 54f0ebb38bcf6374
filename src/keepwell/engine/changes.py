"""The change of a metric between two dates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.definitions.metrics import ChangeMetric


def change(metric: ChangeMetric, now: pa.Array, before: pa.Array) -> pa.Array:
    """`difference` now - before, `ratio` now / before, `percent` 100 (now - before) / |before|; float64.

    Null where either is null, and for ratio and percent where the earlier value is 0.
    """
    value, previous = (column.to_numpy(zero_copy_only=False).astype(np.float64) for column in (now, before))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if metric.as_ == "difference":
            result = value - previous
        elif metric.as_ == "ratio":
            result = np.where(previous == 0, np.nan, value / previous)
        else:
            result = np.where(previous == 0, np.nan, 100 * (value - previous) / np.abs(previous))
    return pa.array(np.where(np.isfinite(result), result, np.nan), from_pandas=True)
