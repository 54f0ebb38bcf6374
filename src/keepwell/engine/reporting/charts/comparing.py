"""The period before beside this one: the same groups, or, over time, those at the same place in the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from keepwell.definitions.metrics import ZERO_WHEN_EMPTY
from keepwell.definitions.widget_parts import Dimension, ReportMeasure
from keepwell.engine.reporting.charts.columns import BEFORE
from keepwell.engine.reporting.spans import Span, starts_in


def places_before(by: Dimension, span: Span, before: Span, *, rolling: bool) -> dict[Any, Any] | None:
    """For each time of a span the one at the same distance from the end of the span before, or, unless it is rolling,
    from its beginning. None where values stand for themselves: those that are no times, or times of another column."""
    if by.grain is None or by.of is not None or span.first is None:
        return None
    times, earlier = starts_in(span, by.grain), starts_in(before, by.grain)
    if rolling:
        return dict(zip(reversed(times), reversed(earlier), strict=False))
    return dict(zip(times, earlier, strict=False))


def with_before(
    rows: pa.Table,
    keys: Sequence[str],
    measures: Mapping[str, ReportMeasure],
    before: pa.Table,
    places: Mapping[Any, Any] | None = None,
) -> pa.Table:
    """A column `KEY_before` behind each measure. `places`: for values of the first dimension, those of it before.

    Without a group before counts and sums are 0, and others null.
    """
    wanted = [_moved(one, places) for one in _keys(rows, keys)]
    at = {key: place for place, key in enumerate(_keys(before, keys))}
    order = pa.array([at.get(key) for key in wanted], pa.int64())
    for key, measure in measures.items():
        column = before[key].combine_chunks().take(order)
        if measure.aggregate is not None and measure.aggregate.function in ZERO_WHEN_EMPTY:
            column = column.fill_null(0)
        rows = rows.append_column(key + BEFORE, column)
    return rows


def _keys(rows: pa.Table, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(rows[key].to_pylist() for key in keys), strict=True))


def _moved(key: tuple[Any, ...], places: Mapping[Any, Any] | None) -> tuple[Any, ...]:
    return key if places is None else (places.get(key[0]), *key[1:])
