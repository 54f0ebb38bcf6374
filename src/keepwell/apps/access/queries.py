"""Reads of people."""

from __future__ import annotations

import json

from django.db import connection

from keepwell.apps.access.models import User
from keepwell.apps.access.prepared import prepared_cursor

_FIELDS = tuple(field.attname for field in User._meta.concrete_fields)
_PREFERENCES = _FIELDS.index("preferences")
_SQL = f"select {', '.join(_FIELDS)} from {User._meta.db_table} where id = %s"


def user_with(number: int) -> User | None:
    """As they are in the database now: who was let go, or got another role, is so at their next page."""
    with prepared_cursor() as cursor:
        cursor.execute(_SQL, [number])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    values[_PREFERENCES] = json.loads(values[_PREFERENCES])
    return User.from_db(connection.alias, _FIELDS, values)
