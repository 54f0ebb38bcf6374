"""Write-back: where scores are sent, when, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Forbidden, Person, actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.connectors import queries
from keepwell.apps.connectors.forms import ExportForm
from keepwell.apps.connectors.models import Connection, Export
from keepwell.apps.connectors.operations import exports as operations
from keepwell.apps.connectors.scheduling import in_words
from keepwell.apps.ui.accepting import accepted
from keepwell.connect.extra import MISSING, is_installed
from keepwell.connect.writing.target import all_targets, target_of

_SHOWN = 50


def write_back(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows = [(one, in_words(one)) for one in queries.exports(actor)]
    installed = is_installed()
    context = {
        "exports": rows, "targets": all_targets() if installed else [], "missing": "" if installed else MISSING,
        "may_make": actor.may(Permission.ADMINISTER),
    }  # fmt: skip
    return render(request, "connectors/write_back.html", context)


def new_export(request: HttpRequest, target: str) -> HttpResponse:
    actor = actor_of(request)
    _only_admins(actor)
    spec = target_of(target).SPEC
    usable = _usable(actor, spec.kinds)
    form = ExportForm(request.POST or None, spec=spec, connections=usable)
    if request.method == "POST":
        made = accepted(
            form,
            lambda: operations.make_export(
                actor=actor, name=form.cleaned_data["name"], target=target, **_said(form, usable)
            ),
        )
        if made is not None:
            return redirect("export", made.name)
    context = {"form": form, "spec": spec, "usable": usable}
    return render(request, "connectors/new_export.html", context, status=422 if form.errors else 200)


def export(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.export_for(actor, name)
    may_change = actor.may(Permission.ADMINISTER)
    if request.method == "POST":
        _only_admins(actor)
    spec = target_of(found.target).SPEC
    usable = _usable(actor, spec.kinds)
    form = ExportForm(request.POST or None, spec=spec, connections=usable, export=found)
    if request.method == "POST":
        changed = accepted(form, lambda: operations.change_export(actor=actor, export=found, **_said(form, usable)))
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("export", name)
    return _page(request, found, form if may_change else None, status=422 if form.errors else 200)


def _page(request: HttpRequest, found: Export, form: ExportForm | None, status: int) -> HttpResponse:
    context = {
        "export": found, "spec": target_of(found.target).SPEC, "form": form, "schedule": in_words(found),
        "sendings": found.sendings.order_by("-pk")[:_SHOWN], "accounts": found.sent.count(),
    }  # fmt: skip
    return render(request, "connectors/export.html", context, status=status)


@require_POST
def send(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.export_for(actor, name)
    operations.ask_sending(actor=actor, export=found, everything="everything" in request.POST)
    messages.success(request, "It is sent as soon as a worker is free.")
    return redirect("export", name)


@require_POST
def pause_export(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.export_for(actor, name)
    operations.pause_export(actor=actor, export=found, paused=not found.is_paused)
    return redirect("export", name)


@require_POST
def remove_export(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    operations.remove_export(actor=actor, export=queries.export_for(actor, name))
    messages.success(request, f"The write-back {name} is gone; what was written stays.")
    return redirect("write_back")


def _usable(actor: Person, kinds: tuple[str, ...]) -> list[Connection]:
    return list(queries.connections(actor).filter(kind__in=kinds))


def _said(form: ExportForm, usable: list[Connection]) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "connection": next((one for one in usable if one.name == said.get("connection")), None), "said": form.said(),
        "columns": said.get("columns", ()), "only_changes": said["only_changes"], "schedule": said["schedule"],
    }  # fmt: skip


def _only_admins(actor: Person) -> None:
    if not actor.may(Permission.ADMINISTER):
        raise Forbidden(f"{actor.name} may not say where scores are sent; ask an admin")
