"""One widget: drawn, as a file, and the rows behind a value of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import Actor, NotVisible, actor_of
from keepwell.apps.dashboards.addresses import as_query, asked_in
from keepwell.apps.dashboards.answering.answers import answer, rows
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.answering.whole import whole
from keepwell.apps.dashboards.catalogue import Shown, dashboard_for
from keepwell.apps.dashboards.drawing.numbers import number_of
from keepwell.apps.dashboards.drawing.picture import pictured, title_of
from keepwell.apps.dashboards.drawing.points import from_query
from keepwell.apps.dashboards.drawing.words import span_said, time_said
from keepwell.apps.dashboards.files import as_csv
from keepwell.apps.dashboards.listing import listed
from keepwell.definitions.catalogue import holds_accounts
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.spans import Span
from keepwell.errors import FieldRefused

MOST_ROWS = 500


def _found(request: HttpRequest, key: str, name: str) -> tuple[Actor, Shown, WidgetBase, AskedInPage]:
    actor = actor_of(request)
    shown = dashboard_for(actor, key)
    if name not in shown.dashboard.widgets:
        raise NotVisible
    return actor, shown, shown.dashboard.widgets[name], asked_in(request.GET)


@require_GET
def widget(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A part of the page; a widget that cannot be answered says why in its place."""
    try:
        actor, shown, one, asked = _found(request, key, name)
    except FieldRefused as error:
        return render(request, "dashboards/_refused.html", {"problem": str(error)})
    result = answer(actor, shown, asked, only=name)[name]
    return render(request, "dashboards/_widget.html", _drawn(shown, name, one, asked, result))


def _drawn(shown: Shown, name: str, one: WidgetBase, asked: AskedInPage, result: Result) -> dict[str, Any]:
    return {
        **_around(shown, name, one, asked, result),
        "picture": pictured(shown.project, name, one, result),
        "number": number_of(result) if one.chart == "number" else None,
        "option_id": f"option-{name}",
        "points_id": f"points-{name}",
        "narrows": bool(asked.where or asked.crossed or asked.chosen or asked.chosen is None),
    }


def _around(shown: Shown, name: str, one: WidgetBase, asked: AskedInPage, result: Result) -> dict[str, Any]:
    accounts = holds_accounts(shown.project, one.dataset)
    return {
        "shown": shown, "name": name, "widget": one, "title": title_of(name, one), "result": result,
        "query": as_query(asked), "here": f"/dashboards/{shown.key}/widgets/{name}/",
        "span": span_said(result.span, is_of_accounts=accounts) if result.span else "",
        "compared": _before_said(result.compared, is_of_accounts=accounts) if result.compared else "",
    }  # fmt: skip


def _before_said(span: Span, *, is_of_accounts: bool) -> str:
    return time_said(span.last) if is_of_accounts else span_said(span)


@require_GET
def file(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """All rows of a widget."""
    try:
        actor, shown, _, asked = _found(request, key, name)
    except FieldRefused as error:
        return _plain(str(error))
    result = answer(actor, whole(shown, name), asked, only=name)[name]
    return _plain(result.problem) if result.problem is not None else _csv(result, f"{key}-{name}")


@require_GET
def behind(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The rows behind a value; with `as=csv` as a file."""
    try:
        actor, shown, one, asked = _found(request, key, name)
        point = from_query((one, str(value)) for one, value in request.GET.items())
    except FieldRefused as error:
        return _plain(str(error))
    is_file = request.GET.get("as") == "csv"
    measure = request.GET.get("measure") or None
    most = 100_000 if is_file else MOST_ROWS
    result = rows(actor, shown, name, asked, point, measure=measure, most=most)
    if is_file:
        return _plain(result.problem) if result.problem is not None else _csv(result, f"{key}-{name}-rows")
    context = {**_around(shown, name, one, asked, result), **listed(actor, shown, one, result, point)}
    context["file"] = f"?{request.GET.urlencode()}&as=csv"
    return render(request, "dashboards/rows.html", context)


def _csv(result: Result, name: str) -> HttpResponse:
    found = HttpResponse(as_csv(result), content_type="text/csv; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return found


def _plain(problem: str | None) -> HttpResponse:
    return HttpResponse(problem or "", status=422, content_type="text/plain; charset=utf-8")
