"""What stands around the rows of the list: filters, chips, heads, the total, ways to other pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from keepwell.apps.customers.choices import Choices, options_html
from keepwell.apps.customers.current_values.columns import Columns
from keepwell.apps.customers.filters import Filters
from keepwell.apps.customers.listing import PAGE
from keepwell.apps.customers.table import Column, chosen, offered
from keepwell.apps.ui.frame import TOKEN
from keepwell.apps.ui.jinja import tables_of

_NAME, _HEALTH = Column("name", "Customer", sort="name"), Column("score", "Health", sort="score")
_CHIP_TITLES = {
    "q": "Words", "label": "Band", "csm": "CSM", "stage": "Stage", "segment": "Segment", "list": "List",
    "renews_within": "Renews within days", "arr_from": "ARR from", "arr_to": "ARR to", "where": "Where",
}  # fmt: skip
_ROWS = "<!-- rows -->"


@dataclass(frozen=True)
class Chip:
    """An active filter; its address is the view without it."""

    title: str
    words: str
    address: str


@lru_cache(maxsize=128)
def around_rows(
    filters: Filters, columns: Columns | None, choices: Choices, *, after: str, rows: int, may_bulk: bool
) -> tuple[str, str]:
    """HTML before and after the rows, kept: many people look at the same views. `after`: the mark of the next page.

    Forms have `TOKEN` for their token. `rows`: how many the page has.
    """
    html = tables_of("customers").get_template("customers.html").render(
        filters=filters,
        columns=chosen(filters, columns),
        offered=offered(filters, columns),
        any_rows=rows > 0,
        rows=Markup(_ROWS),
        after=after,
        size=PAGE,
        total=_total(filters, rows, after),
        chips=_chips(filters, choices),
        choices=choices,
        csm_options=options_html(tuple(choices.of["csm"][1:])),
        may_bulk=may_bulk,
        csrf=TOKEN,
        name_column=_NAME,
        health_column=_HEALTH,
    )  # fmt: skip
    before, _, behind = html.partition(_ROWS)
    return before, behind


def _total(filters: Filters, rows: int, after: str) -> str:
    if not after and not filters.after:
        return f"{rows} customer{'' if rows == 1 else 's'}"
    address = f"/totals/customers/{filters.address()}"
    return Markup(f'<span hx-get="{escape(address)}" hx-trigger="load">{rows} on this page</span>')


def _chips(filters: Filters, choices: Choices) -> list[Chip]:
    return [
        Chip(_CHIP_TITLES[name], choices.called(name, value), filters.address(without=(name, value)))
        for name, value in filters.chips()
    ]
