"""Optimism reports as a kind of experiment."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.experiments.asides import to_mind
from keepwell.apps.experiments.kinds.contending import contender, question_of
from keepwell.apps.experiments.kinds.kind import Found, Kind
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.optimism import telling
from keepwell.apps.experiments.optimism.asking import KIND
from keepwell.apps.experiments.optimism.seeing import seen_by


def _made(experiment: Experiment, work: Work) -> Found:
    from keepwell.learning.backtest import Settings
    from keepwell.learning.people.entering import judge_entries

    asked = experiment.parameters
    with ExitStack() as held:
        own = contender(held, experiment.of, experiment.files, asked["card"])
        settings = Settings(trusted=tuple(asked["trusted"]), values=work.values, advance=work.dates)
        return judge_entries(own, question_of(asked), settings).to_json()


def _asked(experiment: Experiment) -> str:
    asked = experiment.parameters
    return f"Decisions of {asked['first']} to {asked['last']}, {asked['lead_days']} days ahead."


def answer(actor: Actor, one: Experiment, found: Found) -> dict[str, Any]:
    return {"measures": telling.rows(found["measures"]), "people": telling.rows(found["people"]),
            "left_out": telling.left_out(found), "notes": to_mind(found)}  # fmt: skip


OPTIMISM = Kind(
    name=KIND,
    title="Entered scores",
    start="optimism",
    make=_made,
    headline=telling.headline,
    asked=_asked,
    answer=answer,
    template="experiments/optimism/_answer.html",
    seen_by=seen_by,
    draws=False,
)
