"""Datasets: where rows come from, and which columns say whom, when, and when it became known."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from keepwell.definitions.base import Definition, Documented
from keepwell.definitions.durations import Days, DaysFromZero
from keepwell.definitions.names import Name, nearest

Column = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""The name of a column, as the data spells it."""

Role = Literal["facts", "accounts", "relationships", "outcomes", "entries", "overrides", "pins", "treatments"]
ColumnType = Annotated[str, StringConstraints(min_length=1, max_length=100)]


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        near = nearest(name, available_timezones())
        raise ValueError(f"unknown time zone '{name}'" + (f"; did you mean '{near}'?" if near else ""))
    return name


TimeZone = Annotated[str, AfterValidator(_time_zone), Field(examples=["UTC", "Europe/Berlin"])]


class Via(Definition):
    """Takes the account from another dataset's `key`, one hop."""

    via: Name = Field(description="The dataset to go through; it has a `key` and an `account` column of its own")
    on: Column = Field(description="The column of this dataset that holds that key")


Outcome = Literal["renewed", "churned", "contracted", "expanded"]


class Always(Definition):
    """The same outcome in every row, for files that hold only one kind."""

    always: Outcome = Field(description="The outcome of every row")


def _known_later(value: Any) -> Any:
    """A bare list means that each date reveals itself."""
    if isinstance(value, tuple) and all(isinstance(column, str) for column in value):
        return {column: column for column in value}
    return value


_KNOWN_LATER_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "object", "additionalProperties": {"type": "string"}},
            {"type": "array", "items": {"type": "string"}},
        ]
    }
)


