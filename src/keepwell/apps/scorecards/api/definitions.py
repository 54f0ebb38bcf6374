"""Definitions over the API: what is in force, what other files would change, and publishing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from keepwell.apps.configuration.operations import Outdated
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.rest.authentication import CONFIGURE
from keepwell.apps.scorecards import planning
from keepwell.errors import DefinitionsRefused, RequestRefused

router = Router(tags=["Definitions"])


class VersionOut(Schema):
    """A publication; number 0 before the first."""

    number: int
    digest: str
    note: str
    author: str
    origin: str
    published_at: datetime | None
    files: dict[str, str]


class FilesIn(Schema):
    """YAML by path below the project folder. `base`: the version that the files were begun from."""

    files: dict[str, str] = Field(..., max_length=1000)
    base: int | None = Field(None, ge=1, le=2**31 - 1)


class ApplyIn(FilesIn):
    note: str = Field(..., max_length=10_000)


class IssueOut(Schema):
    file: str
    line: int
    path: str
    message: str


class ChangedOut(Schema):
    kind: str
    name: str
    what: str
    old_hash: str
    new_hash: str
    words: list[str]


class LineOut(Schema):
    kind: str
    text: str


class FileOut(Schema):
    path: str
    what: str
    lines: list[LineOut]


class BandOut(Schema):
    label: str
    before: int
    after: int


class EffectOut(Schema):
    accounts: int
    up: int
    down: int
    other: int
    changed: int
    bands: list[BandOut]


class PlanOut(Schema):
    """`theirs`: what was published since `base`; `both`: files that this and they change."""

    number: int
    base: int | None
    issues: list[IssueOut]
    definitions: list[ChangedOut]
    files: list[FileOut]
    theirs: list[FileOut]
    both: list[str]
    effect: EffectOut | None
    no_effect: str


class PublishedOut(Schema):
    number: int
    digest: str
    note: str
    is_new: bool


class RefusedOut(Schema):
    title: str
    detail: str
    status: int
    issues: list[IssueOut] = Field(default_factory=list)


@router.get("/definitions", response=VersionOut, auth=CONFIGURE, summary="The definitions in force")
def definitions(request: HttpRequest) -> dict[str, Any]:
    """Their files, to the byte, with the number that a plan is based on."""
    from keepwell.apps.access.actors import require
    from keepwell.apps.access.roles import Permission

    require(request.auth, Permission.CONFIGURE)  # type: ignore[attr-defined]
    newest = current_version()
    if newest is None:
        return {"number": 0, "digest": "", "note": "", "author": "", "origin": "", "published_at": None, "files": {}}
    return {
        "number": newest.number,
        "digest": newest.digest,
        "note": newest.note,
        "author": newest.author_name,
        "origin": newest.origin,
        "published_at": newest.published_at,
        "files": newest.files,
    }


@router.post("/definitions/plan", response=PlanOut, auth=CONFIGURE, summary="What publishing files would change")
def plan(request: HttpRequest, sent: FilesIn) -> dict[str, Any]:
    """In words, lines and accounts that would move; nothing is changed."""
    found = planning.plan(request.auth, sent.files, sent.base)  # type: ignore[attr-defined]
    effect = found.effect
    return {
        "number": found.newest.number if found.newest else 0,
        "base": found.base,
        "issues": found.issues,
        "definitions": found.definitions,
        "files": found.files,
        "theirs": found.theirs,
        "both": found.both,
        "effect": effect and {**_counts(effect), "accounts": effect.entities.num_rows, "bands": effect.bands},
        "no_effect": found.no_effect,
    }


@router.post(
    "/definitions/apply",
    response={200: PublishedOut, 409: RefusedOut, 422: RefusedOut},
    auth=CONFIGURE,
    summary="Publish files",
)
def apply(request: HttpRequest, sent: ApplyIn) -> Status[dict[str, Any]]:
    """A new version of all definitions; 409 where somebody published since `base`."""
    before = current_version()
    try:
        version = planning.apply(request.auth, sent.files, sent.note, sent.base)  # type: ignore[attr-defined]
    except DefinitionsRefused as refused:
        return Status(422, _refused("Definitions refused", str(refused), 422, list(refused.problems)))
    except Outdated as outdated:
        return Status(409, _refused("Both sides changed", str(outdated), 409))
    except RequestRefused as refused:
        status = 409 if sent.base is None and sent.note.strip() else 422
        return Status(status, _refused("Refused", str(refused), status))
    is_new = before is None or before.number != version.number
    found = {"number": version.number, "digest": version.digest, "note": version.note, "is_new": is_new}
    return Status(200, found)


def _counts(effect: Any) -> dict[str, int]:
    return {name: getattr(effect, name) for name in ("up", "down", "other", "changed")}


def _refused(title: str, detail: str, status: int, issues: list[Any] | None = None) -> dict[str, Any]:
    return {"title": title, "detail": detail, "status": status, "issues": issues or []}
