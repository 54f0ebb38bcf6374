"""Columns of results: what they are called, and of what type they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from keepwell.definitions.expressions import Name, ValueType
from keepwell.definitions.widget_parts import Dimension, ReportMeasure
from keepwell.engine.reporting.queries import TOTAL
from keepwell.engine.reporting.results import ResultColumn
from keepwell.engine.rules.matching import types_of

BEFORE = "_before"
"""Behind the key of a measure: its value in the period before."""


def spoken(key: str) -> str:
    """A name as a title."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def dimension_title(dimension: Dimension) -> str:
    if dimension.title:
        return dimension.title
    if dimension.of is None:
        return spoken(str(dimension.grain))
    return spoken(dimension.of.parts[-1]) if isinstance(dimension.of, Name) else str(dimension.of)


def measure_title(key: str, measure: ReportMeasure) -> str:
    """Its title; `value`, the key of one that stands alone, is called after what it computes."""
    says = str(measure.aggregate or measure.formula)
    return measure.title or (spoken(key) if key not in ("value", "x", "y", "size") else says)


def columns_of(
    rows: pa.Table,
    dimensions: Iterable[tuple[str, Dimension]],
    measures: Iterable[tuple[str, ReportMeasure]],
    *,
    compared: bool = False,
) -> tuple[ResultColumn, ...]:
    """The columns of grouped rows, in order; with `compared` each measure is followed by the same before."""
    types = types_of(rows)
    found = [
        ResultColumn(key, dimension_title(one), "dimension", types[key], grain=one.grain) for key, one in dimensions
    ]
    for key, one in measures:
        found.append(measure_column(key, one, types))
        if compared:
            found.append(measure_column(key, one, types, before=True))
    return tuple(found)


def measure_column(
    key: str, measure: ReportMeasure, types: Mapping[str, ValueType], *, before: bool = False
) -> ResultColumn:
    return ResultColumn(
        key + BEFORE if before else key,
        measure_title(key, measure),
        "before" if before else "measure",
        types.get(key, ValueType.NUMBER),
        unit=measure.unit,
        good=measure.good,
    )


def shown_measures(measures: Mapping[str, ReportMeasure]) -> dict[str, ReportMeasure]:
    """Those that a chart of one measure draws: the formula where there is one, else all."""
    formulas = {key: one for key, one in measures.items() if one.formula is not None}
    return formulas if len(formulas) == 1 else dict(measures)


def totals_of(rows: pa.Table, measures: Iterable[str]) -> dict[str, float | None]:
    """The totals that a limited query carries beside its groups."""
    known = [key for key in measures if TOTAL + key in rows.column_names]
    return {key: rows[TOTAL + key][0].as_py() if rows.num_rows else None for key in known}
