"""Versions and drafts of the definitions, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration import operations, queries
from keepwell.apps.configuration.differences import changed_definitions, file_differences
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.projects import Files, checked, refuse_path
from keepwell.apps.rest.authentication import CONFIGURE, VIEW, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id, Sent

router = Router(tags=["Definitions"])
IfMatch = Annotated[
    str, Header(alias="If-Match", max_length=100, description="The ETag of the draft that the change is based on")
]


class DefinedOut(Schema):
    kind: str
    name: str
    title: str
    digest: str
    file: str
    line: int


class VersionOut(Schema):
    number: int
    digest: str
    note: str
    author_name: str
    origin: str
    published_at: datetime


class VersionDetail(VersionOut):
    files: dict[str, str]


class NoteIn(Sent):
    note: str = Field(min_length=1, max_length=10_000, examples=["Adoption weighs more since the new module"])


class DraftIn(Sent):
    name: str = Field(min_length=1, max_length=100, examples=["Heavier adoption"])


class FilesIn(Sent):
    """YAML by path below the project folder."""

    files: dict[str, str] = Field(max_length=1000, examples=[{"segments.yaml": "segments:\n  large: arr >= 100000\n"}])


class RevisionIn(Sent):
    revision: Id


class DraftOut(Schema):
    id: int
    name: str
    base_number: int
    revision: int
    author_id: int | None
    created_at: datetime
    updated_at: datetime
    updated_by: str

    @staticmethod
    def resolve_base_number(draft: Any) -> int:
        return int(draft.base.number)


class DraftDetail(DraftOut):
    """`revision` is in the ETag: send it as If-Match when you save."""

    files: dict[str, str]


class IssueOut(Schema):
    file: str
    line: int
    path: str
    message: str


class ChangedOut(Schema):
    kind: str
    name: str
    what: str
    words: list[str]


class LineOut(Schema):
    kind: str
    text: str


class FileOut(Schema):
    path: str
    what: str
    lines: list[LineOut]


class DifferenceOut(Schema):
    """`issues`: why the new side is no valid project; then there are no definitions to compare."""

    issues: list[IssueOut]
    definitions: list[ChangedOut]
    files: list[FileOut]


class Updated(Schema):
    """`conflicts`: files in which both changed the same lines; of those the draft's stay."""

    draft: DraftDetail
    conflicts: list[str]


@router.get("/inventory", response=list[DefinedOut], auth=VIEW, summary="What is defined")
def list_definitions(request: HttpRequest) -> list[dict[str, Any]]:
    """Every definition in force with its place and hash."""
    return [
        {"kind": kind, "name": one.name, "title": one.title, "digest": one.digest, "file": one.file, "line": one.line}
        for kind, found in queries.inventory().items()
        for one in found
    ]


