"""What did a treatment do? The whole story of a study of effects, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from keepwell.definitions.names import unknown
from keepwell.errors import RequestRefused
from keepwell.learning.effects.facts import Facts
from keepwell.learning.effects.findings import Asked, EffectsReport, TargetEffects, TreatmentEffects
from keepwell.learning.effects.ledger import Treatments
from keepwell.learning.effects.observational import observational
from keepwell.learning.effects.randomised import randomised
from keepwell.learning.effects.targets import SCORE, Target
from keepwell.learning.effects.units import Units, units
from keepwell.learning.figures.bootstrap import DRAWS

TARGETS = (Target(180), Target(30, SCORE), Target(60, SCORE), Target(90, SCORE))
"""What is looked at unless something else is asked for."""


@dataclass(frozen=True)
class Question:
    """Treatments from `first` to `last` and what they did. `by` empty: all of them, each by itself."""

    first: date
    last: date
    targets: tuple[Target, ...] = TARGETS
    by: tuple[str, ...] = ()
    draws: int = DRAWS
    seed: int = 0


def effects(facts: Facts, question: Question) -> EffectsReport:
    """Every treatment with every estimate that the data allow, or the reason why there is none.

    Raises RequestRefused for a treatment that nobody got, and where no treatment lies within the time asked for.
    """
    chosen = _chosen(facts, question)
    found = tuple(_of_one(facts, by, chosen, question) for by in chosen.names)
    asked = Asked(question.first, question.last, question.targets, question.draws, question.seed)
    return EffectsReport(asked, found, facts.treatments.asides, ())


def _chosen(facts: Facts, question: Question) -> Treatments:
    every = facts.treatments
    strange = [unknown("treatment", name, every.names) for name in question.by if name not in every.names]
    strange += [unknown("column", name, facts.panel.columns) for name in _without(facts, question.targets)]
    if strange:
        raise RequestRefused(*strange)
    found = every.of(*(question.by or every.names))
    within = found.between(np.datetime64(question.first, "D"), np.datetime64(question.last, "D"))
    if not len(within):
        span = f"; they are of {found.day.min()} to {found.day.max()}" if len(found) else ""
        raise RequestRefused(f"no treatment lies between {question.first} and {question.last}{span}")
    return within


def _without(facts: Facts, targets: Sequence[Target]) -> list[str]:
    named = dict.fromkeys(one.column for one in targets if one.column is not None)
    return [name for name in named if name not in facts.panel.columns]


def _of_one(facts: Facts, by: str, chosen: Treatments, question: Question) -> TreatmentEffects:
    own = chosen.of(by)
    every = units(facts, own, by, question.seed)
    return TreatmentEffects(
        by=by,
        treated=int((~own.is_held_out).sum()),
        held_out=int(own.is_held_out.sum()),
        withdrawn=int((~np.isnat(own.withdrawn_on)).sum()),
        first=own.day.min().astype(date),
        last=own.day.max().astype(date),
        effects=tuple(_of_target(facts, own, every, target, question) for target in question.targets),
    )


def _of_target(facts: Facts, own: Treatments, every: Units, target: Target, question: Question) -> TargetEffects:
    drawn = randomised(facts, own, target)
    found = observational(facts, every, target, question.draws, question.seed)
    estimates = found.estimates if drawn is None else (drawn, *found.estimates)
    return TargetEffects(target, estimates, found.overlap, found.balance)
