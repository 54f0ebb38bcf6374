"""The tables of every moment from one reduction, as `Lowering` describes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.building.cells.answers import (
    Age,
    Answer,
    Days,
    Frame,
    Latest,
    Least,
    OrNull,
    Present,
    Ranked,
    Total,
    View,
    Window,
)
from keepwell.engine.building.cells.blocks import Block, Keys, grouped_blocks, listed_blocks, listed_pairs
from keepwell.engine.building.cells.fields import Field, field_of
from keepwell.engine.building.cells.reach import Numbers, reach
from keepwell.engine.metrics.cells.lowering import ARRIVAL, STRETCH, age_name, partial_name, value_name
from keepwell.engine.metrics.cells.plan import CellPart, CellPartial, Reduction
from keepwell.engine.metrics.cells.stretches import Mask, Stretches
from keepwell.engine.metrics.lowering import FAULTS, OBSERVED
from keepwell.engine.metrics.visible import ENTITY


def tables(reduction: Reduction, reduced: pa.Table, stretches: Stretches) -> Iterator[pa.Table]:
    """A table for each moment, from the rows that `CellLowering` describes."""
    keys = Keys.of(reduced)
    fields = {} if reduction.listed else _fields(reduction, reduced)
    used = _used(reduction, reduced, stretches)
    reached = reach(stretches, [part.request.window for part in reduction.parts], used)
    frame = Frame(keys, reached, stretches, _wanted(reduction), is_whole=reduction.by is None)
    answers = dict(_answers(reduction, reduced, frame, fields))
    for block in _blocks(reduction, reduced, frame, fields):
        view = View(frame, block)
        for answer in answers.values():
            answer.take(view)
    for moment in range(len(stretches.moments)):
        columns = {name: answer.column(moment) for name, answer in answers.items()}
        yield pa.table({ENTITY: keys.entities, **columns})


def _fields(reduction: Reduction, reduced: pa.Table) -> dict[CellPartial, Field]:
    return {partial: field_of(partial, reduced[partial_name(i)]) for i, partial in enumerate(reduction.partials)}


def _used(reduction: Reduction, reduced: pa.Table, stretches: Stretches) -> Mask:
    """Which pairs of a stretch and an arrival have rows."""
    pairs = len(stretches.starts) * len(stretches.arrivals)
    if reduction.listed:
        return listed_pairs(reduced, pairs)
    return np.bincount(_pairs(reduced, stretches), minlength=pairs) > 0


def _pairs(reduced: pa.Table, stretches: Stretches) -> Numbers:
    """By row, the number of its pair."""
    stretch, arrival = (reduced[name].to_numpy().astype(np.int64) for name in (STRETCH, ARRIVAL))
    pairs: Numbers = stretch * len(stretches.arrivals) + arrival
    return pairs


def _wanted(reduction: Reduction) -> Mapping[CellPartial, frozenset[Window]]:
    found: dict[CellPartial, set[Window]] = defaultdict(set)
    for part in reduction.parts:
        for partial in part.partials:
            found[partial].add(part.request.window)
    return {partial: frozenset(windows) for partial, windows in found.items()}


def _blocks(
    reduction: Reduction, reduced: pa.Table, frame: Frame, fields: Mapping[CellPartial, Field]
) -> Iterable[Block]:
    if reduction.listed:
        names = {partial: partial_name(index) for index, partial in enumerate(reduction.partials)}
        listed = {partial: name for partial, name in names.items() if name in reduced.column_names}
        return listed_blocks(frame.keys, reduced, frame.reach, listed)
    cell = frame.reach.cell_of[_pairs(reduced, frame.stretches)]
    numbers = {partial: one.numbers for partial, one in fields.items()}
    return grouped_blocks(frame.keys, cell, frame.reach, numbers)


def _answers(
    reduction: Reduction, reduced: pa.Table, frame: Frame, fields: Mapping[CellPartial, Field]
) -> Iterator[tuple[str, Answer]]:
    numbers = {partial: index for index, partial in enumerate(reduction.partials)}
    for part in reduction.parts:
        name = part.request.name
        if part.answer == "ranked":
            number, ranks = numbers[part.partial], fields[part.partial].numbers
            ages = reduced[age_name(number)].combine_chunks().cast(pa.float64())
            days = frame.days(pc.fill_null(ages, np.inf).to_numpy(zero_copy_only=False))
            yield name, Ranked(frame, part, ranks, reduced[value_name(number)].combine_chunks())
            yield OBSERVED + name, Ranked(frame, part, ranks, days)
            continue
        yield (FAULTS + name if part.answer == "faults" else name), _answer(part, frame, fields)
        if part.observes:
            yield OBSERVED + name, Latest(frame, part.latest, part, fields[part.latest].value)


def _answer(part: CellPart, frame: Frame, fields: Mapping[CellPartial, Field]) -> Answer:
    if part.answer == "extreme":
        return Least(frame, part.partial, part, fields[part.partial].value)
    if part.answer == "aged":
        return Age(frame, part.partial, part, fields[part.partial].value)
    if part.answer == "days":
        return Days(frame, part)
    if part.answer == "present":
        return Present(frame, part.partial, part)
    total = Total(frame, part.partial, part)
    if part.counts:
        return OrNull(total, Total(frame, part.entered, part), divided=part.answer == "averaged")
    return total
