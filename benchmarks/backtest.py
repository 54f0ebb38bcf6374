"""A backtest of 24 dates x 100,000 accounts x 40 measures from stored values, 500 bootstrap draws included; then the
same against a second card. Then values: 24 dates built together over daily usage, against one date; the dates follow
each other, or are spread over the days that there are.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from backtests.company import project, question, write
from measuring.contender import Measured, in_own_process, timed
from measuring.report import Ratio, print_ratios, print_setting
from usage import definitions as usage_definitions
from usage.data import DAYS, LAST_DAY, UsageData, usage_data

from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.lake.data import open_data
from keepwell.learning.backtest import Contender, Settings, backtest
from keepwell.learning.findings import BacktestReport

DATA = Path(__file__).parent / "data"
DATES = 24


@dataclass(frozen=True)
class Size:
    accounts: int
    usage_accounts: int
    usage_rows: int


FULL, QUICK = Size(100_000, 100_000, 60_000_000), Size(5_000, 2_000, 3_000_000)


def main() -> None:
    arguments = _arguments()
    size = QUICK if arguments.quick else FULL
    print_setting("keepwell", "duckdb", "numpy", "scipy", "pyarrow")
    DATA.mkdir(exist_ok=True)
    ratios = [] if arguments.only_building else _backtests(size)
    if not arguments.no_building:
        ratios += _building(size, arguments.quick)
    print_ratios(ratios)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.accounts:,} accounts")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--no-building", action="store_true", help="leave out the building of values")
    which.add_argument("--only-building", action="store_true", help="leave out the backtests from stored values")
    return parser.parse_args()


def _backtests(size: Size) -> list[Ratio]:
    folder = Path(mkdtemp(prefix="backtest-", dir=DATA))
    try:
        stored = in_own_process(write, folder, size.accounts, DATES)
        print(f"\n{size.accounts:,} accounts at {DATES} dates ({stored} stored), 40 measures, 500 draws")
        alone, report = in_own_process(_run, folder, False)
        _line("one card", alone)
        print(f"  {report.observations:,} observations, {report.lost:,} losses; AUC {_told(report)}")
        both, _ = in_own_process(_run, folder, True)
        _line("against a second card", both)
    finally:
        shutil.rmtree(folder)
    return [
        Ratio("backtest from stored values, one card", alone.best, at_most=120, unit="s"),
        Ratio("  peak memory", alone.peak_bytes / 1e9, unit="GB"),
        Ratio("backtest of two cards", both.best, unit="s"),
    ]


def _run(folder: Path, against: bool) -> tuple[Measured, BacktestReport]:
    definitions, other = project(), project(steep=1.5)
    with open_data(definitions, folder) as data, open_data(other, folder) as other_data:
        versus = Contender("other", other, other_data) if against else None
        own, settings = Contender("health", definitions, data), Settings(values=folder / "values")
        report, took = timed(lambda: backtest(own, question(DATES), settings, versus=versus))
        return took, report


def _told(report: BacktestReport) -> str:
    auc = report.ranks.auc
    return f"{auc.value:.4f} ({auc.low:.4f} to {auc.high:.4f})"


def _building(size: Size, quick: bool) -> list[Ratio]:
    folder = DATA / f"usage-{size.usage_accounts}-{LAST_DAY}"  # where benchmarks/metrics.py has it
    data = usage_data(folder, accounts=size.usage_accounts, rows=size.usage_rows)
    print(f"\nValues of 49 metrics over {data.rows:,} rows of usage, {data.accounts:,} accounts")
    apart = DAYS // DATES
    one = in_own_process(_build, data, 1, 1)
    many, spread = in_own_process(_build, data, DATES, 1), in_own_process(_build, data, DATES, apart)
    _line("one date", one)
    _line(f"{DATES} dates, day after day", many)
    _line(f"{DATES} dates, {apart} days apart", spread)
    bar = None if quick else 6  # at a small size most of one date is the planning of its query
    return [
        Ratio(f"values: {DATES} dates, day after day / one date", many.best / one.best, at_most=bar),
        Ratio("  processor time", many.processor_seconds / one.processor_seconds, at_most=bar),
        Ratio(f"values: {DATES} dates, {apart} days apart / one date", spread.best / one.best, at_most=bar),
        Ratio("  processor time", spread.processor_seconds / one.processor_seconds, at_most=bar),
        Ratio("  peak memory of the larger", max(many.peak_bytes, spread.peak_bytes) / 1e9, unit="GB"),
    ]


def _build(data: UsageData, dates: int, apart: int) -> Measured:
    definitions = usage_definitions.project()
    days = [LAST_DAY - timedelta(days=back * apart) for back in range(dates)]
    with open_data(definitions, data.folder) as source:
        source.open_all()
        _, took = timed(lambda: len(build_values(definitions, source, [moment(day, "UTC") for day in days])), runs=2)
        return took


def _line(what: str, took: Measured) -> None:
    print(f"  {what:<28} {took}")


if __name__ == "__main__":
    main()
