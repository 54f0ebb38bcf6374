"""What was done, counted; a form to ask what it did; and what is known already."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.experiments import queries
from keepwell.apps.experiments.effects import counts
from keepwell.apps.experiments.effects.asking import KIND, ask_for_effects
from keepwell.apps.experiments.effects.forms import EffectsForm, as_before
from keepwell.apps.experiments.effects.telling import headline
from keepwell.apps.experiments.starting import like_of
from keepwell.apps.ui.accepting import accepted

_STUDIES = 20


def effects(request: HttpRequest) -> HttpResponse:
    actor = configurator(request)
    form = EffectsForm(request.POST or None, initial=_initial(actor, request))
    made = accepted(form, lambda: ask_for_effects(actor=actor, wanted=form.wanted())) if request.POST else None
    if made is not None:
        return redirect("experiment", made.pk)
    project = current_project()
    studies = queries.experiments(actor).filter(kind=KIND)[:_STUDIES]
    context = {
        "form": form,
        "done": counts.done(project) if project else [],
        "studies": [(one, headline(one.result) if one.result else one.get_status_display()) for one in studies],
    }
    return render(request, "experiments/effects/effects.html", context, status=422 if form.errors else 200)


def _initial(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    like = like_of(actor, request, KIND)
    return as_before(like) if like else {"by": request.GET.get("by", "")[:120]}
