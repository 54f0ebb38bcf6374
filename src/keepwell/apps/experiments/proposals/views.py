"""Pages of proposals: limits as a form, and the draft that a proposal becomes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.queries import draft as draft_at
from keepwell.apps.configuration.views.asking import configurator, say
from keepwell.apps.experiments import queries
from keepwell.apps.experiments.operations import ask_for_proposal
from keepwell.apps.experiments.proposals.drafting import take_as_draft
from keepwell.apps.experiments.proposals.form import LimitsForm, as_before
from keepwell.apps.experiments.proposals.telling import changes
from keepwell.apps.experiments.starting import like_of
from keepwell.apps.experiments.subjects import Subject, offered, subject_of
from keepwell.apps.ui.accepting import accepted
from keepwell.errors import InputError


def start(request: HttpRequest) -> HttpResponse:
    """Which card, and the limits; then the page of what was asked. `like`: what was asked before."""
    actor = configurator(request)
    before = _before(actor, request)
    of = request.POST.get("of") or request.GET.get("of") or before.get("of", "")
    choices = offered()
    context: dict[str, Any] = {"choices": choices, "of": of or (choices[0][0] if choices else "")}
    try:
        subject = subject_of(context["of"], "of") if context["of"] else None
    except InputError as refused:
        return render(request, "experiments/proposals/start.html", {**context, "refusal": str(refused)}, status=422)
    if subject is None or not (cards := subject.project.cards_for("account")):
        return render(request, "experiments/proposals/start.html", context)
    asked = request.POST.get("card") or request.GET.get("card") or before.get("card", "")
    card = asked if asked in cards else next(iter(cards))
    context |= {"cards": cards, "card": card}
    return _form(request, actor, subject, card, before, context)


def _form(
    request: HttpRequest, actor: Person, subject: Subject, card: str, before: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    form = LimitsForm(subject.project, card, request.POST or None, initial=before.get("typed"))
    wanted = subject.reference
    made = accepted(form, lambda: ask_for_proposal(actor=actor, wanted=form.wanted(wanted))) if request.POST else None
    if made is not None:
        return redirect("experiment", made.pk)
    context |= {"form": form, "metrics": sorted(subject.project.metrics)}
    return render(request, "experiments/proposals/start.html", context, status=422 if form.errors else 200)


def _before(actor: Person, request: HttpRequest) -> dict[str, Any]:
    one = like_of(actor, request, "proposal")
    if one is None:
        return {}
    return {"of": one.of["reference"], "card": one.parameters["card"], "typed": as_before(one.parameters)}


@require_POST
def take(request: HttpRequest, experiment_id: int) -> HttpResponse:
    """To the draft of the proposal, in the editor of its card."""
    actor = configurator(request)
    one = queries.experiment(actor, experiment_id)
    try:
        draft = take_as_draft(actor=actor, experiment=one)
    except InputError as refused:
        say(request, refused)
        return redirect("experiment", experiment_id)
    messages.success(request, f"The proposal is the draft “{draft.name}”. Change what you like, then publish it.")
    return redirect("scorecard", draft.pk, one.parameters["card"])


def of_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What was learned about a draft, beside its editor: the proposal it came from, with reasons, and its backtests."""
    actor = configurator(request)
    draft = draft_at(draft_id)
    proposal = queries.experiments(actor).filter(draft=draft).first()
    context = {
        "draft": draft,
        "proposal": proposal,
        "changes": changes(queries.found_for(actor, proposal)) if proposal else [],
        "asked": queries.about(actor, f"draft:{draft.pk}"),
    }
    return render(request, "experiments/proposals/_of_draft.html", context)
