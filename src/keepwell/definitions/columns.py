"""The columns that definitions name in the data, and where they name them."""

from __future__ import annotations

from collections.abc import Iterator

from keepwell.definitions.datasets import LEDGER_COLUMNS, Dataset
from keepwell.definitions.expressions import names_in
from keepwell.definitions.issues import Path
from keepwell.definitions.measures import Levels
from keepwell.definitions.metrics import AggregateMetric, AttributeMetric
from keepwell.definitions.project import Project

_TIMES = ("occurred_at", "recorded_at", "changed_at", "started_at", "ended_at", "renews_on")
_OTHERS = ("key", "relationship", "deleted", "parent", "name", "arr", "stage", "owner", "amount")
_USAGE = ("person", "event", "feature", "events")


def named_columns(project: Project, name: str) -> Iterator[tuple[Path, str]]:
    """Columns that dataset `name` must have, each with the place that names it."""
    dataset, path = project.datasets[name], ("datasets", name)
    for option in (*_OTHERS, *_USAGE, *_TIMES):
        if column := getattr(dataset, option):
            yield (*path, option), column
    if dataset.via:
        yield (*path, "account", "on"), dataset.via.on
    elif isinstance(dataset.account, str):
        yield (*path, "account"), dataset.account
    if isinstance(dataset.outcome, str):
        yield (*path, "outcome"), dataset.outcome
    for column in dataset.types:
        yield (*path, "types", column), column
    for column, revealer in dataset.known_later.items():
        yield (*path, "known_later", column), column
        yield (*path, "known_later", column), revealer
    if texts := project.settings.sentiment.texts.get(name):
        for column in (*texts.text, *((texts.person,) if texts.person else ())):
            yield ("settings", "sentiment", "texts", name), column
    for column in LEDGER_COLUMNS.get(dataset.role, ((), ()))[0]:
        yield (*path, "role"), column


_OVER_NUMBERS = frozenset({"sum", "avg", "median"})


def numeric_columns(project: Project) -> Iterator[tuple[str, str]]:
    """Dataset and column of what definitions add up or draw scores from, which must be numbers."""
    for dataset_name, dataset in project.datasets.items():
        yield from ((dataset_name, column) for column in sorted(number_columns(dataset)))
    for metric in project.metrics.values():
        if isinstance(metric, AggregateMetric) and metric.aggregate.function in _OVER_NUMBERS:
            argument = metric.aggregate.argument
            yield from ((metric.dataset, name.dotted) for name in (names_in(argument) if argument else ()))
    for card in project.scorecards.values():
        found = project.with_role("accounts" if card.entity_kind == "account" else "relationships")
        for name, measure in card.measures.items():
            read = project.metrics.get(measure.metric or name)
            if found and isinstance(read, AttributeMetric) and not isinstance(measure.score, Levels | None):
                yield found[0], read.attribute


def number_columns(dataset: Dataset) -> frozenset[str]:
    """Columns that a dataset's own options say are numbers."""
    scores = {"score"} if dataset.role == "entries" else set()
    return frozenset(column for column in (dataset.arr, dataset.amount, dataset.events, *scores) if column)


def time_columns(dataset: Dataset) -> frozenset[str]:
    """Columns that must hold dates or times."""
    named = (getattr(dataset, option) for option in _TIMES)
    return frozenset(column for column in (*named, *dataset.known_later.values()) if column)


def id_columns(dataset: Dataset) -> frozenset[str]:
    """Columns that hold ids, which are text whatever they look like."""
    account = dataset.via.on if dataset.via else dataset.account
    own = (dataset.key, account, dataset.relationship, dataset.parent, dataset.person)
    return frozenset(str(column) for column in own if column)
