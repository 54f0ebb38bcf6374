"""Definitions that name columns which have gone: from the dataset, or from the source that fills it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keepwell.apps.connectors.models import Sync
from keepwell.apps.connectors.place import lake, project
from keepwell.connect.document import document_of
from keepwell.definitions.columns import named_columns
from keepwell.definitions.expressions import names_in
from keepwell.definitions.metrics import AggregateMetric, AttributeMetric
from keepwell.definitions.project import Project
from keepwell.lake.place import FACTS


@dataclass(frozen=True)
class Gone:
    """`user`: what names the column, such as 'metric open_urgent'. `why`: where it is not any more."""

    dataset: str
    column: str
    user: str
    why: str

    def __str__(self) -> str:
        return f"{self.user} names the column '{self.column}' of {self.dataset}, {self.why}"


def gone_columns() -> list[Gone]:
    """For every dataset that lies in the lake."""
    found = project()
    if found is None:
        return []
    lost = _gone_from_sources()
    return [gone for name in sorted(found.datasets) for gone in _of(found, name, lost.get(name, {}))]


def users_of(dataset: str, column: str) -> list[str]:
    """What in the definitions in force names a column, in words."""
    found = project()
    if found is None or dataset not in found.datasets:
        return []
    return list(dict.fromkeys(user for user, named in _named(found, dataset) if named == column))


def _of(found: Project, name: str, lost: dict[str, str]) -> Iterator[Gone]:
    table = lake().table(FACTS + name)
    if not table.exists:
        return
    held = set(table.schema().names)
    for user, column in dict.fromkeys(_named(found, name)):
        if column not in held:
            yield Gone(name, column, user, "which it does not have")
        elif column in lost:
            yield Gone(name, column, user, lost[column])


def _gone_from_sources() -> dict[str, dict[str, str]]:
    """By dataset, the columns that are filled from a column which the source had and has no more."""
    found: dict[str, dict[str, str]] = {}
    for sync in Sync.objects.exclude(columns={}):
        run = sync.runs.exclude(drift=[]).order_by("-pk").first()
        lost = {one["column"] for one in (run.drift if run else ()) if one["what"] == "gone"} - sync.columns.keys()
        lost |= set(sync.allow_gone) - sync.columns.keys()
        for name, column in document_of(sync.document).columns.items():
            if column.source in lost:
                words = f"which sync {sync.name} no longer finds in {sync.connection.name} as '{column.source}'"
                found.setdefault(sync.dataset, {})[name] = words
    return found


def _named(found: Project, dataset: str) -> Iterator[tuple[str, str]]:
    for _, column in named_columns(found, dataset):
        yield f"dataset {dataset}", column
    accounts = found.with_role("accounts")
    for name, metric in found.metrics.items():
        if isinstance(metric, AggregateMetric) and metric.dataset == dataset:
            asked = (metric.aggregate.argument, metric.where)
            for one in (found for part in asked if part is not None for found in names_in(part)):
                if len(one.parts) == 1:
                    yield f"metric {name}", one.dotted
        elif isinstance(metric, AttributeMetric) and accounts and accounts[0] == dataset:
            yield f"metric {name}", metric.attribute
