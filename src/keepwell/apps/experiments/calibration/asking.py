"""A calibration is asked for: of definitions as they are, or of whether the chances in force still hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.asking import Wanted, subjects_of
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.experiments.operations import ask
from keepwell.apps.experiments.subjects import subject_of
from keepwell.apps.health.models import LossChances

KIND = "calibration"


def ask_for_calibration(*, actor: Actor, wanted: Wanted) -> Experiment:
    """A calibration, or the one that somebody asked the same of and that has not ended.

    That of a published version, with every account by its own card, is what revenue at risk rests on once it is done.
    Raises Forbidden, and FieldRefused for what cannot be asked.
    """
    require(actor, Permission.CONFIGURE)
    own, _ = subjects_of(replace(wanted, versus=""))
    return ask(actor=actor, kind=KIND, own=own, parameters=wanted.parameters)


def ask_whether_they_hold(*, actor: Actor, chances: LossChances, last: date) -> Experiment | None:
    """The chances in force against outcomes that came later, up to a day; None where that was asked
    before, unless it failed or was cancelled."""
    asked = chances.asked
    wanted = Wanted(
        f"version:{chances.version_number}", date.fromisoformat(asked["first"]), last, asked["lead_days"],
        every_days=asked["every_days"], horizon_days=asked["horizon_days"], trusted=tuple(asked["trusted"]),
    )  # fmt: skip
    parameters = {**wanted.parameters, "kept": True}
    before = Experiment.objects.filter(kind=KIND, of__reference=wanted.of, parameters=parameters)
    if before.filter(asked_at__gte=chances.learned_at).exclude(status__in=(Status.FAILED, Status.CANCELLED)).exists():
        return None
    return ask(actor=actor, kind=KIND, own=subject_of(wanted.of, "of"), parameters=parameters)
