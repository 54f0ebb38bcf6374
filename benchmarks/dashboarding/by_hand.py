"""The same page by hand: one statement of DuckDB for each widget, over the same files, by somebody who knows them."""

from __future__ import annotations

import time
from typing import Any

import duckdb

from dashboarding.data import Company
from dashboarding.ours import THREADS, Times

Rows = list[tuple[Any, ...]]

_BAND = """
select account_id, arg_max(label, as_of) as label from {history}
where as_of between date '%s' and date '%s' group by all
"""
_WEEKS = """
select date_trunc('week', day)::date, sum(events) from {usage}
where day between date '%s' and date '%s' group by all order by 1
"""
STATEMENTS: dict[str, tuple[str, ...]] = {
    "arr_at_risk": ("select sum(arr) from accounts where label = 'red'",),
    "by_segment": ("select segment, sum(arr), avg(score) from accounts group by all order by 2 desc",),
    "renewals": (
        "select date_trunc('month', renews_on)::date, label, sum(arr) from accounts group by all order by 1, 2",
    ),
    "spread": (
        "select min(score), max(score), count(score), count(*) from accounts",
        "select floor(score / 10) * 10 as low, low + 10, count(*)::double from accounts group by all order by 1",
    ),
    "worst": (
        """
        select name, max(score) as score, max("measure.m0"), max("measure.m1"), max("measure.m2"), max("measure.m3")
        from accounts group by name order by score, name limit 50
        """,
    ),
    "trend": (
        """
        select date_trunc('week', as_of)::date, avg(final_score) from {history}
        where as_of between date '2024-10-29' and date '2026-10-28' group by all order by 1
        """,
    ),
    "bands": (
        """
        select *, n / sum(n) over (partition by month) from (
          select date_trunc('month', as_of)::date as month, label, count(*) as n from {history}
          where as_of between date '2024-10-29' and date '2026-10-28' group by all)
        order by 1, 2
        """,
    ),
    "moves": (
        (
            f"with before as ({_BAND % ('2026-07-24', '2026-07-30')}), "
            f"after as ({_BAND % ('2026-10-22', '2026-10-28')}) "
            "select before.label, after.label, sum(arr) from before full join after using (account_id) "
            "left join accounts using (account_id) group by all order by 1, 2"
        ),
    ),
    "events": (_WEEKS % ("2026-09-14", "2026-10-28"), _WEEKS % ("2026-07-31", "2026-09-13")),
    "features": (
        """
        select feature, sum(events), count(distinct account_id) from {usage}
        where day between date '2026-10-01' and date '2026-10-28' group by all order by 2 desc, 1 limit 20
        """,
    ),
    "by_region": (
        """
        select date_trunc('week', day)::date, region, sum(events) from {usage} join accounts using (account_id)
        where day between date '2026-10-01' and date '2026-10-28' group by all order by 1, 2
        """,
    ),
    "adopters": (
        """
        select csm, count(distinct account_id), sum(events) from {usage} join accounts using (account_id)
        where day between date '2026-10-01' and date '2026-10-28' and label = 'red'
        group by all order by 2 desc, 1 limit 20
        """,
    ),
}


def each(company: Company, runs: int) -> tuple[dict[str, Rows], Times]:
    """The rows of every widget, and what each run took after a first one that is not counted."""
    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute("set parquet_metadata_cache = true")
    connection.execute(f"create table accounts as from '{company.folder / 'scored.parquet'}'")
    places = {
        "usage": f"read_parquet('{company.folder / 'usage'}/*.parquet')",
        "history": f"read_parquet({company.history_files!r}, hive_partitioning = false)",
    }
    rows, times = {}, {}
    for name, statements in STATEMENTS.items():
        asked = [one.format(**places) for one in statements]
        took = [_timed(connection, asked) for _ in range(runs + 1)][1:]
        answers = took[-1][0]
        rows[name] = _beside(*answers) if name == "events" else answers[-1]
        times[name] = [seconds for _, seconds in took]
    return rows, times


def _timed(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> tuple[list[Rows], float]:
    started = time.perf_counter()
    found = [connection.execute(one).fetchall() for one in statements]
    return found, time.perf_counter() - started


def _beside(now: Rows, before: Rows) -> Rows:
    """The weeks of the period, and those of the one before at the same distance from its end."""
    pairs = zip(reversed(now), reversed(before), strict=False)
    return [(week, events, earlier) for (week, events), (_, earlier) in pairs][::-1]
