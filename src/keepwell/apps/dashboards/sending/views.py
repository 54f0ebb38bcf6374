"""Pages of schedules: all of mine, one, a new one for a dashboard as it is narrowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import Person, actor_of
from keepwell.apps.cockpit.calendars import calendar_of
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.sending import operations
from keepwell.apps.dashboards.sending.forms import ScheduleForm
from keepwell.apps.dashboards.sending.queries import colleagues, letters_of, may_change, schedule_for, schedules_of
from keepwell.errors import FieldRefused

SHOWN = 100


@require_GET
def schedules(request: HttpRequest) -> HttpResponse:
    """What I set up and what I get."""
    found = schedules_of(actor_of(request))[:SHOWN]
    return render(request, "dashboards/sending/list.html", {"schedules": found})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Of a dashboard, with the filters that the address has."""
    actor = actor_of(request)
    shown, query = dashboard_for(actor, key), request.GET.urlencode()
    initial = {"recipients": [actor.user.pk], "zone": calendar_of(actor.user).zone}
    form = ScheduleForm(request.POST or None, initial=initial, people=colleagues())
    if form.is_valid():
        made = _tried(form, lambda: operations.make_schedule(actor=actor, key=key, said=form.said(), query=query))
        if made is not None:
            messages.success(request, "Set up. You can have it sent at once to see what it looks like.")
            return redirect("schedule", made.pk)
    context = {"shown": shown, "form": form, "query": query}
    return render(request, "dashboards/sending/new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """One: to whom, when, and what became of each letter."""
    actor = actor_of(request)
    found = schedule_for(actor, schedule_id)
    if request.method != "POST":
        return _page(request, actor, schedule_id, ScheduleForm.of(found, colleagues()))
    form = ScheduleForm(request.POST, people=colleagues())
    if form.is_valid():
        work = lambda: operations.change_schedule(actor=actor, schedule_id=schedule_id, said=form.said())  # noqa: E731
        if _tried(form, work) is not None:
            messages.success(request, "Saved.")
            return redirect("schedule", schedule_id)
    return _page(request, actor, schedule_id, form)


@require_POST
def end(request: HttpRequest, schedule_id: int) -> HttpResponse:
    operations.end_schedule(actor=actor_of(request), schedule_id=schedule_id)
    messages.success(request, "Ended: nothing more is mailed.")
    return redirect("schedules")


@require_POST
def leave(request: HttpRequest, schedule_id: int) -> HttpResponse:
    operations.leave_schedule(actor=actor_of(request), schedule_id=schedule_id)
    messages.success(request, "You do not get it any more.")
    return redirect("schedules")


@require_POST
def send(request: HttpRequest, schedule_id: int) -> HttpResponse:
    try:
        count = operations.send_now(actor=actor_of(request), schedule_id=schedule_id)
    except FieldRefused as refused:
        messages.error(request, f"Nothing was sent: {refused}")
    else:
        messages.success(request, f"{count} letters go out now." if count != 1 else "One letter goes out now.")
    return redirect("schedule", schedule_id)


def _page(request: HttpRequest, actor: Person, schedule_id: int, form: ScheduleForm) -> HttpResponse:
    found = schedule_for(actor, schedule_id)
    context = {
        "schedule": found, "form": form, "letters": letters_of(found)[:SHOWN], "may_change": may_change(actor, found),
        "gets_it": found.recipients.filter(pk=actor.user.pk).exists(),
    }  # fmt: skip
    return render(request, "dashboards/sending/schedule.html", context, status=422 if form.is_bound else 200)


def _tried(form: ScheduleForm, work: Callable[[], Any]) -> Any:
    """What it gives; None where it was refused, which stands beside its field then."""
    try:
        return work()
    except FieldRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None
