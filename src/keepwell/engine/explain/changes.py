"""What is said of a change: its parts between two scored states, and what a draft would move. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pyarrow as pa

from keepwell.definitions.scorecards import EntityKind

PartKind = Literal["assignment", "definition", "data", "peers", "freshness", "overrides"]


@dataclass(frozen=True)
class Part:
    """A part of a change, in points of the score. `details`, if any, sum to `change`: one for each measure."""

    kind: PartKind
    change: float
    words: str
    measure: str | None = None  # of data and peers, and of details
    details: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Attribution:
    """Why one score changed. `parts`, in the order in which they were taken, sum to `change` within 1e-9.

    Where either date has no score there are no parts and no change, only `reason`. `notes` say what could not be told
    apart, and where it was put.
    """

    entity_kind: EntityKind
    entity_id: str
    old_as_of: date
    new_as_of: date
    old_scorecard: str | None
    new_scorecard: str | None
    old_final: float | None
    new_final: float | None
    old_label: str
    new_label: str
    change: float | None
    parts: tuple[Part, ...] = ()
    reason: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BandTotal:
    """How many entities have a label, before and after."""

    label: str
    before: int
    after: int


Direction = Literal["up", "down", "other"]
"""`other`: to or from unknown or unassigned, or where neither the bands nor the scores say which is better."""


@dataclass(frozen=True)
class Mover:
    """An entity whose label changes. Scores are None for unknown and unassigned; `reason`: the largest part."""

    entity_id: str
    account_id: str
    old_scorecard: str | None
    new_scorecard: str | None
    old_final: float | None
    new_final: float | None
    old_label: str
    new_label: str
    change: float | None
    direction: Direction
    reason: str


_COMPARED: dict[str, pa.DataType] = {
    "entity_id": pa.string(),
    "account_id": pa.string(),
    "old_scorecard": pa.string(),  # null: unassigned, or not in the population
    "new_scorecard": pa.string(),
    "old_final": pa.float64(),
    "new_final": pa.float64(),
    "old_label": pa.string(),  # unknown without a score, unassigned without a card
    "new_label": pa.string(),
    "change": pa.float64(),
}
COMPARED = pa.schema(_COMPARED)
"""One row for each entity of either state, in order of id."""


@dataclass(frozen=True)
class Comparison:
    """Who moves band between two states of one date.

    `movers` change their label, largest change of the score first; `entities` (schema COMPARED) holds everybody.
    `bands` are from worst to best, then unknown and unassigned. `up`, `down` and `other` make up the movers.
    """

    entity_kind: EntityKind
    as_of: date
    entities: pa.Table
    movers: tuple[Mover, ...]
    bands: tuple[BandTotal, ...]
    up: int
    down: int
    other: int
    changed: int  # entities whose score changes at all
    new_card: int  # entities scored by another card than before
    newly_unassigned: tuple[str, ...]  # ids
    newly_assigned: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())
