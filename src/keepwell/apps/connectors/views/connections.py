"""Connections: the list of all, and one with its settings, its streams and what the other side says."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Forbidden, actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.connectors import queries
from keepwell.apps.connectors.forms import ConnectionForm
from keepwell.apps.connectors.operations import connections as operations
from keepwell.apps.connectors.place import door
from keepwell.apps.connectors.scheduling import in_words
from keepwell.apps.ui.accepting import accepted
from keepwell.connect.extra import MISSING, is_installed
from keepwell.connect.registry import all_specs, source_of, spec_of
from keepwell.errors import FieldRefused, InputError

_PATIENCE = 10


def connectors(request: HttpRequest) -> HttpResponse:
    """Connections and syncs, those that need somebody first."""
    actor = actor_of(request)
    rows = [(one, in_words(one), queries.freshness(one)) for one in queries.syncs(actor)]
    context = {
        "connections": [(one, spec_of(one.kind)) for one in queries.connections(actor)],
        "syncs": rows, "kinds": all_specs(), "missing": "" if is_installed() else MISSING,
        "may_make": actor.may(Permission.ADMINISTER), "gone": queries.columns_gone(),
    }  # fmt: skip
    return render(request, "connectors/connectors.html", context)


def new_connection(request: HttpRequest, kind: str) -> HttpResponse:
    actor = actor_of(request)
    if not actor.may(Permission.ADMINISTER):
        raise Forbidden(f"{actor.name} may not make connections; ask an admin")
    spec = spec_of(kind)
    form = ConnectionForm(request.POST or None, spec=spec)
    if request.method == "POST":
        made = accepted(
            form,
            lambda: operations.make_connection(
                actor=actor, name=form.cleaned_data["name"], kind=kind, said=form.said()
            ),
        )
        if made is not None:
            operations.check_connection(actor=actor, connection=made)
            return redirect("connection", made.name)
    context = {"form": form, "spec": spec, "missing": "" if is_installed() else MISSING}
    return render(request, "connectors/new_connection.html", context, status=422 if form.errors else 200)


def connection(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.connection_for(actor, name)
    may_change = actor.may(Permission.ADMINISTER)
    if request.method == "POST" and not may_change:
        raise Forbidden(f"{actor.name} may not change connections; ask an admin")
    form = ConnectionForm(request.POST or None, spec=spec_of(found.kind), connection=found)
    if request.method == "POST":
        changed = accepted(form, lambda: operations.change_connection(actor=actor, connection=found, said=form.said()))
        if changed is not None:
            operations.check_connection(actor=actor, connection=changed)
            messages.success(request, "Saved.")
            return redirect("connection", name)
    context = {
        "connection": found, "spec": spec_of(found.kind), "form": form if may_change else None,
        "shown": queries.shown_settings(found), "syncs": found.syncs.order_by("name"),
    }  # fmt: skip
    return render(request, "connectors/connection.html", context, status=422 if form.errors else 200)


def streams(request: HttpRequest, name: str) -> HttpResponse:
    """What can be read, asked for when the page is there already."""
    found = queries.connection_for(actor_of(request), name)
    context = {"connection": found, "streams": [], "refused": ""}
    try:
        context["streams"] = source_of(found.kind).streams(queries.settings_of(found), door(patience=_PATIENCE))
    except InputError as refused:
        context["refused"] = str(refused)
    return render(request, "connectors/_streams.html", context)


@require_POST
def check_connection(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    operations.check_connection(actor=actor, connection=queries.connection_for(actor, name))
    return redirect("connection", name)


@require_POST
def remove_connection(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.connection_for(actor, name)
    try:
        operations.remove_connection(actor=actor, connection=found)
    except FieldRefused as refused:
        messages.error(request, str(refused))
        return redirect("connection", name)
    messages.success(request, f"The connection {name} is gone.")
    return redirect("connectors")
