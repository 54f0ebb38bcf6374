"""Splits: a part to learn from and a part to judge by. An account is never in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Positions in the observations, ascending. `name` says how the split was made, such as "fold 2 of 5"."""

    name: str
    train: Rows
    test: Rows
