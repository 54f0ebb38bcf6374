"""Which calls a list shows: filters as an address has them, as chips say them, and as a query asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.ordering import ORDERS
from keepwell.apps.cockpit.queries import calls_seen
from keepwell.apps.cockpit.words import CallStatus, CallType, Priority
from keepwell.errors import RequestRefused

People = tuple[tuple[int, str], ...]
"""Number and name."""

ACTIVE = "active"
_DUE = {"overdue": "Overdue", "today": "Today", "week": "In seven days", "none": "No date"}
_WHOSE = {"me": "Mine", "watched": "Watched by me", "nobody": "Nobody's"}


@dataclass(frozen=True)
class Filters:
    """What is empty does not narrow. `status` active: whatever is not closed or asleep; all: every one."""

    q: str = ""
    status: str = ACTIVE
    type: str = ""
    owner: str = ""
    due: str = ""
    priority: str = ""
    flagged: str = ""
    playbook: str = ""
    account: str = ""
    sort: str = "value"

    def address(self, **changes: str) -> str:
        """The part of an address from its question mark on, without what is as usual."""
        one, usual = replace(self, **changes), Filters()
        said = {f.name: getattr(one, f.name) for f in fields(one) if getattr(one, f.name) != getattr(usual, f.name)}
        return f"?{urlencode(said)}"

    @property
    def narrowed(self) -> bool:
        return replace(self, sort="value") != Filters()


@dataclass(frozen=True)
class Option:
    words: str
    address: str
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """One filter: what it is called, what is chosen, and where each choice leads."""

    title: str
    chosen: str
    options: Sequence[Option]


def read_filters(said: Mapping[str, str]) -> Filters:
    """Of an address. Raises RequestRefused for what no filter allows."""
    known = {f.name: str(said.get(f.name, "")).strip() for f in fields(Filters) if said.get(f.name)}
    found = Filters(**known)
    for name, choices in _choices(()).items():
        value = getattr(found, name)
        if value and value not in choices and not (name == "owner" and value.isdecimal()):
            raise RequestRefused(f"'{value}' is no choice for {name}; there are: {', '.join(filter(None, choices))}")
    if found.sort not in ORDERS:
        raise RequestRefused(f"'{found.sort}' is no order; there are: {', '.join(ORDERS)}")
    return found


def chips(filters: Filters, people: People, playbooks: Mapping[str, str]) -> list[Chip]:
    titles = {"status": "State", "type": "Type", "owner": "Owner", "due": "Due", "priority": "Priority",
              "flagged": "Flag", "playbook": "Playbook"}  # fmt: skip
    choices = {**_choices(people), "playbook": {"": "Any", **playbooks}}
    return [_chip(filters, name, titles[name], choices[name]) for name in titles if len(choices[name]) > 1]


def narrowed(actor: Actor, filters: Filters) -> QuerySet[CallToAction]:
    """The calls that fit, of those that the actor sees."""
    return calls_seen(actor).filter(*_conditions(actor, filters))


def _chip(filters: Filters, name: str, title: str, choices: Mapping[str, str]) -> Chip:
    current, usual = getattr(filters, name), getattr(Filters(), name)
    without, mark = filters.address(**{name: usual}), filters.address(**{name: "-"})
    addresses = {one: mark.replace(f"{name}=-", urlencode({name: one})) if one != usual else without for one in choices}
    options = [Option(words, addresses[value], value == current) for value, words in choices.items()]
    return Chip(title, choices.get(current, current) if current != usual else "", options)


def _choices(people: People) -> dict[str, dict[str, str]]:
    return {
        "status": {ACTIVE: "To do", **dict(CallStatus.choices), "all": "All"},
        "type": {"": "Any", **dict(CallType.choices)},
        "owner": {"": "Anybody", **_WHOSE, **{str(pk): name for pk, name in people}},
        "due": {"": "Any", **_DUE},
        "priority": {"": "Any", **{one.label: one.label.capitalize() for one in reversed(Priority)}},
        "flagged": {"": "Any", "yes": "Flagged"},
    }


def _conditions(actor: Actor, filters: Filters) -> list[Q]:
    found = [_status(filters.status)]
    if filters.q:
        found.append(Q(title__icontains=filters.q) | Q(account__name__icontains=filters.q))
    exact = {"type": filters.type, "playbook": filters.playbook, "account": filters.account}
    found += [Q(**{name: value}) for name, value in exact.items() if value]
    if filters.owner:
        found.append(_owner(actor, filters.owner))
    if filters.due:
        found.append(_due(filters.due, today_of(actor.user)))
    if filters.priority:
        found.append(Q(priority=Priority[filters.priority.upper()]))
    if filters.flagged:
        found.append(Q(is_flagged=True))
    return found


def _status(status: str) -> Q:
    if status == "all":
        return Q()
    return Q(status__in=(CallStatus.OPEN, CallStatus.IN_PROGRESS)) if status == ACTIVE else Q(status=status)


def _owner(actor: Actor, owner: str) -> Q:
    if owner == "nobody":
        return Q(owner=None)
    if owner == "watched":
        return Q(watchers__user=actor.user)
    return Q(owner=actor.user) if owner == "me" else Q(owner_id=int(owner[:18]))


def _due(due: str, today: date) -> Q:
    week = today + timedelta(days=7)
    return {"overdue": Q(due_on__lt=today), "today": Q(due_on=today), "none": Q(due_on=None),
            "week": Q(due_on__gte=today, due_on__lte=week)}[due]  # fmt: skip
