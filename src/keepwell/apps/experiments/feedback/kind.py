"""Feedback on scores as a kind of experiment."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.experiments.asides import seen_by, to_mind
from keepwell.apps.experiments.feedback import telling
from keepwell.apps.experiments.feedback.about import about
from keepwell.apps.experiments.feedback.asking import KIND
from keepwell.apps.experiments.feedback.said import rows_of
from keepwell.apps.experiments.kinds.contending import contender, question_of
from keepwell.apps.experiments.kinds.kind import Found, Kind
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment


def _made(experiment: Experiment, work: Work) -> Found:
    from keepwell.learning.backtest import Settings
    from keepwell.learning.people.speaking import judge_feedback

    asked = experiment.parameters
    with ExitStack() as held:
        own = contender(held, experiment.of, experiment.files, asked["card"])
        settings = Settings(trusted=tuple(asked["trusted"]), values=work.values, advance=work.dates)
        remarks, others = about(experiment.files)
        said = partial(rows_of, remarks=remarks)
        found = judge_feedback(own, question_of(asked), said, settings).to_json()
    return {**found, "notes": [*_of_others(others), *found["notes"]]}


def _of_others(count: int) -> list[str]:
    what = "remark was about a score" if count == 1 else "remarks were about scores"
    return [f"{count:,} {what} of other scorecards than those asked about, so left out"] if count else []


def _asked(experiment: Experiment) -> str:
    asked = experiment.parameters
    return f"What became of accounts within {asked['horizon_days']} days, {asked['first']} to {asked['last']}."


def _answer(actor: Actor, one: Experiment, found: Found) -> dict[str, Any]:
    return {"rows": telling.rows(found), "notes": to_mind(found)}


FEEDBACK = Kind(
    name=KIND,
    title="Feedback on scores",
    start="feedback",
    make=_made,
    headline=telling.headline,
    asked=_asked,
    answer=_answer,
    template="experiments/feedback/_answer.html",
    seen_by=seen_by,
    draws=False,
)
