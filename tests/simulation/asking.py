"""Asking the files of a simulated company in SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from keepwell.simulation import Summary

Ask = Callable[[str], list[tuple[object, ...]]]


def asking(summary: Summary) -> Ask:
    """Runs SQL over the files; data under their own names, the truth as truth_<name>."""
    connection = duckdb.connect()
    connection.execute(f"create view usage as from '{summary.data}/usage/*.parquet'")
    for folder, prefix in ((summary.data, ""), (summary.truth, "truth_")):
        for path in _tables(folder):
            connection.execute(f"create view {prefix}{path.stem} as from '{path}'")
    return lambda sql: connection.execute(sql).fetchall()


def _tables(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.csv"), *folder.glob("*.parquet")])
