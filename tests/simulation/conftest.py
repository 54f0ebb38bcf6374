"""Simulated companies that several tests read, each made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from keepwell.simulation import Summary, simulate

END = date(2026, 10, 31)

Ask = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """200 accounts over two years, with everything in it."""
    return simulate(tmp_path_factory.mktemp("company"), end=END, accounts=200)


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """3,000 small accounts over a year: enough of them for shares and correlations."""
    folder = tmp_path_factory.mktemp("crowd")
    return simulate(folder, end=END, accounts=3_000, days=365, seats=(3.0, 5.0, 8.0), effect=1.0)


@pytest.fixture(scope="session")
def ask(company: Summary) -> Ask:
    return _views(company)


@pytest.fixture(scope="session")
def ask_crowd(crowd: Summary) -> Ask:
    return _views(crowd)


def _views(summary: Summary) -> Ask:
    """Runs SQL over the files; data under their own names, the truth as truth_<name>."""
    connection = duckdb.connect()
    connection.execute(f"create view usage as from '{summary.data}/usage/*.parquet'")
    for folder, prefix in ((summary.data, ""), (summary.truth, "truth_")):
        for path in _tables(folder):
            connection.execute(f"create view {prefix}{path.stem} as from '{path}'")
    return lambda sql: connection.execute(sql).fetchall()


def _tables(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.csv"), *folder.glob("*.parquet")])
