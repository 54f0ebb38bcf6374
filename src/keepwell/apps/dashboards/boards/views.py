"""Pages of boards: begun, copied, named, shared, offered, taken into the definitions, removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.apps.access.actors import Actor, NotVisible, actor_of, require
from keepwell.apps.access.roles import NAMES, Permission
from keepwell.apps.configuration.editing.operations import draft_to_edit
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.configuration.views.asking import configurator, say
from keepwell.apps.dashboards.boards import operations
from keepwell.apps.dashboards.boards.copying import text_of
from keepwell.apps.dashboards.boards.desks import Desk, desk_for, key_of_draft, undo_desk
from keepwell.apps.dashboards.boards.queries import board_for
from keepwell.apps.dashboards.boards.reading import entry_of, issues_in
from keepwell.apps.dashboards.boards.settings import page_of, save_lines, save_settings
from keepwell.apps.dashboards.building.form import DASHBOARD_FORM, new_dashboard
from keepwell.apps.dashboards.building.naming import names_of_accounts
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.apps.dashboards.catalogue import Shown, dashboard_for
from keepwell.definitions.issues import Issue
from keepwell.definitions.starting_dashboards import as_yaml
from keepwell.errors import FieldRefused, InputError, RequestRefused

_UNSENT = ("csrfmiddlewaretoken", "revision", "do", "lines")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An empty name makes no dashboard; anything else one that shows something already."""
    actor = actor_of(request)
    require(actor, Permission.VIEW)
    refusal, title, project = "", request.POST.get("title", "").strip(), current_project()
    if request.method == "POST" and project is not None:
        name = ENTRIES.name_from(title, {})
        try:
            text = as_yaml({name: new_dashboard(title, {}, project)})
            return redirect("arrange", operations.begin_board(actor=actor, text=text, title=title).key)
        except InputError as refused:
            refusal = str(refused)
    context = {"refusal": refusal, "title": title, "project": project}
    return render(request, "dashboards/boards/new.html", context, status=422 if refusal else 200)


@require_POST
def duplicate(request: HttpRequest, key: str) -> HttpResponse:
    """A copy of one's own of any dashboard that one sees."""
    actor = actor_of(request)
    shown = dashboard_for(actor, key)
    try:
        board = operations.begin_board(actor=actor, text=text_of(actor, shown), title=f"Copy of {shown.title}")
    except InputError as refused:
        say(request, refused)
        return redirect("dashboard", key)
    messages.success(request, f"This copy of {shown.title} is yours. Nobody else sees it until you share it.")
    return redirect("arrange", board.key)


@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Where a dashboard is changed: one's own where it stands, one of the definitions in a draft."""
    actor = actor_of(request)
    shown = dashboard_for(actor, key)
    if shown.source in ("own", "draft"):
        return redirect("arrange", desk_for(actor, key).key)
    draft = draft_to_edit(actor, DASHBOARD_FORM)
    if ENTRIES.entry_in(draft.files, shown.name) is None:
        draft = _taken_in(actor, draft, shown)
    return redirect("arrange", key_of_draft(draft, shown.name))


def _taken_in(actor: Actor, draft: Draft, shown: Shown) -> Draft:
    entry = entry_of(text_of(actor, shown))[1]
    return change_draft(actor=actor, draft=draft, change=lambda files: ENTRIES.added(files, shown.name, entry))


@require_POST
def to_draft(request: HttpRequest, pk: int) -> HttpResponse:
    actor = configurator(request)
    try:
        draft, name = operations.take_into_draft(actor=actor, board=board_for(actor, pk))
    except InputError as refused:
        say(request, refused)
        return redirect("edit_dashboards")
    return redirect("edit_dashboard", draft.pk, name)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, desk: str) -> HttpResponse:
    """Name, filters and sharing of a board; of a dashboard in a draft the editor of the definitions."""
    actor = actor_of(request)
    held = desk_for(actor, desk)
    if held.draft is not None:
        return redirect("edit_dashboard", held.draft.pk, held.name)
    if request.method != "POST":
        return _shown(request, held)
    typed = {key: str(value) for key, value in request.POST.items() if key not in _UNSENT}
    try:
        return _done(request, actor, held, typed)
    except FieldRefused as refused:
        return _shown(request, held, 422, refused={refused.field: str(refused)})
    except InputError as refused:
        issues = tuple(one for one in refused.problems if isinstance(one, Issue))
        refusal = "" if issues else str(refused)
        return _shown(request, held, 422, typed=typed, issues=issues, refusal=refusal, lines=request.POST.get("lines"))


def _done(request: HttpRequest, actor: Actor, desk: Desk, typed: dict[str, str]) -> HttpResponse:
    """What `do` says: save, yaml, share, offer, withdraw, remove, undo."""
    assert desk.board is not None
    do = request.POST.get("do", "save")
    if do == "remove":
        operations.remove_board(actor=actor, board=desk.board)
        messages.success(request, f"{desk.title} is gone.")
        return redirect("dashboards")
    if do in ("offer", "withdraw"):
        operations.offer_board(actor=actor, board=desk.board, offered=do == "offer")
    elif do == "share":
        operations.share_board(actor=actor, board=desk.board, roles=request.POST.getlist("roles"))
    elif do == "yaml":
        save_lines(actor=actor, desk=desk, lines=request.POST.get("lines", "").replace("\r\n", "\n"),
                   revision=_revision(request))  # fmt: skip
    elif do == "undo":
        undo_desk(actor=actor, desk=desk, revision=_revision(request))
    elif do == "save":
        saved = save_settings(actor=actor, desk=desk, typed=typed, revision=_revision(request))
        if saved.conflicts:
            kept = {one.field: typed.get(one.field, "") for one in saved.conflicts}
            return _shown(request, saved.desk, 409, typed=kept, conflicts=saved.conflicts)
    else:
        raise RequestRefused("choose what to do: save, share, offer, withdraw or remove it")
    messages.success(request, "Taken back." if do == "undo" else "Saved.")
    here = reverse("board_settings", args=[desk.key])
    return redirect(f"{here}?undo={desk.revision}" if do in ("save", "yaml") else here)


def _revision(request: HttpRequest) -> int:
    number = request.POST.get("revision", "")
    if not number.isdecimal() or len(number) > 9:
        raise RequestRefused("load the page again: the revision of the dashboard is not known")
    return int(number)


def _shown(request: HttpRequest, desk: Desk, status: int = 200, **more: Any) -> HttpResponse:
    project, board = current_project(), desk.board
    if project is None or board is None:
        raise NotVisible
    issues = more.pop("issues", ()) or issues_in(board.text, project)
    undo = request.GET.get("undo", "")
    lines = more.pop("lines", None)
    context = {
        "desk": desk, "board": board, "issues": issues, "names": names_of_accounts(project),
        "page": page_of(project, desk, issues, more.pop("typed", None)),
        "lines": ENTRIES.text_of(desk.files, desk.name) if lines is None else lines,
        "roles": [(role, words, role in board.shared_with) for role, words in NAMES.items()],
        "undo": undo if undo.isdecimal() and len(undo) < 9 and int(undo) < board.revision else "",
        "may_share": actor_of(request).may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "dashboards/boards/settings.html", context | more, status=status)
