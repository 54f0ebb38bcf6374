"""Score and revenue of an account when a call begins and ends, and 30, 60 and 90 days after it ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from keepwell.apps.cockpit.models import CallToAction, Measurement
from keepwell.apps.health.dating import dates
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.place import lake
from keepwell.lake.history import read_scores

OPENED, CLOSED = "opened", "closed"
DAYS_AFTER = (30, 60, 90)
_BACK = timedelta(days=7)
"""A score that is older does not stand for a day; and so long a day that is not scored yet is waited for."""

_BLOCK = 500
_COLUMNS = ("entity_kind", "account_id", "as_of", "final_score", "label")
Scored = dict[str, tuple[float | None, str]]


def measure_now(call: CallToAction, moment: str) -> None:
    """What stands at this moment; a moment that was measured already is measured anew."""
    health = CurrentHealth.objects.filter(account=call.account_id).first()
    Measurement.objects.update_or_create(
        call=call, moment=moment,
        defaults={
            "due_on": dates().today, "recorded_at": timezone.now(), "score": health.score if health else None,
            "label": health.label if health else "", "arr": call.account.arr,
        },
    )  # fmt: skip


def measure_later(call: CallToAction) -> None:
    """The days on which the account of a call that just ended is looked at again."""
    ended = dates().today
    Measurement.objects.bulk_create(
        [Measurement(call=call, moment=str(days), due_on=ended + timedelta(days=days)) for days in DAYS_AFTER]
    )


def forget_end(call: CallToAction) -> None:
    """A call that goes on has not ended."""
    call.measurements.exclude(moment=OPENED).delete()


def record_due(today: date) -> int:
    """Fills what is due, with the score as it was shown on that very day. Returns how many were filled.

    A day that is not scored yet is waited for, a week at most. Doing it twice changes nothing.
    """
    waiting = Measurement.objects.filter(recorded_at=None, due_on__lte=today)
    days = list(waiting.order_by("due_on").values_list("due_on", flat=True).distinct())
    return sum(_record(day, today) for day in days)


@transaction.atomic
def _record(day: date, today: date) -> int:
    rows = Measurement.objects.select_for_update(of=("self",), skip_locked=True).filter(recorded_at=None, due_on=day)
    held = list(rows.select_related("call__account").order_by("pk")[:_BLOCK])
    shown = _shown_on(day, {one.call.account_id for one in held})
    filled = [one for one in held if one.call.account_id in shown.exact or today - day > _BACK]
    now = timezone.now()
    for one in filled:
        one.score, one.label = shown.scores.get(one.call.account_id, (None, ""))
        one.arr, one.recorded_at = one.call.account.arr, now
    Measurement.objects.bulk_update(filled, ["score", "label", "arr", "recorded_at"])
    return len(filled)


@dataclass(frozen=True)
class _Shown:
    """The newest score up to a day, by account; `exact`: those that were scored on the day itself."""

    scores: Scored
    exact: frozenset[str]


def _shown_on(day: date, accounts: Collection[str]) -> _Shown:
    table = read_scores(lake(), since=day - _BACK, until=day, accounts=sorted(accounts), columns=list(_COLUMNS))
    scores: Scored = {}
    exact = set()
    for row in _rows(table):
        if row["entity_kind"] == "account":
            scores[row["account_id"]] = (row["final_score"], row["label"] or "")
            if row["as_of"] == day:
                exact.add(row["account_id"])
    return _Shown(scores, frozenset(exact))


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: row["as_of"]) if table.num_rows else []
