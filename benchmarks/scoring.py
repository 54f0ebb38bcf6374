"""Scores a million accounts, against the same card as one DuckDB query and as a plain Python loop.

Fifty measures in eight groups with overrides by rule and by hand, to overall scores, groups, labels and contributions
as arrays on all sides; then a card of ten measures; then a few hundred accounts, as a small company has. The contenders
read the same values, each in a process of its own, and must agree to 1e-9. Ratios come last, from this run.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from cards.agreement import largest_difference
from cards.card import project
from cards.contenders import by_loop, by_query, keepwell, keepwell_alone, streamed
from cards.data import values_file
from measuring.contender import Measured, in_own_process
from measuring.report import Ratio, print_ratios, print_setting

DATA = Path(__file__).parent / "data"
SMALL = 300


@dataclass(frozen=True)
class Size:
    accounts: int
    sample: int  # of the loop
    runs: int


FULL, QUICK = Size(1_000_000, 20_000, 3), Size(20_000, 2_000, 3)


def main() -> None:
    arguments = _arguments()
    size = QUICK if arguments.quick else FULL
    print_setting("keepwell", "duckdb", "numpy", "pyarrow")
    DATA.mkdir(exist_ok=True)
    scratch = Path(mkdtemp(prefix="scoring-results-", dir=DATA))
    try:
        ratios = [*_card("fifty", size, scratch), *_card("ten", size, scratch), *_small()]
        if not arguments.no_tidy:
            _tidy(size, scratch)
    finally:
        shutil.rmtree(scratch)
    print_ratios(ratios)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK.accounts:,} accounts instead of {FULL.accounts:,}"
    )
    parser.add_argument("--no-tidy", action="store_true", help="leave out the writing of tidy Parquet")
    return parser.parse_args()


def _card(name: str, size: Size, scratch: Path) -> list[Ratio]:
    file = values_file(DATA, name, project(name), size.accounts)
    print(f"\n{size.accounts:,} accounts, the card of {name} measures")
    ours = in_own_process(keepwell, name, file, scratch / "keepwell", size.runs)
    _line("score_values", ours)
    query = in_own_process(by_query, name, file, scratch / "query", size.runs)
    _line("one DuckDB query", query)
    loop = in_own_process(by_loop, name, file, scratch / "loop", size.sample)
    scaled = loop.best * size.accounts / size.sample
    _line(f"Python loop over {size.sample:,}", loop)
    print(f"  {'  scaled to all':<28} {scaled:9.1f} s")
    apart = max(largest_difference(scratch / "keepwell", scratch / other) for other in ("query", "loop"))
    print(f"  results agree: at most {apart:.1e} apart, nulls and labels the same")
    return [
        Ratio(f"{name} measures: time of score_values / DuckDB query", ours.best / query.best, at_most=2),
        Ratio(f"{name} measures: time of Python loop / score_values", scaled / ours.best, at_least=20),
        Ratio(f"{name} measures: peak memory of score_values", ours.peak_bytes / 1e9, at_most=4, unit="GB"),
    ]


def _small() -> list[Ratio]:
    print(f"\n{SMALL} accounts, score_values alone, the best of many calls")
    ratios = []
    for name in ("fifty", "ten"):
        took = in_own_process(keepwell_alone, name, values_file(DATA, name, project(name), SMALL), 200)
        first, best, busy = (1e3 * one for one in (took.seconds[0], took.best, took.processor_seconds))
        print(f"  {name + ' measures':<28} first {first:7.1f} ms, best {best:6.2f} ms (processor {busy:.2f} ms)")
        ratios.append(Ratio(f"{name} measures, {SMALL} accounts: one call", took.best * 1e3, unit="ms"))
    return ratios


def _tidy(size: Size, scratch: Path) -> None:
    file = values_file(DATA, "fifty", project("fifty"), size.accounts)
    took, rows, written = in_own_process(streamed, "fifty", file, scratch)
    print(f"\nThe scores of fifty measures as tidy Parquet: {rows:,} rows, {written / 1e6:,.0f} MB")
    _line("streaming", took)


def _line(what: str, took: Measured) -> None:
    print(f"  {what:<28} {took}")


if __name__ == "__main__":
    main()
