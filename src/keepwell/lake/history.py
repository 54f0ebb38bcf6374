"""Score and value history in the lake: one row per entity, date and card, keyed by the run that wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.errors import EngineFault
from keepwell.lake.place import Lake
from keepwell.lake.statements import quoted
from keepwell.lake.tables import Appended, LakeTable, TableLayout

SCORES = "history/scores"
VALUES = "history/values"
Basis = Literal["as_shown", "restated"]

_REQUIRED = ("entity_kind", "account_id", "as_of", "known_at", "run")
_ENTITY = ("entity_kind", "entity_id", "account_id", "as_of")
_LAYOUT = TableLayout(month_of="as_of", sort_by=("account_id", "as_of"), occurred_at="as_of", recorded_at="known_at")


def write_scores(lake: Lake, scores: pa.Table, run: str, *, part: int = 0) -> Appended:
    """Appends a run's scores: any columns, among them entity_kind, account_id, as_of (date), known_at (UTC) and run.

    A run written in several parts numbers them from 0 in ascending order. A part that is there already is skipped, so
    a run that was killed can simply be repeated. Times without a zone are UTC.
    """
    return _write(lake.table(SCORES, _LAYOUT), scores, run, part)


def write_values(lake: Lake, values: pa.Table, run: str, *, part: int = 0) -> Appended:
    """The same for the values the scores were made from."""
    return _write(lake.table(VALUES, _LAYOUT), values, run, part)


def read_scores(
    lake: Lake,
    *,
    basis: Basis = "as_shown",
    since: date | None = None,
    until: date | None = None,
    accounts: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """Score history, one row per entity and date, by entity and date.

    `as_shown`: the row written first, with the earliest known_at. `restated`: the one with the latest known_at, of
    those the last written. `since` and `until` are included; `accounts` None means all. No rows where none was written.
    """
    return _read(lake.table(SCORES), basis, since, until, accounts, columns)


def read_values(
    lake: Lake,
    *,
    basis: Basis = "as_shown",
    since: date | None = None,
    until: date | None = None,
    accounts: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """The same for values."""
    return _read(lake.table(VALUES), basis, since, until, accounts, columns)


def read_run(lake: Lake, run: str, *, table: str = SCORES) -> pa.Table:
    """All rows that one run wrote, in no order."""
    there = lake.table(table)
    return there.read(where="run = ?", parameters=[run]) if there.exists else pa.table({})


def retain_history(lake: Lake, since: date) -> dict[str, int]:
    """Deletes scores and values of dates before `since`; table -> rows deleted."""
    tables = {name: lake.table(name) for name in (SCORES, VALUES)}
    return {name: table.retain("as_of", since) for name, table in tables.items() if table.exists}


def _write(table: LakeTable, rows: pa.Table, run: str, part: int) -> Appended:
    if missing := [name for name in _REQUIRED if name not in rows.column_names]:
        raise EngineFault(f"{table.path.name}: rows without {', '.join(missing)}")
    if pc.unique(rows["run"]).to_pylist() not in ([run], []):
        raise EngineFault(f"{table.path.name}: rows of another run than '{run}'")
    return table.append(_zoned(rows), application=(f"run:{run}", part))


def _zoned(rows: pa.Table) -> pa.Table:
    for at, field in enumerate(rows.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz is None:
            rows = rows.set_column(at, field.name, rows[field.name].cast(pa.timestamp("us", "UTC")))
    return rows


def _read(
    table: LakeTable,
    basis: Basis,
    since: date | None,
    until: date | None,
    accounts: Sequence[str] | None,
    columns: Sequence[str] | None,
) -> pa.Table:
    if not table.exists:
        return pa.table({})
    names = table.schema().names
    where, parameters = _condition(since, until, accounts)
    entity = ", ".join(quoted(name) for name in _ENTITY if name in names)
    order = "known_at, load_id" if basis == "as_shown" else "known_at desc, load_id desc"
    chosen = f"{where} qualify row_number() over (partition by {entity} order by {order}) = 1 order by {entity}"
    return table.read(columns=columns or names, where=chosen, parameters=parameters)


def _condition(since: date | None, until: date | None, accounts: Sequence[str] | None) -> tuple[str, list[Any]]:
    """With the month as well, so that other months' files are not opened."""
    parts: list[str] = ["true"]
    parameters: list[Any] = []
    if since is not None:
        parts.append("as_of >= ? and as_of_month >= ?")
        parameters += [since, f"{since:%Y-%m}"]
    if until is not None:
        parts.append("as_of <= ? and as_of_month <= ?")
        parameters += [until, f"{until:%Y-%m}"]
    if accounts is not None:
        parts.append("account_id in (select unnest(?))")
        parameters.append(list(accounts))
    return " and ".join(parts), parameters
