"""Runs: what ran, how long it took, what changed, what failed and what to do about it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.health.forms import RunForm
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.operations import ask_for_run, today
from keepwell.apps.health.scored import latest_run
from keepwell.apps.health.workers import live_workers
from keepwell.errors import RequestRefused

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, newest first; a post starts one."""
    actor = actor_of(request)
    require(actor, Permission.RUN)
    form = RunForm(request.POST or None, initial={"as_of": today()})
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_for_run(actor=actor, as_of=form.cleaned_data["as_of"])
            messages.success(request, f"A worker will score {asked.as_of:%d %b %Y}; this page follows it.")
            return redirect("runs")
        except RequestRefused as refused:
            form.add_error("as_of", str(refused))
    return _page(request, form)


@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    actor = actor_of(request)
    require(actor, Permission.RUN)
    found = _run(run_id)
    context = {"run": found, "may_run": actor.may(Permission.RUN), "worker": live_workers() > 0,
               "what_to_do": _what_to_do(found.error)}  # fmt: skip
    return render(request, "health/run.html", context)


@require_POST
def again(request: HttpRequest, run_id: int) -> HttpResponse:
    """The date of a run once more, with what is known now."""
    actor = actor_of(request)
    require(actor, Permission.RUN)
    asked = ask_for_run(actor=actor, as_of=_run(run_id).as_of)
    return redirect("run", asked.pk)


def _page(request: HttpRequest, form: RunForm) -> HttpResponse:
    before = request.GET.get("before", "")
    found = Run.objects.order_by("-pk")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    some = list(found[: PAGE + 1])
    context = {
        "runs": some[:PAGE],
        "next": some[PAGE - 1].pk if len(some) > PAGE else None,
        "latest": latest_run(),
        "form": form,
        "may_run": True,
        "working": any(one.status in (RunStatus.WAITING, RunStatus.RUNNING) for one in some),
    }
    template = "health/_followed_runs.html" if request.GET.get("part") == "list" else "health/runs.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _run(run_id: int) -> Run:
    found = Run.objects.filter(pk=run_id).first()
    if found is None:
        raise NotVisible
    return found


def _what_to_do(error: str) -> str:
    if "dataset" in error or "column" in error or ".csv" in error:
        return "The data do not fit what a dataset declares: mend them or the definition, then run it again."
    if "lock" in error or "writing this table" in error:
        return "Another process was writing: run it again when that is done."
    return "Run it again; if it fails again, the worker's log has the details."
