"""Facts and records of one version of the definitions, held open by a process: what a widget costs is its query."""

from __future__ import annotations

import time
from collections.abc import Hashable
from functools import partial
from pathlib import Path

import pyarrow as pa

from keepwell.apps.dashboards.answering.population import population
from keepwell.apps.dashboards.answering.records import KEPT_SECONDS, kept_records
from keepwell.apps.dashboards.answering.stamps import stamp_of_accounts
from keepwell.apps.health.place import data_dir, lake, versions_of_facts
from keepwell.apps.rules.standing.records import asks_records
from keepwell.apps.usage.datasets import nothing_yet
from keepwell.definitions.catalogue import KNOWN_TABLES, with_known_tables
from keepwell.definitions.project import Project
from keepwell.lake.data import ProjectData, Records, open_data
from keepwell.lake.history import SCORES
from keepwell.lake.place import IDENTITY
from keepwell.lake.reporting import ReportTables
from keepwell.lake.warehouse import DuckDBWarehouse

THREADS, MEMORY, SECONDS = 2, "512MB", 20.0
"""What one question may take. Two are answered at once in a process."""

DATES = 4
"""So many dates of accounts stay in memory between questions."""


class Source:
    """Used by one thread at a time. Closed by who made it."""

    def __init__(self, project: Project, digest: str) -> None:
        self.project = project
        self._records = kept_records(project, digest)
        self._shown: dict[str, pa.Table] = {}
        self._versions = versions_of_facts(project)
        self._accounts = stamp_of_accounts()
        self._looked_at = time.monotonic()
        self.data = self._opened()
        self.tables = ReportTables(project, self.data, population, self._by_name(), lake=lake(), seconds=SECONDS)

    def renew(self) -> None:
        """What has changed since is forgotten, and read anew when it is asked for."""
        tables = {name: one.table for name, one in with_known_tables(self.project).datasets.items()}
        old = [name for name, rows in self._shown.items() if self._records[name]() is not rows]
        self.tables.forget([name for name, table in tables.items() if table in old])
        for name in old:
            del self._shown[name]
        if time.monotonic() - self._looked_at > KEPT_SECONDS:
            self._renew_accounts()
            self._renew_facts()
        self.tables.keep_dates(DATES)

    def close(self) -> None:
        self.data.close()

    def _renew_accounts(self) -> None:
        """Stages, owners and counts of work change without a run."""
        now = stamp_of_accounts()
        if now != self._accounts:
            self.tables.forget_accounts(asks_records)
        self._accounts = now

    def _renew_facts(self) -> None:
        now = versions_of_facts(self.project)
        self.tables.forget([name for name, version in now.items() if self._versions.get(name) != version])
        self._versions, self._looked_at = now, time.monotonic()

    def _opened(self) -> ProjectData:
        files: Path = data_dir() / "files"
        files.mkdir(parents=True, exist_ok=True)
        kept: Records = {**nothing_yet(lake()), **{name: partial(self._record, name) for name in self._records}}
        warehouse = None if self.project.settings.warehouse else DuckDBWarehouse(threads=THREADS, memory_limit=MEMORY)
        return open_data(self.project, files, warehouse=warehouse, lake=lake(), records=kept)

    def _by_name(self) -> Records:
        """The records by the names of the catalogue."""
        return {
            name: partial(self._record, known.dataset.table)
            for name, known in KNOWN_TABLES.items()
            if known.dataset.table is not None and known.dataset.table in self._records
        }

    def _record(self, table: str) -> pa.Table:
        self._shown[table] = self._records[table]()
        return self._shown[table]


def stamp(digest: str, run: int | None) -> Hashable:
    """Changes whenever a source must be made anew: other definitions, another run, other scores, other identities."""
    kept = lake()
    return str(kept.root), digest, run, kept.table(SCORES).version, kept.table(IDENTITY).version
