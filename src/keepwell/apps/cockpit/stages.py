"""An account came to a stage of its life: the playbook of the stage begins, in a call of its own."""

from __future__ import annotations

from datetime import timedelta

from keepwell.apps.access.actors import NotVisible, System
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.opening import Wanted, open_call
from keepwell.apps.cockpit.playbooks import in_force
from keepwell.apps.cockpit.words import CallType, Origin
from keepwell.apps.customers.models import StageChange
from keepwell.definitions.lifecycle import Stage

_ACTOR = System("stages", origin="rule")
_KEY = "stage_change"


def begin_stage(change: StageChange, stage: Stage) -> None:
    """Once a change, however often it is told. Due is the call when the stage should be over, if it says when."""
    book = in_force().get(stage.playbook or "")
    if book is None or CallToAction.objects.filter(account=change.account_id, cause__stage_change=change.pk).exists():
        return
    title = stage.title or change.stage.replace("_", " ").capitalize()
    due = today_of(change.account.owner) + timedelta(days=stage.expected) if stage.expected else None
    wanted = Wanted(
        type=book.book.call_type or CallType.LIFECYCLE, reason=f"stage_{change.stage}"[:100], title=book.title[:300],
        reason_words=f"Came to {title}"[:300], due=due, playbook=book.name, origin=Origin.RULE,
        cause={_KEY: change.pk, "conditions": []},
    )  # fmt: skip
    try:
        open_call(actor=_ACTOR, account_id=change.account_id, wanted=wanted)
    except NotVisible:  # it was merged into another meanwhile
        return
