"""Rows of the CSV files of the simulated company."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
