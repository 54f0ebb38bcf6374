"""What a reader of a backtest should mind, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from keepwell.learning.observations import Observations
from keepwell.learning.outcomes import Flags
from keepwell.learning.samples import Scored, Spread


def notes_of(observations: Observations, scored: Scored, counted: Flags, before: tuple[str, ...]) -> tuple[str, ...]:
    """Notes on the observations of `counted` ([n]), after those that were made before."""
    found = [*before, *_of_history(observations, counted), *_of_scores(scored, counted), *_of_measures(scored)]
    return tuple(dict.fromkeys(found))


def _of_history(observations: Observations, counted: Flags) -> Iterator[str]:
    without = int((counted & ~observations.has_history).sum())
    total = int(counted.sum())
    if observations.way == "at_one_date":
        yield (
            "outcomes have no dates: whether attributes were known before them is not in the data, so this shows what "
            "goes together, and not what could have been foretold"
        )
    elif observations.first_fact is None:
        yield "no metric rests on dated facts; scores rest on attributes and on what people entered"
    elif without and total:
        yield (
            f"{without:,} of {total:,} observations ({without / total:.0%}) are of accounts of which no fact had "
            "arrived by then; of them a score knows only what it takes missing facts for"
        )


def _of_scores(scored: Scored, counted: Flags) -> Iterator[str]:
    n = len(counted)
    unassigned = int((counted & (scored.card[:n] < 0)).sum())
    unknown = int((counted & (scored.card[:n] >= 0) & np.isnan(scored.final[:n])).sum())
    for count, why in ((unassigned, "no scorecard applied"), (unknown, "their score is unknown")):
        if count:
            yield f"{count:,} of {int(counted.sum()):,} observations tell nothing about ranking: {why}"


def _of_measures(scored: Scored) -> Iterator[str]:
    for (card, measure), spread in scored.spread.items():
        if spread.observations and (said := _silence(spread)):
            yield f"measure '{measure}' of scorecard '{card}' {said}, so it tells nobody apart"


def _silence(spread: Spread) -> str | None:
    if not spread.scored:
        return "never had a score"
    return f"always gave {spread.lowest:g}" if spread.lowest == spread.highest else None
