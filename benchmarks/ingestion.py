"""How many events a second are acknowledged, and durable, in a burst? Beside COPY into PostgreSQL on this machine.

Clients post batches of 100 events, as Segment's clients write them, over kept connections to two web processes; an
answer counts once it is there, and afterwards the inbox must hold what was answered. Each burst lasts ten seconds.
COPY is the raw limit: the same events, one row each, into a table without an index, durable at the end of each burst.
Processor time tells what idle cores would do where other work keeps these busy.

python benchmarks/ingestion.py            three bursts of ten seconds
python benchmarks/ingestion.py --quick    one burst of two seconds
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from bursts.client import Burst, burst
from bursts.events import batch, lines
from installed.place import installation
from measuring.contender import cores
from measuring.report import Ratio, print_ratios, print_setting
from page_load.processors import busy_seconds
from page_load.serving import free_port, served

KEY = "wk_benchmark"
BAR = 100_000
AT_ONCE = 100
CONNECTIONS = 24


@dataclass(frozen=True)
class Measured:
    """`busy`: seconds of processor for each event, of web, database and client."""

    rate: float
    busy: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one burst of two seconds instead of three of ten")
    quick = parser.parse_args().quick
    seconds, runs = (2.0, 1) if quick else (10.0, 3)
    print_setting("granian", "msgspec", "psycopg")
    with tempfile.TemporaryDirectory(prefix="keepwell-") as folder:
        _measure(Path(folder), seconds, runs)


def _measure(folder: Path, seconds: float, runs: int) -> None:
    port = free_port()
    with installation(folder, KEEPWELL_URL=f"http://127.0.0.1:{port}") as url:
        _make_key(url)
        with served(port, processes=2):
            bursts = [_burst(url, port, seconds) for _ in range(runs)]
        copies = [_copy(url, seconds) for _ in range(runs)]
    _report(bursts, copies)


def _make_key(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "insert into usage_writekey (name, key, origins, properties, created_at) "
            "values ('Benchmark', %s, '{}', '{feature}', now())",
            [KEY],
        )


def _burst(url: str, port: int, seconds: float) -> Measured:
    """One burst into an empty inbox. Raises where less is there than was answered."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("truncate usage_inbox")
        connection.execute("checkpoint")
        before = busy_seconds()
        done: Burst = burst(port, KEY, AT_ONCE, connections=CONNECTIONS, seconds=seconds)
        busy = busy_seconds() - before
        (kept,) = connection.execute("select coalesce(sum(messages), 0) from usage_inbox").fetchone() or (0,)
    assert kept >= done.events, f"{done.events:,} events were answered, and {kept:,} are there"
    print(f"  acknowledged {done.events / done.seconds:>9,.0f} events/s   processor "
          f"{busy / done.events * 1e6:5.1f} µs an event   answers: median {done.median * 1000:.1f} ms, 99% "
          f"{done.slow * 1000:.1f} ms")  # fmt: skip
    return Measured(done.events / done.seconds, busy / done.events)


def _copy(url: str, seconds: float) -> Measured:
    """COPY in transactions of 100,000 rows for so long."""
    rows = lines(batch(100_000))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop table if exists copied")
        connection.execute(
            "create table copied (id text, type text, event text, person text, account text, at timestamptz)"
        )
        connection.execute("checkpoint")
        before, began, events = busy_seconds(), time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            with connection.cursor() as cursor, cursor.copy("copy copied from stdin") as copy:
                copy.write(rows)
            events += 100_000
        took, busy = time.perf_counter() - began, busy_seconds() - before
    print(f"  COPY         {events / took:>9,.0f} events/s   processor {busy / events * 1e6:5.1f} µs an event")
    return Measured(events / took, busy / events)


def _report(bursts: Sequence[Measured], copies: Sequence[Measured]) -> None:
    rate, busy = (statistics.median(getattr(one, name) for one in bursts) for name in ("rate", "busy"))
    raw, raw_busy = (statistics.median(getattr(one, name) for one in copies) for name in ("rate", "busy"))
    print_ratios([
        Ratio("events acknowledged and durable a second", rate, at_least=BAR, unit="/s", digits=0),
        Ratio(f"by processor time, on {cores()} idle cores", cores() / busy, at_least=BAR, unit="/s", digits=0),
        Ratio("of what COPY writes in the same time", rate / raw),
        Ratio("processor time an event, COPY is 1", busy / raw_busy),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
