"""What is kept from one run to the next, so that the next reads only what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.refresh.part import Part


@dataclass(frozen=True, order=True)
class PartKey:
    """`days_before`: of the date itself 0; a change looks at an earlier date, which has a part of its own."""

    dataset: str
    entity_kind: EntityKind
    days_before: int
    windowed: bool


@dataclass(frozen=True)
class RefreshState:
    """Parts by dataset. A state is never changed: refreshing gives a new one, which shares what stayed the same."""

    parts: Mapping[PartKey, Part]
