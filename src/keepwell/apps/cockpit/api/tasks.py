"""Tasks over the API, and their e-mails."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.cockpit.api.schemas import TaskOut
from keepwell.apps.cockpit.letters import contacts_of, letter_of
from keepwell.apps.cockpit.models import Task
from keepwell.apps.cockpit.operations.mailing import send_letter
from keepwell.apps.cockpit.operations.tasks import add_task, do_task, edit_task, skip_task, undo_task
from keepwell.apps.cockpit.queries import task_for
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.schemas import Day, Id, Sent

router = Router(tags=["Cockpit"])


class TaskIn(Sent):
    title: str = Field(min_length=1, max_length=300, examples=["Ask the sponsor for half an hour"])
    help_text: str = Field("", max_length=5000)
    owner_id: Id | None = None
    due_on: Day | None = None


class SkipIn(Sent):
    reason: str = Field(min_length=1, max_length=300)


class LetterOut(Schema):
    """`missing`: fields that nothing is known for. `contacts`: whom it can go to."""

    subject: str
    text: str
    missing: list[str]
    contacts: list[dict[str, str]]


class LetterIn(Sent):
    """`contact`: the key of a person at the customer."""

    contact: uuid.UUID
    subject: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=50_000)


@router.post("/calls/{int:call_id}/tasks", response={201: TaskOut}, auth=WRITE, summary="Add a task")
def post_task(request: HttpRequest, call_id: Id, sent: TaskIn) -> Status[Task]:
    """After those that are there."""
    return Status(201, add_task(actor=actor_of(request), call_id=call_id, **sent.dict()))


@router.get("/calls/tasks/{int:task_id}", response=TaskOut, auth=VIEW, summary="Get a task")
def get_task(request: HttpRequest, task_id: Id) -> Task:
    """One step of a call."""
    return task_for(actor_of(request), task_id)


@router.put("/calls/tasks/{int:task_id}", response=TaskOut, auth=WRITE, summary="Edit a task")
def put_task(request: HttpRequest, task_id: Id, sent: TaskIn) -> Task:
    """Its words, owner and date."""
    return edit_task(actor=actor_of(request), task_id=task_id, **sent.dict())


@router.post("/calls/tasks/{int:task_id}/do", response=TaskOut, auth=WRITE, summary="A task is done")
def post_task_done(request: HttpRequest, task_id: Id) -> Task:
    """If what it needs is."""
    return do_task(actor=actor_of(request), task_id=task_id)


@router.post("/calls/tasks/{int:task_id}/skip", response=TaskOut, auth=WRITE, summary="Leave a task out")
def post_task_skipped(request: HttpRequest, task_id: Id, sent: SkipIn) -> Task:
    """With a reason."""
    return skip_task(actor=actor_of(request), task_id=task_id, reason=sent.reason)


@router.post("/calls/tasks/{int:task_id}/undo", response=TaskOut, auth=WRITE, summary="A task is open again")
def post_task_undone(request: HttpRequest, task_id: Id) -> Task:
    """It was not done, or not left out, after all."""
    return undo_task(actor=actor_of(request), task_id=task_id)


@router.get("/calls/tasks/{int:task_id}/letter", response=LetterOut, auth=WRITE, summary="The e-mail of a task")
def get_letter(request: HttpRequest, task_id: Id, contact: uuid.UUID | None = None) -> dict[str, Any]:
    """With its fields filled, for the first contact unless another is named."""
    actor = actor_of(request)
    task = task_for(actor, task_id)
    if not task.email:
        raise NotVisible
    people = contacts_of(task.call.account)
    chosen = next((one for one in people if one.pk == contact), None if contact else next(iter(people), None))
    letter = letter_of(task, chosen, actor.user)
    contacts = [{"key": str(one.pk), "name": one.personal.name, "email": one.personal.email} for one in people]
    return {"subject": letter.subject, "text": letter.text, "missing": letter.missing, "contacts": contacts}


@router.post("/calls/tasks/{int:task_id}/letter", response=TaskOut, auth=WRITE, summary="Send the e-mail of a task")
def post_letter_sent(request: HttpRequest, task_id: Id, sent: LetterIn) -> Task:
    """As it is sent here, through the outbox; it stands on the timeline."""
    return send_letter(actor=actor_of(request), task_id=task_id, **sent.dict())
