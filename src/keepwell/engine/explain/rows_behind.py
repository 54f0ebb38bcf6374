"""The raw rows behind a metric of one entity. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from keepwell.engine.moments import Moment


@dataclass(frozen=True)
class RowsBehind:
    """What one metric was made from, for one entity and moment.

    `table` holds at most as many rows as were asked for out of `total`: of an aggregate the rows that entered it, of an
    attribute the entity's own row, of children the children; None for formulas and changes, whose `inputs` have rows.
    `columns` are those of the table, time, key and what the metric names first; the first `leading` of them are these.
    """

    metric: str
    moment: Moment
    definition: str  # in words
    table: pa.Table | None
    total: int
    columns: tuple[str, ...]
    leading: int
    note: str | None
    inputs: tuple[RowsBehind, ...] = ()
