"""Down to the raw rows behind a metric, read by the path of the metric itself, so that what is shown is what ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from keepwell.definitions.expressions import names_in
from keepwell.definitions.metrics import (
    OVERALL_SCORE,
    AggregateMetric,
    AttributeMetric,
    ChangeMetric,
    ChildrenMetric,
    FormulaMetric,
)
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.build import build_values
from keepwell.engine.children import rows_of_parents
from keepwell.engine.columns import nullable
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import row_of
from keepwell.engine.explain.wording import definition_words
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.facts import KEY, FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.lowering import ARGUMENT, Lowering, expressions_of
from keepwell.engine.metrics.plan import Request
from keepwell.engine.metrics.population import ID, population
from keepwell.engine.metrics.visible import ENTITY, RECORDED, TIME
from keepwell.engine.moments import Moment
from keepwell.engine.score import score_values
from keepwell.errors import RequestRefused


@dataclass(frozen=True)
class RowsBehind:
    """What one metric was made from, for one entity and moment.

    `table` holds at most as many rows as were asked for out of `total`: of an aggregate the rows that entered it, of an
    attribute the entity's own row, of children the children with what they give; None for formulas and changes, whose
    `inputs` have rows. `columns` are those of the table; the first `leading` of them are time, key and what the metric
    names. Times are local; columns that are known later are null until then, as they were for the metric.
    """

    metric: str
    moment: Moment
    definition: str  # in words
    table: pa.Table | None
    total: int
    columns: tuple[str, ...]
    leading: int
    note: str | None
    inputs: tuple[RowsBehind, ...] = ()


def rows_behind(
    project: Project,
    source: FactSource,
    metric: str,
    entity_id: str,
    moment: Moment,
    entity_kind: EntityKind = "account",
    limit: int = 50,
    *,
    state: State | None = None,
) -> RowsBehind:
    """The rows behind a metric of one entity. `project` must have been bound to the source's columns.

    `state` are values and scores of that moment, where they are there already: children are read from them; otherwise
    they are made, but only for a metric over children. Raises RequestRefused for a metric that is not defined.
    """
    if metric not in project.metrics:
        raise RequestRefused(unknown("metric", metric, project.metrics))
    return _Reading(project, source, entity_id, entity_kind, limit, moment, state).behind(metric)


@dataclass(frozen=True)
class _Reading:
    project: Project
    source: FactSource
    entity_id: str
    entity_kind: EntityKind
    limit: int
    moment: Moment
    given: State | None = field(compare=False)

    def behind(self, name: str) -> RowsBehind:
        metric = self.project.metrics[name]
        if isinstance(metric, AggregateMetric):
            return self._aggregate(name, metric)
        if isinstance(metric, AttributeMetric):
            return self._attributes(name, (metric.attribute,), definition_words(self.project, name))
        if isinstance(metric, ChangeMetric):
            return self._made_of(name, self._change_inputs(metric))
        if isinstance(metric, FormulaMetric):
            return self._made_of(name, self._formula_inputs(metric))
        assert isinstance(metric, ChildrenMetric)
        return self._children(name, metric)

    @property
    def grid(self) -> Grid:
        return Grid((self.moment,))

    @cached_property
    def reader(self) -> FactReader:
        return FactReader(self.project, self.source.table, self.source.dialect)

    @cached_property
    def state(self) -> State:
        """Values and scores of the moment."""
        if self.given is not None and self.given.values.as_of == self.moment.as_of:
            return self.given
        (values,) = build_values(self.project, self.source, [self.moment])
        return State(self.project, values, score_values(self.project, values))

    def _aggregate(self, name: str, metric: AggregateMetric) -> RowsBehind:
        request = Request(name, metric.aggregate, metric.where, metric.window)
        columns = tuple(self.source.table(metric.dataset).columns)
        facts = self.reader.facts(
            metric.dataset, self.entity_kind, self.grid, columns=frozenset(columns), horizon=metric.window
        )
        own = facts.filter(facts[ENTITY].cast("string") == self.entity_id)
        entered = Lowering(self.reader, self.grid).entering(own, request)
        leading = self._leading(metric)
        ordered = (*leading, *(column for column in columns if column not in leading))
        order = _order(entered, metric.aggregate.function)
        shown = (entered.order_by(order) if order else entered).limit(self.limit).select(*ordered)
        note = _NOTES.get(metric.aggregate.function)
        return self._told(name, shown, self._count(entered), len(leading), note)

    def _leading(self, metric: AggregateMetric) -> tuple[str, ...]:
        """Time, key, and the columns that the metric names."""
        dataset = self.project.datasets[metric.dataset]
        named = [name.parts[0] for one in expressions_of(metric.aggregate, metric.where) for name in names_in(one)]
        time = dataset.occurred_at or dataset.changed_at
        return tuple(dict.fromkeys(column for column in (time, dataset.key, *named) if column))

    def _count(self, rows: ir.Table) -> int:
        return int(self.source.run(rows.aggregate(total=rows.count()))["total"][0].as_py())

    def _told(self, name: str, shown: ir.Table, total: int, leading: int, note: str | None) -> RowsBehind:
        table = self.source.run(shown)
        return RowsBehind(
            metric=name,
            moment=self.moment,
            definition=definition_words(self.project, name),
            table=table,
            total=total,
            columns=tuple(table.column_names),
            leading=leading,
            note=note,
        )

    def _attributes(self, name: str, attributes: tuple[str, ...], definition: str) -> RowsBehind:
        """The entity's own row, the attributes first."""
        found = self.project.with_role("accounts" if self.entity_kind == "account" else "relationships")
        assert found is not None  # entities come from there
        dataset_name, dataset = found
        columns = tuple(self.source.table(dataset_name).columns)
        people = population(self.reader, dataset_name, self.grid, attributes=frozenset(columns))
        leading = tuple(dict.fromkeys((str(dataset.key), *attributes, *filter(None, (dataset.changed_at,)))))
        own = people.filter(people[ID] == self.entity_id)
        table = self.source.run(own.select(*leading, *(column for column in columns if column not in leading)))
        note = None if dataset.changed_at else f"dataset '{dataset_name}' has no history: this is its row today"
        return RowsBehind(
            metric=name,
            moment=self.moment,
            definition=definition,
            table=table,
            total=len(table),
            columns=tuple(table.column_names),
            leading=len(leading),
            note=note,
        )

    def _made_of(self, name: str, inputs: Iterator[RowsBehind]) -> RowsBehind:
        return RowsBehind(
            metric=name,
            moment=self.moment,
            definition=definition_words(self.project, name),
            table=None,
            total=0,
            columns=(),
            leading=0,
            note=None,
            inputs=tuple(inputs),
        )

    def _change_inputs(self, metric: ChangeMetric) -> Iterator[RowsBehind]:
        """At the date, and at the date that it is compared with, both as known now."""
        earlier = Moment(self.moment.as_of - timedelta(days=metric.over), self.moment.known_at)
        yield self.behind(metric.change_of)
        yield replace(self, moment=earlier).behind(metric.change_of)

    def _formula_inputs(self, metric: FormulaMetric) -> Iterator[RowsBehind]:
        """Each metric, then the entity's own row for all attributes together."""
        names = [name.dotted for name in names_in(metric.formula)]
        for name in names:
            if name in self.project.metrics:
                yield self.behind(name)
        attributes = tuple(name for name in names if name not in self.project.metrics)
        if attributes:
            words = ", ".join(attributes)
            yield self._attributes(words, attributes, f"attributes {words}" if attributes[1:] else f"attribute {words}")

    def _children(self, name: str, metric: ChildrenMetric) -> RowsBehind:
        """The direct children with what each gives: its value or final score, and its weight."""
        table = self._children_table(metric) if self.entity_kind == "account" else _NO_CHILDREN
        return RowsBehind(
            metric=name,
            moment=self.moment,
            definition=definition_words(self.project, name),
            table=table.slice(0, self.limit),
            total=len(table),
            columns=tuple(table.column_names),
            leading=table.num_columns,
            note="children without a value do not count" if len(table) else f"there are no child {metric.of}",
        )

    def _children_table(self, metric: ChildrenMetric) -> pa.Table:
        kind: EntityKind = "account" if metric.of == "accounts" else "relationship"
        children, scores = self.state.values.of(kind), self.state.scores.of(kind)
        row = row_of(self.state, "account", self.entity_id)
        if children is None or scores is None or row is None:
            return _NO_CHILDREN
        parents = rows_of_parents(metric, self.state.values.accounts.ids, children)
        rows = np.flatnonzero(parents == row)
        columns: dict[str, pa.Array | pa.ChunkedArray] = {kind: children.ids.take(pa.array(rows))}
        for name in (metric.children, metric.weight):
            if name == OVERALL_SCORE:
                columns[name] = nullable(scores.finals[rows])
            elif name is not None:
                table = scores.metrics if name in scores.metrics.column_names else children.attributes
                columns[name] = table[name].take(pa.array(rows))
        return pa.table(columns)


_NO_CHILDREN = pa.table({"account": pa.array([], pa.string())})

_NOTES = {
    "latest": "the first row is the one that counts",
    "earliest": "the first row is the one that counts",
    "min": "the first row has the smallest value",
    "max": "the first row has the largest value",
    "count_distinct": "rows with the same value count once",
    "days_active": "rows of the same day count once",
    "distinct_days": "rows of the same day with the same value count once",
    "days_since_latest": "the first row is the latest",
}


def _order(rows: ir.Table, function: str) -> list[ir.Value]:
    """What decides comes first: the row that counts, the smallest or largest value, else the latest."""
    argument = rows[ARGUMENT] if ARGUMENT in rows.columns else None
    times = [rows[column] for column in (TIME, RECORDED, KEY) if column in rows.columns]
    latest_first = [column.desc() for column in times]
    if function == "earliest":
        latest_first = [column.asc() for column in times]
    if argument is None:
        return latest_first
    if function in ("min", "max"):
        return [argument.asc() if function == "min" else argument.desc(), *latest_first]
    return [*latest_first, argument.desc()]
