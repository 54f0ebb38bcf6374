"""A study of effects from definitions and their data: reads what is needed, and no more, then estimates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from keepwell.definitions.project import Project
from keepwell.engine.binding import bind
from keepwell.engine.facts import FactSource
from keepwell.errors import DataRefused, RequestRefused
from keepwell.learning.effects.effects import Question, effects
from keepwell.learning.effects.facts import Facts, facts
from keepwell.learning.effects.findings import EffectsReport
from keepwell.learning.effects.ledger import Treatments
from keepwell.learning.effects.reading import Advance, Looking, read_history, read_treatments, some_accounts
from keepwell.learning.effects.units import PAST_DAYS
from keepwell.learning.honesty import honest
from keepwell.learning.observing import MOST_DATES
from keepwell.learning.outcomes import Outcomes, read_outcomes
from keepwell.learning.reading import lifetimes
from keepwell.learning.valuing import refuse_untold

WEEK = 7


@dataclass(frozen=True)
class Settings:
    """How a study looks. `every_days`: accounts are looked at on dates so far apart; what is known before a treatment
    is then up to so many days old. `trusted`: see `learning.honesty`. `values`: where values of dates are kept."""

    every_days: int = WEEK
    trusted: Collection[str] = ()
    values: Path | None = None
    advance: Advance | None = None


def study(
    project: Project,
    source: FactSource,
    question: Question,
    settings: Settings,
    ledger: Treatments | None = None,
) -> EffectsReport:
    """Effects of the treatments of a project. Raises RequestRefused for what cannot be asked, DataRefused for data
    that cannot be used; whatever was left out stands in `asides` and `notes` of the report.

    `ledger` None: the datasets with role treatments.
    """
    _refuse_nonsense(question, settings)
    bind(project, source)
    cleaned = honest(project, source, settings.trusted)
    if settings.values is not None:
        refuse_untold(cleaned.project, source)
    ledger = read_treatments(project, source) if ledger is None else ledger
    outcomes, notes = _outcomes(project, source, question)
    if outcomes is None:
        question = replace(question, targets=tuple(one for one in question.targets if not one.is_loss))
    found = _facts(cleaned.project, source, ledger, outcomes, question, settings)
    report = effects(found, question)
    asides = (*report.asides, *(outcomes.asides if outcomes is not None else ()))
    return replace(report, asides=asides, notes=(*notes, *cleaned.notes, *report.notes))


def dates_of(ledger: Treatments, question: Question, every_days: int) -> list[date]:
    """The dates to look at: from the past of the first treatment to the last follow-up, ascending."""
    named = ledger.of(*(question.by or ledger.names))
    own = named.between(np.datetime64(question.first, "D"), np.datetime64(question.last, "D"))
    if not len(own):
        return []
    furthest = max((one.days for one in question.targets if not one.is_loss), default=0)
    start = own.day.min().astype(date) - timedelta(days=PAST_DAYS + every_days)
    stop = min(question.last, own.day.max().astype(date) + timedelta(days=furthest))
    return [stop - timedelta(days=every_days * back) for back in range((stop - start).days // every_days + 1)][::-1]


def _facts(
    project: Project,
    source: FactSource,
    ledger: Treatments,
    outcomes: Outcomes | None,
    question: Question,
    settings: Settings,
) -> Facts:
    lived = lifetimes(project, source)
    dates = dates_of(ledger, question, settings.every_days) or [question.last]
    if len(dates) > MOST_DATES:
        raise RequestRefused(
            f"{len(dates):,} dates to look at are more than the {MOST_DATES:,} of one study; take a longer step with "
            "--every, or a shorter time"
        )
    only = some_accounts(lived, ledger, question.seed)
    history = read_history(project, source, lived, Looking(dates, only, settings.values, settings.advance))
    return facts(ledger, history, outcomes, question.last, reach_days=settings.every_days, lifetimes=lived)


def _outcomes(project: Project, source: FactSource, question: Question) -> tuple[Outcomes | None, tuple[str, ...]]:
    """None, with the reason, where nothing tells who left and scores and metrics can be asked all the same."""
    if not any(one.is_loss for one in question.targets):
        return None, ()
    try:
        return read_outcomes(project, source), ()
    except (RequestRefused, DataRefused) as refused:
        if all(one.is_loss for one in question.targets):
            raise
        return None, (f"losses are not looked at: {refused}",)


def _refuse_nonsense(question: Question, settings: Settings) -> None:
    if question.first > question.last:
        raise RequestRefused(f"{question.first} lies after {question.last}; give the earlier date first")
    if settings.every_days < 1:
        raise RequestRefused(f"a step of {settings.every_days} days between dates; give 1 day or more")
    for one in question.targets:
        if one.days < 1:
            raise RequestRefused(f"'{one.name}' looks at nothing; give 1 day or more")
