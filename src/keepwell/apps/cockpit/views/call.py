"""One call: its page, and everything that is done on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.models import User
from keepwell.apps.cockpit.files import as_file
from keepwell.apps.cockpit.forms import (
    AssignForm,
    AttachForm,
    CloseForm,
    CommentForm,
    DueForm,
    EditForm,
    PlaybookForm,
    RiskForm,
    SnoozeForm,
    TaskForm,
    WatchForm,
)
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.changing import (
    assign_call,
    edit_call,
    flag_call,
    move_call,
    move_due,
    set_mitigation,
    snooze_call,
)
from keepwell.apps.cockpit.operations.closing import close_call, reopen_call
from keepwell.apps.cockpit.operations.playbooks import apply_playbook
from keepwell.apps.cockpit.operations.talking import attach_file, attach_link, comment, detach, unwatch, watch
from keepwell.apps.cockpit.operations.tasks import add_task
from keepwell.apps.cockpit.owners import workers_of
from keepwell.apps.cockpit.playbooks import fitting, in_force
from keepwell.apps.cockpit.queries import attachment_for, call_for
from keepwell.apps.cockpit.shown import shown
from keepwell.errors import FieldRefused

Data = dict[str, Any]
Forms = dict[str, forms.Form]


@require_GET
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """The page of one call."""
    return page(request, call_for(actor_of(request), call_id))


def page(request: HttpRequest, found: CallToAction, failed: Mapping[str, forms.Form] | None = None) -> HttpResponse:
    """`failed`: a form that was refused, with what was typed; it stands open."""
    every = {**forms_of(found), **(failed or {})}
    for name, form in every.items():
        form.auto_id = f"{name}-%s"  # several forms of the page ask for a date
    context = {
        "shown": shown(actor_of(request), found), "call": found, "account": found.account, "forms": every,
        "failed": next(iter(failed or ()), request.GET.get("do", "")),
        "playbook_in_force": found.playbook in in_force(),
    }  # fmt: skip
    return render(request, "cockpit/call.html", context, status=422 if failed else 200)


def forms_of(found: CallToAction) -> Forms:
    """Every form of the page, as it is before anybody typed."""
    people = workers_of(found.account)
    return {
        "edit": EditForm(initial={"title": found.title, "text": found.text, "priority": found.priority}),
        "close": CloseForm(),
        "snooze": SnoozeForm(),
        "assign": AssignForm(people=people, initial={"owner_id": found.owner_id}),
        "due": DueForm(initial={"due_on": found.due_on, "with_tasks": True}),
        "playbook": PlaybookForm(books=fitting(found.type)),
        "task": TaskForm(people=people),
        "comment": CommentForm(),
        "watch": WatchForm(people=_watching(found)),
        "attach": AttachForm(),
        "risk": RiskForm(initial={"mitigation": found.mitigation, "review_on": found.review_on}),
    }


def _by_form(
    name: str, form_of: Callable[[QueryDict, CallToAction], forms.Form], change: Callable[..., object], done: str
) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view that takes a form of the page and changes what it asks for."""

    @require_POST
    def view(request: HttpRequest, call_id: int) -> HttpResponse:
        return _posted(request, call_id, name, lambda found: form_of(request.POST, found),
                       lambda data: change(actor=actor_of(request), call_id=call_id, **data), done)  # fmt: skip

    return view


def _people(found: CallToAction) -> list[User]:
    return workers_of(found.account)


