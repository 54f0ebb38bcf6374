"""The facts of usage, opened for one question: of the accounts that somebody sees, up to a day."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from keepwell.apps.adoption.counting import Watch
from keepwell.apps.health.place import data_dir, lake
from keepwell.apps.usage.datasets import nothing_yet
from keepwell.apps.usage.models import SamePerson
from keepwell.definitions.columns import named_columns
from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.engine.adoption.relation import USAGE, usage
from keepwell.errors import DataRefused
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.place import IDENTITY, Lake
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.statements import Statements

_ACCOUNTS, _ALL, _SAME = "kw_accounts", "kw_usage_of_all", "kw_same_person"
_FAR = date(2200, 1, 1)


@dataclass(frozen=True)
class Source:
    """The datasets that pages read: `daily` for days and features, `events` for what happened in which order.

    Both may be the same. `exact`: the events have times of day.
    """

    daily: str
    events: str
    exact: bool


def source_of(project: Project) -> Source | None:
    """Totals of days where a dataset has them, single events where one has those; None where nothing says who.

    Of several of a kind the one that has rows in the lake, and then the first by name.
    """
    found = project.usage_datasets()
    if not found:
        return None
    has_rows = {name: lake().facts(name, one.table).exists for name, one in found.items()}
    order = sorted(found, key=lambda name: (not has_rows[name], name))
    daily = next((name for name in order if found[name].events), order[0])
    events = next((name for name in order if not found[name].events), order[0])
    if not has_rows[events] and has_rows[daily]:
        events = daily
    if not has_rows[daily] and has_rows[events]:
        daily = events
    return Source(daily, events, exact=found[events].events is None)


def version_of(project: Project, dataset: str) -> Hashable:
    """Changes whenever the rows of a dataset do, whose they are, or what its definition makes of them."""
    kept, found = lake(), project.datasets[dataset]
    through = project.datasets[found.via.via] if found.via else None
    rows = [kept.facts(name, one.table).version for name, one in ((dataset, found), (_via(found), through)) if one]
    said = (repr(found), repr(through), project.settings.time_zone)
    return str(kept.root), *rows, kept.table(IDENTITY).version, SamePerson.objects.count(), said


def _via(dataset: Dataset) -> str:
    return dataset.via.via if dataset.via else ""


@dataclass(frozen=True)
class Opening:
    """Everything that a question needs beside the lake, read where the database may be asked.

    `accounts`: whose rows, None: of everybody, for those who configure. `same`: people who turned out to be somebody
    known under another key.
    """

    project: Project
    dataset: str
    accounts: Sequence[str] | None
    as_of: date
    same: tuple[tuple[str, str], ...]
    lake: Lake
    files: Path


def opening(project: Project, dataset: str, accounts: Sequence[str] | None, *, as_of: date = _FAR) -> Opening:
    same = tuple((str(key), str(other)) for key, other in SamePerson.objects.values_list("key", "same_as"))
    return Opening(project, dataset, accounts, as_of, same, lake(), data_dir() / "files")


@contextmanager
def opened(given: Opening, watch: Watch) -> Iterator[Statements]:
    """`usage` of a dataset: rows of the accounts alone, up to the day. As may be done beside a page: one thread and
    little memory, the rest on disk; asks nothing of the database."""
    with raw(given, watch) as (statements, data):
        via = given.project.datasets[given.dataset].via
        between = data.table(via.via) if via else None
        rows = data.table(given.dataset)
        _check_columns(given.project, given.dataset, rows.columns)
        statements.see(_ALL, usage(given.project, given.dataset, rows, as_of=given.as_of, between=between))
        who, condition = _people(statements, given.same), ""
        if given.accounts is not None:
            statements.take(_ACCOUNTS, pa.table({"account": pa.array(given.accounts, pa.string())}))
            condition = f" where account in (select account from {_ACCOUNTS})"
        statements.name(USAGE, f"select {who} from {_ALL}{condition}")
        yield statements


@contextmanager
def raw(given: Opening, watch: Watch) -> Iterator[tuple[Statements, ProjectData]]:
    """The datasets as they stand, for statements that can be stopped."""
    warehouse = DuckDBWarehouse(threads=1, memory_limit="512MB")
    records = nothing_yet(given.lake)
    given.files.mkdir(parents=True, exist_ok=True)
    with open_data(given.project, given.files, warehouse=warehouse, lake=given.lake, records=records) as data:
        statements = Statements(warehouse)
        watch(statements)
        yield statements, data


def _check_columns(project: Project, dataset: str, there: Sequence[str]) -> None:
    """Raises DataRefused where the definition names columns that the rows no longer have."""
    gone = sorted({column for _, column in named_columns(project, dataset)} - set(there))
    if gone:
        listed = ", ".join(f"'{column}'" for column in gone)
        raise DataRefused(
            f"dataset '{dataset}' has no column {listed}; it has {', '.join(there[:20])}: change the definition, "
            "or load what it names"
        )


def _people(statements: Statements, same: Sequence[tuple[str, str]]) -> str:
    """The columns of usage, with people who turned out to be somebody known under one key."""
    if not same:
        return "*"
    known, others = zip(*same, strict=True)
    statements.take(_SAME, pa.table({"key": known, "same_as": others}))
    return f"* replace (coalesce((select same_as from {_SAME} where key = person), person) as person)"
