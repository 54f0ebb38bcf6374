"""Adoption over events: weekly retention of every cohort with the daily, weekly and monthly active users of every day.

    python benchmarks/adoption.py            12.5 million events of 16,600 people over 577 days
    python benchmarks/adoption.py --quick    1 million events of 4,000 people

The contenders read the same Parquet file, each in a process of its own, and must agree to the last number. Funnels,
paths and lifecycle are timed after that. Ratios come last, from this run.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from adopting.by_hand import Found, by_duckdb_bits, by_duckdb_distinct, by_polars
from adopting.data import events
from adopting.ours import others, over_time
from measuring.contender import Measured, in_own_process
from measuring.report import Ratio, print_ratios, print_setting

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Size:
    rows: int
    people: int
    accounts: int
    bar: float | None  # at a small size it is mostly the opening of files


FULL, QUICK = Size(12_475_166, 16_600, 640, 1.5), Size(1_000_000, 4_000, 160, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1 million events instead of 12.5")
    parser.add_argument("--runs", type=int, default=3, help="how often each contender works; the best counts")
    arguments = parser.parse_args()
    size = QUICK if arguments.quick else FULL
    print_setting("keepwell", "duckdb", "polars", "numpy")
    data = events(DATA / "adoption", rows=size.rows, people=size.people, accounts=size.accounts)
    print(f"\n{data.rows:,} events of {data.people:,} people\nRetention by week, active users of every day")
    found, ours = in_own_process(over_time, data.file, arguments.runs)
    _line("Keepwell", ours)
    by_hand = {}
    for name, work in (
        ("DuckDB by hand, distinct pairs", by_duckdb_distinct),
        ("DuckDB by hand, bits", by_duckdb_bits),
        ("Polars by hand", by_polars),
    ):
        theirs, by_hand[name] = in_own_process(work, data.file, arguments.runs)
        _line(name, by_hand[name])
        _must_agree(name, found, theirs)
    print("Others, Keepwell alone")
    for name, took in in_own_process(others, data.file, arguments.runs).items():
        _line(name, took)
    print_ratios(_ratios(ours, by_hand, size))


def _ratios(ours: Measured, by_hand: dict[str, Measured], size: Size) -> list[Ratio]:
    best = min(one.best for one in by_hand.values())
    busy = min(one.processor_seconds for one in by_hand.values())
    return [
        Ratio("time of Keepwell / the best by hand", ours.best / best, at_most=size.bar),
        Ratio("  processor time of both", ours.processor_seconds / busy),
        *(Ratio(f"time of Keepwell / {name}", ours.best / one.best) for name, one in by_hand.items()),
        Ratio("peak memory of Keepwell", ours.peak_bytes / 1e9, unit="GB"),
    ]


def _line(what: str, took: Measured) -> None:
    print(f"  {what:<40} {took}")


def _must_agree(name: str, ours: Found, theirs: Found) -> None:
    for what, one, other in zip(("active users", "retention"), ours, theirs, strict=True):
        if [tuple(row) for row in one] != [tuple(row) for row in other]:
            apart = next((pair for pair in zip(one, other, strict=False) if tuple(pair[0]) != tuple(pair[1])), "length")
            raise SystemExit(f"{what}: {name} differs from Keepwell: {apart}")


if __name__ == "__main__":
    main()
