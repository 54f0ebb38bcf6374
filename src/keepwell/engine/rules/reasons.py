"""Why a condition is true, or is not: its parts, with the values of the names in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from keepwell.definitions.expressions import Binary, Expression, names_in
from keepwell.definitions.project import Project
from keepwell.engine.rules.matching import truths_of
from keepwell.engine.rules.rewriting import without_past

Value = float | str | bool | None


@dataclass(frozen=True)
class Reason:
    """One part of a condition, in its own words, and a name in it with its value; `name` "" for a part without names.

    `holds` says whether the part is true. Dates are ISO texts.
    """

    condition: str
    name: str
    value: Value
    holds: bool = True

    def as_dict(self) -> dict[str, Any]:
        return {"condition": self.condition, "name": self.name, "value": self.value}


def parts_of(condition: Expression) -> tuple[Expression, ...]:
    """What `and` joins at the top, in the order of the text."""
    if isinstance(condition, Binary) and condition.operator == "and":
        return (*parts_of(condition.left), *parts_of(condition.right))
    return (condition,)


def reasons(
    project: Project, conditions: Sequence[Expression], table: pa.Table, as_of: date, rows: Sequence[int]
) -> list[tuple[Reason, ...]]:
    """For each of `rows` of a table of `columns`, the parts of the conditions with what they saw."""
    parts = [part for condition in conditions for part in parts_of(condition)]
    there = table.take(pa.array(rows, pa.int64()))
    truths = truths_of(project, there, as_of, {number: without_past(part) for number, part in enumerate(parts)})
    seen = [[(name, _values(there, name)) for name in names_of(part)] for part in parts]
    return [
        tuple(
            Reason(str(part), name, values[at], bool(truths[number][at]))
            for number, part in enumerate(parts)
            for name, values in seen[number] or [("", [None] * len(rows))]
        )
        for at in range(len(rows))
    ]


def names_of(part: Expression) -> tuple[str, ...]:
    """The names of a part as columns are called: a look back is one name."""
    return tuple(name.dotted for name in names_in(without_past(part)))


def _values(table: pa.Table, name: str) -> list[Value]:
    if name not in table.column_names:
        return [None] * table.num_rows
    return [plain(value) for value in table[name].to_pylist()]


def plain(value: Any) -> Value:
    """A value as JSON can say it: dates and times as ISO texts, numbers as float64, NaN as null."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bool | str) or value is None:
        return value
    number = float(value)
    return None if number != number else number  # noqa: PLR0124 - NaN is not itself
