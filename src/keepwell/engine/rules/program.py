"""Runs plans over columns with NumPy, block by block, so that a block of all columns stays in the processor's cache.

There is no null in a block: numbers and dates are
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


Step = tuple[Callable[..., Any], int, int, int]
"""A function of two places of a block's memory, and the place where the result goes."""

_NONE = -1
"""Stands in a step for a second argument that there is not."""

_FEW = 3
"""So many texts are quicker compared one by one than looked up in a table."""


class Program:
    """Plans to be answered over the same columns.

    They become a list of steps over numbered places: registers (masks of a block), columns and constants. So a block is
    a loop over steps, each one call of NumPy, and what plans share has a register that nothing else is written to.
    """

    def __init__(self, plans: Sequence[Plan], columns: Mapping[str, Prepared]) -> None:
        self._columns = columns
        self._shared = {plan for plan, times in _uses(plans).items() if times > 1}
        self._known: dict[Plan, int] = {}
        self._steps: list[Step] = []
        self._free: list[int] = []
        self._kinds: list[str | None] = []  # of each place: the column that it is, None for registers
        self._constants: dict[int, Any] = {}
        self._places: dict[str, int] = {}
        self._ends: list[tuple[int, int]] = []  # after so many steps a plan's mask stands in this place
        for plan in plans:
            place, is_free = self._emit(plan)
            self._ends.append((len(self._steps), place))
            if is_free:
                self._free.append(place)

    def run(self, rows: int) -> npt.NDArray[np.bool_]:
        """[plans, rows]: where each plan is true."""
        found = np.empty((len(self._ends), rows), dtype=np.bool_)
        registers = {place: np.empty(min(BLOCK, rows), np.bool_) for place in self._registers()}
        for start in range(0, rows, BLOCK):
            part = slice(start, min(start + BLOCK, rows))
            memory = self._memory(registers, part)
            done = 0
            for plan, (end, place) in enumerate(self._ends):
                for function, left, right, out in self._steps[done:end]:
                    if right == _NONE:
                        function(memory[left], memory[out])
                    else:
                        function(memory[left], memory[right], memory[out])
                done = end
                found[plan, part] = memory[place]
        return found

    def _registers(self) -> list[int]:
        return [place for place, kind in enumerate(self._kinds) if kind is None and place not in self._constants]

    def _memory(self, registers: Mapping[int, Mask], part: slice) -> list[Any]:
        """The places as they are for some rows."""
        rows = part.stop - part.start
        return [
            self._constants[place]
            if place in self._constants
            else registers[place][:rows]
            if kind is None
            else self._columns[kind].values[part]
            for place, kind in enumerate(self._kinds)
        ]

    def _emit(self, plan: Plan) -> tuple[int, bool]:
        """Steps that answer a plan: where the mask then stands, and whether that place is free to be written to."""
        if plan in self._known:
            return self._known[plan], False
        place = _EMITTERS[type(plan)](self, plan)
        if plan in self._shared:
            self._known[plan] = place
            return place, False
        return place, True

    def _register(self) -> int:
        return self._free.pop() if self._free else self._place(None)

    def _place(self, kind: str | None) -> int:
        self._kinds.append(kind)
        return len(self._kinds) - 1

    def _column(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = self._place(name)
        return self._places[name]

    def _constant(self, value: Any) -> int:
        place = self._place(None)
        self._constants[place] = value
        return place

    def _step(self, function: Callable[..., Any], left: int, right: int = _NONE, out: int | None = None) -> int:
        place = self._register() if out is None else out
        self._steps.append((function, left, right, place))
        return place

    def compare(self, plan: Compare) -> int:
        column, codes = self._columns[plan.column], self._columns[plan.column].codes
        if codes is not None:
            other = self._constant(column.values.dtype.type(codes.get(str(plan.constant), -2)))
        else:
            other = self._column(plan.other) if plan.other is not None else self._constant(plan.constant)
        place = self._step(_UFUNCS[plan.operator], self._column(plan.column), other)
        if plan.operator == "<>":  # also true of what is no value
            for name in (plan.column, *([plan.other] if plan.other is not None else [])):
                self._narrow(place, self._has(name))
        return place

    def _narrow(self, place: int, by: int) -> None:
        self._step(np.logical_and, place, by, place)
        self._free.append(by)

    def one_of(self, plan: OneOf) -> int:
        codes = self._columns[plan.column].codes or {}
        known = [Compare("=", plan.column, text) for text in sorted(plan.texts) if text in codes]
        if 0 < len(known) <= _FEW:
            return self.joined(Joined(False, tuple(known)))
        table = np.zeros(len(codes) + 1, dtype=np.bool_)  # the last is that of -1, null
        table[[codes[text] for text in plan.texts if text in codes]] = True
        return self._step(_looked_up, self._constant(table), self._column(plan.column))

    def has(self, plan: Has) -> int:
        return self._has(plan.column)

    def _has(self, name: str) -> int:
        values, column = self._columns[name].values, self._column(name)
        if values.dtype.kind == "f":
            return self._step(np.equal, column, column)  # NaN is not itself
        return self._step(np.greater_equal, column, self._constant(values.dtype.type(0)))

    def is_truth(self, plan: IsTruth) -> int:
        return self._step(np.equal, self._column(plan.column), self._constant(np.int8(plan.truth)))

    def always(self, plan: Always) -> int:
        return self._step(_filled, self._constant(plan.truth))

    def joined(self, plan: Joined) -> int:
        join = np.logical_and if plan.every else np.logical_or
        place, is_free = self._emit(plan.parts[0])
        for part in plan.parts[1:]:
            other, other_is_free = self._emit(part)
            place = self._step(join, place, other, place if is_free else None)
            is_free = True
            if other_is_free:
                self._free.append(other)
        return place

    def opposite(self, plan: Opposite) -> int:
        place, is_free = self._emit(plan.part)
        return self._step(np.logical_not, place, out=place if is_free else None)


def _looked_up(table: Mask, codes: npt.NDArray[Any], out: Mask) -> None:
    np.take(table, codes, out=out, mode="wrap")


def _filled(value: bool, out: Mask) -> None:
    out[:] = value


_EMITTERS: dict[type[Any], Callable[[Program, Any], int]] = {
    Compare: Program.compare,
    OneOf: Program.one_of,
    Has: Program.has,
    IsTruth: Program.is_truth,
    Always: Program.always,
    Joined: Program.joined,
    Opposite: Program.opposite,
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
