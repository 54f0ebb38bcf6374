"""The editor of scorecards, and the effect of a draft beside it."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.configuration import queries
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.scorecards import editing, operations
from keepwell.apps.scorecards.changes import change_of, told_of
from keepwell.apps.scorecards.page import page_of
from keepwell.apps.scorecards.parts import new_card
from keepwell.errors import InputError, RequestRefused

_UNSENT = ("csrfmiddlewaretoken", "revision", "do")


def scorecards(request: HttpRequest) -> HttpResponse:
    """The cards in force with order and conditions, and the drafts in which they can be changed."""
    configurator(request)
    version = queries.current_version()
    context = {
        "cards": _cards(version.files) if version else [],
        "current": version,
        "drafts": [(one, list(editing.cards_in(one.files))) for one in queries.drafts()],
    }
    return render(request, "scorecards/list.html", context)


def cards_of_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The cards of a draft: order, conditions, a new one."""
    actor, draft = configurator(request), queries.draft(draft_id)
    refusal = ""
    name = request.POST.get("name", "").strip()
    if request.method == "POST":
        try:
            change = _card_change(request, draft.files)
            draft = change_draft(actor=actor, draft=draft, change=change)
            if request.POST.get("do") == "add":
                return redirect("scorecard", draft.pk, name)
            return redirect("draft_scorecards", draft.pk)
        except InputError as refused:
            refusal = str(refused)
    context = {"draft": draft, "cards": _cards(draft.files), "refusal": refusal, "name": name}
    return render(request, "scorecards/cards.html", context, status=422 if refusal else 200)


def scorecard(request: HttpRequest, draft_id: int, card: str) -> HttpResponse:
    """The editor of one card."""
    configurator(request)
    return _editor(request, queries.draft(draft_id), card)


@require_POST
def save(request: HttpRequest, draft_id: int, card: str) -> HttpResponse:
    """What was typed, kept at once; answered with the form as it stands now."""
    actor, draft = configurator(request), queries.draft(draft_id)
    typed = {name: value for name, value in request.POST.items() if name not in _UNSENT and isinstance(value, str)}
    try:
        revision = int(request.POST.get("revision", ""))
        saved, conflicts = operations.save_card(actor=actor, draft=draft, card=card, typed=typed, revision=revision)
    except ValueError:
        return _editor(request, draft, card, 422, refusal="load the page again: the revision of the draft is not known")
    except InputError as refused:
        return _editor(request, queries.draft(draft_id), card, 422, refusal=str(refused))
    merged = saved.revision > revision + 1 or (saved.revision == revision + 1 and not typed)
    return _editor(
        request, saved, card, 409 if conflicts else 200, conflicts=conflicts, saved=True, merged=merged,
        undo=revision if saved.revision != revision else None,
    )  # fmt: skip


@require_POST
def structure(request: HttpRequest, draft_id: int, card: str) -> HttpResponse:
    """Groups, measures and overrides that come, go, move and get another name."""
    actor, draft = configurator(request), queries.draft(draft_id)
    do, before = request.POST.get("do", ""), draft.revision

    def typed(name: str) -> str:
        return request.POST.get(name, "")

    try:
        draft = change_draft(actor=actor, draft=draft, change=change_of(card, do, typed))
    except InputError as refused:
        kept = {name: value for name, value in request.POST.items() if name.startswith(("name", "key:"))}
        return _editor(request, queries.draft(draft_id), card, 422, refusal=str(refused), kept=kept)
    is_new = draft.revision != before
    return _editor(
        request, draft, card, saved=True, told=told_of(do, typed) if is_new else "",
        undo=before if is_new else None, arranged=not do.startswith(("up:", "down:")),
    )  # fmt: skip


def _editor(request: HttpRequest, draft: Draft, name: str, status: int = 200, **more: object) -> HttpResponse:
    card = editing.card_of(draft.files, name)
    path = editing.file_of(draft.files, editing.CARDS, name)
    if card is None or path is None:
        if name not in editing.cards_in(draft.base.files):
            raise NotVisible
        return redirect("draft", draft.pk)
    _, issues = checked(draft.files)
    newest = queries.current_version()
    context: dict[str, object] = {
        "draft": draft,
        "page": page_of(draft.files, name, card, issues),
        "issues": issues,
        "path": path,
        "text": draft.files[path],
        "cards": list(editing.cards_in(draft.files)),
        "outdated": newest is not None and newest.number != draft.base.number,
        "newest": newest,
    }
    template = "scorecards/_editor.html" if request.headers.get("HX-Request") else "scorecards/editor.html"
    response = render(request, template, context | more, status=status)
    if more.get("merged"):  # parts may stand elsewhere: a morph that moves them is nothing to rely on
        response["HX-Reswap"] = "outerHTML"
    if more.get("saved"):
        response["HX-Trigger"] = json.dumps({"draft-changed": {"revision": draft.revision}})
    return response


def _cards(files: Files) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "title": card.get("title") or name,
            "order": card.get("order") or "–",
            "applies_to": card.get("applies_to") or "everybody",
            "kind": card.get("for") or "account",
            "scheme": card.get("scheme") or "",
            "groups": ", ".join(card.get("groups") or {}),
        }
        for name, card in editing.cards_in(files).items()
    ]


def _card_change(request: HttpRequest, files: Files) -> Callable[[Files], Files]:
    what, _, which = request.POST.get("do", "").partition(":")
    name = request.POST.get("name", "").strip()
    if what == "add":
        card = new_card(files, name, request.POST.get("like", ""))
        return lambda now: editing.with_card(now, name, card)
    if what == "remove":
        return lambda now: editing.without_card(now, which)
    raise RequestRefused("choose what to do: add a card, or remove one")
