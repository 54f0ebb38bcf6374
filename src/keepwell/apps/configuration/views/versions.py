"""Pages of what was published: the list, one version against another, restoring."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.configuration import operations, queries
from keepwell.apps.configuration.differences import changed_definitions, file_differences
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.views.asking import configurator
from keepwell.errors import RequestRefused


def versions(request: HttpRequest) -> HttpResponse:
    """Every publication, newest first."""
    configurator(request)
    return render(request, "configuration/versions.html", {"versions": Version.objects.select_related("author")})


def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version against the one before it, or against the one that is asked for."""
    configurator(request)
    return _page(request, queries.version(number))


@require_POST
def restore(request: HttpRequest, number: int) -> HttpResponse:
    actor, old = configurator(request), queries.version(number)
    note = request.POST.get("note", "")
    try:
        new = operations.restore(actor=actor, version=old, note=note)
    except RequestRefused as refused:
        return _page(request, old, note, str(refused))
    messages.success(request, f"Version {new.number} holds what version {number} held.")
    return redirect("version", new.number)


def _page(request: HttpRequest, found: Version, note: str = "", refusal: str = "") -> HttpResponse:
    asked = request.GET.get("versus", "")
    other = queries.version(int(asked)) if asked.isdigit() else queries.version_before(found.number)
    before = project_of(other.files) if other else None
    newest = queries.current_version()
    context = {
        "version": found,
        "other": other,
        "others": Version.objects.exclude(pk=found.pk),
        "files": file_differences(other.files if other else {}, found.files),
        "definitions": changed_definitions(before, project_of(found.files)),
        "is_newest": newest is not None and newest.pk == found.pk,
        "paths": sorted(found.files),
        "note": note or f"Back to version {found.number}: ",
        "refusal": refusal,
    }
    return render(request, "configuration/version.html", context, status=422 if refusal else 200)
