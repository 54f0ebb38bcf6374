"""Assignment: which scorecard an entity has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.names import unknown

Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
UNASSIGNED = -1


@dataclass(frozen=True)
class Assignment:
    """For each of n entities the index of its card among `cards`, -1 for none."""

    cards: tuple[str, ...]
    index: Rows
    warnings: tuple[str, ...] = ()

    def rows(self, card: str) -> Rows:
        """Rows that have the card, ascending."""
        return np.flatnonzero(self.index == self.cards.index(card))

    @property
    def unassigned(self) -> Rows:
        return np.flatnonzero(self.index == UNASSIGNED)


def assign(conditions: Mapping[str, Bools | None], pins: pa.Table, ids: pa.StringArray) -> Assignment:
    """The first card whose condition holds, unless the entity is pinned to one.

    `conditions`: the cards of the entity's kind in their order, each with the truth of its `applies_to` for the n
    entities, None where it fits everyone. `pins` is `values.PINS`. A pin to a card that this kind does not have
    counts for nothing and is a warning.
    """
    index = np.full(len(ids), UNASSIGNED, np.int64)
    for number, condition in enumerate(conditions.values()):
        free = index == UNASSIGNED
        index[free if condition is None else free & condition] = number
    cards, warnings = tuple(conditions), []
    for pin in pins.select(["entity", "scorecard"]).to_pylist():
        if pin["scorecard"] in conditions:
            index[pin["entity"]] = cards.index(pin["scorecard"])
        else:
            who, what = ids[pin["entity"]].as_py(), unknown("scorecard", str(pin["scorecard"]), cards)
            warnings.append(f"the pin of '{who}' is not followed: {what}")
    return Assignment(cards, index, tuple(warnings))
