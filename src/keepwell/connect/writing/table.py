"""Rows in a table of a database: upserted by account in one transaction, or the whole table anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from keepwell.connect.databases import engine_of
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Setting, Settings, SourceRefused
from keepwell.connect.writing.target import Delivery, Refusals, Row, TargetSpec

SPEC = TargetSpec(
    "table", "SQL table", "A table that is made where it is not there; one row an account.", ("sql",),
    (Setting("table", "Table", "Letters, digits and '_'.", default="keepwell_scores"),),
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_SENT = "sent_at"


def write(connection: Settings, options: Settings, door: Door, rows: Sequence[Row], delivery: Delivery) -> Refusals:
    import sqlalchemy

    name = options["table"] or "keepwell_scores"
    if not _NAME.fullmatch(name):
        raise SourceRefused(f"'{name}' is no name of a table: use letters, digits and '_'")
    sent = [{**row, _SENT: datetime.fromisoformat(delivery.at)} for row in rows]
    with engine_of(connection, door) as engine, engine.begin() as transaction:
        table = _table(name, connection["schema"] or None, sent)
        table.create(transaction, checkfirst=True)
        _refuse_other_columns(sqlalchemy.inspect(transaction), table)
        gone = sqlalchemy.delete(table)
        if delivery.changes_alone:
            gone = gone.where(table.c.id.in_([row["id"] for row in rows]))
        transaction.execute(gone)
        transaction.execute(sqlalchemy.insert(table), sent)
    yield from ()


def _table(name: str, schema: str | None, rows: Sequence[Row]) -> Any:
    import sqlalchemy

    columns = [sqlalchemy.Column(column, _type(column, rows), primary_key=column == "id") for column in rows[0]]
    return sqlalchemy.Table(name, sqlalchemy.MetaData(), *columns, schema=schema)


def _type(column: str, rows: Sequence[Row]) -> Any:
    import sqlalchemy

    value = next((row[column] for row in rows if row[column] is not None), "")
    if column == "id":
        return sqlalchemy.String(200)
    if isinstance(value, datetime):
        return sqlalchemy.DateTime(timezone=True)
    if isinstance(value, date):
        return sqlalchemy.Date()
    return sqlalchemy.Float() if isinstance(value, int | float) else sqlalchemy.Text()


def _refuse_other_columns(inspector: Any, table: Any) -> None:
    there = {one["name"] for one in inspector.get_columns(table.name, table.schema)}
    if missing := [one.name for one in table.columns if one.name not in there]:
        raise SourceRefused(f"the table {table.name} is there without a column '{missing[0]}': add it, or name another")
