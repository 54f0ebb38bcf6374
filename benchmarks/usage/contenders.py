"""The 49 metrics by each contender, from the same Parquet files to a table of accounts in memory."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from measuring.contender import Measured, timed
from usage.data import FEATURES, UsageData
from usage.definitions import FEATURE_WINDOWS, WINDOWS, project

from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.engine.refresh.refresh import refresh_values
from keepwell.engine.refresh.state import RefreshState
from keepwell.engine.values import Values
from keepwell.lake.data import open_data
from keepwell.lake.states import read_state, write_state

LONGEST = max(WINDOWS)


def keepwell(data: UsageData, day: date, out: Path, runs: int) -> Measured:
    """`build_values`, as every command calls it."""
    definitions = project()

    def run() -> Values:
        with open_data(definitions, data.folder) as source:
            return build_values(definitions, source, [moment(day, "UTC")])[0]

    values, measured = timed(run, runs)
    _write(out, _of_values(values))
    return measured


def state_of(data: UsageData, day: date, folder: Path) -> tuple[Measured, Measured]:
    """Builds what a refresh starts from, the first time, and writes it to `folder`: what each took.

    The file of the new day has not yet come.
    """
    definitions = project()

    def run() -> RefreshState:
        with data.without_the_new_day(), open_data(definitions, data.folder) as source:
            return refresh_values(definitions, source, moment(day, "UTC")).state

    state, building = timed(run)
    return building, timed(lambda: write_state(folder, state))[1]


def refreshed(data: UsageData, day: date, folder: Path, out: Path, runs: int) -> Measured:
    """The next day from the state in `folder`: reading it, the new rows, and the values."""
    definitions = project()

    def run() -> Values:
        with open_data(definitions, data.folder) as source:
            return refresh_values(definitions, source, moment(day, "UTC"), read_state(folder, definitions)).values

    values, measured = timed(run, runs)
    _write(out, _of_values(values))
    return measured


def by_duckdb(data: UsageData, day: date, out: Path, runs: int) -> Measured:
    """One query: to accounts and features first, with days as bits, then to accounts."""
    table, measured = timed(lambda: _query(data, day), runs)
    _write(out, table)
    return measured


def _query(data: UsageData, day: date) -> pa.Table:
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        return connection.sql(_sql(data, day)).to_arrow_table()


def _sql(data: UsageData, day: date) -> str:
    age = f"(date '{day}' - day)"
    sums = ", ".join(f"sum(events) filter ({age} < {days}) as s{days}" for days in WINDOWS[:-1])
    picked = [f"max(s{w}) filter (feature = '{f}') as {f}_{w}" for f in FEATURES for w in FEATURE_WINDOWS]
    folded = [f"sum(s{w}) as events_{w}" for w in WINDOWS]
    folded += [f"count(*) filter (age < {w}) as breadth_{w}" for w in WINDOWS]
    folded += [f"bit_count(bit_or(low) & {(1 << w) - 1}) as days_{w}" for w in WINDOWS if w <= 60]
    folded += [f"bit_count(bit_or(low)) + bit_count(bit_or(high)) as days_{LONGEST}"]
    names = [part.rsplit(" ", 1)[1] for part in (*picked, *folded)]
    return f"""
        with used as (
            select account_id, feature, {sums}, sum(events) as s{LONGEST}, min({age}) as age,
                   bit_or(case when {age} < 60 then 1::bigint << {age}::int else 0 end) as low,
                   bit_or(case when {age} >= 60 then 1::bigint << ({age} - 60)::int else 0 end) as high
            from read_parquet('{data.files}')
            where day <= date '{day}' and day > date '{day}' - {LONGEST}
            group by account_id, feature
        ), of_accounts as (select account_id, {", ".join([*picked, *folded])} from used group by account_id)
        select account_id, {", ".join(f"coalesce({name}, 0)::double as {name}" for name in names)}
        from read_parquet('{data.folder}/accounts.parquet') left join of_accounts using (account_id)
    """


def by_polars(data: UsageData, day: date, out: Path, runs: int) -> Measured:
    """Lazy, on the streaming engine: to accounts and features, then to accounts; days counted once a day."""
    import polars as pl

    age = (pl.lit(day) - pl.col("day")).dt.total_days()
    used = pl.scan_parquet(data.files).with_columns(age=age).filter(pl.col("age").is_between(0, LONGEST - 1))
    sums = [pl.col("events").filter(pl.col("age") < w).sum().cast(pl.Int64).alias(f"s{w}") for w in WINDOWS]
    small = used.group_by("account_id", "feature").agg(*sums, pl.col("age").min())
    of_features = small.group_by("account_id").agg(
        *(
            pl.col(f"s{w}").filter(pl.col("feature") == f).sum().alias(f"{f}_{w}")
            for f in FEATURES
            for w in FEATURE_WINDOWS
        ),
        *(pl.col(f"s{w}").sum().alias(f"events_{w}") for w in WINDOWS),
        *((pl.col("age") < w).sum().alias(f"breadth_{w}") for w in WINDOWS),
    )
    days = used.select("account_id", "age").unique().group_by("account_id")
    of_days = days.agg(*((pl.col("age") < w).sum().alias(f"days_{w}") for w in WINDOWS))
    accounts = pl.scan_parquet(data.folder / "accounts.parquet")
    plan = accounts.join(of_features, on="account_id", how="left").join(of_days, on="account_id", how="left")
    whole = plan.with_columns(pl.exclude("account_id").fill_null(0).cast(pl.Float64))
    table, measured = timed(lambda: whole.collect(engine="streaming"), runs)
    _write(out, table.to_arrow())
    return measured


def by_pandas(data: UsageData, day: date, share: int) -> Measured:
    """A `share`-th of the accounts, with groupby and unstack; to be scaled."""
    import pandas as pd

    ids = pq.read_table(data.folder / "accounts.parquet")["account_id"].to_pylist()[::share]
    rows = pq.read_table(data.folder / "usage", filters=[("account_id", "in", ids)]).to_pandas()

    def run() -> pd.DataFrame:
        age = (pd.Timestamp(day) - pd.to_datetime(rows["day"])).dt.days
        parts = []
        for window in WINDOWS:
            recent = rows[(age >= 0) & (age < window)]
            grouped = recent.groupby("account_id")
            parts += [grouped["events"].sum(), grouped["feature"].nunique(), grouped["day"].nunique()]
            if window in FEATURE_WINDOWS:
                parts.append(recent.groupby(["account_id", "feature"])["events"].sum().unstack(fill_value=0))
        return pd.concat(parts, axis=1).reindex(ids).fillna(0)

    return timed(run)[1]


def _of_values(values: Values) -> pa.Table:
    return values.accounts.metrics.add_column(0, "account_id", values.accounts.ids)


def _write(out: Path, table: pa.Table) -> None:
    """In one order of rows and columns, as text and float64, so that results can be compared."""
    ids = table["account_id"].cast(pa.string())
    names = sorted(set(table.column_names) - {"account_id"})
    plain = pa.table([ids, *(table[name].cast(pa.float64()) for name in names)], names=["account_id", *names])
    pq.write_table(plain.take(pc.sort_indices(plain["account_id"])), out)
