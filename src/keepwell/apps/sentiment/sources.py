"""Where texts come from: apps register how theirs are read, and say when one came, changed or went."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from keepwell.apps.access.asking import ask_once
from keepwell.apps.sentiment.models import TextNews

JUDGE = "sentiment:judge"


@dataclass(frozen=True)
class Text:
    """What somebody wrote. `recorded_at`: when it was known here.

    `said`: the sentiment that a person chose for it, which counts before any classifier's. `truth`: what a score beside
    it says of its sentiment (an NPS of 2: negative), for learning alone. Both: negative, neutral or positive.
    """

    id: str
    account_id: str
    text: str
    occurred_at: datetime
    recorded_at: datetime
    person: UUID | None = None
    relationship_id: str | None = None
    said: str = ""
    said_by: str = ""
    said_at: datetime | None = None
    truth: str = ""


@dataclass(frozen=True)
class Source:
    """`read`: the texts of some ids; ids of texts that are gone, or empty, are left out.

    `page`: texts after an id ("": from the first) in an order of ids that stays, at most so many, fewer at the end.
    """

    name: str
    title: str
    read: Callable[[Collection[str]], Iterable[Text]]
    page: Callable[[str, int], Sequence[Text]]
    link: Callable[[str], str] = lambda _: ""


_SOURCES: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """When the application starts."""
    _SOURCES[source.name] = source


def sources() -> dict[str, Source]:
    return dict(_SOURCES)


def texts_came(source: str, ids: Iterable[str]) -> None:
    """Texts of a source came, changed or went: in the transaction that writes them. They are judged within seconds."""
    news = [TextNews(source=source, text_id=one) for one in dict.fromkeys(ids)]
    if news:
        TextNews.objects.bulk_create(news, batch_size=2000)
        ask_once(JUDGE, timestamp=0)
