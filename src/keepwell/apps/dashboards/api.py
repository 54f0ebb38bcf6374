"""Dashboards over the API: which there are, the numbers of a widget, and the rows behind a value."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.dashboards.answering.answers import answer, rows
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.catalogue import Shown, dashboard_for, dashboards_for
from keepwell.apps.dashboards.drawing.picture import title_of
from keepwell.apps.dashboards.drawing.points import decoded
from keepwell.apps.dashboards.operations import mark_favourite
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.spans import Span
from keepwell.errors import FieldRefused, RequestRefused

router = Router(tags=["Dashboards"])

Pair = Annotated[str, Field(pattern=r"^[^=]+(=.*)?$", max_length=600)]


class WidgetHead(Schema):
    name: str
    title: str
    chart: str


class DashboardOut(Schema):
    """`source`: published, own, or starting, one that nobody has changed yet."""

    key: str
    title: str
    help: str
    source: str
    period: str
    favourite: bool
    may_edit: bool
    filters: list[str]
    widgets: list[WidgetHead]


class Dashboards(Schema):
    items: list[DashboardOut]


class Favourite(Schema):
    favourite: bool


class AskedQuery(Schema):
    """What narrows a dashboard; without `filter` its own filters are as they are at first."""

    period: str = Field(
        "", max_length=40, description="Such as 90 days or this_quarter; that of the widget unless given"
    )
    where: list[Annotated[str, Field(max_length=2000)]] = Field(
        [], max_length=20, description="Expressions over accounts, all of which must be true"
    )
    filter: list[Pair] = Field(
        [], max_length=50, description="A filter of the dashboard with a value, NAME=VALUE, or NAME to switch it on"
    )
    compare: bool | None = Field(None, description="With the period before, or not; as the widget says unless given")

    def asked(self) -> AskedInPage:
        chosen: dict[str, tuple[str, ...]] = {}
        for one in self.filter:
            name, has_value, value = one.partition("=")
            chosen[name] = (*chosen.get(name, ()), *([value] if has_value else []))
        where = tuple(text for text in self.where if text.strip())
        return AskedInPage(self.period.strip(), chosen or None, where, {}, self.compare)


class RowsQuery(AskedQuery):
    at: list[Pair] = Field(
        [],
        max_length=10,
        description="A dimension of the value, KEY=VALUE; of dates KEY=d:2026-10-01, of numbers KEY=f:4",
    )
    measure: str = Field("", max_length=100, description="The measure of the value, whose own condition counts")
    limit: int = Field(200, ge=1, le=10_000, description="How many rows at most")

    def point(self) -> dict[str, Any]:
        pairs = (one.partition("=") for one in self.at)
        return {key: decoded(value) for key, _, value in pairs}


class ColumnOut(Schema):
    """`role`: dimension, measure, or before, the measure in the period before. `unit`: % is a share of 1."""

    name: str
    title: str
    role: str
    unit: str | None


class SpanOut(Schema):
    first: date | None
    last: date


class ResultOut(Schema):
    """`found`: how many rows there are where `truncated` says that some are left out; null: not known."""

    columns: list[ColumnOut]
    rows: list[list[Any]]
    truncated: bool
    found: int | None
    span: SpanOut | None
    compared: SpanOut | None
    notes: list[str]


@router.get("/dashboards", response=Dashboards, auth=VIEW, summary="Dashboards that the caller may open")
def get_dashboards(request: HttpRequest) -> dict[str, Any]:
    """Favourites first, then in the order that they say."""
    return {"items": [_dashboard(one) for one in dashboards_for(actor_of(request))]}


@router.put("/dashboards/{key}/favourite", response=Favourite, auth=VIEW, summary="Mark a favourite of the caller")
def put_favourite(request: HttpRequest, key: str, asked: Favourite) -> Favourite:
    """It is listed first, for the caller alone."""
    mark_favourite(actor=actor_of(request), key=key, is_favourite=asked.favourite)
    return asked


@router.get("/dashboards/{key}/widgets/{name}", response=ResultOut, auth=VIEW, summary="Numbers of a widget")
def get_widget(request: HttpRequest, key: str, name: str, asked: Query[AskedQuery]) -> dict[str, Any]:
    """Of the accounts that the caller sees."""
    shown = _shown(request, key, name)
    return _result(answer(actor_of(request), shown, asked.asked(), only=name)[name])


@router.get("/dashboards/{key}/widgets/{name}/rows", response=ResultOut, auth=VIEW, summary="Rows behind a value")
def get_widget_rows(request: HttpRequest, key: str, name: str, asked: Query[RowsQuery]) -> dict[str, Any]:
    """The first column is the id of the account."""
    shown = _shown(request, key, name)
    try:
        point = asked.point()
    except FieldRefused as error:
        raise FieldRefused("query.at", str(error)) from None
    measure = asked.measure or None
    return _result(rows(actor_of(request), shown, name, asked.asked(), point, measure=measure, most=asked.limit))


def _shown(request: HttpRequest, key: str, name: str) -> Shown:
    shown = dashboard_for(actor_of(request), key)
    if name not in shown.dashboard.widgets:
        raise NotVisible
    return shown


def _dashboard(one: Shown) -> dict[str, Any]:
    board = one.dashboard
    return {
        "key": one.key, "title": one.title, "help": board.help or "", "source": one.source, "period": str(board.period),
        "favourite": one.favourite, "may_edit": one.may_edit, "filters": list(board.filters),
        "widgets": [
            {"name": name, "title": title_of(name, it), "chart": it.chart} for name, it in board.widgets.items()
        ],
    }  # fmt: skip


def _result(found: Result) -> dict[str, Any]:
    if found.problem is not None:
        raise RequestRefused(found.problem)
    return {
        "columns": found.columns,
        "rows": [[_plain(row[one.name]) for one in found.columns] for row in found.rows.to_pylist()],
        "truncated": found.truncated, "found": found.found, "span": _span(found.span),
        "compared": _span(found.compared), "notes": list(found.notes),
    }  # fmt: skip


def _span(found: Span | None) -> dict[str, Any] | None:
    return None if found is None else {"first": found.first, "last": found.last}


def _plain(value: Any) -> Any:
    """A value as JSON has it; numbers that are none are null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
