"""The list of customers: its page, the part that filters replace, its total, and the same as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.around import around_rows
from keepwell.apps.customers.cells import rows_html
from keepwell.apps.customers.choices import surroundings_of
from keepwell.apps.customers.counting import total
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.exporting import exported
from keepwell.apps.customers.filters import Filters, read_filters
from keepwell.apps.customers.fitting import SECONDS, TookTooLong, in_time
from keepwell.apps.customers.listing import Narrowed, Page, narrowed, page_of
from keepwell.apps.customers.operations.accounts import note_export
from keepwell.apps.customers.queries import today_of
from keepwell.apps.customers.table import Column, add_own, chosen, fields_of
from keepwell.apps.ui.frame import framed, with_token

Answer = TypeVar("Answer")


@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """The list, most revenue first unless the address says otherwise."""
    actor = actor_of(request)
    around = surroundings_of(actor.user)
    columns, choices = around.columns, around.choices
    found = narrowed(actor, read_filters(request.GET), columns, today_of(columns))
    shown_columns = chosen(found.filters, columns)
    page, filters = _page(found, shown_columns)
    add_own(page.rows, shown_columns)
    may_bulk = actor.may(Permission.BULK)
    before, behind = around_rows(filters, columns, choices, after=page.after, rows=len(page.rows), may_bulk=may_bulk)
    rows = rows_html(page.rows, shown_columns, columns.edges if columns else {}, may_pick=may_bulk)
    table, status = f"{before}{rows}{behind}", 422 if filters.errors else 200
    if request.headers.get("HX-Request-Type") == "partial":
        response = HttpResponse(with_token(request, table), status=status)
        response["HX-Push-Url"] = f"/customers/{filters.address(after=filters.after)}"
    else:
        shown = {"views": choices.views, "unread_notices": around.unread}
        response = framed(request, "customers/list.html", table, shown, status=status)
    response["Vary"] = "HX-Request-Type, Cookie"
    return response


@require_GET
def how_many(request: HttpRequest) -> HttpResponse:
    """The number of customers that fit, which the page asks for on its own."""
    columns = current_columns()
    found = narrowed(actor_of(request), read_filters(request.GET), columns, today_of(columns))
    try:
        number, exact = _in_time(found, total)
    except TookTooLong:
        return HttpResponse(f"More customers than could be counted in {SECONDS} seconds")
    words = f"{number:,}" if exact else f"about {round(number, -2):,}"
    return HttpResponse(f"{words} customer{'' if number == 1 else 's'}")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """Every customer that fits, as CSV, row by row."""
    actor, columns = actor_of(request), current_columns()
    found = narrowed(actor, read_filters(request.GET), columns, today_of(columns))
    filters = found.filters
    if filters.errors:
        return HttpResponse("; ".join(filters.errors.values()), status=422, content_type="text/plain; charset=utf-8")
    note_export(actor=actor, query=filters.address())
    response = StreamingHttpResponse(exported(found, chosen(filters, columns)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'customers-{today_of(columns)}.csv')}"
    return response


def _page(found: Narrowed, columns: Sequence[Column]) -> tuple[Page, Filters]:
    """The rows, and the filters; with no rows and an error beside the expression where it took too long."""
    try:
        return _in_time(found, lambda it: page_of(it, *fields_of(columns))), found.filters
    except TookTooLong as error:
        return Page([]), replace(found.filters, errors={"where": str(error)})


def _in_time(found: Narrowed, ask: Callable[[Narrowed], Answer]) -> Answer:
    """Without an expression there is nothing that could take long."""
    if not found.fitting:
        return ask(found)
    with in_time(SECONDS):
        return ask(found)
