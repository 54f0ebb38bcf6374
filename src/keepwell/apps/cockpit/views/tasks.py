"""What is done on one task."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.forms import SkipForm, TaskForm
from keepwell.apps.cockpit.operations.tasks import do_task, edit_task, skip_task, undo_task
from keepwell.apps.cockpit.owners import workers_of
from keepwell.apps.cockpit.queries import task_for
from keepwell.errors import FieldRefused


@require_POST
def do(request: HttpRequest, task_id: int) -> HttpResponse:
    return _changed(request, task_id, lambda: do_task(actor=actor_of(request), task_id=task_id))


@require_POST
def undo(request: HttpRequest, task_id: int) -> HttpResponse:
    return _changed(request, task_id, lambda: undo_task(actor=actor_of(request), task_id=task_id))


@require_POST
def skip(request: HttpRequest, task_id: int) -> HttpResponse:
    form = SkipForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why it is left out, in up to 300 characters.")
        return _to(request, task_id)
    reason = form.cleaned_data["reason"]
    return _changed(request, task_id, lambda: skip_task(actor=actor_of(request), task_id=task_id, reason=reason))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, task_id: int) -> HttpResponse:
    """Its words, owner and date."""
    actor = actor_of(request)
    found = task_for(actor, task_id)
    require(actor, Permission.WRITE)
    initial = {"title": found.title, "help_text": found.help, "owner_id": found.owner_id, "due_on": found.due_on}
    said = request.POST if request.method == "POST" else None
    form = TaskForm(said, initial=initial, people=workers_of(found.call.account))
    if form.is_valid():
        try:
            edit_task(actor=actor, task_id=task_id, **form.cleaned_data)
            messages.success(request, "Saved.")
            return _to(request, task_id)
        except FieldRefused as refused:
            meant = {"owner": "owner_id"}.get(refused.field, refused.field)
            form.add_error(meant if meant in form.fields else None, str(refused))
    context = {"task": found, "call": found.call, "account": found.call.account, "form": form}
    return render(request, "cockpit/task.html", context, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, task_id: int, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except FieldRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return _to(request, task_id)


def _to(request: HttpRequest, task_id: int) -> HttpResponse:
    call_id = task_for(actor_of(request), task_id).call_id
    return redirect(f"/cockpit/{call_id}/#task-{task_id}")
