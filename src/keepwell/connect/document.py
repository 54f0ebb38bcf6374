"""A sync as a document: which stream, which columns of it under which names, and how rows meet those that are there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from keepwell.definitions.datasets import TimeZone
from keepwell.definitions.names import Name
from keepwell.errors import RequestRefused

Kind = Literal["text", "number", "integer", "boolean", "date", "time"]
Mode = Literal["upsert", "replace", "append", "history"]
DELETED_AT, SYNCED_AT = "deleted_at", "synced_at"
"""Columns that a sync adds: when a row was found to be gone, and (history) when this version of it came."""

_OWN = frozenset({DELETED_AT, SYNCED_AT, "load_id", "local_day"})


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """`source`: a column of the stream, dots lead into objects. In YAML `from`; a text alone is a column as text."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: str = Field(alias="from", min_length=1, max_length=300)
    type: Kind = "text"


class DeletedIf(_Part):
    """A column of the stream that says a row is gone: any value, a time, or one of `values`."""

    column: str = Field(min_length=1, max_length=300)
    values: tuple[str, ...] = ()


def _column(said: Any) -> Any:
    return {"from": said} if isinstance(said, str) else said


class SyncDocument(_Part):
    """`keys`: names in the dataset that tell rows apart. `cursor`: a column of the stream; with it only newer rows are
    asked for. `deleted`: 'missing' marks rows that a whole reading did not bring.
    """

    stream: str = Field(min_length=1, max_length=300)
    dataset: Name
    columns: dict[Name, Annotated[Column, BeforeValidator(_column)]] = Field(min_length=1, max_length=500)
    mode: Mode = "upsert"
    keys: tuple[Name, ...] = ()
    cursor: str | None = Field(None, max_length=300)
    deleted: Literal["missing"] | DeletedIf | None = None
    time_zone: TimeZone | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> SyncDocument:
        problems = [*self._key_problems(), *self._mode_problems()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _key_problems(self) -> list[str]:
        problems = [f"the key '{key}' is no column of the dataset" for key in self.keys if key not in self.columns]
        problems += [
            f"'{name}' is a column that Keepwell adds: choose another name" for name in _OWN & set(self.columns)
        ]
        if self.mode != "replace" and not self.keys:
            problems.append(f"{self.mode} needs keys, by which rows are told apart; replace does not")
        return problems

    def _mode_problems(self) -> list[str]:
        problems = []
        if self.mode == "replace" and (self.cursor or self.deleted):
            problems.append("replace reads everything each time: it has no cursor, and rows that are gone are gone")
        if self.mode == "append" and self.deleted:
            problems.append("append only adds rows: use upsert or history where rows can be deleted")
        if self.cursor and self.deleted == "missing":
            problems.append(
                "missing rows are told by reading everything: leave out the cursor, or name a column in deleted"
            )
        return problems

    @property
    def reads_all(self) -> bool:
        """Whether every run reads the whole stream."""
        return self.cursor is None


def document_of(said: Any) -> SyncDocument:
    """Raises RequestRefused with everything that is wrong."""
    try:
        return SyncDocument.model_validate(said)
    except ValidationError as error:
        raise RequestRefused(*(_words(one) for one in error.errors())) from None


class _Loader(yaml.SafeLoader):
    """Words stay words: a column may be called No or On, and values true."""


_WORDS = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _WORDS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def document_from_yaml(text: str) -> SyncDocument:
    """Raises RequestRefused for what is no YAML, with the line, and for what is no document."""
    try:
        said = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise RequestRefused(f"{line}this is no YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(said, dict):
        raise RequestRefused("give YAML with stream, dataset, columns and keys")
    return document_of(said)


def as_plain(document: SyncDocument) -> dict[str, Any]:
    """As JSON keeps it."""
    plain: dict[str, Any] = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return plain


def as_yaml(document: SyncDocument) -> str:
    plain = as_plain(document)
    columns = {name: one["from"] if set(one) == {"from"} else one for name, one in plain["columns"].items()}
    return yaml.safe_dump({**plain, "columns": columns}, sort_keys=False, allow_unicode=True, width=100)


def _words(error: Any) -> str:
    place = ".".join(str(one) for one in error["loc"] if one not in ("function-before[_column(), Column]",))
    words = str(error["msg"]).removeprefix("Value error, ")
    return f"{place}: {words}" if place else words
