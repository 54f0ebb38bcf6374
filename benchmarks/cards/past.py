"""Two years of observations of the accounts of a benchmark: each was looked at once a year, at one of 18 dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa

from keepwell.definitions import Project
from keepwell.definitions.measures import Percentile
from keepwell.definitions.scorecards import Group, Scorecard
from keepwell.engine.values import Values
from keepwell.learning.whatif.past import MOST, Past
from keepwell.learning.whatif.subsets import of_accounts

DATES, EVERY_DAYS = 18, 42
_LOST = 0.1


def past_of(values: Values, seed: int = 5) -> Past:
    """As many observations as are kept at most, a tenth of them losses by chance, and a look back at each loss."""
    random = np.random.default_rng(seed)
    accounts = len(values.accounts)
    rows = random.integers(0, accounts, min(MOST, 2 * accounts))
    date = np.sort(random.integers(0, DATES, len(rows)))
    lost = random.random(len(rows)) < _LOST
    looked, when = np.concatenate([rows, rows[lost]]), np.concatenate([date, np.maximum(date[lost] - 2, 0)])
    days = [values.as_of - timedelta(days=EVERY_DAYS * (DATES - number)) for number in range(DATES)]
    parts = tuple(
        replace(of_accounts(values, np.unique(looked[when == number])), as_of=day) for number, day in enumerate(days)
    )
    as_of = np.array(days, "datetime64[D]")[when]
    account = values.accounts.ids.take(pa.array(looked))
    return Past(account, as_of, lost, parts, {"accounts": []}, ("all",), len(np.unique(rows)), accounts, 90)


def without_peers(project: Project) -> Project:
    """Without measures that compare with peers: those take a backtest of everybody."""
    cards = {name: card.model_copy(update={"groups": dict(_groups(card))}) for name, card in project.scorecards.items()}
    return replace(project, scorecards=cards)


def _groups(card: Scorecard) -> Iterator[tuple[str, Group]]:
    for name, group in card.groups.items():
        kept = {key: one for key, one in group.measures.items() if not isinstance(one.score, Percentile)}
        yield name, group.model_copy(update={"measures": kept})
