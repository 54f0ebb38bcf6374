"""Reads of experiments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.kinds.registry import kind_of
from keepwell.apps.experiments.models import Experiment

_HEAVY = ("files", "versus_files")


def experiments(actor: Actor) -> QuerySet[Experiment]:
    """All of them, the newest first: figures are of everybody. Raises Forbidden."""
    require(actor, Permission.CONFIGURE)
    return Experiment.objects.defer(*_HEAVY)


def experiment(actor: Actor, pk: int) -> Experiment:
    """Raises Forbidden, and NotVisible where there is no such experiment."""
    found = experiments(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def found_for(actor: Actor, one: Experiment) -> dict[str, Any]:
    """A result without what the actor may not see; empty until there is one."""
    return kind_of(one).seen_by(actor, one.result) if one.result else {}


def about(actor: Actor, reference: str, most: int = 5) -> list[tuple[Experiment, str, str]]:
    """The newest experiments of a version or draft: each with its title, and its answer in short once there is one."""
    found = experiments(actor).filter(of__reference=reference)[:most]
    return [
        (one, kind_of(one).title, kind_of(one).headline(one.result) if one.result else one.get_status_display())
        for one in found
    ]
