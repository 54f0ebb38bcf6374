"""Writes: scores that people enter for a measure, one or many at once, and their withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from keepwell.apps.access.actors import Actor, Forbidden, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account, Relationship
from keepwell.apps.customers.queries import account_for, unit_of, visible
from keepwell.apps.health.dating import Dates, dates
from keepwell.apps.health.models import Entry
from keepwell.apps.health.renewing import count_at_once
from keepwell.definitions.measures import Measure
from keepwell.definitions.scorecards import EntityKind
from keepwell.errors import RequestRefused

SOURCES = ("manual", "rule", "api")


@dataclass(frozen=True)
class Entered:
    """What somebody says of one measure of one account. `day` None: the day on which it counts at once."""

    account_id: str
    score: float | None
    comment: str = ""
    day: date | None = None
    expires: date | None = None


class EntriesRefused(RequestRefused):
    """Some of many entries cannot be taken, so none was: `problems_of` says why, by account."""

    def __init__(self, problems_of: dict[str, str]) -> None:
        super().__init__(*problems_of.values())
        self.problems_of = problems_of


@transaction.atomic
def enter_score(
    *,
    actor: Actor,
    account_id: str,
    measure: str,
    score: float,
    comment: str = "",
    day: date | None = None,
    expires: date | None = None,
    source: str = "manual",
    unit_id: str | None = None,
) -> Entry:
    """A score of one account, or of one of its units; it counts at once.

    Raises NotVisible, Forbidden, RequestRefused.
    """
    account = account_for(actor, account_id)
    unit = None if unit_id is None else unit_of(account, unit_id)
    require(actor, Permission.WRITE)
    measure_of(measure, source, kind_of(unit))
    entry = _entry(actor, account, measure, Entered(account_id, score, comment, day, expires), source, dates())
    entry.relationship_id = unit_id
    _save(actor, [entry], unit)
    return entry


@transaction.atomic
def withdraw_score(
    *,
    actor: Actor,
    account_id: str,
    measure: str,
    source: str = "manual",
    comment: str = "",
    unit_id: str | None = None,
) -> Entry:
    """Ends what a source says of a measure, from now on; the measure falls back to its next source."""
    account = account_for(actor, account_id)
    unit = None if unit_id is None else unit_of(account, unit_id)
    require(actor, Permission.WRITE)
    standing = latest_entry(account_id, measure, source, unit_id)
    if standing is None or standing.score is None:
        raise RequestRefused(f"there is no {source} score of {measure} to withdraw")
    when = dates()
    at = max(when.moment(when.counting), standing.occurred_at)
    entry = Entry(
        account=account, relationship_id=unit_id, measure=measure, source=source, score=None, comment=comment.strip(),
        author=actor.name, occurred_at=at, recorded_at=when.now,
    )  # fmt: skip
    _save(actor, [entry], unit)
    return entry


@transaction.atomic
def enter_scores(*, actor: Actor, measure: str, entered: Sequence[Entered], source: str = "manual") -> list[Entry]:
    """Scores of one measure for many accounts, all or none. For accounts of others it takes the right to bulk changes.

    Raises EntriesRefused with a reason for each account that cannot be taken.
    """
    require(actor, Permission.WRITE)
    measure_of(measure, source)
    when, problems, entries = dates(), dict[str, str](), list[Entry]()
    accounts = visible(actor).in_bulk([one.account_id for one in entered])
    for one in entered:
        try:
            account = accounts.get(one.account_id)
            if account is None:
                raise NotVisible
            may_change_together(actor, account)
            entries.append(_entry(actor, account, measure, one, source, when))
        except NotVisible:
            problems[one.account_id] = "there is no such account"
        except (RequestRefused, Forbidden) as refused:
            problems[one.account_id] = str(refused)
    if problems:
        raise EntriesRefused(problems)
    _save(actor, entries)
    return entries


def may_change_together(actor: Actor, account: Account) -> None:
    """One's own accounts anybody may change together who may change one. Raises Forbidden."""
    own = actor.user is not None and account.owner_id == actor.user.pk
    require(actor, Permission.WRITE if own else Permission.BULK)


def kind_of(unit: Relationship | None) -> EntityKind:
    """Whose cards count for something that is about a unit, or about no unit."""
    return "account" if unit is None else "relationship"


def measure_of(name: str, source: str = "manual", kind: EntityKind = "account") -> Measure:
    """The measure that takes entries of a source under this name, on any card of the kind. Raises RequestRefused."""
    project = current_project()
    measures = entered_measures(source, kind) if project else {}
    if name not in measures:
        known = ", ".join(sorted(measures)) or "none"
        raise RequestRefused(
            f"no card of {kind}s has a measure '{name}' that takes {source} scores; there are: {known}"
        )
    return measures[name]


def entered_measures(source: str = "manual", kind: EntityKind = "account") -> dict[str, Measure]:
    """The measures of cards of accounts (of relationships) that take entries of a source, by name."""
    project = current_project()
    cards = project.cards_for(kind).values() if project else ()
    return {
        name: measure
        for card in cards
        for name, measure in card.measures.items()
        if measure.manual or source in measure.source_order
    }


def latest_entry(account_id: str, measure: str, source: str = "manual", unit_id: str | None = None) -> Entry | None:
    """What a source said last of an account, or of a unit."""
    found = entries_of(account_id, measure, unit_id).filter(source=source)
    return found.order_by("-occurred_at", "-recorded_at", "-pk").first()


def entries_of(account_id: str, measure: str, unit_id: str | None = None) -> QuerySet[Entry]:
    """Everything that was entered of an account, or of a unit, wherever that belonged then."""
    whose = {"account_id": account_id, "relationship_id": None} if unit_id is None else {"relationship_id": unit_id}
    return Entry.objects.filter(**whose, measure=measure)


def _entry(actor: Actor, account: Account, measure: str, one: Entered, source: str, when: Dates) -> Entry:
    if one.score is None or not 0 <= one.score <= 100:
        raise RequestRefused(f"a score lies between 0 and 100, not at {one.score}")
    day = when.past(one.day)
    return Entry(
        account=account, measure=measure, source=source, score=one.score, comment=one.comment.strip(),
        author=actor.name, occurred_at=when.moment(day), recorded_at=when.now, expires_at=when.last(one.expires, day),
    )  # fmt: skip


def _save(actor: Actor, entries: Sequence[Entry], unit: Relationship | None = None) -> None:
    for entry in entries:
        before = latest_entry(entry.account_id, entry.measure, entry.source, entry.relationship_id)
        entry.save()
        record(
            actor,
            "withdrew the score of" if entry.score is None else "scored",
            kind="entry", of=entry.pk, name=f"{entry.measure} of {unit.name}" if unit else entry.measure,
            account_id=entry.account_id,
            before={"score": before.score, "comment": before.comment} if before else {},
            after={"score": entry.score, "comment": entry.comment, "expires_at": entry.expires_at},
        )  # fmt: skip
    count_at_once([entry.account_id for entry in entries])
