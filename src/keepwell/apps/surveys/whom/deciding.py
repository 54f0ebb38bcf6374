"""The decision about everybody, at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.customers.queries import visible
from keepwell.apps.surveys.whom.accounts import accounts_table
from keepwell.apps.surveys.whom.people import People, asked_before, people_of
from keepwell.definitions.project import Project
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.choosing import WORDS, Decision, Reason, decide_all
from keepwell.errors import RequestRefused

BY_PERSON = frozenset({"email", "personal_link"})
"""Ways that are sent; the others wait for somebody to come."""
SAMPLE = 20


@dataclass(frozen=True)
class Decided:
    """Every decision of one survey, and the people it was made about."""

    decisions: tuple[Decision, ...]
    people: People

    @property
    def asked(self) -> list[Decision]:
        return [one for one in self.decisions if one.is_asked]

    @property
    def reasons(self) -> dict[str, int]:
        """How many, by reason, in the order in which reasons are looked for."""
        counts = Counter(one.reason for one in self.decisions)
        return {reason: counts[reason] for reason in WORDS if counts[reason]}


def decide_now(
    project: Project, name: str, now: datetime, *, actor: Actor, only: Collection[str] | None = None
) -> Decided:
    """Whom a survey asks now, among people at accounts that the actor sees."""
    seen = visible(actor).filter(in_population=True)
    if only is not None:
        seen = seen.filter(pk__in=only)
    people = people_of(seen)
    some = None if only is None else set(seen.order_by().values_list("pk", flat=True))
    table = accounts_table(project, [name], now, only=some)
    before = asked_before(people.twins)
    decisions = decide_all(project, [name], table, people.table, before, now)[name]
    return Decided(_one_of_twins(decisions, people), people)


def _one_of_twins(decisions: Sequence[Decision], people: People) -> tuple[Decision, ...]:
    """Of several entries with one address the first is asked."""
    human = {person: address for address, ones in people.twins.items() for person in ones}
    taken: set[str] = set()
    found = []
    for one in decisions:
        address = human.get(one.person)
        if one.is_asked and address in taken:
            one = Decision(one.person, one.account, "cool_down")  # noqa: PLW2901 - the same person, decided again
        elif one.is_asked and address:
            taken.add(address)
        found.append(one)
    return tuple(found)


@dataclass(frozen=True)
class Listed:
    """Somebody of the sample, with the reason in words."""

    person: str
    name: str
    account_id: str
    account: str
    asked: bool
    words: str
    until: date | None


@dataclass(frozen=True)
class Plan:
    """What a send would do now. `reasons`: (words, how many) of those who are not asked."""

    survey: str
    considered: int
    asked: int
    reasons: tuple[tuple[str, int], ...]
    by_channel: Mapping[str, int]
    sample: tuple[Listed, ...]
    refused: str = ""


def plan(actor: Actor, name: str, now: datetime, *, only: Collection[str] | None = None) -> Plan:
    """Nothing is sent. Counts and names are of accounts that the actor sees. Raises NotVisible, Forbidden."""
    require(actor, Permission.SEND)
    project = current_project()
    if project is None or name not in project.surveys:
        raise NotVisible
    try:
        check_sendable(project.surveys[name])
        found = decide_now(project, name, now, actor=actor, only=only)
    except RequestRefused as refused:
        return Plan(name, 0, 0, (), {}, (), str(refused))
    asked = found.asked
    reasons = tuple((WORDS[cast(Reason, one)], count) for one, count in found.reasons.items() if one != "asked")
    channels = Counter(channel_of(project.surveys[name], one.person, found.people) for one in asked)
    return Plan(name, len(found.decisions), len(asked), reasons, dict(channels), _sample(found.decisions))


def check_sendable(survey: Survey) -> None:
    """Raises RequestRefused where nothing of it is sent to persons."""
    if not BY_PERSON & set(survey.distribution):
        raise RequestRefused(
            "this survey reaches nobody by name: it is answered by an anonymous link or inside the product; "
            "add email or personal_link to its 'distribution' to send it"
        )


def channel_of(survey: Survey, person: str, people: People) -> str:
    """The way in which somebody is asked."""
    if "email" in survey.distribution and person in people.with_address:
        return "email"
    return "personal_link"


def _sample(decisions: Sequence[Decision]) -> tuple[Listed, ...]:
    """Some who are asked, and some who are not."""
    some = [one for one in decisions if one.is_asked][:SAMPLE] + [one for one in decisions if not one.is_asked][:SAMPLE]
    known = PersonalData.objects.filter(person__in=[one.person for one in some])
    names = {str(one.person_id): str(one) for one in known}
    accounts = dict(Account.objects.filter(pk__in=[one.account for one in some]).values_list("pk", "name"))
    return tuple(
        Listed(one.person, names.get(one.person) or "somebody", one.account, accounts.get(one.account, one.account),
               one.is_asked, WORDS[one.reason], one.until)
        for one in some
    )  # fmt: skip
