"""Gathers what a proposal is made from: observations of the card's accounts, metrics, and what the card says now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.engine.binding import bind
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import end_of_day
from keepwell.errors import RequestRefused
from keepwell.learning.figures.bootstrap import Draws
from keepwell.learning.honesty import ALL, honest
from keepwell.learning.observations import Codes, Observations, Way
from keepwell.learning.observing import Question, floor_to_grid, observe
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.lines import Material, material_of
from keepwell.learning.outcomes import Flags, Floats, Outcomes, read_outcomes
from keepwell.learning.samples import Sample
from keepwell.learning.sampling import Sampling
from keepwell.learning.scoring import Places, Scoring
from keepwell.learning.valuing import DatedValues

LEAD_DAYS = 30
_STEPS = (1, 7, 14, 28, 56, 91)
MOST_DATES = 30
"""Observation dates are drawn together until there are no more than this."""
DRAWS = 300


@dataclass(frozen=True)
class Request:
    """What is asked for. Nothing that happened or became known after `as_of` is used."""

    scorecard: str
    as_of: date
    seed: int
    limits: Limits = field(default_factory=Limits)
    lead_days: int = LEAD_DAYS
    horizon_days: int | None = None
    draws: int = DRAWS
    values: Path | None = None  # a folder in which the values of each date are kept while they are needed
    advance: Callable[[int, int], None] | None = None


@dataclass(frozen=True)
class Study:
    """`project` is what may be learned from (see `honesty`), `original` the definitions as they stand.

    Rows of `sample`, `material` and `current` are the same n observations, all of the card's accounts and, where there
    are dated facts, of accounts of which some fact was known. `current`: [n] final scores of the card as it stands,
    `computed`: before overrides, `measures`: of each of its measures. `first`: the first day of the outcomes.
    """

    request: Request
    original: Project
    project: Project
    source: FactSource
    dated: DatedValues
    sample: Sample
    material: Material
    current: Floats
    computed: Floats
    measures: Mapping[str, Floats]
    first: date
    without_history: int
    notes: tuple[str, ...]

    @property
    def observations(self) -> Observations:
        return self.material.observations

    @property
    def draws(self) -> Draws:
        return Draws(self.observations.accounts, self.request.draws, self.request.seed)


def study(project: Project, source: FactSource, request: Request) -> Study:
    """Raises DefinitionsRefused, DataRefused as scoring does, RequestRefused where there is nothing to learn from."""
    bind(project, source)
    _refuse_card(project, request.scorecard)
    outcomes = known_outcomes(read_outcomes(project, source), project, request.as_of)
    trusted = request.limits.trust if outcomes.is_dated else (ALL,)
    cleaned = honest(project, source, trusted)
    if request.scorecard not in cleaned.project.scorecards:
        raise RequestRefused(
            f"nothing of scorecard '{request.scorecard}' can be learned: its measures rest on what has no history; "
            "date the changes with 'changed_at', or name under 'trust' in the limits what was then as it is now",
            notes=cleaned.notes,
        )
    question = _question(outcomes, request)
    observations = observe(cleaned.project, source, outcomes, question)
    dated = DatedValues(cleaned.project, source, request.values)
    return _gathered(request, project, source, dated, observations, question.first, cleaned.notes)


def known_outcomes(outcomes: Outcomes, project: Project, as_of: date) -> Outcomes:
    """Those that had been decided and were known by the end of `as_of`. Raises RequestRefused where none was."""
    if not outcomes.is_dated:
        return outcomes
    end = np.datetime64(end_of_day(as_of, project.settings.time_zone), "us")
    known = (outcomes.decided_on <= np.datetime64(as_of, "D")) & (outcomes.known_at <= end)
    if not known.any():
        raise RequestRefused(f"no outcome was known at {as_of}; the first is of {outcomes.decided_on.min()}")
    return replace(
        outcomes,
        account=outcomes.account.filter(pa.array(known)),
        decided_on=outcomes.decided_on[known],
        known_at=outcomes.known_at[known],
        kind=outcomes.kind[known],
        amount=outcomes.amount[known],
    )


def _refuse_card(project: Project, scorecard: str) -> None:
    cards = project.cards_for("account")
    if scorecard not in cards:
        raise RequestRefused(unknown("scorecard of accounts", scorecard, cards))


def _question(outcomes: Outcomes, request: Request) -> Question:
    if not outcomes.is_dated:
        return Question(request.as_of, request.as_of, 0)
    first = outcomes.decided_on.min().astype(date)
    way: Way | None = "on_grid" if request.horizon_days else None
    if way is not None or not outcomes.has_kept:
        return Question(first, request.as_of, request.lead_days, way, None, request.horizon_days)
    lead = np.timedelta64(request.lead_days, "D")
    looked_at, anchor = outcomes.decided_on - lead, np.datetime64(request.as_of, "D") - lead
    fits = (step for step in _STEPS if len(np.unique(floor_to_grid(looked_at, anchor, step))) <= MOST_DATES)
    return Question(first, request.as_of, request.lead_days, None, next(fits, _STEPS[-1]))


def _gathered(
    request: Request,
    original: Project,
    source: FactSource,
    dated: DatedValues,
    observations: Observations,
    first: date,
    notes: tuple[str, ...],
) -> Study:
    project = dated.project
    sampling = Sampling(project, observations)
    scoring = Scoring(project, Places(observations.account, observations.as_of), measures=True)
    dates = [day.astype(date) for day in observations.dates]
    for done, values in enumerate(dated.at(dates), start=1):
        sampling.add(values)
        scoring.add(values)
        if request.advance:
            request.advance(done, len(dates))
    scored = scoring.scored()
    of_card = scored.card == scored.cards.index(request.scorecard)
    known = observations.has_history | (observations.first_fact is None) | (observations.way == "at_one_date")
    rows = np.flatnonzero(of_card & known)
    if not len(rows):
        raise RequestRefused(_nobody(request.scorecard, of_card), notes=[*observations.asides, *notes])
    sample = _taken(sampling.sample(), rows)
    assert scored.measure_scores is not None
    own_scores = {key: scores[rows] for key, scores in scored.measure_scores.items()}
    own = replace(scored, measure_scores=own_scores)
    card = project.scorecards[request.scorecard]
    return Study(
        request=request,
        original=original,
        project=project,
        source=source,
        dated=dated,
        sample=sample,
        material=material_of(request.scorecard, card, sample, own, request.limits),
        current=scored.final[rows],
        computed=scored.computed[rows],
        measures={name: own_scores[request.scorecard, name] for name in card.measures},
        first=first,
        without_history=int((of_card & ~known).sum()),
        notes=notes,
    )


def _taken(sample: Sample, rows: Codes) -> Sample:
    """Some of the observations, which were all in the population of their dates."""
    taken = sample.metrics.take(pa.array(rows)) if sample.metrics.num_columns else sample.metrics
    return Sample(sample.observations.take(rows), taken, {name: flags[rows] for name, flags in sample.segments.items()})


def _nobody(scorecard: str, of_card: Flags) -> str:
    if of_card.any():
        return f"nothing was known of any account of scorecard '{scorecard}' when its outcome was decided"
    return f"scorecard '{scorecard}' applied to none of the accounts whose outcome is known"
