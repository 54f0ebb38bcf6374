"""Aggregates of metrics at moments: what a collector asks for, and the plain way to answer, from all facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import numpy as np
import pyarrow as pa

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.cells.tables import tables
from keepwell.engine.building.chunks import chunks, moments_at_once, near
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.aggregates import foldable_on
from keepwell.engine.metrics.cells.lowering import CellLowering
from keepwell.engine.metrics.cells.plan import is_reducible, plan_cells
from keepwell.engine.metrics.cells.stretches import may_list, stretches_of
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import AS_OF, Grid
from keepwell.engine.metrics.lowering import Lowering
from keepwell.engine.metrics.plan import DatasetPlan, plan_metrics
from keepwell.engine.moments import Moment, end_of_day

Answers = Iterator[tuple[Moment, pa.Table]]
"""Tables as `Lowering` describes them: one row an entity, a column a metric. Several may come for one moment."""


@dataclass(frozen=True)
class Question:
    """Every metric at every moment, for entities of one kind."""

    entity_kind: EntityKind
    metrics: Mapping[str, AggregateMetric]
    moments: tuple[Moment, ...]

    def where(self, fits: Callable[[str], bool]) -> Question:
        """The same of the metrics whose name fits."""
        return replace(self, metrics={name: metric for name, metric in self.metrics.items() if fits(name)})


class Aggregates(Protocol):
    """A way to come to aggregates."""

    def tables(self, asked: Question, beside: Executor) -> Answers:
        """`beside` may be asked before this returns, for what is wanted first when the answers are read."""


@dataclass(frozen=True)
class FullAggregates:
    """From all facts. Moments share what can be reduced once for all of them, and otherwise a pass over the facts."""

    project: Project
    source: FactSource

    def tables(
        self,
        asked: Question,
        beside: Executor | None = None,  # noqa: ARG002  it asks nothing before it is read
    ) -> Answers:
        moments = asked.moments
        shared = self._reducible(asked.metrics) if len(moments) > 1 else frozenset()
        foldable = foldable_on(self.source.dialect)
        alone = asked.where(lambda name: name not in shared).metrics
        for plan in plan_metrics(alone, asked.entity_kind, foldable=foldable):
            at_once = moments_at_once(self.project, self.source) if len(moments) > 1 else 1
            for chunk in chunks(moments, at_once):
                yield from self._of_plan(plan, chunk)
        together = asked.where(lambda name: name in shared).metrics
        nullable = frozenset(name for name, metric in together.items() if not metric.zero_when_empty)
        for plan in plan_metrics(together, asked.entity_kind, foldable=foldable):
            yield from self._of_cells(plan, moments, nullable)

    def _of_plan(self, plan: DatasetPlan, moments: tuple[Moment, ...]) -> Answers:
        same = {moment: effective(self.project, plan.dataset, moment) for moment in moments}
        grid = Grid(tuple(sorted(set(same.values()))))
        for expression in Lowering(self._reader, grid).tables(plan):
            by_moment = dict(split(self.source.run(expression), grid.moments))
            yield from ((moment, by_moment[same[moment]]) for moment in moments)

    def _reducible(self, metrics: Mapping[str, AggregateMetric]) -> frozenset[str]:
        """The metrics that many moments share cells for."""
        return frozenset(name for name, metric in metrics.items() if is_reducible(self.project, metric))

    def _of_cells(self, plan: DatasetPlan, moments: tuple[Moment, ...], nullable: frozenset[str]) -> Answers:
        same = {moment: effective(self.project, plan.dataset, moment) for moment in moments}
        schema = self.source.table(plan.dataset).schema()
        for run in near(set(same.values()), plan.horizon):
            stretches = stretches_of(self.project, plan, run)
            lists = may_list(stretches, self.source.dialect)
            for reduction in plan_cells(plan, schema, lists=lists, nullable=nullable):
                lowering = CellLowering(self._reader, replace(stretches, by_day=reduction.listed))
                reduced = self.source.run(lowering.table(plan, reduction))
                by_moment = dict(zip(run, tables(reduction, reduced, lowering.stretches), strict=True))
                yield from ((moment, by_moment[same[moment]]) for moment in moments if same[moment] in by_moment)

    @property
    def _reader(self) -> FactReader:
        return FactReader(self.project, self.source.table, self.source.dialect)


def effective(project: Project, dataset: str, moment: Moment) -> Moment:
    """Where rows are known as soon as they happen, moments that differ only in what was known are the same."""
    definition = project.datasets[dataset]
    end = end_of_day(moment.as_of, project.settings.time_zone)
    waits = definition.recorded_at or definition.arrives_after or definition.changed_at
    return moment if waits or moment.known_at < end else Moment(moment.as_of, end)


def split(table: pa.Table, moments: tuple[Moment, ...]) -> Iterator[tuple[Moment, pa.Table]]:
    """The rows of each moment, without the column that told them apart."""
    if len(moments) == 1:
        yield moments[0], table
        return
    days = table[AS_OF].to_numpy()
    order = np.argsort(days, kind="stable")
    ordered, days = table.drop_columns([AS_OF]).take(pa.array(order)), days[order]
    for moment in moments:
        first, last = np.searchsorted(
            days, [np.datetime64(moment.as_of), np.datetime64(moment.as_of + timedelta(days=1))]
        )
        yield moment, ordered.slice(first, last - first)
