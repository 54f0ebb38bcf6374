"""Syncs: how one is, what its runs came to, and what did not fit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.connectors import queries
from keepwell.apps.connectors.downloading import sent_csv
from keepwell.apps.connectors.gone import users_of
from keepwell.apps.connectors.loaded import leads_to_scores
from keepwell.apps.connectors.models import Status
from keepwell.apps.connectors.operations import syncs as operations
from keepwell.apps.connectors.scheduling import in_words
from keepwell.apps.connectors.suggesting import definition_of
from keepwell.connect.document import as_yaml

_SHOWN = 50


def sync(request: HttpRequest, name: str) -> HttpResponse:
    """How it is, then its runs, newest first."""
    found = queries.sync_for(actor_of(request), name)
    runs = list(queries.runs_of(found)[:_SHOWN])
    context = {
        "sync": found, "runs": runs, "schedule": in_words(found), "freshness": queries.freshness(found),
        "yaml": as_yaml(queries.document(found)), "definition": definition_of(found),
        "working": bool(runs) and runs[0].status in (Status.WAITING, Status.RUNNING),
        "held": bool(runs) and runs[0].status == Status.HELD,
        "empty": bool(runs) and runs[0].status == Status.FAILED and "gave no rows" in runs[0].error,
    }  # fmt: skip
    followed = "part" in request.GET and context["working"]
    answer = render(request, "connectors/_runs.html" if "part" in request.GET else "connectors/sync.html", context)
    if "part" in request.GET and not followed:
        answer["HX-Refresh"] = "true"  # the head of the page says how it ended
    return answer


def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """What one run read, loaded and refused, and how the source's columns changed."""
    found = queries.run_for(actor_of(request), run_id)
    drift = [{**one, "users": users_of(found.sync.dataset, one["into"]) if one["into"] else []} for one in found.drift]
    context = {
        "run": found, "drift": drift, "has_errors": queries.has_errors(found), "refused": queries.first_errors(found),
        "scores_follow": bool(found.changed_rows) and leads_to_scores(found.sync.dataset),
    }  # fmt: skip
    return render(request, "connectors/run.html", context)


def errors(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """Rows that did not fit, with the reason of each."""
    found = queries.run_for(actor_of(request), run_id)
    return sent_csv(queries.errors_of(found), f"{found.sync.name}-{run_id}-errors.csv")


@require_POST
def run_sync(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    operations.ask_run(
        actor=actor, sync=queries.sync_for(actor, name), whole="whole" in request.POST,
        allow_empty="allow_empty" in request.POST, allow_gone="allow_gone" in request.POST,
    )  # fmt: skip
    messages.success(request, "It runs as soon as a worker is free.")
    return redirect("sync", name)


@require_POST
def pause_sync(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.sync_for(actor, name)
    operations.pause_sync(actor=actor, sync=found, paused=not found.is_paused)
    return redirect("sync", name)


@require_POST
def remove_sync(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    operations.remove_sync(actor=actor, sync=queries.sync_for(actor, name))
    messages.success(request, f"The sync {name} is gone; what it loaded stays.")
    return redirect("connectors")
