"""Metrics over daily usage: 49 of them over 60 million rows of 100,000 accounts, and the refresh after one new day.

    python benchmarks/metrics.py            about 60 million rows, made once below benchmarks/data
    python benchmarks/metrics.py --quick    3 million rows of 2,000 accounts

20 features over 7 and 30 days; events, breadth and active days over 7, 30 and 90 days. The contenders read the same
Parquet files, each in a process of its own, and must agree to the last digit. Ratios come last, from this run.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import pyarrow.parquet as pq
from measuring.contender import Measured, in_own_process
from measuring.report import Ratio, print_ratios, print_setting
from usage.contenders import by_duckdb, by_pandas, by_polars, keepwell, refreshed, state_of
from usage.data import LAST_DAY, UsageData, usage_data

DATA = Path(__file__).parent / "data"
PANDAS_SHARE = 10


@dataclass(frozen=True)
class Size:
    accounts: int
    rows: int
    runs: int
    refresh_bar: float | None  # at a small size both are mostly the planning of queries


FULL, QUICK = Size(100_000, 60_000_000, 3, 0.15), Size(2_000, 3_000_000, 3, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="3 million rows instead of 60")
    parser.add_argument("--no-pandas", action="store_true", help="leave pandas out")
    arguments = parser.parse_args()
    size = QUICK if arguments.quick else FULL
    print_setting("keepwell", "duckdb", "polars", "pandas", "ibis-framework")
    data = usage_data(DATA / f"usage-{size.accounts}-{LAST_DAY}", accounts=size.accounts, rows=size.rows)
    print(f"\n{data.rows:,} rows of {data.accounts:,} accounts, {data.new_rows:,} of them on the new day")
    scratch = Path(mkdtemp(prefix="metrics-results-", dir=DATA))
    try:
        ratios = [*_full(data, size, scratch), *_refresh(data, size, scratch)]
        if not arguments.no_pandas:
            _pandas(data)
    finally:
        shutil.rmtree(scratch)
    print_ratios(ratios)


def _full(data: UsageData, size: Size, scratch: Path) -> list[Ratio]:
    print("All 49 metrics of one date")
    ours = _line("build_values", in_own_process(keepwell, data, LAST_DAY, scratch / "ours", size.runs))
    query = _line("DuckDB by hand", in_own_process(by_duckdb, data, LAST_DAY, scratch / "duckdb", size.runs))
    polars = _line("Polars by hand", in_own_process(by_polars, data, LAST_DAY, scratch / "polars", size.runs))
    for other in ("duckdb", "polars"):
        _must_agree(scratch / "ours", scratch / other)
    return [
        Ratio("time of build_values / the best by hand", ours.best / min(query.best, polars.best), at_most=1.3),
        Ratio("time of build_values / DuckDB by hand", ours.best / query.best),
        Ratio("time of build_values / Polars by hand", ours.best / polars.best),
        Ratio("peak memory of build_values", ours.peak_bytes / 1e9, at_most=6, unit="GB"),
    ]


def _refresh(data: UsageData, size: Size, scratch: Path) -> list[Ratio]:
    new = LAST_DAY + timedelta(days=1)
    print("The day after")
    full = _line("build_values", in_own_process(keepwell, data, new, scratch / "full", size.runs))
    state, writing = in_own_process(state_of, data, LAST_DAY, scratch / "state")
    _line("state of the day before, built once", state)
    _line("the state written", writing)
    work = in_own_process(refreshed, data, new, scratch / "state", scratch / "refreshed", size.runs)
    refresh = _line("refresh_values from the state", work)
    _must_agree(scratch / "full", scratch / "refreshed")
    return [
        Ratio("time of the refresh / build_values", refresh.best / full.best, at_most=size.refresh_bar),
        Ratio("  processor time of both", refresh.processor_seconds / full.processor_seconds),
        Ratio("time of building the state / build_values", state.best / full.best),
        Ratio("time of writing the state / build_values", writing.best / full.best),
        Ratio("peak memory of building the state", state.peak_bytes / 1e9, at_most=6, unit="GB"),
    ]


def _pandas(data: UsageData) -> None:
    took = in_own_process(by_pandas, data, LAST_DAY, PANDAS_SHARE)
    _line(f"pandas, a tenth; scaled: {took.best * PANDAS_SHARE:,.1f} s", took)


def _line(what: str, took: Measured) -> Measured:
    print(f"  {what:<38} {took}")
    return took


def _must_agree(one: Path, other: Path) -> None:
    ours, theirs = pq.read_table(one), pq.read_table(other)
    apart = [name for name in ours.column_names if not ours[name].equals(theirs[name])]
    if apart or ours.num_rows != theirs.num_rows:
        raise SystemExit(f"{one.name} and {other.name} differ in {', '.join(apart) or 'their rows'}")


if __name__ == "__main__":
    main()
