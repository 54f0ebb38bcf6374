"""What is asked of results: which days, whose answers, by what they are told apart; read from an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.filters import Filters, read_filters
from keepwell.apps.customers.listing import narrowed
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import today_of, visible
from keepwell.apps.surveys.results.reading import Subject

PERIODS: tuple[Literal["month", "week"], ...] = ("month", "week")
DAYS = ("365", "30", "90", "730", "all")
PLAIN_BYS = ("segment", "stage", "owner", "language", "channel", "version")
ATTRIBUTE = "attribute."
_WORDS_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """`first` is None for all days. `errors`: by field, beside what was `typed`. `question`: the one with a scale that
    the score is of. `by`: what segments are compared by."""

    first: date | None
    last: date
    days: str
    period: Literal["month", "week"]
    by: str
    question: str
    filters: Filters
    language: str = ""
    channel: str = ""
    version: str = ""
    typed: Mapping[str, str] | None = None
    errors: Mapping[str, str] | None = None

    @property
    def wrong(self) -> dict[str, str]:
        return {**(self.errors or {}), **self.filters.errors}

    def pairs(self) -> list[tuple[str, str]]:
        """As pairs of an address: what pages of the same survey carry along."""
        own = [(name, (self.typed or {}).get(name, "")) for name in _OWN]
        return [*((name, value) for name, value in own if value), *self.filters.chips()]

    def address(self, **changes: str) -> str:
        pairs = [pair for pair in self.pairs() if pair[0] not in changes]
        return "?" + urlencode([*pairs, *((name, value) for name, value in changes.items() if value)])


_OWN = ("days", "from", "to", "period", "by", "question", "language", "channel", "version")


def read_asked(query: QueryDict, subject: Subject, today: date) -> Asked:
    """What cannot be read stands in `errors`, and the usual counts instead."""
    typed = {name: query.get(name, "").strip()[:100].replace("\x00", "") for name in _OWN}
    errors: dict[str, str] = {}
    days = _one_of("days", typed, DAYS, errors)
    first = None if days == "all" else today - timedelta(days=int(days) - 1)
    first, last = _day("from", typed, first, errors), _day("to", typed, today, errors) or today
    if first is not None and first > last:
        errors["from"] = f"the first day {first} lies after the last one, {last}"
    scales = tuple(one.name for one in subject.scales) or ("",)
    usual = subject.headline.name if subject.headline else ""
    return Asked(
        first=first, last=last, days="" if typed["from"] or typed["to"] else days,
        period=_one_of("period", typed, PERIODS, errors),  # type: ignore[arg-type]
        by=_by(typed["by"], errors), question=_one_of("question", typed, (usual, *scales), errors),
        filters=replace(read_filters(query), sort="name", own_columns=()),
        language=typed["language"], channel=typed["channel"], version=typed["version"], typed=typed, errors=errors,
    )  # fmt: skip


def today_in(subject: Subject) -> date:
    return timezone.localdate(timezone=ZoneInfo(subject.project.settings.time_zone))


def _one_of(name: str, typed: Mapping[str, str], allowed: tuple[str, ...], errors: dict[str, str]) -> str:
    given = typed[name]
    if given and given not in allowed:
        errors[name] = f"'{given}' is none of {', '.join(dict.fromkeys(allowed))}"
    return given if given in allowed else allowed[0]


def _by(given: str, errors: dict[str, str]) -> str:
    columns = current_columns()
    attributes = tuple(columns.types) if columns else ()
    if not given or given in PLAIN_BYS or given.removeprefix(ATTRIBUTE) in attributes:
        return given or PLAIN_BYS[0]
    errors["by"] = f"'{given}' is nothing to compare by: choose {', '.join(PLAIN_BYS)} or attribute.NAME"
    return PLAIN_BYS[0]


def _day(name: str, typed: Mapping[str, str], usual: date | None, errors: dict[str, str]) -> date | None:
    if not typed[name]:
        return usual
    try:
        return date.fromisoformat(typed[name])
    except ValueError:
        errors[name] = f"'{typed[name]}' is no day: write it as 2026-10-31"
        return usual


@dataclass(frozen=True)
class Whose:
    """The accounts whose answers count: `accounts` is None for all there are, those of nobody's account included."""

    sees_all: bool
    narrowed: bool
    accounts: QuerySet[Account] | None
    errors: Mapping[str, str]


def whose(actor: Actor, filters: Filters) -> Whose:
    """Raises nothing: a filter that cannot be read leaves nobody, and says why."""
    sees_all = actor.user is None or actor.user.reach == Reach.ALL
    if not filters.narrowed and not filters.errors:
        return Whose(sees_all, False, None if sees_all else visible(actor), {})
    columns = current_columns()
    found = narrowed(actor, filters, columns, today_of(columns))
    return Whose(sees_all, True, found.accounts, found.filters.errors)
