"""The timeline over the API: entries, drafts, letters, types of entries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from keepwell.apps.customers.queries import account_for
from keepwell.apps.rest.authentication import CONFIGURE, VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Day, Id, Key, Moment, Sent
from keepwell.apps.timeline.content import LONGEST, Content
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
from keepwell.apps.timeline.queries import Filter, entries, entry_for, types

router = Router(tags=["Timeline"])
Sentiment = Literal["", "positive", "neutral", "negative"]
Text = str | float | bool | None


class EntryIn(Sent):
    """`text` is Markdown; `fields` are those of the type."""

    type: str = Field(min_length=1, max_length=40, examples=["call"])
    title: str = Field(min_length=1, max_length=300, examples=["Quarterly review"])
    text: str = Field("", max_length=LONGEST, examples=["They want **single sign-on** before renewal"])
    occurred_at: Moment | None = Field(None, description="Now unless said otherwise; without offset it is UTC")
    fields: dict[str, Text] = Field({}, max_length=50, examples=[{"outcome": "good"}])
    attendees: list[str] = Field([], max_length=200)
    minutes: int | None = Field(None, ge=0, le=10_000)
    sentiment: Sentiment = ""
    links: list[str] = Field([], max_length=50, examples=[["https://meet.example/1"]])
    relationship_id: Key | None = None


class EntryOut(Schema):
    id: int
    account_id: str
    relationship_id: str | None
    type: str
    title: str
    text: str
    fields: dict[str, Any]
    attendees: list[str]
    minutes: int | None
    sentiment: str
    links: list[str]
    occurred_at: datetime
    recorded_at: datetime
    author: str
    origin: str
    is_draft: bool

    @staticmethod
    def resolve_type(entry: Any) -> str:
        return str(entry.type.name)


class RevisionOut(Schema):
    content: dict[str, Any]
    replaced_at: datetime
    replaced_by: str


class EntryDetail(EntryOut):
    """With what it said before each edit, newest first."""

    revisions: list[RevisionOut] = Field([])

    @staticmethod
    def resolve_revisions(entry: Any) -> list[Any]:
        return list(entry.revisions.order_by("-pk"))


class EntryQuery(Schema):
    q: str = Field("", max_length=200, description='Words; "a phrase", -without')
    type: str = Field("", max_length=40)
    author: str = Field("", max_length=150)
    unit: str = Field("", max_length=200, description="Id of a relationship")
    sentiment: Sentiment = ""
    since: Day | None = None
    until: Day | None = None
    drafts: bool = Field(False, description="Your own drafts instead of what was published")


class LetterIn(Sent):
    """`raw`: the text of an .eml file."""

    raw: str = Field(min_length=1, max_length=5_000_000)


class FieldIn(Sent):
    name: str = Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1, max_length=60)
    kind: Literal["text", "number", "date", "choice"]
    choices: list[str] = Field([], max_length=50)


class TypeIn(Sent):
    title: str = Field(min_length=1, max_length=60, examples=["Visit"])
    fields: list[FieldIn] = Field([], max_length=20)


class TypeOut(Schema):
    name: str
    title: str
    fields: list[dict[str, Any]]
    own: bool


@router.get("/timeline", response=Page[EntryOut], auth=VIEW, summary="List entries")
def list_entries(
    request: HttpRequest, asked: Query[EntryQuery], cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """About all accounts that you see, newest first."""
    return page(entries(actor_of(request), _filter(asked)), ["-occurred_at", "-pk"], cursor, limit)


@router.get("/accounts/{account_id}/timeline", response=Page[EntryOut], auth=VIEW, summary="Entries of an account")
def list_account_entries(
    request: HttpRequest, account_id: str, asked: Query[EntryQuery], cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Those of its units included, newest first."""
    account = account_for(actor_of(request), account_id)
    return page(entries(actor_of(request), _filter(asked, account.pk)), ["-occurred_at", "-pk"], cursor, limit)


@router.post("/accounts/{account_id}/timeline", response={201: EntryOut}, auth=WRITE, summary="Write an entry")
def post_entry(request: HttpRequest, account_id: str, sent: EntryIn) -> Status[TimelineEntry]:
    """It stands at once."""
    return Status(201, write_entry(actor=actor_of(request), account_id=account_id, content=_content(sent)))


