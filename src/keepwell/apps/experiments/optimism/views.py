"""Are entered scores too high? The newest report, for everybody by measure; a form for those who configure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.access.actors import Actor, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.forms import PastForm, as_before
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.optimism.asking import KIND, ask_for_optimism
from keepwell.apps.experiments.optimism.kind import OPTIMISM
from keepwell.apps.experiments.optimism.queries import newest
from keepwell.apps.experiments.starting import like_of
from keepwell.apps.ui.accepting import accepted


def optimism(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, Permission.VIEW)
    if request.method == "POST":
        require(actor, Permission.CONFIGURE)
    form = _form(actor, request) if actor.may(Permission.CONFIGURE) else None
    if form is not None and request.POST:
        made = accepted(form, lambda: ask_for_optimism(actor=actor, wanted=form.wanted()))
        if made is not None:
            return redirect("experiment", made.pk)
    context = {"form": form, **_shown(actor, newest())}
    return render(request, "experiments/optimism/optimism.html", context, status=422 if form and form.errors else 200)


class DecisionsForm(PastForm):
    """Entered scores are held against whole decisions, so there is no horizon."""

    horizon_days = None  # type: ignore[assignment]


def _form(actor: Actor, request: HttpRequest) -> DecisionsForm:
    like = like_of(actor, request, KIND)
    return DecisionsForm(request.POST or None, initial=as_before(like) if like else None)


def _shown(actor: Actor, report: Experiment | None) -> dict[str, Any]:
    if report is None:
        return {"report": None}
    found = OPTIMISM.seen_by(actor, report.result)
    return {"report": report, "asked": OPTIMISM.asked(report), "headline": OPTIMISM.headline(found),
            **OPTIMISM.answer(actor, report, found)}  # fmt: skip
