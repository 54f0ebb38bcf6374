"""What the demo's CSMs did: the stages their customers went through, the calls they worked, and what that brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.db.models import F

from keepwell.apps.cockpit.measuring import CLOSED, DAYS_AFTER, OPENED, record_due
from keepwell.apps.cockpit.models import CallToAction, Measurement
from keepwell.apps.cockpit.words import CallStatus, CallType, Outcome
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.rules.models import Treatment
from keepwell.server.demo_rows import rows_of

_PLAYBOOKS = {"adoption_workshop": "Adoption workshop", "webinar_invitation": "Invite to the webinar"}
_RISE, _FALL = 3, -3
"""By so many points within 30 days a workshop succeeded, or did not."""


def work(folder: Path, end: date) -> None:
    """Stages and calls up to `end`, with what was measured; made once, found again after that."""
    if not Treatment.objects.exists():
        with transaction.atomic():
            _go_through_stages(folder, end)
            _treat(folder, end)
            _call(folder, end)
        record_due(end)
        _judge()


def _go_through_stages(folder: Path, end: date) -> None:
    """Each change of the stage in the history of the accounts; the last one is the stage they are in."""
    StageChange.objects.all().delete()
    now: dict[str, str] = {}
    changes = []
    for account, rows in groupby(rows_of(folder / "accounts.csv"), key=lambda row: row["account_id"]):
        for row in sorted(rows, key=lambda row: row["changed_at"]):
            day = date.fromisoformat(row["changed_at"])
            if day <= end and row["stage"] != now.get(account):
                now[account] = row["stage"]
                changes.append(StageChange(account_id=account, stage=row["stage"], occurred_at=_morning(day),
                                           author=row["csm"], reason=""))  # fmt: skip
    StageChange.objects.bulk_create(changes, batch_size=1000)
    StageChange.objects.update(recorded_at=F("occurred_at"))
    accounts = Account.objects.in_bulk(list(now))
    for pk, account in accounts.items():
        account.stage = now[pk]
    Account.objects.bulk_update(accounts.values(), ["stage"], batch_size=1000)


def _treat(folder: Path, end: date) -> None:
    """Who got a playbook, and whom the lottery left out of it."""
    Treatment.objects.bulk_create(
        [
            Treatment(by=f"playbook:{row['playbook']}", account_id=row["account_id"], occurrence=row["intervention_id"],
                      is_held_out=row["arm"] == "held_out", reason=_WHY[row["assignment"]],
                      occurred_at=_morning(date.fromisoformat(row["started_on"])))
            for row in _until(end, rows_of(folder / "interventions.csv")) if row["arm"] != "passed_over"
        ],
        batch_size=1000,
    )  # fmt: skip
    Treatment.objects.update(recorded_at=F("occurred_at"))


_WHY = {"lottery": "drawn by lot", "judgement": "chosen by the CSM"}


def _call(folder: Path, end: date) -> None:
    """A call for each playbook that was begun, closed when it was through; those begun last are at work still."""
    owners = {pk: (owner, name) for pk, owner, name in Account.objects.values_list("pk", "owner_id", "owner_name")}
    treated = [row for row in _until(end, rows_of(folder / "interventions.csv")) if row["arm"] == "treated"]
    calls = CallToAction.objects.bulk_create(
        [_call_of(row, owners, end) for row in treated if row["account_id"] in owners], batch_size=1000
    )
    Measurement.objects.bulk_create([one for call in calls for one in _measurements(call)], batch_size=1000)


def _call_of(row: Mapping[str, str], owners: Mapping[str, tuple[int | None, str]], end: date) -> CallToAction:
    owner, name = owners[row["account_id"]]
    began, done = date.fromisoformat(row["started_on"]), row["completed_on"]
    closed = date.fromisoformat(done) if done and date.fromisoformat(done) <= end else None
    return CallToAction(
        account_id=row["account_id"], type=CallType.ACTIVITY, reason=row["playbook"],
        reason_words=_WHY[row["assignment"]].capitalize(), title=_PLAYBOOKS[row["playbook"]],
        status=CallStatus.CLOSED if closed else CallStatus.IN_PROGRESS, owner_id=owner,
        due_on=began + timedelta(days=21), opened_at=_morning(began), opened_by=name, last_opened_at=_morning(began),
        closed_at=_morning(closed) if closed else None, closed_by=name if closed else "",
        outcome=Outcome.PARTLY if closed else "",
    )  # fmt: skip


def _measurements(call: CallToAction) -> Iterator[Measurement]:
    yield Measurement(call=call, moment=OPENED, due_on=call.opened_at.date())
    if call.closed_at is not None:
        yield Measurement(call=call, moment=CLOSED, due_on=call.closed_at.date())
        for days in DAYS_AFTER:
            yield Measurement(call=call, moment=str(days), due_on=call.closed_at.date() + timedelta(days=days))


def _judge() -> None:
    """The outcome that a CSM would have chosen a month later, by where the score went."""
    scores: dict[int, dict[str, float]] = {}
    for call, moment, score in Measurement.objects.exclude(score=None).values_list("call_id", "moment", "score"):
        scores.setdefault(call, {})[moment] = float(score or 0)
    for outcome, chosen in (
        (Outcome.SUCCEEDED, lambda moved: moved >= _RISE), (Outcome.FAILED, lambda moved: moved <= _FALL),
    ):  # fmt: skip
        found = [pk for pk, one in scores.items() if OPENED in one and "30" in one and chosen(one["30"] - one[OPENED])]
        CallToAction.objects.filter(pk__in=found, status=CallStatus.CLOSED).update(outcome=outcome)


def _until(end: date, rows: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    return (row for row in rows if date.fromisoformat(row["started_on"]) <= end)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
