"""The feature map: its tree with live counts, its changes in a draft of one's own, publication, and the backfill."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import Actor, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.adoption import counting
from keepwell.apps.adoption.counting import StillCounting, waiting
from keepwell.apps.adoption.mapping.backfilling import ask_for_backfill, newest_backfill
from keepwell.apps.adoption.mapping.changing import change_map, own_draft
from keepwell.apps.adoption.mapping.tree import counts_of, tree_of
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import discard_draft, publish_draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.queries import current_version
from keepwell.definitions.project import Project
from keepwell.errors import InputError, KeepwellError


def feature_map(request: HttpRequest) -> HttpResponse:
    """The map of one's own draft, where there is one, else the one in force. POST: one change, named by `do`."""
    actor = _configurator(request)
    if request.method != "POST":
        return _page(request, actor)
    given = {name: str(request.POST.get(name, ""))[:500] for name in request.POST}
    try:
        change_map(actor=actor, do=given.get("do", ""), given=given)
    except InputError as refused:
        return _page(request, actor, given, "; ".join(str(one) for one in refused.problems) or str(refused))
    return redirect("feature_map")


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publishes the draft; new events follow the map from then on."""
    actor = _configurator(request)
    draft = own_draft(actor)
    if draft is None:
        return redirect("feature_map")
    try:
        version = publish_draft(actor=actor, draft=draft, note=request.POST.get("note", ""))
    except InputError as refused:
        return _page(request, actor, {"note": request.POST.get("note", "")}, str(refused))
    messages.success(
        request, f"Version {version.number} is published. New events follow it; stored ones after a backfill."
    )
    return redirect("feature_map")


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    actor = _configurator(request)
    draft = own_draft(actor)
    if draft is not None:
        discard_draft(actor=actor, draft=draft)
        messages.success(request, "The changes are discarded; the published map stands.")
    return redirect("feature_map")


@require_POST
def backfill(request: HttpRequest) -> HttpResponse:
    """Asks for the map in force to be carried into the events that are there."""
    actor = _configurator(request)
    try:
        ask_for_backfill(actor=actor)
        messages.success(request, "Stored events get their features, a day at a time. You can leave this page.")
    except InputError as refused:
        messages.error(request, f"{refused}.")
    return redirect("feature_map")


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far the newest backfill is."""
    _configurator(request)
    return render(request, "adoption/_backfill.html", {"backfill": newest_backfill()})


def _page(request: HttpRequest, actor: Actor, given: dict[str, str] | None = None, refusal: str = "") -> HttpResponse:
    draft, version = own_draft(actor), current_version()
    project, issues = _project(draft)
    counted = _counted(project)
    counts = counted.get("counts")
    context = {
        "draft": draft, "version": version, "tree": tree_of(project, counts) if project else {}, **counted,
        "mapped": sum(counts.features.values()) if counts else 0,
        "names": sorted(project.features) if project else [], "issues": issues,
        "given": given or {}, "refusal": refusal, "backfill": newest_backfill(), "address": request.path,
    }  # fmt: skip
    return render(request, "adoption/feature_map.html", context, status=422 if refusal else 200)


def _counted(project: Project | None) -> dict[str, Any]:
    """What the rules fit; where that takes longer, the tree comes without it and asks again."""
    try:
        with waiting(counting.OF_PAGES):
            return {"counts": counts_of(project) if project else None}
    except StillCounting as still:
        return {"counting": still}
    except KeepwellError as error:
        return {"uncounted": error}


def _project(draft: Draft | None) -> tuple[Project | None, Any]:
    version = current_version()
    files = draft.files if draft else version.files if version else {}
    return checked(files) if files else (None, ())


def _configurator(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, Permission.CONFIGURE)
    return actor
