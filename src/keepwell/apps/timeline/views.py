"""The timeline of everybody and of one account; writing, editing, letters, types."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import Forbidden, NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for
from keepwell.apps.timeline.content import past_of
from keepwell.apps.timeline.forms import EntryForm, FilterForm, LetterForm, TypeForm, initial_of
from keepwell.apps.timeline.judged import feelings_of
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.apps.timeline.operations import (
    add_letter,
    add_type,
    discard_draft,
    edit_entry,
    retire_type,
    save_draft,
    write_entry,
)
from keepwell.apps.timeline.queries import Filter, before, drafts_of, entries, entry_for, may_edit, types, unit_names
from keepwell.errors import RequestRefused

PAGE = 50


@require_GET
def timeline(request: HttpRequest, account_id: str = "") -> HttpResponse:
    """Entries of all accounts one sees, or of one, narrowed by filters."""
    actor = actor_of(request)
    account = account_for(actor, account_id) if account_id else None
    form = FilterForm(request.GET, units=_units(account) if account else ())
    found = entries(actor, _filter(form, account_id))
    mark = _mark(request.GET.get("before", ""))
    some = list((before(found, *mark) if mark else found)[: PAGE + 1])
    shown = some[:PAGE]
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "account": account, "entries": shown, "feelings": feelings_of(shown), "units": unit_names(shown),
        "form": form, "query": query.urlencode(),
        "next": f"{shown[-1].occurred_at.isoformat()}_{shown[-1].pk}" if len(some) > PAGE else "",
        "narrowed": any(form.data.get(name) for name in form.fields),
        "drafts": drafts_of(actor, account_id) if account else (), "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "timeline/list.html", context, status=200 if form.is_valid() else 422)


@require_GET
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with what it said before each edit."""
    actor = actor_of(request)
    found = entry_for(actor, entry_id)
    own = [(one["title"], found.fields.get(one["name"])) for one in found.type.fields if found.fields.get(one["name"])]
    context = {"entry": found, "own": own, "revisions": past_of(found), "units": unit_names([found]),
               "feelings": feelings_of([found]), "may_edit": may_edit(actor, found)}  # fmt: skip
    return render(request, "timeline/entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, account_id: str) -> HttpResponse:
    """The form of a new entry, or of a draft that goes on."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    draft = _draft(request, account)
    kind = _kind(draft.type.name if draft else request.GET.get("type", "update"))
    form = _form(request, kind, account, draft)
    if request.method == "POST" and form.is_valid():
        try:
            written = write_entry(
                actor=actor, account_id=account_id, content=form.content, draft_id=draft.pk if draft else None
            )
            messages.success(request, "It stands on the timeline.")
            return redirect("timeline_entry", written.pk)
        except RequestRefused as refused:
            form.add_error(None, str(refused))
    return _form_page(request, account, kind, form, draft=draft)


@require_POST
def autosave(request: HttpRequest, account_id: str) -> HttpResponse:
    """Keeps what is being written, as far as it is valid; answers with the draft's state."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    draft = _draft(request, account)
    form = _form(request, _kind(request.GET.get("type", "update")), account, draft)
    form.is_valid()
    try:
        saved = save_draft(
            actor=actor, account_id=account_id, content=form.content, draft_id=draft.pk if draft else None
        )
    except RequestRefused as refused:
        return render(request, "timeline/_draft.html", {"draft": draft, "problem": str(refused)})
    return render(request, "timeline/_draft.html", {"draft": saved, "saved_at": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = entry_for(actor, entry_id)
    if not may_edit(actor, found):
        raise Forbidden(f"{actor.name} may not edit what {found.author} wrote; only its author and admins may")
    form = _form(request, found.type, found.account, found)
    if request.method == "POST" and form.is_valid():
        try:
            edit_entry(actor=actor, entry_id=entry_id, content=form.content)
            messages.success(request, "Saved; what it said before is kept.")
            return redirect("timeline_entry", entry_id)
        except RequestRefused as refused:
            form.add_error(None, str(refused))
    return _form_page(request, found.account, found.type, form, entry=found)


@require_POST
def discard(request: HttpRequest, entry_id: int) -> HttpResponse:
    account = entry_for(actor_of(request), entry_id).account_id
    discard_draft(actor=actor_of(request), entry_id=entry_id)
    messages.success(request, "The draft is gone.")
    return redirect("account_timeline", account)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, account_id: str) -> HttpResponse:
    """An e-mail file becomes an entry."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    form = LetterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            written = add_letter(actor=actor, account_id=account_id, raw=form.cleaned_data["file"].read())
            messages.success(request, "The letter stands on the timeline.")
            return redirect("timeline_entry", written.pk)
        except RequestRefused as refused:
            form.add_error("file", str(refused))
    status = 422 if request.method == "POST" else 200
    return render(request, "timeline/upload.html", {"account": account, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_types(request: HttpRequest) -> HttpResponse:
    """Types of entries, and the form for one's own."""
    actor = actor_of(request)
    require(actor, Permission.CONFIGURE)
    form = TypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_type(actor=actor, title=form.cleaned_data["title"], fields=form.cleaned_data["fields_text"])
            messages.success(request, "Added; it can be chosen from now on.")
            return redirect("entry_types")
        except RequestRefused as refused:
            form.add_error(None, str(refused))
    context = {"types": types(), "form": form}
    return render(request, "timeline/types.html", context, status=422 if form.is_bound else 200)


@require_POST
def retire(request: HttpRequest, name: str) -> HttpResponse:
    retire_type(actor=actor_of(request), name=name)
    messages.success(request, "No new entries of this type; those there are stay.")
    return redirect("entry_types")


def _filter(form: FilterForm, account_id: str) -> Filter:
    form.is_valid()
    data = form.cleaned_data
    return Filter(
        words=data.get("q", ""), type=data.get("type", ""), author=data.get("author", ""),
        sentiment=data.get("sentiment", ""), since=data.get("since"), until=data.get("until"),
        drafts=bool(data.get("drafts")), account_id=account_id, unit=data.get("unit", ""),
    )  # fmt: skip


def _mark(text: str) -> tuple[datetime, int] | None:
    """Where the page before ended."""
    moment, _, pk = text.replace(" ", "+").rpartition("_")
    try:
        found = parse_datetime(moment)
    except ValueError:
        found = None
    return (found, int(pk[:18])) if found is not None and found.tzinfo and pk.isdecimal() else None


def _kind(name: str) -> EntryType:
    found = types().filter(name=name).first()
    if found is None:
        raise NotVisible
    return found


def _draft(request: HttpRequest, account: Account) -> TimelineEntry | None:
    """The actor's own draft that the request names."""
    named = request.POST.get("draft") or request.GET.get("draft") or ""
    if not named.isdecimal():
        return None
    return drafts_of(actor_of(request), account.pk).filter(pk=int(named[:18])).first()


def _form(request: HttpRequest, kind: EntryType, account: Account, entry: TimelineEntry | None) -> EntryForm:
    initial: dict[str, Any] = initial_of(entry) if entry else {"occurred_at": timezone.now()}
    return EntryForm(kind, _units(account), request.POST if request.method == "POST" else None, initial=initial)


def _units(account: Account) -> list[tuple[str, str]]:
    return list(account.relationships.filter(in_population=True).order_by("name").values_list("pk", "name"))


def _form_page(
    request: HttpRequest, account: Account, kind: EntryType, form: EntryForm, **context: object
) -> HttpResponse:
    context |= {"account": account, "kind": kind, "form": form, "types": types()}
    return render(request, "timeline/write.html", context, status=422 if form.is_bound else 200)
