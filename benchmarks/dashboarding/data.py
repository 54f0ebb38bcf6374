"""What a page of reports is over: accounts as they were scored, weekly scores of two years, and daily usage."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from usage.data import LAST_DAY, usage_data

from keepwell.lake.history import SCORES, write_scores
from keepwell.lake.place import Lake

WEEKS = 104
BANDS = ((50.0, "red"), (70.0, "yellow"), (100.0, "green"))
_SEGMENTS = ("enterprise", "mid_market", "smb", "startup")
_REGIONS = ("americas", "emea", "apac")


@dataclass(frozen=True)
class Company:
    """`folder` holds accounts.parquet and usage/*.parquet, `lake` the history of scores, `scored` the accounts now."""

    folder: Path
    lake: Path
    scored: pa.Table
    usage_rows: int
    score_rows: int

    @property
    def history_files(self) -> list[str]:
        """The files of the history, for those who read them by hand."""
        found = (self.lake / SCORES).rglob("*.parquet")
        return sorted(str(path) for path in found if "_delta_log" not in path.parts)


def company(data: Path, *, accounts: int, rows: int) -> Company:
    """Written the first time, and found again after that."""
    usage = usage_data(data / f"usage-{accounts}-{LAST_DAY}", accounts=accounts, rows=rows)
    place = data / f"dashboards-{accounts}"
    if not (place / "scored.parquet").exists():
        _write(place, usage.folder)
    (place / "usage").mkdir(exist_ok=True)
    for file in (usage.folder / "usage").glob("*.parquet"):
        if not (place / "usage" / file.name).exists():
            os.link(file, place / "usage" / file.name)  # a link by another name: data folders refuse the other kind
    return Company(
        place, place / "lake", pq.read_table(place / "scored.parquet"), usage.rows, WEEKS * accounts
    )  # fmt: skip


def _write(place: Path, usage: Path) -> None:
    random = np.random.default_rng(5)
    ids = pq.read_table(usage / "accounts.parquet")["account_id"].combine_chunks()
    n = len(ids)
    place.mkdir(parents=True, exist_ok=True)
    attributes = {
        "account_id": ids,
        "name": pa.array([f"Company {number}" for number in range(n)]),
        "segment": _drawn(random, _SEGMENTS, n),
        "region": _drawn(random, _REGIONS, n),
        "csm": _drawn(random, tuple(f"csm_{number:03}" for number in range(200)), n),
        "arr": pa.array(np.round(random.lognormal(9.5, 1.1, n), 0)),
        "seats": pa.array(random.integers(5, 2000, n)),
        "renews_on": pa.array(np.datetime64(LAST_DAY) + random.integers(1, 365, n)),
    }
    pq.write_table(pa.table(attributes), place / "accounts.parquet")
    scores = np.clip(random.normal(65, 18, n), 0, 100)
    lake = Lake(place / "lake")
    for week in range(WEEKS - 1, -1, -1):
        scores = np.clip(scores + random.normal(0.02, 3.0, n), 0, 100)
        day = LAST_DAY - timedelta(weeks=week)
        write_scores(lake, _history(ids, scores, day), f"run-{day}")
    now = {"score": pa.array(scores), "label": _labels(scores), "coverage": pa.array(random.uniform(0.5, 1, n))}
    measures = {f"measure.m{at}": pa.array(np.clip(scores + random.normal(0, 15, n), 0, 100)) for at in range(6)}
    pq.write_table(pa.table({**attributes, **now, **measures}), place / "scored.parquet")


def _history(ids: pa.Array, scores: np.ndarray, day: date) -> pa.Table:  # type: ignore[type-arg]
    n = len(ids)
    text = lambda value: pa.array([value]).take(pa.array(np.zeros(n, np.int64)))  # noqa: E731
    known = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    return pa.table(
        {
            "entity_kind": text("account"), "entity_id": ids, "account_id": ids,
            "as_of": pa.repeat(pa.scalar(day), n),
            "known_at": pa.repeat(pa.scalar(known, pa.timestamp("us", "UTC")), n),
            "run": text(f"run-{day}"), "scorecard": text("all"), "version": text("v1"),
            "computed_score": pa.array(scores), "final_score": pa.array(scores), "label": _labels(scores),
            "coverage": pa.repeat(0.9, n),
        }
    )  # fmt: skip


def _labels(scores: np.ndarray) -> pa.Array:  # type: ignore[type-arg]
    names = pa.array([label for _, label in BANDS])
    return names.take(pa.array(np.searchsorted([edge for edge, _ in BANDS], scores)))


def _drawn(random: np.random.Generator, names: tuple[str, ...], n: int) -> pa.Array:
    return pa.array(names).take(pa.array(random.integers(0, len(names), n)))
