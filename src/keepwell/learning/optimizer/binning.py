"""Monotone bins of a metric by optbinning.

Navas-Palencia 2020, "Optimal binning: mathematical programming formulation". Bins maximise information value under the
condition that the rate of loss only rises, or only falls, from bin to bin.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from keepwell.errors import RequestRefused
from keepwell.learning.outcomes import Flags, Floats

MOST_BINS = 6
SMALLEST_BIN = 0.05
"""Share of the observations with a value."""
MOST_ROWS = 100_000
"""More observations than this give the same bins; so many are taken, evenly."""

Bins = npt.NDArray[np.int64]


def edges(values: Floats, lost: Flags, higher_is_better: bool) -> Floats:
    """Upper edges (excluded) of all bins but the last, ascending; empty where no two bins differ.

    `values`: [n], NaN for null, which are left out; `lost`: [n]. Raises RequestRefused without optbinning.
    """
    known = ~np.isnan(values)
    x, y = values[known], lost[known].astype(np.int64)
    if len(x) > MOST_ROWS:
        step = len(x) / MOST_ROWS
        chosen = (np.arange(MOST_ROWS) * step).astype(np.int64)
        x, y = x[chosen], y[chosen]
    if len(x) < 2 or x.min() == x.max() or y.min() == y.max():
        return np.empty(0)
    binning = _optimal_binning()(
        dtype="numerical",
        solver="cp",
        monotonic_trend="descending" if higher_is_better else "ascending",
        max_n_bins=MOST_BINS,
        min_bin_size=SMALLEST_BIN,
        time_limit=20,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own libraries among each other
        binning.fit(x, y)
    found = np.asarray(binning.splits, np.float64)
    return found if len(found) else _pure(x, y, higher_is_better)


def _pure(x: Floats, y: npt.NDArray[np.int64], higher_is_better: bool) -> Floats:
    """The edge of the largest bin in which all were lost or all were kept.

    optbinning joins such a bin to its neighbour, for its weight of evidence is infinite; where it is all there is, as
    with a metric that tells the two apart without error, nothing would be left.
    """
    order = np.argsort(x if higher_is_better else -x, kind="stable")
    values, lost = x[order], y[order]
    lost_first = int(np.argmin(lost)) if lost.min() == 0 else len(lost)
    kept_last = int(np.argmax(lost[::-1])) if lost.max() == 1 else len(lost)
    edges_at = [(lost_first, lost_first), (kept_last, len(lost) - kept_last)]
    for size, place in sorted(edges_at, reverse=True):
        if SMALLEST_BIN * len(x) <= size < len(x) and values[place - 1] != values[place]:
            return np.array([(values[place - 1] + values[place]) / 2])
    return np.empty(0)


def bin_of(values: Floats, upper_edges: Floats) -> Bins:
    """[n] number of the bin; of null values the number after the last."""
    found = np.searchsorted(upper_edges, values, side="right")
    return np.where(np.isnan(values), len(upper_edges) + 1, found).astype(np.int64)


def _optimal_binning() -> Any:
    """Importing it makes another library log that it cannot use one of its solvers, which is none of ours."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from optbinning import OptimalBinning
    except ImportError as error:
        raise RequestRefused(
            f"the optimizer needs libraries that are not installed ({error}); install them with: "
            "pip install 'keepwell[learning]'"
        ) from None
    finally:
        logging.disable(disabled)
    return OptimalBinning