@router.post("/accounts/{account_id}/timeline/drafts", response={201: EntryOut}, auth=WRITE, summary="Begin a draft")
def post_entry_draft(request: HttpRequest, account_id: str, sent: EntryIn) -> Status[TimelineEntry]:
    """Nobody else sees it."""
    return Status(201, save_draft(actor=actor_of(request), account_id=account_id, content=_content(sent)))


@router.put("/timeline/drafts/{int:entry_id}", response=EntryOut, auth=WRITE, summary="Go on with a draft")
def put_entry_draft(request: HttpRequest, entry_id: Id, sent: EntryIn) -> TimelineEntry:
    """One of your own, whole."""
    actor = actor_of(request)
    entry = entry_for(actor, entry_id)
    return save_draft(actor=actor, account_id=entry.account_id, content=_content(sent), draft_id=entry_id)


@router.post("/timeline/drafts/{int:entry_id}/publish", response=EntryOut, auth=WRITE, summary="Publish a draft")
def publish_entry_draft(request: HttpRequest, entry_id: Id, sent: EntryIn) -> TimelineEntry:
    """The draft becomes the entry, saying what is sent."""
    actor = actor_of(request)
    entry = entry_for(actor, entry_id)
    return write_entry(actor=actor, account_id=entry.account_id, content=_content(sent), draft_id=entry_id)


@router.post("/accounts/{account_id}/timeline/letters", response={201: EntryOut}, auth=WRITE, summary="Add a letter")
def post_letter(request: HttpRequest, account_id: str, sent: LetterIn) -> Status[TimelineEntry]:
    """An e-mail file becomes an entry, the same letter once an account."""
    raw = sent.raw.encode("utf-8", "surrogateescape")
    return Status(201, add_letter(actor=actor_of(request), account_id=account_id, raw=raw))


@router.get("/timeline/{int:entry_id}", response=EntryDetail, auth=VIEW, summary="Get an entry")
def get_entry(request: HttpRequest, entry_id: Id) -> TimelineEntry:
    """With what it said before each edit."""
    return entry_for(actor_of(request), entry_id)


@router.put("/timeline/{int:entry_id}", response=EntryOut, auth=WRITE, summary="Edit an entry")
def put_entry(request: HttpRequest, entry_id: Id, sent: EntryIn) -> TimelineEntry:
    """Its author may, and who administers; what it said before is kept."""
    return edit_entry(actor=actor_of(request), entry_id=entry_id, content=_content(sent))


@router.delete("/timeline/drafts/{int:entry_id}", response={204: None}, auth=WRITE, summary="Discard a draft")
def delete_entry_draft(request: HttpRequest, entry_id: Id) -> None:
    """One of your own; what was published stays."""
    discard_draft(actor=actor_of(request), entry_id=entry_id)


@router.get("/entry-types", response=list[TypeOut], auth=VIEW, summary="List types of entries")
def list_entry_types(request: HttpRequest) -> list[EntryType]:
    """Those that people may write."""
    return list(types())


@router.post("/entry-types", response={201: TypeOut}, auth=CONFIGURE, summary="Add a type of entries")
def post_entry_type(request: HttpRequest, sent: TypeIn) -> Status[EntryType]:
    """One of your own, with its own fields."""
    fields = [one.dict() for one in sent.fields]
    return Status(201, add_type(actor=actor_of(request), title=sent.title, fields=fields))


@router.delete("/entry-types/{name}", response={204: None}, auth=CONFIGURE, summary="Retire a type of entries")
def delete_entry_type(request: HttpRequest, name: str) -> None:
    """No new entries of it; those there are stay."""
    retire_type(actor=actor_of(request), name=name)


def _filter(asked: EntryQuery, account_id: str = "") -> Filter:
    said = asked.dict()
    return Filter(words=said.pop("q"), account_id=account_id, **said)


def _content(sent: EntryIn) -> Content:
    said = sent.dict()
    moment = said.pop("occurred_at") or timezone.now()
    return Content(occurred_at=moment if moment.tzinfo else moment.replace(tzinfo=UTC), **said)
