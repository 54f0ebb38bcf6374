"""An installation of many accounts with ninety days of use behind them, scored once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

KEY = "wk_benchmark"
EVENTS = tuple(f"Event {number:02}" for number in range(20))
_WINDOWS = (7, 14, 28, 30, 90, 90)
_ROWS_AN_ACCOUNT = 30
_FILES = {
    "keepwell.yaml": "time_zone: UTC\n",
    "accounts.yaml": "datasets:\n  accounts: {role: accounts, table: accounts, key: id, name: name}\n",
    "scheme.yaml": "schemes:\n  light: {bands: [{label: red, up_to: 50}, {label: green, up_to: 100}]}\n",
}


def account(number: int) -> str:
    return f"A{number:06}"


def install(accounts: int, more: Mapping[str, str] | None = None) -> int:
    """Accounts, use and definitions, with `more` files, and a first run. Returns the number of the write key."""
    from keepwell.apps.access.actors import System
    from keepwell.apps.configuration.operations import publish
    from keepwell.apps.health.models import Run
    from keepwell.apps.health.running import carry_out
    from keepwell.apps.usage.datasets import DATASETS
    from keepwell.apps.usage.models import WriteKey

    _into_the_lake(accounts)
    files = {**_FILES, "live.yaml": DATASETS, **_definitions(), **(more or {})}
    version = publish(actor=System("benchmark"), files=files, note="Ten measures of use")
    now = datetime.now(UTC)
    run = Run.objects.create(as_of=now.date(), known_at=now, asked_by="benchmark")
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == "done", run.error
    return int(WriteKey.objects.create(name="benchmark", key=KEY).pk)


def _into_the_lake(accounts: int) -> None:
    from keepwell.apps.health.place import lake
    from keepwell.apps.usage.draining.writing import DAILY_TABLE, table

    ids = np.array([account(number) for number in range(accounts)])
    lake().table("facts/accounts").append(pa.table({"id": ids, "name": ids}))
    random, today, rows = np.random.default_rng(7), datetime.now(UTC).date(), accounts * _ROWS_AN_ACCOUNT
    names = np.array(EVENTS)
    for first in range(1, 91, 30):  # one commit a month
        days = np.array([today - timedelta(days=back) for back in range(first, first + 30)])
        whose = random.integers(0, accounts, rows // 3)
        table(DAILY_TABLE).append(
            pa.table(
                {
                    "account_id": ids[whose],
                    "person": _people(whose, random),
                    "event": names[random.integers(0, len(names), len(whose))],
                    "feature": pa.nulls(len(whose), pa.string()),
                    "local_day": pa.array(days[random.integers(0, 30, len(whose))]),
                    "events": random.integers(1, 9, len(whose)),
                }
            )
        )


def _people(accounts: np.ndarray, random: np.random.Generator) -> pa.Array:
    """Five in each account."""
    numbers = accounts * 5 + random.integers(0, 5, len(accounts))
    return pa.array(numbers).cast(pa.string())


def _definitions() -> dict[str, str]:
    """Ten measures; the number of all events moves the score with each of them."""
    use = {
        f"use_{number}": f"aggregate: sum(events), where: event = '{EVENTS[number]}', window: {window} days"
        for number, window in enumerate(_WINDOWS)
    }
    use |= {
        "all_90": "aggregate: sum(events), window: 90 days",
        "days_30": "aggregate: days_active(), window: 30 days",
        "people_30": "aggregate: count_distinct(person), window: 30 days",
        "breadth_90": "aggregate: count_distinct(event), window: 90 days",
    }
    lines = [f"  {name}: {{dataset: usage_daily, {rest}}}" for name, rest in use.items()]
    measures = [f"          {name}: {{weight: 1, score: {{linear: [[0, 0], [10000000, 100]]}}}}" for name in use]
    card = ["scorecards:", "  main:", "    scheme: light", "    groups:", "      use:", "        weight: 1"]
    return {
        "metrics.yaml": "\n".join(["metrics:", *lines, ""]),
        "card.yaml": "\n".join([*card, "        measures:", *measures, ""]),
    }
