"""Who was right, people or the score? The whole story of a report on feedback, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.learning.backtest import Contender, Settings
from keepwell.learning.calibration.calibrating import CalibrationReport, calibrate
from keepwell.learning.calibration.lookup import lookup
from keepwell.learning.effects.facts import decisions_of
from keepwell.learning.observing import Question, horizon_of
from keepwell.learning.outcomes import read_outcomes
from keepwell.learning.people.feedback import SCHEMA, Judged, right_or_wrong
from keepwell.learning.plain import plain

SAID = pa.schema([field for field in SCHEMA if field.name != "chance"] + [("score", pa.float64())])
"""What people said, with the score that they saw."""


@dataclass(frozen=True)
class FeedbackReport:
    """`judged`: by measure and segment, each with all of the other together; empty where nothing tells what a score
    means, and `reason` says why."""

    calibrated: CalibrationReport
    judged: tuple[Judged, ...]
    horizon_days: int
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        asked = {**plain(self.calibrated.asked), "horizon_days": self.horizon_days}
        judged = [one.to_json() for one in self.judged]
        return {"asked": asked, "judged": judged, "reason": self.reason, "asides": plain(self.calibrated.asides)}


def judge_feedback(
    own: Contender,
    question: Question,
    said: Callable[[Project], pa.Table],
    settings: Settings | None = None,
) -> FeedbackReport:
    """What people said of scores against what became of the accounts within the horizon of the question.

    `said`: what people said, as `SAID`. Chances are learned on a grid of dates without a lead time, so that they are of
    the same: to be lost within that horizon. Raises as `calibrate` does.
    """
    asked = replace(question, lead_days=0, way="on_grid", horizon_days=horizon_of(question))
    calibrated, horizon = calibrate(own, asked, settings), horizon_of(question)
    if calibrated.chances is None:
        return FeedbackReport(calibrated, (), horizon, calibrated.reason)
    rows = said(own.project)
    score, segment = rows["score"].to_numpy(), rows["segment"].combine_chunks()
    chance = lookup(calibrated.chances).chance(score, segment)
    table = rows.append_column("chance", pa.array(chance, from_pandas=True))
    outcomes = read_outcomes(own.project, own.source)
    until = min(question.last, outcomes.decided_on.max().astype(object)) if len(outcomes) else question.last
    ids = pc.unique(pa.chunked_array([*rows["account"].chunks, outcomes.account], pa.string())).sort()
    decisions = decisions_of(outcomes, ids, int(np.datetime64(question.last, "D").astype(np.int64)))
    return FeedbackReport(calibrated, tuple(right_or_wrong(table, decisions, ids, until, horizon)), horizon)
