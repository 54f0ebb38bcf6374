from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection


@pytest.fixture
def another(db: None) -> Iterator[Any]:
    """A second connection to the same database."""
    one = connection.copy()
    one.connect()
    yield one
    one.close()


def last_query_of(another: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select query from pg_stat_activity where pid = %s", [another.connection.info.backend_pid])
        return str(cursor.fetchone()[0])


def test_a_connection_that_stands_is_known_to_without_asking(another: Any) -> None:
    with another.cursor() as cursor:
        cursor.execute("select 4711")
    assert another.is_usable()
    assert last_query_of(another) == "select 4711"


def test_a_connection_that_the_server_ended_is_no_longer_used(another: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [another.connection.info.backend_pid])
    until = time.monotonic() + 5
    while another.is_usable() and time.monotonic() < until:
        time.sleep(0.01)
    assert not another.is_usable()


def test_what_every_page_asks_is_planned_once(another: Any) -> None:
    for number in range(4):
        with another.prepared_cursor() as cursor:
            cursor.execute("select %s + 1", [number])
            assert cursor.fetchone() == (number + 1,)
    with another.cursor() as cursor:
        cursor.execute("select statement from pg_prepared_statements")
        assert cursor.fetchall() == [("select $1 + 1",)]
