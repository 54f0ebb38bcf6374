"""Runs plans over columns with NumPy, block by block, so that a block of all columns stays in the processor's cache.

Each comparison that several conditions share is made once a block. There is no null in a block: numbers and dates are
float64 with NaN, texts are codes with -1, booleans are 1, 0 and -1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.engine.columns import numbers
from keepwell.engine.rules.lowering import Always, Compare, Has, IsTruth, Joined, OneOf, Opposite, Plan

BLOCK = 16_384
Mask = npt.NDArray[np.bool_]

_UFUNCS = {
    "=": np.equal, "<>": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """A column without nulls, and for texts the code of each."""

    values: npt.NDArray[Any]
    codes: Mapping[str, int] | None = None


def prepare(column: pa.Array) -> Prepared:
    """Numbers and dates (days since 1970), texts or booleans; of other types, whether there is a value."""
    if pa.types.is_boolean(column.type):
        values = column.cast(pa.int8()).fill_null(-1)
        return Prepared(values.to_numpy(zero_copy_only=False))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        encoded = column.dictionary_encode()
        indices = encoded.indices.fill_null(-1)
        small = pa.int16() if len(encoded.dictionary) < 2**15 else pa.int32()
        texts = {text: code for code, text in enumerate(encoded.dictionary.to_pylist())}
        return Prepared(indices.cast(small).to_numpy(zero_copy_only=False), texts)
    if pa.types.is_date32(column.type):
        return Prepared(numbers(column.cast(pa.int32())))
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        return Prepared(numbers(column))
    present = column.is_valid().to_numpy(zero_copy_only=False)  # of other types it can only be asked whether they are
    return Prepared(np.where(present, 1.0, np.nan))


class Program:
    """Plans to be answered over the same columns."""

    def __init__(self, plans: Sequence[Plan], columns: Mapping[str, Prepared]) -> None:
        self._plans = plans
        self._columns = columns
        self._shared = {plan: -1 for plan, times in _uses(plans).items() if times > 1}

    def run(self, rows: int) -> npt.NDArray[np.bool_]:
        """[plans, rows]: where each plan is true."""
        found = np.empty((len(self._plans), rows), dtype=np.bool_)
        for start in range(0, rows, BLOCK):
            part = slice(start, min(start + BLOCK, rows))
            block = _Block(part, self._columns, self._shared)
            for index, plan in enumerate(self._plans):
                found[index, part] = block.mask(plan)
        return found


class _Block:
    """Answers plans for some rows. A mask that is handed out is the caller's to change, unless plans share it."""

    def __init__(self, part: slice, columns: Mapping[str, Prepared], shared: Mapping[Plan, int]) -> None:
        self._columns = columns
        self._part = part
        self._rows = part.stop - part.start
        self._shared = shared
        self._known: dict[Plan, Mask] = {}
        self._values: dict[str, npt.NDArray[Any]] = {}

    def mask(self, plan: Plan) -> Mask:
        if plan not in self._shared:
            return self._made(plan)
        if plan not in self._known:
            self._known[plan] = self._made(plan)
        return self._known[plan]

    def _made(self, plan: Plan) -> Mask:
        return _MAKERS[type(plan)](self, plan)

    def _column(self, name: str) -> npt.NDArray[Any]:
        found = self._values.get(name)
        if found is None:
            found = self._values[name] = self._columns[name].values[self._part]
        return found

    def compare(self, plan: Compare) -> Mask:
        values = self._column(plan.column)
        codes = self._columns[plan.column].codes
        if codes is not None:
            values_to: Any = values.dtype.type(codes.get(str(plan.constant), -2))
        elif plan.other is not None:
            values_to = self._column(plan.other)
        else:
            values_to = plan.constant
        found: Mask = _UFUNCS[plan.operator](values, values_to)
        if plan.operator == "<>":
            found &= self._has(plan.column)
            if plan.other is not None:
                found &= self._has(plan.other)
        return found

    def one_of(self, plan: OneOf) -> Mask:
        codes = self._columns[plan.column].codes or {}
        table = np.zeros(len(codes) + 1, dtype=np.bool_)  # the last is that of -1, null
        table[[codes[text] for text in plan.texts if text in codes]] = True
        found: Mask = table[self._column(plan.column)]
        return found

    def has(self, plan: Has) -> Mask:
        return self._has(plan.column)

    def _has(self, name: str) -> Mask:
        values = self._column(name)
        found: Mask = values == values if values.dtype.kind == "f" else values >= 0  # noqa: PLR0124 - NaN is not itself
        return found

    def is_truth(self, plan: IsTruth) -> Mask:
        found: Mask = self._column(plan.column) == np.int8(plan.truth)
        return found

    def always(self, plan: Always) -> Mask:
        return np.full(self._rows, plan.truth)

    def joined(self, plan: Joined) -> Mask:
        join = np.logical_and if plan.every else np.logical_or
        first, *others = plan.parts
        found = self.mask(first)
        if first in self._shared:
            found = found.copy()
        for part in others:
            join(found, self.mask(part), out=found)
        return found

    def opposite(self, plan: Opposite) -> Mask:
        return ~self.mask(plan.part)


_MAKERS: dict[type[Any], Callable[[_Block, Any], Mask]] = {
    Compare: _Block.compare,
    OneOf: _Block.one_of,
    Has: _Block.has,
    IsTruth: _Block.is_truth,
    Always: _Block.always,
    Joined: _Block.joined,
    Opposite: _Block.opposite,
}


def _uses(plans: Sequence[Plan]) -> Counter[Plan]:
    """How often each plan occurs, inside others too; below one that was met before nothing is counted again."""
    found: Counter[Plan] = Counter()
    waiting = list(plans)
    while waiting:
        plan = waiting.pop()
        found[plan] += 1
        if found[plan] == 1:
            waiting.extend(_parts(plan))
    return found


def _parts(plan: Plan) -> Iterator[Plan]:
    if isinstance(plan, Joined):
        yield from plan.parts
    elif isinstance(plan, Opposite):
        yield plan.part


def columns_of(plans: Sequence[Plan]) -> frozenset[str]:
    """The columns that plans read."""
    found: set[str] = set()
    for plan in _uses(plans):
        if isinstance(plan, Compare):
            found |= {plan.column} | ({plan.other} if plan.other is not None else set())
        elif isinstance(plan, OneOf | Has | IsTruth):
            found.add(plan.column)
    return frozenset(found)
