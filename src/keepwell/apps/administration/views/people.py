"""Who may sign in, what they may do, and what they see."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import NAMES, Reach, Role
from keepwell.apps.administration import queries
from keepwell.apps.administration.forms.people import REACHES, PersonForm, initial_of
from keepwell.apps.administration.operations import people as operations
from keepwell.apps.ui.accepting import is_accepted
from keepwell.errors import FieldRefused


def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and an invitation."""
    actor = actor_of(request)
    rows = [(one, NAMES[Role(one.role)], REACHES[Reach(one.reach)]) for one in queries.people(actor)]
    form = PersonForm(request.POST or None, segments=queries.segment_names(), initial={"role": Role.CSM})
    if request.method == "POST" and is_accepted(form, lambda: operations.invite(actor=actor, standing=form.standing())):
        messages.success(request, f"An invitation is on its way to {form.cleaned_data['email']}.")
        return redirect("people")
    status = 422 if form.errors else 200
    return render(request, "administration/people.html", {"rows": rows, "form": form}, status=status)


def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person's standing."""
    actor = actor_of(request)
    found = queries.person(actor, user_id)
    form = PersonForm(request.POST or None, segments=queries.segment_names(), initial=initial_of(found))

    def change() -> None:
        operations.change_person(actor=actor, user_id=user_id, standing=form.standing())

    if request.method == "POST" and is_accepted(form, change):
        messages.success(request, f"{form.cleaned_data['name']} is changed.")
        return redirect("people")
    context = {"person": found, "form": form, "tokens": queries.own_tokens(found)}
    return render(request, "administration/person.html", context, status=422 if form.errors else 200)


@require_POST
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    try:
        user = operations.deactivate(actor=actor_of(request), user_id=user_id)
        messages.success(request, f"{user} may not sign in any more.")
    except FieldRefused as refused:
        messages.error(request, f"{refused}.")
    return redirect("person", user_id)


@require_POST
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    user = operations.reactivate(actor=actor_of(request), user_id=user_id)
    messages.success(request, f"{user} may sign in again.")
    return redirect("person", user_id)


@require_POST
def invite_again(request: HttpRequest, user_id: int) -> HttpResponse:
    try:
        user = operations.invite_again(actor=actor_of(request), user_id=user_id)
        messages.success(request, f"Another invitation is on its way to {user.email}.")
    except FieldRefused as refused:
        messages.error(request, f"{refused}.")
    return redirect("person", user_id)
