"""From scores to chances of loss and amounts at risk: the whole story of a calibration, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from keepwell.learning.asides import Aside
from keepwell.learning.backtest import Contender, Settings, cleaned_of
from keepwell.learning.calibration.at_risk import AtRisk, at_risk
from keepwell.learning.calibration.chances import Chances, chances
from keepwell.learning.calibration.drift import Drift, drift
from keepwell.learning.calibration.looking import Looked, look
from keepwell.learning.calibration.lookup import Lookup, lookup, lookup_of
from keepwell.learning.extra import require
from keepwell.learning.figures.figure import Numbers, numbers
from keepwell.learning.observations import Way
from keepwell.learning.observing import Question, observe
from keepwell.learning.outcomes import read_outcomes
from keepwell.learning.plain import plain
from keepwell.learning.valuing import refuse_untold

JUDGED_DAYS = 365
"""At most so long at the end, and half of all, is judged by chances learned from what was before it."""


@dataclass(frozen=True)
class Asked:
    """The question as it was understood."""

    name: str
    scorecard: str | None
    first: date
    last: date
    lead_days: int
    way: Way
    horizon_days: int | None
    seed: int


@dataclass(frozen=True)
class Held:
    """Whether chances held: those learned from outcomes up to `learned_until`, over the months after it.

    `drift` None where nothing can be judged, and `reason` says why.
    """

    learned_until: date
    drift: Drift | None
    reason: str | None = None

    @property
    def said(self) -> str:
        return self.drift.said if self.drift is not None else f"Whether chances hold cannot be said: {self.reason}."


@dataclass(frozen=True)
class Kept:
    """Chances that were learned before, from outcomes up to a day: what `held` judges."""

    lookup: Lookup
    learned_until: date


@dataclass(frozen=True)
class CalibrationReport:
    """`chances` None: nothing can be learned, and `reason` says why. `amounts`: all together, then by segment; empty
    without chances, or where the accounts dataset has no `arr`. `scored_on`: the day of those scores."""

    asked: Asked
    numbers: Numbers
    chances: Chances | None
    reason: str | None
    amounts: tuple[AtRisk, ...]
    scored_on: date
    held: Held
    asides: tuple[Aside, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for json.dumps. `lookup`: the curves as `Lookup` keeps them, null without chances."""
        same = ("asked", "numbers", "reason", "amounts", "scored_on", "asides", "notes")
        found: dict[str, Any] = {name: plain(getattr(self, name)) for name in same}
        learned = self.chances
        curves = {"curves": [], "pooled": {}} if learned is None else learned.to_json()
        held = plain(self.held) | {"said": self.held.said, "is_alarm": is_alarm(self.held)}
        return found | curves | {"held": held, "lookup": lookup(learned).to_json() if learned else None}


def is_alarm(held: Held) -> bool:
    """The latest month that can be judged lies beyond chance."""
    return held.drift is not None and held.drift.is_alarm


def calibrate(
    own: Contender, question: Question, settings: Settings | None = None, *, kept: Kept | None = None
) -> CalibrationReport:
    """Chances of loss from the scores of `own`, what is at risk on `question.last`, and whether chances held.

    `kept`: chances of before, which the months after them are judged by; None: those that would have been learned
    `JUDGED_DAYS` before the end. Raises as `backtest` does; too few losses are a reason in the report.
    """
    require("scipy", "a calibration")
    require("sklearn", "a calibration")
    chosen = settings or Settings()
    cleaned = cleaned_of(own, chosen)
    if chosen.values is not None:
        refuse_untold(cleaned.project, own.source)
    observations = observe(cleaned.project, own.source, read_outcomes(own.project, own.source), question)
    looked = look(own, cleaned, observations, question.last, chosen)
    learned = learn(looked, chosen.seed)
    return CalibrationReport(
        asked=_asked(own, question, looked, chosen.seed),
        numbers=numbers(observations.codes, observations.lost),
        chances=learned if isinstance(learned, Chances) else None,
        reason=learned if isinstance(learned, str) else None,
        amounts=_amounts(learned, looked),
        scored_on=question.last,
        held=_held(looked, kept or _of_before(looked, question, chosen.seed), _cut(question)),
        asides=observations.asides,
        notes=(*cleaned.notes, *_notes(learned, looked)),
    )


def learn(looked: Looked, seed: int) -> Chances | str:
    """Chances from observations, or the reason in words why there are none."""
    seen = looked.observations
    return chances(looked.score, seen.lost, seen.codes, looked.segment, seed=seed)


def _asked(own: Contender, question: Question, looked: Looked, seed: int) -> Asked:
    seen = looked.observations
    return Asked(
        own.name, own.scorecard, question.first, question.last, seen.lead_days, seen.way, seen.horizon_days, seed
    )


def _amounts(learned: Chances | str, looked: Looked) -> tuple[AtRisk, ...]:
    now = looked.now
    if isinstance(learned, str) or np.isnan(now.amount).all():
        return ()
    return at_risk(learned, now.score, now.amount, now.segment)


def _cut(question: Question) -> date:
    return question.last - timedelta(days=min(JUDGED_DAYS, (question.last - question.first).days // 2))


def _of_before(looked: Looked, question: Question, seed: int) -> Kept | str:
    """What would have been learned before the months that are judged."""
    until = _cut(question)
    learned = learn(looked.take(looked.ends <= np.datetime64(until, "D")), seed)
    return learned if isinstance(learned, str) else Kept(lookup(learned), until)


def _held(looked: Looked, kept: Kept | str, cut: date) -> Held:
    if isinstance(kept, str):
        return Held(cut, None, f"of outcomes up to {cut}, {kept}")
    until = np.datetime64(kept.learned_until, "D")
    later = looked.ends > until
    if looked.observations.way == "on_grid":
        later &= looked.observations.as_of >= until  # a horizon that began before has been learned from in part
    judged = looked.take(later)
    if not len(judged.observations):
        return Held(kept.learned_until, None, f"no outcome later than {kept.learned_until} is known yet")
    chance = kept.lookup.chance(judged.score, judged.segment)
    behind = kept.lookup.behind(judged.observations.codes, judged.segment)
    return Held(kept.learned_until, drift(chance, judged.observations.lost, judged.ends, behind=behind))


def kept_of(result: dict[str, Any]) -> Kept | None:
    """The chances of a report that `to_json` wrote; None where it had none."""
    if not result.get("lookup"):
        return None
    return Kept(lookup_of(result["lookup"]), date.fromisoformat(result["asked"]["last"]))


def _notes(learned: Chances | str, looked: Looked) -> Iterator[str]:
    without = int(np.isnan(looked.score).sum())
    if without:
        yield f"{without:,} of {len(looked.score):,} observations have no score and are left out"
    if not isinstance(learned, str) and not learned.overall.surely_falls:
        yield "chance alone may have made losses rarer as scores rise: the chances hardly tell accounts apart"
    if not isinstance(learned, str) and np.isnan(looked.now.amount).all():
        yield "the accounts dataset has no column for revenue (arr), so there is no amount at risk"
