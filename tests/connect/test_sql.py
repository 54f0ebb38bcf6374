"""A real PostgreSQL as a source, and as a place that scores are written to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("dlt", reason="needs the extra `connectors`")

import psycopg

from keepwell.connect.outgoing import Door
from keepwell.connect.registry import source_of
from keepwell.connect.rows import as_objects
from keepwell.connect.spec import Settings, Since, SourceRefused
from keepwell.connect.writing.table import write
from keepwell.connect.writing.target import Delivery

TABLE = """
drop schema if exists crm cascade;
create schema crm;
create table crm.accounts (id integer primary key, name text, arr numeric(12, 2), live boolean, since date,
                           changed_at timestamptz, tags jsonb);
insert into crm.accounts
select n, 'A' || n, n * 10.5, n % 2 = 0, date '2026-01-01' + n,
       timestamptz '2026-01-01 00:00+00' + n * interval '1 hour',
       '["x"]' from generate_series(1, 50) n;
create view crm.live as select id, name from crm.accounts where live;
"""


@pytest.fixture
def database(postgres: str) -> Settings:
    parts = urlsplit(postgres)
    folder = parse_qs(parts.query)["host"][0]
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(TABLE)
    values = {"host": folder, "database": parts.path.strip("/"), "user": parts.username or "postgres", "schema": "crm"}
    return Settings(values, {"password": "not-asked-for"})


def door(settings: Settings) -> Door:
    return Door([settings["host"]])


def rows(settings: Settings, stream: str, since: Since | None = None) -> list[dict[str, Any]]:
    pages = source_of("sql").read(settings, door(settings), stream, since)
    return sorted((dict(row) for page in pages for row in as_objects(page)), key=lambda row: row["id"])


@pytest.mark.slow
def test_tables_and_views_are_streams_with_their_keys(database: Settings) -> None:
    found = source_of("sql").streams(database, door(database))
    assert [(one.name, one.keys) for one in found] == [("accounts", ("id",)), ("live", ())]
    assert source_of("sql").check(database, door(database)) == "2 tables and views can be read"


@pytest.mark.slow
def test_rows_come_with_their_types(database: Settings) -> None:
    first = rows(database, "accounts")[0]
    assert (first["id"], first["name"], float(first["arr"]), first["live"]) == (1, "A1", 10.5, False)
    assert first["changed_at"] == datetime(2026, 1, 1, 1, tzinfo=UTC)
    assert len(rows(database, "live")) == 25


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "value"), [("changed_at", "2026-01-02T16:00:00+00:00"), ("id", 40), ("since", "2026-02-10")]
)
def test_only_what_is_new_is_asked_for(database: Settings, column: str, value: Any) -> None:
    assert [row["id"] for row in rows(database, "accounts", Since(column, value))] == list(range(40, 51))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "since", "words"),
    [("nothing", None, "nothing"), ("accounts", Since("gone", 1), "has no column 'gone'")],
)
def test_what_is_not_there_is_said(database: Settings, stream: str, since: Since | None, words: str) -> None:
    with pytest.raises(SourceRefused, match=words):
        rows(database, stream, since)


@pytest.mark.slow
def test_a_host_that_is_not_allowed_is_not_called(database: Settings) -> None:
    with pytest.raises(SourceRefused, match="KEEPWELL_OUTGOING"):
        source_of("sql").check(database, Door())
    away = Settings({**database.values, "host": "10.0.0.9"}, database.secrets)
    with pytest.raises(SourceRefused, match="private network"):
        source_of("sql").check(away, Door())


@pytest.mark.slow
def test_a_wrong_database_is_said_without_the_password(database: Settings) -> None:
    wrong = Settings({**database.values, "database": "nowhere"}, database.secrets)
    with pytest.raises(SourceRefused, match='"nowhere" does not exist') as refused:
        source_of("sql").check(wrong, door(database))
    assert "not-asked-for" not in str(refused.value)


def sent(database: Settings, scores: list[dict[str, Any]], *, alone: bool = True) -> None:
    delivery = Delivery("nightly", 1, "a", "2026-03-02T00:00:00+00:00", "sql", alone)
    list(write(database, Settings({"table": "scores"}), door(database), scores, delivery))


def kept(postgres: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(postgres) as connection:
        return connection.execute("select id, score, label from crm.scores order by id").fetchall()


@pytest.mark.slow
def test_scores_are_upserted_into_a_table_that_is_made(database: Settings, postgres: str) -> None:
    sent(database, [{"id": "a", "score": 10.0, "label": "red"}, {"id": "b", "score": None, "label": "unknown"}])
    sent(database, [{"id": "b", "score": 80.5, "label": "green"}])
    assert kept(postgres) == [("a", 10.0, "red"), ("b", 80.5, "green")]
    sent(database, [{"id": "c", "score": 1.0, "label": "red"}], alone=False)
    assert kept(postgres) == [("c", 1.0, "red")]


@pytest.mark.slow
def test_a_table_of_other_columns_is_left_alone(database: Settings, postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("create table crm.scores (id text primary key, score float)")
    with pytest.raises(SourceRefused, match="without a column 'label'"):
        sent(database, [{"id": "a", "score": 10.0, "label": "red"}])
