"""Connections of its own to the database: a page's transaction has nothing to do with an event's."""

from __future__ import annotations

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


def connect() -> Connection:
    """Commits by itself, and what it commits is on disk. Raises psycopg.Error."""
    from django.db import connections

    named = connections["default"].settings_dict
    given = {"dbname": named["NAME"], "user": named["USER"], "password": named["PASSWORD"], "host": named["HOST"],
             "port": named["PORT"]}  # fmt: skip
    return psycopg.connect(
        **{name: value for name, value in given.items() if value},
        autocommit=True,
        connect_timeout=3,
        application_name="keepwell ingestion",
        options="-c synchronous_commit=on -c statement_timeout=15000",
    )
