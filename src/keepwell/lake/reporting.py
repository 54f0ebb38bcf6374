"""Tables of reports: datasets from files and lake, records as Arrow, accounts of any date that is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.catalogue import SCORES, known_table
from keepwell.definitions.project import Project
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.moments import moment
from keepwell.engine.reporting.everybody import account_table, known_accounts, wanted_attributes
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.errors import RequestRefused
from keepwell.lake.data import ProjectData
from keepwell.lake.place import Lake
from keepwell.lake.score_history import add_score_history
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.limits import stopped_after
from keepwell.lake.warehouse.refusals import NotEnoughMemory

_HISTORY = "kw_report_scores"

Population = Callable[[date, frozenset[str]], pa.Table | None]
"""The population of a date: a row an account, `account_id` and those of the names that are known; None: not kept."""

Record = Callable[[], pa.Table]


class ReportTables:
    """`engine.reporting.tables.Tables` over the data of a project.

    `population` gives accounts as they were scored; `records` the tables that the program keeps itself, by the name of
    their dataset in the catalogue (`calls_to_action`), each made when it is first read. `lake`: where the history of
    scores is, unless records have it. `seconds`: how long one query may take.
    """

    def __init__(
        self,
        project: Project,
        data: ProjectData,
        population: Population,
        records: Mapping[str, Record] | None = None,
        *,
        lake: Lake | None = None,
        seconds: float | None = None,
    ) -> None:
        self._project = project
        self._data = data
        self._population = population
        self._records = records or {}
        self._lake = lake
        self._seconds = seconds
        self._made: dict[str, ir.Table] = {}
        self._named: dict[str, frozenset[str]] = {}

    @property
    def dialect(self) -> str:
        return self._data.dialect

    def table(self, name: str) -> ir.Table:
        known = known_table(self._project, name)
        if known is None:
            return self._data.table(name)
        if name not in self._made and name not in self._records and not self._history(name):
            raise RequestRefused(
                f"'{name}' ({known.title.lower()}) is kept by the application, and there is none of it here; a dataset "
                "of that name would stand in its place"
            )
        if name not in self._made:
            self._made[name] = self.taken(f"kw_report_{name}", self._records[name]())
        return self._made[name]

    def accounts(self, as_of: date, names: Collection[str]) -> ir.Table | None:
        key = f"kw_report_accounts_{as_of:%Y%m%d}"
        wanted = self._named.get(key, frozenset()) | frozenset(names)
        if key not in self._made or wanted != self._named[key]:  # another page may name more of them
            present = self._population(as_of, wanted)
            if present is None:
                return None
            self._made[key] = self.taken(key, account_table(present, self._everybody(as_of, wanted), wanted))
        self._named.pop(key, None)
        self._named[key] = wanted  # the last is the one that was asked for last
        return self._made[key]

    def run(self, expression: ir.Table) -> pa.Table:
        if self._seconds is None:
            return self._data.run(expression)
        try:
            with stopped_after(self._data.warehouse, self._seconds):
                return self._data.run(expression)
        except NotEnoughMemory:
            raise RequestRefused(
                "this needs more memory than a report may take; take a shorter period, a filter, or a coarser dimension"
            ) from None

    def forget(self, names: Collection[str]) -> None:
        """Datasets whose rows have changed are read anew when they are next asked for, and accounts where they rest on
        one of them."""
        for name in names:
            self._made.pop(name, None)
            self._data.forget(name)
        found = self._project.with_role("accounts")
        if found is not None and found[0] in names:
            self._made = {name: one for name, one in self._made.items() if name not in self._named}

    def forget_accounts(self, which: Callable[[frozenset[str]], bool]) -> None:
        """Accounts of all dates of which such names were asked are read anew when they are next asked for."""
        self._made = {
            name: one for name, one in self._made.items() if name not in self._named or not which(self._named[name])
        }

    def keep_dates(self, most: int) -> None:
        """Gives back the accounts of all dates but those asked for last. Between questions: a query may name them."""
        for key in list(self._named)[:-most]:
            del self._named[key]
            self._made.pop(key, None)
            if isinstance(self._data.warehouse, DuckDBWarehouse):
                self._data.warehouse.remove(key)

    def _history(self, name: str) -> bool:
        """Whether this is the history of scores, and there is one."""
        warehouse = self._data.warehouse
        if name != SCORES or self._lake is None or not isinstance(warehouse, DuckDBWarehouse):
            return False
        if not add_score_history(warehouse, self._lake, _HISTORY):
            return False
        self._made[name] = warehouse.table(_HISTORY)
        return True

    def _everybody(self, as_of: date, names: Collection[str]) -> pa.Table | None:
        found = self._project.with_role("accounts")
        if found is None:
            return None
        attributes = wanted_attributes(self._project, names, self._data.table(found[0]).columns)
        grid = Grid((moment(as_of, self._project.settings.time_zone),))
        reader = FactReader(self._project, self._data.table, self._data.dialect)
        return self._data.run(known_accounts(reader, found[0], grid, attributes - {ACCOUNT_ID}))

    def taken(self, name: str, rows: pa.Table) -> ir.Table:
        """Arrow rows as a relation of the backend."""
        if isinstance(self._data.warehouse, DuckDBWarehouse):
            self._data.warehouse.add_arrow(name, rows)
            return self._data.warehouse.table(name)
        return ibis.memtable(rows)
