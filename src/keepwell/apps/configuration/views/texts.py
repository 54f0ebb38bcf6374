"""The YAML itself: one file in an editor, files in, files out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.configuration import archives, operations, queries
from keepwell.apps.configuration.differences import lines_between
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.views.asking import configurator, say
from keepwell.errors import InputError, RequestRefused


def definitions(request: HttpRequest) -> HttpResponse:
    """What is defined and in force, by kind, each with the file that holds it."""
    configurator(request)
    context = {"kinds": queries.inventory(), "current": queries.current_version(), "drafts": queries.drafts()}
    return render(request, "configuration/definitions.html", context)


def text(request: HttpRequest, draft_id: int, path: str) -> HttpResponse:
    """One file of a draft; saved as it is typed."""
    actor, draft = configurator(request), queries.draft(draft_id)
    if path not in draft.files:
        raise NotVisible
    if request.method != "POST":
        return _text(request, draft, path, draft.files[path])
    typed = with_line_ends(request.POST.get("text", ""), draft.files[path])
    try:
        revision = int(request.POST.get("revision", ""))
        saved = operations.save_text(actor=actor, draft=draft, path=path, text=typed, revision=revision)
    except operations.Outdated as outdated:
        theirs = outdated.theirs.get(path, "")
        again = queries.draft(draft_id)
        between = list(lines_between(theirs, typed))
        return _text(request, again, path, typed, 409, refusal=str(outdated), between=between)
    except (RequestRefused, ValueError):
        return _text(request, draft, path, typed, 422, refusal="open the file again: its revision is not known")
    return _text(request, saved, path, saved.files[path], saved=True)


@require_POST
def upload(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Files, a zipped folder or pasted YAML into a draft; whatever is wrong in them is listed on its page."""
    actor, draft = configurator(request), queries.draft(draft_id)
    try:
        files = archives.files_in({one.name or "": one.read() for one in request.FILES.getlist("files")})
        if request.POST.get("pasted", "").strip():
            name = request.POST.get("path", "").strip() or "pasted.yaml"
            files[name] = with_line_ends(request.POST["pasted"], "")
        operations.take_files(actor=actor, draft=draft, files=files, whole=request.POST.get("whole") == "on")
        messages.success(request, f"{len(files)} file{'s are' if len(files) != 1 else ' is'} in the draft.")
    except InputError as refused:
        say(request, refused)
    return redirect("draft", draft_id)


def download_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """All files of a draft as a zip."""
    configurator(request)
    draft = queries.draft(draft_id)
    return _zip(archives.archive_of(draft.files), f"definitions-draft-{draft.pk}")


def download_version(request: HttpRequest, number: int) -> HttpResponse:
    """All files of a version as a zip, to the byte as they were published."""
    configurator(request)
    return _zip(archives.archive_of(queries.version(number).files), f"definitions-version-{number}")


def with_line_ends(typed: str, held: str) -> str:
    """A browser sends \\r\\n whatever stood there: the line ends of the file are kept."""
    plain = typed.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in held else plain


def _zip(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )


def _text(request: HttpRequest, draft: Draft, path: str, shown: str, status: int = 200, **more: object) -> HttpResponse:
    issues = [one for one in checked(draft.files)[1] if one.file in (path, "definitions")]
    template = "configuration/_text.html" if request.headers.get("HX-Request") else "configuration/text.html"
    context = {"draft": draft, "path": path, "text": shown, "issues": issues, "rows": min(shown.count("\n") + 3, 40)}
    return render(request, template, context | more, status=status)
