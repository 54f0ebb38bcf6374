"""What was true before: bands since when, and values of earlier dates, from the history in the lake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.health.arrow_files import read_whole, write_whole
from keepwell.apps.health.place import data_dir, lake
from keepwell.engine.rules.bands import BANDS, advance, bands_of
from keepwell.engine.rules.columns import TOLERANCE
from keepwell.engine.rules.needs import Needs
from keepwell.engine.rules.snapshots import as_snapshot
from keepwell.lake.history import read_scores, read_values

_METRIC = "metric:"
_KEPT = 10  # files of bands; each can be made again from history


def history(as_of: date, needs: Needs) -> pa.Table | None:
    """Rows of the dates that are looked back at, with the names that are asked; None where nothing looks back."""
    names = tuple(sorted({one.name.dotted for one in needs.past}))
    return _history(as_of, needs.days_back, names) if names else None


@lru_cache(maxsize=4)
def _history(as_of: date, days_back: tuple[int, ...], names: tuple[str, ...]) -> pa.Table:
    parts = [one for days in days_back for one in _around(as_of - timedelta(days=days), names)]
    return pa.concat_tables(parts, promote_options="permissive")


def _around(day: date, names: tuple[str, ...]) -> Iterator[pa.Table]:
    """Scores and metrics as they were shown up to a day: rows of their own, each with what it knows."""
    since = day - timedelta(days=TOLERANCE)
    scores = read_scores(lake(), since=since, until=day)
    if scores.num_rows:
        yield as_snapshot(scores, names)
    yield _metrics(since, day, names)


def _metrics(since: date, until: date, names: tuple[str, ...]) -> pa.Table:
    values = read_values(lake(), since=since, until=until)
    known = {name: _METRIC + name for name in names if _METRIC + name in values.column_names}
    if not known:
        return pa.table({"account_id": pa.array([], pa.string()), "as_of": pa.array([], pa.date32())})
    rows = values.filter(pc.equal(values["entity_kind"], "account"))
    return rows.select(["account_id", "as_of", *known.values()]).rename_columns(["account_id", "as_of", *known])


def bands_before(as_of: date) -> pa.Table:
    """Since when each account is in its band, at the last date before `as_of`; from history where no file says it."""
    files = sorted(path for path in _folder().glob("*.arrow") if path.stem < as_of.isoformat())
    return _read(files[-1], files[-1].stat().st_mtime_ns) if files else _from_history(as_of)


def keep_bands(as_of: date, accounts: pa.Array, labels: pa.Array) -> None:
    """Notes the bands of a date for the dates after it. Doing it again gives the same."""
    moved = advance(bands_before(as_of), accounts, labels, as_of)
    write_whole(_folder() / f"{as_of.isoformat()}.arrow", moved)
    for old in sorted(_folder().glob("*.arrow"))[:-_KEPT]:
        old.unlink(missing_ok=True)


def _folder() -> Path:
    return data_dir() / "bands"


@lru_cache(maxsize=2)
def _read(path: Path, written_at: int) -> pa.Table:
    """`written_at` tells a file from the one that stood in its place."""
    return read_whole(path)


def _from_history(as_of: date) -> pa.Table:
    columns = ["entity_kind", "account_id", "as_of", "label"]
    rows = read_scores(lake(), until=as_of - timedelta(days=1), columns=columns)
    if not rows.num_rows:
        return BANDS.empty_table()
    return bands_of(rows.filter(pc.equal(rows["entity_kind"], "account")).select(columns[1:]))
