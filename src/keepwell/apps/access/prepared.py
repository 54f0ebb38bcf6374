"""Queries of which every page has one."""

from __future__ import annotations

from django.db import connection
from django.db.backends.utils import CursorWrapper


def prepared_cursor() -> CursorWrapper:
    """For a query whose text is always the same: its values are sent apart, and it is planned once a connection."""
    return connection.prepared_cursor()  # type: ignore[attr-defined]
