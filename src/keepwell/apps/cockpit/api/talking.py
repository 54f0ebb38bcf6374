"""Comments, watchers and attachments over the API."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import Field

from keepwell.apps.cockpit.api.schemas import AttachmentOut, CommentOut, Somebody
from keepwell.apps.cockpit.files import as_file
from keepwell.apps.cockpit.models import Attachment, Comment
from keepwell.apps.cockpit.operations.talking import (
    LARGEST_FILE,
    attach_file,
    attach_link,
    comment,
    detach,
    unwatch,
    watch,
)
from keepwell.apps.cockpit.queries import attachment_for
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.schemas import Id, Sent
from keepwell.errors import FieldRefused

router = Router(tags=["Cockpit"])


class CommentIn(Sent):
    text: str = Field(min_length=1, max_length=10_000, description="Markdown; @ and a colleague's name tells them")


class LinkIn(Sent):
    url: str = Field(min_length=1, max_length=1000, examples=["https://docs.example/plan"])
    name: str = Field("", max_length=200)
    task_id: Id | None = None


class FileIn(Sent):
    """`content` in base64, at most 5 MB of it."""

    name: str = Field(min_length=1, max_length=200)
    content: str = Field(min_length=1, max_length=LARGEST_FILE * 2, json_schema_extra={"format": "byte"})
    task_id: Id | None = None


@router.post("/calls/{int:call_id}/comments", response={201: CommentOut}, auth=WRITE, summary="Comment on a call")
def post_comment(request: HttpRequest, call_id: Id, sent: CommentIn) -> Status[Comment]:
    """Owner, watchers and who is named hear of it."""
    return Status(201, comment(actor=actor_of(request), call_id=call_id, text=sent.text))


@router.put("/calls/{int:call_id}/watchers/{int:user_id}", response=Somebody, auth=VIEW, summary="Watch a call")
def put_watcher(request: HttpRequest, call_id: Id, user_id: Id) -> object:
    """Yourself, or a colleague of any team who sees the account."""
    return watch(actor=actor_of(request), call_id=call_id, user_id=user_id).user


@router.delete("/calls/{int:call_id}/watchers/{int:user_id}", response={204: None}, auth=VIEW, summary="Stop watching")
def delete_watcher(request: HttpRequest, call_id: Id, user_id: Id) -> None:
    """Whoever does not watch stays so."""
    unwatch(actor=actor_of(request), call_id=call_id, user_id=user_id)


@router.post("/calls/{int:call_id}/links", response={201: AttachmentOut}, auth=WRITE, summary="Attach a link")
def post_link(request: HttpRequest, call_id: Id, sent: LinkIn) -> Status[Attachment]:
    """To a call, or to one of its tasks."""
    return Status(201, attach_link(actor=actor_of(request), call_id=call_id, **sent.dict()))


@router.post("/calls/{int:call_id}/files", response={201: AttachmentOut}, auth=WRITE, summary="Attach a file")
def post_file(request: HttpRequest, call_id: Id, sent: FileIn) -> Status[Attachment]:
    """To a call, or to one of its tasks."""
    try:
        content = base64.b64decode(sent.content, validate=True)
    except (ValueError, binascii.Error):
        raise FieldRefused("body.content", "this is no base64: encode the file and send the text of that") from None
    made = attach_file(actor=actor_of(request), call_id=call_id, name=sent.name, content=content, task_id=sent.task_id)
    return Status(201, made)


@router.get("/calls/attachments/{int:attachment_id}", auth=VIEW, summary="Read a file", openapi_extra={
    "responses": {200: {"description": "The file", "content": {"application/octet-stream": {}}}}})  # fmt: skip
def get_attachment(request: HttpRequest, attachment_id: Id) -> HttpResponse:
    """What was attached; of a link its address as text."""
    return as_file(attachment_for(actor_of(request), attachment_id))


@router.delete(
    "/calls/attachments/{int:attachment_id}", response={204: None}, auth=WRITE, summary="Remove an attachment"
)
def delete_attachment(request: HttpRequest, attachment_id: Id) -> None:
    """By who attached it, and by those who administer."""
    detach(actor=actor_of(request), attachment_id=attachment_id)
