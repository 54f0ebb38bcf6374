"""The list of customers: its page, the part that filters replace, its total, and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET
from markupsafe import Markup, escape

from keepwell.apps.access.actors import Actor, actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.cells import cells_of
from keepwell.apps.customers.choices import Choices, choices_for, options_html
from keepwell.apps.customers.current_values.columns import Columns, current_columns
from keepwell.apps.customers.exporting import exported
from keepwell.apps.customers.filters import Filters, read_filters
from keepwell.apps.customers.listing import PAGE, Page, narrowed, page_of, total
from keepwell.apps.customers.operations.accounts import note_export
from keepwell.apps.customers.queries import today_of
from keepwell.apps.customers.table import Column, add_own, chosen, fields_of, offered
from keepwell.apps.ui.jinja import tables_of

_NAME, _HEALTH = Column("name", "Customer", sort="name"), Column("score", "Health", sort="score")
_CHIP_TITLES = {
    "q": "Words", "label": "Band", "csm": "CSM", "stage": "Stage", "segment": "Segment", "list": "List",
    "renews_within": "Renews within days", "arr_from": "ARR from", "arr_to": "ARR to", "where": "Where",
}  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """An active filter; its address is the view without it."""

    title: str
    words: str
    address: str


@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """The list, most revenue first unless the address says otherwise."""
    actor, columns = actor_of(request), current_columns()
    found = narrowed(actor, read_filters(request.GET), columns, today_of(columns))
    filters = found.filters
    shown_columns = chosen(filters, columns)
    page = page_of(found, *fields_of(shown_columns))
    add_own(page.rows, shown_columns)
    choices = choices_for(actor, columns)
    table = _table(request, actor, filters, shown_columns, page, choices, columns)
    status = 422 if filters.errors else 200
    if request.headers.get("HX-Request-Type") == "partial":
        response = HttpResponse(table, status=status)
        response["HX-Push-Url"] = f"/customers/{filters.address(after=filters.after)}"
    else:
        response = render(request, "customers/list.html", {"table": table, "views": choices.views}, status=status)
    response["Vary"] = "HX-Request-Type, Cookie"
    return response


@require_GET
def how_many(request: HttpRequest) -> HttpResponse:
    """The number of customers that fit, which the page asks for on its own."""
    columns = current_columns()
    found = narrowed(actor_of(request), read_filters(request.GET), columns, today_of(columns))
    number, exact = total(found.accounts)
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


def _table(
    request: HttpRequest,
    actor: Actor,
    filters: Filters,
    shown_columns: list[Column],
    page: Page,
    choices: Choices,
    columns: Columns | None,
) -> SafeString:
    edges = columns.edges if columns else {}
    beside = cells_of(page.rows, [(column.name, column.number) for column in shown_columns], edges)
    rows = [
        {"id": row["id"], "name": row["name"], "cells": cells} for row, cells in zip(page.rows, beside, strict=True)
    ]
    html = tables_of("customers").get_template("customers.html").render(
        filters=filters,
        columns=shown_columns,
        offered=offered(filters, columns),
        rows=rows,
        after=page.after,
        size=PAGE,
        total=_total(filters, page),
        chips=_chips(filters, choices),
        choices=choices,
        csm_options=options_html(tuple(choices.of["csm"][1:])),
        may_bulk=actor.may(Permission.BULK),
        csrf=get_token(request),
        name_column=_NAME,
        health_column=_HEALTH,
    )  # fmt: skip
    return mark_safe(html)


def _total(filters: Filters, page: Page) -> str:
    if not page.after and not filters.after:
        return f"{len(page.rows)} customer{'' if len(page.rows) == 1 else 's'}"
    address = f"/totals/customers/{filters.address()}"
    return Markup(f'<span hx-get="{escape(address)}" hx-trigger="load">{len(page.rows)} on this page</span>')


def _chips(filters: Filters, choices: Choices) -> list[Chip]:
    return [
        Chip(_CHIP_TITLES[name], choices.called(name, value), _without(filters, name, value))
        for name, value in filters.chips()
    ]


def _without(filters: Filters, name: str, value: str) -> str:
    return filters.address(without=(name, value))
