"""What the cockpit hears from below: accounts that come to a stage, and what rules ask it about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from keepwell.apps.access.actors import NotVisible, System
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.opening import Wanted, open_call
from keepwell.apps.cockpit.playbooks import in_force
from keepwell.apps.cockpit.words import CallStatus, CallType, Origin
from keepwell.apps.customers.models import StageChange
from keepwell.apps.rules.lifecycle.entering import register_entered
from keepwell.apps.rules.standing.records import register_count
from keepwell.definitions.lifecycle import Stage

ACTOR = System("stage criteria", origin="rule")


def register() -> None:
    register_count("open_calls", open_calls, calls_then)
    register_count("open_risks", open_risks, risks_then)
    register_entered(begin_stage)


def open_calls(accounts: Collection[str] | None) -> Mapping[str, float]:
    """How many calls are open, by account; those with none are left out."""
    return _counted(CallToAction.objects.exclude(status=CallStatus.CLOSED), accounts)


def open_risks(accounts: Collection[str] | None) -> Mapping[str, float]:
    """The same of calls of type risk."""
    return _counted(CallToAction.objects.exclude(status=CallStatus.CLOSED).filter(type=CallType.RISK), accounts)


def calls_then(day: date) -> Mapping[str, float]:
    """How many calls were open at the end of a day, by account."""
    return _counted(_open_at_end_of(day), None)


def risks_then(day: date) -> Mapping[str, float]:
    """The same of calls of type risk."""
    return _counted(_open_at_end_of(day).filter(type=CallType.RISK), None)


def _open_at_end_of(day: date) -> QuerySet[CallToAction]:
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    return CallToAction.objects.filter(Q(closed_at=None) | Q(closed_at__gte=end), opened_at__lt=end)


def _counted(opened: QuerySet[CallToAction], accounts: Collection[str] | None) -> Mapping[str, float]:
    if accounts is not None:
        opened = opened.filter(account_id__in=accounts)
    counts = opened.order_by().values_list("account_id").annotate(calls=Count("pk"))
    return {account: float(calls) for account, calls in counts}


def begin_stage(change: StageChange, stage: Stage) -> None:
    """The playbook of the stage, as one call; nothing where the account has gone on, or had it already.

    The call is due when the stage should be over, if it says when.
    """
    book = in_force().get(stage.playbook or "")
    had = CallToAction.objects.filter(account=change.account_id, cause__stage=change.pk)
    if book is None or change.account.stage != change.stage or had.exists():
        return
    title = stage.title or change.stage.replace("_", " ").capitalize()
    due = today_of(change.account.owner) + timedelta(days=stage.expected) if stage.expected else None
    wanted = Wanted(
        type=book.book.call_type or CallType.LIFECYCLE, title=f"{title}: {change.account.name}"[:300],
        reason=f"stage_{change.stage}"[:100], reason_words=f"Came to {title}"[:300], due=due, playbook=book.name,
        origin=Origin.RULE, cause={"stage": change.pk},
    )  # fmt: skip
    try:
        open_call(actor=ACTOR, account_id=change.account_id, wanted=wanted)
    except NotVisible:  # merged meanwhile
        return
