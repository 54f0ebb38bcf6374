"""What a target of write-back says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from keepwell.connect.extra import quiet_dlt
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Setting, Settings
from keepwell.errors import RequestRefused

TARGETS = ("files", "table", "webhook", "field")
Row = Mapping[str, Any]
Refusals = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class TargetSpec:
    """`kinds`: of connections it writes through, none for a target that needs none. `at_once`: rows a call, 0 all."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]
    settings: tuple[Setting, ...]
    at_once: int = 0


@dataclass(frozen=True)
class Delivery:
    """What is sent: `number` of the sending and `part` in it name it for good, so that a repetition can be told.

    `kind`: of the connection. `changes_alone`: rows that are not among these stay as they are on the other side.
    """

    export: str
    number: int
    part: str
    at: str
    kind: str = ""
    changes_alone: bool = True

    @property
    def key(self) -> str:
        return f"{self.export}-{self.number}-{self.part}"


class Target(Protocol):
    """`writing/<target>.py` as a module."""

    SPEC: TargetSpec

    def write(
        self, connection: Settings, options: Settings, door: Door, rows: Sequence[Row], delivery: Delivery
    ) -> Refusals:
        """Writes rows; yields the id of each that the other side refused, with its reason. Raises SourceRefused."""


def target_of(name: str) -> Target:
    """Raises RequestRefused for a target that there is not."""
    if name not in TARGETS:
        raise RequestRefused(f"there is no target '{name}': {', '.join(TARGETS)}")
    quiet_dlt()
    return cast(Target, import_module(f"keepwell.connect.writing.{name}"))


def all_targets() -> list[TargetSpec]:
    return [target_of(name).SPEC for name in TARGETS]
