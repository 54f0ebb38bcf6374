"""Numbers over time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from keepwell.definitions.metrics import ZERO_WHEN_EMPTY
from keepwell.definitions.widget_parts import ReportMeasure
from keepwell.definitions.widgets import LineWidget
from keepwell.engine.reporting.charts.columns import columns_of, shown_measures
from keepwell.engine.reporting.charts.comparing import places_before, with_before
from keepwell.engine.reporting.charts.limits import found_of, largest
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.spans import Span, following, starts_in
from keepwell.errors import InputError

BY, SPLIT = "by", "split"


def queries(widget: LineWidget, context: Context) -> list[Query]:
    before = context.before(widget) if widget.compare else None
    return [_query(widget, span) for span in (context.span(widget), before) if span is not None]


def _query(widget: LineWidget, span: Span) -> Query:
    split = ((SPLIT, widget.split),) if widget.split is not None else ()
    return Query(widget.dataset, span, ((BY, widget.by), *split), tuple(widget.measures.items()), widget.where)


def answer(widget: LineWidget, context: Context) -> Result:
    """A row for each time and line: `by`, `split` where there is one, the measures. Times without rows are there too.

    With `compare` the times of the period before stand beside these at the same distance from the end of it, or from
    the beginning in calendar periods (`this_month`).
    """
    span, query = context.span(widget), _query(widget, context.span(widget))
    whole = context.ask(query)
    found_of(whole, query)
    drawn = shown_measures(widget.measures) if widget.split else widget.measures
    kept, lines = largest(whole, SPLIT if widget.split else None, next(iter(drawn)), widget.limit)
    times = _times(widget, span, kept)
    rows = _filled(kept.select([*_keys(widget), *drawn]), times, drawn)
    before = context.before(widget) if widget.compare else None
    refused: tuple[str, ...] = ()
    if before is not None:
        try:
            rolling = context.period_of(widget).place == "rolling"
            places = places_before(widget.by, span, before, rolling=rolling)
            rows = with_before(rows, _keys(widget), drawn, context.ask(_query(widget, before)), places)
        except InputError as error:  # the line itself still stands
            refused, before = (str(error),), None
    columns = columns_of(rows, query.dimensions, drawn.items(), compared=before is not None)
    left = lines - min(lines, widget.limit)
    return Result(
        "line", columns, rows.select([one.name for one in columns]), span, before, truncated=left > 0,
        found=lines if widget.split else None, shown=lines - left if widget.split else None,
        notes=(*_notes(widget, span, times), *refused),
    )  # fmt: skip


def _keys(widget: LineWidget) -> list[str]:
    return [BY, SPLIT] if widget.split is not None else [BY]


def _times(widget: LineWidget, span: Span, rows: pa.Table) -> list[date]:
    """All times of the span; where rows are by another time, from the first to the last that there is."""
    grain = str(widget.by.grain)
    if widget.by.of is None and span.first is not None:
        return starts_in(span, grain)
    known = [one for one in rows[BY].to_pylist() if one is not None]
    return starts_in(Span(min(known), max(known)), grain) if known else []


def _filled(rows: pa.Table, times: list[date], measures: dict[str, ReportMeasure]) -> pa.Table:
    """A row for each time and line: counts and sums over no rows are 0, and others null."""
    keys = [name for name in rows.column_names if name not in measures]
    found = {tuple(row[key] for key in keys): row for row in rows.to_pylist()}
    splits = list(dict.fromkeys(key[1:] for key in found)) or [()] * (len(keys) == 1)
    empty = {name: 0 if _is_zero(one) else None for name, one in measures.items()}
    wanted = [(time, *split) for split in splits for time in times]
    filled: list[dict[str, Any]] = [found.get(key, dict(zip(keys, key, strict=True)) | empty) for key in wanted]
    return pa.Table.from_pylist(filled, schema=rows.schema)


def _is_zero(measure: ReportMeasure) -> bool:
    return measure.aggregate is not None and measure.aggregate.function in ZERO_WHEN_EMPTY


def _notes(widget: LineWidget, span: Span, times: list[date]) -> tuple[str, ...]:
    grain = str(widget.by.grain)
    if widget.by.of is not None or not times or grain == "day":
        return ()
    found = []
    if span.first is not None and times[0] < span.first:
        found.append(f"the first {grain} is counted from {span.first}")
    if (following(times[-1], grain) - span.last).days > 1:
        found.append(f"the last {grain} is counted up to {span.last}")
    return tuple(found)
