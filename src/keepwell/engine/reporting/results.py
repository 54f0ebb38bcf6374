"""Results: the numbers behind a chart, with what a reader must know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from keepwell.definitions.expressions import ValueType
from keepwell.definitions.widget_parts import Grain
from keepwell.engine.reporting.spans import Span

Role = Literal["dimension", "measure", "before"]


@dataclass(frozen=True)
class ResultColumn:
    """`role`: `before` is the measure of the same title in the period before. `unit`: `%` is a share of 1."""

    name: str
    title: str
    role: Role
    type: ValueType = ValueType.NUMBER
    unit: str | None = None
    grain: Grain | None = None
    good: Literal["up", "down"] | None = None


@dataclass(frozen=True)
class Result:
    """`rows` has the columns of `columns`, in order. `totals`: measures over all rows of the query, those that are not
    shown included; a measure that cannot be put together from its parts, such as a distinct count, is not in it.

    `truncated`: there are more rows than are shown, `found` in all (None: not known), of which `shown` are
    (None: as many as there are rows): bars, lines and the like, which may have several rows each.
    `span`: the days that rows are of; `compared`: those of the columns `before`. `notes`: sentences for below the
    chart. `problem`: why there is nothing, in words; then there are no rows.
    """

    chart: str
    columns: tuple[ResultColumn, ...] = ()
    rows: pa.Table = field(default_factory=lambda: pa.table({}))
    span: Span | None = None
    compared: Span | None = None
    totals: Mapping[str, float | None] = field(default_factory=dict)
    truncated: bool = False
    found: int | None = None
    notes: tuple[str, ...] = ()
    problem: str | None = None
    shown: int | None = None

    def column(self, name: str) -> list[Any]:
        """The values of a column."""
        found: list[Any] = self.rows[name].to_pylist()
        return found

    @property
    def cut(self) -> str:
        """How much of what there is one sees, in words; empty where that is all, or nobody counted."""
        shown = self.rows.num_rows if self.shown is None else self.shown
        return (
            f"{shown} of {self.found} shown" if self.truncated and self.found is not None and shown < self.found else ""
        )

    @property
    def is_empty(self) -> bool:
        return self.rows.num_rows == 0
