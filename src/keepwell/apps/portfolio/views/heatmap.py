"""The heatmap: accounts by measures, worst first, a page at a time, under the same filters as the list of customers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.filters import Filters, read_filters
from keepwell.apps.customers.listing import narrowed
from keepwell.apps.customers.queries import today_of
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.portfolio.heat import heatmap_of
from keepwell.apps.ui.jinja import tables_of

_SIZE = 40


@require_GET
def heatmap(request: HttpRequest) -> HttpResponse:
    """One scorecard: the one that the address names, else the first."""
    actor, columns, run = actor_of(request), current_columns(), latest_run()
    query = request.GET.copy()
    query.setdefault("sort", "score")
    found = narrowed(actor, read_filters(query), columns, today_of(columns))
    if run is None or columns is None:
        return render(request, "portfolio/heatmap.html", {"filters": found.filters, "run": None})
    shown = heatmap_of(found, columns, state_of(run), query.get("card", ""), _SIZE, None)
    table = tables_of("portfolio").get_template("heatmap.html").render(
        rows=shown.page.rows, heat=shown.heat, measures=shown.measures, edges=columns.edges[shown.card]
    )  # fmt: skip
    after = shown.page.after
    context = {
        "table": mark_safe(table),
        "run": run,
        "card": shown.card,
        "cards": [(name, _address(found.filters, name)) for name in shown.cards],
        "filters": found.filters,
        "next": f"{_address(found.filters, shown.card)}&after={after}" if after else "",
        "rows": shown.page.rows,
    }
    return render(request, "portfolio/heatmap.html", context, status=422 if found.filters.errors else 200)


def _address(filters: Filters, card: str) -> str:
    return f"{filters.address()}&card={card}"
