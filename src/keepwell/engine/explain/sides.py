"""One state of a comparison as arrays over the ids of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.explain.states import State
from keepwell.engine.explain.wording import UNASSIGNED
from keepwell.engine.scores import CardScores, EntityScores, Floats

Rows = npt.NDArray[np.int64]
NOWHERE = -1


@dataclass(frozen=True)
class Side:
    """n entities in order of `ids`; some of them may not be in this state's population, and have no card then."""

    state: State
    entity_kind: EntityKind
    ids: pa.StringArray

    @property
    def scores(self) -> EntityScores:
        found = self.state.scores.of(self.entity_kind)
        assert found is not None
        return found

    @cached_property
    def rows(self) -> Rows:
        """[n] row of each entity in the values; -1 where it is not in the population."""
        if self.ids is self.scores.ids:
            return np.arange(len(self.ids))
        found = pc.index_in(self.ids, value_set=self.scores.ids).fill_null(NOWHERE)
        return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)

    @cached_property
    def cards(self) -> tuple[CardScores, ...]:
        return tuple(self.scores.cards.values())

    @cached_property
    def card(self) -> Rows:
        """[n] index of each entity's card in `cards`; -1 without one."""
        return self._placed(lambda number, card: np.full(len(card), number))

    @cached_property
    def at(self) -> Rows:
        """[n] position of each entity within its card; -1 without one."""
        return self._placed(lambda _, card: np.arange(len(card)))

    @cached_property
    def final(self) -> Floats:
        return self._floats("final")

    @cached_property
    def computed(self) -> Floats:
        return self._floats("computed")

    @cached_property
    def labels(self) -> npt.NDArray[np.object_]:
        found = np.full(len(self.ids), UNASSIGNED, object)
        for number, card in enumerate(self.cards):
            here = self.card == number
            found[here] = card.labels[self.at[here]]
        return found

    @cached_property
    def banded(self) -> npt.NDArray[np.bool_]:
        """[n] whether the label is a band: not where there is no score, nor in a scheme without bands."""
        has_bands = np.array([*(bool(card.scheme.bands) for card in self.cards), False])
        found: npt.NDArray[np.bool_] = has_bands[self.card] & ~np.isnan(self.final)
        return found

    @cached_property
    def accounts(self) -> pa.StringArray:
        places = pa.array(self.rows, mask=self.rows == NOWHERE)
        return self.scores.accounts.take(places)

    @cached_property
    def scorecards(self) -> npt.NDArray[np.object_]:
        """[n] names of the cards; None without one."""
        names = np.array([*(card.scorecard for card in self.cards), None], object)
        found: npt.NDArray[np.object_] = names[self.card]
        return found

    def _floats(self, name: str) -> Floats:
        found = np.full(len(self.ids), np.nan)
        for number, card in enumerate(self.cards):
            here = self.card == number
            found[here] = getattr(card, name)[self.at[here]]
        return found

    def _placed(self, of_card: Callable[[int, CardScores], Rows]) -> Rows:
        by_row = np.full(len(self.scores.ids) + 1, NOWHERE)  # the last one is found by NOWHERE
        for number, card in enumerate(self.cards):
            by_row[card.rows] = of_card(number, card)
        found: Rows = by_row[self.rows]
        return found


def sides(old: State, new: State, entity_kind: EntityKind) -> tuple[Side, Side]:
    """Both states over the ids of either, in order."""
    ids = [scores.ids for state in (old, new) if (scores := state.scores.of(entity_kind)) is not None]
    if all(one is ids[0] for one in ids):  # the same values on both sides, which are in order already
        return Side(old, entity_kind, ids[0]), Side(new, entity_kind, ids[0])
    every = pc.unique(pa.concat_arrays(ids))
    every = every.take(pc.array_sort_indices(every))
    return Side(old, entity_kind, every), Side(new, entity_kind, every)
