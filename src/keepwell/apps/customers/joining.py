"""Who counts as one person elsewhere, once their entries are merged. Apps above this one register what they count."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

Keys = Callable[[uuid.UUID, uuid.UUID], None]


@dataclass(frozen=True)
class Joiner:
    """`join(key, into)` counts the one as the other, `part(key, into)` takes that back; in the caller's transaction."""

    join: Keys
    part: Keys


_joiners: dict[str, Joiner] = {}


def register_joiner(name: str, joiner: Joiner) -> None:
    _joiners[name] = joiner


def join_everywhere(key: uuid.UUID, into: uuid.UUID) -> None:
    for one in _joiners.values():
        one.join(key, into)


def part_everywhere(key: uuid.UUID, into: uuid.UUID) -> None:
    for one in _joiners.values():
        one.part(key, into)
