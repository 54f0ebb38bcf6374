"""Whom a drafted survey would ask now, with the reasons why others are left out. Nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.surveys.whom.deciding import Decided, decide_now
from keepwell.definitions.project import Project
from keepwell.engine.surveys.choosing import WORDS, Reason
from keepwell.errors import KeepwellError

SAMPLE = 8


@dataclass(frozen=True)
class Audience:
    """`accounts`, `people`: those that the two expressions leave. `reasons`: of who is not asked, with how many."""

    accounts: int
    people: int
    asked: int
    considered: int
    reasons: Sequence[tuple[str, int]]
    sample: Sequence[tuple[str, str]]
    refused: str = ""


def audience_of(actor: Actor, project: Project, name: str, now: datetime) -> Audience:
    """Of the accounts that the actor sees."""
    try:
        found = decide_now(project, name, now, actor=actor)
    except KeepwellError as refused:
        return Audience(0, 0, 0, 0, (), (), str(refused))
    inside = [one for one in found.decisions if one.reason not in ("outside_accounts", "outside_people", "left")]
    in_accounts = {one.account for one in found.decisions if one.reason != "outside_accounts"}
    reasons = [(WORDS[cast(Reason, one)], count) for one, count in found.reasons.items() if one != "asked"]
    return Audience(len(in_accounts), len(inside), len(found.asked), len(found.decisions), reasons, _sample(found))


def _sample(found: Decided) -> list[tuple[str, str]]:
    some = found.asked[:SAMPLE]
    names = {str(one.person_id): str(one) for one in PersonalData.objects.filter(person__in=[o.person for o in some])}
    accounts = dict(Account.objects.filter(pk__in=[one.account for one in some]).values_list("pk", "name"))
    return [(names.get(one.person) or "somebody", accounts.get(one.account, one.account)) for one in some]
