"""The customer list as a table: which columns there are, what each needs, and its rows as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from keepwell.apps.customers.current_values.columns import KEY, TABLE, Columns, column_name, quoted
from keepwell.apps.customers.filters import COLUMNS, MORE_COLUMNS, Filters

ALWAYS = ("id", "name", "health__score", "health__label", "health__tone", "health__scorecard")


@dataclass(frozen=True)
class Column:
    """One column: what is fetched for it, and what the list can be sorted by."""

    name: str
    title: str
    fields: tuple[str, ...] = ()
    sort: str = ""
    number: bool = False


_KNOWN = {
    column.name: column
    for column in (
        Column("trend", "Trend", ("trend",)),
        Column("change", "Change in a week", ("health__change",), "change", number=True),
        Column("arr", "ARR", ("arr",), "arr", number=True),
        Column("renewal", "Renewal", ("renews_on",), "renewal"),
        Column("stage", "Stage", ("stage",), "stage"),
        Column("csm", "CSM", ("owner__name", "owner_name"), "csm"),
        Column("why", "Why", ("health__why",)),
        Column("coverage", "Coverage", ("health__coverage",), number=True),
        Column("scorecard", "Scorecard", ("health__scorecard",)),
        Column("segments", "Segments", ("segments",)),
        Column("id", "ID", ("id",)),
    )
}


def chosen(filters: Filters, columns: Columns | None) -> list[Column]:
    """The columns of a view; names that have gone with a definition are left out."""
    own = columns.types if columns else {}
    found = []
    for name in filters.columns:
        if name in _KNOWN:
            found.append(_KNOWN[name])
        elif name in own:
            found.append(Column(name, name.replace("_", " "), number=own[name] in ("int64", "float64")))
    return found


def offered(filters: Filters, columns: Columns | None) -> list[tuple[Column, bool]]:
    """Every column that can be chosen, and whether it is."""
    own = [
        Column(name, name.replace("_", " ")) for name in sorted(columns.types if columns else ()) if name not in _KNOWN
    ]
    return [(column, column.name in filters.columns) for column in (*_built_in(), *own)]


def fields_of(columns: Iterable[Column]) -> tuple[str, ...]:
    return (*dict.fromkeys((*ALWAYS, *(field for column in columns for field in column.fields))),)


def add_own(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> None:
    """Puts the attributes and metrics that the view chose beside each row, under `own`; nothing where it chose none."""
    names = [column.name for column in columns if column.name not in _KNOWN]
    if not names:
        return
    found: dict[str, tuple[Any, ...]] = {}
    if rows:
        wanted = ", ".join(quoted(column_name(name)) for name in names)
        sql = f"select {quoted(KEY)}, {wanted} from {TABLE} where {quoted(KEY)} = any(%s)"
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("%", "%%").replace("any(%%s)", "any(%s)"), [[row["id"] for row in rows]])
            found = {account: values for account, *values in cursor.fetchall()}
    for row in rows:
        row["own"] = dict(zip(names, found.get(row["id"], (None,) * len(names)), strict=True))


def _built_in() -> list[Column]:
    return [_KNOWN[name] for name in (*COLUMNS, *MORE_COLUMNS)]
