"""From a committed row of a ledger to the score that shows it, as whoever reads the database sees it.

100,000 accounts with ten metrics of use over ninety days and three over a ledger in PostgreSQL that holds three rows an
account; the drain is a process of its own. Rows come one after another, then many in a minute, for accounts at random.

python benchmarks/arrivals.py            100,000 accounts, 100 rows, then 2,000 in a minute
python benchmarks/arrivals.py --quick    10,000 accounts, 20 rows, then 200 in six seconds
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import psycopg
from installed.draining import draining
from installed.place import installation
from live_flow.installing import account, install
from measuring.report import Ratio, print_ratios, print_setting

_ROWS_AN_ACCOUNT = 3
_DEFINITIONS = {
    "ledger.yaml": """\
datasets:
  stages: {table: keepwell.stages, account: account_id, occurred_at: occurred_at, recorded_at: recorded_at}
metrics:
  stages_90: {dataset: stages, aggregate: count(), window: 90 days}
  named: {dataset: stages, aggregate: latest(stage), window: 90 days}
  stages_moved: {change_of: stages_90, over: 7}
""",
    "card.yaml": """\
scorecards:
  main:
    scheme: light
    groups:
      all:
        weight: 1
        measures:
          all_90: {weight: 1, score: {linear: [[0, 0], [10000000, 100]]}}
          stages_90: {weight: 1, score: {linear: [[0, 0], [100000, 100]]}}
""",
}


def _ledger(accounts: int) -> None:
    from django.utils import timezone

    from keepwell.apps.customers.models import StageChange

    now = timezone.now()
    StageChange.objects.bulk_create(
        (
            StageChange(
                account_id=account(number), stage="live", author="benchmark", occurred_at=now - timedelta(days=days)
            )
            for number in range(accounts)
            for days in range(1, _ROWS_AN_ACCOUNT + 1)
        ),
        batch_size=10_000,
    )


def write(of: str) -> None:
    """A row, as an app writes it."""
    from django.db import transaction
    from django.utils import timezone

    from keepwell.apps.customers.models import StageChange
    from keepwell.apps.health.arriving import facts_came

    with transaction.atomic():
        StageChange.objects.create(account_id=of, stage="at_risk", author="benchmark", occurred_at=timezone.now())
        facts_came([of], ledger="keepwell.stages")


class Seen:
    """When rows were committed, and how long it took until current health rests on them."""

    def __init__(self) -> None:
        from django.db import connection

        self._parameters = connection.get_connection_params()
        self.waiting: dict[str, float] = {}
        self.seconds: list[float] = []

    def look(self, done: threading.Event) -> None:
        with psycopg.connect(**self._parameters, autocommit=True) as own:
            while not done.wait(0.03):
                asked = list(self.waiting)  # first: what is written meanwhile is looked for the next time
                left = own.execute("select account_id from health_arrival where not is_counted").fetchall()
                now, uncounted = time.monotonic(), {one for (one,) in left}
                for one in set(asked) - uncounted:
                    self.seconds.append(now - self.waiting.pop(one))


def measured(accounts: int, single: int, many: int, folder: Path) -> list[Ratio]:
    chosen = random.Random(7).sample(range(accounts), single + many + 1)
    with installation(folder, KEEPWELL_NIGHTLY="off"):
        _ledger(accounts)
        install(accounts, _DEFINITIONS)
        with draining():
            alone, together = _counted(chosen, single)
    return [
        Ratio("committed to counted, median", float(np.median(alone)), at_most=2, unit="s"),
        Ratio("committed to counted, 99th percentile", float(np.percentile(alone, 99)), at_most=5, unit="s"),
        Ratio("of many in a minute, median", float(np.median(together)), at_most=2, unit="s"),
        Ratio("of many in a minute, longest", float(max(together)), unit="s"),
    ]


def _counted(chosen: list[int], single: int) -> tuple[list[float], list[float]]:
    """Seconds from committed to counted: of rows that come one after another, and of many in a minute."""
    seen, done = Seen(), threading.Event()
    write(account(chosen.pop()))
    _until_counted()  # the drain reads its state and the ledger, the first time
    thread = threading.Thread(target=seen.look, args=[done])
    thread.start()
    for number in chosen[:single]:
        _come(seen, account(number))
        time.sleep(random.uniform(0.5, 1.5))
    alone, seen.seconds = _all(seen), []
    for number in chosen[single:]:
        _come(seen, account(number))
        time.sleep(60 / 2_000)
    together = _all(seen)
    done.set()
    thread.join()
    return alone, together


def _come(seen: Seen, one: str) -> None:
    write(one)
    seen.waiting[one] = time.monotonic()


def _all(seen: Seen) -> list[float]:
    until = time.monotonic() + 60
    while seen.waiting and time.monotonic() < until:
        time.sleep(0.05)
    if seen.waiting:
        sys.exit(f"{len(seen.waiting)} rows are not counted after a minute")
    return list(seen.seconds)


def _until_counted() -> None:
    from keepwell.apps.health.live.arrivals import are_waiting

    until = time.monotonic() + 300
    while are_waiting():
        if time.monotonic() > until:
            sys.exit("the first row is not counted after five minutes")
        time.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10,000 accounts")
    quick = parser.parse_args().quick
    print_setting("keepwell", "duckdb", "psycopg")
    with tempfile.TemporaryDirectory(prefix="kw-") as folder:
        ratios = measured(*((10_000, 20, 200) if quick else (100_000, 100, 2_000)), Path(folder))
    print_ratios(ratios)


if __name__ == "__main__":
    main()
