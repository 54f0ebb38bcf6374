"""The calendar of calls and tasks, and by which calendar one's own dates are found."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.apps.access.actors import actor_of
from keepwell.apps.cockpit.agenda import agenda_of
from keepwell.apps.cockpit.calendars import calendar_of, choose_calendar, today_of
from keepwell.apps.cockpit.forms import CalendarForm
from keepwell.errors import FieldRefused


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A month, or a week; everybody's, or one's own."""
    actor = actor_of(request)
    today, by_week, mine = today_of(actor.user), request.GET.get("by") == "week", request.GET.get("whose") != "all"
    day = _day(request.GET.get("on", "")) or today
    context = {
        "agenda": agenda_of(actor, day, today, by_week=by_week, mine=mine), "today": today, "day": day, "mine": mine,
        "calendar": calendar_of(actor.user), "tab": "calendar",
    }  # fmt: skip
    return render(request, "cockpit/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: HttpRequest) -> HttpResponse:
    """One's own time zone and holidays."""
    actor = actor_of(request)
    standing = calendar_of(actor.user)
    said = request.POST if request.method == "POST" else None
    form = CalendarForm(said, initial={"zone": standing.zone, "holidays": standing.holidays})
    if form.is_valid():
        try:
            choose_calendar(actor=actor, **form.cleaned_data)
            messages.success(request, "Due dates are found by this calendar from now on.")
            return redirect("call_calendar")
        except FieldRefused as refused:
            form.add_error(refused.field, str(refused))
    return render(request, "cockpit/preference.html", {"form": form}, status=422 if form.is_bound else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
