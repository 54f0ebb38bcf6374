"""Children: the hierarchy of entities, and aggregates of a value over an entity's direct children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.metrics import ChildrenMetric
from keepwell.engine.columns import nullable, numbers
from keepwell.engine.scoring.validity import NOT_A_DATE, Dates
from keepwell.engine.values import EntityValues

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Aggregation = Literal["sum", "avg", "min", "max", "weighted_avg"]
NO_PARENT = -1


def parent_rows(ids: pa.StringArray, parents: pa.StringArray) -> Rows:
    """For each of `parents` [k] the row in `ids` [n] of that name; -1 for null and for a name outside the population.

    Of accounts under accounts: `parent_rows(values.ids, values.parents)`; of relationships under accounts:
    `parent_rows(accounts.ids, relationships.accounts)`.
    """
    if parents.null_count == len(parents):
        return np.full(len(parents), NO_PARENT)
    found = pc.index_in(parents, value_set=ids, skip_nulls=True)
    rows: Rows = found.cast(pa.int64()).fill_null(NO_PARENT).to_numpy(zero_copy_only=False)
    return rows


@dataclass(frozen=True)
class Hierarchy:
    """Heights [n]: 0 without children, else one more than the highest child; -1 in a circle of parents. Circles by
    row.
    """

    heights: Rows
    circles: tuple[tuple[int, ...], ...]

    @property
    def in_circle(self) -> npt.NDArray[np.bool_]:
        return self.heights < 0

    def problems(self, ids: pa.StringArray) -> tuple[str, ...]:
        """One sentence for each circle."""
        return tuple(
            "parents run in a circle: "
            + " -> ".join(f"'{ids[row].as_py()}'" for row in (*circle, circle[0]))
            + "; metrics over the children of these accounts are null until one of the parents is corrected"
            for circle in self.circles
        )


def hierarchy(parents: Rows) -> Hierarchy:
    """Heights and circles from the row of each entity's parent (-1: none). O(n): leaves are taken away, layer by layer.

    Each circle is listed from its lowest row, child before parent.
    """
    heights = np.zeros(len(parents), np.int64)
    waiting = np.bincount(parents[parents >= 0], minlength=len(parents))
    layer, height = np.flatnonzero(waiting == 0), 0
    done = np.zeros(len(parents), np.bool_)
    while len(layer):
        done[layer] = True
        heights[layer] = height
        above = parents[layer]
        above = above[above >= 0]
        np.subtract.at(waiting, above, 1)
        candidates = np.unique(above)
        layer, height = candidates[waiting[candidates] == 0], height + 1
    heights[~done] = -1
    return Hierarchy(heights, _circles(parents, np.flatnonzero(~done)))


def _circles(parents: Rows, rows: Rows) -> tuple[tuple[int, ...], ...]:
    """Whatever is left after the leaves are gone lies on a circle: one parent each, so circles do not meet."""
    found, seen = [], set()
    for start in rows.tolist():
        circle: list[int] = []
        row = start
        while row not in seen:
            seen.add(row)
            circle.append(row)
            row = int(parents[row])
        if circle:
            found.append(tuple(circle))
    return tuple(found)


@dataclass(frozen=True)
class ChildrenResult:
    """A children metric for n parents: float64 with nulls, and the oldest observation behind each (NaT for none).

    `observed` is None where the children were observed at the date itself.
    """

    column: pa.Array
    observed: Dates | None


def children_metric(metric: ChildrenMetric, ids: pa.StringArray, children: EntityValues | None) -> ChildrenResult:
    """A children metric that does not rest on scores, for the entities `ids`, from the values of their children.

    `children` are the accounts themselves or the relationships, as `metric.of` says, with the metrics that it reads;
    None where there are none. Null for every account in a circle of parents.
    """
    if children is None:
        return ChildrenResult(nullable(np.full(len(ids), np.nan)), None)
    parents = rows_of_parents(metric, ids, children)
    values = numbers(children.metrics[metric.children])
    weights = None if metric.weight is None else numbers(_named(children, metric.weight))
    result = aggregate_children(values, parents, len(ids), metric.aggregate, weights)
    days = children.observed.get(metric.children)
    return ChildrenResult(nullable(result), None if days is None else oldest_child(days, values, parents, len(ids)))


def rows_of_parents(metric: ChildrenMetric, ids: pa.StringArray, children: EntityValues) -> Rows:
    """For each child the row of its parent in `ids`; none for the children of accounts in a circle."""
    if metric.of == "relationships":
        return parent_rows(ids, children.accounts)
    parents = parent_rows(ids, children.parents)
    circle = hierarchy(parents).in_circle
    return np.where((parents >= 0) & circle[parents], NO_PARENT, parents)


def _named(values: EntityValues, name: str) -> pa.ChunkedArray:
    """The metric of that name, else the attribute."""
    return values.metrics[name] if name in values.metrics.column_names else values.attributes[name]


def aggregate_children(
    values: Floats, parents: Rows, n: int, aggregation: Aggregation, weights: Floats | None = None
) -> Floats:
    """An aggregate over each parent's children. `values` [k] and `weights` [k] of the children, `parents` [k] -> [n].

    Null values are skipped, and under weighted_avg children with a null or zero weight (a negative one too: it has no
    meaning as a share); NaN where none remain. The sum runs in the order of the children's rows.
    """
    counted = (parents >= 0) & ~np.isnan(values)
    if aggregation == "weighted_avg":
        if weights is None:
            raise ValueError("a weighted average needs weights")
        counted &= weights > 0
    at, value = parents[counted], values[counted]
    present = np.bincount(at, minlength=n) > 0
    weight = weights[counted] if aggregation == "weighted_avg" and weights is not None else None
    result = _AGGREGATES[aggregation](at, value, n, weight)
    return np.where(present, result, np.nan)


def oldest_child(days: date | Dates, values: Floats, parents: Rows, n: int) -> Dates:
    """The oldest day among each parent's children that have a value; NaT without any. [k] -> [n]."""
    days = np.broadcast_to(np.asarray(days, "datetime64[D]"), len(values))
    counted = (parents >= 0) & ~np.isnan(values) & ~np.isnat(days)
    oldest = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(oldest, parents[counted], days[counted].view(np.int64))
    found = oldest.view("datetime64[D]")
    return np.where(oldest == np.iinfo(np.int64).max, NOT_A_DATE, found)


def _sum(at: Rows, value: Floats, n: int, _weight: Floats | None) -> Floats:
    return np.bincount(at, weights=value, minlength=n).astype(np.float64)


def _avg(at: Rows, value: Floats, n: int, weight: Floats | None) -> Floats:
    """Held to the range of the values, which rounding could leave: the mean of equal values is that value."""
    weight = np.ones(len(value)) if weight is None else weight
    mean = np.bincount(at, weights=value * weight, minlength=n)
    total = np.bincount(at, weights=weight, minlength=n)
    mean = np.divide(mean, total, out=np.full(n, np.nan), where=total > 0)
    return np.clip(mean, _min(at, value, n, None), _max(at, value, n, None))


def _min(at: Rows, value: Floats, n: int, _weight: Floats | None) -> Floats:
    result = np.full(n, np.inf)
    np.minimum.at(result, at, value)
    return result


def _max(at: Rows, value: Floats, n: int, _weight: Floats | None) -> Floats:
    result = np.full(n, -np.inf)
    np.maximum.at(result, at, value)
    return result


_AGGREGATES: dict[str, Callable[[Rows, Floats, int, Floats | None], Floats]] = {
    "sum": _sum,
    "avg": _avg,
    "weighted_avg": _avg,
    "min": _min,
    "max": _max,
}
