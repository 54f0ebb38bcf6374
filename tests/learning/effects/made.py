"""Small ledgers, histories and outcomes, written by the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.learning.effects.facts import Facts, facts
from keepwell.learning.effects.ledger import Treatments, treatments
from keepwell.learning.outcomes import KINDS, Outcomes

DAY = date(2026, 3, 2)
LAST = date(2026, 12, 31)


def on(days: int) -> date:
    """So many days after DAY."""
    return DAY + timedelta(days=days)


def number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def ledger(*rows: Mapping[str, Any]) -> Treatments:
    """Rows with `account`; treated on DAY by rule:x unless they say otherwise."""
    filled = [{"by": "rule:x", "day": DAY, "is_held_out": False} | dict(row) for row in rows]
    names = dict.fromkeys(name for row in filled for name in row)
    return treatments(pa.table({name: [row.get(name) for row in filled] for name in names}))


def arms(treated: int, held_out: int, **more: Any) -> Treatments:
    """t0, t1, ... treated and h0, h1, ... held out on DAY."""
    rows = [{"account": f"t{at}", **more} for at in range(treated)]
    return ledger(*rows, *({"account": f"h{at}", "is_held_out": True, **more} for at in range(held_out)))


def decided(*rows: tuple[str, date, str]) -> Outcomes:
    """Account, day, and what was decided."""
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    return Outcomes(
        account=pa.array([row[0] for row in ordered], pa.string()),
        decided_on=np.array([row[1] for row in ordered], "datetime64[D]"),
        known_at=np.full(len(ordered), np.datetime64("NaT", "us")),
        kind=np.array([KINDS.index(row[2]) for row in ordered], np.int8),  # type: ignore[arg-type]
        amount=np.full(len(ordered), np.nan),
    )


def history(rows: Iterable[tuple[str, date, float]], **more: list[float]) -> pa.Table:
    """Account, day and score; further columns by name."""
    every = list(rows)
    return pa.table(
        {
            "account": pa.array([row[0] for row in every], pa.string()),
            "as_of": pa.array([row[1] for row in every], pa.date32()),
            "score": pa.array([row[2] for row in every], pa.float64()),
            **{name: pa.array(column, pa.float64()) for name, column in more.items()},
        }
    )


def put(
    treated: Treatments,
    outcomes: Outcomes | None = None,
    scores: pa.Table | None = None,
    last: date = LAST,
    reach_days: int = 7,
    **more: Any,
) -> Facts:
    return facts(treated, history([]) if scores is None else scores, outcomes, last, reach_days=reach_days, **more)
