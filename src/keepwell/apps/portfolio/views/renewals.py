"""The renewal calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.queries import today_of
from keepwell.apps.health.at_risk import meaning
from keepwell.apps.health.in_force import chances_in_force, lapsed_chances
from keepwell.apps.portfolio.renewing import MOST, Month, months_of, renewals_of


@require_GET
def renewals(request: HttpRequest) -> HttpResponse:
    """A year by month; below it the accounts of the month that the address names, else of the nearest one."""
    actor, today = actor_of(request), today_of(current_columns())
    months = months_of(actor, today)
    nearest = next((one for one in months if one.accounts), months[0])
    month = _month(request.GET.get("month", "")) or nearest.first
    rows = renewals_of(actor, month)
    context = {"months": months, "month": month, "rows": rows[:MOST], "more": len(rows) > MOST, "today": today,
               "may_learn": actor.may(Permission.CONFIGURE)}  # fmt: skip
    return render(request, "portfolio/renewals.html", {**context, **_at_risk(months)})


def _at_risk(months: Sequence[Month]) -> dict[str, object]:
    """The year together, and by which chances; where none are in force any more, those that were."""
    chances = chances_in_force()
    if chances is None:
        return {"lapsed": lapsed_chances()}
    risk, arr = sum(one.at_risk or 0 for one in months), sum(one.arr for one in months)
    return {"chances": chances, "meaning": meaning(chances), "at_risk": risk, "arr": arr}


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
