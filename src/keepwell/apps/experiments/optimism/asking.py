"""An optimism report is asked for."""

from __future__ import annotations

from dataclasses import replace

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.asking import Wanted, subjects_of
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.operations import ask
from keepwell.errors import FieldRefused

KIND = "optimism"


def ask_for_optimism(*, actor: Actor, wanted: Wanted) -> Experiment:
    """A report, or the one that somebody asked the same of and that has not ended.

    Raises Forbidden, and FieldRefused for what cannot be asked.
    """
    require(actor, Permission.CONFIGURE)
    if wanted.horizon_days is not None:
        raise FieldRefused("horizon_days", "entered scores are held against whole decisions; leave the horizon out")
    own, _ = subjects_of(replace(wanted, versus=""))
    if not own.project.all_with_role("entries"):
        raise FieldRefused("of", f"{own.name} has no dataset with role: entries, so nobody enters scores by it")
    return ask(actor=actor, kind=KIND, own=own, parameters=wanted.parameters)
