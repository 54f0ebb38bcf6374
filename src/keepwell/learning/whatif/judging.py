"""Figures of a card from the past that is kept: quick enough to follow somebody who moves a weight."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from keepwell.definitions.measures import Percentile
from keepwell.definitions.names import listed
from keepwell.definitions.project import Project
from keepwell.engine.ascent import resting_on_scores
from keepwell.engine.facts import FactSource
from keepwell.errors import RequestRefused
from keepwell.learning.correlation.curves import area_of
from keepwell.learning.correlation.rates import wilson
from keepwell.learning.figures.figure import numbers
from keepwell.learning.figures.judging import too_few
from keepwell.learning.figures.ranking import ranking
from keepwell.learning.honesty import ALL, honest
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats
from keepwell.learning.samples import Scored
from keepwell.learning.scoring import Places, Scoring, below_best
from keepwell.learning.whatif.past import Past


@dataclass(frozen=True)
class Value:
    """One figure; `low` and `high` are None where an interval takes a backtest. `reason`: why there is no value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Judged:
    """`early`: of those who left, below the best band EARLY days before; `false`: of those who stayed, below it too.

    `notes`: what was left out for want of history, and what is trusted without, in sentences.
    """

    observations: int
    lost: int
    auc: Value
    average_precision: Value
    top_decile_lift: Value
    early: Value
    false: Value
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Columns:
    """What is known of the tables without opening them."""

    columns: Mapping[str, Sequence[str]]

    def table(self, name: str) -> Any:
        return SimpleNamespace(columns=self.columns[name])


def judge(past: Past, project: Project) -> Judged:
    """Figures of `project`, whose metrics must be those that the past was made of.

    Raises RequestRefused where an account's score rests on those of others, and as `honest` does; DataRefused where an
    attribute is read that the values do not have.
    """
    cleaned = honest(project, cast(FactSource, _Columns(past.columns)), past.trusted)
    if not past.is_whole:
        refuse_peers(cleaned.project)
    scoring = Scoring(cleaned.project, Places(past.account, past.as_of))
    for values in past.parts:
        scoring.add(values)
    return replace(_figures(past, scoring.scored()), notes=(*trusting(past.trusted), *cleaned.notes))


def trusting(trusted: Collection[str]) -> tuple[str, ...]:
    """The sentence that goes with figures which look ahead; none where nothing is trusted."""
    what = "whatever has no history counts" if ALL in trusted else f"{listed(sorted(trusted))} count"
    return (f"{what} as it is now, at every date: figures may look better than they were",) if trusted else ()


def refuse_peers(project: Project) -> None:
    """Raises RequestRefused where an account's score depends on who else is there."""
    peers = [
        f"measure '{name}' of scorecard '{card_name}' compares with peers"
        for card_name, card in project.scorecards.items()
        for name, measure in card.measures.items()
        if isinstance(measure.score, Percentile)
    ]
    scores = resting_on_scores(project)
    if scores:
        peers.append(f"{listed(scores)} {'rests' if len(scores) == 1 else 'rest'} on scores of others")
    if peers:
        raise RequestRefused(f"{peers[0]}, so everybody has to be scored at every date: that takes a backtest")


def _figures(past: Past, scored: Scored) -> Judged:
    n = len(past)
    known = ~np.isnan(scored.final[:n])
    score, lost, codes = scored.final[:n][known], past.lost[known], _codes(past, known)
    reason = too_few(numbers(codes, lost)) if len(lost) else "none of the observations has a score"
    if reason:
        none = Value(None, reason=reason)
        return Judged(len(lost), int(lost.sum()), none, none, none, none, none)
    found = ranking(score, lost).weighed(np.ones(len(score)))
    below, _ = below_best(scored)
    return Judged(
        observations=len(lost),
        lost=int(lost.sum()),
        auc=Value(*area_of(score, lost, codes)),
        average_precision=Value(float(found.average_precision[0])),
        top_decile_lift=Value(float(found.lift[0])),
        early=_share(below[n:][scored.card[n:] >= 0]),
        false=_share(below[:n][known][~lost]),
    )


def _codes(past: Past, known: Flags) -> Codes:
    account = past.account.slice(0, len(past))
    every: Codes = np.asarray(account.dictionary_encode().indices.to_numpy(zero_copy_only=False), np.int64)
    return every[known]


def _share(hits: Flags | Floats) -> Value:
    if not len(hits):
        return Value(None, reason="none of them was known, and a customer, so long before")
    share = float(hits.mean())
    return Value(share, *wilson(share, len(hits)))
