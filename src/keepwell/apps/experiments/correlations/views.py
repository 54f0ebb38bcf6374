"""The page that asks what goes together with leaving."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.experiments.correlations.asking import KIND, ask_for_correlation
from keepwell.apps.experiments.correlations.form import CorrelationForm, as_before
from keepwell.apps.experiments.starting import like_of
from keepwell.apps.ui.accepting import accepted


def start(request: HttpRequest) -> HttpResponse:
    """The form, with what was asked before where `like` names it; then the page of what was asked."""
    actor = configurator(request)
    project = current_project()
    cards = project.cards_for("account") if project else {}
    form = CorrelationForm(request.POST or None, initial=_initial(actor, request, next(iter(cards), "")))
    made = accepted(form, lambda: ask_for_correlation(actor=actor, wanted=form.wanted())) if request.POST else None
    if made is not None:
        return redirect("experiment", made.pk)
    context = {"form": form, "cards": cards}
    return render(request, "experiments/correlations/start.html", context, status=422 if form.errors else 200)


def _initial(actor: Actor, request: HttpRequest, card: str) -> dict[str, Any]:
    before = like_of(actor, request, KIND)
    if before is not None:
        return {**as_before(before.parameters), "of": before.of["reference"]}
    return {"of": request.GET.get("of", ""), "card": request.GET.get("card") or card}
