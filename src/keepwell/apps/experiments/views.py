"""Pages of experiments: the list, a question, and its progress or answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.experiments import operations, queries, tables
from keepwell.apps.experiments.behind import behind
from keepwell.apps.experiments.forms import BacktestForm, as_before
from keepwell.apps.experiments.kinds.backtests import BACKTEST
from keepwell.apps.experiments.kinds.registry import kind_of
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.experiments.retaining import KEPT_DAYS
from keepwell.apps.experiments.starting import like_of
from keepwell.apps.experiments.subjects import outdated
from keepwell.apps.health.workers import live_workers
from keepwell.apps.ui.accepting import accepted

_ROWS = 50


def listed(request: HttpRequest) -> HttpResponse:
    """Everything that was asked, the newest first, with its answer in short."""
    found = queries.experiments(configurator(request))
    page = Paginator(found, _ROWS).get_page(request.GET.get("page"))
    return render(request, "experiments/list.html", {"rows": [_row(one) for one in page], "page": page})


def _row(one: Experiment) -> dict[str, Any]:
    kind = kind_of(one)
    if not one.result:
        return {"one": one, "kind": kind}
    return {"one": one, "kind": kind, "short": kind.headline(one.result), "figure": kind.figure(one.result)}


def start(request: HttpRequest) -> HttpResponse:
    """The form, with what was asked before where `like` names it; then the page of what was asked."""
    actor = configurator(request)
    form = BacktestForm(request.POST or None, initial=_initial(actor, request))
    made = (
        accepted(form, lambda: operations.ask_for_backtest(actor=actor, wanted=form.wanted())) if request.POST else None
    )
    if made is not None:
        return redirect("experiment", made.pk)
    project = current_project()
    context = {"form": form, "cards": project.cards_for("account") if project else {},
               "segments": sorted(project.segments) if project else []}  # fmt: skip
    return render(request, "experiments/start.html", context, status=422 if form.errors else 200)


def _initial(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    like, of = like_of(actor, request, BACKTEST.name), request.GET.get("of", "")
    if like is not None:
        return as_before(like)
    return {"of": of} if of else {}


def experiment(request: HttpRequest, experiment_id: int) -> HttpResponse:
    return render(request, "experiments/experiment.html", _shown(request, experiment_id))


def progress(request: HttpRequest, experiment_id: int) -> HttpResponse:
    """What stands inside the page: how far it is, or the answer once there is one."""
    return render(request, "experiments/_inside.html", _shown(request, experiment_id))


@require_POST
def cancel(request: HttpRequest, experiment_id: int) -> HttpResponse:
    actor = configurator(request)
    operations.cancel(actor=actor, experiment=queries.experiment(actor, experiment_id))
    return redirect("experiment", experiment_id)


def accounts(request: HttpRequest, experiment_id: int) -> HttpResponse:
    """The accounts behind a cell of a backtest."""
    actor = configurator(request)
    one = queries.experiment(actor, experiment_id)
    cell = request.GET.get("cell", "")
    found = behind(actor, one, cell)
    page = Paginator(found.rows, _ROWS).get_page(request.GET.get("page"))
    context = {"one": one, "kind": kind_of(one), "behind": found, "page": page, "cell": cell, "kept_days": KEPT_DAYS}
    return render(request, "experiments/accounts.html", context)


def side_by_side(request: HttpRequest) -> HttpResponse:
    """Two backtests that were chosen on the list."""
    actor = configurator(request)
    chosen = [one for one in request.GET.getlist("one") if one.isdecimal() and len(one) < 10]
    found = [
        one for one in queries.experiments(actor).filter(pk__in=chosen) if one.kind == BACKTEST.name and one.result
    ]
    if len(found) != 2:
        messages.error(request, "Choose two backtests that are done to see them side by side.")
        return redirect("experiments")
    both = [(one, BACKTEST.asked(one), BACKTEST.headline(one.result)) for one in found]
    context = {"both": both, "first": found[0], "rows": tables.beside(found[0].result, found[1].result)}
    return render(request, "experiments/side_by_side.html", context)


def _shown(request: HttpRequest, pk: int) -> dict[str, Any]:
    actor = configurator(request)
    one = queries.experiment(actor, pk)
    kind = kind_of(one)
    shown = {"one": one, "kind": kind, "asked": kind.asked(one), "old": outdated(one.of),
             "worker": one.is_unfinished and live_workers() > 0}  # fmt: skip
    if one.status != Status.DONE:
        return shown
    found = queries.found_for(actor, one)
    return {**shown, "found": found, "headline": kind.headline(found), **kind.answer(actor, one, found)}
