"""From outcomes to a proposal, or a refusal: the whole story in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from keepwell.definitions.project import Project
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain import State
from keepwell.engine.explain.changes import Comparison
from keepwell.engine.explain.diff import compare
from keepwell.engine.facts import FactSource
from keepwell.engine.run import Run, score
from keepwell.engine.score import score_values
from keepwell.learning.extra import require
from keepwell.learning.optimizer.bands import redrawn
from keepwell.learning.optimizer.change import changes_of
from keepwell.learning.optimizer.draft import draft_card, kept
from keepwell.learning.optimizer.fitting import Fitted, fitted
from keepwell.learning.optimizer.intervals import share_intervals
from keepwell.learning.optimizer.keeping import refuse_blocked, refuse_unmet
from keepwell.learning.optimizer.proposal import Proposal
from keepwell.learning.optimizer.refusal import refuse_chance, refuse_no_line, refuse_too_few
from keepwell.learning.optimizer.study import Request, Study, study
from keepwell.learning.optimizer.validation import Validation, new_computed, validated

_FEW = 50
"""Accounts that are too few to draw bands by."""


def optimize(project: Project, source: FactSource, request: Request) -> Proposal:
    """A draft of one card, learned from the outcomes known at `request.as_of`.

    Equal input and seed give the same proposal. Raises RequestRefused where outcomes are too few, or where a card made
    in the same way does not beat chance on accounts and times that it never saw; DefinitionsRefused and DataRefused as
    scoring does.
    """
    for library in ("scipy", "sklearn", "optbinning"):
        require(library, "the optimizer")
    found = study(project, source, request)
    refuse_too_few(found)
    if not found.material.lines:
        refuse_no_line(found)
    learned = fitted(found.material, np.arange(len(found.observations)), request.limits)
    dropped = {**found.material.aside, **learned.dropped}
    is_card = any(points for _, _, points in kept(learned))
    if is_card:
        refuse_unmet(request.limits, learned, dropped)
    else:
        refuse_blocked(found.material, request.limits)
    validation = validated(found) if is_card else None
    if validation is None:
        refuse_chance(found, None, dropped)
    assert validation is not None
    refuse_chance(found, validation.figures["auc"].new, dropped)
    return _proposal(found, learned, validation)


def _proposal(found: Study, learned: Fitted, validation: Validation) -> Proposal:
    name = found.request.scorecard
    original = found.original.scorecards[name]
    run = score(found.original, found.source, as_of=found.request.as_of)
    bands = _bands(found, learned, run)
    scheme = original.scheme if bands == found.original.schemes[original.scheme] else _free_name(found.original, name)
    card = draft_card(original, learned, scheme)
    project = replace(
        found.original,
        schemes={**found.original.schemes, scheme: bands},
        scorecards={**found.original.scorecards, name: card},
    )
    intervals = share_intervals(learned, found.observations.lost, found.observations.codes, found.draws)
    left_out = _left_out(found, learned)
    return Proposal(
        study=found,
        fitted=learned,
        project=project,
        card=card,
        scheme=scheme,
        bands=bands,
        changes=changes_of(original, card, learned, intervals, left_out),
        left_out=left_out,
        validation=validation,
        moves=_moves(found.original, project, run),
        notes=tuple(_notes(found, validation)),
    )


def _left_out(found: Study, learned: Fitted) -> dict[str, str]:
    unseen = set(found.original.scorecards[found.request.scorecard].measures) - set(found.material.card.measures)
    untold = dict.fromkeys(unseen, "it rests on something without history, so nothing can be learned of it")
    rounded = {one.line.name: "its share rounds to nothing" for one in learned.lines}
    there = {one.line.name for one, _, _ in kept(learned)}
    every = {**untold, **rounded, **found.material.aside, **learned.dropped}
    return {name: reason for name, reason in every.items() if name not in there}


def _free_name(project: Project, scorecard: str) -> str:
    names = (f"{scorecard}_bands", *(f"{scorecard}_bands_{number}" for number in range(2, 1_000)))
    return next(name for name in names if name not in project.schemes)


def _bands(found: Study, learned: Fitted, run: Run) -> Scheme:
    """Drawn by the accounts of the date asked for; where those are few, by the observations."""
    name = found.request.scorecard
    original = found.original.scorecards[name]
    card = draft_card(original, learned, original.scheme)
    draft = replace(found.original, scorecards={**found.original.scorecards, name: card})
    cards = [scores.accounts.cards.get(name) for scores in (run.scores, score_values(draft, run.values))]
    old, new = (one.computed if one is not None else np.empty(0) for one in cards)
    scheme = found.original.schemes[original.scheme]
    if np.count_nonzero(~np.isnan(old) & ~np.isnan(new)) < _FEW:
        old, new = found.computed, new_computed(learned)
    return redrawn(scheme, old, new)


def _moves(original: Project, project: Project, run: Run) -> Comparison:
    """At the date asked for; both definitions read the same metrics, so the values are the same."""
    old = State(original, run.values, run.scores)
    return compare(old, State(project, run.values, score_values(project, run.values)))


def _notes(found: Study, validation: Validation) -> Iterator[str]:
    yield from found.notes
    if found.without_history:
        yield (
            f"{found.without_history:,} observations are of accounts of which nothing was known by then; they were "
            "left out, so the proposal says nothing of such accounts"
        )
    if found.observations.way == "at_one_date":
        yield (
            "outcomes have no dates: whether attributes were known before them is not in the data, so this shows what "
            "goes together, and not what could have been foretold"
        )
    elif validation.since is None:
        yield "too few losses lie on both sides of any day, so accounts were held out, but not a later time"
    difference = validation.figures["auc"].difference
    if difference.low is not None and difference.high is not None:
        if difference.high < 0:
            yield "on held-out accounts the card as it stands tells more than this proposal"
        elif difference.low <= 0:
            yield "on held-out accounts the difference to the card as it stands may be chance"
    if any(_has_number(override.effect.value) for override in found.material.card.overrides):
        yield "overrides with numbers were written for the old scale; look at them again"


def _has_number(value: float | str) -> bool:
    return not isinstance(value, str)
