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

    Raises RequestRefused where no dataset has role entries, where nobody entered a score, and as `calibrate` does.
    """
    entries = read_entries(own.project, own.source)
    calibrated = calibrate(own, question, settings)
    if calibrated.chances is None:
        return EntriesReport(calibrated, None, valid_days, calibrated.reason)
    outcomes = _between(read_outcomes(own.project, own.source), question)
    chance = calibrated.chances.overall.chance
    return EntriesReport(calibrated, optimism(entries, outcomes, chance, question.lead_days, valid_days), valid_days)


def read_entries(project: Project, source: FactSource) -> pa.Table:
    """Scores of accounts that people entered, as `optimism.SCHEMA`. Raises RequestRefused where there are none."""
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
    columns = {"account": ACCOUNT, "entered_on": "occurred_on"}
    return pa.table(
        {field.name: kept[columns.get(field.name, field.name)].cast(field.type) for field in SCHEMA}, schema=SCHEMA
    )


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
