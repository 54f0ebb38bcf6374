"""One simulated company after another: what an estimate says, and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.learning.effects.estimate import Way
from keepwell.learning.effects.facts import Facts, facts
from keepwell.learning.effects.ledger import Treatments, treatments
from keepwell.learning.effects.observational import observational
from keepwell.learning.effects.randomised import randomised
from keepwell.learning.effects.targets import Target, followed
from keepwell.learning.effects.units import Units, units
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import KINDS, Outcomes
from keepwell.simulation.company import Company
from keepwell.simulation.observed import Observed, observed, true_score_effect

END = date(2026, 10, 31)
WORKSHOP, PLACEBO = "adoption_workshop", "webinar_invitation"
SCORE, LOSS = Target(90, "score"), Target(180)
TARGETS = (SCORE, LOSS)


@dataclass(frozen=True)
class Found:
    """One estimate beside the truth."""

    seed: int
    playbook: str
    way: Way
    target: Target
    effect: float
    low: float
    high: float
    truth: float

    @property
    def covers(self) -> bool:
        return self.low <= self.truth <= self.high

    @property
    def rejects(self) -> bool:
        return not self.low <= 0 <= self.high


def company(seed: int, accounts: int, *, drawn: bool) -> Company:
    """`drawn`: a lottery decides; else CSMs do, who treat the accounts they worry about."""
    return Company(end=END, accounts=accounts, seed=seed, randomised_share=1.0 if drawn else 0.0)


def found_in(seed: int, accounts: int, draws: int) -> list[Found]:
    """Every estimate of a company by lottery and of one by judgement."""
    by_lottery, by_judgement = (company(seed, accounts, drawn=drawn) for drawn in (True, False))
    return [*_randomised(seed, by_lottery), *_observational(seed, by_judgement, draws)]


def _randomised(seed: int, one: Company) -> list[Found]:
    seen = observed(one)
    known = facts_of(seen)
    rows = []
    for playbook in (WORKSHOP, PLACEBO):
        drawn = known.treatments.of(f"rule:{playbook}")
        code, day = known.codes(drawn.account), drawn.day.astype(np.int64)
        for target in TARGETS:
            estimate = randomised(known, drawn, target)
            truth = _truth(one, seen, known, playbook, target, code[followed(known, target, code, day).is_known])
            if estimate is not None and estimate.is_known:
                rows.append(_beside(seed, playbook, estimate, truth))
    return rows


def _observational(seed: int, one: Company, draws: int) -> list[Found]:
    seen = observed(one)
    known = facts_of(seen)
    rows = []
    for playbook in (WORKSHOP, PLACEBO):
        by = f"playbook:{playbook}"
        every: Units = units(known, known.treatments.of(by), by, seed)
        for target in TARGETS:
            ours = every.treated & followed(known, target, every.code, every.day).is_known
            truth = _truth(one, seen, known, playbook, target, every.code[ours])
            estimates = observational(known, every, target, draws, seed).estimates
            rows += [_beside(seed, playbook, estimate, truth) for estimate in estimates if estimate.is_known]
    return rows


def _beside(seed: int, playbook: str, estimate, truth: float) -> Found:
    return Found(seed, playbook, estimate.way, estimate.target, estimate.effect, estimate.low, estimate.high, truth)


def facts_of(seen: Observed) -> Facts:
    """As a study reads them from files."""
    return facts(ledger_of(seen), seen.history, outcomes_of(seen), END, reach_days=7)


def ledger_of(seen: Observed) -> Treatments:
    rows = seen.ledger
    return treatments(
        pa.table(
            {
                "account": rows["account_id"].cast(pa.string()),
                "by": rows["by"],
                "day": rows["occurred_at"],
                "is_held_out": rows["is_held_out"],
            }
        )
    )


def outcomes_of(seen: Observed) -> Outcomes:
    rows = seen.decisions
    n = len(rows)
    lost = pc.equal(rows["result"].cast(pa.string()), "lost").to_numpy()
    return Outcomes(
        account=rows["account_id"].cast(pa.string()).combine_chunks(),
        decided_on=rows["decided_on"].to_numpy().astype("datetime64[D]"),
        known_at=np.full(n, np.datetime64("NaT", "us")),
        kind=np.where(lost, KINDS.index("churned"), KINDS.index("renewed")).astype(np.int8),
        amount=np.full(n, np.nan),
    )


def _truth(one: Company, seen: Observed, known: Facts, playbook: str, target: Target, code: Codes) -> float:
    """The true mean effect on these accounts: of the score it is the same for all, of losses each has its own."""
    if not target.is_loss:
        return true_score_effect(one, playbook)
    rows = seen.interventions.filter(pc.equal(seen.interventions["playbook"], playbook))
    gain = pc.subtract(rows["churn_probability_treated"], rows["churn_probability_untreated"])
    wait = pc.subtract(rows["decided_on"].cast(pa.int32()), rows["started_on"].cast(pa.int32()))
    in_time = pc.fill_null(pc.less_equal(wait, target.days), False).to_numpy()
    effect = np.zeros(len(known.ids))
    effect[known.codes(rows["account_id"])] = np.where(in_time, gain.fill_null(0).to_numpy(), 0.0)
    return float(effect[code].mean())
