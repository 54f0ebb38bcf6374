"""The newest rows of datasets that name an account: tickets, invoices, whatever the definitions hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import ibis

from keepwell.apps.adoption.counting import COUNTING, Watch
from keepwell.apps.adoption.place import opening, raw, version_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.health.place import lake
from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.lake.data import ProjectData
from keepwell.lake.loading import LOCAL_DAY
from keepwell.lake.place import FACTS
from keepwell.lake.tables.table import LOAD_ID

_TICKETS = re.compile(r"ticket|case|incident|issue", re.IGNORECASE)
_TITLES = ("title", "subject", "summary", "name", "description", "status", "state", "priority", "severity", "type")
"""What rows are recognised by, in this order; other columns follow as they stand."""

COLUMNS = 6


@dataclass(frozen=True)
class Records:
    """`rows` newest first, at most as many as were asked for out of `total`; `columns` say what each cell is."""

    dataset: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    total: int
    feelings: list[str] = field(default_factory=list)  # beside the rows, where their texts are judged

    @property
    def lines(self) -> Iterator[tuple[list[Any], str]]:
        """Rows with what their writers feel; empty where that is not known."""
        return zip(self.rows, self.feelings or [""] * len(self.rows), strict=True)


def is_tickets(name: str, dataset: Dataset) -> bool:
    return bool(_TICKETS.search(f"{name} {dataset.title or ''}")) and dataset.person is None


def datasets_of(project: Project) -> dict[str, Dataset]:
    """Facts and outcomes in the lake that name their account in a column of their own."""
    return {
        name: one
        for name, one in project.datasets.items()
        if one.role in ("facts", "outcomes") and isinstance(one.account, str) and lake().table(FACTS + name).exists
    }


def records_of(account: Account, *, tickets: bool | None = None, dataset: str = "", limit: int = 10) -> list[Records]:
    """Of datasets of tickets alone, of all others, or of one by name; those without a row of it are left out.
    Raises StillCounting where somebody waits for a while alone."""
    project = current_project()
    if project is None:
        return []
    chosen = [
        name
        for name, one in datasets_of(project).items()
        if (not dataset or name == dataset) and (tickets is None or is_tickets(name, one) == tickets)
    ]
    if not chosen:
        return []
    given = opening(project, chosen[0], [account.pk])

    def work(watch: Watch) -> list[Records]:
        with raw(given, watch) as (_, data):
            found = [_records(data, project.datasets[name], name, account.pk, limit) for name in chosen]
        return [one for one in found if one.total]

    version = tuple(version_of(project, name) for name in chosen)
    rows: list[Records] = COUNTING.of((str(lake().root), "records", account.pk, limit, *chosen), version, lambda: work)
    return rows


def _records(data: ProjectData, dataset: Dataset, name: str, account: str, limit: int) -> Records:
    rows = data.table(name)
    mine = rows.filter(rows[str(dataset.account)].cast("string") == account)
    time = dataset.occurred_at or dataset.changed_at or dataset.recorded_at
    columns = list(_columns(dataset, rows, time))[:COLUMNS]
    newest = mine.order_by(ibis.desc(mine[time])) if time else mine
    total = int(data.run(mine.aggregate(total=mine.count()))["total"][0].as_py())
    table = data.run(newest.limit(limit).select(*columns)) if total else None
    body = [list(row.values()) for row in table.to_pylist()] if table is not None else []
    return Records(name, dataset.title or name.replace("_", " ").capitalize(), columns, body, total)


def _columns(dataset: Dataset, rows: ibis.Table, time: str | None) -> Iterator[str]:
    """When, what it is called, how it stands; then the others. The account itself says nothing here."""
    hidden = {str(dataset.account), LOAD_ID, LOCAL_DAY, f"{LOCAL_DAY}_month", *_personal(dataset)}
    there = [name for name in rows.columns if name not in hidden]
    wanted = [time, dataset.key, *(name for word in _TITLES for name in there if word == name.lower())]
    return iter(dict.fromkeys(name for name in [*wanted, *there] if name in there))


def _personal(dataset: Dataset) -> set[str]:
    return {dataset.person} if dataset.person else set()
