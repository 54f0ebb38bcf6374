"""What expressions of widgets may name: columns of a dataset, and what is known of accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from keepwell.apps.rules.editing.naming import Named, attributes_of
from keepwell.definitions.catalogue import holds_accounts, known_table
from keepwell.definitions.expressions import ValueType
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import SCORES
from keepwell.definitions.widget_reading import ACCOUNT

_AGGREGATES = {
    "count()": "How many rows", "count_distinct(x)": "How many different values", "sum(x)": "Added up",
    "avg(x)": "The mean", "min(x)": "The smallest", "max(x)": "The largest",
}  # fmt: skip
_TYPES = {
    ValueType.NUMBER: "number", ValueType.TEXT: "text", ValueType.BOOLEAN: "true or false", ValueType.DATE: "date",
    ValueType.TIMESTAMP: "time",
}  # fmt: skip


def names_of_accounts(project: Project) -> list[dict[str, str]]:
    """For expressions over accounts."""
    return [asdict(one) for one in _of_accounts(project)]


def names_of_rows(project: Project, dataset: str, columns: Mapping[str, ValueType]) -> list[dict[str, str]]:
    """For expressions over the rows of a dataset; `columns`: those that it has, as far as they are known."""
    return [asdict(one) for one in (*_columns(project, dataset, columns), *_aggregates())]


def _columns(project: Project, dataset: str, columns: Mapping[str, ValueType]) -> Iterator[Named]:
    if holds_accounts(project, dataset):
        yield from _of_accounts(project)
        return
    known = known_table(project, dataset)
    for name, kind in {**(known.columns if known else {}), **columns}.items():
        yield Named(name, _TYPES.get(kind, "column"), f"A column of {dataset}", "expression")
    for one in _of_accounts(project):
        if not one.name.startswith("in_segment"):
            yield Named(f"{ACCOUNT}.{one.name}", one.kind, one.doc, "expression")


def _of_accounts(project: Project) -> Iterator[Named]:
    yield from (Named(name, "score", one.doc, "expression") for name, one in SCORES.items())
    for name, segment in project.segments.items():
        yield Named(f"in_segment('{name}')", "segment", str(segment), "expression")
    for name, metric in sorted(project.metrics.items()):
        yield Named(name, "metric", getattr(metric, "title", None) or getattr(metric, "help", None) or "", "expression")
    yield from (Named(name, "attribute", "A column of the accounts", "expression") for name in attributes_of(project))


def _aggregates() -> Iterator[Named]:
    yield from (Named(name, "aggregate", doc, "expression") for name, doc in _AGGREGATES.items())
