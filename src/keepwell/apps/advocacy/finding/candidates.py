"""Who might become an advocate, by the rules in force, each with the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from keepwell.apps.access.actors import Actor
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.finding.pool import Pool, Somebody, account_rows, pool
from keepwell.apps.advocacy.kinds import title_of
from keepwell.apps.advocacy.models import Advocate
from keepwell.apps.advocacy.queries import name_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.definitions.advocacy import AdvocacyCandidates, candidates_of
from keepwell.definitions.project import Project
from keepwell.engine.advocacy.standing import Standing
from keepwell.engine.rules.because import parts_said
from keepwell.engine.rules.matching import truths_of
from keepwell.engine.rules.reasons import reasons
from keepwell.errors import KeepwellError

MOST = 50


@dataclass(frozen=True)
class Candidate:
    """Without a person the whole account. `reasons`: the parts of the rule with what they saw."""

    account: Account
    person_key: str
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Candidates:
    """What a rule finds. `count` of all that the actor sees; `refused`: why it could not be asked."""

    name: str
    title: str
    rule: AdvocacyCandidates
    rows: tuple[Candidate, ...] = ()
    count: int = 0
    refused: str = ""


def candidates(actor: Actor, account_id: str | None = None) -> list[Candidates]:
    """By every rule that is enabled, at accounts that the actor sees, or at one of them."""
    project = current_project()
    if project is None:
        return []
    accounts = visible(actor) if account_id is None else visible(actor).filter(pk=account_id)
    return [_found(project, name, rule, accounts) for name, rule in candidates_of(project).items()]


def _found(project: Project, name: str, rule: AdvocacyCandidates, accounts: object) -> Candidates:
    title = rule.title or title_of(name)
    try:
        rows, count = _matching(project, rule, accounts)
    except KeepwellError as refused:
        return Candidates(name, title, rule, refused=str(refused))
    return Candidates(name, title, rule, tuple(rows), count)


def _matching(project: Project, rule: AdvocacyCandidates, accounts: object) -> tuple[list[Candidate], int]:
    table = account_rows(project, [rule.accounts], accounts)  # type: ignore[arg-type]
    fits = truths_of(project, table, today(), {"it": rule.accounts})["it"]
    ids = [one for one, fit in zip(table["account_id"].to_pylist(), fits.tolist(), strict=True) if fit]
    chosen = Account.objects.filter(pk__in=ids)
    if rule.people is None:
        return _whole_accounts(project, rule, chosen)
    found = pool(project, [rule.accounts, rule.people], chosen, everyone=True)
    if not found.people:
        return [], 0
    places = np.flatnonzero(truths_of(project, found.table, found.as_of, {"it": rule.people})["it"]).tolist()
    places = [place for place in places if found.people[place].person is not None]
    return _told(project, rule, found, places), len(places)


def _whole_accounts(project: Project, rule: AdvocacyCandidates, chosen: object) -> tuple[list[Candidate], int]:
    known = Advocate.objects.filter(person=None).values("account_id")
    accounts = chosen.exclude(pk__in=known).select_related("health").order_by("name", "pk")  # type: ignore[attr-defined]
    table = account_rows(project, [rule.accounts], accounts)
    by_id = {one.pk: Somebody(one, None, None, None, Standing(), {}) for one in accounts}
    people = tuple(by_id[one] for one in table["account_id"].to_pylist())
    return _told(project, rule, Pool(table, people, today()), range(len(people))), len(people)


def _told(project: Project, rule: AdvocacyCandidates, found: Pool, places: Iterable[int]) -> list[Candidate]:
    chosen = sorted(places, key=lambda place: (found.people[place].account.name, place))[:MOST]
    asked = [rule.accounts, *([rule.people] if rule.people is not None else [])]
    why = reasons(project, asked, found.table, found.as_of, chosen) if chosen else []
    return [
        Candidate(
            found.people[place].account, str(one.pk) if (one := found.people[place].person) else "",
            name_of(one) if one else found.people[place].account.name, tuple(str(said) for said in parts_said(said_of)),
        )
        for place, said_of in zip(chosen, why, strict=True)
    ]  # fmt: skip
