"""The newest optimism report; what of it somebody sees is `seeing`'s."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.experiments.optimism.asking import KIND
from keepwell.apps.experiments.optimism.seeing import seen_by


def newest() -> Experiment | None:
    found = Experiment.objects.filter(kind=KIND, status=Status.DONE).defer("files", "versus_files")
    return found.order_by("-ended_at").first()


def newest_for(actor: Actor) -> dict[str, Any] | None:
    """As the actor may see it; None where there is none. Raises Forbidden."""
    require(actor, Permission.VIEW)
    one = newest()
    return seen_by(actor, one.result) if one else None
