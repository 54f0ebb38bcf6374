"""A way to say that the score feels wrong, and what was said before."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customer360.explained import current_state
from keepwell.apps.customer360.forms import FeedbackForm
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customer360.panels.reach import scheme_of
from keepwell.apps.customers.models import Account
from keepwell.apps.health.feedback import say_it_feels_wrong
from keepwell.apps.health.models import Feedback
from keepwell.engine.explain.subject import subject
from keepwell.errors import RequestRefused

SHOWN = 10


def view(request: HttpRequest, account: Account) -> HttpResponse:
    """GET shows the form, POST keeps what was said; with status 422 the same form again, as it was typed."""
    actor, labels = actor_of(request), labels_for(account)
    measures = measures_for(account)
    form, kept = FeedbackForm(labels, measures, request.POST or None), False
    if request.method == "POST" and form.is_valid():
        try:
            say_it_feels_wrong(actor=actor, account_id=account.pk, **form.cleaned_data)
            form, kept = FeedbackForm(labels, measures), True
        except RequestRefused as refused:
            form.add_error(None, str(refused))
    context = {
        "account": account,
        "form": form,
        "kept": kept,
        "may_say": actor.may(Permission.WRITE),
        "said": Feedback.objects.filter(account=account).order_by("-recorded_at", "-pk")[:SHOWN],
    }
    status = 422 if request.method == "POST" and not kept else 200
    return render(request, "customer360/panels/feedback.html", context, status=status)


def labels_for(account: Account) -> tuple[str, ...]:
    """The bands of the account's card; better or worse where it has none."""
    state = current_state(account)
    scheme = scheme_of(state, account) if state else None
    return scheme.labels if scheme and scheme.labels else ("better", "worse")


def measures_for(account: Account) -> Mapping[str, str]:
    """The measures of the account's card, by name, as people read them."""
    state = current_state(account)
    place = subject(state, "account", account.pk).place if state else None
    return {name: name.replace("_", " ").capitalize() for name in place.card.measures} if place else {}


PANEL = Panel("feedback", "This score feels wrong", view, size="small")