class Dataset(Documented):
    """Rows of one kind, in files or in a table of the warehouse."""

    role: Role = Field("facts", description="What the rows are; facts unless said otherwise")
    file: str | None = Field(
        None, description="Files below the data folder; * and ** match several, .gz and .zst are unpacked", min_length=1
    )
    table: str | None = Field(None, description="A table of the warehouse, instead of files", min_length=1)
    format: Literal["csv", "parquet", "json"] | None = Field(
        None, description="What the files are; json means one object a line. Told by the file's ending unless said here"
    )
    encoding: str = Field("utf-8", description="The encoding of text files, such as utf-8, latin-1 or utf-16")
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = Field(
        None, description="The character between cells of CSV files; found in the header line unless said here"
    )
    nulls: tuple[str, ...] = Field((), description="Texts in CSV files that stand for no value, beside the empty one")
    types: dict[Column, ColumnType] = Field(
        default_factory=dict,
        description="Columns whose type must not be guessed: text, number, boolean, date, timestamp, or a pattern "
        "for dates and times such as %d/%m/%Y %H:%M",
    )
    time_zone: TimeZone | None = Field(None, description="Of times without an offset; the project's unless said here")

    key: Column | None = Field(None, description="The column that names a row; always read as text")
    account: Column | Via | None = Field(
        None, description="The column that names the account, or the way to it through another dataset"
    )
    relationship: Column | None = Field(
        None, description="The column that names the relationship, if rows belong to one"
    )
    occurred_at: Column | None = Field(None, description="The column that says when it happened: dates or times")
    recorded_at: Column | None = Field(
        None, description="The column that says when the source came to know it; a row counts from then on"
    )
    arrives_after: DaysFromZero = Field(0, description="Without recorded_at: how long after it happened it is known")
    known_later: Annotated[dict[Column, Column], BeforeValidator(_known_later), _KNOWN_LATER_SCHEMA] = Field(
        default_factory=dict, description="Columns that are null until the day in another column; a list: in themselves"
    )
    changed_at: Column | None = Field(None, description="With key: several rows a key, the latest change counts")
    deleted: Column | None = Field(None, description="A column that ends a key: a true value, or a date from then on")
    expected_every: Days | None = Field(None, description="How often rows should come; a longer silence is stale")

    person: Column | None = Field(None, description="Usage: the column that names who did it")
    event: Column | None = Field(None, description="Usage: the column with the name of what was done")
    feature: Column | None = Field(None, description="Usage: the column that names the feature it belongs to")
    events: Column | None = Field(
        None, description="Usage: how many events a row stands for, where rows are totals of a day; else one each"
    )

    parent: Column | None = Field(None, description="accounts: the account above")
    started_at: Column | None = Field(None, description="accounts, relationships: the first day")
    ended_at: Column | None = Field(None, description="accounts, relationships: the day it ended; never known before")
    name: Column | None = Field(None, description="accounts, relationships: what people call it")
    arr: Column | None = Field(None, description="accounts: annual recurring revenue")
    renews_on: Column | None = Field(None, description="accounts: the next renewal")
    stage: Column | None = Field(None, description="accounts: the lifecycle stage")
    owner: Column | None = Field(None, description="accounts: the customer success manager")

    outcome: Column | Always | None = Field(None, description="outcomes: what was decided, a column or always the same")
    amount: Column | None = Field(None, description="outcomes: the amount decided on")
    values: dict[str, Outcome] = Field(
        default_factory=dict, description="outcomes: the data's words for renewed, churned, contracted, expanded"
    )

    @model_validator(mode="after")
    def _has_what_its_role_needs(self) -> Dataset:
        problems = [*_source_problems(self), *_role_problems(self), *_history_problems(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def via(self) -> Via | None:
        return self.account if isinstance(self.account, Via) else None


_NEEDS: dict[str, tuple[str, ...]] = {
    "facts": ("account",),
    "accounts": ("key",),
    "relationships": ("key", "account"),
    "outcomes": ("account", "outcome"),  # without occurred_at: one outcome an account, at no known day
    "entries": ("account", "occurred_at"),
    "overrides": ("account", "recorded_at"),
    "pins": ("account", "recorded_at"),
    "treatments": ("account", "occurred_at"),
}
_ONLY: dict[str, tuple[str, ...]] = {
    "parent": ("accounts",),
    "started_at": ("accounts", "relationships"),
    "ended_at": ("accounts", "relationships"),
    "name": ("accounts", "relationships"),
    "arr": ("accounts",),
    "renews_on": ("accounts",),
    "stage": ("accounts",),
    "owner": ("accounts",),
    "outcome": ("outcomes",),
    "amount": ("outcomes",),
    "values": ("outcomes",),
}
LEDGER_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "entries": (("measure", "score"), ("source", "comment", "author", "expires_at")),
    "overrides": (("effect", "value"), ("reason", "author", "until", "withdrawn_at")),
    "pins": (("scorecard",), ("reason", "author", "until")),
    "treatments": (("by",), ("version", "is_held_out", "withdrawn_at")),
}
"""By role: the columns that rows of a ledger must have, and those they may have."""


def _source_problems(dataset: Dataset) -> list[str]:
    if (dataset.file is None) == (dataset.table is None):
        return ["a dataset has either a file or a table"]
    return []


def _role_problems(dataset: Dataset) -> list[str]:
    problems = [
        f"a dataset with role {dataset.role} needs '{option}'"
        for option in _NEEDS[dataset.role]
        if getattr(dataset, option) is None and not (option == "account" and dataset.relationship)
    ]
    for option, roles in _ONLY.items():
        if getattr(dataset, option) and dataset.role not in roles:
            problems.append(
                f"'{option}' belongs to datasets with role {' or '.join(roles)}, this one has {dataset.role}"
            )
    return [*problems, *_usage_problems(dataset)]


def _usage_problems(dataset: Dataset) -> list[str]:
    """Who did what and when belong together."""
    named = [option for option in ("person", "event", "feature", "events") if getattr(dataset, option)]
    if not named:
        return []
    if dataset.role != "facts":
        return [f"'{named[0]}' belongs to datasets with role facts, this one has {dataset.role}"]
    problems = []
    if dataset.person is None:
        problems.append(f"'{named[0]}' needs 'person': the column that names who did it")
    if dataset.event is None and dataset.feature is None:
        problems.append("'person' needs 'event' or 'feature': the column that says what was done")
    if dataset.occurred_at is None:
        problems.append(f"'{named[0]}' needs 'occurred_at': when it was done")
    return problems


def _history_problems(dataset: Dataset) -> list[str]:
    problems = []
    if dataset.changed_at and not dataset.key:
        problems.append("'changed_at' needs 'key': the latest row of each key counts")
    if dataset.deleted and not dataset.key:
        problems.append("'deleted' needs 'key': it ends a key")
    if dataset.recorded_at and dataset.arrives_after:
        problems.append("'arrives_after' is for datasets without 'recorded_at'")
    if dataset.expected_every and not (dataset.occurred_at or dataset.changed_at):
        problems.append("'expected_every' needs 'occurred_at'")
    return problems
