"""What is asked about adoption: of whom, and how far back; read from an address, with what cannot be read."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.adoption.counting import COUNTING, Watch, Work
from keepwell.apps.adoption.place import Source, opened, opening, source_of, version_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for, visible
from keepwell.apps.health.place import lake
from keepwell.definitions.project import Project
from keepwell.errors import FieldRefused

BYS, DAYS = ("person", "account"), (28, 90, 180, 365)


class NothingSaysWho(Exception):
    """No dataset names people: there is nothing to ask adoption of."""


@dataclass(frozen=True)
class Asked:
    """Whom a question is about: the accounts that the actor sees, of all, of a segment, or one."""

    project: Project
    source: Source
    seen: QuerySet[Account]
    sees_all: bool
    segment: str = ""
    account: str = ""
    name: str = ""


@dataclass(frozen=True)
class Scope:
    """The accounts that a question is about, with the days.

    `accounts` are ids, in order. `as_of`: the newest day of the data; `today`: the day it is in the project's zone;
    where they are the same, the last day is not over yet. `name`: of the one
    account. `sees_all`: no account is hidden from who asks.
    """

    project: Project
    source: Source
    accounts: tuple[str, ...]
    as_of: date
    today: date
    segment: str = ""
    account: str = ""
    name: str = ""
    sees_all: bool = False

    @property
    def partial(self) -> bool:
        return self.as_of >= self.today

    @cached_property
    def whose(self) -> str:
        """Stands for the accounts: the same text for the same rights."""
        return blake2b("\n".join(self.accounts).encode(), digest_size=16).hexdigest()

    def key(self, dataset: str) -> tuple[Hashable, ...]:
        """What answers from one dataset are told apart by, beside the question."""
        return str(lake().root), dataset, self.as_of, self.today, self.whose


def asked_of(actor: Actor, *, segment: str = "", account: str = "") -> Asked:
    """Raises NothingSaysWho, NotVisible (the account), FieldRefused (the segment). Looks at no fact."""
    project = current_project()
    source = source_of(project) if project else None
    if project is None or source is None:
        raise NothingSaysWho
    if segment and segment not in project.segments:
        raise FieldRefused("segment", _no_segment(segment, project))
    seen = visible(actor).filter(in_population=True)
    if segment:
        seen = seen.filter(segments__contains=[segment])
    one = account_for(actor, account) if account else None
    if one:
        seen = seen.filter(pk=one.pk)
    sees_all = actor.user is None or actor.user.reach == Reach.ALL
    return Asked(project, source, seen, sees_all, segment, account, one.name if one else "")


def scope_of(actor: Actor, *, segment: str = "", account: str = "", as_of: date | None = None) -> Scope:
    """Raises what `asked_of` does, and StillCounting."""
    return scoped(asked_of(actor, segment=segment, account=account), as_of)


def scoped(asked: Asked, as_of: date | None = None) -> Scope:
    """With the newest day of the data, of whomever: a quiet account has days without use, not fewer days."""
    today = timezone.localdate(timezone=ZoneInfo(asked.project.settings.time_zone))
    last = min(today, _newest(asked.project, asked.source) or today, as_of or today)
    ids = tuple(asked.seen.order_by("pk").values_list("pk", flat=True))
    return Scope(asked.project, asked.source, ids, last, today, asked.segment, asked.account, asked.name,
                 asked.sees_all)  # fmt: skip


def _no_segment(segment: str, project: Project) -> str:
    if not project.segments:
        return f"there is no segment '{segment}': none is defined"
    return f"there is no segment '{segment}': choose {', '.join(sorted(project.segments))}"


def _newest(project: Project, source: Source) -> date | None:
    days = [_newest_of(project, dataset) for dataset in sorted({source.daily, source.events})]
    return max((day for day in days if day), default=None)


def _newest_of(project: Project, dataset: str) -> date | None:
    def prepare() -> Work:
        given = opening(project, dataset, None)

        def work(watch: Watch) -> Any:
            with opened(given, watch) as statements:
                return statements.ask("select max(day) as day from kw_usage")["day"][0].as_py()

        return work

    found: date | None = COUNTING.of((str(lake().root), dataset, "newest"), version_of(project, dataset), prepare)
    return found


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
