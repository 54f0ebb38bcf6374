"""How long does a CSV file of a million rows take from its arrival to the last row taken?

Three files: usage rows of a dataset, accounts, and people. Each is brought, its columns guessed, every row checked, and
taken, in one process as the worker does it, beside a PostgreSQL of its own. By hand: DuckDB's read_csv of the same file
into a Parquet file with the types named (the dataset), and PostgreSQL's COPY of the same file into one bare table
(accounts and people), neither of which checks, compares, keeps rejected rows, or can be undone.

python benchmarks/imports.py            1,000,000 rows each
python benchmarks/imports.py --quick    100,000 rows each
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from importing.by_hand import copied, with_duckdb
from importing.files import KINDS, write_file
from installed.place import installation
from measuring.contender import Measured, in_own_process, timed
from measuring.report import Ratio, print_ratios, print_setting

SECONDS, GIGABYTES = 60.0, 1.0


def imported(kind: str, file: Path, environment: dict[str, str]) -> tuple[dict[str, Any], Measured]:
    """Brings and takes a file; returns its counts, and what that took."""
    os.environ |= environment
    from keepwell.server.processes import prepare

    prepare()
    from importing.taking import bring_and_take

    return timed(partial(bring_and_take, kind, file))


def measured(rows: int) -> list[Ratio]:
    ratios = []
    with tempfile.TemporaryDirectory(prefix="kw-") as name, installation(Path(name)) as url:
        from importing.project import publish_definitions

        publish_definitions()
        folder = Path(name)
        environment = {name: os.environ[name] for name in ("DATABASE_URL", "KEEPWELL_DATA_DIR")}
        for kind in KINDS:
            file = write_file(kind, folder / f"{kind}.csv", rows)
            print(f"{kind}: {rows:,} rows, {file.stat().st_size / 1e6:.0f} MB", flush=True)
            trusted = Path(shutil.copy(file, folder / f"by-hand-{kind}.csv"))
            counts, ours = in_own_process(imported, kind, file, environment)
            print(f"  keepwell  {ours}   {counts}", flush=True)
            by_hand = partial(with_duckdb, trusted, folder) if kind == "usage" else partial(copied, kind, trusted, url)
            started = time.perf_counter()
            in_own_process(by_hand)
            hand = time.perf_counter() - started
            print(f"  by hand   {hand:9.3f} s", flush=True)
            ratios += _ratios(kind, ours, hand, full=rows >= 1_000_000)
    return ratios


def _ratios(kind: str, ours: Measured, hand: float, *, full: bool) -> list[Ratio]:
    found = [Ratio(f"{kind}, beside the same file by hand", ours.best / hand)]
    if full:
        found.append(Ratio(f"{kind}, seconds", ours.best, at_most=SECONDS, unit="s"))
        found.append(Ratio(f"{kind}, memory", ours.peak_bytes / 1e9, at_most=GIGABYTES, unit="GB"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100,000 rows of each kind")
    rows = 100_000 if parser.parse_args().quick else 1_000_000
    print_setting("keepwell", "duckdb", "deltalake", "psycopg")
    print_ratios(measured(rows))


if __name__ == "__main__":
    main()
