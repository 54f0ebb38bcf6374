"""What an entry says, apart from who wrote it and when, and the rules it keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from keepwell.apps.timeline.models import EntryType, Revision, TimelineEntry
from keepwell.apps.timeline.types import BY_THE_PROGRAM
from keepwell.errors import RequestRefused

SENTIMENTS = {"positive": "Positive", "neutral": "Neutral", "negative": "Negative"}
LONGEST = 100_000


@dataclass(frozen=True)
class Content:
    """`text` is Markdown; `fields` are those of the type, by name; `links` are http or https addresses."""

    type: str
    title: str
    occurred_at: datetime
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    attendees: Sequence[str] = ()
    minutes: int | None = None
    sentiment: str = ""
    links: Sequence[str] = ()
    relationship_id: str | None = None


def put(content: Content, entry: TimelineEntry) -> None:
    """Writes content into an entry that is not saved yet. Raises RequestRefused with everything that is wrong."""
    kind = EntryType.objects.filter(name=content.type, is_active=True).first()
    problems = list(_problems(content, kind))
    if problems or kind is None:
        raise RequestRefused(*problems)
    entry.type, entry.title, entry.text = kind, content.title.strip(), content.text
    entry.occurred_at, entry.minutes, entry.sentiment = content.occurred_at, content.minutes, content.sentiment
    entry.fields = {one["name"]: _plain(content.fields.get(one["name"])) for one in kind.fields}
    entry.attendees = [one.strip() for one in content.attendees if one.strip()]
    entry.links = [one.strip() for one in content.links if one.strip()]
    entry.relationship_id = content.relationship_id or None


def said(entry: TimelineEntry) -> dict[str, Any]:
    """An entry as plain values: what a revision keeps."""
    return {
        "type": entry.type.name, "title": entry.title, "text": entry.text, "fields": entry.fields,
        "attendees": entry.attendees, "minutes": entry.minutes, "sentiment": entry.sentiment, "links": entry.links,
        "occurred_at": entry.occurred_at.isoformat(), "relationship_id": entry.relationship_id,
    }  # fmt: skip


@dataclass(frozen=True)
class Past:
    """What an entry said until an edit. `changed`: everything but the text that the edit changed, as it was before."""

    revision: Revision
    changed: Sequence[tuple[str, str]]


def past_of(entry: TimelineEntry) -> list[Past]:
    """What an entry said before each edit, the newest first."""
    after, past = said(entry), []
    for revision in entry.revisions.order_by("-pk"):
        titles = {**_TITLES, **{one["name"]: one["title"] for one in entry.type.fields}}
        before, now = _flat(revision.content), _flat(after)
        changed = [(titles.get(name, name), _shown(before[name])) for name in before if before[name] != now.get(name)]
        past.append(Past(revision, changed))
        after = revision.content
    return past


_TITLES = {"title": "Title", "occurred_at": "When", "attendees": "Attendees", "minutes": "Minutes it took",
           "sentiment": "Sentiment", "links": "Links", "relationship_id": "Unit", "type": "Type"}  # fmt: skip


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """Own fields beside the others; the text apart."""
    rest = {name: value for name, value in content.items() if name not in ("fields", "text")}
    return {**rest, **content.get("fields", {})}


def _shown(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return text or "nothing"


def _problems(content: Content, kind: EntryType | None) -> list[str]:
    problems = []
    if kind is None:
        known = EntryType.objects.filter(is_active=True).exclude(name__in=BY_THE_PROGRAM)
        names = ", ".join(known.order_by("pk").values_list("name", flat=True))
        problems.append(f"there is no type '{content.type}'; there are: {names}")
    elif kind.name in BY_THE_PROGRAM:
        problems.append(f"entries of the type {kind.title.lower()} are written by Keepwell itself; choose another")
    if not content.title.strip() or len(content.title) > 300:
        problems.append("give a title of 1 to 300 characters")
    if len(content.text) > LONGEST:
        problems.append(f"the text has {len(content.text)} characters, at most {LONGEST} are kept")
    if content.sentiment and content.sentiment not in SENTIMENTS:
        problems.append(f"'{content.sentiment}' is no sentiment; there are: {', '.join(SENTIMENTS)}")
    problems += [f"'{one}' is no web address: begin it with https://" for one in content.links if not _is_link(one)]
    return problems


def _is_link(text: str) -> bool:
    if not text.strip():
        return True
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
