"""Does the cost of an account grow with the number of accounts? Facts to values to scores, end to end.

    python benchmarks/growth.py            10,000, 100,000 and 1,000,000 accounts, 20 rows of usage each
    python benchmarks/growth.py --quick    1,000, 10,000 and 100,000

Each size runs in a process of its own, on Parquet that is made once below benchmarks/data.
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

from measuring.contender import Measured, in_own_process, timed
from measuring.report import Ratio, print_ratios, print_setting
from usage.card import project
from usage.data import LAST_DAY, usage_data

from keepwell.engine.run import score
from keepwell.lake.data import open_data

DATA = Path(__file__).parent / "data"
ROWS_AN_ACCOUNT = 20
FULL, QUICK = (10_000, 100_000, 1_000_000), (1_000, 10_000, 100_000)
GROWTH = 1.1
"""What cost per account may grow by from one size to the next: the noise of a shared machine."""


def scored(folder: Path, accounts: int) -> tuple[int, Measured]:
    """Scores all accounts of `folder` from opening the files to arrays of scores. Returns how many have one."""
    data = usage_data(folder, accounts=accounts, rows=accounts * ROWS_AN_ACCOUNT)
    definitions = project()

    def run() -> int:
        with open_data(definitions, data.folder) as source:
            found = score(definitions, source, as_of=LAST_DAY + timedelta(days=1))
        return sum(len(card.rows) for card in found.scores.accounts.cards.values())

    return timed(run, runs=3)  # the first run pays for imports and compiling


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="sizes that take seconds")
    sizes = QUICK if parser.parse_args().quick else FULL
    print_setting("keepwell", "duckdb", "ibis-framework", "numpy")
    per_account: list[float] = []
    for accounts in sizes:
        count, measured = in_own_process(scored, DATA / f"growth-{accounts}-{LAST_DAY}", accounts)
        per_account.append(measured.best / accounts)
        print(f"{accounts:>10,} accounts, {count:,} scored: {measured}  {1e6 * per_account[-1]:8.1f} us an account")
    pairs = zip(sizes, sizes[1:], per_account, per_account[1:], strict=False)
    print_ratios(
        [Ratio(f"cost of an account, {large:,} / {small:,}", b / a, at_most=GROWTH) for small, large, a, b in pairs]
    )


if __name__ == "__main__":
    main()
