"""What a kind of source says of itself: its settings, its streams, and how it is checked and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import pyarrow as pa

from keepwell.errors import RequestRefused

if TYPE_CHECKING:
    from keepwell.connect.outgoing import Door

Page: TypeAlias = Sequence[Mapping[str, Any]] | pa.Table
"""Some rows as the source gives them: objects, or columns."""

Cursor = str | int | float
"""How far a source was read: the largest value of the stream's cursor column, as JSON keeps it."""

_HIDDEN = "•••"


REFUSED, TEXT = "_refused", "_text"
"""A row that the source itself could not read: why, and as it stood."""


@dataclass(frozen=True)
class Since:
    """Only rows whose `column` is `value` or larger are asked for."""

    column: str
    value: Cursor


@dataclass(frozen=True)
class Setting:
    """One thing to fill in. `secret`: encrypted where it is kept, and never shown again."""

    name: str
    title: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()
    long: bool = False


@dataclass(frozen=True)
class Settings:
    """What was filled in for one connection. `folders`: where files of this machine may be read and written."""

    values: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    folders: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        """A setting, secret or not; empty where it was not given."""
        return self.secrets.get(name) or self.values.get(name, "")

    def without_secrets(self, text: str) -> str:
        """A text that may be kept or shown: secrets that got into it are taken out."""
        for secret in sorted(self.secrets.values(), key=len, reverse=True):
            if len(secret) >= 4:
                text = text.replace(secret, _HIDDEN)
        return text


@dataclass(frozen=True)
class Stream:
    """Rows of one kind that a source has. `cursor`: the column by which only newer rows can be asked for."""

    name: str
    title: str = ""
    keys: tuple[str, ...] = ()
    cursor: str = ""


@dataclass(frozen=True)
class Spec:
    """`spec.py` of a kind holds one as SPEC. `writes`: the kind can take a field of its records back."""

    name: str
    title: str
    about: str
    settings: tuple[Setting, ...]
    writes: bool = False


class Source(Protocol):
    """`source.py` of a kind, as a module."""

    def check(self, settings: Settings, door: Door) -> str:
        """Asks the source for something small and says what it answered. Raises SourceRefused."""

    def streams(self, settings: Settings, door: Door) -> list[Stream]:
        """What can be read. Raises SourceRefused."""

    def read(self, settings: Settings, door: Door, stream: str, since: Since | None) -> Iterator[Page]:
        """Pages of a stream: all of it, or what is as new as `since` or newer. Raises SourceRefused."""


class SourceRefused(RequestRefused):
    """A source that cannot be read, or a place that cannot be written. `passing`: trying again later may help."""

    def __init__(self, *problems: object, passing: bool = False) -> None:
        super().__init__(*problems)
        self.passing = passing


def missing(spec: Spec, settings: Settings) -> dict[str, str]:
    """What stands against the settings, by name."""
    found = {}
    for one in spec.settings:
        said = settings[one.name]
        if one.required and not said and not one.default:
            found[one.name] = f"{one.title} is needed"
        elif one.choices and said and said not in one.choices:
            found[one.name] = f"'{said}' is none of {', '.join(one.choices)}"
    return found
