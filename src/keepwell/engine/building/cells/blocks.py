"""Reduced rows as arrays, some groups at a time: groups are entities, or pairs of an entity and a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.building.cells.reach import Numbers, Reach
from keepwell.engine.metrics.cells.lowering import BY, CELL
from keepwell.engine.metrics.cells.plan import CellPartial
from keepwell.engine.metrics.cells.stretches import Mask
from keepwell.engine.metrics.visible import ENTITY

_GROUPS_AT_ONCE = 2048
"""So many groups times a hundred cells stay in the cache of a processor."""


@dataclass(frozen=True)
class Keys:
    """`entity` and `value` by row of a table; a value that is null is -1."""

    entities: pa.Array
    entity: Numbers
    values: pa.Array
    value: Numbers

    @classmethod
    def of(cls, table: pa.Table) -> Keys:
        entities, entity = coded(table[ENTITY])
        if BY not in table.column_names:
            return cls(entities, entity, pa.array([], pa.string()), np.full(len(table), -1))
        return cls(entities, entity, *coded(table[BY]))

    def number_of(self, value: str) -> int:
        """The number of a text; one that no row has, where it is not there."""
        found = int(pc.index(self.values, pa.scalar(value, self.values.type)).as_py())
        return found if found >= 0 else -2


def coded(column: pa.ChunkedArray) -> tuple[pa.Array, Numbers]:
    """The different values of a column, and which of them each row has; -1 for null. -0.0 is 0.0."""
    if pa.types.is_floating(column.type):
        column = pc.add(column, pa.scalar(0.0, column.type))
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return encoded.dictionary, pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)


@dataclass(frozen=True)
class Block:
    """Some groups, and their rows: `group` counts from the first of the block.

    `entity`, `value`: by group. `columns`: by row, the partials; one without a column counts all rows. `pair`: by row
    of a list, its stretch (a day) and its arrival.
    """

    entity: Numbers
    value: Numbers
    group: Numbers
    cell: Numbers
    cells: int
    columns: Mapping[CellPartial, Numbers]
    pair: Numbers | None = None

    def added(self, column: Numbers | None) -> Numbers:
        """[cells, groups]: the numbers of a column added up; without one, how many rows there are."""
        shape = self.cells, len(self.entity)
        if column is None:
            return np.bincount(self._places, minlength=shape[0] * shape[1]).reshape(shape)
        if np.issubdtype(column.dtype, np.integer):
            dense = np.zeros(shape[0] * shape[1], dtype=np.int64)
            np.add.at(dense, self._places, column.astype(np.int64, copy=False))
            return dense.reshape(shape)
        return np.bincount(self._places, weights=column, minlength=shape[0] * shape[1]).reshape(shape)

    def least(self, column: Numbers) -> Numbers:
        """[cells, groups]: the least number of a column, infinity where there are no rows."""
        dense = np.full(self.cells * len(self.entity), np.inf)
        np.minimum.at(dense, self._places, column)
        return dense.reshape(self.cells, -1)

    @property
    def _places(self) -> Numbers:
        return self.cell * len(self.entity) + self.group


def grouped_blocks(keys: Keys, cell: Numbers, reach: Reach, columns: Mapping[CellPartial, Numbers]) -> Iterator[Block]:
    """Of rows that are one cell of a group each, in any order."""
    whole = keys.entity.astype(np.int64) * (len(keys.values) + 1) + keys.value + 1
    order = np.argsort(whole, kind="stable")
    starts = np.flatnonzero(np.diff(whole[order], prepend=-1))
    for number in range(0, len(starts), _GROUPS_AT_ONCE):
        mine = starts[number : number + _GROUPS_AT_ONCE]
        after = number + _GROUPS_AT_ONCE
        rows = order[mine[0] : starts[after] if after < len(starts) else len(order)]
        is_next = np.zeros(len(rows), dtype=np.int64)
        is_next[mine[1:] - mine[0]] = 1
        heads, chosen = order[mine], {partial: column[rows] for partial, column in columns.items()}
        yield Block(keys.entity[heads], keys.value[heads], np.cumsum(is_next), cell[rows], reach.cells, chosen)


def listed_blocks(keys: Keys, table: pa.Table, reach: Reach, partials: Mapping[CellPartial, str]) -> Iterator[Block]:
    """Of groups that hold lists of rows. `partials`: those that have a column, and its name."""
    start = 0
    for batch in table.to_batches(max_chunksize=_GROUPS_AT_ONCE):
        groups = slice(start, start + len(batch))
        start += len(batch)
        pairs = batch[CELL]
        group = np.repeat(np.arange(len(batch)), np.diff(pairs.offsets.to_numpy()))
        columns = {partial: _flat(batch[name]) for partial, name in partials.items()}
        pair = _flat(pairs)
        yield Block(keys.entity[groups], keys.value[groups], group, reach.cell_of[pair], reach.cells, columns, pair)


def listed_pairs(table: pa.Table, pairs: int) -> Mask:
    """Which pairs of a stretch and an arrival have rows."""
    used = np.zeros(pairs, dtype=np.bool_)
    for chunk in table[CELL].chunks:
        used[_flat(chunk)] = True
    return used


def _flat(lists: pa.ListArray) -> Numbers:
    numbers: Numbers = lists.flatten().to_numpy(zero_copy_only=False)
    return numbers
