"""What is to be done about the customer: open calls to action with their next task, and what was closed lately."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.queries import calls_seen, open_calls, open_tasks
from keepwell.apps.cockpit.words import CallStatus
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account

CLOSED = 5


def view(request: HttpRequest, account: Account) -> HttpResponse:
    actor = actor_of(request)
    calls = open_calls(actor).filter(account=account).order_by("-priority", "due_on", "pk")
    tasks = open_tasks(actor).filter(call__account=account).order_by("due_on", "place", "pk")
    closed = calls_seen(actor).filter(account=account, status=CallStatus.CLOSED).order_by("-closed_at")[:CLOSED]
    context = {
        "account": account, "calls": calls, "tasks": tasks, "closed": closed, "today": today_of(actor.user),
        "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "customer360/panels/calls.html", context)


PANEL = Panel("calls", "Calls to action", view, size="small")
