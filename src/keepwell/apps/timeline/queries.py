"""Reads of the timeline. What is written about an account is for those who see the account; drafts for their author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.models import Relationship
from keepwell.apps.customers.queries import visible
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.apps.timeline.types import BY_THE_PROGRAM


@dataclass(frozen=True)
class Filter:
    """Which entries; what is empty does not narrow. `words` as one types them into a search: "a phrase", -without."""

    words: str = ""
    type: str = ""
    author: str = ""
    sentiment: str = ""
    since: date | None = None
    until: date | None = None
    account_id: str = ""
    unit: str = ""
    drafts: bool = False


def entries(actor: Actor, asked: Filter) -> QuerySet[TimelineEntry]:
    """Entries about accounts the actor sees, newest first."""
    found = TimelineEntry.objects.filter(account__in=visible(actor)).select_related("type", "account", "author_user")
    found = found.filter(_own_drafts(actor) if asked.drafts else Q(is_draft=False))
    exact = {"type__name": asked.type, "sentiment": asked.sentiment, "account_id": asked.account_id,
             "relationship_id": asked.unit}  # fmt: skip
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if asked.author:
        found = found.filter(author__icontains=asked.author)
    if asked.since:
        found = found.filter(occurred_at__date__gte=asked.since)
    if asked.until:
        found = found.filter(occurred_at__date__lte=asked.until)
    if asked.words:
        found = found.filter(_matches(asked.words))
    return found.order_by("-occurred_at", "-pk")


def before(found: QuerySet[TimelineEntry], moment: datetime, pk: int) -> QuerySet[TimelineEntry]:
    """Those that come after an entry in the list."""
    return found.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, pk__lt=pk))


def entry_for(actor: Actor, entry_id: int) -> TimelineEntry:
    """One entry. Raises NotVisible where there is none for this actor; drafts are there for their author alone."""
    found = TimelineEntry.objects.filter(Q(is_draft=False) | _own_drafts(actor), account__in=visible(actor))
    entry = found.filter(pk=entry_id).select_related("type", "account", "author_user").first()
    if entry is None:
        raise NotVisible
    return entry


def may_edit(actor: Actor, entry: TimelineEntry) -> bool:
    """Its author, and who administers; nobody what the program wrote."""
    if entry.type.name in BY_THE_PROGRAM or not actor.may(Permission.WRITE):
        return False
    own = actor.user is not None and entry.author_user_id == actor.user.pk
    return own or actor.may(Permission.ADMINISTER)


def drafts_of(actor: Actor, account_id: str) -> QuerySet[TimelineEntry]:
    """What the actor began to write about an account."""
    return entries(actor, Filter(account_id=account_id, drafts=True))


def recent(actor: Actor, account_id: str, count: int = 10) -> list[TimelineEntry]:
    """The newest entries of an account, those of its units included, for panels of other pages."""
    return list(entries(actor, Filter(account_id=account_id))[:count])


def types() -> QuerySet[EntryType]:
    """The types that people may write, those that came with Keepwell first."""
    return EntryType.objects.filter(is_active=True).exclude(name__in=BY_THE_PROGRAM).order_by("own", "pk")


def unit_names(some: Sequence[TimelineEntry]) -> Mapping[str, str]:
    """The names of the units that entries are about, by id."""
    ids = {entry.relationship_id for entry in some if entry.relationship_id}
    return dict(Relationship.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _own_drafts(actor: Actor) -> Q:
    return Q(is_draft=True, author_user=actor.user) if actor.user is not None else Q(pk__in=[])


def _matches(words: str) -> Q:
    asked = SearchQuery(words, config="english", search_type="websearch")
    return Q(search=asked) | Q(account__name__icontains=words)
