"""A page of 12 widgets over accounts, two years of weekly scores and daily usage, beside the same as hand-written SQL.

    python benchmarks/dashboards.py            100,000 accounts, 10.4 million scores, 60 million rows of usage
    python benchmarks/dashboards.py --quick    2,000 accounts, 208,000 scores, 1.2 million rows of usage

Each widget by itself, warm, on two threads, in a process of its own for either side; both must show the same numbers.
Then the whole page, where widgets share what they read. Ratios come last, from this run.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboarding import by_hand, ours
from dashboarding.data import company
from measuring.contender import in_own_process
from measuring.report import Ratio, print_ratios, print_setting

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Size:
    accounts: int
    rows: int
    bars: tuple[float, float] | None  # seconds of the slowest widget, and against by hand


FULL, QUICK = Size(100_000, 60_000_000, (1.0, 1.5)), Size(2_000, 1_200_000, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="2,000 accounts instead of 100,000")
    parser.add_argument(
        "--runs", type=int, default=20, help="how often each widget is asked; the 95th percentile counts"
    )
    arguments = parser.parse_args()
    size = QUICK if arguments.quick else FULL
    print_setting("keepwell", "duckdb", "ibis-framework")
    data = company(DATA, accounts=size.accounts, rows=size.rows)
    print(f"\n{size.accounts:,} accounts, {data.score_rows:,} scores, {data.usage_rows:,} rows of usage")
    found, took = in_own_process(ours.each, data, arguments.runs)
    theirs, by_them = in_own_process(by_hand.each, data, arguments.runs)
    for name in found:
        _must_agree(name, found[name], theirs[name])
    print(f"{'widget':<14} {'Keepwell p50':>13} {'p95':>8}   {'by hand p50':>13} {'p95':>8}   ratio of medians")
    for name in found:
        mine, hers = took[name], by_them[name]
        shown = f"{_at(mine, 0.5):13.3f} {_at(mine, 0.95):8.3f}   {_at(hers, 0.5):13.3f} {_at(hers, 0.95):8.3f}"
        print(f"{name:<14} {shown}   {_at(mine, 0.5) / _at(hers, 0.5):8.2f}")
    whole = in_own_process(ours.whole, data, max(arguments.runs // 4, 2))
    print_ratios(_ratios(took, by_them, whole, size))


def _ratios(took: ours.Times, by_them: ours.Times, whole: list[float], size: Size) -> list[Ratio]:
    slowest = max(took, key=lambda name: _at(took[name], 0.95))
    seconds, times = size.bars or (None, None)
    mine = sum(_at(one, 0.5) for one in took.values())
    hers = sum(_at(one, 0.5) for one in by_them.values())
    return [
        Ratio(f"slowest widget ({slowest}), 95th percentile", _at(took[slowest], 0.95), at_most=seconds, unit="s"),
        Ratio("all widgets, Keepwell / by hand", mine / hers, at_most=times),
        Ratio("  widgets of more than 0.1 s by hand, the worst of them", _worst(took, by_them), at_most=times),
        Ratio("all widgets one by one", mine, unit="s"),
        Ratio("the whole page at once", _at(whole, 0.5), unit="s"),
    ]


def _worst(took: ours.Times, by_them: ours.Times) -> float:
    heavy = [name for name in took if _at(by_them[name], 0.5) > 0.1] or list(took)
    return max(_at(took[name], 0.5) / _at(by_them[name], 0.5) for name in heavy)


def _at(seconds: list[float], share: float) -> float:
    """The least of the times that so many are at or below."""
    return sorted(seconds)[max(math.ceil(share * len(seconds)) - 1, 0)]


def _must_agree(name: str, mine: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> None:
    """The same rows but for their order and the last digits; a time without rows is in ours alone."""
    kept = [row for row in mine if len(row) == 1 or row[1] is not None]
    pairs = list(zip(sorted(kept, key=_key), sorted(theirs, key=_key), strict=False))
    if len(kept) != len(theirs) or not all(_alike(*pair) for pair in pairs) or not pairs:
        apart = next((pair for pair in pairs if not _alike(*pair)), (len(kept), len(theirs)))
        raise SystemExit(f"{name}: by hand it is otherwise: {apart}")


def _key(row: tuple[Any, ...]) -> str:
    return str([one for one in row if isinstance(one, str | date)] or [round(float(one), 3) for one in row])


def _alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(
        math.isclose(float(a), float(b), rel_tol=1e-9) if isinstance(a, int | float) else a == b
        for a, b in zip(one, other, strict=True)
    )


if __name__ == "__main__":
    main()