_LOOKED_AT = "The call is closed; its account is looked at again 30, 60 and 90 days from now."
edit = _by_form("edit", lambda sent, _: EditForm(sent), edit_call, "Saved.")
close = _by_form("close", lambda sent, _: CloseForm(sent), close_call, _LOOKED_AT)
snooze = _by_form("snooze", lambda sent, _: SnoozeForm(sent), snooze_call, "Snoozed.")
assign = _by_form("assign", lambda sent, found: AssignForm(sent, people=_people(found)), assign_call, "Assigned.")
due = _by_form("due", lambda sent, _: DueForm(sent), move_due, "Moved.")
task = _by_form("task", lambda sent, found: TaskForm(sent, people=_people(found)), add_task, "Added.")
say = _by_form("comment", lambda sent, _: CommentForm(sent), comment, "Said.")
risk = _by_form("risk", lambda sent, _: RiskForm(sent), set_mitigation, "Saved.")
add_watcher = _by_form("watch", lambda sent, found: WatchForm(sent, people=_watching(found)), watch, "They watch.")
playbook = _by_form(
    "playbook", lambda sent, found: PlaybookForm(sent, books=fitting(found.type)), apply_playbook, "Its tasks are here."
)


@require_POST
def attach(request: HttpRequest, call_id: int) -> HttpResponse:
    """A link, or a file."""

    def done(data: Data) -> object:
        actor = actor_of(request)
        if data["file"] is None:
            return attach_link(actor=actor, call_id=call_id, url=data["url"], name=data["name"])
        file = data["file"]
        return attach_file(actor=actor, call_id=call_id, name=data["name"] or file.name, content=file.read())

    return _posted(request, call_id, "attach", lambda _: AttachForm(request.POST, request.FILES), done, "Attached.")


@require_POST
def move(request: HttpRequest, call_id: int) -> HttpResponse:
    return _done(request, call_id, lambda: move_call(actor=actor_of(request), call_id=call_id,
                                                     status=request.POST.get("status", "")))  # fmt: skip


@require_POST
def reopen(request: HttpRequest, call_id: int) -> HttpResponse:
    return _done(request, call_id, lambda: reopen_call(actor=actor_of(request), call_id=call_id))


@require_POST
def flag(request: HttpRequest, call_id: int) -> HttpResponse:
    flagged = request.POST.get("flagged") == "yes"
    return _done(request, call_id, lambda: flag_call(actor=actor_of(request), call_id=call_id, flagged=flagged))


@require_POST
def watching(request: HttpRequest, call_id: int) -> HttpResponse:
    """Oneself begins to watch, or stops."""
    change = watch if request.POST.get("watch") == "yes" else unwatch
    return _done(request, call_id, lambda: change(actor=actor_of(request), call_id=call_id))


@require_GET
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """What was attached."""
    return as_file(attachment_for(actor_of(request), attachment_id))


@require_POST
def remove_attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    call_id = attachment_for(actor_of(request), attachment_id).call_id
    detach(actor=actor_of(request), attachment_id=attachment_id)
    return redirect("call", call_id)


def _posted(
    request: HttpRequest, call_id: int, name: str, form_of: Callable[[CallToAction], forms.Form],
    change: Callable[[Data], object], done: str,
) -> HttpResponse:  # fmt: skip
    """Changes what the form asks for; else the page with the form as it was typed."""
    found = call_for(actor_of(request), call_id)
    form = form_of(found)
    if form.is_valid():
        try:
            change(form.cleaned_data)
            messages.success(request, done)
            return redirect("call", call_id)
        except FieldRefused as refused:
            form.add_error(_field(form, refused.field), str(refused))
    return page(request, call_for(actor_of(request), call_id), {name: form})


def _done(request: HttpRequest, call_id: int, change: Callable[[], object]) -> HttpResponse:
    """A change that is one button."""
    try:
        change()
    except FieldRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect(_back(request) or f"/cockpit/{call_id}/")


def _back(request: HttpRequest) -> str:
    """The board, where the button stood there."""
    back = request.POST.get("back", "")
    return back if back.startswith("/cockpit/board/") and "//" not in back[1:] else ""


def _field(form: forms.Form, name: str) -> str | None:
    meant = {"owner": "owner_id", "user": "user_id"}.get(name, name)
    return meant if meant in form.fields else None


def _watching(found: CallToAction) -> list[User]:
    """Everybody who could watch and does not."""
    already = set(found.watchers.values_list("user_id", flat=True))
    return [one for one in workers_of(found.account) if one.pk not in already]
