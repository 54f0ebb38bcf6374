"""Are scores that people enter too high? The whole story of an optimism report, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.ledgers import ACCOUNT, ledger
from keepwell.errors import RequestRefused
from keepwell.learning.backtest import Contender, Settings
from keepwell.learning.calibration.calibrating import CalibrationReport, calibrate
from keepwell.learning.observing import Question
from keepwell.learning.outcomes import Outcomes, read_outcomes
from keepwell.learning.people.optimism import SCHEMA, OptimismReport, optimism
from keepwell.learning.plain import plain

VALID_DAYS = 180
MANUAL = "manual"


@dataclass(frozen=True)
class EntriesReport:
    """`found` None: nothing tells what a score means, and `reason` says why. `calibrated`: what a score means, learned
    from the scores of all accounts."""

    calibrated: CalibrationReport
    found: OptimismReport | None
    valid_days: int
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        own = self.found.to_json() if self.found else {"measures": [], "people": [], "left_out": {}, "notes": []}
        asked = {**plain(self.calibrated.asked), "valid_days": self.valid_days}
        return {**own, "asked": asked, "reason": self.reason, "asides": plain(self.calibrated.asides)}


def judge_entries(
    own: Contender,
    question: Question,
    settings: Settings | None = None,
    *,
    valid_days: int = VALID_DAYS,
) -> EntriesReport:
    """Scores that people entered, `question.lead_days` before the decisions of a question, against those decisions.

    Raises RequestRefused where no dataset has role entries, where nobody entered a score, for a question with a
    horizon, and as `calibrate` does.
    """
    _refuse_horizons(question)
    entries = read_entries(own.project, own.source)
    calibrated = calibrate(own, question, settings)
    reason = _reason(calibrated)
    if calibrated.chances is None or reason is not None:
        return EntriesReport(calibrated, None, valid_days, reason)
    outcomes = _between(read_outcomes(own.project, own.source), question)
    chance = calibrated.chances.overall.chance
    return EntriesReport(calibrated, optimism(entries, outcomes, chance, question.lead_days, valid_days), valid_days)


def _refuse_horizons(question: Question) -> None:
    if question.horizon_days is not None:
        raise RequestRefused(
            "entered scores are held against whole decisions, and a horizon cuts them into parts; ask without one"
        )


def _reason(calibrated: CalibrationReport) -> str | None:
    """Why nothing tells what an entered score means; None where the chances of scores are those of decisions."""
    if calibrated.chances is None:
        return calibrated.reason
    if calibrated.asked.way == "on_grid":
        return "outcomes hold losses only, so nobody knows how many decided to stay; add those that renewed"
    if calibrated.asked.way == "at_one_date":
        return "outcomes have no dates, so nobody knows what was entered before them; date them"
    if not calibrated.chances.overall.surely_falls:
        return "by the scores of all accounts, chance alone may have made losses rarer as scores rise"
    return None


def read_entries(project: Project, source: FactSource) -> pa.Table:
    """Scores of accounts that people entered, as `optimism.SCHEMA`. Raises RequestRefused where there are none.

    One that was entered for an earlier day counts from the day it was recorded: before, it foretold nothing.
    """
    names = project.all_with_role("entries")
    if not names:
        raise RequestRefused(
            "nobody's scores can be judged: no dataset has role: entries; add one that says who entered which score "
            "for which measure, and when"
        )
    reader = FactReader(project, source.table, source.dialect)
    found = pa.concat_tables([_rows(source.run(ledger(reader, name))) for name in names])
    if not len(found):
        raise RequestRefused("nobody has entered a score for an account yet, so there is nothing to judge")
    return found


def _rows(found: pa.Table) -> pa.Table:
    by_hand = pc.equal(pc.fill_null(found["source"].cast(pa.string()), MANUAL), MANUAL)
    kept = found.filter(pc.and_(by_hand, pc.is_valid(found[ACCOUNT])))
    known_on = pc.max_element_wise(*(kept[name].cast(pa.date32()) for name in ("occurred_on", "recorded_on")))
    own = {name: kept[name] for name in ("measure", "author", "score")}
    return pa.table({**own, "account": kept[ACCOUNT], "entered_on": known_on}).select(SCHEMA.names).cast(SCHEMA)


def _between(outcomes: Outcomes, question: Question) -> Outcomes:
    """The decisions of a question alone; those without a day stay away, for nothing tells what was entered before."""
    first, last = np.datetime64(question.first, "D"), np.datetime64(question.last, "D")
    rows = np.flatnonzero((outcomes.decided_on >= first) & (outcomes.decided_on <= last))
    return replace(
        outcomes,
        account=outcomes.account.take(pa.array(rows)),
        decided_on=outcomes.decided_on[rows],
        known_at=outcomes.known_at[rows],
        kind=outcomes.kind[rows],
        amount=outcomes.amount[rows],
    )
