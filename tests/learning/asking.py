"""Observations written as rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.learning.observations import Observations

Row = tuple[str, date, bool, date | None]
"""Account, as_of, lost, decided_on."""


def observations_of(rows: Iterable[Row], **more: Any) -> Observations:
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    n = len(ordered)
    facts = {"way": "before_decisions", "lead_days": 30, **more}
    return Observations(
        account=pa.array([row[0] for row in ordered], pa.string()),
        as_of=np.array([row[1] for row in ordered], "datetime64[D]"),
        decided_on=np.array([row[3] for row in ordered], "datetime64[D]"),
        lost=np.array([row[2] for row in ordered], bool),
        amount=np.full(n, np.nan),
        has_history=np.ones(n, bool),
        **facts,
    )
