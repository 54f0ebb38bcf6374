"""Events of a company for the benchmark: who, of which account, did what, and when; one Parquet file, as a lake has it.

Sorted by account and time. People differ widely in how often they come, weekdays from weekends; people start all along.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST_DAY, DAYS = date(2025, 4, 1), 577
EVENTS = tuple(f"event_{number:02}" for number in range(1, 26))
_WEEKDAYS = np.array([1.0, 1.08, 1.06, 1.0, 0.82, 0.14, 0.10])
_DAY = 86_400_000_000


@dataclass(frozen=True)
class Events:
    """`file`: account_id, person (text), event, occurred_at (UTC), local_day."""

    file: Path
    rows: int
    people: int


def events(folder: Path, *, rows: int, people: int, accounts: int, seed: int = 11) -> Events:
    """Exactly `rows` events, written the first time and found again after that."""
    file = folder / f"events-{rows}-{people}.parquet"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        table = _table(np.random.default_rng(seed), rows, people, accounts)
        pq.write_table(table, file.with_suffix(".part"), row_group_size=1_048_576, compression="zstd")
        file.with_suffix(".part").rename(file)
    return Events(file, rows, people)


def _table(random: np.random.Generator, rows: int, people: int, accounts: int) -> pa.Table:
    names = pa.array([str(uuid.UUID(bytes=random.bytes(16))) for _ in range(people)])
    account_of = np.sort(random.integers(0, accounts, people))
    weight = random.lognormal(0, 0.8, people)
    who = np.repeat(np.arange(people), random.multinomial(rows, weight / weight.sum()))
    starts = (random.random(people) ** 1.5 * (DAYS - 30)).astype(np.int64)
    day = (starts[who] + random.random(rows) * (DAYS - starts[who])).astype(np.int64)
    weekend = random.random(rows) > _WEEKDAYS[(day + FIRST_DAY.weekday()) % 7] / _WEEKDAYS.max()
    day[weekend] = np.maximum(day[weekend] - random.integers(0, 5, weekend.sum()), 0)
    first = np.datetime64(FIRST_DAY, "us").astype(np.int64)
    moment = first + day * _DAY + random.integers(0, _DAY, rows)
    kind = np.minimum(random.geometric(0.12, rows) - 1, len(EVENTS) - 1)
    order = np.lexsort((moment, account_of[who]))
    who, day, moment, kind = who[order], day[order], moment[order], kind[order]
    ids = pa.array([f"account-{number:05}" for number in range(accounts)])
    return pa.table(
        {
            "account_id": pa.DictionaryArray.from_arrays(pa.array(account_of[who].astype(np.int32)), ids),
            "person": pa.DictionaryArray.from_arrays(pa.array(who.astype(np.int32)), names),
            "event": pa.DictionaryArray.from_arrays(pa.array(kind.astype(np.int32)), pa.array(EVENTS)),
            "occurred_at": pa.array(moment, pa.timestamp("us", "UTC")),
            "local_day": pa.array((day + (FIRST_DAY - date(1970, 1, 1)).days).astype(np.int32), pa.date32()),
        }
    )
