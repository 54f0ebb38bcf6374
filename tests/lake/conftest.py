from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from keepwell.lake.statements import open_duckdb


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_duckdb(threads=1) as opened:
        yield opened
