"""The facts of usage, opened for one question: of the accounts that somebody sees, up to a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from keepwell.apps.health.place import data_dir, lake
from keepwell.apps.usage.datasets import nothing_yet
from keepwell.apps.usage.models import SamePerson
from keepwell.definitions.project import Project
from keepwell.engine.adoption.relation import USAGE, usage
from keepwell.lake.data import open_data
from keepwell.lake.place import IDENTITY
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


def version_of(project: Project, dataset: str) -> tuple[str, int, int, int]:
    """Changes whenever the rows of a dataset do, or whose they are."""
    kept, table = lake(), project.datasets[dataset].table
    return str(kept.root), kept.facts(dataset, table).version, kept.table(IDENTITY).version, SamePerson.objects.count()


@contextmanager
def opened(
    project: Project, dataset: str, accounts: Sequence[str] | None, *, as_of: date = _FAR
) -> Iterator[Statements]:
    """`usage` of a dataset: rows of `accounts` alone, up to `as_of`. None: of everybody, for those who configure.

    As a web process may: one thread and little memory, the rest on disk.
    """
    warehouse = DuckDBWarehouse(threads=1, memory_limit="512MB")
    with open_data(
        project, data_dir() / "files", warehouse=warehouse, lake=lake(), records=nothing_yet(lake())
    ) as data:
        statements = Statements(warehouse)
        statements.see(_ALL, usage(project, dataset, data.table(dataset), as_of=as_of))
        who, condition = _people(statements), ""
        if accounts is not None:
            statements.take(_ACCOUNTS, pa.table({"account": pa.array(accounts, pa.string())}))
            condition = f" where account in (select account from {_ACCOUNTS})"
        statements.name(USAGE, f"select {who} from {_ALL}{condition}")
        yield statements


def _people(statements: Statements) -> str:
    """The columns of usage, with people who turned out to be somebody known under one key."""
    pairs = list(SamePerson.objects.values_list("key", "same_as"))
    if not pairs:
        return "*"
    known, same = ([str(one) for one in column] for column in zip(*pairs, strict=True))
    statements.take(_SAME, pa.table({"key": known, "same_as": same}))
    return f"* replace (coalesce((select same_as from {_SAME} where key = person), person) as person)"
