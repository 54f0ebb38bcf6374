"""Teams."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.administration import queries
from keepwell.apps.administration.forms.people import TeamForm
from keepwell.apps.administration.operations import teams as operations
from keepwell.apps.ui.accepting import is_accepted
from keepwell.errors import FieldRefused


def teams(request: HttpRequest) -> HttpResponse:
    """Every team, and a new one."""
    actor = actor_of(request)
    rows = queries.teams(actor)
    form = TeamForm(request.POST or None)

    def make() -> None:
        operations.make_team(actor=actor, name=form.cleaned_data["name"])

    if request.method == "POST" and is_accepted(form, make):
        return redirect("teams")
    status = 422 if form.errors else 200
    return render(request, "administration/teams.html", {"rows": rows, "form": form}, status=status)


def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Another name for a team."""
    actor = actor_of(request)
    found = queries.team(actor, team_id)
    form = TeamForm(request.POST or None, initial={"name": found.name})

    def rename() -> None:
        operations.rename_team(actor=actor, team_id=team_id, name=form.cleaned_data["name"])

    if request.method == "POST" and is_accepted(form, rename):
        return redirect("teams")
    context = {"team": found, "form": form, "people": found.people.order_by("name")}
    return render(request, "administration/team.html", context, status=422 if form.errors else 200)


@require_POST
def remove_team(request: HttpRequest, team_id: int) -> HttpResponse:
    try:
        operations.remove_team(actor=actor_of(request), team_id=team_id)
    except FieldRefused as refused:
        messages.error(request, f"{refused}.")
        return redirect("team", team_id)
    return redirect("teams")
