"""Ledgers in Ibis: entered scores, overrides by hand and pins, with their times as UTC and local days."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.definitions.datasets import LEDGER_COLUMNS
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.ids import id_text
from keepwell.engine.metrics.times import Clock

RECORDED_AT = "recorded_at"
"""The column that says when a row arrived, where the definition names no other."""
ACCOUNT, RELATIONSHIP = "kw_account", "kw_relationship"
_TIMES = frozenset({"expires_at", "until", "withdrawn_at"})


def ledger(reader: FactReader, name: str) -> ir.Table:
    """All rows of a ledger, oldest first where it is read.

    Columns: `kw_account`, `kw_relationship` (text, null where the ledger has none), `occurred_at`, `recorded_at` (naive
    UTC), `occurred_on`, `recorded_on` (days), the ledger's own columns as text, `score` as float64, and for each of its
    times T both `T` (naive UTC) and `T_on` (day) with `T_is_day` telling that a whole day was meant. Optional columns
    that the data does not have are null.
    """
    source = reader.source(name)
    dataset, rows, clock = source.dataset, source.rows, source.clock
    occurred = rows[str(dataset.occurred_at or dataset.recorded_at)]
    arrival = dataset.recorded_at or (RECORDED_AT if RECORDED_AT in rows.columns else None)
    recorded = (
        ibis.coalesce(clock.instant(rows[arrival]), clock.instant(occurred)) if arrival else clock.instant(occurred)
    )
    chosen: dict[str, ir.Value] = {
        ACCOUNT: _id(rows, dataset.account if isinstance(dataset.account, str) else None),
        RELATIONSHIP: _id(rows, dataset.relationship),
        "occurred_at": clock.instant(occurred),
        "occurred_on": clock.day(occurred),
        "recorded_at": clock.days_later(recorded, 0 if arrival else dataset.arrives_after),
        "recorded_on": clock.of_utc().day(recorded),
    }
    required, optional = LEDGER_COLUMNS[dataset.role]
    for column in (*required, *optional):
        chosen |= _times(rows, clock, column) if column in _TIMES else _own(rows, column)
    return rows.select(**chosen)


def _own(rows: ir.Table, column: str) -> dict[str, ir.Value]:
    if column == "score":
        return {column: rows[column].cast("float64")}
    return {column: _text(rows, column)}


def _id(rows: ir.Table, column: str | None) -> ir.Value:
    return id_text(rows[column]) if column in rows.columns else ibis.null("string")


def _text(rows: ir.Table, column: str) -> ir.Value:
    return rows[column].cast("string") if column in rows.columns else ibis.null("string")


def _times(rows: ir.Table, clock: Clock, column: str) -> dict[str, ir.Value]:
    if column not in rows.columns:
        return {
            column: ibis.null("timestamp"),
            f"{column}_on": ibis.null("date"),
            f"{column}_is_day": ibis.literal(True),
        }
    value = rows[column]
    is_day = ibis.literal(isinstance(value.type(), dt.Date))
    return {column: clock.instant(value), f"{column}_on": clock.day(value), f"{column}_is_day": is_day}
