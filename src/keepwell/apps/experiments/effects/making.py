"""A study of effects, carried out by a worker."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from keepwell.apps.experiments.effects.ledger import imported, rows_of
from keepwell.apps.experiments.kinds.contending import contender
from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment

if TYPE_CHECKING:
    from keepwell.learning.effects.effects import Question


def made(experiment: Experiment, work: Work) -> Found:
    """Every figure, as `keepwell effects --out` writes it."""
    from keepwell.learning.effects.ledger import treatments
    from keepwell.learning.effects.reading import treatment_rows
    from keepwell.learning.effects.study import Settings, study

    asked = experiment.parameters
    with ExitStack() as held:
        own = contender(held, experiment.of, experiment.files, "")
        others = treatment_rows(own.project, own.source, imported(own.project))
        ledger = treatments(pa.concat_tables([rows_of(own.project), others]))
        settings = Settings(asked["every_days"], tuple(asked["trusted"]), work.values, work.dates)
        return study(own.project, own.source, _question(asked), settings, ledger).to_json()


def _question(asked: dict[str, Any]) -> Question:
    from keepwell.learning.effects.effects import Question
    from keepwell.learning.effects.targets import SCORE, Target

    targets = (Target(asked["within_days"]), *(Target(days, SCORE) for days in asked["after_days"]))
    first, last = date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])
    return Question(first, last, targets, tuple(asked["by"]))
