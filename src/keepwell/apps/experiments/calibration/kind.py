"""Calibrations as a kind of experiment."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.experiments.asides import seen_by, to_mind
from keepwell.apps.experiments.calibration import drawing, telling
from keepwell.apps.experiments.calibration.asking import KIND
from keepwell.apps.experiments.calibration.making import made
from keepwell.apps.experiments.kinds.kind import Found, Kind
from keepwell.apps.experiments.models import Experiment


def _asked(experiment: Experiment) -> str:
    asked = experiment.parameters
    checks = " Asked whether the chances in force hold." if asked.get("kept") else ""
    card = f" Scorecard {asked['card']}." if asked["card"] else ""
    return f"Decisions of {asked['first']} to {asked['last']}, {asked['lead_days']} days ahead.{card}{checks}"


def _answer(actor: Actor, one: Experiment, found: Found) -> dict[str, Any]:
    return {
        "sentences": telling.sentences(found), "amounts": telling.amounts(found), "curves": telling.curves(found),
        "months": telling.months(found), "held": found["held"], "curves_option": drawing.curves_option(found),
        "months_option": drawing.months_option(found), "notes": to_mind(found),
    }  # fmt: skip


CALIBRATION = Kind(
    name=KIND,
    title="Chances of loss",
    start="calibration",
    make=made,
    headline=telling.headline,
    asked=_asked,
    answer=_answer,
    template="experiments/calibration/_answer.html",
    seen_by=seen_by,
)
