"""What stands around matching: the columns that look back, and deciding."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
from acting.contenders import DAY, definitions
from acting.making import LABELS, accounts
from measuring.contender import Measured, timed

from keepwell.definitions import Project
from keepwell.definitions.expressions import Name, Past
from keepwell.engine.rules.bands import BANDS
from keepwell.engine.rules.columns import completed
from keepwell.engine.rules.deciding import decide
from keepwell.engine.rules.matching import matches
from keepwell.engine.rules.needs import Needs


def columns_made(rows: int) -> Measured:
    """Days in band, the label before, and two changes, from a history of three dates."""
    chance = np.random.default_rng(3)
    ids = pa.array(np.char.add("a", np.arange(rows).astype(str)))
    dates = [_scores(ids, days, chance) for days in (0, 7, 28)]
    label = pa.array(np.array(LABELS)[chance.integers(0, len(LABELS), rows)])
    since = pa.repeat(pa.scalar(DAY - timedelta(days=9), pa.date32()), rows)
    bands = pa.table([ids, label, since, pa.nulls(rows, pa.string())], schema=BANDS)
    past = frozenset({Past("change_over", Name(("score",)), days) for days in (7, 28)})
    needs = Needs(frozenset({"score", "label", "days_in_band", "previous_label", "change"}), past)
    history = pa.concat_tables(dates[1:])
    return timed(lambda: completed(dates[0], needs, DAY, history=history, bands=bands), 3)[1]


def _scores(ids: pa.Array, days_before: int, chance: np.random.Generator) -> pa.Table:
    as_of = pa.repeat(pa.scalar(DAY - timedelta(days=days_before), pa.date32()), len(ids))
    label = pa.array(np.array(LABELS)[chance.integers(0, len(LABELS), len(ids))])
    return pa.table({"account_id": ids, "as_of": as_of, "score": chance.normal(50, 20, len(ids)), "label": label})


def decided(rows: int, count: int, conditions: int) -> tuple[Measured, Measured]:
    """All rules for the first time, and on the next day with the state of the first."""
    table, project = accounts(rows), Project(rules=definitions(count, conditions))
    found = matches(project, table, DAY)
    first, took = timed(lambda: decide(project, found, table, None, DAY))
    _, next_day = timed(lambda: decide(project, found, table, first.state, DAY + timedelta(days=1)))
    return took, next_day
