"""Scores that are entered for units, over the API: the same as for accounts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.customers.models import Relationship
from keepwell.apps.customers.queries import relationship_for
from keepwell.apps.health import schemas as s
from keepwell.apps.health.entering import enter_score, entered_measures, withdraw_score
from keepwell.apps.health.manual import history_of, standings
from keepwell.apps.health.shown import entry_out, standing_out
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of

router = Router(tags=["Scores"])
_AT = "/relationships/{relationship_id}/entered-scores"


@router.get(_AT, response=list[s.StandingOut], auth=VIEW, summary="Entered scores of a unit that stand")
def list_entered_of_unit(request: HttpRequest, relationship_id: str) -> list[dict[str, Any]]:
    """For each measure that people enter for units: the last entry, until when it is fresh, which sources count."""
    unit = relationship_for(actor_of(request), relationship_id)
    return [standing_out(one) for one in standings(unit.account, unit)]


@router.get(f"{_AT}/{{measure}}", response=list[s.EntryOut], auth=VIEW, summary="Everything entered for a unit")
def list_entries_of_unit(request: HttpRequest, relationship_id: str, measure: str) -> list[dict[str, Any]]:
    """Of one measure, newest first; a null score withdrew what stood. At most a thousand."""
    unit = relationship_for(actor_of(request), relationship_id)
    if measure not in entered_measures(kind="relationship"):
        raise NotVisible
    return [entry_out(entry, level) for entry, level in history_of(unit.account_id, measure, unit)[:1000]]


@router.post(f"{_AT}/{{measure}}", response={201: s.EntryOut}, auth=WRITE, summary="Enter a score of a unit")
def post_entered_of_unit(
    request: HttpRequest, relationship_id: str, measure: str, sent: s.EnterIn
) -> Status[dict[str, Any]]:
    """It counts at once, in the unit's own card and in all that rests on it."""
    actor, unit = _whose(request, relationship_id)
    entry = enter_score(actor=actor, account_id=unit.account_id, unit_id=unit.pk, measure=measure, **sent.dict())
    return Status(201, entry_out(entry, None))


@router.delete(f"{_AT}/{{measure}}", response={204: None}, auth=WRITE, summary="Withdraw a score of a unit")
def delete_entered_of_unit(
    request: HttpRequest, relationship_id: str, measure: str, source: s.Source = "manual"
) -> None:
    """What a source says of a measure ends now; the next source counts."""
    actor, unit = _whose(request, relationship_id)
    withdraw_score(actor=actor, account_id=unit.account_id, unit_id=unit.pk, measure=measure, source=source)


def _whose(request: HttpRequest, relationship_id: str) -> tuple[Actor, Relationship]:
    actor = actor_of(request)
    return actor, relationship_for(actor, relationship_id)
