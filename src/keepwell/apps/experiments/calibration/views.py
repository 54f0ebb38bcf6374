"""The chances in force, and a form to learn them anew."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.configuration.queries import current_number, current_project
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.experiments import queries
from keepwell.apps.experiments.calibration.asking import KIND, ask_for_calibration
from keepwell.apps.experiments.calibration.telling import headline
from keepwell.apps.experiments.forms import PastForm, as_before
from keepwell.apps.experiments.starting import like_of
from keepwell.apps.health.at_risk import meaning
from keepwell.apps.health.in_force import chances_in_force, lapsed_chances
from keepwell.apps.ui.accepting import accepted

_SHOWN = 20


def calibration(request: HttpRequest) -> HttpResponse:
    actor = configurator(request)
    like = like_of(actor, request, KIND)
    form = PastForm(request.POST or None, initial=as_before(like) if like else None)
    made = accepted(form, lambda: ask_for_calibration(actor=actor, wanted=form.wanted())) if request.POST else None
    if made is not None:
        return redirect("experiment", made.pk)
    chances, project = chances_in_force(), current_project()
    context: dict[str, Any] = {
        "form": form, "chances": chances, "meaning": meaning(chances) if chances else "", "number": current_number(),
        "lapsed": lapsed_chances(),
        "cards": project.cards_for("account") if project else {},
        "before": [(one, headline(one.result) if one.result else one.get_status_display())
                   for one in queries.experiments(actor).filter(kind=KIND)[:_SHOWN]],
    }  # fmt: skip
    return render(request, "experiments/calibration/calibration.html", context, status=422 if form.errors else 200)
