"""The same by hand: weekly retention of every cohort, and the users active within 1, 7 and 28 days of every day.

DuckDB twice: with distinct pairs of person and day, as most would write it, and with a bit a day for each person, which
is the quickest way we know. Both count windows by the beginnings and ends of intervals. Polars with distinct pairs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from measuring.contender import Measured, timed

Found = tuple[list[tuple[int, ...]], list[tuple[int, ...]]]
"""(day number, active in 1, 7, 28 days) for every day; (cohort's week, k, people) for every cell with somebody."""

_DISTINCT = (
    (
        "create or replace temp table person as select row_number() over () as who, person "
        "from (select distinct person from '{file}')"
    ),
    (
        "create or replace temp table pairs as select distinct who, local_day - date '1970-01-01' as day "
        "from '{file}' join person using (person)"
    ),
)
_BITS = (
    "create or replace temp table edges as select min(local_day) as low, max(local_day) as high from '{file}'",
    (
        "create or replace temp table bits as select row_number() over () as who, b from (select "
        "bitstring_agg(local_day - date '{low}', 0, {span}) as b from '{file}' group by person)"
    ),
    (
        "create or replace temp table pairs as select who, {origin} + d::integer as day "
        "from bits, range({span} + 1) t(d) where get_bit(b, d::integer) = 1"
    ),
)
_ACTIVE = """
with gaps as (select who, day, coalesce(lead(day) over (partition by who order by day), 1000000) - day as gap
  from pairs),
opens as (select day as spot, count(*) as n from pairs group by all),
weeks as (select day + least(gap, 7) as spot, count(*) as n from gaps group by all),
months as (select day + least(gap, 28) as spot, count(*) as n from gaps group by all),
every as (select unnest(range((select min(day) from pairs), (select max(day) from pairs) + 1)) as spot)
select every.spot, coalesce(opens.n, 0)::bigint,
  sum(coalesce(opens.n, 0) - coalesce(weeks.n, 0)) over (order by every.spot)::bigint,
  sum(coalesce(opens.n, 0) - coalesce(months.n, 0)) over (order by every.spot)::bigint
from every left join opens using (spot) left join weeks using (spot) left join months using (spot) order by 1
"""
_RETENTION = """
with weeks as (select distinct who, (day + 3) // 7 as week from pairs),
firsts as (select who, min(week) as cohort from weeks group by who)
select cohort, week - cohort as k, count(*) from weeks join firsts using (who) group by all order by all
"""


def by_duckdb_distinct(file: Path, runs: int) -> tuple[Found, Measured]:
    return timed(lambda: _duckdb([one.format(file=file) for one in _DISTINCT]), runs)


def by_duckdb_bits(file: Path, runs: int) -> tuple[Found, Measured]:
    return timed(lambda: _duckdb_bits(file), runs)


def _duckdb(statements: list[str]) -> Found:
    with duckdb.connect() as connection:
        for statement in statements:
            connection.execute(statement)
        return _asked(connection)


def _duckdb_bits(file: Path) -> Found:
    with duckdb.connect() as connection:
        connection.execute(_BITS[0].format(file=file))
        row: Any = connection.execute("select low, high - low, low - date '1970-01-01' from edges").fetchone()
        low, span, origin = row
        for statement in _BITS[1:]:
            connection.execute(statement.format(file=file, low=low, span=span, origin=origin))
        return _asked(connection)


def _asked(connection: duckdb.DuckDBPyConnection) -> Found:
    return connection.execute(_ACTIVE).fetchall(), connection.execute(_RETENTION).fetchall()


def by_polars(file: Path, runs: int) -> tuple[Found, Measured]:
    return timed(lambda: _polars(file), runs)


def _polars(file: Path) -> Found:
    day = pl.col("local_day").cast(pl.Int32).alias("day")
    pairs = pl.scan_parquet(file).select(pl.col("person").cast(pl.Categorical).to_physical().alias("who"), day)
    days = pairs.unique().sort("who", "day").collect()
    gap = (pl.col("day").shift(-1) - pl.col("day")).over("who").fill_null(1_000_000)
    gaps = days.with_columns(gap.alias("gap"))
    low, high = int(days["day"].min()), int(days["day"].max())  # type: ignore[arg-type]
    every = pl.DataFrame({"spot": range(low, high + 1)}, schema={"spot": pl.Int32})
    found = every.join(days.group_by(spot="day").agg(opens=pl.len()), on="spot", how="left").fill_null(0)
    for window in (7, 28):
        ends = gaps.select(spot=(pl.col("day") + pl.min_horizontal("gap", pl.lit(window))).cast(pl.Int32))
        found = found.join(ends.group_by("spot").agg(pl.len().alias(f"{window}")), on="spot", how="left").fill_null(0)
    opens = pl.col("opens").cast(pl.Int64)
    found = found.sort("spot").select(
        "spot", "opens", *((opens - pl.col(window).cast(pl.Int64)).cum_sum().alias(window) for window in ("7", "28"))
    )
    weeks = days.select("who", week=(pl.col("day") + 3) // 7).unique()
    cohorts = weeks.group_by("who").agg(cohort=pl.col("week").min())
    cells = weeks.join(cohorts, on="who").group_by("cohort", k=pl.col("week") - pl.col("cohort")).len()
    return found.rows(), cells.sort("cohort", "k").rows()
