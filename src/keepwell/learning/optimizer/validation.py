"""Validation: cards made in the same way from one part, judged by accounts and times that they never saw.

Accounts are dealt into folds. For each fold a card is learned from the other accounts, from what was settled before a
day, and scores the fold's accounts from that day on, by the engine itself. So every later observation is judged once,
by a card that knew neither its account nor its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from keepwell.definitions.project import Project
from keepwell.engine.values import Days
from keepwell.learning.figures.figure import Figure
from keepwell.learning.figures.judging import FEWEST, RANKED, Answers, Judge
from keepwell.learning.figures.probabilities import calibrated
from keepwell.learning.observations import Codes, Observations
from keepwell.learning.optimizer.bands import redrawn
from keepwell.learning.optimizer.draft import draft_card, kept
from keepwell.learning.optimizer.fitting import Fitted, fitted
from keepwell.learning.optimizer.study import Study
from keepwell.learning.outcomes import Floats
from keepwell.learning.scoring import Places, Scoring
from keepwell.learning.splits import Split, folds, settled_on

FOLDS = 5
_LATER = 0.6
"""The share of the losses, by day of observation, before the day from which on cards are judged."""
_ENOUGH = 2 * FEWEST


@dataclass(frozen=True)
class Pair:
    """One figure of both cards on the same held-out observations; `difference` is new - old."""

    old: Figure
    new: Figure
    difference: Figure


@dataclass(frozen=True)
class Validation:
    """`since`: the first day of the held-out observations (None: accounts alone were held out, for want of time).

    `figures` by name: auc, average_precision, top_decile_lift, brier. `rows`: the held-out observations in the study;
    `old` and `new`: [rows] chances of loss by the two cards, learned on the training part.
    """

    since: date | None
    folds: int
    rows: Codes
    old: Floats
    new: Floats
    figures: Mapping[str, Pair]


@dataclass
class _Held:
    """What cards of all folds say of the observations they did not see."""

    new: Floats
    new_chance: Floats
    old_chance: Floats


def validated(study: Study) -> Validation | None:
    """None where in some fold no measure was worth a weight."""
    splits, since = held_out(study.observations, study.request.seed)
    n = len(study.observations)
    held = _Held(np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan))
    made = [(split, fitted(study.material, split.train, study.request.limits)) for split in splits]
    if not all(any(points > 0 for _, _, points in kept(one)) for _, one in made):
        return None
    _score(study, made, held)
    rows = np.sort(np.concatenate([split.test for split in splits]))
    figures = _figures(study, rows, held)
    return Validation(since, len(splits), rows, held.old_chance[rows], held.new_chance[rows], figures)


def held_out(observations: Observations, seed: int) -> tuple[list[Split], date | None]:
    """Folds of accounts, later observations only where enough losses lie on both sides of some day."""
    made = list(folds(observations, min(FOLDS, observations.accounts), seed=seed))
    lost_at = observations.as_of[observations.lost]
    for day in _days(lost_at):
        settled, later = settled_on(observations) < day, observations.as_of >= day
        parts = [replace(one, train=one.train[settled[one.train]], test=one.test[later[one.test]]) for one in made]
        if _is_enough(observations, parts):
            return parts, day.astype(date)
    return made, None


def _days(lost_at: Days) -> list[np.datetime64]:
    """Days to try: the first at which _LATER of the losses lie before, then the nearest to it."""
    days = np.unique(lost_at)
    before = np.searchsorted(np.sort(lost_at), days) / max(len(lost_at), 1)
    order = np.argsort(np.abs(before - _LATER), kind="stable")
    return [days[i] for i in order if days[i] > days[0]]


def _is_enough(observations: Observations, parts: list[Split]) -> bool:
    def lost(rows: Codes) -> int:
        return len(np.unique(observations.codes[rows[observations.lost[rows]]]))

    def stayed(rows: Codes) -> int:
        return len(np.unique(observations.codes[rows[~observations.lost[rows]]]))

    tested = np.concatenate([part.test for part in parts])
    learned = min(min(lost(part.train), stayed(part.train)) for part in parts)
    return min(lost(tested), stayed(tested)) >= _ENOUGH and learned >= _ENOUGH


def new_computed(one: Fitted) -> Floats:
    """[n] the score before overrides of the rows that were learned from."""
    found: Floats = one.scores @ np.asarray(one.points, np.float64) / max(sum(one.points), 1)
    return found


def draft_project(study: Study, one: Fitted) -> Project:
    """What may be learned from, with the card replaced by that of one fold."""
    project, name = study.project, study.request.scorecard
    card = project.scorecards[name]
    scheme = redrawn(project.schemes[card.scheme], study.computed[one.rows], new_computed(one))
    own = f"{card.scheme} of the draft"
    cards = {**project.scorecards, name: draft_card(card, one, own)}
    return replace(project, schemes={**project.schemes, own: scheme}, scorecards=cards)


def _score(study: Study, made: list[tuple[Split, Fitted]], held: _Held) -> None:
    observations = study.observations
    dates = [day.astype(date) for day in observations.dates]
    places = Places(observations.account, observations.as_of)
    scorings = [Scoring(draft_project(study, one), places) for _, one in made]
    for values in study.dated.at(dates):
        for scoring in scorings:
            scoring.add(values)
    for (split, _), scoring in zip(made, scorings, strict=True):
        new = scoring.scored().final
        held.new[split.test] = new[split.test]
        held.new_chance[split.test] = _chances(new, observations, split)
        held.old_chance[split.test] = _chances(study.current, observations, split)


def _chances(score: Floats, observations: Observations, split: Split) -> Floats:
    """[test] chances of loss, by a curve from score to chance learned on the training part."""
    known = split.train[~np.isnan(score[split.train])]
    found = np.full(len(split.test), np.nan)
    if not len(known) or not 0 < observations.lost[known].sum() < len(known):
        return found
    curve = calibrated(score[known], observations.lost[known])
    scored = ~np.isnan(score[split.test])
    found[scored] = curve.chance(score[split.test][scored])
    return found


def _figures(study: Study, rows: Codes, held: _Held) -> Mapping[str, Pair]:
    """Ranking of the new card goes by its chances, which are comparable between folds; of the old by its score."""
    observations = study.observations.take(rows)
    judge = Judge(observations.codes, observations.lost, replace(study.draws, accounts=observations.accounts))
    old, new = study.current[rows], -held.new_chance[rows]
    both = ~np.isnan(old) & ~np.isnan(new) & ~np.isnan(held.old_chance[rows])
    judge.rank("old", old, both)
    judge.rank("new", new, both)
    for key, chance in (("old", held.old_chance[rows]), ("new", held.new_chance[rows])):
        judge.mean(f"{key}.brier", (chance - observations.lost) ** 2, both)
    answers = judge.answers()
    return {name: _pair(answers, name) for name in (*RANKED, "brier")}


def _pair(answers: Answers, name: str) -> Pair:
    old, new = f"old.{name}", f"new.{name}"
    return Pair(answers.figure(old), answers.figure(new), answers.difference(new, old))
