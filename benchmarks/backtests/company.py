"""A company with two years of outcomes, and values of its accounts at every date of a backtest, as a run stored them.

Each account has a health that wanders; forty metrics show it with noise, some hardly at all, and the worse it is, the
sooner the account leaves. Values are written where a backtest of the same definitions looks for them.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.definitions import Project, parse_project
from keepwell.engine.moments import end_of_day
from keepwell.engine.storing import write_values
from keepwell.engine.values import EntityValues, Values
from keepwell.lake.data import open_data
from keepwell.learning.observing import Question
from keepwell.learning.valuing import DatedValues

MEASURES, GROUPS = 40, 5
LAST = date(2026, 10, 31)
LEAD, HORIZON, STEP = 30, 30, 30

Floats = npt.NDArray[np.float64]


def project(steep: float = 1.0) -> Project:
    """Forty linear measures in five groups, two overrides, one segment; `steep` makes another card of its values."""
    names = [f"metric_{number:02}" for number in range(MEASURES)]
    usage = {"dataset": "usage", "aggregate": "sum(value)", "window": "28 days"}
    groups = {
        f"group_{group}": {
            "weight": 1 + group,
            "measures": {
                name: {"weight": steep ** (at % 7), "score": {"linear": [[-3, 0], [0, 55], [3, 100]]}}
                for at, name in enumerate(names)
                if at % GROUPS == group
            },
        }
        for group in range(GROUPS)
    }
    bands = [{"label": "red", "up_to": 40}, {"label": "yellow", "up_to": 60}, {"label": "green", "up_to": 100}]
    accounts = {"role": "accounts", "file": "accounts.parquet", "key": "account_id", "changed_at": "changed_on"}
    churns = {"role": "outcomes", "file": "churns.parquet", "account": "account_id", "occurred_at": "left_on"}
    return parse_project(
        {
            "schemes": {"traffic_light": {"bands": bands}},
            "datasets": {
                "accounts": accounts,
                "usage": {"file": "usage.parquet", "account": "account_id", "occurred_at": "day"},
                "churns": {**churns, "outcome": {"always": "churned"}, "amount": "arr"},
            },
            "metrics": {name: {**usage, "where": f"feature = '{name}'"} for name in names},
            "segments": {"large": "size = 'large'"},
            "scorecards": {
                "health": {
                    "scheme": "traffic_light",
                    "groups": groups,
                    "overrides": [
                        {"name": "low", "when": "metric_00 < -2.5", "effect": {"at_most": "red"}},
                        {"name": "high", "when": "metric_01 > 2.5 and overall < 60", "effect": {"at_least": 45}},
                    ],
                }
            },
        }
    )


def question(dates: int) -> Question:
    """Losses within a month, a month ahead, at so many dates a month apart."""
    end = LAST - timedelta(days=LEAD + HORIZON)
    first = end - timedelta(days=STEP * (dates - 1)) + timedelta(days=LEAD + 1)
    return Question(first, LAST, LEAD, "on_grid", STEP, HORIZON)


def write(folder: Path, accounts: int, dates: int, seed: int = 5) -> int:
    """Facts and stored values below `folder`; returns how many dates are stored (one more serves early warning)."""
    random = np.random.default_rng(seed)
    end = LAST - timedelta(days=LEAD + HORIZON)
    days = [end - timedelta(days=STEP * back) for back in range(dates - 1, -2, -1)]
    folder.mkdir(parents=True, exist_ok=True)
    ids = pa.array([f"A{number:07}" for number in range(accounts)])
    health = random.normal(0, 1, accounts)
    left_on = _facts(folder, random, ids, health, days[0])
    definitions = project()
    with open_data(definitions, folder) as data:
        place = DatedValues(definitions, data, folder / "values").place()
    place.mkdir(parents=True, exist_ok=True)
    for day in days:
        still = np.flatnonzero(left_on > np.datetime64(day, "D"))
        write_values(_values(random, ids, health, still, day), place / f"{day}.arrow")
    return len(days)


def _facts(folder: Path, random: np.random.Generator, ids: pa.Array, health: Floats, first: date) -> Any:
    """Accounts, one fact of each, and who left: some 1.5 % a month, the unhealthy sooner."""
    n = len(ids)
    sizes = pa.array(random.choice(["small", "large"], n, p=[0.8, 0.2]))
    begun = pa.array([first] * n, pa.date32())
    pq.write_table(pa.table({"account_id": ids, "changed_on": begun, "size": sizes}), folder / "accounts.parquet")
    usage = {"account_id": ids, "day": begun, "feature": pa.array(["metric_00"] * n), "value": pa.array(np.ones(n))}
    pq.write_table(pa.table(usage), folder / "usage.parquet")
    waits = random.exponential(2000 * np.exp(0.9 * health)).astype(np.int64) + 1
    left_on = np.datetime64(first, "D") + waits
    gone = np.flatnonzero(left_on <= np.datetime64(LAST, "D"))
    churns = {"account_id": ids.take(pa.array(gone)), "left_on": pa.array(left_on[gone])}
    pq.write_table(pa.table(churns | {"arr": pa.array(np.full(len(gone), 1000.0))}), folder / "churns.parquet")
    return left_on


def _values(random: np.random.Generator, ids: pa.Array, health: Floats, still: Any, day: date) -> Values:
    """Each metric shows health in part; one in twenty is missing."""
    n = len(still)
    metrics = {}
    for number in range(MEASURES):
        shown = (number % 8) / 8 * health[still] + random.normal(0, 1, n)
        metrics[f"metric_{number:02}"] = pa.array(shown, mask=random.random(n) < 0.05)
    accounts = ids.take(pa.array(still))
    return Values(
        day,
        end_of_day(day, "UTC"),
        EntityValues(
            entity_kind="account",
            ids=accounts,
            accounts=accounts,
            parents=pa.nulls(n, pa.string()),
            attributes=pa.table({"size": pa.array(random.choice(["small", "large"], n, p=[0.8, 0.2]))}),
            metrics=pa.table(metrics),
        ),
    )
