"""Views of what a draft would do: its effect over the portfolio, and its backtest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.health.workers import live_workers
from keepwell.apps.scorecards import operations
from keepwell.apps.scorecards.backtests import LEAD_DAYS
from keepwell.apps.scorecards.models import Built, Status
from keepwell.apps.scorecards.previewing import backtested, previewed
from keepwell.apps.scorecards.whatif import what_if


def preview(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Bands before and after, movers, or what is needed before they can be told."""
    actor, draft = configurator(request), queries.draft(draft_id)
    return render(
        request,
        "scorecards/_effect.html",
        {"draft": draft, "worker": live_workers() > 0, **vars(previewed(actor, draft))},
    )


@require_POST
def build_values(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Asks a worker for the values that the draft needs, and shows how far it is."""
    operations.ask_for_values(actor=configurator(request), draft=queries.draft(draft_id))
    return preview(request, draft_id)


def backtest(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The figures of the draft where they were made, else how to get them or why there are none."""
    configurator(request)
    return _backtest(request, queries.draft(draft_id))


@require_POST
def ask_backtest(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor, draft = configurator(request), queries.draft(draft_id)
    operations.ask_for_backtest(actor=actor, draft=draft)
    return _backtest(request, draft)


def look_back(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Figures of the draft from the past that is kept, or what is needed before they can be told."""
    configurator(request)
    return _what_if(request, queries.draft(draft_id))


@require_POST
def keep_past(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor, draft = configurator(request), queries.draft(draft_id)
    operations.ask_for_past(actor=actor, draft=draft)
    return _what_if(request, draft)


def _what_if(request: HttpRequest, draft: Draft) -> HttpResponse:
    context = {"draft": draft, "found": what_if(draft), "lead_days": LEAD_DAYS, "worker": live_workers() > 0}
    return render(request, "scorecards/_what_if.html", context)


def _backtest(request: HttpRequest, draft: Draft) -> HttpResponse:
    again = Built.objects.filter(kind="backtest", status=Status.DONE).exists()  # values are kept: figures come soon
    return render(
        request,
        "scorecards/_backtest.html",
        {"draft": draft, "again": again, "worker": live_workers() > 0, **vars(backtested(draft))},
    )
