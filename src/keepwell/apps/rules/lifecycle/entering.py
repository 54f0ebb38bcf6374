"""An account came to a stage: rules hear of it, and what belongs to the stage begins."""

from __future__ import annotations

from collections.abc import Callable, Collection

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import StageChange
from keepwell.apps.rules.lifecycle.logging import log_stages
from keepwell.apps.rules.occasions import note_occasions
from keepwell.definitions.lifecycle import Stage

Entered = Callable[[StageChange, Stage], None]
"""What an app begins when an account comes to a stage; called again for the same change it does nothing."""

_ENTERED: list[Entered] = []


def register_entered(entered: Entered) -> None:
    _ENTERED.append(entered)


def entered(change_ids: Collection[int]) -> None:
    """Changes of stages that were just made; doing it again changes nothing."""
    changes = list(StageChange.objects.filter(pk__in=change_ids).select_related("account"))
    note_occasions("stage_change", [(one.stage, one.account_id, str(one.pk)) for one in changes])
    project = current_project()
    log_stages(changes, project)
    for change in changes:
        stage = project.stages.get(change.stage) if project else None
        if stage is not None:
            for begin in _ENTERED:
                begin(change, stage)
