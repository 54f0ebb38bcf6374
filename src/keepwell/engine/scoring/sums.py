"""Sums over measures that stay one number for as long as all rows agree."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class Sum:
    """Adds numbers and vectors in the order given; a vector only from the first vector on.

    A row's sum has the same bits either way, since the same terms are added in the same order.
    """

    def __init__(self) -> None:
        self.value: float | npt.NDArray[np.float64] = 0.0

    def add(self, term: float | npt.NDArray[np.float64]) -> None:
        if isinstance(self.value, np.ndarray):
            self.value += term
        else:
            self.value = self.value + term
