"""Ids in rows of datasets that lead to no account: found by the worker, kept in the database for whoever decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.identity import identity_rows
from keepwell.apps.customers.lake_writes import lake
from keepwell.apps.customers.models import Account, SourceId, SourceIdState
from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.lake.identity import ANY_SOURCE, intervals
from keepwell.lake.statements import open_duckdb, quoted, rows
from keepwell.lake.tables import LakeTable

_MOST = 10_000
"""Ids of a dataset that are kept, those of the most rows."""


def look() -> int:
    """Renews what is known of every dataset in the lake; returns how many ids lead to nobody. What people decided
    stands."""
    project = current_project()
    if project is None:
        return 0
    accounts = set(Account.objects.values_list("pk", flat=True).iterator(chunk_size=20_000))
    resolved = _resolved(accounts)
    now = timezone.now()
    for name, dataset in project.datasets.items():
        if dataset.role not in ("facts", "outcomes"):
            continue
        if dataset.via is not None:
            keys = _keys(project, dataset.via.via)
            found = [] if keys is None else list(_ids(name, dataset, dataset.via.on, keys))
        else:
            known = accounts | resolved.get(name, set()) | resolved.get(ANY_SOURCE, set())
            found = list(_ids(name, dataset, dataset.account, known)) if isinstance(dataset.account, str) else []
        _keep(name, found, now)
    SourceId.objects.filter(state=SourceIdState.OPEN, looked_at__lt=now).delete()
    return SourceId.objects.filter(state=SourceIdState.OPEN).count()


def through_of(source: str) -> str:
    """The dataset that a dataset takes its accounts from; empty where its rows name accounts themselves."""
    project = current_project()
    dataset = project.datasets.get(source) if project else None
    return dataset.via.via if dataset is not None and dataset.via is not None else ""


def _resolved(accounts: set[str]) -> dict[str, set[str]]:
    """By source the ids that the identity table leads to an account that is there."""
    found: dict[str, set[str]] = {}
    for row in intervals(identity_rows()).to_pylist():
        if row["account_id"] in accounts:
            found.setdefault(row["source"], set()).add(row["source_id"])
    return found


def _keys(project: Project, name: str) -> set[str] | None:
    """The keys of a dataset that others take their account from; None where the lake does not have it."""
    dataset, table = project.datasets[name], _table(name, project.datasets[name])
    if dataset.key is None or not table.exists or dataset.key not in table.schema().names:
        return None
    with open_duckdb(threads=1, memory_limit="512MB") as connection:
        found = rows(
            connection, f"select distinct cast({quoted(dataset.key)} as varchar) from ({table.relation_sql()})"
        )
    return {one for (one,) in found if one is not None}


def _table(name: str, dataset: Dataset) -> LakeTable:
    """Where its rows lie: in a table of the lake that the definition names, such as keepwell.events, or its own."""
    return lake().facts(name, dataset.table)


def _ids(name: str, dataset: Dataset, column: str, known: set[str]) -> Iterator[tuple[str, int, datetime | None]]:
    table = _table(name, dataset)
    if not table.exists or column not in table.schema().names:
        return
    account, time = quoted(column), dataset.occurred_at or dataset.changed_at
    last = f"max({quoted(time)})" if time and time in table.schema().names else "null"
    with open_duckdb(threads=1, memory_limit="512MB") as connection:
        found = rows(
            connection,
            f"select cast({account} as varchar), count(*) as n, {last} from ({table.relation_sql()}) "
            f"where {account} is not null group by 1 order by n desc",
        )
    strange = ((one, count, _moment(seen)) for one, count, seen in found if one not in known and 0 < len(one) <= 200)
    yield from (one for one, _ in zip(strange, range(_MOST), strict=False))


def _moment(seen: Any) -> datetime | None:
    if isinstance(seen, datetime):
        return seen if seen.tzinfo else seen.replace(tzinfo=UTC)
    return datetime(seen.year, seen.month, seen.day, tzinfo=UTC) if isinstance(seen, date) else None


@transaction.atomic
def _keep(source: str, found: list[tuple[str, int, datetime | None]], now: datetime) -> None:
    SourceId.objects.bulk_create(
        (
            SourceId(source=source, source_id=one, rows=count, last_seen=seen, looked_at=now)
            for one, count, seen in found
        ),
        batch_size=2000, update_conflicts=True, unique_fields=["source", "source_id"],
        update_fields=["rows", "last_seen", "looked_at"],
    )  # fmt: skip
