"""Whom to ask: decided for everybody at one moment, with the reason why somebody is not asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.definitions.surveys import Survey
from keepwell.engine.columns import one_array
from keepwell.engine.rules.chance import draw
from keepwell.engine.rules.matching import truths_of
from keepwell.engine.surveys.closing import is_open, last_day

Reason = Literal[
    "asked", "disabled", "closed", "left", "outside_accounts", "outside_people", "unsubscribed", "bounced",
    "no_address", "still_open", "cool_down", "not_in_sample",
]  # fmt: skip

WORDS: Mapping[Reason, str] = {
    "asked": "is asked",
    "disabled": "the survey is not enabled",
    "closed": "the survey takes no more answers",
    "left": "is no longer there",
    "outside_accounts": "the account is not in the audience",
    "outside_people": "the person is not in the audience",
    "unsubscribed": "does not want to be asked",
    "bounced": "letters to the address came back",
    "no_address": "no address is known",
    "still_open": "an earlier invitation to this survey is still open",
    "cool_down": "was asked a short time ago",
    "not_in_sample": "was not drawn for the sample",
}
"""Reasons in the order in which they are looked for: the first that holds is given."""

PEOPLE_COLUMNS = {
    "person_id": pa.string(), "account_id": pa.string(), "role": pa.string(), "is_sponsor": pa.bool_(),
    "language": pa.string(), "known_since": pa.date32(), "left_on": pa.date32(), "has_address": pa.bool_(),
    "bounced": pa.bool_(), "unsubscribed": pa.bool_(),
}  # fmt: skip
"""Columns of the table of people. The last three are about their e-mail address; null counts as false."""


@dataclass(frozen=True)
class Invitation:
    """That somebody was asked. `answered_at`: when they finished, None where they did not."""

    person: str
    survey: str
    asked_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """Whether a person is asked, and why not. `until`: for a cool-down and an open invitation, its last day."""

    person: str
    account: str
    reason: Reason
    until: date | None = None

    @property
    def is_asked(self) -> bool:
        return self.reason == "asked"


def decide(
    project: Project,
    name: str,
    accounts: pa.Table,
    people: pa.Table,
    invitations: Collection[Invitation],
    now: datetime,
    salt: str = "",
) -> tuple[Decision, ...]:
    """A decision for each person, in order of account and person; the order of rows makes no difference.

    `accounts`: `account_id` and the columns that the audience names (see `engine.rules.columns`). `people`:
    PEOPLE_COLUMNS. `invitations`: to any survey; those after `now` are not looked at. `now` has a time zone; days are
    those of the project's. Raises DataRefused where the audience names what the tables do not have.
    """
    survey, today = project.surveys[name], _day(project, now)
    before = [one for one in invitations if one.asked_at <= now]
    known = _Known(survey, name, today, project.settings.time_zone, before)
    chosen = _chosen_accounts(project, survey, accounts, today)
    inside = _chosen_people(project, survey, people, known, today)
    rows = zip(people.to_pylist(), inside, strict=True)
    found = [_decision(known, row, chosen, fits, salt) for row, fits in rows]
    return tuple(sorted(found, key=lambda one: (one.account, one.person)))


def decide_all(
    project: Project,
    names: Sequence[str],
    accounts: pa.Table,
    people: pa.Table,
    invitations: Collection[Invitation],
    now: datetime,
    salt: str = "",
) -> dict[str, tuple[Decision, ...]]:
    """Decisions of several surveys at one moment, in their order: whom one asks is in the cool-down of the next."""
    found: dict[str, tuple[Decision, ...]] = {}
    known = list(invitations)
    for name in (one for one in project.surveys_in_order() if one in names):
        found[name] = decide(project, name, accounts, people, known, now, salt)
        known += [Invitation(one.person, name, now) for one in found[name] if one.is_asked]
    return found


class _Known:
    """What earlier invitations say about people."""

    def __init__(self, survey: Survey, name: str, today: date, zone: str, invitations: Collection[Invitation]) -> None:
        self.survey, self.name, self.today = survey, name, today
        self.asked: dict[str, date] = {}
        self.answered: dict[str, date] = {}
        self.open_until: dict[str, date] = {}
        for one in invitations:
            self._take(one, ZoneInfo(zone))

    def _take(self, one: Invitation, zone: ZoneInfo) -> None:
        asked = one.asked_at.astimezone(zone).date()
        self.asked[one.person] = max(asked, self.asked.get(one.person, asked))
        if one.answered_at is not None:
            answered = one.answered_at.astimezone(zone).date()
            self.answered[one.person] = max(answered, self.answered.get(one.person, answered))
        elif one.survey == self.name and (last := last_day(self.survey, asked)) is not None and self.today <= last:
            self.open_until[one.person] = max(last, self.open_until.get(one.person, last))


def _day(project: Project, now: datetime) -> date:
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone; give one with it")
    return now.astimezone(ZoneInfo(project.settings.time_zone)).date()


def _chosen_accounts(project: Project, survey: Survey, accounts: pa.Table, today: date) -> frozenset[str]:
    ids = one_array(accounts["account_id"]).to_pylist()
    if survey.audience.accounts is None:
        return frozenset(ids)
    truths = truths_of(project, accounts, today, {"accounts": survey.audience.accounts})["accounts"]
    return frozenset(one for one, fits in zip(ids, truths, strict=True) if fits)


def _chosen_people(project: Project, survey: Survey, people: pa.Table, known: _Known, today: date) -> Iterator[bool]:
    if survey.audience.people is None:
        return iter([True] * people.num_rows)
    ids = one_array(people["person_id"]).to_pylist()
    days = {"asked_on": known.asked, "answered_on": known.answered}
    for column, by_person in days.items():
        people = people.append_column(column, pa.array([by_person.get(one) for one in ids], pa.date32()))
    truths = truths_of(project, people, today, {"people": survey.audience.people})["people"]
    return iter(truths.tolist())


def _decision(known: _Known, row: Mapping[str, object], chosen: frozenset[str], fits: bool, salt: str) -> Decision:
    person, account = str(row["person_id"]), str(row["account_id"])
    reason, until = _reason(known, row, person, account in chosen, fits)
    if reason == "asked" and draw(f"survey:{known.name}", person, salt) >= known.survey.sample:
        reason = "not_in_sample"
    return Decision(person, account, reason, until)


def _reason(
    known: _Known, row: Mapping[str, object], person: str, in_accounts: bool, in_people: bool
) -> tuple[Reason, date | None]:
    survey, by_letter = known.survey, "email" in known.survey.distribution
    left = row.get("left_on")
    if not survey.enabled:
        return "disabled", None
    if not is_open(survey, known.today, known.today):
        return "closed", None
    if isinstance(left, date) and left <= known.today:
        return "left", None
    if not in_accounts or not in_people:
        return "outside_people" if in_accounts else "outside_accounts", None
    if row.get("unsubscribed"):
        return "unsubscribed", None
    if by_letter and (row.get("bounced") or not row.get("has_address")):
        return "bounced" if row.get("bounced") else "no_address", None
    if person in known.open_until:
        return "still_open", known.open_until[person]
    if person in known.asked:
        free = known.asked[person] + timedelta(days=survey.cool_down)
        if known.today < free:
            return "cool_down", free - timedelta(days=1)
    return "asked", None
