"""Imports of results in the browser: a file is brought, its columns matched, what it would do seen, then taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.surveys.importing import operations
from keepwell.apps.surveys.importing.giving import rejected_rows
from keepwell.apps.surveys.importing.models import SurveyImport, SurveyImportStatus
from keepwell.apps.surveys.importing.place import MOST_BYTES, MOST_ROWS, file_of
from keepwell.apps.surveys.importing.reading import fields_of, look
from keepwell.apps.surveys.results.reading import subject_of
from keepwell.apps.surveys.results.surveys import beside
from keepwell.errors import FieldRefused, RequestRefused

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, survey: str) -> HttpResponse:
    """All imports of the survey; a post brings a file."""
    actor = actor_of(request)
    require(actor, Permission.BULK)
    subject = subject_of(survey)
    if request.method != "POST":
        return _page(request, survey)
    file = request.FILES.get("file")
    if file is None or subject.in_force is None:
        return _page(request, survey, "choose a CSV file" if subject.in_force else "the survey is not defined any more")
    if (file.size or 0) > MOST_BYTES:
        return _page(request, survey, f"the file has more than {MOST_BYTES // 1_000_000} MB: split it")
    with NamedTemporaryFile(suffix=".csv") as held:
        for piece in file.chunks():
            held.write(piece)
        held.flush()
        try:
            one = operations.bring(actor=actor, survey=survey, file_name=file.name or "", path=Path(held.name))
        except FieldRefused as refused:
            return _page(request, survey, str(refused))
    return redirect("survey_import", survey, one.pk)


@require_GET
def one(request: HttpRequest, survey: str, import_id: int) -> HttpResponse:
    return _one(request, operations.import_for(actor_of(request), survey, import_id))


@require_POST
def match(request: HttpRequest, survey: str, import_id: int) -> HttpResponse:
    columns = dict(zip(request.POST.getlist("source"), request.POST.getlist("into"), strict=False))
    return _do(request, survey, import_id, lambda found: operations.match(
        actor=actor_of(request), one=found, columns=columns), columns)  # fmt: skip


@require_POST
def take(request: HttpRequest, survey: str, import_id: int) -> HttpResponse:
    mode, told = request.POST.get("mode", ""), "told" in request.POST
    return _do(request, survey, import_id, lambda found: operations.take(
        actor=actor_of(request), one=found, mode=mode, told=told))  # fmt: skip


@require_POST
def undo(request: HttpRequest, survey: str, import_id: int) -> HttpResponse:
    def undone(found: SurveyImport) -> None:
        count = operations.undo(actor=actor_of(request), one=found)
        messages.success(request, f"{count:,} answers are gone again.")

    return _do(request, survey, import_id, undone)


@require_POST
def discard(request: HttpRequest, survey: str, import_id: int) -> HttpResponse:
    found = operations.import_for(actor_of(request), survey, import_id)
    try:
        operations.discard(actor=actor_of(request), one=found)
    except RequestRefused as refused:
        return _one(request, found, str(refused))
    messages.success(request, f"{found.file_name} is thrown away; nothing of it was taken.")
    return redirect("survey_imports", survey)


@require_GET
def rejected(request: HttpRequest, survey: str, import_id: int) -> HttpResponseBase:
    """The rows that are not taken, as they stood, each with its reasons."""
    found = operations.import_for(actor_of(request), survey, import_id)
    checked = operations.checked(actor=actor_of(request), one=found)
    lines = rejected_rows(file_of(found.pk), checked)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-{found.pk}.csv"'
    return answer


def _do(
    request: HttpRequest, survey: str, import_id: int, change: Callable[[SurveyImport], Any],
    typed: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    found = operations.import_for(actor_of(request), survey, import_id)
    try:
        change(found)
    except RequestRefused as refused:
        return _one(request, found, "; ".join(map(str, refused.problems)), typed)
    return redirect("survey_import", survey, import_id)


def _page(request: HttpRequest, survey: str, error: str = "") -> HttpResponse:
    subject = subject_of(survey)
    context = {
        **beside(actor_of(request), subject, "imports"),
        "imports": SurveyImport.objects.filter(survey=survey).order_by("-pk")[:SHOWN],
        "error": error, "limit": MOST_BYTES // 1_000_000, "most": MOST_ROWS,
        "fields": fields_of(subject.in_force) if subject.in_force else {},
    }  # fmt: skip
    return render(request, "surveys/importing/list.html", context, status=422 if error else 200)


def _one(
    request: HttpRequest, found: SurveyImport, error: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    waits = found.status == SurveyImportStatus.CHECKED
    context = {
        **beside(actor_of(request), subject_of(found.survey), "imports"),
        "import": found,
        "error": error,
        "waits": waits,
    }
    if waits:
        head = look(file_of(found.pk))
        columns = typed or found.columns
        context |= {
            "columns": [(name, head.examples(name), columns.get(name, "")) for name in head.header],
            "fields": fields_of(subject_of(found.survey).survey), **_checked(request, found),
        }  # fmt: skip
    return render(request, "surveys/importing/one.html", context, status=422 if error else 200)


def _checked(request: HttpRequest, found: SurveyImport) -> dict[str, Any]:
    """What it would do; why that cannot be told, where columns are missing."""
    try:
        checked = operations.checked(actor=actor_of(request), one=found)
    except RequestRefused as refused:
        return {"missing": list(map(str, refused.problems))}
    return {"checked": checked, "some": checked.rejected[:SHOWN]}
