"""Who can do it: those who fit a condition, whom to ask first, and what stands against each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from keepwell.apps.access.actors import Actor
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.finding.pool import Pool, Somebody, pool
from keepwell.apps.advocacy.kinds import Kind, kind_of
from keepwell.apps.advocacy.operations.requests import refusals
from keepwell.apps.advocacy.queries import name_of, taken_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.definitions.expressions import Expression, parse
from keepwell.definitions.project import Project
from keepwell.engine.advocacy.limits import Taken, against
from keepwell.engine.advocacy.ranking import Rank, Traits, rank
from keepwell.engine.advocacy.standing import quarter_began
from keepwell.engine.rules.because import parts_said
from keepwell.engine.rules.matching import truths_of
from keepwell.engine.rules.reasons import reasons
from keepwell.errors import KeepwellError

USUAL = "health <> 'bad' and open_risks = 0"
"""Added to the words of a search: nobody is asked while their account is in trouble."""
MOST = 50


@dataclass(frozen=True)
class Match:
    """Somebody who fits, with why: the parts of the condition, and what their place rests on."""

    account: Account
    person_key: str
    name: str
    role: str
    advocate_id: int | None
    fits: tuple[str, ...]
    rank: Rank


@dataclass(frozen=True)
class Matches:
    """`count`: of all who fit; `refused`: why the condition could not be asked."""

    rows: tuple[Match, ...] = ()
    count: int = 0
    looked_at: int = 0
    whole: bool = True
    refused: str = ""


def find(actor: Actor, *, kind: str, condition: str, everyone: bool = False, day: date | None = None) -> Matches:
    """Those who fit, best first. `day`: for when somebody would be asked. Raises FieldRefused for a kind that there
    is not; a condition that cannot be asked is told in `refused`."""
    wanted, project = kind_of(kind), current_project() or Project()
    try:
        expression = parse(condition or "true")
        found = pool(project, [expression], visible(actor), everyone=everyone)
        if not found.people:
            return Matches()
        fits = truths_of(project, found.table, found.as_of, {"it": expression})["it"]
        places = np.flatnonzero(fits).tolist()
        ranked = _ranked(found, places, wanted, day or today())[:MOST]
        why = _why(project, expression, found, [place for place, _ in ranked])
    except KeepwellError as refused:
        return Matches(refused=str(refused))
    rows = tuple(_match(found.people[place], said, why[at]) for at, (place, said) in enumerate(ranked))
    return Matches(rows, len(places), len(found.people), found.whole)


def _ranked(found: Pool, places: list[int], kind: Kind, day: date) -> list[tuple[int, Rank]]:
    accounts = {found.people[place].account.pk for place in places}
    since = min(quarter_began(day), day - timedelta(days=kind.about.limits.rest or 0))
    taken: dict[str, list[Taken]] = defaultdict(list)
    for one in taken_of(accounts, since):
        taken[one.account].append(one)
    ranks = [(place, _rank(found.people[place], kind, day, taken)) for place in places]
    return sorted(ranks, key=lambda one: (*one[1].order, found.people[one[0]].account.name, one[0]))


def _rank(one: Somebody, kind: Kind, day: date, taken: dict[str, list[Taken]]) -> Rank:
    limits = against(
        kind.name, kind.about.limits, account=one.account.pk, person=str(one.person.pk) if one.person else None,
        day=day, taken=taken[one.account.pk], own_limit=one.advocate.at_most if one.advocate else None,
    )  # fmt: skip
    health = getattr(one.account, "health", None)
    return rank(
        Traits(
            is_advocate=one.advocate is not None and one.advocate.is_active,
            health=health.tone if health else None,
            times=one.kinds.get(kind.name, 0),
            kind=kind.title,
            asked_days=one.asked_days,
            against=refusals(one.advocate, one.person, kind, day) + limits,
        )
    )


def _why(project: Project, expression: Expression, found: Pool, places: list[int]) -> list[tuple[str, ...]]:
    if str(expression) == "true" or not places:
        return [()] * len(places)
    seen = reasons(project, [expression], found.table, found.as_of, places)
    return [tuple(str(said) for said in parts_said(one)) for one in seen]


def _match(one: Somebody, said: Rank, fits: tuple[str, ...]) -> Match:
    return Match(
        account=one.account, person_key=str(one.person.pk) if one.person else "",
        name=name_of(one.person) if one.person else one.account.name, role=one.person.role if one.person else "",
        advocate_id=one.advocate.pk if one.advocate else None, fits=fits, rank=said,
    )  # fmt: skip