@router.get("/versions", response=Page[VersionOut], auth=CONFIGURE, summary="List versions")
def list_versions(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Newest first."""
    require(actor_of(request), Permission.CONFIGURE)
    return page(Version.objects.defer("files", "hashes"), ["-number"], cursor, limit)


@router.get("/versions/{int:number}", response=VersionDetail, auth=CONFIGURE, summary="Get a version")
def get_version(request: HttpRequest, number: Id) -> Version:
    """With its files, to the byte."""
    require(actor_of(request), Permission.CONFIGURE)
    return queries.version(number)


@router.get(
    "/versions/{int:number}/difference", response=DifferenceOut, auth=CONFIGURE, summary="What a version changed"
)
def get_version_difference(request: HttpRequest, number: Id) -> dict[str, Any]:
    """Against the one before it."""
    require(actor_of(request), Permission.CONFIGURE)
    before = queries.version_before(number)
    return _difference(before.files if before else {}, queries.version(number).files)


@router.post("/versions/{int:number}/restore", response={201: VersionOut}, auth=CONFIGURE, summary="Restore a version")
def restore_version(request: HttpRequest, number: Id, sent: NoteIn) -> Status[Version]:
    """Publishes its files anew; what was published since stays in the history."""
    made = operations.restore(actor=actor_of(request), version=queries.version(number), note=sent.note)
    return Status(201, made)


@router.get("/drafts", response=Page[DraftOut], auth=CONFIGURE, summary="List drafts")
def list_drafts(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """The one begun last first."""
    require(actor_of(request), Permission.CONFIGURE)
    return page(queries.drafts(), ["-pk"], cursor, limit)


@router.post("/drafts", response={201: DraftDetail}, auth=CONFIGURE, summary="Begin a draft")
def post_draft(request: HttpRequest, sent: DraftIn, response: HttpResponse) -> Status[Draft]:
    """Of what is in force."""
    return Status(201, _tagged(operations.start_draft(actor=actor_of(request), name=sent.name), response))


@router.get("/drafts/{int:draft_id}", response=DraftDetail, auth=CONFIGURE, summary="Get a draft")
def get_draft(request: HttpRequest, draft_id: Id, response: HttpResponse) -> Draft:
    """Its ETag is what a change is based on."""
    return _tagged(_draft(actor_of(request), draft_id), response)


@router.put("/drafts/{int:draft_id}/files", response=DraftDetail, auth=CONFIGURE, summary="Save a draft")
def put_draft_files(
    request: HttpRequest, draft_id: Id, sent: FilesIn, response: HttpResponse, if_match: IfMatch = ""
) -> Draft:
    """All files, valid or not. 428 without If-Match; 412 with what stands now where somebody saved since."""
    actor = actor_of(request)
    draft = _draft(actor, draft_id)
    for path in sent.files:
        refuse_path(path)
    saved = operations.save_draft(actor=actor, draft=draft, files=sent.files, revision=_revision(if_match))
    return _tagged(saved, response)


@router.patch("/drafts/{int:draft_id}/files", response=DraftDetail, auth=CONFIGURE, summary="Change files of a draft")
def patch_draft_files(request: HttpRequest, draft_id: Id, sent: FilesIn, response: HttpResponse) -> Draft:
    """Those that are sent; the others stay as whoever saved them last left them."""
    actor = actor_of(request)
    draft = _draft(actor, draft_id)
    return _tagged(operations.take_files(actor=actor, draft=draft, files=sent.files, whole=False), response)


@router.get("/drafts/{int:draft_id}/difference", response=DifferenceOut, auth=CONFIGURE, summary="What a draft changes")
def get_draft_difference(request: HttpRequest, draft_id: Id) -> dict[str, Any]:
    """Against the version it was begun from, in lines and in words; with everything that is wrong with it."""
    draft = _draft(actor_of(request), draft_id)
    return _difference(draft.base.files, draft.files)


@router.post("/drafts/{int:draft_id}/undo", response=DraftDetail, auth=CONFIGURE, summary="Undo saves of a draft")
def undo_draft(request: HttpRequest, draft_id: Id, sent: RevisionIn, response: HttpResponse) -> Draft:
    """Back to a revision, as one more revision."""
    actor = actor_of(request)
    return _tagged(operations.undo(actor=actor, draft=_draft(actor, draft_id), revision=sent.revision), response)


@router.post("/drafts/{int:draft_id}/update", response=Updated, auth=CONFIGURE, summary="Bring a draft up to date")
def update_draft(request: HttpRequest, draft_id: Id) -> dict[str, Any]:
    """Takes in what was published since it began."""
    actor = actor_of(request)
    draft, conflicts = operations.bring_up_to_date(actor=actor, draft=_draft(actor, draft_id))
    return {"draft": draft, "conflicts": list(conflicts)}


@router.post("/drafts/{int:draft_id}/publish", response={201: VersionOut}, auth=CONFIGURE, summary="Publish a draft")
def publish_draft(request: HttpRequest, draft_id: Id, sent: NoteIn, if_match: IfMatch = "") -> Status[Version]:
    """A new version; the draft ends. With If-Match only as you last saw it."""
    actor = actor_of(request)
    draft = _draft(actor, draft_id)
    if if_match and _revision(if_match) != draft.revision:
        raise HttpError(412, f"{draft.updated_by} has saved this draft meanwhile; get it again")
    return Status(201, operations.publish_draft(actor=actor, draft=draft, note=sent.note))


@router.delete("/drafts/{int:draft_id}", response={204: None}, auth=CONFIGURE, summary="Discard a draft")
def delete_draft(request: HttpRequest, draft_id: Id) -> None:
    """What is in force stays."""
    actor = actor_of(request)
    operations.discard_draft(actor=actor, draft=_draft(actor, draft_id))


def _draft(actor: Actor, draft_id: int) -> Draft:
    require(actor, Permission.CONFIGURE)
    return queries.draft(draft_id)


def _tagged(draft: Draft, response: HttpResponse) -> Draft:
    response["ETag"] = f'"{draft.revision}"'
    return draft


def _revision(if_match: str) -> int:
    """The revision that an ETag of ours names. Raises 428 without one, 412 for another one."""
    if not if_match:
        raise HttpError(428, "send If-Match with the ETag of the draft, so that nobody's work is lost")
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise HttpError(412, f"{if_match} is no ETag of this draft; get it again")
    return int(text)


def _difference(old: Files, new: Files) -> dict[str, Any]:
    before, _ = checked(old) if old else (None, ())
    after, issues = checked(new)
    return {
        "issues": list(issues),
        "definitions": list(changed_definitions(before, after)) if after else [],
        "files": list(file_differences(old, new)),
    }
