"""The tables that reports on the command line read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from keepwell.cli.reporting.scored import Scored
from keepwell.definitions.catalogue import SCORES
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused
from keepwell.lake.data import open_data
from keepwell.lake.history import SCORES as HISTORY
from keepwell.lake.place import Lake
from keepwell.lake.reporting import ReportTables


@contextmanager
def report_tables(project: Project, folder: Path, as_of: date, lake: Path | None) -> Iterator[ReportTables]:
    """Datasets are opened when a widget reads them: one that cannot be read leaves the other widgets standing."""
    if not project.settings.warehouse and not folder.is_dir():
        raise RequestRefused(f"there is no data folder {folder}; name the folder that holds the files with --data")
    kept = Lake(lake) if lake else None
    with open_data(project, folder, lake=kept) as data:
        scored = Scored(project, data, as_of)
        has_history = kept is not None and kept.table(HISTORY).exists
        records = {} if has_history else {SCORES: scored.scores}
        yield ReportTables(project, data, scored.population, records, lake=kept)
