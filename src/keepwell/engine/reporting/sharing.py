"""Queries of a page put together: what is over the same rows, by the same dimensions, is computed in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from keepwell.definitions.expressions import Binary, Expression, Name
from keepwell.definitions.widget_parts import ReportMeasure
from keepwell.engine.reporting.queries import Query

MOST_TOGETHER = 12
"""So many queries in one at most: an expression that is too large is slow to plan."""


@dataclass(frozen=True)
class Together:
    """One query that answers several: `parts` says which of its columns are which of theirs."""

    query: Query
    parts: tuple[tuple[Query, tuple[tuple[str, str], ...]], ...]

    def answers(self, rows: pa.Table) -> Iterable[tuple[Query, pa.Table]]:
        """The answer to each query."""
        for query, columns in self.parts:
            keys = [key for key, _ in query.dimensions]
            yield (
                query,
                rows.select([*keys, *(own for own, _ in columns)]).rename_columns(
                    [*keys, *(theirs for _, theirs in columns)]
                ),
            )


def together(queries: Iterable[Query]) -> list[Together]:
    """What can be answered by one query each; those that stand alone are left out.

    Queries go together that are over the same rows and days by the same dimensions, and have no limit. Without
    dimensions they may differ in `where`, which then chooses the rows of each measure; rows that none asks for are left
    out first.
    """
    alike: dict[tuple[object, ...], list[Query]] = {}
    for query in dict.fromkeys(queries):
        if query.limit is None and query.order is None:
            alike.setdefault(_kind(query), []).append(query)
    groups = [found[at : at + MOST_TOGETHER] for found in alike.values() for at in range(0, len(found), MOST_TOGETHER)]
    return [_merged(group) for group in groups if len(group) > 1]


def _kind(query: Query) -> tuple[object, ...]:
    return query.dataset, query.span, query.dimensions, query.where if query.dimensions else None


def _merged(queries: Sequence[Query]) -> Together:
    measures: dict[str, ReportMeasure] = {}
    parts = []
    for at, query in enumerate(queries):
        names = {key: f"m{at}_{key}" for key, _ in query.measures}
        where = None if query.dimensions else query.where
        measures |= {names[key]: _narrowed(_renamed(one, names), where) for key, one in query.measures}
        parts.append((query, tuple((names[key], key) for key, _ in query.measures)))
    first = queries[0]
    where = first.where if first.dimensions else _any_of([one.where for one in queries])
    return Together(replace(first, measures=tuple(measures.items()), where=where), tuple(parts))


def _any_of(conditions: Sequence[Expression | None]) -> Expression | None:
    """Rows that any of the conditions chooses; None where one chooses all."""
    known = [one for one in dict.fromkeys(conditions) if one is not None]
    if len(known) < len(set(conditions)):
        return None
    whole = known[0]
    for one in known[1:]:
        whole = Binary("or", whole, one)
    return whole


def _narrowed(measure: ReportMeasure, where: Expression | None) -> ReportMeasure:
    if where is None or measure.aggregate is None:
        return measure
    both = where if measure.where is None else Binary("and", where, measure.where)
    return measure.model_copy(update={"where": both})


def _renamed(measure: ReportMeasure, names: dict[str, str]) -> ReportMeasure:
    """A formula that names the measures by their names in the one query."""
    if measure.formula is None:
        return measure
    return measure.model_copy(update={"formula": _with_names(measure.formula, names)})


def _with_names(expression: Expression, names: dict[str, str]) -> Expression:
    if isinstance(expression, Name):
        return Name((names.get(expression.dotted, expression.dotted),))
    changed: dict[str, Any] = {
        field: _each(value, names)
        for field in expression.__dataclass_fields__
        if isinstance(value := getattr(expression, field), Expression | tuple)
    }
    return replace(expression, **changed) if changed else expression


def _each(value: object, names: dict[str, str]) -> object:
    if isinstance(value, Expression):
        return _with_names(value, names)
    assert isinstance(value, tuple)
    return tuple(_each(one, names) if isinstance(one, Expression | tuple) else one for one in value)
