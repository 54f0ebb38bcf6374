"""Rows of a query that is asked again and again: its text is kept by all that it is made of, its plan by its text."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from keepwell.apps.access.prepared import prepared_cursor

Rows = list[dict[str, Any]]
Made = Callable[[], Any]
"""Makes a query set of values."""


@dataclass(frozen=True)
class _Asked:
    """A query, found again by `key` alone."""

    key: Hashable
    made: Made = field(compare=False)


@dataclass(frozen=True)
class _Written:
    """`text`: SQL with its values written into it; empty where the query can have no rows. `names`: of its columns."""

    text: str
    names: tuple[str, ...]


def rows_of(made: Made, key: Hashable | None) -> Rows:
    """What the query set gives. `key`: everything it depends on, whose rights it has included; None: it is not kept.

    No row is kept, and no right: who asks with other rights asks with another key. The text has the values in it, so
    that PostgreSQL plans it for these values, and only once a connection where it comes again.
    """
    written = None if key is None else _written(_Asked(key, made))
    if written is None:
        return list(made())
    if not written.text:
        return []
    with prepared_cursor() as cursor:
        cursor.execute(written.text)
        return [dict(zip(written.names, row, strict=True)) for row in cursor.fetchall()]


@lru_cache(maxsize=512)
def _written(asked: _Asked) -> _Written | None:
    """None where Django would change what the database gives."""
    compiler = asked.made().query.get_compiler(connection.alias)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return _Written("", ())
    if compiler.get_converters([column for column, _, _ in compiler.select]):
        return None
    names = tuple(name for _, _, name in compiler.select)
    return _Written(connection.ops.compose_sql(sql, values), names)  # type: ignore[attr-defined]
