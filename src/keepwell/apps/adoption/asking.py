"""What is asked about adoption: of whom, and how far back; read from an address, with what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.adoption.kept import Kept
from keepwell.apps.adoption.place import Source, opened, source_of, version_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.queries import account_for, visible
from keepwell.apps.customers.refusals import FieldRefused
from keepwell.definitions.project import Project

BYS, DAYS = ("person", "account"), (28, 90, 180, 365)
_NEWEST: Kept[date | None] = Kept(32)


@dataclass(frozen=True)
class Scope:
    """The accounts that a question is about: all that the actor sees, those of a segment, or one.

    `accounts` are ids, in order. `as_of`: the newest day of the data; `today`: the day it is in the project's zone;
    where they are the same, the last day is not over yet.
    """

    project: Project
    source: Source
    accounts: tuple[str, ...]
    as_of: date
    today: date
    segment: str = ""
    account: str = ""

    @property
    def partial(self) -> bool:
        return self.as_of >= self.today

    def key(self, dataset: str) -> tuple[object, ...]:
        """What answers from one dataset depend on, beside the question."""
        return (*version_of(self.project, dataset), dataset, self.as_of, self.today, self.accounts)


class NothingSaysWho(Exception):
    """No dataset names people: there is nothing to ask adoption of."""


def scope_of(actor: Actor, *, segment: str = "", account: str = "", as_of: date | None = None) -> Scope:
    """Raises NothingSaysWho, NotVisible (the account), FieldRefused (the segment)."""
    project = current_project()
    source = source_of(project) if project else None
    if project is None or source is None:
        raise NothingSaysWho
    if segment and segment not in project.segments:
        raise FieldRefused("segment", f"there is no segment '{segment}': choose {', '.join(sorted(project.segments))}")
    seen = visible(actor).filter(in_population=True)
    if segment:
        seen = seen.filter(segments__contains=[segment])
    if account:
        seen = seen.filter(pk=account_for(actor, account).pk)
    today = timezone.localdate(timezone=ZoneInfo(project.settings.time_zone))
    newest = _newest(project, source)
    last = min(today, newest or today, as_of or today)
    ids = tuple(seen.order_by("pk").values_list("pk", flat=True))
    return Scope(project, source, ids, last, today, segment, account)


def _newest(project: Project, source: Source) -> date | None:
    """The newest day of the data, of whomever: a quiet account has days without use, not fewer days."""
    key = (version_of(project, source.daily), version_of(project, source.events), source)

    def read() -> date | None:
        days = []
        for dataset in {source.daily, source.events}:
            with opened(project, dataset, None) as statements:
                days += statements.ask("select max(day) as day from kw_usage")["day"].to_pylist()
        return max((day for day in days if day), default=None)

    return _NEWEST.of(key, read)


@dataclass(frozen=True)
class Choice:
    """What an address chose among what is allowed; `errors` by field, beside what was typed."""

    chosen: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.chosen[name]

    def number(self, name: str) -> int:
        return int(self.chosen[name])


def choose(given: Mapping[str, str], **allowed: tuple[object, ...]) -> Choice:
    """Of each field the value given, where it is allowed; else the first, with an error where something was given."""
    chosen, errors = {}, {}
    for name, values in allowed.items():
        texts = [str(value) for value in values]
        found = given.get(name, "")
        chosen[name] = found if found in texts else texts[0]
        if found and found not in texts:
            errors[name] = f"choose one of {', '.join(text or 'all' for text in texts[:12])}"
    return Choice(chosen, errors)
