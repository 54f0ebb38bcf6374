"""What the cockpit hears from below: accounts that come to a stage, and what rules ask it about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count

from keepwell.apps.access.actors import NotVisible, System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.opening import Wanted, open_call
from keepwell.apps.cockpit.words import CallStatus, CallType, Origin
from keepwell.apps.customers.models import StageChange
from keepwell.apps.rules.lifecycle.entering import register_entered
from keepwell.apps.rules.standing.records import register_count
from keepwell.definitions.lifecycle import Stage

ACTOR = System("stage criteria", origin="rule")


def register() -> None:
    register_count("open_calls", open_calls)
    register_entered(begin_stage)


def open_calls(accounts: Collection[str] | None) -> Mapping[str, float]:
    """How many calls are open, by account; those with none are left out."""
    opened = CallToAction.objects.exclude(status=CallStatus.CLOSED)
    if accounts is not None:
        opened = opened.filter(account_id__in=accounts)
    counts = opened.order_by().values_list("account_id").annotate(calls=Count("pk"))
    return {account: float(calls) for account, calls in counts}


def begin_stage(change: StageChange, stage: Stage) -> None:
    """The playbook of the stage, as one lifecycle call; nothing where the account has gone on, or had it already."""
    key = f"stage_{change.stage}"[:100]
    since = CallToAction.objects.filter(account=change.account_id, type=CallType.LIFECYCLE, reason=key)
    if stage.playbook is None or change.account.stage != change.stage or since.filter(cause__stage=change.pk).exists():
        return
    title = stage.title or change.stage.replace("_", " ").capitalize()
    wanted = Wanted(
        type=CallType.LIFECYCLE, title=f"{title}: {change.account.name}"[:300], reason=key,
        reason_words=f"Came to {title}", playbook=stage.playbook, origin=Origin.RULE, cause={"stage": change.pk},
    )  # fmt: skip
    try:
        open_call(actor=ACTOR, account_id=change.account_id, wanted=wanted)
    except NotVisible:  # merged meanwhile
        return
