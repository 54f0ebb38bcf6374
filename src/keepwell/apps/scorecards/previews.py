"""Views of what a draft would do: its effect over the portfolio, and its backtest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.health.scored import latest_run
from keepwell.apps.scorecards import operations
from keepwell.apps.scorecards.backtests import key_of, why_not
from keepwell.apps.scorecards.effects import Effect, effect_of
from keepwell.apps.scorecards.models import Built, Status
from keepwell.apps.scorecards.preview import draft_state
from keepwell.errors import InputError


def preview(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Bands before and after, movers, or what is needed before they can be told."""
    actor, draft, run = configurator(request), queries.draft(draft_id), latest_run()
    context: dict[str, object] = {"draft": draft, "run": run}
    project, issues = checked(draft.files)
    if run is None or project is None:
        return render(request, "scorecards/_effect.html", context | {"issues": issues})
    try:
        found = effect_of(actor, run, draft)
    except InputError as refused:
        return render(request, "scorecards/_effect.html", context | {"refusal": str(refused)})
    if isinstance(found, Effect):
        return render(request, "scorecards/_effect.html", context | {"effect": found})
    built = Built.objects.filter(kind="values", key=found.key).first()
    return render(request, "scorecards/_effect.html", context | {"missing": found, "built": built})


@require_POST
def build_values(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Asks a worker for the values that the draft needs, and shows how far it is."""
    actor, draft, run = configurator(request), queries.draft(draft_id), latest_run()
    if run is not None and checked(draft.files)[0] is not None:
        found = draft_state(run, draft.files)
        if not hasattr(found, "scores"):
            operations.ask_for(actor=actor, kind="values", key=found.key, files=draft.files)
    return preview(request, draft_id)


def backtest(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The figures of the draft where they were made, else how to get them or why there are none."""
    configurator(request)
    return _backtest(request, queries.draft(draft_id))


@require_POST
def ask_backtest(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor, draft = configurator(request), queries.draft(draft_id)
    project, _ = checked(draft.files)
    if project is not None and not why_not(project):
        operations.ask_for(actor=actor, kind="backtest", key=key_of(draft.files), files=draft.files)
    return _backtest(request, draft)


def _backtest(request: HttpRequest, draft: Draft) -> HttpResponse:
    project, issues = checked(draft.files)
    context: dict[str, object] = {"draft": draft, "issues": issues}
    if project is None:
        return render(request, "scorecards/_backtest.html", context)
    why = why_not(project)
    built = None if why else Built.objects.filter(kind="backtest", key=key_of(draft.files)).first()
    again = Built.objects.filter(kind="backtest", status=Status.DONE).exists()  # values are kept: figures come soon
    return render(request, "scorecards/_backtest.html", context | {"why": why, "built": built, "again": again})
