"""What people wrote down about an account, as marks below its chart of scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.apps.timeline.queries import Filter, entries, unit_names
from keepwell.apps.timeline.types import BY_THE_PROGRAM

MOST = 100
NONE = "none"
_LONGEST = 80


@dataclass(frozen=True)
class Event:
    """One entry of the timeline. `unit`: the name of the unit that it is about."""

    entry: TimelineEntry
    day: date
    unit: str

    @property
    def words(self) -> str:
        about = f" ({self.unit})" if self.unit else ""
        return f"{self.entry.type.title}: {self.entry.title}{about}"


@dataclass(frozen=True)
class Mark:
    """The events of one day. `x`: its place between the first and the last day, 0 to 100; `anchor`: of its words."""

    day: date
    events: tuple[Event, ...]
    x: float

    @property
    def anchor(self) -> str:
        return "start" if self.x < 35 else "end" if self.x > 65 else "middle"

    @property
    def words(self) -> str:
        said = "; ".join(one.words for one in self.events)
        return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 2].rstrip()} …"


@dataclass(frozen=True)
class Events:
    """`chosen`: a type's name, `none`, or "" for all that people wrote; `types`: those that there are entries of."""

    chosen: str
    types: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]  # newest first
    more: bool


def events_of(actor: Actor, account: Account, since: date, chosen: str) -> Events:
    """Entries since a date that the actor may read, at most MOST. A choice that is none counts as all.

    Changes of band, which the program writes, are the line itself: they show where they are asked for.
    """
    found = entries(actor, Filter(account_id=account.pk, since=since))
    names = set(found.order_by().values_list("type__name", flat=True).distinct())
    types = tuple(EntryType.objects.filter(name__in=names).order_by("own", "pk").values_list("name", "title"))
    if chosen == NONE:
        return Events(NONE, types, (), more=False)
    chosen = chosen if chosen in names else ""
    found = found.filter(type__name=chosen) if chosen else found.exclude(type__name__in=BY_THE_PROGRAM)
    some = list(found[: MOST + 1])
    units = unit_names(some)
    shown = tuple(
        Event(one, timezone.localtime(one.occurred_at).date(), units.get(one.relationship_id or "", ""))
        for one in some[:MOST]
    )
    return Events(chosen, types, shown, more=len(some) > MOST)


def marks_of(events: Sequence[Event], first: date, last: date) -> list[Mark]:
    """One mark a day, the oldest first; days outside of [first, last] have none."""
    days = (last - first).days
    inside = sorted((one for one in events if first <= one.day <= last), key=lambda one: one.day)
    return [
        Mark(day, tuple(some), round(100 * (day - first).days / days, 2) if days else 50)
        for day, some in groupby(inside, key=lambda one: one.day)
    ]
