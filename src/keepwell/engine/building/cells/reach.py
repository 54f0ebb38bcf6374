"""Which cells each moment sees, and what comes of adding up, or taking the extremes of, those that it sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from keepwell.engine.metrics.cells.stretches import Mask, Stretches

Numbers = npt.NDArray[Any]
"""float64 or int64."""

_EXACT = 2.0**53
"""Whole numbers below this are floats without rounding, so that floats may do the multiplying."""


@dataclass(frozen=True)
class Reach:
    """`cell_of`: [stretches * arrivals] the number of each cell. `seen`: by window, [moments, cells]."""

    cell_of: Numbers
    seen: Mapping[int | None, Mask]

    @property
    def cells(self) -> int:
        return int(self.cell_of.max()) + 1

    def summed(self, dense: Numbers, windows: Iterable[int | None]) -> dict[int | None, Numbers]:
        """`dense` [cells, groups] added up: by window, [moments, groups]. Whole numbers are added without rounding."""
        whole = np.issubdtype(dense.dtype, np.integer)
        if whole and all(window in self._runs for window in windows):
            upto = np.zeros((len(dense) + 1, dense.shape[1]), dtype=np.int64)
            np.cumsum(dense, axis=0, out=upto[1:])
            return {window: upto[self._runs[window][1]] - upto[self._runs[window][0]] for window in windows}
        if whole and float(np.abs(dense).sum(axis=0, dtype=np.float64).max(initial=0)) >= _EXACT:
            return {window: self.seen[window].astype(np.int64) @ dense for window in windows}
        floats = dense.astype(np.float64, copy=False)
        found = {window: self.seen[window].astype(np.float64) @ floats for window in windows}
        return {window: sums.astype(dense.dtype, copy=False) for window, sums in found.items()}

    def least(self, dense: Numbers, window: int | None) -> Numbers:
        """[moments, groups]: the least number of `dense` [cells, groups]; infinity where none is seen."""
        nothing = np.full(dense.shape[1], np.inf)
        return np.stack([dense[cells].min(axis=0) if cells.any() else nothing for cells in self.seen[window]])

    @cached_property
    def _runs(self) -> Mapping[int | None, tuple[Numbers, Numbers]]:
        """For windows of which every moment sees a run of cells: by moment, the first, and the one after the last."""
        found = {}
        for window, seen in self.seen.items():
            count = seen.sum(axis=1)
            first = np.where(count > 0, seen.argmax(axis=1), 0)
            last = seen.shape[1] - seen[:, ::-1].argmax(axis=1)
            if ((last - first == count) | (count == 0)).all():
                found[window] = first, first + count
        return found


def reach(stretches: Stretches, windows: Iterable[int | None], used: Mask) -> Reach:
    """Cells that no moment tells apart are one. `used`: [stretches * arrivals] those that have rows."""
    wanted = list(dict.fromkeys(windows))
    seen = np.stack([stretches.seen(window) for window in wanted])  # [windows, moments, stretches, arrivals]
    flat = seen.reshape(*seen.shape[:2], -1)
    if len(stretches.arrivals) == 1:
        return Reach(np.arange(flat.shape[2]), {window: flat[index] for index, window in enumerate(wanted)})
    numbers = np.flatnonzero(used) if used.any() else np.zeros(1, dtype=np.int64)
    kinds = flat[:, :, numbers].reshape(-1, len(numbers))
    _, first, kind_of = np.unique(kinds, axis=1, return_index=True, return_inverse=True)
    order = np.argsort(first)  # in the order of days, in which a window is a run of cells unless rows came late
    cell_of = np.zeros(flat.shape[2], dtype=np.int64)
    cell_of[numbers] = np.argsort(order)[kind_of.reshape(-1)]
    apart = kinds[:, first[order]].reshape(len(wanted), seen.shape[1], -1)
    return Reach(cell_of, {window: apart[index] for index, window in enumerate(wanted)})
