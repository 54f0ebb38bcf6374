"""Imports in the browser: a file is brought, its columns matched, what it would do seen, then taken or not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.connectors.importing import operations
from keepwell.apps.connectors.importing.arriving import Arrived, IntoDataFolder, limit, too_large
from keepwell.apps.connectors.importing.giving import rejected_file
from keepwell.apps.connectors.importing.models import Import
from keepwell.apps.connectors.importing.queries import import_for, imports_of
from keepwell.apps.connectors.importing.showing import matched_form, shown
from keepwell.apps.connectors.importing.targets import targets
from keepwell.errors import FieldRefused, RequestRefused

PAGE = 50


@csrf_exempt  # the token stands in the form, which must not be read before it is said where its file goes
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, newest first; a post brings a file."""
    require(actor_of(request), Permission.BULK)
    if request.method == "POST":
        request.upload_handlers = [IntoDataFolder(request)]
    return _imports(request)


@csrf_protect
def _imports(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    file, target = request.FILES.get("file"), request.POST.get("target", "")
    try:
        return redirect("import", _bring(request, file, target).pk)
    except FieldRefused as refused:
        return _page(request, refused)
    except RequestRefused as refused:
        return _page(request, FieldRefused("target", str(refused)))
    except NotVisible:
        return _page(request, FieldRefused("target", "choose what the file holds"))
    finally:
        if isinstance(file, Arrived):
            file.close()
            file.path.unlink(missing_ok=True)


def _bring(request: HttpRequest, file: Any, target: str) -> Import:
    if not isinstance(file, Arrived):
        raise FieldRefused("file", "choose a CSV file")
    if file.too_large:
        raise FieldRefused("file", too_large())
    return operations.bring(actor=actor_of(request), target=target, file_name=file.name or "", path=file.path)


def _page(request: HttpRequest, refused: FieldRefused | None = None) -> HttpResponse:
    found = imports_of(actor_of(request))
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    some = list(found[: PAGE + 1])
    titles = {one.name: one.title for one in targets()}
    context = {
        "imports": [(one, titles.get(one.target, one.target)) for one in some[:PAGE]],
        "next": some[PAGE - 1].pk if len(some) > PAGE else None,
        "targets": targets(),
        "chosen": request.POST.get("target") or request.GET.get("target", ""),
        "limit": limit() // 1_000_000,
        "error": refused,
    }
    return render(request, "connectors/importing/list.html", context, status=422 if refused else 200)


@require_GET
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    require(actor_of(request), Permission.BULK)
    return _one(request, import_for(actor_of(request), import_id))


def _one(request: HttpRequest, found: Import, error: str = "") -> HttpResponse:
    part = request.GET.get("part") == "state"
    template = "connectors/importing/_state.html" if part else "connectors/importing/one.html"
    typed = matched_form(request.POST) if "match" in request.POST else None
    return render(request, template, {**shown(found, typed), "error": error}, status=422 if error else 200)


@require_POST
def match_columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """What each column is; the rows are checked in the background."""
    columns, clears = matched_form(request.POST)
    return _do(request, import_id, lambda: operations.match(
        actor=actor_of(request), import_id=import_id, columns=columns, clears=clears))  # fmt: skip


@require_POST
def take_import(request: HttpRequest, import_id: int) -> HttpResponse:
    mode = request.POST.get("mode", "")
    return _do(request, import_id, lambda: operations.take(actor=actor_of(request), import_id=import_id, mode=mode))


@require_POST
def undo_import(request: HttpRequest, import_id: int) -> HttpResponse:
    return _do(request, import_id, lambda: operations.undo(actor=actor_of(request), import_id=import_id))


@require_POST
def discard_import(request: HttpRequest, import_id: int) -> HttpResponse:
    require(actor_of(request), Permission.BULK)
    found = import_for(actor_of(request), import_id)
    try:
        operations.discard(actor=actor_of(request), import_id=import_id)
    except RequestRefused as refused:
        return _one(request, found, str(refused))
    messages.success(request, f"{found.file_name} is thrown away; nothing of it was taken")
    return redirect("imports")


@require_GET
def rejected_rows(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The rows that were not taken, as they stood, each with its reason."""
    require(actor_of(request), Permission.BULK)
    return rejected_file(import_for(actor_of(request), import_id))


def _do(request: HttpRequest, import_id: int, change: Any) -> HttpResponse:
    require(actor_of(request), Permission.BULK)
    found = import_for(actor_of(request), import_id)
    try:
        change()
    except RequestRefused as refused:
        return _one(request, found, str(refused))
    return redirect("import", import_id)
