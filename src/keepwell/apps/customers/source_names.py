"""The ids that sources give people, told by whoever knows them: they lie above customers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SourceName:
    """`kind`: what sort of id it is, in a word. `first_seen`: when a source named the person so for the first time."""

    kind: str
    source_id: str
    first_seen: datetime


Names = Mapping[uuid.UUID, Sequence[SourceName]]
_known: dict[str, Callable[[Collection[uuid.UUID]], Names]] = {}


def register_names(app: str, names: Callable[[Collection[uuid.UUID]], Names]) -> None:
    """`names`: by the key of a person, those that an app knows."""
    _known[app] = names


def names_of(keys: Collection[uuid.UUID]) -> dict[uuid.UUID, list[SourceName]]:
    """Every id of each person, by their key, in the order in which they were seen first."""
    found: dict[uuid.UUID, list[SourceName]] = {key: [] for key in keys}
    for names in _known.values():
        for key, some in names(keys).items():
            found[key] += some
    return {key: sorted(some, key=lambda one: one.first_seen) for key, some in found.items()}
