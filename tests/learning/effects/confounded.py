"""A company in which the sick are treated, and how much a treatment does is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from keepwell.learning.effects.facts import Facts
from keepwell.learning.effects.units import Units, units
from tests.learning.effects.made import DAY, history, ledger, put

BY = "playbook:x"
EFFECT = 4.0
WEEKS = range(-14, 15)


@dataclass(frozen=True)
class Confounded:
    facts: Facts
    units: Units


@cache
def confounded(effect: float = EFFECT, accounts: int = 500, seed: int = 4, hidden: float = 0.0) -> Confounded:
    """Scores drift back to what an account is worth; whoever is low on a day is likelier to be treated.

    `hidden`: what treaters see that no column shows; it moves scores by so many points later.
    """
    random = np.random.default_rng(seed)
    level, noise = random.normal(50, 12, accounts), random.normal(0, 3, (accounts, len(WEEKS)))
    other = random.normal(0, 1, accounts)
    path = level[:, None] + noise
    secret = random.random(accounts) < 0.5
    odds = -1 - (path[:, WEEKS.index(-1)] - 50) / 10 + other * 0.5 + hidden * 0.5 * secret
    treated = random.random(accounts) < 1 / (1 + np.exp(-odds))
    later = np.array(WEEKS) >= 1
    path = path + later * (effect * treated + other * 2 + hidden * secret)[:, None]
    rows = [
        (f"a{at:03}", DAY + timedelta(days=7 * week), path[at, i])
        for at in range(accounts)
        for i, week in enumerate(WEEKS)
    ]
    scores = history(rows, other=np.repeat(other, len(WEEKS)).tolist())
    drawn = ledger(*({"account": f"a{at:03}", "by": BY} for at in np.flatnonzero(treated)))
    facts = put(drawn, scores=scores)
    return Confounded(facts, units(facts, drawn, BY, seed))


def shaken(table: pa.Table) -> pa.Table:
    """The same history with nonsense from DAY on."""
    after = np.array([day >= DAY for day in table["as_of"].to_pylist()])
    score = np.where(after, 1e3 * np.sin(np.arange(len(table))), table["score"].to_numpy())
    return table.set_column(table.column_names.index("score"), "score", pa.array(score))
