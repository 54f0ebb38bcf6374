"""Reminders: a score that somebody entered has gone stale, and the owner of the account hears of it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Relationship
from keepwell.apps.health.models import Entry
from keepwell.apps.notices.operations import notify
from keepwell.definitions.measures import Measure
from keepwell.definitions.scorecards import EntityKind

SOURCE = "manual"


@transaction.atomic
def remind_owners(now: datetime | None = None) -> int:
    """A notice to the owner for each latest entry that is stale or has expired; once an entry. Returns how many are."""
    project, moment = current_project(), now or timezone.now()
    if project is None:
        return 0
    measures = {
        (card.entity_kind, name): measure
        for card in project.scorecards.values()
        for name, measure in card.measures.items()
    }
    units = dict(Relationship.objects.filter(in_population=True).values_list("pk", "name"))
    stale = 0
    for entry in _latest():
        if entry.relationship_id is not None and entry.relationship_id not in units:
            continue
        kind: EntityKind = "account" if entry.relationship_id is None else "relationship"
        measure, owner = measures.get((kind, entry.measure)), entry.account.owner
        if measure is None or owner is None or not is_stale(entry, measure, moment):
            continue
        stale += 1
        notify(
            user=owner,
            text=f"{' › '.join(_names(entry, units))}: {measure.title or entry.measure.replace('_', ' ')} was entered "
            f"on {entry.occurred_at:%d %b %Y} and has gone stale; enter it again",
            kind="stale_score",
            key=f"stale_score:{entry.pk}",
            link=link_of(entry.account_id, entry.relationship_id, entry.measure),
        )
    return stale


def is_stale(entry: Entry, measure: Measure, now: datetime) -> bool:
    """Expired, or older than the measure's `valid_for`."""
    if entry.expires_at is not None and entry.expires_at <= now:
        return True
    return measure.valid_for is not None and (now - entry.occurred_at) > timedelta(days=measure.valid_for + 1)


def stale_on(entry: Entry, measure: Measure) -> date | None:
    """The first day on which the entry is stale; None where it never is."""
    ends = [entry.expires_at.date()] if entry.expires_at else []
    if measure.valid_for is not None:
        ends.append((entry.occurred_at + timedelta(days=measure.valid_for + 1)).date())
    return min(ends, default=None)


def link_of(account_id: str, unit_id: str | None, measure: str) -> str:
    """The page on which a measure of an account or unit is entered."""
    if unit_id is None:
        return reverse("account_score", args=[account_id, measure])
    return reverse("unit_score", args=[account_id, unit_id, measure])


def _names(entry: Entry, units: Mapping[str, str]) -> list[str]:
    unit = entry.relationship_id
    return [entry.account.name, *([units[unit]] if unit is not None else ())]


def _latest() -> Iterator[Entry]:
    """The newest entry by people of each account, unit and measure, where it says a score."""
    found = (
        Entry.objects.filter(source=SOURCE, account__in_population=True)
        .order_by("account_id", "relationship_id", "measure", "-occurred_at", "-recorded_at", "-pk")
        .distinct("account_id", "relationship_id", "measure")
        .select_related("account__owner")
    )
    return (entry for entry in found if entry.score is not None)
