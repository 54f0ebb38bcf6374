"""The same files by somebody who trusts them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import psycopg


def with_duckdb(file: Path, folder: Path) -> None:
    """One row in a thousand does not fit and is lost without a word."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        connection.execute(
            f"copy (select * from read_csv('{file}', ignore_errors=true, columns={{'account': 'VARCHAR', "
            "'at': 'TIMESTAMPTZ', 'feature': 'VARCHAR', 'who': 'VARCHAR', 'events': 'BIGINT', 'minutes': 'DOUBLE'})) "
            f"to '{folder / 'by-hand.parquet'}' (format parquet, compression zstd)"
        )


def copied(kind: str, file: Path, url: str) -> None:
    """Into a table of text with a primary key, since one row in a thousand does not fit another type."""
    header = file.open(encoding="utf-8").readline().strip().split(",")
    first = "email text primary key" if kind == "people" else "id text primary key"
    others = ", ".join(f"{name} text" for name in header if name not in ("id", "email"))
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"create table by_hand_{kind} ({first}, {others})")
        if kind == "people":
            cursor.execute(f"alter table by_hand_{kind} drop constraint by_hand_{kind}_pkey")
        with (
            cursor.copy(f"copy by_hand_{kind} ({', '.join(header)}) from stdin (format csv, header true)") as copy,
            file.open("rb") as stream,
        ):
            while chunk := stream.read(1 << 20):
                copy.write(chunk)
