"""Results as files: a CSV for each widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pyarrow import csv

from keepwell.cli.writing.atomic import whole
from keepwell.definitions.dashboards import Dashboard
from keepwell.engine.reporting.results import Result
from keepwell.errors import RequestRefused


def write_results(folder: Path, dashboard: Dashboard, results: Mapping[str, Result]) -> Iterator[tuple[Path, int]]:
    """Writes DIR/WIDGET.csv for each widget that has rows; gives each file with its number of rows."""
    if folder.exists() and not folder.is_dir():
        raise RequestRefused(f"{folder} is a file; name a folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name in dashboard.widgets:
        if name in results and results[name].problem is None:
            path = folder / f"{name}.csv"
            with whole(path) as unfinished:
                csv.write_csv(results[name].rows, unfinished)
            yield path, results[name].rows.num_rows
