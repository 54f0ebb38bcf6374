"""Who was right, people or the score? The whole story of a report on feedback, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.learning.backtest import Contender, Settings, cleaned_of
from keepwell.learning.calibration.calibrating import CalibrationReport, calibrate
from keepwell.learning.calibration.lookup import lookup
from keepwell.learning.effects.facts import decisions_of
from keepwell.learning.effects.panel import days_of
from keepwell.learning.observing import Question, at_least_before, horizon_of
from keepwell.learning.outcomes import read_outcomes
from keepwell.learning.people.feedback import SCHEMA, Judged, right_or_wrong
from keepwell.learning.people.then import segments_then
from keepwell.learning.plain import plain

SAID = pa.schema([field for field in SCHEMA if field.name not in ("chance", "segment")] + [("score", pa.float64())])
"""What people said, with the score that they saw."""
_IN_SAMPLE = "chances were learned from the same outcomes, so the score knew a part of what people foresaw"


@dataclass(frozen=True)
class FeedbackReport:
    """`judged`: by measure and segment, each with all of the other together; empty where nothing tells what a score
    means, and `reason` says why. `notes`: what was left out, and what a reader should mind."""

    calibrated: CalibrationReport
    judged: tuple[Judged, ...]
    horizon_days: int
    reason: str | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        asked = {**plain(self.calibrated.asked), "horizon_days": self.horizon_days}
        judged = [one.to_json() for one in self.judged]
        said = {"reason": self.reason, "asides": plain(self.calibrated.asides), "notes": list(self.notes)}
        return {"asked": asked, "judged": judged, **said}


def judge_feedback(
    own: Contender,
    question: Question,
    said: Callable[[Project], pa.Table],
    settings: Settings | None = None,
) -> FeedbackReport:
    """What people said of scores against what became of the accounts within the horizon of the question.

    `said`: what people said, as `SAID`; what lies outside the days of the question is left out. An account counts with
    the segment of the last date that chances were learned at before it was spoken of. Chances are learned on a grid of
    dates without a lead time, so that they are of the same: to be lost within that horizon. Raises as `calibrate` does.
    """
    chosen, horizon = settings or Settings(), horizon_of(question)
    asked = replace(question, lead_days=0, way="on_grid", horizon_days=horizon)
    calibrated = calibrate(own, asked, chosen)
    if calibrated.chances is None:
        return FeedbackReport(calibrated, (), horizon, calibrated.reason)
    rows, notes = _in_span(said(own.project), question)
    segment = _segments(own, rows, asked, chosen)
    chance = lookup(calibrated.chances).chance(rows["score"].to_numpy(), segment)
    table = rows.append_column("segment", segment).append_column("chance", pa.array(chance, from_pandas=True))
    outcomes = read_outcomes(own.project, own.source)
    until = min(question.last, outcomes.decided_on.max().astype(object)) if len(outcomes) else question.last
    ids = pc.unique(pa.chunked_array([*rows["account"].chunks, outcomes.account], pa.string())).sort()
    decisions = decisions_of(outcomes, ids, int(np.datetime64(question.last, "D").astype(np.int64)))
    judged = tuple(right_or_wrong(table, decisions, ids, until, horizon))
    return FeedbackReport(calibrated, judged, horizon, notes=(*notes, _IN_SAMPLE))


def _in_span(rows: pa.Table, question: Question) -> tuple[pa.Table, tuple[str, ...]]:
    """What was said on the days that are asked about, and a note where there is more."""
    within = pc.and_(
        pc.greater_equal(rows["said_on"], pa.scalar(question.first)),
        pc.less_equal(rows["said_on"], pa.scalar(question.last)),
    )
    kept = rows.filter(within)
    out = rows.num_rows - kept.num_rows
    span = f"said before {question.first} or after {question.last}, so left out"
    return kept, (f"{out:,} {'remark was' if out == 1 else 'remarks were'} {span}",) if out else ()


def _segments(own: Contender, rows: pa.Table, asked: Question, settings: Settings) -> pa.StringArray:
    """[n] at the last date of the grid by then, so that values serve which the chances were learned from."""
    latest = np.datetime64(asked.last, "D") - np.timedelta64(horizon_of(asked), "D")
    days = at_least_before(np.minimum(days_of(rows["said_on"]).astype("datetime64[D]"), latest), 0, asked, "on_grid")
    account = rows["account"].combine_chunks()
    return segments_then(cleaned_of(own, settings).project, own.source, account, days, settings.values)
