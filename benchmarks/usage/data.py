"""Daily usage for the benchmarks: account, feature, day and events, as a lake would keep them.

One Parquet file a month, sorted by feature, account and day, and one file for the newest day, as it was appended.
Accounts differ widely in how active they are, features in how much they are used, weekdays from weekends.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

FEATURES = tuple(f"feature_{number:02}" for number in range(1, 21))
LAST_DAY = date(2026, 10, 28)
"""A Wednesday, the day of the full run; the day after it is the new day of the refresh."""
_NEW_DAY = LAST_DAY + timedelta(days=1)
DAYS = 100
_WEEKDAYS = np.array([1.0, 1.08, 1.06, 1.0, 0.82, 0.14, 0.10])
_ROW_GROUP = 1_048_576

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class UsageData:
    """What lies in a folder: `usage/*.parquet` and `accounts.parquet`."""

    folder: Path
    accounts: int
    rows: int
    new_rows: int

    @property
    def files(self) -> str:
        return str(self.folder / "usage" / "*.parquet")

    @contextmanager
    def without_the_new_day(self) -> Iterator[None]:
        """As the folder was before the file of the new day came."""
        new, aside = self.folder / "usage" / f"{_NEW_DAY}.parquet", self.folder / f"{_NEW_DAY}.parquet"
        new.rename(aside)
        try:
            yield
        finally:
            aside.rename(new)


def usage_data(folder: Path, *, accounts: int, rows: int, seed: int = 7) -> UsageData:
    """About `rows` rows over 101 days, written the first time and found again after that."""
    note = folder / "about.json"
    if not note.exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "usage").mkdir(parents=True)
        note.write_text(json.dumps(_write(folder, accounts, rows, seed)))
    about = json.loads(note.read_text())
    return UsageData(folder, accounts, about["rows"], about["new_rows"])


def _write(folder: Path, accounts: int, rows: int, seed: int) -> dict[str, int]:
    random = np.random.default_rng(seed)
    ids = pa.array([f"A{number:07}" for number in random.permutation(10 * accounts)[:accounts]]).sort()
    pq.write_table(pa.table({"account_id": ids}), folder / "accounts.parquet")
    chances = _chances(random, accounts, rows)
    total = 0
    for name, days in _files():
        with pq.ParquetWriter(folder / "usage" / f"{name}.parquet", _SCHEMA, compression="zstd") as writer:
            written = sum(_write_groups(writer, _rows_of(random, ids, chances, days)))
        total += written
    return {"rows": total, "new_rows": written}


_SCHEMA = pa.schema(
    [("account_id", pa.string()), ("feature", pa.string()), ("day", pa.date32()), ("events", pa.int32())]
)


def _files() -> Iterator[tuple[str, list[date]]]:
    """Each month with its days, then the new day."""
    days = [LAST_DAY - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    for month in dict.fromkeys(f"{day:%Y-%m}" for day in days):
        yield month, [day for day in days if f"{day:%Y-%m}" == month]
    yield str(_NEW_DAY), [_NEW_DAY]


def _chances(random: np.random.Generator, accounts: int, rows: int) -> Floats:
    """[features, accounts]: the chance that a feature is used on a weekday, so that about `rows` rows come of it."""
    activity = random.lognormal(0, 1, accounts)
    popularity = 1 / np.arange(1, len(FEATURES) + 1) ** 0.7
    adopted = random.random((len(FEATURES), accounts)) < 0.35 + 0.6 * popularity[:, None]
    wanted = rows / (DAYS * _WEEKDAYS.mean() * accounts * len(FEATURES))
    chances: Floats = adopted * popularity[:, None] * activity
    for _ in range(30):  # capped chances leave rows to the others
        chances = np.minimum(chances * wanted / np.minimum(chances, 0.95).mean(), 1e6)
    return np.minimum(chances, 0.95)


def _rows_of(random: np.random.Generator, ids: pa.Array, chances: Floats, days: list[date]) -> Iterator[pa.Table]:
    """The rows of some days, a table for each feature in order, sorted by account and day."""
    weekday = np.array([_WEEKDAYS[day.weekday()] for day in days], dtype=np.float32)
    numbers = np.array(days, dtype="datetime64[D]")
    for feature, chance in zip(FEATURES, chances, strict=True):
        used = random.random((len(ids), len(days)), dtype=np.float32) < chance[:, None].astype(np.float32) * weekday
        account, day = np.nonzero(used)
        events = 1 + random.standard_exponential(len(day), dtype=np.float32) * 4
        yield pa.table(
            [
                ids.take(pa.array(account)),
                pa.array([feature]).take(pa.array(np.zeros(len(day), dtype=np.int64))),
                pa.array(numbers[day]),
                pa.array(events.astype(np.int32)),
            ],
            schema=_SCHEMA,
        )


def _write_groups(writer: pq.ParquetWriter, tables: Iterator[pa.Table]) -> Iterator[int]:
    for table in tables:
        writer.write_table(table, row_group_size=_ROW_GROUP)
        yield len(table)
