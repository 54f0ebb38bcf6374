"""The renewal calendar."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.queries import today_of
from keepwell.apps.portfolio.renewing import MOST, months_of, renewals_of


@require_GET
def renewals(request: HttpRequest) -> HttpResponse:
    """A year by month; below it the accounts of the month that the address names, else of the nearest one."""
    actor, today = actor_of(request), today_of(current_columns())
    months = months_of(actor, today)
    nearest = next((one for one in months if one.accounts), months[0])
    month = _month(request.GET.get("month", "")) or nearest.first
    rows = renewals_of(actor, month)
    context = {"months": months, "month": month, "rows": rows[:MOST], "more": len(rows) > MOST, "today": today}
    return render(request, "portfolio/renewals.html", context)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
