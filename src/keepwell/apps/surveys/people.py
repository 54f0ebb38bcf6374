"""Whether somebody at a customer is asked: changed where the person stands, on the page of the customer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Person, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.queries import person_for
from keepwell.apps.surveys import refusing


@require_POST
def stop_asking(request: HttpRequest, key: UUID) -> HttpResponse:
    """No survey asks them."""
    actor = _sender(request)
    person = person_for(actor, key)
    refusing.stop_asking(actor=actor, person=key, detail="on the page of the customer")
    messages.success(request, "They are asked no more, by no survey.")
    return redirect("account", person.account_id)


@require_POST
def ask_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Surveys ask them as anybody else."""
    actor = _sender(request)
    person = person_for(actor, key)
    refusing.ask_again(actor=actor, person=key)
    messages.success(request, "Surveys may ask them again.")
    return redirect("account", person.account_id)


def _sender(request: HttpRequest) -> Person:
    actor = actor_of(request)
    require(actor, Permission.SEND)
    return actor
