"""A backtest of 24 dates x 100,000 accounts x 40 measures from stored values, 500 bootstrap draws included; then the
same against a second card. Then values: 24 dates built in one pass over daily usage, against one date.
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
from usage.data import LAST_DAY, UsageData, usage_data

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


FULL, QUICK = Size(100_000, 100_000, 60_000_000), Size(5_000, 10_000, 3_000_000)


def main() -> None:
    arguments = _arguments()
    size = QUICK if arguments.quick else FULL
    print_setting("keepwell", "duckdb", "numpy", "scipy", "pyarrow")
    DATA.mkdir(exist_ok=True)
    ratios = _backtests(size)
    if not arguments.no_building:
        ratios += _building(size, arguments.quick)
    print_ratios(ratios)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.accounts:,} accounts")
    parser.add_argument("--no-building", action="store_true", help="leave out the building of values")
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
    name = "metrics-quick" if quick else "metrics-full"
    data = usage_data(DATA / name, accounts=size.usage_accounts, rows=size.usage_rows)
    print(f"\nValues of 49 metrics over {data.rows:,} rows of usage, {data.accounts:,} accounts")
    one, many = in_own_process(_build, data, 1), in_own_process(_build, data, DATES)
    _line("one date", one)
    _line(f"{DATES} dates in one pass", many)
    return [Ratio(f"values: {DATES} dates in one pass / one date", many.best / one.best, at_most=6)]


def _build(data: UsageData, dates: int) -> Measured:
    definitions = usage_definitions.project()
    days = [LAST_DAY - timedelta(days=back) for back in range(dates)]
    with open_data(definitions, data.folder) as source:
        source.open_all()
        _, took = timed(lambda: len(build_values(definitions, source, [moment(day, "UTC") for day in days])), runs=2)
        return took


def _line(what: str, took: Measured) -> None:
    print(f"  {what:<28} {took}")


if __name__ == "__main__":
    main()
