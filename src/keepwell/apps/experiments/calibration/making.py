"""A calibration, carried out by a worker; that of a version is kept for what rests on it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.experiments.calibration.alarming import alarm_if_they_do_not_hold
from keepwell.apps.experiments.kinds.contending import contender, question_of
from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.health.models import LossChances
from keepwell.definitions.project import Project


def made(experiment: Experiment, work: Work) -> Found:
    """Every figure, as `keepwell calibrate --out` writes it."""
    from keepwell.learning.backtest import Settings
    from keepwell.learning.calibration.calibrating import Kept, calibrate
    from keepwell.learning.calibration.lookup import lookup_of

    asked, number = experiment.parameters, version_of(experiment)
    judged = asked.get("kept") and number is not None
    before = LossChances.objects.filter(version_number=number or 0).first() if judged else None
    kept = Kept(lookup_of(before.lookup), date.fromisoformat(before.asked["last"])) if before else None
    with ExitStack() as held:
        own = contender(held, experiment.of, experiment.files, asked["card"])
        settings = Settings(trusted=tuple(asked["trusted"]), values=work.values, advance=work.dates)
        found = calibrate(own, question_of(asked), settings, kept=kept).to_json()
    work.say("keeping what was found")  # one that was cancelled meanwhile tells nobody anything
    if before is not None:
        alarm_if_they_do_not_hold(experiment, found)
    elif number is not None and not asked["card"] and found["lookup"]:
        _keep(experiment, number, own.project, found)
    return found


def version_of(experiment: Experiment) -> int | None:
    """The number of the version that it is about; None for a draft."""
    kind, _, number = experiment.of["reference"].partition(":")
    return int(number) if kind == "version" else None


@transaction.atomic
def _keep(experiment: Experiment, number: int, project: Project, found: Found) -> None:
    asked: dict[str, Any] = {**experiment.parameters, **{k: found["asked"][k] for k in ("way", "horizon_days", "last")}}
    LossChances.objects.update_or_create(
        version_number=number,
        defaults={
            "lookup": found["lookup"], "segments": list(project.segments), "asked": asked,
            "learned_at": timezone.now(), "learned_by": experiment.asked_by, "experiment_id": experiment.pk,
        },
    )  # fmt: skip
