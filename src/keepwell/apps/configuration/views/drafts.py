"""Pages of drafts: what they change, and publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.configuration import operations, queries
from keepwell.apps.configuration.differences import changed_definitions, file_differences
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import checked, project_of
from keepwell.apps.configuration.views.asking import configurator, say
from keepwell.errors import DefinitionsRefused, InputError, RequestRefused


def drafts(request: HttpRequest) -> HttpResponse:
    """Every draft, and a new one."""
    actor = configurator(request)
    name = request.POST.get("name", "").strip()
    refusal = ""
    if request.method == "POST":
        try:
            draft = operations.start_draft(actor=actor, name=name or queries.free_draft_name(actor.name))
            return redirect(request.POST.get("then") or "draft", draft.pk)
        except RequestRefused as refused:
            refusal = str(refused)
    context = {"drafts": queries.drafts(), "name": name, "refusal": refusal, "current": queries.current_version()}
    return render(request, "configuration/drafts.html", context, status=422 if refusal else 200)


def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What a draft changes, in words and in lines, and its publication."""
    configurator(request)
    return _page(request, queries.draft(draft_id))


@require_POST
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor, found = configurator(request), queries.draft(draft_id)
    note = request.POST.get("note", "")
    try:
        version = operations.publish_draft(actor=actor, draft=found, note=note)
    except DefinitionsRefused:
        return _page(request, found, note, "Mend what is listed below first; nothing was published")
    except RequestRefused as refused:
        return _page(request, found, note, str(refused))
    messages.success(request, f"Version {version.number} is published. The next run scores with it.")
    return redirect("version", version.number)


@require_POST
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor, found = configurator(request), queries.draft(draft_id)
    operations.discard_draft(actor=actor, draft=found)
    messages.success(request, f"The draft '{found.name}' is discarded; what is published stands.")
    return redirect("drafts")


@require_POST
def undo(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Back to the revision that is named."""
    actor, found = configurator(request), queries.draft(draft_id)
    try:
        operations.undo(actor=actor, draft=found, revision=int(request.POST.get("revision") or 0))
        messages.success(request, "The last change is taken back.")
    except (InputError, ValueError) as refused:
        say(request, refused if isinstance(refused, InputError) else RequestRefused("name the revision to go back to"))
    return redirect(_back(request) or found.get_absolute_url())


@require_POST
def update(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Takes in what was published since the draft began."""
    actor, found = configurator(request), queries.draft(draft_id)
    _, conflicts = operations.bring_up_to_date(actor=actor, draft=found)
    if conflicts:
        names = ", ".join(conflicts)
        messages.error(
            request, f"Both changed the same lines of {names}; the draft's lines stay. Look at the difference."
        )
    else:
        messages.success(request, "The draft holds what was published meanwhile, and its own changes.")
    return redirect("draft", draft_id)


def _page(request: HttpRequest, found: Draft, note: str = "", refusal: str = "") -> HttpResponse:
    project, issues = checked(found.files)
    newest = queries.current_version()
    assert newest is not None
    context = {
        "draft": found,
        "files": file_differences(found.base.files, found.files),
        "definitions": changed_definitions(project_of(found.base.files), project) if project else (),
        "issues": issues,
        "paths": sorted(found.files),
        "newest": newest,
        "outdated": newest.number != found.base.number,
        "published_since": file_differences(found.base.files, newest.files)
        if newest.number != found.base.number
        else (),
        "note": note,
        "refusal": refusal,
    }
    return render(request, "configuration/draft.html", context, status=422 if refusal else 200)


def _back(request: HttpRequest) -> str:
    """A page of this application to go back to."""
    address = request.POST.get("back", "")
    return address if address.startswith("/configure/") else ""
