"""From an accepted event to the score that shows it, and how many events a second reach the lake.

A PostgreSQL of its own, one web process, the drain with its compaction, the client and whoever looks at the scores
share the machine. 1,000 events a second over 5,000 of 100,000 accounts (Zipf), ten measures of use over up to 90 days.
An event counts as shown once the account's current health is of values that hold it.

Then 10,000 events a second over HTTP, with scores following behind: what the lake has of them, second for second, and
when it has the last. Then messages that wait: how many a second the drain takes by itself.

python benchmarks/live.py            100,000 accounts, ten minutes; then a minute of many events, and 600,000 at once
python benchmarks/live.py --quick    10,000 accounts, 20 seconds; then ten seconds of many events, and 100,000 at once
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from installed.draining import draining
from installed.place import installation
from live_flow.installing import install
from live_flow.moving import copy_seconds, drained_a_second, fill_inbox, sustained_a_second
from live_flow.sending import Sent, send
from live_flow.watching import Watch
from measuring.report import Ratio, print_ratios, print_setting
from page_load.serving import free_port, served

RATE, MANY = 1_000, 10_000


@dataclass(frozen=True)
class Size:
    accounts: int
    seconds: int
    many_seconds: int
    at_once: int


FULL, QUICK = Size(100_000, 600, 60, 600_000), Size(10_000, 20, 10, 100_000)


def latencies(parameters: dict[str, Any], port: int, seconds: int) -> np.ndarray:
    """Seconds from acknowledged to shown, of every event."""
    sent = Sent()
    watch = Watch(parameters, sent, *_before())
    with watch.watching():
        send(port, rate=RATE, seconds=2, batch=20, sent=sent)  # the drain reads its state, the first time
        watch.wait(120)
        watch.seconds.clear()
        before = sent.total
        sent.total = 0
        took = send(port, rate=RATE, seconds=seconds, batch=20, sent=sent)
        watch.wait(60)
        print(
            f"  {sent.total:,} events in {took:.1f} s after {before:,} to begin with, {watch.rounds:,} looks with news"
        )
    if len(watch.seconds) < sent.total:
        sys.exit(f"{sent.total - len(watch.seconds):,} events are in no score after a minute")
    return np.array(watch.seconds)


def _before() -> tuple[dict[str, int], Any]:
    """The events of each account in the values of the run, and when these were known."""
    from keepwell.apps.health.scored import latest_run, state_of

    run = latest_run()
    assert run is not None
    values = state_of(run).values.accounts
    counts = zip(values.ids.to_pylist(), values.metrics["all_90"].to_pylist(), strict=True)
    return {one: int(count) for one, count in counts}, run.known_at


def measured(size: Size, folder: Path) -> list[Ratio]:
    with installation(folder, KEEPWELL_NIGHTLY="off"):
        key = install(size.accounts)
        with served(port := free_port(), processes=1):
            return _ratios(size, key, port)


def _ratios(size: Size, key: int, port: int) -> list[Ratio]:
    from django.db import connection

    parameters = connection.get_connection_params()
    with psycopg.connect(**parameters, autocommit=True) as own:
        with draining():
            print(f"{RATE:,} events a second over HTTP", flush=True)
            shown = latencies(parameters, port, size.seconds)
            print(f"{MANY:,} events a second over HTTP for {size.many_seconds} s", flush=True)
            sustained = sustained_a_second(own, port, rate=MANY, seconds=size.many_seconds)
        print(f"{size.at_once:,} messages that wait when the drain begins", flush=True)
        fill_inbox(own, key, size.at_once)
        with draining():
            drained = drained_a_second(own)
        copied = copy_seconds(own, min(size.at_once, 200_000))
    copy = min(size.at_once, 200_000) / copied
    print(f"  drained {drained:,.0f} a second; COPY {copy:,.0f} a second")
    return [
        Ratio("accepted to shown, median", float(np.median(shown)), at_most=2, unit="s"),
        Ratio("accepted to shown, 99th percentile", float(np.percentile(shown, 99)), at_most=8, unit="s"),
        Ratio("accepted to shown, longest", float(shown.max()), unit="s"),
        Ratio("sent over HTTP and into the lake, events a second / 10,000", sustained / MANY, at_least=0.95),
        Ratio("into the lake alone, events a second / 10,000", drained / 10_000, at_least=1),
        Ratio("COPY into PostgreSQL / into the lake", copy / drained),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10,000 accounts, 20 seconds")
    parser.add_argument("--accounts", type=int, help="so many accounts")
    parser.add_argument("--seconds", type=int, help="so long")
    given = parser.parse_args()
    chosen = QUICK if given.quick else FULL
    size = replace(chosen, accounts=given.accounts or chosen.accounts, seconds=given.seconds or chosen.seconds)
    print_setting("keepwell", "deltalake", "duckdb", "granian", "psycopg")
    print(f"{size.accounts:,} accounts, {size.seconds} s")
    with tempfile.TemporaryDirectory(prefix="kw-") as folder:
        ratios = measured(size, Path(folder))
    print_ratios(ratios)


if __name__ == "__main__":
    main()
