"""What a file can be brought into: accounts, people, and every dataset that is kept in the lake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.connectors.importing.merging import Manner
from keepwell.apps.customers.lake_writes import lake_table
from keepwell.definitions.columns import id_columns, named_columns, number_columns, time_columns
from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.errors import DataRefused, RequestRefused
from keepwell.lake.data import file_source
from keepwell.lake.files.source import KINDS, find_files
from keepwell.lake.loading import LOCAL_DAY
from keepwell.lake.place import FACTS
from keepwell.lake.tables.table import LOAD_ID

PEOPLE = "keepwell.people"
_OPTIONS = {
    "key": ("id", "account id", "key"), "name": ("name", "account name", "company", "customer"),
    "owner": ("csm", "owner", "customer success manager"), "arr": ("arr", "annual recurring revenue", "revenue"),
    "stage": ("stage", "lifecycle stage"), "renews_on": ("renews on", "renewal", "renewal date"),
    "started_at": ("started on", "start date", "customer since"), "parent": ("parent", "parent id", "parent account"),
    "account": ("account", "account id", "customer id", "company id"), "occurred_at": ("date", "time", "happened at"),
}  # fmt: skip
"""What files often call the column that an option of a dataset names."""

_LONGEST = {"key": 200, "account": 200, "parent": 200, "name": 300, "owner": 150, "stage": 100}


@dataclass(frozen=True)
class Field:
    """A column that a file's column can be matched with. `kind`: see cells, "" where the file decides."""

    name: str
    title: str
    kind: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    longest: int = 100_000


@dataclass(frozen=True)
class Target:
    """`kind`: accounts, people or dataset. `account`: the column that names the account. `refusal`: why not now."""

    name: str
    title: str
    kind: str
    fields: tuple[Field, ...]
    manner: Manner = field(default_factory=Manner)
    zone: str = "UTC"
    project_zone: str = "UTC"
    account: str | None = None
    parent: str | None = None
    occurred_at: str | None = None
    refusal: str = ""

    @property
    def takes_new_columns(self) -> bool:
        return self.kind != "people"

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    @property
    def required(self) -> list[Field]:
        return [one for one in self.fields if one.required]


def targets() -> list[Target]:
    """Accounts and people first. None where nothing is published yet."""
    project = current_project()
    if project is None:
        return []
    found = [_of_dataset(project, name) for name in project.datasets if not _kept_elsewhere(project.datasets[name])]
    found.sort(key=lambda one: (one.kind != "accounts", one.title))
    at = 1 if found and found[0].kind == "accounts" else 0
    return [*found[:at], _people(), *found[at:]]


def target_named(name: str) -> Target:
    """Raises NotVisible where there is no such target (any more)."""
    found = next((one for one in targets() if one.name == name), None)
    if found is None:
        raise NotVisible
    return found


def dataset_of(target: Target) -> Dataset:
    project = current_project()
    assert project is not None
    return project.datasets[target.name]


def usable(target: Target) -> Target:
    """Raises RequestRefused where a file cannot be brought into it now."""
    if target.refusal:
        raise RequestRefused(target.refusal)
    return target


def _kept_elsewhere(dataset: Dataset) -> bool:
    """Ledgers are what people enter, and tables are somebody else's."""
    return dataset.table is not None or dataset.role in ("entries", "overrides", "pins")


def _people() -> Target:
    return Target(
        PEOPLE, "People", "people",
        (
            Field("account_id", "Account", "text", True, _OPTIONS["account"], 200),
            Field("name", "Name", "text", False, ("full name", "contact", "contact name", "person"), 200),
            Field("email", "E-mail address", "text", False, ("email", "e-mail", "mail"), 254),
            Field("phone", "Phone", "text", False, ("telephone", "mobile"), 50),
            Field("role", "Role", "text", False, ("job title", "title", "position"), 100),
            Field("is_sponsor", "Sponsor", "boolean", False, ("sponsor", "executive sponsor")),
            Field("key", "Key", "text", False, ("person key",), 36),
        ),
        account="account_id",
    )  # fmt: skip


def _of_dataset(project: Project, name: str) -> Target:
    dataset = project.datasets[name]
    is_accounts = dataset.role == "accounts"
    account = dataset.account if isinstance(dataset.account, str) else None
    return Target(
        name, "Accounts" if is_accounts else (dataset.title or name.replace("_", " ").capitalize()),
        "accounts" if is_accounts else "dataset", tuple(_fields(project, name)), _manner(dataset),
        project.zone_of(name), project.settings.time_zone, dataset.key if is_accounts else account, dataset.parent,
        dataset.occurred_at, _refusal(project, name),
    )  # fmt: skip


def _manner(dataset: Dataset) -> Manner:
    return Manner((dataset.key,) if dataset.key else (), dataset.changed_at)


def _refusal(project: Project, name: str) -> str:
    """Rows that are read from files would be hidden by the first import."""
    if lake_table(FACTS + name).exists:
        return ""
    try:
        find_files(file_source(project, name, Path(settings.ENVIRONMENT.data_dir) / "files"))
    except DataRefused:
        return ""
    return f"'{name}' is read from its files: load them into the lake with `keepwell load {name}` first"


def _fields(project: Project, name: str) -> Iterator[Field]:
    """Columns of the table in the lake, and those that the definition names."""
    dataset, table = project.datasets[name], lake_table(FACTS + name)
    held = {one.name: one.type for one in table.schema()} if table.exists else {}
    named = {column: None for _, column in named_columns(project, name)}
    own = {LOAD_ID, LOCAL_DAY, table.layout.month_column if table.exists else None}
    options = {getattr(dataset, option): option for option in _OPTIONS if isinstance(getattr(dataset, option), str)}
    needed = {dataset.key, dataset.account if isinstance(dataset.account, str) else None, dataset.occurred_at,
              dataset.via.on if dataset.via else None}  # fmt: skip
    for column in dict.fromkeys([*named, *held]):
        if column in own:
            continue
        option = options.get(column, "")
        kind = _kind_held(held[column]) if column in held else _kind_said(dataset, column)
        yield Field(
            column, column.replace("_", " ").capitalize(), kind, column in needed, _OPTIONS.get(option, ()),
            _LONGEST.get(option, 100_000) if dataset.role == "accounts" or option == "account" else 100_000,
        )  # fmt: skip


def _kind_held(kind: pa.DataType) -> str:
    tests = {
        "whole": pa.types.is_integer, "boolean": pa.types.is_boolean, "date": pa.types.is_date,
        "time": pa.types.is_timestamp, "number": lambda one: pa.types.is_floating(one) or pa.types.is_decimal(one),
    }  # fmt: skip
    return next((name for name, test in tests.items() if test(kind)), "text")


def _kind_said(dataset: Dataset, column: str) -> str:
    said = dataset.types.get(column, "")
    if said in KINDS:
        return {"timestamp": "time"}.get(said, said)
    if column in id_columns(dataset):
        return "text"
    return (
        "number" if column in number_columns(dataset) else "" if column not in time_columns(dataset) else "day or time"
    )
